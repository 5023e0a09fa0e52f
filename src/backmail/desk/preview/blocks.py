"""The blocks of an article as they were understood, the mails that they go to, and what was decided about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backmail.campaign.outline import first_words
from backmail.desk.explain.views import paragraphs
from backmail.desk.explain.words import words_in
from backmail.desk.summary import DOUBTFUL
from backmail.desk.workshop import Understood
from backmail.model.article import NO_PRODUCT, Kind, Override, Source
from backmail.model.plan import Plan

__all__ = ["Decision", "OutlineBlock", "OutlineMail", "blocks_of", "decisions", "mails_of"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a block: its first words, the setting (kind, week, ...), and a sentence about it.

    `block` is the id of the block that it is about, "" where there is none any longer; `stale` says why. `of` is the
    number of its article in the series.
    """

    words: str
    what: str
    sentence: str
    block: str = ""
    stale: str = ""
    of: int = 1


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """A block of the article, as it was understood.

    Attributes:
        id: its id.
        kind: what it is for.
        role: what it is within that, "" for nothing in particular.
        heading: its heading, "" where it has none.
        where: its place in the article: "line 12", "elements 12-13".
        words: the first words of it, by which it is corrected.
        count: how many words it has.
        text: its paragraphs, without the heading.
        confidence: how sure that is, in percent.
        doubtful: whether somebody should look.
        reasons: why it was taken for this, in plain words.
        runner_up: what else it may be, None where nothing else comes near.
        mail: the number of the mail that it goes to, 0 for none.
        dropped: why it goes to none.
        moved: why it stands elsewhere than in the article.
        decided: what was decided about it by hand.
        added: whether it is of the safety text that was put beside the article: that is not corrected here.
        of: the number of its article in the series, from 1.
    """

    id: str
    kind: Kind
    role: str
    heading: str
    where: str
    words: str
    count: int
    text: tuple[str, ...]
    confidence: int
    doubtful: bool
    reasons: tuple[str, ...]
    runner_up: Kind | None
    mail: int
    dropped: str
    moved: str
    decided: tuple[Decision, ...]
    added: bool = False
    of: int = 1

    @property
    def name(self) -> str:
        """What it is called in a list."""
        return self.heading or self.words


@dataclass(frozen=True, slots=True)
class OutlineMail:
    """A mail of the plan: its blocks in the order in which they are read, and why the mail before ended."""

    number: int
    step: str
    subject: str
    words: int
    blocks: tuple[OutlineBlock, ...]
    reason: str
    repeats: int


def blocks_of(understood: Understood, plan: Plan | None) -> Iterator[OutlineBlock]:
    """Give the blocks in the order of the article; `plan` None: they go to no mail."""
    article = understood.article
    mail = {block: step.week for step in plan.steps for block in step.blocks} if plan else {}
    dropped = {drop.block: drop.reason for drop in plan.dropped} if plan else {}
    moved = {move.block: move.reason for move in plan.moved} if plan else {}
    decided: dict[str, list[Decision]] = {}
    for decision in decisions(understood):
        decided.setdefault(decision.block, []).append(decision)
    for block in article.blocks:
        yield OutlineBlock(
            id=block.id,
            kind=block.kind,
            role=block.role or "",
            heading=block.heading,
            where=article.source.where(block.start, block.end),
            words=first_words(block, article.blocks),
            count=block.words,
            text=tuple(paragraphs(block)),
            confidence=round(block.confidence * 100),
            doubtful=block.in_mails and block.confidence < DOUBTFUL,
            reasons=tuple(dict.fromkeys(words_in("en").reason(reason) for reason in block.reasons)),
            runner_up=block.runner_up,
            mail=mail.get(block.id, 0),
            dropped=dropped.get(block.id, ""),
            moved=moved.get(block.id, ""),
            decided=tuple(decided.get(block.id, ())),
            added=bool(block.file),
            of=understood.ahead.articles + 1,
        )


def mails_of(plan: Plan | None, blocks: Mapping[str, OutlineBlock]) -> Iterator[OutlineMail]:
    """Give the mails of a plan, with the blocks of it by their ids."""
    for step in plan.steps if plan else ():
        held = tuple(blocks[block] for block in step.blocks)
        yield OutlineMail(step.week, step.slug, step.subject, step.words, held, step.reason, len(step.repeats))


def decisions(understood: Understood) -> Iterator[Decision]:
    """Give what was decided by hand, in the order of outline.yaml."""
    source = understood.article.source
    given = zip(understood.outline.overrides, understood.article.decisions, strict=True)
    for override, each in given:
        of = understood.ahead.articles + 1
        said = _sentence(override, source) + (" of its article" if override.week and of > 1 else "")
        yield Decision(override.block, override.decides, said, each.block, each.stale, of)


def _sentence(override: Override, source: Source) -> str:  # noqa: PLR0911  # one return for each kind of decision
    match override.decides:
        case "kind":
            return f"You said: this is {override.kind}"
        case "merge_with":
            return f"You joined it with “{override.merge_with}”"
        case "split_at" if isinstance(override.split_at, int):
            return f"You began a new block at {source.where(override.split_at)}"
        case "split_at":
            return f"You began a new block at “{override.split_at}”"
        case "week":
            return f"You put it in mail {override.week}"
        case "heading":
            return f"You gave it the heading “{override.heading}”"
        case "product" if override.product == NO_PRODUCT:
            return "You said: it is about no product"
        case "product":
            return f"You said: it is about the product {override.product}"
    return f"You left it out: {override.drop_because}"
