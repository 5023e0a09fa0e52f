"""Judges each block's text as it stands in its mail: words, numbers, containers, doses, repeated sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from backmail.campaign.body import CONTAINED, DOSES
from backmail.campaign.differences import differences
from backmail.campaign.expected import Expected
from backmail.campaign.pages import Held, Page
from backmail.campaign.standing import NOTE, Part, Standing
from backmail.campaign.wording import Report, cut
from backmail.errors import did_you_mean
from backmail.markup import fold
from backmail.model.article import Block, Kind
from backmail.model.campaign import Finding
from backmail.model.plan import Repeat


def judge(
    report: Report,
    pages: Sequence[Page],
    expected: Mapping[str, Expected],
    standing: Mapping[str, Standing],
    planned: Mapping[str, Page],
) -> Iterator[Finding]:
    """Give what is wrong with the text of each block, and with containers that hold no block."""
    for block, each in expected.items():
        found = standing.get(block)
        if found is None:
            yield _missing(report, each.block, planned.get(block) or pages[0], _before(block, planned, standing))
            continue
        yield from _words(report, found)
        yield from _targets(report, each, found)
        yield from _container(report, found)
    known = {id(found.held) for found in standing.values()}
    twice = {id(held) for found in standing.values() for _, held in found.others}
    for page in pages:
        for held in page.held:
            if held.container.name != NOTE and id(held) not in known | twice:
                yield _foreign(report, page, held)


def _before(block: str, planned: Mapping[str, Page], standing: Mapping[str, Standing]) -> Iterator[Standing]:
    """Give the blocks that the plan has in front of `block`, as far as they stand on its page."""
    for other, page in planned.items():
        if other == block:
            return
        if other in standing and page is planned.get(block) and standing[other].page is page:
            yield standing[other]


def _missing(report: Report, block: Block, page: Page, before: Iterator[Standing]) -> Finding:
    """Say that a block stands nowhere; the place is behind the block before it."""
    notes = itertools.takewhile(lambda held: held.container.name == NOTE, page.held)  # they stand above the blocks
    above = max((held.container.end for held in notes), default=page.step.body_line)
    line = max((_end(each) for each in before), default=above)
    drop = report.override(block, 'drop: "why"')
    hint = f"put it back, or leave it out for a reason: {drop}"
    return report.error("block-missing", page, line, f"{report.name(block)} stands in no mail", hint)


def _end(standing: Standing) -> int:
    words = [word.line for part in standing.parts for word in part.words if part.page is standing.page]
    return standing.held.container.end if standing.held else max(words, default=standing.line)


def _words(report: Report, found: Standing) -> Iterator[Finding]:
    """Give the differences between what a block says and what the article says."""
    last = found.line
    for part in found.parts:
        if not part.exact:
            start, end = _bounds(found, part, last)
            for each in differences(part.expected.split(), part.words, start, end):
                yield from report.differing(found.block, part.page, each)
        if part.words and part.page is not found.page:
            message = f"a part of {report.name(found.block)} stands here, and the rest in {found.page.step.file}"
            yield report.error(
                "block-split", part.page, part.words[0].line, message, "a block stands whole in one mail"
            )
        elif part.words and part.words[0].line < last:
            message = f"the paragraphs of {report.name(found.block)} stand in another order"
            yield report.warning("text-order", part.page, part.words[0].line, message)
        last = part.words[-1].line if part.words and part.page is found.page else last


def _bounds(found: Standing, part: Part, last: int) -> tuple[int, int]:
    """Return the lines between which a passage has its place; `last` is the last line of the one before."""
    if found.held:
        return found.held.container.start, found.held.container.end
    return (part.words[0].line, part.words[-1].line) if part.words else (last, last)


def _targets(report: Report, expected: Expected, found: Standing) -> Iterator[Finding]:
    """Give the links and images of the article that are not where they should be."""
    present = dict(found.held.targets if found.held else found.page.targets)
    inside = range(found.line, _end(found) + 1)
    others = [line for target, line in present.items() if target not in expected.targets and line in inside]
    for target in dict.fromkeys(expected.targets):
        if target not in present:
            line = others[0] if others else found.line
            message = f"the link to {cut(target)} is not in {report.name(found.block)}"
            yield report.error("link-missing", found.page, line, message, did_you_mean(target, present))


def _container(report: Report, found: Standing) -> Iterator[Finding]:
    """Give what is wrong with the fences around a block."""
    block, page, held, name = found.block, found.page, found.held, report.name(found.block)
    if held is None:
        if block.kind in CONTAINED:
            message = f"the container around {name} is not there"
            hint = f"put ::: {block.kind} id={block.id} above it and ::: below"
            yield report.error("container-missing", page, found.line, message, hint)
        return
    said = held.container
    if said.id != block.id:
        message = f"this container holds {name}, and says id={said.id}"
        yield report.error("container-id", page, said.start, message, f"write id={block.id}")
    if said.name != block.kind:
        message = f"this container says {said.name}, and {name} stands in it"
        hint = f"write ::: {block.kind}" if block.kind in CONTAINED else "take its two fences away"
        yield report.error("container-kind", page, said.start, message, hint)
    for other, again in found.others:
        message = f"{name} stands in a second container: the first is in {page.step.file}, line {said.start}"
        yield report.error("block-twice", other, again.container.start, message, "a block stands whole in one mail")
    if block.language != report.chapter(block).article.language and said.attributes.get("lang") != block.language:
        message = f"{name} is in another language than the campaign, and its container does not say so"
        yield report.error("lang-missing", page, said.start, message, f"write lang={block.language}")
    yield from _doses(report, found, held)


def _doses(report: Report, found: Standing, held: Held) -> Iterator[Finding]:
    """Give the doses of a fence that the article does not say."""
    attributes = held.container.attributes
    text = fold(found.block.text)
    for key in DOSES if held.container.name == Kind.EXERCISE else ():
        value = fold(attributes.get(key, ""))
        if value not in text:
            message = f"{key}={value!r} is not in the text of {report.name(found.block)}"
            yield report.error("dose-not-in-text", found.page, held.container.start, message, "write it word for word")


def _foreign(report: Report, page: Page, held: Held) -> Finding:
    """Say that a container holds nothing of the article."""
    message = f"the article has no block {held.container.id!r}"
    hint = "text of your own needs no container"
    return report.warning("container-unknown", page, held.container.start, message, hint)


def notes(report: Report, pages: Sequence[Page], standing: Mapping[str, Standing]) -> Iterator[Finding]:
    """Give what is wrong with the safety sentences that exercise mails repeat."""
    repeats = {repeat for each in report.chapters for step in each.plan.steps for repeat in step.repeats}
    for page in pages:
        exercises = page.named(Kind.EXERCISE)
        repeated = page.named(NOTE)
        for held in repeated:
            yield from _note(report, page, held, repeats, standing)
        first = exercises[0].container.start if exercises else 0
        if not exercises or not repeats or any(found.page is page for found in _safety(standing)):
            continue
        if not repeated:
            yield _no_note(report, page, first, sorted(repeats, key=lambda repeat: (repeat.start, repeat.text)))
        elif repeated[0].container.start > first:
            message = "the repeated safety sentence stands behind the first exercise"
            yield report.error("safety-repeat-late", page, repeated[0].container.start, message, "put it above")


def _safety(standing: Mapping[str, Standing]) -> list[Standing]:
    return [found for found in standing.values() if found.block.kind is Kind.SAFETY]


def _no_note(report: Report, page: Page, first: int, repeats: Sequence[Repeat]) -> Finding:
    """Say that a mail with exercises repeats no safety sentence; where it stands without its fences, say so there."""
    for repeat in repeats:
        wanted = repeat.text.split()
        for run in page.runs:
            texts = [word.text for word in run]
            for at in range(len(texts) - len(wanted) + 1):
                if texts[at : at + len(wanted)] == wanted:
                    message = "the container around the repeated safety sentence is not there"
                    hint = f"put ::: note id={repeat.block} repeats=... above it and ::: below"
                    return report.error("container-missing", page, run[at].line, message, hint)
    message = "a mail with exercises repeats a safety sentence above the first, and this one does not"
    return report.error("safety-repeat-missing", page, first, message, f"repeat: {cut(repeats[0].text)!r}")


def _note(
    report: Report, page: Page, held: Held, repeats: set[Repeat], standing: Mapping[str, Standing]
) -> Iterator[Finding]:
    """Judge one note: its words are those of its block, and the step it names holds that block."""
    said = held.container
    found = standing.get(said.id)
    block = report.block(said.id)
    if block is None:
        yield report.error("note-unknown", page, said.start, f"the article has no block {said.id!r} to repeat")
        return
    text = " ".join(fold(block.text).split())
    if not held.text or f" {held.text} " not in f" {text} ":
        wanted = next(
            (each.text for each in sorted(repeats, key=lambda each: each.start) if each.block == said.id), text
        )
        yield from _altered(report, page, held, block, wanted)
    target = said.attributes["repeats"]
    if found and found.page.step.id != target:
        message = f"this note says that {report.name(block)} stands in {target!r}; it stands in {found.page.step.id!r}"
        yield report.error("note-step", page, said.start, message, f"write repeats={found.page.step.id}")


def _altered(report: Report, page: Page, held: Held, block: Block, wanted: str) -> Iterator[Finding]:
    """Give how a repeated sentence was changed."""
    for each in differences(wanted.split(), held.words, held.container.start, held.container.end):
        for finding in report.differing(block, page, each):
            message = f"repeated safety sentence: {finding.message}"
            yield report.error("safety-repeat-changed", page, each.line, message, finding.hint)
