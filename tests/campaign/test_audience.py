"""The audience of a campaign is a segment, in one line or as a tree; what is wrong with it stands at its column."""

from pathlib import Path

import pytest

from backmail.campaign import read
from backmail.config import Project
from backmail.errors import CampaignError

CAMPAIGN = "format: 1\nid: c-abc234\nname: Stronger back\nkind: drip\nfrom: {name: Anna, email: anna@example.org}\n"


def folder(tmp_path: Path, audience: str) -> Path:
    """Write a campaign with that audience and return its folder."""
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN + audience, encoding="utf-8")
    (tmp_path / "01-why.md").write_text("---\nid: why\nsubject: Why we move\n---\nHello.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", "all"),
        ("audience: tag:backpain and not field:language=da", "tag:backpain and not field:language=da"),
        ("audience: {or: [tag:backpain, {not: 'tag:a or tag:b'}]}", "tag:backpain or not (tag:a or tag:b)"),
    ],
)
def test_an_audience_is_kept_as_one_line(tmp_path: Path, written: str, kept: str) -> None:
    assert read(folder(tmp_path, written), project=Project(tmp_path)).audience == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "audience: 'tags:a adn all'",
            ["6:12: 'tags:' is not known here", "6:19: 'adn' says nothing here"],
        ),
        ("audience: {and: [tag:a]}", ["6:11: 'and' takes a list of two or more"]),
        ("audience: {nto: tag:a}", ["6:11: 'nto' is not known here"]),
        ("audience: ' '", ["6:11: this must not be empty"]),
        ("audience: 7", ["6:11: a segment is a text, or one of and, or, not"]),
    ],
)
def test_what_is_no_segment_is_told_at_its_place(tmp_path: Path, written: str, said: list[str]) -> None:
    with pytest.raises(CampaignError) as caught:
        read(folder(tmp_path, written), project=Project(tmp_path))
    assert [f"{f.place.line}:{f.place.column}: {f.message}" for f in caught.value.faults if f.place] == said
