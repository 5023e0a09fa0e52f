"""An understood article and its plan, as they are explained: each part in words, and what belongs together linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backmail.article.reasons import of_kind
from backmail.campaign.outline import first_words
from backmail.desk.explain.words import Words
from backmail.desk.summary import DOUBTFUL
from backmail.desk.workshop import Understood
from backmail.errors import BackmailError, PlanRefused, SafetyStop
from backmail.markup import fold
from backmail.model.article import Article, Block, Decision, Kind
from backmail.model.plan import Plan

__all__ = ["Explained", "ExplainedMail", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class Explained:
    """One block of the article.

    Attributes:
        id: its id.
        kind: what it is for, as it is typed.
        kind_word: the same as a person says it.
        role: what it is within that, in words; "" for nothing in particular.
        name: its heading, or its first words.
        heading: its heading, "" where it has none.
        where: its lines in the article; "" where that has none.
        words: the first words of it, by which it is corrected.
        text: its paragraphs without the heading.
        sure: how sure its kind is, of 100.
        doubtful: whether somebody should look.
        reasons: why it was taken for this.
        other: what else it may be, as a person says it; "" where nothing else comes near.
        other_reasons: what speaks for that.
        mail: the number of its mail, 0 for none.
        moved: why it stands elsewhere than in the article; "" where it does not.
        dropped: why it is in no mail.
        decided: what somebody decided about it.
        asks: whether it is a question of readers.
    """

    id: str
    kind: str
    kind_word: str
    role: str
    name: str
    heading: str
    where: str
    words: str
    text: tuple[str, ...]
    sure: int
    doubtful: bool
    reasons: tuple[str, ...]
    other: str
    other_reasons: tuple[str, ...]
    mail: int
    moved: str
    dropped: str
    decided: tuple[str, ...]
    asks: bool


@dataclass(frozen=True, slots=True)
class ExplainedMail:
    """One mail of the plan: its blocks in the order in which they are read, and why it begins where it does."""

    number: int
    subject: str
    count: int
    blocks: tuple[Explained, ...]
    reason: str
    repeats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. Where the plan does not work, `mails` is empty and `refused` says why; `stale` fits no block."""

    title: str
    guessed: bool
    language: str
    count: int
    file: str
    blocks: tuple[Explained, ...]
    mails: tuple[ExplainedMail, ...]
    number: str
    stale: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def doubtful(self) -> tuple[Explained, ...]:
        """The blocks that somebody should look at, the least sure first."""
        return tuple(sorted((each for each in self.blocks if each.doubtful), key=lambda each: each.sure))

    @property
    def questions(self) -> tuple[Explained, ...]:
        """The questions of readers."""
        return tuple(each for each in self.blocks if each.asks)


def explain(understood: Understood, words: Words, source_url: str = "") -> Explanation:
    """Return why an article was understood so, and why its plan is as it is."""
    article = understood.article
    plan, refused = _planned(understood, source_url)
    blocks = {block.id: block for block in _blocks(article, plan, words)}
    reasons = [words.of_plan(step.reason) for step in plan.steps] if plan else []
    return Explanation(
        title=article.title,
        guessed=article.title_guessed,
        language=article.language,
        count=article.words,
        file=article.source.name,
        blocks=tuple(blocks.values()),
        mails=tuple(
            ExplainedMail(
                number=step.week,
                subject=step.subject,
                count=step.words,
                blocks=tuple(blocks[block] for block in step.blocks),
                reason=reasons[place] if place else "",
                repeats=tuple(fold(repeat.text) for repeat in step.repeats),
            )
            for place, step in enumerate(plan.steps if plan else ())
        ),
        number=reasons[0] if reasons else "",
        stale=tuple(each.complaint for each in article.decisions if each.stale),
        refused=tuple(str(fault.message) for fault in refused.faults) if refused else (),
    )


def _planned(understood: Understood, source_url: str) -> tuple[Plan | None, BackmailError | None]:
    try:
        return understood.plan(source_url), None
    except (PlanRefused, SafetyStop) as refused:
        return None, refused


def _blocks(article: Article, plan: Plan | None, words: Words) -> Iterator[Explained]:
    mail = {block: step.week for step in plan.steps for block in step.blocks} if plan else {}
    moved = {move.block: words.of_plan(move.reason) for move in plan.moved} if plan else {}
    dropped = {drop.block: words.of_plan(drop.reason) for drop in plan.dropped} if plan else {}
    decided: dict[str, list[Decision]] = {}
    for decision in article.decisions:
        decided.setdefault(decision.block, []).append(decision)
    for block in article.blocks:
        begun = first_words(block, article.blocks)
        other = _other(block)
        yield Explained(
            id=block.id,
            kind=str(block.kind),
            kind_word=words.kinds[block.kind],
            role=words.roles.get(block.role, block.role) if block.role else "",
            name=block.heading or begun,
            heading=block.heading,
            where=_where(article, block, words),
            words=begun,
            text=tuple(paragraphs(block)),
            sure=round(block.confidence * 100),
            doubtful=block.in_mails and block.confidence < DOUBTFUL,
            reasons=_said(block.reasons or ("other.nothing-else",), words),
            other=words.kinds[other] if other else "",
            other_reasons=_said(of_kind(block, other, article.lexicon or article.language), words) if other else (),
            mail=mail.get(block.id, 0),
            moved=moved.get(block.id, ""),
            dropped=dropped.get(block.id, ""),
            decided=tuple(each.override.said for each in decided.get(block.id, ())),
            asks=block.kind is Kind.FAQ,
        )


def _said(reasons: Sequence[str], words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.reason(reason) for reason in reasons))


def _other(block: Block) -> Kind | None:
    """Return what else a block may be; what somebody decided is no guess."""
    return block.runner_up if block.runner_up is not block.kind else None


def _where(article: Article, block: Block, words: Words) -> str:
    if article.source.by_element and not block.file:
        return ""
    if block.end == block.start:
        return words.say("line", n=block.start)
    return words.say("lines", n=f"{block.start}–{block.end}")


def paragraphs(block: Block) -> Iterator[str]:
    """Give what stands below the heading, whichever way the heading was found."""
    for number, unit in enumerate(block.units):
        if not (number == 0 and block.heading and unit.text == block.heading):
            yield fold(unit.text or unit.raw)
