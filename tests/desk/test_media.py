"""What apply puts into the database of a campaign's pictures: the very bytes that the campaign was read with."""

from dataclasses import replace
from pathlib import Path

import pytest

from backmail.campaign.pictures import pictures_in
from backmail.desk.media import media
from backmail.errors import CampaignError
from tests.desk.test_images import png
from tests.rendering.conftest import campaign


def test_the_bytes_are_those_that_were_read(tmp_path: Path) -> None:
    folder = tmp_path / "campaigns" / "pots"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.png").write_bytes(png())
    made = replace(campaign(), folder=Path("campaigns/pots"), pictures=pictures_in(folder, ()))
    assert media(made, tmp_path) == {"images/a.png": png()}
    assert media(replace(made, folder=folder), Path("/nowhere")) == {"images/a.png": png()}
    picture = folder / "images" / "a.png"
    picture.write_bytes(png(9, 9))
    with pytest.raises(CampaignError, match=r"a\.png: this picture was changed meanwhile"):
        media(made, tmp_path)
    picture.unlink()
    with pytest.raises(CampaignError, match=r"a\.png: this picture was changed meanwhile"):
        media(made, tmp_path)
