"""Why the series is as it is, in plain words for the person who sends it: each cut, each move, the number of weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backmail.article import costs
from backmail.article.atoms import Atom, Order, Promotion, is_lead
from backmail.article.drafts import section
from backmail.article.optimise import Arranged
from backmail.article.proposals.naming import clip
from backmail.article.rules import speaking_for
from backmail.model.article import Article, Block, Kind
from backmail.model.plan import Move

_LONGEST_NAME = 60  # characters


def name(blocks: Sequence[Block]) -> str:
    """Return what to call some blocks: their first heading, else their first words, in quotation marks."""
    heading = next((block.heading for block in blocks if block.heading), "")
    return f"“{clip(heading or ' '.join(blocks[0].text.split()), _LONGEST_NAME)}”"


def of_kind(block: Block, kind: Kind, language: str) -> tuple[str, ...]:
    """Return the named reasons that speak for a block's being of some kind, though it may have been taken for another.

    Arguments:
        block: of an article.
        kind: the one to speak for.
        language: the article's, or its lexicon.
    """
    return speaking_for(section(block.units), kind, language)


def of_number(words: int, weeks: int, asked: int | None) -> str:
    """Return why there are so many weeks; `asked` is the number that was asked for, if any."""
    each = f"about {round(words / weeks)} words each"
    if asked is not None:
        return f"{weeks} {'mail was' if weeks == 1 else 'mails were'} asked for: {each}"
    if weeks == 1:
        return f"one mail: {words} words are too few for a series"
    return f"{weeks} mails, {each}: nearest to {costs.IDEAL_WORDS} words a mail with the fewest awkward cuts"


def of_cut(before: Arranged, after: Arranged, order: Order) -> str:
    """Return why the step `before` ends where `after` begins."""
    last, first = before.atoms[-1], after.atoms[0]
    locked = next((atom for atom in after.atoms if atom.week is not None), None)
    if locked is not None:
        return f"{name(locked.blocks)} is locked to this week"
    has_safety = any(atom.kind is Kind.SAFETY for atom in before.atoms)
    first_exercise = next((atom for atom in order.atoms if atom.kind is Kind.EXERCISE), None)
    if has_safety and first_exercise is first:
        return "the safety text goes out in the mail before the first exercise"
    if last.topic != first.topic:
        return f"a new topic begins: {_topic(first)}"
    together = before.words + first.words
    if together > costs.MOST_WORDS:
        return f"with {name(first.blocks)} the mail before would have {together} words; {costs.MOST_WORDS} is the most"
    return f"the section is cut to keep the mails even: {before.words} words before the cut, {after.words} after it"


def _topic(atom: Atom) -> str:
    return name(atom.blocks)


def moves(article: Article, shown: Sequence[str], order: Order, weeks: Mapping[str, int]) -> tuple[Move, ...]:
    """Return the blocks that do not stand where the source has them, each with its reason.

    Only blocks that a rule may move are asked; those that stand right without being moved are left out.

    Arguments:
        article: the article.
        shown: ids of all blocks in mails, in the order in which they are read.
        order: the order that the plan was made from.
        weeks: block id -> week.
    """
    rank = {block.id: index for index, block in enumerate(article.blocks)}
    place = {block_id: index for index, block_id in enumerate(shown)}
    why = _why(order, weeks)
    kept = [block_id for block_id in shown if block_id not in why]
    moved: list[Move] = []
    for block_id in sorted(why, key=lambda each: rank[each]):
        if all((rank[block_id] < rank[other]) == (place[block_id] < place[other]) for other in kept):
            kept.append(block_id)
        else:
            moved.append(Move(block_id, why[block_id]))
    return tuple(moved)


def _why(order: Order, weeks: Mapping[str, int]) -> dict[str, str]:
    """Return for each block that may have moved why it would have; the marketer's own wish comes before all else."""
    why: dict[str, str] = {}
    for atom in order.atoms:
        for block in atom.blocks:
            if is_lead(block):
                why[block.id] = "a lead-in stays with what it introduces"
            elif block is not atom.main:
                why[block.id] = "a continuation stays with what it continues"
    why |= order.moves
    for product in order.products:
        reason = (
            "a product stands at the end of a mail: never in the first one, beside safety text or with another product"
        )
        why |= dict.fromkeys((block.id for block in product.blocks), reason)
    every: tuple[Atom | Promotion, ...] = (*order.atoms, *order.products)
    for each in every:
        if each.week is not None:
            why |= {block.id: f"locked to week {weeks[block.id]}" for block in each.blocks}
    return why
