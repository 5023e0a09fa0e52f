"""From an article to its plan, with whatever the marketer decided: what `new`, `outline` and `check` have in common."""

from __future__ import annotations

import contextlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.article import Lexicons
from backmail.campaign import Outline
from backmail.campaign.base import read_numbers
from backmail.campaign.chapters import home_of, lettered
from backmail.campaign.numbering import with_numbers
from backmail.campaign.outline import FILE as OUTLINE
from backmail.campaign.outline import first_words
from backmail.config import Project
from backmail.desk.lexicons import own
from backmail.errors import BackmailError, CampaignError, Fault, Place, SafetyStop
from backmail.model.article import Article, Kind, Source
from backmail.model.campaign import Campaign, Catalog
from backmail.model.plan import Ahead, Plan


@dataclass(frozen=True, slots=True)
class Understood:
    """An article with the decisions that were taken about it.

    `ahead` is what stands ahead of it in its series. `home` is the outline.yaml in which decisions about it stand, ""
    for an article that is no campaign yet; `campaign` the name by which `backmail outline` writes into that file, ""
    where it does not.
    """

    article: Article
    outline: Outline
    catalog: Catalog = field(default_factory=Catalog)
    lexicons: Lexicons = field(default_factory=Lexicons)
    ahead: Ahead = field(default_factory=Ahead)
    home: str = ""
    campaign: str = ""

    def plan(self, source_url: str = "") -> Plan:
        """Return the article over the weeks of its outline (proposed when it names none).

        `source_url` is where the series' first article stands on the web; the outlines of the others say that of them.

        Raises:
            PlanRefused: the weeks do not work.
            SafetyStop: exercises, and no safety text.
        """
        try:
            return articles.arrange(
                self.article,
                self.outline.weeks,
                without_safety=self.outline.without_safety,
                source_url=self.outline.source_url if self.ahead.articles else source_url,
                ahead=self.ahead,
            )
        except SafetyStop as stop:
            if not self.home:
                raise
            raise SafetyStop([replace(fault, hint=self._answers()) for fault in stop.faults]) from stop

    def _answers(self) -> str:
        """Return how a person says which text of a campaign's article is the safety text."""
        likely = articles.likely_safety(self.article)
        words = first_words(likely[0], self.article.blocks) if likely else "first words"
        if not self.campaign:
            entry = f"- {{block: {json.dumps(words, ensure_ascii=False)}, kind: safety}}"
            return f"write under overrides of {self.home}: {entry}"
        command = f"backmail outline {shlex.quote(self.campaign)}"
        if self.ahead.articles:
            command += f" --of {self.ahead.articles + 1}"
        answers = [f"{command} --set {shlex.quote(words)}=safety"]
        kept = [each for each in self.outline.overrides if each.key]  # what is only tried has none
        away = [each.block for each in kept if each.drop_because or each.kind not in (None, Kind.SAFETY)]
        answers += [f"{command} --forget {shlex.quote(block)}" for block in away]
        return f"answer with {' or '.join(answers)}, or give a reason as without_safety in {self.home}"


def following(ahead: Ahead, article: Article, plan: Plan) -> Ahead:
    """Return what stands ahead of the article behind another one.

    Args:
        ahead: what stands ahead of that other one.
        article: the other one.
        plan: its plan.
    """
    steps = plan.steps
    reminder = ahead.reminder or articles.reminder(article)
    told = (step.slug for step in steps if reminder and reminder.block in step.blocks)
    return Ahead(
        articles=ahead.articles + 1,
        steps=(*ahead.steps, *(step.slug for step in steps)),
        last=ahead.last + len(steps),
        subjects=(*ahead.subjects, *(step.subject for step in steps)),
        preheaders=(*ahead.preheaders, *(step.preheader for step in steps)),
        reminder=reminder,
        told_in=ahead.told_in or next(told, ""),
    )


def understand(
    source: Source,
    outline: Outline,
    catalog: Catalog,
    added_safety: Source | None = None,
    *,
    lexicons: Lexicons,
    ahead: Ahead | None = None,
    home: str = "",
    campaign: str = "",
) -> Understood:
    """Return the article of `source` as understood under the outline's overrides, with the project's own words.

    `ahead` is what stands ahead of it in a series of several articles: its blocks get ids that those have not. `home`
    and `campaign`: see `Understood`.
    """
    ahead = ahead or Ahead()
    article = articles.understand(
        source,
        catalog=catalog,
        overrides=outline.overrides,
        language=outline.language or None,
        added_safety=added_safety,
        lexicons=lexicons,
    )
    return Understood(lettered(article, ahead.articles + 1), outline, catalog, lexicons, ahead, home, campaign)


