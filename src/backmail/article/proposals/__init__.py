"""Proposes the words around each step: subject, preheader, teaser, action and file name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from backmail.article.proposals import candidates, neutral
from backmail.article.proposals.cues import Cues
from backmail.article.proposals.naming import short_forms, slug
from backmail.article.proposals.picking import PREHEADER, SUBJECT, TEASER, pick, pick_more
from backmail.article.proposals.scenes import Scene, Series, Shape, scene, series
from backmail.article.proposals.wording import wording
from backmail.model.article import Article, Block
from backmail.model.plan import Ahead, ProposedAction

__all__ = ["Proposal", "propose"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one step; `subjects` are those to choose from, `subject` the first of them."""

    slug: str
    subject: str
    preheader: str
    teaser: str
    action: ProposedAction
    subjects: tuple[str, ...] = ()


def propose(
    article: Article, steps: Sequence[Sequence[Block]], source_url: str = "", ahead: Ahead | None = None
) -> list[Proposal]:
    """Return the words around each step, in the article's language; where we have none of it, from its headings alone.

    Every subject has 1-50 characters, every preheader 30-100, every teaser 30-120; none promises a cure, no two
    subjects or preheaders sound alike, and no preheader holds its subject. No subject that may be chosen instead sounds
    like the subject of another step.

    Arguments:
        article: the understood article.
        steps: the blocks of each step in the order they are shown.
        source_url: address of the whole article, for the last step's link; "" when there is none.
        ahead: the mails that stand ahead of these in their series, whose words are not said again; None for none.
    """
    ahead = ahead or Ahead()
    language = wording(article.language)
    if language is None:
        return _neutral(article, steps, source_url, ahead)
    cues = Cues.of(article.lexicon or article.language)
    shared = replace(series(article, len(steps), language, cues), ahead=len(ahead.steps))
    stopwords = shared.cues.stopwords
    found: list[Proposal] = []
    shapes: list[Shape] = []
    wordings: list[Iterator[str]] = []
    for week, blocks in enumerate(steps, start=1):
        step = scene(shared, week, blocks)
        turn = shapes.count(step.shape)
        subject = pick(
            candidates.subjects(step, shared, turn),
            SUBJECT,
            [*ahead.subjects, *(each.subject for each in found)],
            stopwords,
            blocks=blocks,
        )
        said = [*ahead.preheaders, *(each.preheader for each in found), subject]
        found.append(
            Proposal(
                slug=slug(_slug_words(step, shared, subject), _slugs(found, ahead), f"mail-{week}"),
                subject=subject,
                preheader=pick(
                    candidates.preheaders(step, shared, subject), PREHEADER, said, stopwords, subject, blocks=blocks
                ),
                teaser=pick(candidates.teasers(step, shared, subject, turn), TEASER, [], stopwords, blocks=blocks),
                action=candidates.action(step, shared, source_url),
            )
        )
        shapes.append(step.shape)
        wordings.append(candidates.subjects(step, shared, turn))
    return _with_others(found, wordings, stopwords, ahead)


def _slugs(found: Sequence[Proposal], ahead: Ahead) -> set[str]:
    """Return the names that are taken."""
    return {*ahead.steps, *(each.slug for each in found)}


def _with_others(
    found: Sequence[Proposal], wordings: Sequence[Iterator[str]], stopwords: Set[str], ahead: Ahead
) -> list[Proposal]:
    """Return the proposals with further subjects to choose from; `wordings` has those of each step."""
    subjects = [each.subject for each in found]
    return [
        replace(
            each,
            subjects=pick_more(
                wordings[number],
                SUBJECT,
                each.subject,
                [*ahead.subjects, *subjects[:number], *subjects[number + 1 :], each.preheader],
                stopwords,
            ),
        )
        for number, each in enumerate(found)
    ]


def _slug_words(step: Scene, shared: Series, subject: str) -> str:
    """Return what a step's file is named after: its exercises in few words, its first heading, or its subject."""
    named = " ".join(short_forms(step.exercises, shared.wording)[-1]) if step.exercises else ""
    named = named or (step.headings[0] if step.headings else subject)
    function = shared.cues.words.function_words
    content = [word for word in named.split() if re.sub(r"\W+$", "", word.casefold()) not in function]
    return " ".join(content) or named


def _neutral(article: Article, steps: Sequence[Sequence[Block]], source_url: str, ahead: Ahead) -> list[Proposal]:
    found: list[Proposal] = []
    weeks, before = len(steps), len(ahead.steps)
    wordings = [neutral.subjects(article, blocks, week, weeks, before) for week, blocks in enumerate(steps, start=1)]
    for week, blocks in enumerate(steps, start=1):
        subject = pick(
            neutral.subjects(article, blocks, week, weeks, before),
            SUBJECT,
            [*ahead.subjects, *(each.subject for each in found)],
            frozenset(),
            blocks=blocks,
        )
        said = [*ahead.preheaders, *(each.preheader for each in found), subject]
        found.append(
            Proposal(
                slug=slug(subject, _slugs(found, ahead), f"mail-{week}"),
                subject=subject,
                preheader=pick(
                    neutral.preheaders(article, blocks, week + before, subject),
                    PREHEADER,
                    said,
                    frozenset(),
                    subject,
                    blocks=blocks,
                ),
                teaser=neutral.teaser(article, blocks, week + before),
                action=neutral.action(week, weeks, subject, source_url),
            )
        )
    return _with_others(found, wordings, frozenset(), ahead)
