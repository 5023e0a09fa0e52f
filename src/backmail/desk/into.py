"""`backmail new ARTICLE --into CAMPAIGN`: the mails of a further article follow those that a series has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign import Settings
from backmail.campaign.chapters import MOST_ARTICLES, home_of
from backmail.campaign.folder import append, recover
from backmail.campaign.folders import FILE
from backmail.config import Project
from backmail.desk import new, saving, schemas, steps, together, workshop
from backmail.desk.given import Given
from backmail.desk.images import FOLDER, copies
from backmail.desk.new import Made, Wishes
from backmail.desk.reached import reached
from backmail.errors import CampaignError, Fault, Place, SafetyStop, StoreError
from backmail.markup import containers, fold
from backmail.model.campaign import Campaign, CampaignKind
from backmail.model.plan import Ahead, Repeat

__all__ = ["Added", "ahead_of", "into", "told_in"]

_NUMBER = re.compile(r"[0-9]+")
_NOTE = "note"


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: its files, the number of mails that it stands behind, and whether these were published."""

    made: Made
    behind: int
    published: bool


def into(it: Given, name: str, project: Project, wishes: Wishes) -> Added:
    """Put the mails of an article behind those of a campaign; what stands in its folder stays as it is.

    The article gets a folder of its own in the campaign's, with its outline.yaml. The catalogue is completed and the
    pictures are copied as `new` does.

    Args:
        it: the article as it was given.
        name: the campaign's, or its folder.
        project: where it stands.
        wishes: what a person asked for; `weeks` is the number of the further mails.

    Raises:
        UnknownName: there is no such campaign.
        ArticleError, CampaignError, PlanRefused: an input cannot be used, or the article does not belong into the
            series; nothing is written.
        SafetyStop: there are exercises, and neither this article nor one ahead of it has a safety text.
        OSError: the disk is full, or the folder is not ours to write to; nothing is written.
    """
    folder = campaigns.folder_of(name, project)
    recover(folder)
    together.finish(folder)
    steps.listed(name, project)  # a move that was interrupted is brought to its end
    with saving.alone(folder):
        campaign = campaigns.read(folder, project=project)
        _may_follow(campaign, it, wishes)
        wishes = replace(wishes, source_url=wishes.source_url or it.source_url)
        made = _made(it, campaign, project, wishes)
    return Added(made, len(campaign.steps), _published(campaign, project))


def _published(campaign: Campaign, project: Project) -> bool:
    try:
        return bool(reached(project, campaign.id).published)
    except StoreError:  # no file waits for the database; whoever applies the series is told what is wrong with it
        return False


def _made(it: Given, campaign: Campaign, project: Project, wishes: Wishes) -> Made:
    folder = campaign.folder
    before = workshop.articles_of(campaign, project)
    _new_to(before, it, folder)
    understood = new.understand(it.source, project, wishes, ahead_of(campaign, before))
    _same_language(campaign, understood, wishes)
    try:
        plan = understood.plan()
    except SafetyStop as stop:
        raise SafetyStop(stop.faults, next_command=f"backmail outline {shlex.quote(it.source.name)}") from stop
    pictures = (path.relative_to(folder).as_posix() for path in (folder / FOLDER).glob("*"))
    copied = copies(understood.article, it.opens, pictures)
    if copied.article.source.places:  # a picture's address may be made of words, and these count in a plan
        understood = replace(understood, article=copied.article)
        plan = understood.plan()
    settings = Settings(
        id=campaign.id,
        sentences=articles.sentences,
        instructs=articles.instructs,
        outline=understood.outline,
        source_url=understood.outline.source_url,
        added_safety=new.safety_beside(wishes),
        schemas=schemas.folder_from(folder / home_of(understood.ahead.articles + 1), project.root),
        copies=copied.records(it.on_the_web),
    )
    made, completed = new.files_of(understood, plan, settings, folder, project)
    append({**made.files, **copied.files}, folder)
    new.put_catalog(completed, project.catalog)
    return replace(made, copies=copied)


def _may_follow(campaign: Campaign, it: Given, wishes: Wishes) -> None:
    """See that a campaign is one that another article can follow.

    Raises:
        CampaignError: it is not.
    """
    place = Place(str(campaign.folder))
    other = f"backmail new {shlex.quote(it.source.name)}"
    if wishes.slug:
        raise CampaignError(Fault("the mails go into a campaign that has a name: leave --name out", place))
    if not campaign.articles:
        message = "this campaign was written by hand: what its mails and an article's say together cannot be proved"
        raise CampaignError(Fault(message, place, "make a series of its own of the article"), next_command=other)
    if campaign.kind is not CampaignKind.DRIP:
        where = campaign.places.get("kind", Place(str(campaign.folder / FILE)))
        raise CampaignError(
            Fault(f"a {campaign.kind} has one mail, and no others follow it", where), next_command=other
        )
    if len(campaign.articles) >= MOST_ARTICLES:
        raise CampaignError(Fault(f"a series is made of {MOST_ARTICLES} articles at most", place), next_command=other)


def _new_to(before: Sequence[workshop.Understood], it: Given, folder: Path) -> None:
    """See that the article is none that the series has.

    Raises:
        CampaignError: it is.
    """
    for number, each in enumerate(before, 1):
        if fold(each.article.source.text) == fold(it.source.text):
            where = folder / home_of(number)
            message = "this article stands in the series already"
            raise CampaignError(Fault(message, Place(str(where)), "readers would get the same again"))


def _same_language(campaign: Campaign, understood: workshop.Understood, wishes: Wishes) -> None:
    """See that the article is in the language of the series: greeting and footer of all mails are in one.

    Raises:
        CampaignError: it is in another.
    """
    language = understood.article.language
    if language.partition("-")[0] == campaign.language.partition("-")[0]:
        return
    name = understood.article.source.name
    message = f"the article is in {language!r}, and the series in {campaign.language!r}: readers get one language"
    hint = "" if wishes.language else f"if that was not found right: --language {campaign.language}"
    raise CampaignError(Fault(message, Place(name), hint), next_command=f"backmail new {shlex.quote(name)}")


def ahead_of(campaign: Campaign, before: Sequence[workshop.Understood]) -> Ahead:
    """Return what stands ahead of an article that follows the mails of a campaign, as they stand now."""
    numbers = [found for step in campaign.steps if (found := _NUMBER.match(step.file))]
    reminder = next(filter(None, (articles.reminder(each.article) for each in before)), None)
    told = told_in(campaign, reminder) if reminder else ""
    return Ahead(
        articles=len(before),
        steps=tuple(step.id for step in campaign.steps),
        last=max(int(number[0]) for number in numbers),
        subjects=tuple(step.subject for step in campaign.steps),
        preheaders=tuple(step.preheader for step in campaign.steps),
        reminder=reminder if told else None,
        told_in=told,
    )


def told_in(campaign: Campaign, reminder: Repeat) -> str:
    """Return the id of the step that holds a safety text, "" where somebody took it out of the mails."""
    for step in campaign.steps:
        found = containers(step.body, str(campaign.folder / step.file), step.body_line)
        if any(each.id == reminder.block and each.name != _NOTE for each in found):
            return step.id
    return ""