def marked(understood: Understood, marks: tuple[str, ...], added_safety: Source | None = None) -> Understood:
    """Return the article understood again with marks such as "26-27=safety" added to its overrides.

    Raises:
        ArticleError: a mark names lines or a kind that are not there.
    """
    for mark in marks:
        overrides = (*understood.outline.overrides, *articles.mark(understood.article, mark))
        outline = replace(understood.outline, overrides=overrides)
        understood = understand(
            understood.article.source,
            outline,
            understood.catalog,
            added_safety,
            lexicons=understood.lexicons,
            ahead=understood.ahead,
        )
    return understood


def article_of(campaign: Campaign, project: Project, outline: Outline | None = None) -> Understood:
    """Return the article that stands in a campaign's folder, understood anew as `outline` (its own outline.yaml) says.

    Of several articles it is the first: see `articles_of`.

    Raises:
        ArticleError, CampaignError: a file of the folder cannot be used.
        LexiconError: a word list of the project cannot be used.
    """
    return _article(campaign, campaign.folder / campaign.article, project, outline, Ahead())


def articles_of(
    campaign: Campaign,
    project: Project,
    *,
    outlines: Mapping[int, Outline] | None = None,
    files: Mapping[int, Path] | None = None,
) -> tuple[Understood, ...]:
    """Return all articles of a campaign, in order, understood anew as their outline.yaml say.

    Of what stands ahead of each they know how many articles, and the safety sentence: see `following`.

    Args:
        campaign: whose articles.
        project: what it belongs to.
        outlines: what is decided in place of what an outline.yaml says, by the number of the article, from 1.
        files: articles in place of those that stand in the folder, likewise.

    Raises:
        ArticleError, CampaignError: a file of the folder cannot be used.
        LexiconError: a word list of the project cannot be used.
    """
    made: list[Understood] = []
    ahead = Ahead()
    for number, name in enumerate(campaign.articles, 1):
        file = (files or {}).get(number, campaign.folder / name)
        made.append(_article(campaign, file, project, (outlines or {}).get(number), ahead))
        ahead = Ahead(ahead.articles + 1, reminder=ahead.reminder or articles.reminder(made[-1].article))
    return tuple(made)


def text_of(campaign: Campaign) -> str:
    """Return the text of all articles of a campaign, as their files have it; of files that cannot be read, none."""
    texts = []
    for name in campaign.articles:
        with contextlib.suppress(BackmailError):  # who reads them to understand them tells of it
            texts.append(articles.read(campaign.folder / name).text)
    return "\n".join(texts)


def _article(campaign: Campaign, file: Path, project: Project, outline: Outline | None, ahead: Ahead) -> Understood:
    folder = campaign.folder / home_of(ahead.articles + 1)
    outline = outline or campaigns.read_outline(folder)
    source = replace(articles.read(file), places=campaigns.places(folder))
    added = added_safety(folder, outline)
    understood = understand(
        source,
        outline,
        catalog_of(project),
        added,
        lexicons=own(project),
        ahead=ahead,
        home=str(folder / OUTLINE),
        campaign=campaign.slug,
    )
    return replace(understood, article=with_numbers(understood.article, read_numbers(folder)))


def added_safety(folder: Path, outline: Outline) -> Source | None:
    """Return the safety text that stands beside the article of a folder, or None.

    Raises:
        ArticleError: the file is not there, or cannot be used.
    """
    return articles.read(folder / outline.added_safety) if outline.added_safety else None


def catalog_of(project: Project, given: Path | None = None) -> Catalog:
    """Return the catalogue of the project, or the one that was given; an absent catalog.yaml is an empty one.

    Raises:
        CampaignError: the file cannot be used, or the one given is not there.
    """
    if given is None and not project.catalog.exists():
        return Catalog()
    path = given or project.catalog
    if not path.exists():
        raise CampaignError(Fault("no such catalogue", Place(str(path))))
    return campaigns.read_catalog(path)
