"""`backmail new`: an article becomes a campaign's folder, all files or none."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign import Outline, Settings
from backmail.campaign.chapters import home_of
from backmail.campaign.files import safety_file
from backmail.campaign.outline import FILE as OUTLINE
from backmail.config import Project
from backmail.desk import saving, schemas, workshop
from backmail.desk.given import Given, given
from backmail.desk.images import Copies, copies
from backmail.desk.lexicons import own
from backmail.errors import CampaignError, Fault, Place, SafetyStop
from backmail.model.article import Article, Source
from backmail.model.campaign import Campaign, Catalog
from backmail.model.plan import Ahead, Plan


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for: each as the command line has it; "" and None mean that backmail chooses."""

    slug: str = ""
    weeks: int | None = None
    catalog: Path | None = None
    language: str = ""
    source_url: str = ""
    marks: tuple[str, ...] = ()
    safety: Path | None = None
    without_safety: str = ""
    adapt: str = "none"


@dataclass(frozen=True, slots=True)
class Made:
    """A campaign that was made: where, from what, as what.

    `products` are the names added to the catalogue; `copies` are the pictures of the article, of a new campaign.
    """

    folder: Path
    article: Article
    plan: Plan
    files: dict[str, str] = field(repr=False)
    products: tuple[str, ...] = ()
    copies: Copies | None = field(default=None, repr=False)


def understand(source: Source, project: Project, wishes: Wishes, ahead: Ahead | None = None) -> workshop.Understood:
    """Return an article, understood with what was asked for; `ahead` is what stands ahead of it in its series.

    Raises:
        ArticleError, CampaignError: the article, the safety text or the catalogue cannot be used.
    """
    outline = Outline(
        weeks=wishes.weeks,
        without_safety=wishes.without_safety,
        adapt=wishes.adapt,
        language=wishes.language,
        source_url=wishes.source_url if ahead else "",  # campaign.yaml says it of the first article
    )
    added = safety_beside(wishes)
    catalog = workshop.catalog_of(project, wishes.catalog)
    understood = workshop.understand(source, outline, catalog, added, lexicons=own(project), ahead=ahead)
    return workshop.marked(understood, wishes.marks, added)


def new(article: Path | Given, project: Project, wishes: Wishes) -> Made:
    """Make a campaign's folder from an article or its file, and complete catalog.yaml with the products found in it.

    The article's pictures are copied; one that cannot be is told of in what is returned.

    Raises:
        ArticleError, CampaignError, PlanRefused: an input cannot be used; nothing is written.
        SafetyStop: the article has exercises and no safety text; nothing is written.
    """
    it = article if isinstance(article, Given) else given(article)
    wishes = replace(wishes, source_url=wishes.source_url or it.source_url)
    return write(understand(it.source, project, wishes), project, wishes, it)


def write(understood: workshop.Understood, project: Project, wishes: Wishes, it: Given) -> Made:
    """Write an understood article as a campaign: see `new`; `it` is the article as it was given."""
    article = understood.article
    try:
        plan = understood.plan(wishes.source_url)
    except SafetyStop as stop:
        raise SafetyStop(stop.faults, next_command=f"backmail outline {shlex.quote(it.source.name)}") from stop
    slug = wishes.slug or campaigns.slug(article.title or it.stem)
    folder = project.campaigns / slug
    if folder.exists():
        fault = Fault(
            f"there is a campaign {slug!r} already", Place(str(folder)), "give the new one a name: --name ..."
        )
        raise CampaignError(fault)
    settings = Settings(
        id=campaigns.campaign_id(slug, article.source.text, campaigns.taken_ids(project.campaigns)),
        sentences=articles.sentences,
        instructs=articles.instructs,
        name=article.title,
        sender=project.config.sender,
        outline=understood.outline,
        source_url=wishes.source_url,
        added_safety=safety_beside(wishes),
        schemas=schemas.folder_from(folder, project.root),
    )
    copied = copies(article, it.opens)
    if copied.article.source.places:  # a picture's address may be made of words, and these count in a plan
        understood = replace(understood, article=copied.article)
        plan = understood.plan(wishes.source_url)
    settings = replace(settings, copies=copied.records(it.on_the_web))
    made, completed = files_of(understood, plan, settings, folder, project)
    return _put(replace(made, copies=copied), completed, project.catalog)


def rewrite(campaign: Campaign, project: Project, outline: Outline) -> Made:
    """Make the files of a campaign of one article anew under another outline, while its steps are as generated.

    Raises:
        CampaignError: its steps were edited, or its files are being changed.
        PlanRefused, SafetyStop: the outline does not work; nothing is changed.
    """
    unedited(campaign)
    with saving.alone(campaign.folder):
        before = campaigns.outline_standing(campaign.folder)
        made, completed = _anew(workshop.article_of(campaign, project, outline), campaign, project)
        still(campaign.folder, before)
        return _put(made, completed, project.catalog)


