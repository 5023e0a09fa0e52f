"""Puts an article's blocks into the order that a series needs: the source's own, but for a few moves with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from backmail.article.affinity import about, stems
from backmail.article.atoms import Atom, Order, Promotion, is_lead
from backmail.article.costs import MOST_WORDS
from backmail.errors import PlanRefused
from backmail.model.article import Article, Block, Kind
from backmail.model.plan import Drop

# Why a block of that role stands in no mail.
_DROPPED = {
    "chrome": "chrome",
    "related": "links to other pages",
    "toc": "a table of contents has nothing to point at in a mail",
    "front-matter": "front matter is about the page, not for its readers",
    "title": "the title names the campaign",
    "link-definitions": "link definitions are read where their links stand",
}
# A continuation of one of these belongs to it; other sections may be cut between their paragraphs.
_WHOLE = frozenset({Kind.EXERCISE, Kind.HOW_TO, Kind.SAFETY, Kind.FAQ, Kind.PRODUCT})
_ANSWERABLE = frozenset({Kind.EXERCISE, Kind.HOW_TO, Kind.OTHER})

Piece = tuple[Block, ...]  # a block with the continuations that must stay with it


@dataclass(slots=True)
class _Line:
    """The pieces on their way from the source's order to the series' order."""

    pieces: list[Piece]
    introduced: Mapping[str, tuple[str, ...]]  # lead id -> ids of the pieces that it introduces
    moves: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)  # piece id -> id of the piece it belongs to

    def where(self, piece_id: str) -> int:
        return next(index for index, piece in enumerate(self.pieces) if piece[0].id == piece_id)

    def of(self, kind: Kind) -> list[Piece]:
        return [piece for piece in self.pieces if piece[0].kind is kind]

    def move(self, pieces: Sequence[Piece], before: int, reason: str) -> None:
        """Put pieces in front of the piece that stands at index `before` now."""
        gone = {piece[0].id for piece in pieces}
        head = [piece for piece in self.pieces[:before] if piece[0].id not in gone]
        tail = [piece for piece in self.pieces[before:] if piece[0].id not in gone]
        self.pieces = [*head, *pieces, *tail]
        self.moves.update({block.id: reason for piece in pieces for block in piece})


def canonical(article: Article, stopwords: Set[str], *, products_in_place: bool = False) -> Order:
    """Return the article's atoms in the order of the series, its products, and what it drops.

    Moves: safety before the first exercise, a question behind what it is about, the conclusion behind the last
        questions, sources last.

    Arguments:
        article: an understood article.
        stopwords: words of its language that say nothing about a topic.
        products_in_place: whether products are told where the article has them, rather than as offers beside it.

    Raises:
        PlanRefused: blocks that must stay together are locked to different weeks.
    """
    stay = [block for block in article.blocks if block.in_mails]
    leads = [block for block in stay if is_lead(block)]
    pieces = _pieces([block for block in stay if not is_lead(block)])
    promoted = [piece for piece in pieces if piece[0].kind is Kind.PRODUCT and not products_in_place]
    introduced = _introduced(leads, pieces, stay)
    lonely = [(lead,) for lead in leads if not introduced[lead.id]]
    rank = {block.id: index for index, block in enumerate(stay)}
    told = [piece for piece in pieces if piece not in promoted] + lonely
    line = _Line(sorted(told, key=lambda piece: rank[piece[0].id]), introduced)
    _safety_first(line)
    _questions_home(line, stopwords)
    _closing_last(line)
    _sources_last(line)
    glued = _glue(leads, line, [piece[0].id for piece in promoted])
    atoms = _speaking(_atoms(line, glued, _topics(leads, introduced, stay)), stopwords)
    return Order(
        atoms=atoms,
        products=tuple(_promotion(piece, glued, line, atoms, rank, stopwords) for piece in promoted),
        dropped=tuple(_drop(block) for block in article.blocks if not block.in_mails),
        moves=line.moves,
    )


def _drop(block: Block) -> Drop:
    reason = block.dropped_because or _DROPPED.get(block.role or "", str(block.role))
    return Drop(block.id, (block.start, block.end), reason)


def _pieces(blocks: Sequence[Block]) -> list[Piece]:
    """Join continuations to a block that may not be split, as long as they fit into one mail together."""
    pieces: list[Piece] = []
    for block in blocks:
        home = next((index for index, piece in enumerate(pieces) if _continues(block, piece)), None)
        if home is None:
            pieces.append((block,))
        else:
            pieces[home] = (*pieces[home], block)
    return pieces


def _continues(block: Block, piece: Piece) -> bool:
    same = piece[0].kind in _WHOLE and block.kind in (piece[0].kind, Kind.OTHER)
    fits = sum(each.words for each in piece) + block.words <= MOST_WORDS
    return same and fits and block.continues in {each.id for each in piece}


def _introduced(leads: Sequence[Block], pieces: Sequence[Piece], stay: Sequence[Block]) -> dict[str, tuple[str, ...]]:
    """Return for each lead the ids of the pieces that it introduces, through leads below it.

    A lead without a list of its own introduces the next piece.
    """
    heads = {block.id: piece[0].id for piece in pieces for block in piece}
    rank = {block.id: index for index, block in enumerate(stay)}
    found: dict[str, tuple[str, ...]] = {}
    for lead in reversed(leads):
        named = [
            target for each in lead.lead_for for target in found.get(each, (heads[each],) if each in heads else ())
        ]
        if not lead.lead_for:
            following = (block.id for block in stay[rank[lead.id] + 1 :] if block.id in heads)
            named = [heads[block_id] for block_id in following][:1]
        found[lead.id] = tuple(dict.fromkeys(named))
    return found


def _safety_first(line: _Line) -> None:
    exercises = line.of(Kind.EXERCISE)
    if exercises:
        first = exercises[0][0].id
        group = {target for targets in line.introduced.values() if first in targets for target in targets} | {first}
        late = [piece for piece in line.of(Kind.SAFETY) if line.where(piece[0].id) > line.where(first)]
        begin = min(line.where(piece[0].id) for piece in line.pieces if piece[0].id in group)
        line.move(late, begin, "the safety text comes before the first exercise")
    questions = [piece for piece in line.of(Kind.FAQ) if piece[0].safety_relevant]
    texts = line.of(Kind.SAFETY)
    if texts:
        line.about.update({piece[0].id: texts[0][0].id for piece in (*texts[1:], *questions)})
        reason = "a question about stopping or asking for advice goes with the safety text"
        line.move(questions, line.where(texts[-1][0].id) + 1, reason)
    elif exercises:
        late = [piece for piece in questions if line.where(piece[0].id) > line.where(first)]
        line.move(late, begin, "a question about stopping or asking for advice comes before the first exercise")


def _questions_home(line: _Line, stopwords: Set[str]) -> None:
    candidates = [piece[0] for piece in line.pieces if piece[0].kind in _ANSWERABLE and not is_lead(piece[0])]
    for piece in line.of(Kind.FAQ):
        if piece[0].id in line.about or piece[0].safety_relevant:
            continue
        target = about(piece[0], candidates, stopwords)
        if target is None:
            continue
        line.about[piece[0].id] = target.id
        behind = line.where(target.id) + 1
        while target.kind is Kind.HOW_TO and _goes_on(line.pieces[behind:], target):
            behind += 1
        while behind < len(line.pieces) and line.about.get(line.pieces[behind][0].id) == target.id:
            behind += 1
        name = target.heading or " ".join(target.text.split()[:5])
        line.move([piece], behind, f"this question is about “{name}”")


def _goes_on(pieces: Sequence[Piece], step: Block) -> bool:
    """Say whether the next piece is another step of the same how-to: nothing may come between them."""
    return bool(pieces) and pieces[0][0].kind is Kind.HOW_TO and pieces[0][0].section == step.section


def _closing_last(line: _Line) -> None:
    """Let the last conclusion and the questions behind it change places: the series ends with its closing words."""
    kinds = [piece[0].kind for piece in line.pieces]
    if Kind.CONCLUSION not in kinds:
        return
    end = len(kinds) - kinds[::-1].index(Kind.CONCLUSION)
    start = end
    while start > 0 and kinds[start - 1] is Kind.CONCLUSION:
        start -= 1
    behind = end
    while behind < len(kinds) and kinds[behind] is Kind.FAQ:
        behind += 1
    if behind > end:
        line.move(line.pieces[start:end], behind, "the closing words come behind the last questions")


def _sources_last(line: _Line) -> None:
    line.move(line.of(Kind.SOURCES), len(line.pieces), "the sources come at the end of the series")


def _glue(leads: Sequence[Block], line: _Line, products: Sequence[str]) -> dict[str, tuple[Block, ...]]:
    """Return for each piece the lead-ins in front of it.

    A lead-in goes with the first that stayed in its place of what it introduces, else with the first.
    """
    place = {piece[0].id: index for index, piece in enumerate(line.pieces)}
    glued: dict[str, list[Block]] = {}
    for lead in leads:
        targets = line.introduced[lead.id]
        told = [target for target in targets if target in place]
        at_home = [target for target in told if target not in line.moves]
        wanted = at_home or told or [target for target in targets if target in products]
        if not wanted:
            continue
        goal = min(wanted, key=lambda target: place.get(target, 0))
        glued.setdefault(goal, []).append(lead)
        if goal in line.moves:
            line.moves[lead.id] = "a lead-in stays with what it introduces"
    return {goal: tuple(blocks) for goal, blocks in glued.items()}


def _topics(leads: Sequence[Block], introduced: Mapping[str, tuple[str, ...]], stay: Sequence[Block]) -> dict[str, int]:
    """Return the topic of each block: its section; what a lead-in introduces has the lead-in's."""
    topics = {block.id: block.section for block in stay}
    for lead in leads:
        topics.update(dict.fromkeys(introduced[lead.id], lead.section))
    for block in stay:
        if block.continues in topics:
            topics[block.id] = topics[block.continues]
    return topics


