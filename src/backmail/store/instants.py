"""Instants as the tables hold them: whole microseconds since 1970, UTC."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def micros(at: dt.datetime) -> int:
    """Return an aware instant as microseconds since 1970, UTC, without rounding.

    Raises:
        ValueError: for an instant without a zone: nobody can tell when that is.
    """
    try:
        return (at - _EPOCH) // _MICROSECOND
    except TypeError:
        raise ValueError(f"{at.isoformat()} has no zone") from None


def instant(value: int) -> dt.datetime:
    """Return the instant, in UTC, that lies so many microseconds after 1970."""
    return _EPOCH + value * _MICROSECOND


class Instant(sa.types.TypeDecorator[dt.datetime]):
    """A column of instants. SQLite's own kind of date drops the offset unconverted, so both databases hold integers."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else instant(value)
