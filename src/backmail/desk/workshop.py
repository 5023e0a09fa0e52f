"""From an article to its plan, with whatever the marketer decided: what `new`, `outline` and `check` have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.article import Lexicons
from backmail.campaign import Outline
from backmail.campaign.base import read_numbers
from backmail.campaign.numbering import with_numbers
from backmail.config import Project
from backmail.desk.lexicons import own
from backmail.errors import CampaignError, Fault, Place
from backmail.model.article import Article, Plan, Source
from backmail.model.campaign import Campaign, Catalog


@dataclass(frozen=True, slots=True)
class Understood:
    """An article with the decisions that were taken about it."""

    article: Article
    outline: Outline
    catalog: Catalog = field(default_factory=Catalog)
    lexicons: Lexicons = field(default_factory=Lexicons)

    def plan(self, source_url: str = "") -> Plan:
        """Return the article over the weeks of its outline (proposed when it names none).

        Raises:
            PlanRefused: the weeks do not work.
            SafetyStop: exercises, and no safety text.
        """
        return articles.arrange(
            self.article,
            self.outline.weeks,
            without_safety=self.outline.without_safety,
            source_url=source_url,
        )


def understand(
    source: Source,
    outline: Outline,
    catalog: Catalog,
    added_safety: Source | None = None,
    *,
    lexicons: Lexicons,
) -> Understood:
    """Return the article of `source` as understood under the outline's overrides, with the project's own words."""
    article = articles.understand(
        source,
        catalog=catalog,
        overrides=outline.overrides,
        language=outline.language or None,
        added_safety=added_safety,
        lexicons=lexicons,
    )
    return Understood(article, outline, catalog, lexicons)


def marked(understood: Understood, marks: tuple[str, ...], added_safety: Source | None = None) -> Understood:
    """Return the article understood again with marks such as "26-27=safety" added to its overrides.

    Raises:
        ArticleError: a mark names lines or a kind that are not there.
    """
    for mark in marks:
        overrides = (*understood.outline.overrides, *articles.mark(understood.article, mark))
        outline = replace(understood.outline, overrides=overrides)
        understood = understand(
            understood.article.source, outline, understood.catalog, added_safety, lexicons=understood.lexicons
        )
    return understood


def article_of(campaign: Campaign, project: Project, outline: Outline | None = None) -> Understood:
    """Return the article that stands in a campaign's folder, understood anew as `outline` (its own outline.yaml) says.

    Raises:
        ArticleError, CampaignError: a file of the folder cannot be used.
        LexiconError: a word list of the project cannot be used.
    """
    outline = outline or campaigns.read_outline(campaign.folder)
    source = replace(articles.read(campaign.folder / campaign.article), places=campaigns.places(campaign.folder))
    added = added_safety(campaign, outline)
    understood = understand(source, outline, catalog_of(project), added, lexicons=own(project))
    return replace(understood, article=with_numbers(understood.article, read_numbers(campaign.folder)))


def added_safety(campaign: Campaign, outline: Outline) -> Source | None:
    """Return the safety text that stands beside a campaign's article, or None.

    Raises:
        ArticleError: the file is not there, or cannot be used.
    """
    return articles.read(campaign.folder / outline.added_safety) if outline.added_safety else None


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
