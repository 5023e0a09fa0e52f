"""How findings about a campaign's text are put: which block, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backmail.campaign.chapters import Chapter
from backmail.campaign.differences import NUMBER, Difference, What
from backmail.campaign.outline import first_words
from backmail.campaign.pages import Page
from backmail.markup import fold
from backmail.model.article import Block, Kind
from backmail.model.campaign import Campaign, Finding, Severity

# In these a changed word can hurt or mislead somebody; elsewhere it is only a departure from the article.
_STRICT = frozenset({Kind.EXERCISE, Kind.HOW_TO, Kind.SAFETY, Kind.PRODUCT})
_LONGEST_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Report:
    """Makes the findings about one campaign and the articles that it is made from."""

    campaign: Campaign
    chapters: tuple[Chapter, ...]

    def chapter(self, block: Block) -> Chapter:
        """Return the article that a block is of."""
        return next(each for each in self.chapters if any(other.id == block.id for other in each.article.blocks))

    def block(self, id_: str) -> Block | None:
        """Return the block of that id, or None."""
        return next((block for each in self.chapters for block in each.article.blocks if block.id == id_), None)

    def error(self, what: str, page: Page, line: int, message: str, hint: str = "") -> Finding:
        """Return a finding that must be mended."""
        return Finding(what, Severity.ERROR, message, self.campaign.slug, page.step.id, page.place(line), hint)

    def warning(self, what: str, page: Page, line: int, message: str, hint: str = "") -> Finding:
        """Return a finding that somebody should look at."""
        return Finding(what, Severity.WARNING, message, self.campaign.slug, page.step.id, page.place(line), hint)

    def name(self, block: Block) -> str:
        """Return how a block is called in a message."""
        shown = fold(block.heading) or first_words(block, self.chapter(block).article.blocks)
        return f"{block.id} ({block.kind} {cut(shown)!r})"

    def override(self, block: Block, decision: str) -> str:
        """Return what decides about a block (such as `week: 2`) as it stands in outline.yaml, with that file's name."""
        chapter = self.chapter(block)
        words = first_words(block, chapter.article.blocks).replace("\\", "\\\\").replace('"', '\\"')
        return f'{{block: "{words}", {decision}}} in {chapter.outline_file}'

    def week(self, block: Block, page: Page) -> int:
        """Return the week of a page as outline.yaml counts it: the mails of the block's own article."""
        return page.index + 1 - len(self.chapter(block).plan.ahead.steps)

    def differing(self, block: Block, page: Page, found: Difference) -> Iterator[Finding]:
        """Give the finding for one difference between the article and the mail."""
        strict = block.kind in _STRICT
        put = self.error if strict or found.what in (What.NUMBER, What.MISSING) else self.warning
        message, hint = _said(found, block)
        yield put(str(found.what), page, found.line, f"{message} in {self.name(block)}", hint)


def _said(found: Difference, block: Block) -> tuple[str, str]:
    """Return message and hint for one difference."""
    before, after = cut(found.before), cut(found.after)
    if found.what is What.NUMBER:
        noun = noun_of(found, block)
        return f"{noun} changed by hand: {before} -> {after}", "numbers stay as the article has them"
    if found.what is What.MISSING:
        return f"missing: {before!r}", "put it back as the article has it"
    if found.what is What.ADDED:
        return f"added: {after!r}", "words of your own stand outside of the container"
    return f"changed by hand: {before!r} -> {after!r}", "put it back as the article has it, or change the article"


def noun_of(found: Difference, block: Block) -> str:
    """Return what a number is: of an exercise the dose, else the temperature, amount or time that holds it."""
    if block.kind is Kind.EXERCISE:
        return "dose"
    alone = [number for number in found.before.split() if NUMBER.findall(block.text).count(number) == 1]
    held = (key for key, dose in block.dose.items() if set(alone) & set(NUMBER.findall(dose.text)))
    return next(held, "number")


def cut(text: str) -> str:
    """Return a text for a message, shortened if it is long."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1].rstrip()}…"
