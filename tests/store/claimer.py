"""A worker in a process of its own: claims and hands over until nothing is left, and prints what it might send."""

import sys

from backmail.store import claims
from backmail.store.engine import connect, relaxed
from tests.store.world import NINE, lease


def work(address: str, owner: str, most: int = 7) -> list[int]:
    """Claim and hand over, some at a time, until the queue is empty; return the deliveries that may be sent."""
    store, sent = connect(address), []
    while True:
        with relaxed(store) as tx:
            ids = [one.id for one in claims.head(tx, "c-1", now=NINE, most=most)]
            taken = claims.claim(tx, ids, lease(owner), now=NINE, live_needed=True)
        with relaxed(store) as tx:
            group = [(one.ticket, "") for one in taken]
            sent += sorted(claims.hand_over(tx, group, lease(owner), now=NINE, live_needed=True))
        if not ids and not waiting(address):
            store.dispose()
            return sent


def waiting(address: str) -> bool:
    """Return whether anything is left in the queue: rows that others have locked are not seen at its head."""
    store = connect(address)
    with relaxed(store) as tx:
        found = claims.heads(tx, live_needed=True)
    store.dispose()
    return any(one.at is not None for one in found)


if __name__ == "__main__":
    print(*work(sys.argv[1], sys.argv[2]))
