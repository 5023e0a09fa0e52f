"""Whom a segment means: the databases answer as a plain look at each person does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from backmail.audience.segments import doubts, select
from backmail.segments import All, And, Field, Finished, Not, Or, Segment, Tag, parse
from backmail.store.engine import durable, reading
from backmail.store.tables import campaigns, enrollments, subscribers, tags
from tests.segments.segments import FIELDS, NAMES, SLUGS, VALUES, trees
from tests.store.world import NINE, World

COLUMNS = {"language": "language", "timezone": "zone", "first_name": "first_name", "last_name": "last_name"}


@dataclass(frozen=True)
class Made:
    """A made person: her tags, her fields by the name that a segment has for them, her walks (slug, state)."""

    tags: frozenset[str]
    fields: dict[str, str | None] = field(default_factory=dict)
    walks: dict[str, str] = field(default_factory=dict)


people = st.lists(
    st.builds(
        Made,
        st.frozensets(st.sampled_from(NAMES), max_size=3),
        st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES)),
        st.dictionaries(st.sampled_from(SLUGS), st.sampled_from(["active", "finished", "exited"])),
    ),
    max_size=6,
)


def meant(tree: Segment, person: Made) -> bool:
    """Return whether a segment means her, as its words say."""
    match tree:
        case Tag(name):
            return name in person.tags
        case Field(name, value):
            return (person.fields.get(name) or "") == value
        case Finished(slug):
            return person.walks.get(slug) == "finished"
        case Not(inner):
            return not meant(inner, person)
        case And(parts) | Or(parts):
            return (all if isinstance(tree, And) else any)(meant(part, person) for part in parts)
    return tree == All()


def add(tx: sa.Connection, number: int, person: Made) -> int:
    """Add a made person, and return her id."""
    own = {column: person.fields.get(name) for name, column in COLUMNS.items()}
    attributes = {name: value for name, value in person.fields.items() if name not in COLUMNS}
    row = {"address": str(number), "email": f"Anna.{number}@example.org", "added_at": NINE, "attributes": attributes}
    id_ = int(tx.execute(subscribers.insert().values(row | own).returning(subscribers.c.id)).scalar_one())
    for tag in person.tags:
        tx.execute(tags.insert().values(subscriber=id_, tag=tag, since=NINE))
    for slug, state in person.walks.items():
        ended = None if state == "active" else NINE
        walk = {"subscriber": id_, "campaign": f"c-{slug}", "state": state, "started_at": NINE, "ended_at": ended}
        tx.execute(enrollments.insert().values(walk))
    return id_


class _Undo(Exception):  # noqa: N818
    pass


@contextmanager
def undone(store: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction that leaves nothing behind."""
    with suppress(_Undo), durable(store) as tx:
        yield tx
        raise _Undo


def test_both_databases_mean_whom_the_words_mean(store: sa.Engine) -> None:
    with durable(store) as tx:
        tx.execute(campaigns.insert(), [{"id": f"c-{slug}", "slug": slug} for slug in SLUGS])

    @settings(max_examples=150)
    @given(people, st.lists(trees, min_size=1, max_size=5))
    def told(made: list[Made], asked: list[Segment]) -> None:
        with undone(store) as tx:
            by_id = {add(tx, number, person): person for number, person in enumerate(made)}
            for tree in asked:
                found = tx.scalars(select(tree)).all()
                assert sorted(found) == [id_ for id_, person in by_id.items() if meant(tree, person)], str(tree)

    told()


@pytest.mark.parametrize(
    ("line", "names"),
    [("field:email=ANNA.1@EXAMPLE.org", [1]), ("not field:email=x", [1, 2, 3]), ("field:email=x@ø.dk", [3])],
)
def test_an_address_is_compared_without_regard_to_small_and_large_letters(
    store: sa.Engine, line: str, names: list[int]
) -> None:
    with undone(store) as tx:
        ids = {add(tx, number, Made(frozenset())): number for number in (1, 2)}
        other = {"address": "3", "email": "x@xn--pda.dk", "added_at": NINE}
        ids[tx.execute(subscribers.insert().values(other).returning(subscribers.c.id)).scalar_one()] = 3
        assert sorted(ids[id_] for id_ in tx.scalars(select(parse(line)))) == names


def test_a_segment_of_the_largest_size_can_be_asked(store: sa.Engine) -> None:
    with reading(store) as tx:
        flat = " or ".join(f"field:a{number}=x" for number in range(100))
        assert tx.scalars(select(parse(flat))).all() == []
        deep = "(" * 20 + "all" + " and tag:x or tag:y)" * 20
        assert tx.scalars(select(parse(deep))).all() == []


def test_nothing_that_was_typed_stands_in_the_question() -> None:
    words = "tag:Quaint and field:Odd=Queer and finished:Strange"
    assert not {"Quaint", "Odd", "Queer", "Strange"} & set(str(select(parse(words))).replace("'", " ").split())


def test_what_can_mean_nobody_is_doubted_once(store: sa.Engine) -> None:
    world = World(store)
    world.campaign("c-1", slug="stronger-back")
    with durable(store) as tx:
        add(tx, 1, Made(frozenset({"backpain"}), {"town": "Ribe", "last_name": None}))
    sure = "tag:backpain and field:town=Rome and field:last_name=x and field:email=y and finished:stronger-back and all"
    with reading(store) as tx:
        assert doubts(tx, parse(sure)) == []
        assert doubts(tx, parse("not tag:backpian or tag:backpian or tag:zzz")) == [
            "nobody has the tag 'backpian'; did you mean 'backpain'?",
            "nobody has the tag 'zzz'",
        ]
        assert doubts(tx, parse("field:langauge=da or field:shoe=7")) == [
            "nobody has the field 'langauge'; did you mean 'language'?",
            "nobody has the field 'shoe'",
        ]
        assert doubts(tx, parse("finished:stronger-bakc or finished:x")) == [
            "no campaign 'stronger-bakc' was ever applied; did you mean 'stronger-back'?",
            "no campaign 'x' was ever applied",
        ]