def unedited(campaign: Campaign) -> None:
    """Make sure that every step file of a campaign is as backmail wrote it.

    Raises:
        CampaignError: one was edited, added or taken away.
    """
    if not campaigns.generated(campaign.folder):
        fault = Fault(
            "steps of this campaign were edited by hand: making them anew would lose that",
            Place(str(campaign.folder)),
            f"write the overrides into outline.yaml, and merge: backmail resplit {shlex.quote(campaign.slug)}",
        )
        raise CampaignError(fault)


def still(folder: Path, before: str) -> None:
    """Make sure that the outline.yaml of an article's folder is the one that was read.

    Raises:
        CampaignError: somebody saved it meanwhile.
    """
    if campaigns.outline_standing(folder) != before:
        message = "this file was saved by somebody else at this moment, so nothing was changed"
        raise CampaignError(Fault(message, Place(str(folder / OUTLINE)), "do the same again"))


def anew(understood: workshop.Understood, campaign: Campaign, project: Project) -> Made:
    """Return what `rewrite` would make of a campaign's article, understood under an outline; nothing is written.

    Raises:
        ArticleError, CampaignError: a file cannot be used.
        PlanRefused, SafetyStop: the outline does not work.
    """
    return _anew(understood, campaign, project)[0]


def _anew(understood: workshop.Understood, campaign: Campaign, project: Project) -> tuple[Made, str]:
    settings = settings_of(campaign, project, understood.outline)
    return files_of(understood, understood.plan(campaign.source_url), settings, campaign.folder, project)


def settings_of(campaign: Campaign, project: Project, outline: Outline, of: int = 1) -> Settings:
    """Return what the files of a campaign's article are made with anew, under an outline; without its catalogue.

    Args:
        campaign: whose article.
        project: what it belongs to.
        outline: what is decided about the article.
        of: the number of the article, from 1.

    Raises:
        ArticleError, CampaignError: a file of its folder cannot be used.
    """
    home = campaign.folder / home_of(of)
    return Settings(
        id=campaign.id,
        sentences=articles.sentences,
        instructs=articles.instructs,
        name=campaign.name,
        sender=campaign.sender,
        outline=outline,
        source_url=campaign.source_url if of == 1 else outline.source_url,
        added_safety=workshop.added_safety(home, outline),
        schemas=schemas.folder_from(home, project.root),
        outlined=campaigns.outline_standing(home),
        copies=campaigns.copies_in(campaigns.text_of(home)),
    )


def files_of(
    understood: workshop.Understood, plan: Plan, settings: Settings, folder: Path, project: Project
) -> tuple[Made, str]:
    """Return a folder's files, and catalog.yaml's text with the article's products, as the given one knows them."""
    article = understood.article
    completed, catalog = stocked([understood], project)
    files = campaigns.files(article, plan, replace(settings, catalog=catalog))
    before = {product.sku for product in understood.catalog.products}
    added = tuple(product.name for product in catalog.products if product.sku not in before)
    return Made(folder, article, plan, files, added), completed


def stocked(understood: Sequence[workshop.Understood], project: Project) -> tuple[str, Catalog]:
    """Return catalog.yaml's text with the products of articles, as the catalogue given with them knows them; and it."""
    named = [(each.catalog, product) for each in understood for product in campaigns.products_of(each.article)]
    products = [campaigns.find(catalog, product.name) or product for catalog, product in named]
    return campaigns.complete(_known(project.catalog), products)


def put_catalog(completed: str, catalog_file: Path) -> None:
    """Write the project's catalogue, where it says anything else than it did."""
    if completed != _known(catalog_file):
        saving.put(catalog_file, completed.encode("utf-8"))


def _put(made: Made, completed: str, catalog_file: Path) -> Made:
    """Write a folder, and the project's catalogue."""
    campaigns.write({**made.files, **(made.copies.files if made.copies else {})}, made.folder)
    put_catalog(completed, catalog_file)
    return made


def _known(catalog_file: Path) -> str:
    """Return the text of catalog.yaml, or how one would begin."""
    if catalog_file.exists():
        return catalog_file.read_text(encoding="utf-8")
    return schemas.line("catalog", catalog_file.parent, catalog_file.parent)


def safety_beside(wishes: Wishes) -> Source | None:
    """Return the safety text of a file, under the name that it will have in the campaign's folder."""
    if wishes.safety is None:
        return None
    source = articles.read(wishes.safety)
    return replace(source, name=safety_file(source))
