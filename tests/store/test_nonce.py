"""The nonce is made once, and is the installation's from then on."""

from pathlib import Path

import sqlalchemy as sa

from backmail.store.engine import durable, reading
from backmail.store.nonce import known, nonce
from tests.store.world import in_memory


def test_it_is_made_once(store: sa.Engine) -> None:
    with reading(store) as tx:
        assert known(tx) is None
    with durable(store) as tx:
        made = nonce(tx)
    with durable(store) as tx:
        assert nonce(tx) == made
    with reading(store) as tx:
        assert known(tx) == made
    assert len(made) == 16


def test_another_installation_has_another(store: sa.Engine, sqlite_upgraded: Path) -> None:
    other = in_memory(sqlite_upgraded)
    with durable(store) as tx, durable(other) as their_tx:
        assert nonce(tx) != nonce(their_tx)
    other.dispose()