def _week(blocks: Sequence[Block]) -> int | None:
    weeks = sorted({block.locked_week for block in blocks if block.locked_week is not None})
    if len(weeks) > 1:
        names = " and ".join(block.heading or block.id for block in blocks if block.locked_week is not None)
        raise PlanRefused(
            f"{names} must stay together, but are locked to weeks {' and '.join(map(str, weeks))}",
            rule="locked-week",
            nearest=None,
        )
    return weeks[0] if weeks else None


def _atoms(line: _Line, glued: Mapping[str, tuple[Block, ...]], topics: Mapping[str, int]) -> tuple[Atom, ...]:
    place = {piece[0].id: index for index, piece in enumerate(line.pieces)}
    atoms: list[Atom] = []
    for index, piece in enumerate(line.pieces):
        goal = line.about.get(piece[0].id)
        blocks = (*glued.get(piece[0].id, ()), *piece)
        asks = piece[0].kind is Kind.FAQ and goal is not None
        topic = topics[goal] if asks and goal is not None else topics[piece[0].id]
        atoms.append(Atom(blocks, index, topic, None if goal is None else place[goal], _week(blocks)))
    return tuple(atoms)


def _speaking(atoms: Sequence[Atom], stopwords: Set[str]) -> tuple[Atom, ...]:
    """Return the atoms with the stems that each speaks of; what half of all speak of tells none from another."""
    said = [stems("\n".join(block.text for block in atom.blocks), stopwords) for atom in atoms]
    held = Counter(stem for each in said for stem in each)
    common = {stem for stem, count in held.items() if count * 2 > len(atoms)}
    return tuple(replace(atom, speaks_of=each - common) for atom, each in zip(atoms, said, strict=True))


def _promotion(
    piece: Piece,
    glued: Mapping[str, tuple[Block, ...]],
    line: _Line,
    atoms: Sequence[Atom],
    rank: Mapping[str, int],
    stopwords: Set[str],
) -> Promotion:
    """Return the product with its homes: behind what it follows in the source, and behind what it is about."""
    places = {block.id: atom.place for atom in atoms for block in atom.blocks}
    before = [each for each in places if rank[each] < rank[piece[0].id] and each not in line.moves]
    homes = [places[max(before, key=lambda each: rank[each])] + 1 if before else 0]
    candidates = [atom.main for atom in atoms if atom.kind in _ANSWERABLE and not is_lead(atom.main)]
    target = about(piece[0], candidates, stopwords)
    if target is not None:
        homes.append(places[target.id] + 1)
    blocks = (*glued.get(piece[0].id, ()), *piece)
    return Promotion(blocks, tuple(homes), _week(blocks))
