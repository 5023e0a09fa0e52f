"""What stands in the folder is proved against the article: every change by hand is found, and where it was made."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from backmail.campaign import Outline, compare, read
from backmail.campaign.body import CONTAINED, Writing, written
from backmail.config import Project
from backmail.markup import escape
from backmail.model.article import Article, Block, Kind, Plan, Source, Unit, UnitKind
from backmail.model.campaign import Campaign, Finding, Severity
from tests.campaign import sample

ARTICLE = sample.article()
PLAN = sample.plan(ARTICLE)
HOME = {block: step for step in PLAN.steps for block in step.blocks}
BLOCKS = [block for block in ARTICLE.blocks if block.id in HOME]
SETTINGS = sample.settings(ARTICLE)
WRITING = Writing("txt", "txt", "en", sample.sentences, sample.instructs, skus={"b06": "balance-pude-blaa"})
FACING = {1: 3, 2: 4, 3: 1, 4: 2, 5: 4}  # another week to move a block to


@dataclass
class Desk:
    """A campaign's folder to do mischief in."""

    campaign: Campaign
    root: Path
    article: Article = ARTICLE
    plan: Plan = PLAN
    outline: Outline = field(default_factory=Outline)

    def path(self, week: int) -> Path:
        """Return the file of a week's mail."""
        step = self.plan.steps[week - 1]
        return self.campaign.folder / f"{week:02}-{step.slug}.md"

    def change(self, week: int, old: str, new: str) -> int:
        """Put `new` for `old`, which stands there exactly once, and return the line where it stood."""
        text = self.path(week).read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        self.path(week).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, week: int, text: str) -> int:
        """Put `text` at the end of a week's mail and return its line."""
        before = self.path(week).read_text(encoding="utf-8")
        self.path(week).write_text(f"{before}\n{text}\n", encoding="utf-8")
        return before.count("\n") + 2

    def findings(self) -> list[Finding]:
        """Compare the folder as it stands."""
        campaign = read(self.campaign.folder, project=Project(self.root))
        return compare(campaign, self.article, self.plan, self.outline)

    def found(self, what: str, week: int, line: int, near: int = 1) -> Finding:
        """Return the finding `what` in that file, on that line or next to it; fail when there is none."""
        findings = self.findings()
        for finding in findings:
            place = finding.place
            here = place and place.file == str(self.path(week)) and abs((place.line or 0) - line) <= near
            if finding.id == what and here:
                assert finding.campaign == "steady"
                assert finding.step == self.plan.steps[week - 1].slug
                return finding
        raise AssertionError(f"no {what} near {self.path(week).name}:{line} among {findings}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The campaign as it was made, once."""
    return sample.folder(tmp_path_factory.mktemp("made"), ARTICLE, PLAN)


@pytest.fixture
def desk(made: Campaign, tmp_path: Path) -> Desk:
    """A copy of it."""
    folder = shutil.copytree(made.folder, tmp_path / "campaigns" / "steady")
    shutil.copy(made.folder.parents[1] / "catalog.yaml", tmp_path)
    return Desk(replace(made, folder=folder), tmp_path)


def text_of(block: Block) -> str:
    """Return a block as it stands in its file."""
    return written(block, WRITING)


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


def test_a_changed_word_is_an_error_where_it_can_hurt_and_else_a_warning(desk: Desk) -> None:
    safety = desk.change(2, "have fallen", "have dived")
    summary = desk.change(5, "Balance comes back", "Calm comes back")
    assert desk.found("text-changed", 2, safety, near=0).severity is Severity.ERROR
    finding = desk.found("text-changed", 5, summary, near=0)
    assert finding.severity is Severity.WARNING
    assert finding.message == "changed by hand: 'Balance' -> 'Calm' in b13 (conclusion 'to sum up')"


def test_text_added_inside_a_container_is_found(desk: Desk) -> None:
    line = desk.change(3, "En blød pude, der", "En blød pude til en god pris, der")
    assert desk.found("text-changed", 3, line, near=0).severity is Severity.ERROR
    line = desk.change(4, "socks will do.", "socks will do. So they say!")
    assert desk.found("text-added", 4, line, near=0).message.startswith("added: 'So they say!'")


def test_text_around_the_containers_is_the_marketers(desk: Desk) -> None:
    desk.change(2, "::: safety id=b08", "Dear {{ subscriber.first_name }}, **this** is week 2.\n\n::: safety id=b08")
    desk.change(1, "Good balance is", "A word before all: be kind to yourself.\n\nGood balance is")
    desk.change(5, "another one tomorrow.", "another one tomorrow. That is all from us, for 2 weeks.")
    desk.add(4, "## What next?\n\nMore of it, on 3 days.")
    assert desk.findings() == []


def test_lines_may_be_broken_anew(desk: Desk) -> None:
    desk.change(2, "Ask your doctor first if you", "Ask your\ndoctor first if\nyou")
    desk.change(1, "It is free.", "\n\nIt is\nfree.")
    desk.change(
        2, "1. Stand beside a wall with one hand on it.\n2. Lift", "1. Stand beside a wall with one hand on it. Lift"
    )
    assert desk.findings() == []


def test_the_line_is_that_of_the_changed_word_in_a_paragraph_of_several_lines(desk: Desk) -> None:
    desk.change(2, "Ask your doctor first if you have", "Ask your\ndoctor first if\nyou never\nhave")
    line = desk.path(2).read_text(encoding="utf-8").split("\n").index("you never") + 1
    finding = next(each for each in desk.findings() if each.id == "text-added")
    assert finding.place
    assert abs((finding.place.line or 0) - line) <= 1


def test_a_heading_may_stand_as_the_article_has_it(desk: Desk) -> None:
    desk.change(2, "## The one-legged stand", "## the one-legged stand")
    desk.change(5, "## To sum up", "## to sum up")
    assert desk.findings() == []
    desk.change(5, "## to sum up", "## In short")
    assert [each.id for each in desk.findings()] == ["text-missing"]


@pytest.mark.parametrize("adapt", ["all", "none"])
def test_proposals_may_be_applied_or_not(tmp_path: Path, adapt: str) -> None:
    outline = Outline(adapt=adapt)
    desk = Desk(sample.folder(tmp_path, ARTICLE, PLAN, outline), tmp_path, outline=outline)
    written_so = "In this post you will learn how" if adapt == "none" else "You will learn how"
    other = "You will learn how" if adapt == "none" else "In this post you will learn how"
    assert desk.findings() == []
    desk.change(1, written_so, other)
    assert desk.findings() == []
    line = desk.change(1, other, other.replace("will learn", "may learn"))
    assert desk.found("text-changed", 1, line, near=0).message.startswith("changed by hand: 'will' -> 'may'")


def test_a_wrong_id_is_found(desk: Desk) -> None:
    line = desk.change(2, "::: safety id=b08", "::: safety id=b80")
    assert desk.found("container-id", 2, line, near=0).hint == "write id=b08"


def test_a_wrong_kind_is_found(desk: Desk) -> None:
    line = desk.change(2, "::: safety id=b08", "::: faq id=b08")
    assert desk.found("container-kind", 2, line, near=0).hint == "write ::: safety"
    line = desk.change(5, "## To sum up", "::: faq id=b13\n## To sum up")
    desk.change(5, "another one tomorrow.", "another one tomorrow.\n:::")
    assert "take" in desk.found("container-kind", 5, line, near=0).hint


def test_a_container_of_nothing_in_the_article_is_found(desk: Desk) -> None:
    line = desk.add(5, "::: faq id=b99\nWhat is this?\n:::")
    assert desk.found("container-unknown", 5, line, near=0).severity is Severity.WARNING


def test_a_block_in_two_containers_is_found(desk: Desk) -> None:
    line = desk.add(5, text_of(ARTICLE.block("b11")))
    assert "04-walk-a-line.md" in desk.found("block-twice", 5, line, near=0).message


def test_a_block_split_over_two_mails_is_found(desk: Desk) -> None:
    second = "Nobody is born with it; everybody"
    text = desk.path(1).read_text(encoding="utf-8")
    paragraph = text[text.index(second) :].strip()
    desk.change(1, paragraph, "")
    line = desk.add(4, paragraph)
    assert desk.found("block-split", 4, line, near=0).severity is Severity.ERROR


def test_paragraphs_in_another_order_are_found(desk: Desk) -> None:
    whole = text_of(ARTICLE.block("b02"))
    desk.change(1, whole, "\n\n".join(reversed(whole.split("\n\n"))))
    assert {each.id for each in desk.findings()} == {"text-order"}


def test_a_missing_language_is_found(desk: Desk) -> None:
    line = desk.change(3, " lang=da", "")
    assert desk.found("lang-missing", 3, line, near=0).hint == "write lang=da"


def test_a_dose_that_the_text_does_not_say_is_found(desk: Desk) -> None:
    line = desk.change(2, 'hold="20-30 seconds"', 'hold="20 seconds"')
    assert "hold='20 seconds'" in desk.found("dose-not-in-text", 2, line, near=0).message


def test_a_sku_that_the_catalogue_does_not_know_is_found(desk: Desk) -> None:
    line = desk.change(3, "sku=balance-pude-blaa", "sku=balance-pude-blo")
    assert desk.found("sku-unknown", 3, line, near=0).hint == "did you mean 'balance-pude-blaa'?"


def test_a_missing_repeated_safety_sentence_is_found(desk: Desk) -> None:
    text = desk.path(3).read_text(encoding="utf-8")
    note = text[text.index("::: note") : text.index("::: exercise")]
    line = desk.change(3, note, "")
    assert "Stop at once if you feel dizzy." in desk.found("safety-repeat-missing", 3, line, near=0).hint


def test_a_repeated_safety_sentence_without_its_fences_is_found(desk: Desk) -> None:
    line = desk.change(
        3,
        "::: note id=b08 repeats=the-first-exercise\nStop at once if you feel dizzy.\n:::\n",
        "Stop at once if you feel dizzy.\n",
    )
    assert desk.found("container-missing", 3, line, near=0)


def test_an_altered_repeated_safety_sentence_is_found(desk: Desk) -> None:
    line = desk.change(3, "Stop at once if you feel dizzy.", "Pause soon if you feel dizzy.")
    finding = desk.found("safety-repeat-changed", 3, line, near=0)
    assert finding.severity is Severity.ERROR
    assert "'Stop at once' -> 'Pause soon'" in finding.message


def test_a_repeated_safety_sentence_behind_the_exercise_is_found(desk: Desk) -> None:
    text = desk.path(3).read_text(encoding="utf-8")
    note = text[text.index("::: note") : text.index("::: exercise")].strip()
    desk.change(3, note, "")
    line = desk.add(3, note)
    assert desk.found("safety-repeat-late", 3, line, near=0)


def test_a_note_that_names_the_wrong_mail_or_block_is_found(desk: Desk) -> None:
    line = desk.change(3, "repeats=the-first-exercise", "repeats=keep-going")
    assert desk.found("note-step", 3, line, near=0).hint == "write repeats=the-first-exercise"
    line = desk.change(4, "::: note id=b08", "::: note id=b88")
    assert desk.found("note-unknown", 4, line, near=0)


def test_a_safety_text_behind_the_first_exercise_is_found(desk: Desk) -> None:
    safety = text_of(ARTICLE.block("b08"))
    desk.change(2, safety, "")
    line = desk.add(2, safety)
    assert desk.found("safety-late", 2, line, near=0).severity is Severity.ERROR


def test_exercises_without_any_safety_text_are_found(desk: Desk) -> None:
    line = desk.change(2, text_of(ARTICLE.block("b08")), "")
    assert desk.found("safety-absent", 2, line + 7, near=2)
    desk.outline = Outline(without_safety="the readers are trainers")
    assert "safety-absent" not in {each.id for each in desk.findings()}


def test_a_product_in_the_first_mail_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(1, product)
    assert desk.found("product-first", 1, line, near=0)


def test_a_product_beside_a_safety_text_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(2, product)
    assert desk.found("product-beside-safety", 2, line, near=0)


def test_a_product_with_too_large_a_share_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(5, product)
    assert "a fifth at most" in desk.found("product-share", 5, line, near=0).message


def test_two_products_in_a_mail_are_found(tmp_path: Path) -> None:
    lamp = sample.Given(Kind.PRODUCT, ("Lampe Lys", "En lampe."), language="da")
    made = sample.article((*sample.GIVEN, lamp))
    plan = sample.plan(made, (*sample.WEEKS[:-1], (*sample.WEEKS[-1], "b15")))
    desk = Desk(sample.folder(tmp_path, made, plan), tmp_path, made, plan)
    text = "::: product id=b15 sku=lampe-lys lang=da\n## Lampe Lys\n\nEn lampe.\n:::\n"
    desk.change(5, text, "")
    line = desk.add(3, text)
    assert desk.found("products-two", 3, line, near=0)


def test_too_many_words_in_a_mail_are_found(tmp_path: Path) -> None:
    long = [sample.Given(Kind.OTHER, (f"part {name}", f"{name} " * 260)) for name in ("one", "two", "three")]
    made = sample.article((*sample.GIVEN[:2], *long))
    plan = sample.plan(made, (("b02", "b03"), ("b04",), ("b05",)))
    desk = Desk(sample.folder(tmp_path, made, plan), tmp_path, made, plan)
    assert desk.findings() == []
    moved = "## Part two\n\n" + ("two " * 260).strip()
    desk.change(2, moved, "Nothing.")
    desk.add(1, moved)
    assert {each.id for each in desk.findings()} == {"block-moved", "too-long"}


def test_a_lead_in_parted_from_what_it_introduces_is_found(desk: Desk) -> None:
    desk.change(4, "## Questions & answers\n", "")
    line = desk.add(4, "## Questions & answers")
    assert desk.found("lead-in-parted", 4, line, near=0).severity is Severity.ERROR


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
