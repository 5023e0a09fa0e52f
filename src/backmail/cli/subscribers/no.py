"""`backmail subscribers unsubscribe|lift`: to whom we may not write, and to whom we may again."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.cli.subscribers.options import email_argument, kept_words, listed
from backmail.errors import Fault, InputError, SafetyStop, UsageError

if TYPE_CHECKING:
    from backmail.config import Project


@click.command("unsubscribe", short_help="Write nothing more to somebody.")
@email_argument
@click.option("--because", default="", metavar="TEXT", help="How you know: she called, she wrote. It is kept.")
@project_option
def unsubscribe(email: str, because: str, project: Project) -> None:
    """Write nothing more to somebody, from now on; only she can take that back.

    It holds for the address, also when nobody with it is here yet: an import will pass it over.
    """
    from backmail.app import opened
    from backmail.audience import consents, subscribers, suppressions
    from backmail.audience.addresses import keyed, normal, shown
    from backmail.model.states import SuppressionReason
    from backmail.sending import decisions

    kept, said = normal(email), kept_words("--because", because)
    with opened(project) as backmail, backmail.durable() as tx:
        now, address = backmail.now(), keyed(backmail.pepper, kept)
        id_ = subscribers.known(tx, [address]).get(address)
        if id_ is None:
            new = suppressions.suppress(tx, address, SuppressionReason.UNSUBSCRIBED, now=now)
        else:
            new = decisions.unsubscribe(tx, id_, now=now)
        if new and id_ is not None:
            act = consents.Act.WITHDRAWN
            consents.record(tx, id_, act, shown=said, version="", language="", source="operator", now=now)
    who = "" if id_ else " (no subscriber)"
    screen.say(f"{shown(kept)}{who}: {'gets no more mails' if new else 'was unsubscribed already'}")


@click.command("lift", short_help="Let mails go again to an address that was ruled out.")
@email_argument
@click.option("--because", required=True, metavar="TEXT", help="Why mails may go there again. It is kept.")
@project_option
def lift(email: str, because: str, project: Project) -> None:
    """Let mails go to an address again that bounced, complained, or was ruled out by hand.

    Somebody who unsubscribed must say yes herself: `backmail subscribers add EMAIL` asks her.
    """
    reason = kept_words("--because", because)
    if not reason:
        raise UsageError("--because: a reason is needed, for the record")
    from backmail.app import opened
    from backmail.audience import suppressions
    from backmail.audience.addresses import keyed, normal, shown
    from backmail.model.states import SuppressionReason

    by_operator = (SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED, SuppressionReason.OPERATOR)
    kept = normal(email)
    with opened(project) as backmail, backmail.durable() as tx:
        address = keyed(backmail.pepper, kept)
        reasons = dict.fromkeys(one.reason for one in suppressions.standing(tx, address))
        lifted = [each for each in reasons if each in by_operator]
        if not reasons:
            raise InputError(f"nothing stands against {shown(kept)}")
        if not lifted:
            raise SafetyStop(
                Fault(f"{shown(kept)} said no herself", hint="only she can take that back: ask her by mail"),
                next_command=f"backmail subscribers add {quote(kept)}",
            )
        suppressions.lift(tx, address, by_operator, because=reason, now=backmail.now())
    screen.say(f"{shown(kept)}: lifted {listed(lifted)}")
    if left := [each for each in reasons if each not in by_operator]:
        screen.tell(f"{listed(left)} still stands: only she can take that back")
