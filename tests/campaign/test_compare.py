"""What stands in the folder is proved against the article: every change by hand is found, and where it was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.campaign import Outline
from backmail.campaign.body import CONTAINED
from backmail.markup import escape
from backmail.model.article import Article, Block, Kind, Source, Unit, UnitKind
from backmail.model.campaign import Severity
from tests.campaign import sample
from tests.campaign.desk import ARTICLE, BLOCKS, HOME, PLAN, Desk, text_of

FACING = {1: 3, 2: 4, 3: 1, 4: 2, 5: 4}  # another week to move a block to


def sentences_of(block: Block) -> Iterator[str]:
    """Give the sentences of a block as they stand in its file, its heading left out."""
    for unit in block.body:
        for sentence in sample.sentences(unit.text, block.language):
            yield escape(sentence)


def each(pieces: Callable[[Block], Iterator[str]]) -> list[object]:
    """Return the pieces of all blocks as parameters of a test."""
    return [
        pytest.param(block, piece, id=f"{block.id}-{at}") for block in BLOCKS for at, piece in enumerate(pieces(block))
    ]


def digits_of(block: Block) -> Iterator[str]:
    """Give each sentence with a number, the number marked."""
    for sentence in sentences_of(block):
        for found in re.finditer(r"\d+", sentence):
            yield f"{sentence[: found.start()]}|{found[0]}|{sentence[found.end() :]}"


def test_a_campaign_as_it_was_made_has_no_finding(desk: Desk) -> None:
    assert desk.findings() == []


@pytest.mark.parametrize(("block", "sentence"), each(sentences_of))
def test_a_deleted_sentence_is_found(desk: Desk, block: Block, sentence: str) -> None:
    week = HOME[block.id].week
    whole = text_of(block)
    line = desk.change(week, whole, re.sub(r"(?:\d\. |- )?" + re.escape(sentence) + r" ?", "", whole, count=1))
    at = line + whole[: whole.index(sentence)].count("\n")
    assert desk.found("text-missing", week, at, near=2).severity is Severity.ERROR


@pytest.mark.parametrize(("block", "marked"), each(digits_of))
def test_a_changed_number_is_found(desk: Desk, block: Block, marked: str) -> None:
    before, number, after = marked.split("|")
    week, whole = HOME[block.id].week, text_of(block)
    sentence = before + number + after
    start = whole.rindex(sentence)
    line = desk.change(week, whole, f"{whole[:start]}{before}{int(number) + 7}{after}{whole[start + len(sentence) :]}")
    finding = desk.found("number-changed", week, line + whole[:start].count("\n"), near=0)
    assert finding.severity is Severity.ERROR
    assert number in finding.message
    assert f"{int(number) + 7}" in finding.message
    assert finding.message.startswith("dose changed by hand:") == (block.kind is Kind.EXERCISE)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.id)
def test_a_block_moved_to_another_file_is_found(desk: Desk, block: Block) -> None:
    week = HOME[block.id].week
    desk.change(week, text_of(block), "")
    line = desk.add(FACING[week], text_of(block))
    finding = desk.found("block-moved", FACING[week], line)
    assert f"{week:02}-" in finding.message
    assert "week:" in finding.hint


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.kind in CONTAINED], ids=lambda block: block.id)
def test_removed_fences_are_found(desk: Desk, block: Block) -> None:
    week, whole = HOME[block.id].week, text_of(block)
    line = desk.change(week, whole, "\n".join(whole.split("\n")[1:-1]))
    finding = desk.found("container-missing", week, line)
    assert f"::: {block.kind} id={block.id}" in finding.hint


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.id)
def test_a_removed_block_is_found(desk: Desk, block: Block) -> None:
    week, whole = HOME[block.id].week, text_of(block)
    line = desk.change(week, whole, "")
    finding = desk.found("block-missing", week, line, near=2)
    assert "drop:" in finding.hint
    assert finding.severity is Severity.ERROR


def test_a_dropped_block_may_be_missing(desk: Desk) -> None:
    desk.change(4, text_of(ARTICLE.block("b12")), "")
    dropped = tuple(
        replace(block, dropped_because="not for us") if block.id == "b12" else block for block in ARTICLE.blocks
    )
    desk.article = replace(ARTICLE, blocks=dropped)
    assert desk.findings() == []


def test_a_block_that_the_plan_drops_may_be_missing(desk: Desk) -> None:
    desk.change(5, text_of(ARTICLE.block("b14")), "")
    desk.plan = sample.plan(ARTICLE, (*sample.WEEKS[:-1], ("b13",)))
    assert [finding.id for finding in desk.findings()] == []


def test_a_renamed_step_is_still_the_one_of_the_plan(desk: Desk) -> None:
    desk.change(4, "id: walk-a-line", "id: on-the-line")
    desk.path(4).rename(desk.path(4).with_name("04-renamed.md"))
    assert desk.findings() == []


def test_findings_stand_in_the_order_of_the_files(desk: Desk) -> None:
    last = desk.change(5, "Take 1 minute", "Take 3 minutes")
    first = desk.change(1, "how 10 minutes", "how 20 minutes")
    desk.change(1, "Good balance", "Bad balance")
    found = [(each.step, each.place.line if each.place else None) for each in desk.findings()]
    assert found == [("why-balance", first), ("why-balance", first), ("keep-going", last)]


def test_coverage_is_not_believed(desk: Desk) -> None:
    (desk.campaign.folder / "coverage.json").unlink()
    line = desk.change(2, "20-30 seconds.", "20-40 seconds.")
    finding = desk.found("number-changed", 2, line, near=0)
    assert finding.message.startswith("dose changed by hand: 20-30 -> 20-40 in b04")


MARKDOWN = """Read [the guide](https://a.example/guide) and [the notes][n], in 10 minutes.

```
pip install {{ it }}
```

[n]: https://a.example/notes
"""


@pytest.fixture
def guide(tmp_path: Path) -> Desk:
    """A campaign of one mail, from a Markdown article of one block and its link definition."""
    raws = MARKDOWN.split("\n\n")
    units = (
        Unit(UnitKind.PARAGRAPH, "Read the guide and the notes, in 10 minutes.", raws[0], 1, 1),
        Unit(UnitKind.CODE, "pip install {{ it }}", raws[1], 3, 5),
    )
    links = Unit(UnitKind.LINK_DEFINITION, "", raws[2].strip(), 7, 7)
    blocks = (Block("b01", Kind.HOW_TO, units), Block("b02", Kind.OTHER, (links,), role="link-definitions"))
    article = Article(Source("guide.md", "md", MARKDOWN), "Guide", True, "en", blocks)
    plan = sample.plan(article, (("b01",),))
    return Desk(sample.folder(tmp_path, article, plan), tmp_path, article, plan)


def test_a_markdown_campaign_as_it_was_made_has_no_finding(guide: Desk) -> None:
    assert guide.findings() == []


@pytest.mark.parametrize(
    ("old", "new", "what", "near"),
    [
        ("in 10 minutes", "in 20 minutes", "number-changed", 0),
        ("(https://a.example/guide)", "(https://b.example/guide)", "link-missing", 0),
        ("pip install", "pip remove", "text-changed", 0),
        ("[n]: https://a.example/notes", "[n]: https://b.example/notes", "link-missing", 7),
        ("[n]: https://a.example/notes", "", "text-changed", 7),
    ],
)
def test_a_change_in_markdown_is_found(guide: Desk, old: str, new: str, what: str, near: int) -> None:
    line = guide.change(1, old, new)
    assert guide.found(what, 1, line, near).severity is Severity.ERROR


def test_an_added_safety_text_is_compared_too(tmp_path: Path) -> None:
    stop = replace(ARTICLE.block("b08"), file="safety.md")
    article = replace(ARTICLE, blocks=tuple(stop if block.id == "b08" else block for block in ARTICLE.blocks))
    made = Desk(sample.folder(tmp_path, article, PLAN), tmp_path, article, outline=Outline(added_safety="safety.txt"))
    assert made.findings() == []
    line = made.change(2, "last 6 months", "last 9 months")
    assert made.found("number-changed", 2, line, near=0)
