"""The outline of a campaign, to be looked at and corrected: the article's blocks, the plan, and what was decided."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from backmail import campaign as campaigns
from backmail.campaign.base import FILE as BASE
from backmail.campaign.chapters import below, home_of
from backmail.campaign.coverage import is_step
from backmail.campaign.outline import FILE
from backmail.config import Project
from backmail.desk import new, saving, workshop
from backmail.desk.changes import Rewrite, rewrite_of, step_hashes
from backmail.desk.outline import Corrections, corrected, keep, overrides, there
from backmail.desk.preview.blocks import Decision, OutlineBlock, OutlineMail, blocks_of, decisions, mails_of
from backmail.errors import ArticleError, CampaignError, Fault, Place, PlanRefused, SafetyStop
from backmail.model.campaign import Campaign
from backmail.model.plan import Ahead, Plan

__all__ = [
    "Decision",
    "OutlineBlock",
    "OutlineMail",
    "OutlineView",
    "Rewrite",
    "correct",
    "outlined",
    "rewrite",
    "take_back",
]

_MOST = 8  # outlines that are kept: a few campaigns, and a few corrections that are tried and taken back
_TEXTS = frozenset({".txt", ".md"})


@dataclass(frozen=True, slots=True)
class OutlineView:
    """Article and plan. Where the plan does not work, `mails` is empty and `refused` says why."""

    title: str
    title_guessed: bool
    language: str
    words: int
    file: str
    blocks: tuple[OutlineBlock, ...]
    mails: tuple[OutlineMail, ...]
    stale: tuple[Decision, ...]
    refused: tuple[Fault, ...]
    rewrite: Rewrite | None

    @property
    def doubtful(self) -> tuple[OutlineBlock, ...]:
        """The blocks that somebody should look at."""
        return tuple(block for block in self.blocks if block.doubtful)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was worked out from files that are still the same."""

    articles: tuple[workshop.Understood, ...]
    view: OutlineView
    files: Mapping[str, str] | None = None  # hashes of the step files that would be written; None where none can be


_known: OrderedDict[str, _Known] = OrderedDict()
_lock = Lock()


def outlined(campaign: Campaign, project: Project) -> OutlineView:
    """Return the outline of a campaign as article, outline.yaml and catalogue stand now; what is known is kept.

    Raises:
        ArticleError: the campaign was not made from an article, or that cannot be read.
        CampaignError: outline.yaml, the catalogue or the added safety text cannot be used.
    """
    known = _known_of(campaign, project)
    return replace(known.view, rewrite=_rewrite(campaign.folder, known))


def correct(campaign: Campaign, project: Project, words: str, kind: str, of: int = 1) -> None:
    """Write into outline.yaml what a block is; the mails stay as they are. A former word on it gives way.

    Args:
        campaign: whose outline.
        project: what it belongs to.
        words: the first words of the block.
        kind: what it is.
        of: the number of its article, from 1.

    Raises:
        ArticleError: no block begins with these words, or several do, or there is no such kind.
        CampaignError: a file of the campaign cannot be used, or is saved by somebody else at this moment.
        OSError: the file is not ours to write to.
    """
    with saving.alone(campaign.folder):
        understood, before = _article(campaign, project, of)
        made = overrides(Corrections(kinds=((words, kind),)), understood.article, understood.catalog)
        keep(campaign, project, corrected(understood.outline, made, understood.article), before, of)


def take_back(campaign: Campaign, project: Project, words: str, setting: str, of: int = 1) -> None:
    """Take what was decided about a block out of outline.yaml; the mails stay as they are.

    Raises:
        ArticleError: there is no such decision.
        CampaignError: a file of the campaign cannot be used, or is saved by somebody else at this moment.
        OSError: the file is not ours to write to.
    """
    with saving.alone(campaign.folder):
        understood, before = _article(campaign, project, of)
        outline = understood.outline
        kept = tuple(each for each in outline.overrides if (each.block, each.decides) != (words, setting))
        if kept == outline.overrides:
            place = Place(str(campaign.folder / below(of, FILE)))
            raise ArticleError(Fault(f"nothing was decided about {words!r} that could be taken back", place))
        keep(campaign, project, replace(outline, overrides=kept), before, of)


def _article(campaign: Campaign, project: Project, of: int) -> tuple[workshop.Understood, str]:
    """Return an article as it is understood, and the text of its outline.yaml.

    Raises:
        ArticleError, CampaignError: there is no such article, or a file cannot be used.
    """
    known = _known_of(campaign, project)
    there(campaign, of)
    return known.articles[of - 1], campaigns.outline_standing(campaign.folder / home_of(of))


