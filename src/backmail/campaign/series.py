"""Re-proves the hard rules of a series on what stands in the folder now, whatever the plan was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from backmail.campaign.pages import Page
from backmail.campaign.standing import Standing
from backmail.campaign.wording import Report
from backmail.model.article import Block, Kind
from backmail.model.campaign import Finding
from backmail.model.plan import Plan

MOST_WORDS = 500  # source words a step, unless it is one block that cannot be split
MOST_PROMOTION = 0.2  # of a step's source words
_LEADS = frozenset({"lead", "heading"})


def judge(report: Report, pages: Sequence[Page], standing: Mapping[str, Standing]) -> Iterator[Finding]:
    """Give every hard rule of a series that the folder breaks as it stands.

    Arguments:
        report: makes the findings.
        pages: the steps as they stand.
        standing: the articles' blocks in them.
    """
    yield from _safety_first(report, standing)
    for page in pages:
        blocks = sorted((each for each in standing.values() if each.page is page), key=lambda each: each.line)
        yield from _products(report, page, blocks)
        yield from _length(report, page, blocks)
    for chapter in report.chapters:
        yield from _lead_ins(report, standing, chapter.plan)


def _where(standing: Standing) -> tuple[int, int]:
    return standing.page.index, standing.line


def _safety_first(report: Report, standing: Mapping[str, Standing]) -> Iterator[Finding]:
    """The safety text comes before the first exercise, or above it in the same mail.

    Exercises of an article that somebody gave a reason for why they need none are not asked.
    """
    exercises = sorted((each for each in standing.values() if _needs_safety(report, each.block)), key=_where)
    safety = sorted((each for each in standing.values() if each.block.kind is Kind.SAFETY), key=_where)
    if not exercises:
        return
    first = exercises[0]
    if not safety:
        message = "there are exercises, and no mail holds a safety text"
        hint = "backmail new has --mark LINES=safety, --safety FILE and --no-safety REASON"
        yield report.error("safety-absent", first.page, first.line, message, hint)
    elif _where(safety[0]) > _where(first):
        message = f"{report.name(safety[0].block)} comes after the first exercise: {first.page.step.file}"
        hint = "move it above the first exercise"
        yield report.error("safety-late", safety[0].page, safety[0].line, message, hint)


def _needs_safety(report: Report, block: Block) -> bool:
    return block.kind is Kind.EXERCISE and not report.chapter(block).outline.without_safety


def _products(report: Report, page: Page, blocks: Sequence[Standing]) -> Iterator[Finding]:
    """At most one product a mail, none in the first or beside a safety text, and a fifth of the words at most.

    Products that are a part of their article's text stand where it has them.
    """
    products = [each for each in blocks if _is_offer(report, each.block)]
    for each in products:
        if page.index == 0:
            yield report.error("product-first", page, each.line, "no product stands in the first mail")
        if any(other.block.kind is Kind.SAFETY for other in blocks):
            yield report.error("product-beside-safety", page, each.line, "no product stands beside a safety text")
    for each in products[1:]:
        yield report.error("products-two", page, each.line, "a mail has one product at most")
    words, promotion = _words(blocks), _words(products)
    if promotion > MOST_PROMOTION * words:
        message = f"{promotion} of {words} words are about a product: a fifth at most"
        yield report.error("product-share", page, products[0].line, message)


def _is_offer(report: Report, block: Block) -> bool:
    return block.kind is Kind.PRODUCT and not report.chapter(block).plan.products_in_place


def _words(blocks: Sequence[Standing]) -> int:
    return sum(each.block.words for each in blocks)


def _length(report: Report, page: Page, blocks: Sequence[Standing]) -> Iterator[Finding]:
    """No mail has more than 500 words of the article, unless the plan has just these together."""
    words = _words(blocks)
    together = {each.block.id for each in blocks}
    planned = (set(step.blocks) for chapter in report.chapters for step in chapter.plan.steps)
    if words > MOST_WORDS and len(blocks) > 1 and together not in planned:
        message = f"{words} words of the article stand in this mail: {MOST_WORDS} at most"
        yield report.error("too-long", page, page.step.body_line, message, "move a block to another mail")


def _lead_ins(report: Report, standing: Mapping[str, Standing], plan: Plan) -> Iterator[Finding]:
    """A lead-in stands in front of what it introduces, in the same mail, where the plan has it so."""
    for step in plan.steps:
        for block, following in zip(step.blocks, step.blocks[1:], strict=False):
            lead, introduced = standing.get(block), standing.get(following)
            if not lead or not introduced or not _introduces(lead.block, introduced.block):
                continue
            if lead.page is not introduced.page or lead.line > introduced.line:
                message = f"{report.name(lead.block)} is parted from {report.name(introduced.block)}"
                hint = f"it introduces what stands in {introduced.page.step.file}, line {introduced.line}"
                yield report.error("lead-in-parted", lead.page, lead.line, message, hint)


def _introduces(block: Block, following: Block) -> bool:
    return block.role in _LEADS and (following.id in block.lead_for or following.role in _LEADS)
