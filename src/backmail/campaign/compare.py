"""Proves what stands in a campaign's folder now against the article itself; coverage.json is never believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from backmail.campaign import series, texts
from backmail.campaign.chapters import Chapter
from backmail.campaign.expected import Expected, expectations
from backmail.campaign.outline import Outline
from backmail.campaign.pages import Page, pages
from backmail.campaign.standing import Standing, stand
from backmail.campaign.wording import Report
from backmail.model.article import Article
from backmail.model.campaign import Campaign, Finding
from backmail.model.plan import Plan, PlannedStep


def compare(
    campaign: Campaign, article: Article, plan: Plan, outline: Outline, added: Sequence[Chapter] = ()
) -> list[Finding]:
    """Return what in a campaign's folder is not as its article says, or breaks a rule of a series, by file and line.

    The text may stand as the article has it or with the article's own proposals applied. What a marketer writes around
    the article's text, outside of containers, is hers.

    Args:
        campaign: what stands in the folder.
        article: the folder's article, understood again under the overrides of its outline.yaml.
        plan: that article arranged over the weeks of its outline.yaml.
        outline: what outline.yaml says.
        added: the articles that were added to the series, in order, likewise.

    Raises:
        CampaignError: a container of a step cannot be used.
    """
    chapters = (Chapter(article, plan, outline), *added)
    report = Report(campaign, chapters)
    shown = pages(campaign)
    planned = _planned([step for each in chapters for step in each.plan.steps], shown)
    expected = {block: each for chapter in chapters for block, each in _expected(chapter).items()}
    standing = stand(shown, expected, planned)
    findings = [
        *texts.judge(report, shown, expected, standing, planned),
        *texts.notes(report, shown, standing),
        *series.judge(report, shown, standing),
        *_moved(report, standing, planned),
    ]
    return sorted(dict.fromkeys(findings), key=lambda finding: _order(finding, shown))


def _expected(chapter: Chapter) -> Mapping[str, Expected]:
    """Return what is expected of each block of an article that is not left out."""
    dropped = {drop.block for drop in chapter.plan.dropped}
    expected = expectations(chapter.article, chapter.outline)
    return {block: each for block, each in expected.items() if block not in dropped}


def _planned(steps: Sequence[PlannedStep], shown: Sequence[Page]) -> Mapping[str, Page]:
    """Return the page on which each planned block should be: that of its step's id, else the one in its place."""
    by_id = {page.step.id: page for page in shown}
    home: dict[str, Page] = {}
    for index, step in enumerate(steps):
        page = by_id.get(step.slug) or _instead(len(steps), step, index, shown)
        if page:
            home |= dict.fromkeys(step.blocks, page)
    return home


def _instead(count: int, step: PlannedStep, index: int, shown: Sequence[Page]) -> Page | None:
    """Return the page for a step whose id is not there any more: the one that holds its blocks, or has its number."""
    holds = {page.index: sum(each.container.id in step.blocks for each in page.held) for page in shown}
    best = max(shown, key=lambda page: (holds[page.index], -page.index), default=None)
    if best and holds[best.index]:
        return best
    return shown[index] if len(shown) == count else None


def _moved(report: Report, standing: Mapping[str, Standing], planned: Mapping[str, Page]) -> Iterator[Finding]:
    """Give the blocks that stand in another file than the plan has them in."""
    for block, each in standing.items():
        home = planned.get(block)
        if home and home is not each.page:
            message = f"{report.name(each.block)} stands here, and the plan has it in {home.step.file}"
            week = report.week(each.block, each.page)
            hint = f"to keep it here: {report.override(each.block, f'week: {week}')}" if week > 0 else ""
            yield report.warning("block-moved", each.page, each.line, message, hint)


def _order(finding: Finding, shown: Sequence[Page]) -> tuple[int, int, str, str]:
    """Sort by step, line and what was found; what belongs to no step comes last."""
    step = next((page.index for page in shown if page.step.id == finding.step), len(shown))
    line = finding.place.line if finding.place and finding.place.line else 0
    return step, line, finding.id, finding.message
