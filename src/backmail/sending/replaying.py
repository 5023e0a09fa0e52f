"""Says once more, to a database that was restored, every no that the ledger holds and the backup does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from backmail.audience import subscribers, suppressions
from backmail.model.states import NoAct, SuppressionReason
from backmail.sending import decisions
from backmail.sending.enrollment import Versions
from backmail.sending.erasing import erase
from backmail.store import noes
from backmail.store.noes import No

__all__ = ["replay"]

_BECAUSE = "lifted after the backup; why stands in what was lost"


def replay(tx: sa.Connection, versions: Versions, said: Sequence[No], *, zone: str) -> Counter[NoAct]:
    """Let happen again, in its order and as of its own instant, what the database does not know; return how many.

    As of its own instant: who took her no back within 30 days did so, however late the backup is restored; and what is
    planned for her by that lies where it lay, so that it counts as perhaps sent (`operations.restoring`).

    Args:
        tx: the one transaction of the restore. Ids in it are given anew already (`store.ids`).
        versions: published versions, for those who go on where they were.
        said: what the ledger holds, in its order.
        zone: of people and campaigns that name none.
    """
    mark = noes.mark(tx)
    missing = noes.unknown(tx, said)
    for no in missing:
        who = subscribers.known(tx, [no.address]).get(no.address)
        if no.what is NoAct.ERASED:
            erase(tx, no.address, now=no.at)
        elif no.what is NoAct.SUPPRESSED:
            _suppress(tx, no, who)
        elif no.what is NoAct.UNDONE and who is not None:
            decisions.undo(tx, versions, who, now=no.at, zone=zone, campaign=no.scope)
        else:
            because = suppressions.UNDONE if no.what is NoAct.UNDONE else _BECAUSE
            suppressions.lift(tx, no.address, [no.reason], because=because, now=no.at, scope=no.scope)
    noes.adopt(tx, missing, since=mark)
    return Counter(no.what for no in missing)


def _suppress(tx: sa.Connection, no: No, who: int | None) -> None:
    if who is None or no.reason is SuppressionReason.ERASED:  # the line of the erasure itself did the rest
        suppressions.suppress(tx, no.address, no.reason, now=no.at, scope=no.scope)
    else:
        decisions.unsubscribe(tx, who, now=no.at, campaign=no.scope, reason=no.reason)
