"""The pictures that stand in a campaign's folder: told by their bytes, never from elsewhere."""

import hashlib
from pathlib import Path

import pytest

from backmail.campaign.pictures import MOST_BYTES, pictures_in
from backmail.model.campaign import PictureFile

GIF = b"GIF89a" + (1200).to_bytes(2, "little") + (900).to_bytes(2, "little") + bytes(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "campaign"
    (made / "images" / "more").mkdir(parents=True)
    return made


def test_a_picture_is_what_its_bytes_are(folder: Path) -> None:
    (folder / "images" / "pelvic tilts.jpg").write_bytes(GIF)
    (folder / "images" / "more" / "b.gif").write_bytes(GIF)
    digest = hashlib.sha256(GIF).hexdigest()
    assert pictures_in(folder, {"images/more/b.gif"}) == {
        "images/more/b.gif": PictureFile(digest, "gif", 1200, 900, len(GIF), copied=True),
        "images/pelvic tilts.jpg": PictureFile(digest, "gif", 1200, 900, len(GIF)),
    }


def test_a_picture_that_was_written_anew_is_another(folder: Path) -> None:
    path = folder / "images" / "a.gif"
    path.write_bytes(GIF)
    before = pictures_in(folder, ())["images/a.gif"]
    path.write_bytes(GIF + b"x")
    assert pictures_in(folder, ())["images/a.gif"].digest != before.digest


def test_what_is_none_or_lies_elsewhere_is_left_out(folder: Path) -> None:
    images = folder / "images"
    (folder.parent / "secret.gif").write_bytes(GIF)
    (images / "away.gif").symlink_to(folder.parent / "secret.gif")
    (images / "round.gif").symlink_to(images / "round.gif")
    (images / "nowhere.gif").symlink_to(images / "none.gif")
    (images / "a.svg").write_bytes(b"<svg/>")
    (images / "empty.png").write_bytes(b"")
    (images / ".hidden.gif").write_bytes(GIF)
    (images / "big.gif").write_bytes(GIF + bytes(MOST_BYTES))
    (folder / "beside.gif").write_bytes(GIF)
    assert pictures_in(folder, ()) == {}


def test_a_folder_without_pictures_has_none(tmp_path: Path) -> None:
    assert pictures_in(tmp_path, ()) == {}
