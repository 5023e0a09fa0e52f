"""Where each block of an article stands in the folder now, found by its container's id or by its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from backmail.campaign.body import CONTAINED
from backmail.campaign.differences import Word, nearest
from backmail.campaign.expected import Expected
from backmail.campaign.pages import Held, Page, joined
from backmail.model.article import Block

NOTE = "note"
_ALIKE = 80.0  # of 100: a container with this much of a block's text is that block under a wrong id


@dataclass(frozen=True, slots=True)
class Part:
    """One passage of a block and the words that stand for it now (none where it is missing)."""

    expected: str
    page: Page
    words: tuple[Word, ...]

    @property
    def exact(self) -> bool:
        """Whether it stands as expected."""
        return joined(self.words) == self.expected


@dataclass(frozen=True, slots=True)
class Standing:
    """A block where it was found. `held` is its container, None where its words stand outside of any.

    `others` are further containers with its id, each with its page.
    """

    block: Block
    page: Page
    parts: tuple[Part, ...]
    held: Held | None = None
    others: tuple[tuple[Page, Held], ...] = ()

    @property
    def line(self) -> int:
        """The line of its file where it begins."""
        if self.held:
            return self.held.container.start
        return min((part.words[0].line for part in self.parts if part.words and part.page is self.page), default=1)


@dataclass(slots=True)
class Ground:
    """The words outside of containers that no block has been found in yet, as runs of neighbours by page."""

    free: dict[int, list[tuple[Word, ...]]] = field(default_factory=dict)

    def take(self, page: Page, run: int, start: int, end: int) -> tuple[Word, ...]:
        """Take the words from `start` to behind `end` out of a run and return them."""
        words = self.free[page.index][run]
        self.free[page.index][run : run + 1] = [words[:start], words[end:]]
        return words[start:end]


def stand(pages: Sequence[Page], expected: Mapping[str, Expected], planned: Mapping[str, Page]) -> dict[str, Standing]:
    """Return where each block stands, by its id; a block that stands nowhere is left out.

    `planned` names the page on which a block should be: it is looked at first, and the others in their order.
    """
    found = {each.block.id: each for each in _in_containers(pages, expected)}
    ground = Ground({page.index: list(page.runs) for page in pages})
    loose = [each for each in expected.values() if each.block.id not in found]
    exact: dict[str, list[Part | None]] = {}
    for each in loose:  # what stands word for word first, so that its words are not taken for another's
        exact[each.block.id] = _exact(each, _order(pages, planned.get(each.block.id)), ground)
    for each in loose:
        parts = _with_nearest(each, exact[each.block.id], _order(pages, planned.get(each.block.id)), ground)
        if parts:
            found[each.block.id] = Standing(each.block, _most(parts), parts)
    return {block: found[block] for block in expected if block in found}


def _order(pages: Sequence[Page], first: Page | None) -> list[Page]:
    return sorted(pages, key=lambda page: (first is not None and page.index != first.index, page.index))


def _in_containers(pages: Sequence[Page], expected: Mapping[str, Expected]) -> Iterator[Standing]:
    """Give the blocks that have a container: by its id, else (an id of nobody's) by what it says."""
    held: dict[str, list[tuple[Page, Held]]] = {}
    for page in pages:
        for each in page.held:
            if each.container.name != NOTE:
                held.setdefault(each.container.id, []).append((page, each))
    missing = [each for each in expected.values() if each.block.id not in held and each.block.kind in CONTAINED]
    for block, places in held.items():
        if block not in expected:
            for page, one in places:
                who = _recognised(one, missing)
                if who:
                    missing.remove(who)
                    yield _contained(who, page, one, ())
            continue
        (page, one), *others = places
        yield _contained(expected[block], page, one, tuple(others))


def _recognised(held: Held, missing: Sequence[Expected]) -> Expected | None:
    """Return the block whose text a container of unknown id holds."""
    scored = [(fuzz.ratio(" ".join(each.parts), held.text), each) for each in missing]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _ALIKE else None


def _contained(expected: Expected, page: Page, held: Held, others: tuple[tuple[Page, Held], ...]) -> Standing:
    """Return a block in its container: all of its words are compared at once."""
    text = " ".join(expected.settled(part, held.text) for part in expected.parts)
    part = Part(" ".join(text.split()), page, held.words)
    return Standing(expected.block, page, (part,), held, others)


def _exact(expected: Expected, pages: Sequence[Page], ground: Ground) -> list[Part | None]:
    """Return for each passage of a block the words that are the same, on the page that has most of them; else None."""
    best = max(pages, key=lambda page: _score(expected, page, ground))
    order = [best, *(page for page in pages if page is not best)]
    return [_taken(expected, part, order, ground) for part in expected.parts]


def _score(expected: Expected, page: Page, ground: Ground) -> int:
    """Return how many characters of a block's passages stand on a page as they are."""
    runs = [joined(run) for run in ground.free[page.index]]
    return sum(
        len(part) for part in expected.parts if any(_at(expected.settled(part, run), run) is not None for run in runs)
    )


def _taken(expected: Expected, part: str, pages: Sequence[Page], ground: Ground) -> Part | None:
    """Take the words of a passage out of the ground, wherever they stand as they should."""
    for page in pages:
        for index, run in enumerate(ground.free[page.index]):
            text = joined(run)
            wanted = expected.settled(part, text)
            start = _at(wanted, text)
            if start is not None:
                return Part(wanted, page, ground.take(page, index, start, start + len(wanted.split())))
    return None


def _at(wanted: str, text: str) -> int | None:
    """Return how many words of `text` stand before `wanted`, or None where it is not in it at the bounds of words."""
    at = f" {text} ".find(f" {wanted} ")
    return None if at < 0 or not wanted else text[:at].count(" ")


def _with_nearest(
    expected: Expected, exact: Sequence[Part | None], pages: Sequence[Page], ground: Ground
) -> tuple[Part, ...]:
    """Return the passages of a block with the nearest words for those not found as they are; () for a missing block."""
    home = _most([part for part in exact if part]) if any(exact) else None
    order = [home, *(page for page in pages if page is not home)] if home else list(pages)
    parts = [part or _near(expected, text, order, ground) for part, text in zip(exact, expected.parts, strict=True)]
    if not any(parts):
        return ()
    page = _most([part for part in parts if part])
    missing = (Part(expected.settled(text, ""), page, ()) for text in expected.parts)
    return tuple(part or gone for part, gone in zip(parts, missing, strict=True))


def _near(expected: Expected, part: str, pages: Sequence[Page], ground: Ground) -> Part | None:
    """Take the words out of the ground that come nearest to a passage, if any come near."""
    for page in pages:
        for index, run in enumerate(ground.free[page.index]):
            wanted = expected.settled(part, joined(run))
            span = nearest(wanted.split(), run)
            if span:
                return Part(wanted, page, ground.take(page, index, *span))
    return None


def _most(parts: Sequence[Part]) -> Page:
    """Return the page that has most of the words."""
    count: dict[int, int] = {}
    by_index = {part.page.index: part.page for part in parts}
    for part in parts:
        count[part.page.index] = count.get(part.page.index, 0) + len(part.words)
    return by_index[max(count, key=lambda index: (count[index], -index))]