def rewrite(campaign: Campaign, project: Project) -> None:
    """Write the mails of a campaign anew, as each outline.yaml says now; what somebody got stays in its mail.

    Raises:
        ArticleError, CampaignError, PlanRefused, SafetyStop, StoreError: see `remaking.remake`; nothing is changed.
        OSError: the folder is not ours to write to.
    """
    from backmail.desk.resplit.remaking import remake  # it looks into the database, which a preview does without

    remake(campaign, project, campaigns.read_outline(campaign.folder))


def _known_of(campaign: Campaign, project: Project) -> _Known:
    if not campaign.article:
        raise ArticleError(Fault("this campaign was not made from an article", Place(str(campaign.folder))))
    key = _key(campaign, project)
    with _lock:
        known = _known.get(key)
        if known is None:
            known = _worked_out(campaign, project)
            _known[key] = known
        _known.move_to_end(key)
        while len(_known) > _MOST:
            _known.popitem(last=False)
    return known


def _key(campaign: Campaign, project: Project) -> str:
    """Return a hash over all that an outline is worked out from: the campaign as it was read, which campaign.yaml may
    be ahead of; and every text of the folder but the mails'.
    """
    read = (campaign.id, campaign.name, campaign.sender, campaign.source_url, campaign.article)
    made = hashlib.sha256(os.fsencode(campaign.folder.resolve()) + repr(read).encode())
    texts = [path for path in campaign.folder.iterdir() if path.suffix in _TEXTS and not is_step(path.name)]
    homes = {(campaign.folder / name).parent for name in campaign.added}
    texts += [path for home in homes for path in home.iterdir() if path.suffix in _TEXTS or path.name in (FILE, BASE)]
    texts += [campaign.folder / BASE] if homes else []  # mails of several articles go on from what they were
    for path in (campaign.folder / FILE, project.catalog, *sorted(texts)):
        data = path.read_bytes() if path.is_file() else b""
        made.update(b"\0%b\0%d\0%b" % (os.fsencode(path.name), len(data), data))
    return made.hexdigest()


def _worked_out(campaign: Campaign, project: Project) -> _Known:
    if campaign.added:
        return _of_several(campaign, project, workshop.articles_of(campaign, project))
    understood = workshop.article_of(campaign, project)
    try:
        made = new.anew(understood, campaign, project)
    except (PlanRefused, SafetyStop, CampaignError) as refused:
        return _Known((understood,), _view(campaign, understood, None, refused.faults))
    return _Known((understood,), _view(campaign, understood, made.plan, ()), step_hashes(made.files))


def _of_several(campaign: Campaign, project: Project, articles: tuple[workshop.Understood, ...]) -> _Known:
    """Return the outline of a series of several articles: all of them one after the other."""
    views: list[OutlineView] = []
    ahead = Ahead()
    for each in articles:
        understood = replace(each, ahead=ahead)
        try:
            plan = understood.plan(campaign.source_url)
        except (PlanRefused, SafetyStop) as refused:
            views.append(_view(campaign, understood, None, refused.faults))
            ahead = replace(ahead, articles=ahead.articles + 1)
            continue
        views.append(_view(campaign, understood, plan, ()))
        ahead = workshop.following(ahead, each.article, plan)
    joined = replace(
        views[0],
        words=sum(view.words for view in views),
        file=", ".join(campaign.articles),
        blocks=tuple(block for view in views for block in view.blocks),
        mails=tuple(mail for view in views for mail in view.mails),
        stale=tuple(each for view in views for each in view.stale),
        refused=tuple(fault for view in views for fault in view.refused),
    )
    return _Known(articles, joined, None if joined.refused else _anew(campaign, project))


def _anew(campaign: Campaign, project: Project) -> Mapping[str, str] | None:
    """Return the hashes of the mails of several articles as they would be written; None where they cannot be."""
    from backmail.desk.resplit.resplitting import as_generated  # like `remake`, it knows how to look into the database

    try:
        return step_hashes(as_generated(campaign, project))
    except (PlanRefused, SafetyStop, CampaignError):  # whoever writes them is told
        return None


def _view(
    campaign: Campaign, understood: workshop.Understood, plan: Plan | None, refused: tuple[Fault, ...]
) -> OutlineView:
    article = understood.article
    blocks = {block.id: block for block in blocks_of(understood, plan)}
    return OutlineView(
        title=article.title,
        title_guessed=article.title_guessed,
        language=article.language,
        words=article.words,
        file=campaign.article,
        blocks=tuple(blocks.values()),
        mails=tuple(mails_of(plan, blocks)),
        stale=tuple(each for each in decisions(understood) if not each.block),
        refused=refused,
        rewrite=None,
    )


def _rewrite(folder: Path, known: _Known) -> Rewrite | None:
    """Return what writing the mails anew would change; None where they are as the outline says, or cannot be made."""
    offered = rewrite_of(folder, known.files) if known.files is not None else None
    return offered if offered and (offered.anew or offered.gone) else None
