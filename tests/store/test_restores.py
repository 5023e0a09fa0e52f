"""When the database was restored is known, and the latest time counts."""

import sqlalchemy as sa

from backmail.store import restores
from backmail.store.engine import durable, reading
from tests.store.world import HOUR, NINE


def test_the_latest_counts(store: sa.Engine) -> None:
    with reading(store) as tx:
        assert restores.noted(tx) is None
    for at, latest in ((NINE, NINE), (NINE + HOUR, NINE + HOUR), (NINE, NINE + HOUR)):
        with durable(store) as tx:
            assert restores.note(tx, at) == latest
        with reading(store) as tx:
            assert restores.noted(tx) == latest
