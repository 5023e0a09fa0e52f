"""What is said of a series that was made: in sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from backmail.desk.new import Made
from backmail.model.article import Article, Block, Caution, Kind, Source
from backmail.model.plan import Plan

_SHOWN = 3  # wordings quoted in one line


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def sentence_about(article: Article, plan: Plan) -> str:
    """Return what a plan made of an article, in one sentence."""
    words = [step.words for step in plan.steps]
    each = f"{words[0]} words" if plan.weeks == 1 else f"{min(words)}-{max(words)} words each"
    name = Path(article.source.name).name
    return f"{counted(plan.weeks, 'mail')} from {name} ({counted(article.words, 'word')}), {each}"


def safety_of(article: Article, plan: Plan) -> str:
    """Return where safety stands, or "" for an article without exercises."""
    safety = {block.id for block in article.blocks if block.kind is Kind.SAFETY}
    exercises = {block.id for block in article.blocks if block.kind is Kind.EXERCISE}
    first = next((step.week for step in plan.steps if exercises & set(step.blocks)), None)
    if first is None:
        return ""
    told = next((step.week for step in plan.steps if safety & set(step.blocks)), None)
    if told is None:
        return f"exercises begin in mail {first}, without a safety text, as you said"
    repeated = sum(bool(step.repeats) for step in plan.steps)
    said = f"the safety text stands in mail {told}, exercises begin in mail {first}"
    return said + (
        f"; {counted(repeated, 'later mail')} repeat{'s' if repeated == 1 else ''} a sentence of it" if repeated else ""
    )


def kept_of(article: Article, plan: Plan) -> str:
    """Return how much is kept, moved and dropped: lines of the source, or elements of a page.

    What is around the article of a page (menus, comments) is no part of it, and not counted.
    """
    home = {number: block.id for block in article.blocks if not block.file for number in _counted_in(article, block)}
    reasons = {drop.block: drop.reason for drop in plan.dropped}
    dropped = [block for block in home.values() if block in reasons]
    moved = len({move.block for move in plan.moved})
    noun = "elements" if article.source.by_element else "lines"
    said = f"{len(home) - len(dropped)} of {len(home)} {noun} stand in the mails"
    if dropped:
        said += f", {len(dropped)} were left out ({', '.join(dict.fromkeys(reasons[block] for block in dropped))})"
    return said + (f"; {counted(moved, 'block')} moved" if moved else "")


def _counted_in(article: Article, block: Block) -> Iterator[int]:
    """Give the lines of a block that are not blank, or the numbers of its elements."""
    if article.source.by_element:
        yield from (unit.start for unit in block.units if block.role != "chrome")
        return
    lines = article.source.lines
    yield from (number for number in range(block.start, block.end + 1) if lines[number - 1].strip())


def quoted(cautions: Sequence[Caution]) -> str:
    """Return the first wordings of some cautions, quoted."""
    texts = list(dict.fromkeys(f'"{caution.text}"' for caution in cautions if caution.text))
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def flagged(source: Source, cautions: Sequence[Caution]) -> list[str]:
    """Return a line for each kind of caution without a proposal: its places in the article, and what is said there."""
    alike: dict[str, list[Caution]] = {}
    for caution in cautions:
        if caution.proposal is None:
            alike.setdefault(caution.id, []).append(caution)
    return [f"{_places(source, [each.start for each in group])}: {group[0].message}" for group in alike.values()]


def _places(source: Source, numbers: Sequence[int]) -> str:
    distinct = sorted(set(numbers))
    first, last = distinct[0], distinct[-1]
    if len(distinct) == 1 or (len(distinct) > 2 and last - first == len(distinct) - 1):
        return source.where(first, last)
    return source.where(first, last).partition(" ")[0] + " " + ", ".join(map(str, distinct))


def wanting_a_look(made: Made, *, adapted: bool) -> Iterator[str]:
    """Yield a line for each thing about an article that a marketer should see."""
    proposals = [caution for caution in made.article.cautions if caution.proposal is not None]
    if proposals:
        done = "changed" if adapted else "left as they are (--adapt all takes the proposals)"
        yield f"{counted(len(proposals), 'wording')} {done}: {quoted(proposals)}"
    yield from flagged(made.article.source, made.article.cautions)
    doubtful = [block for block in made.article.blocks if block.in_mails and block.confidence < DOUBTFUL]
    for block in doubtful:
        yield f"{made.article.source.where(block.start)}: taken for {block.kind}, but not surely: {block.text[:50]!r}"
    if made.products:
        yield f"added to the catalogue, without a link: {', '.join(made.products)}"


def told_of_pictures(made: Made) -> Iterator[str]:
    """Yield what became of the article's pictures: how many were copied, how many stay, which could not be, and why."""
    copied = made.copies
    if copied is None:
        return
    if copied.files:
        yield f"{counted(len(copied.files), 'picture')} copied into images/"
    if copied.stayed:
        stay, it = ("stays", "it") if copied.stayed == 1 else ("stay", "them")
        yield f"{counted(copied.stayed, 'picture')} of the web {stay} there: mails link to {it}"
    yield from copied.faults


# Below this a block is shown to the marketer for a look.
DOUBTFUL = 0.6
