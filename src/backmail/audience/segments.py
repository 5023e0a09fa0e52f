"""Who a segment means: its tree as a question to the database, and what in it can mean nobody."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from backmail.audience.addresses import normal
from backmail.errors import AddressError, did_you_mean
from backmail.model.states import EnrollmentState
from backmail.segments import All, And, Condition, Field, Finished, Not, Or, Segment, Tag, conditions
from backmail.store.tables import campaigns, enrollments, subscribers, tags

__all__ = ["count_of", "doubts", "first_of", "select"]

_COLUMNS: dict[str, sa.ColumnElement[str]] = {
    "email": subscribers.c.email,
    "first_name": subscribers.c.first_name,
    "last_name": subscribers.c.last_name,
    "language": subscribers.c.language,
    "timezone": subscribers.c.zone,
}


def select(segment: Segment) -> sa.Select[int]:
    """Return the question for the ids of those whom a segment means, in no order.

    Whether they are confirmed, and whether we may write to them, is another question: that of enrolling.
    """
    return sa.select(subscribers.c.id).where(_where(segment))


def count_of(tx: sa.Connection, segment: Segment) -> int:
    """Return how many people a segment means."""
    return tx.execute(sa.select(sa.func.count()).select_from(select(segment).subquery())).scalar_one()


def first_of(tx: sa.Connection, segment: Segment, most: int) -> list[int]:
    """Return the ids of those whom a segment means and who were added first, `most` of them."""
    return list(tx.scalars(select(segment).order_by(subscribers.c.id).limit(most)))


def doubts(tx: sa.Connection, segment: Segment) -> list[str]:
    """Return what is probably a slip, in a sentence each: tags and fields that nobody has, campaigns that are not."""
    return [doubt for condition in dict.fromkeys(conditions(segment)) for doubt in _doubts(tx, condition)]


def _where(segment: Segment) -> sa.ColumnElement[bool]:
    """Return the condition on a subscriber. It is true or false, never unknown: `not` means all the others."""
    match segment:
        case Not(inner):
            return sa.not_(_where(inner))
        case And(parts):
            return sa.and_(*map(_where, parts))
        case Or(parts):
            return sa.or_(*map(_where, parts))
    return _asked(segment)


def _asked(condition: Condition) -> sa.ColumnElement[bool]:
    match condition:
        case All():
            return sa.true()
        case Tag(name):
            return subscribers.c.id.in_(sa.select(tags.c.subscriber).where(tags.c.tag == name))
        case Field("email", value):
            return sa.func.lower(subscribers.c.email) == _kept(value).lower()
        case Field(name, value):
            return _known(name) == value
        case Finished(slug):
            return subscribers.c.id.in_(_finished(slug))


def _kept(address: str) -> str:
    """Return an address in the form in which it is kept; what is no address is nobody's."""
    try:
        return normal(address)
    except AddressError:
        return address


def _known(name: str) -> sa.ColumnElement[str]:
    """Return what is known of a field, "" where nothing is."""
    column = _COLUMNS.get(name)
    return sa.func.coalesce(_attribute(name) if column is None else column, "")


def _attribute(name: str) -> sa.ColumnElement[str]:
    found: sa.ColumnElement[str] = subscribers.c.attributes[name].as_string()
    return found


def _finished(slug: str) -> sa.Select[int]:
    return (
        sa.select(enrollments.c.subscriber)
        .join(campaigns, campaigns.c.id == enrollments.c.campaign)
        .where(campaigns.c.slug == slug, enrollments.c.state == EnrollmentState.FINISHED)
    )


def _doubts(tx: sa.Connection, condition: Condition) -> Iterator[str]:
    match condition:
        case Tag(name) if not tx.scalar(sa.select(sa.exists().where(tags.c.tag == name))):
            hint = did_you_mean(name, tx.scalars(sa.select(tags.c.tag).distinct()))
            yield f"nobody has the tag {name!r}" + (f"; {hint}" if hint else "")
        case Finished(slug) if not tx.scalar(sa.select(sa.exists().where(campaigns.c.slug == slug))):
            hint = did_you_mean(slug, tx.scalars(sa.select(campaigns.c.slug)))
            yield f"no campaign {slug!r} was ever applied" + (f"; {hint}" if hint else "")
        case Field(name) if name not in _COLUMNS and not _anybody_has(tx, name):
            hint = did_you_mean(name, _COLUMNS)
            yield f"nobody has the field {name!r}" + (f"; {hint}" if hint else "")


def _anybody_has(tx: sa.Connection, name: str) -> bool:
    return bool(tx.scalar(sa.select(sa.exists().where(_attribute(name).is_not(None)))))
