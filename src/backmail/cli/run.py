"""`backmail run`: send what is due, and serve the pages that readers' links lead to."""

from __future__ import annotations

import datetime as dt
import signal
from typing import TYPE_CHECKING

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.errors import Fault, SafetyStop, UsageError

if TYPE_CHECKING:
    from backmail.app import Backmail
    from backmail.cli.serving import Pages
    from backmail.config import Project
    from backmail.engines import Held, LocalEngine

_PORT = 8000


@click.command("run")
@click.option("--once", is_flag=True, help="Send what is due now, serve no pages, and end: for cron.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), help=f"Where pages are served; 0: any free port. [default: {_PORT}]"
)
@project_option
def command(once: bool, port: int | None, project: Project) -> int:
    """Send what is due of campaigns that are live, and serve the pages that readers' links lead to.

    It goes on until it is told to stop (Ctrl-C, SIGTERM); then it finishes what is on its way. To kill it does no harm:
    the next start goes on where it was.
    """
    from backmail.app import opened
    from backmail.engines import alone

    if once and port is not None:
        raise UsageError("--once serves no pages, so there is no port for it", next_command="backmail run --once")
    with opened(project) as backmail, alone(backmail.store.url, clock=backmail.clock) as held:
        backmail.alone = held is not None and held.sole
        came = _once(backmail, held) if once else _lasting(backmail, held, _PORT if port is None else port)
    return 128 + came if came == signal.SIGINT else 0


def _lasting(backmail: Backmail, held: Held | None, port: int) -> int:
    """Serve pages and send until a signal comes, and return its number."""
    from backmail.app.reach import own_nonce
    from backmail.cli.serving import listening, serving
    from backmail.engines import until_told
    from backmail.web.site import site

    nonce = own_nonce(backmail)
    with listening(port) as listener, serving(site(backmail, nonce), listener) as pages:
        _transport(backmail, nonce)
        host, port = listener.getsockname()
        engine = _engine(backmail, held, pages)

        async def work() -> None:
            screen.tell(f"pages: http://{host}:{port}")  # from here on a signal drains
            _outlook(backmail)
            await engine.run()

        came = until_told(work, engine.stop)
    screen.tell("stopped")
    return came


def _once(backmail: Backmail, held: Held | None) -> int:
    """Send what is due now, and return the number of the signal that came meanwhile."""
    from backmail.app.reach import own_nonce
    from backmail.engines import until_told

    _transport(backmail, own_nonce(backmail))
    _outlook(backmail)
    engine = _engine(backmail, held, None)
    return until_told(engine.once, engine.stop)


def _engine(backmail: Backmail, held: Held | None, pages: Pages | None) -> LocalEngine:
    from backmail.engines import LocalEngine

    def check() -> None:
        if held:
            held.check()
        if pages:
            pages.check()

    every = dt.timedelta(seconds=backmail.config.engine.sweep)
    return LocalEngine(backmail, every=every, tell=_tell, check=check)


def _zones(backmail: Backmail) -> None:
    """Let slots follow the rules of time zones, and say so."""
    from backmail.app.zones import keep_up

    changed = keep_up(backmail)
    if changed:
        screen.tell(
            f"the rules of time zones changed from edition {changed.before} to {changed.now}: "
            f"the slots of {changed.moved} waiting mails were reckoned anew"
        )


def _transport(backmail: Backmail, nonce: str) -> None:
    """Say where mails go; to readers none goes whose links do not lead here.

    Raises:
        SafetyStop: the public address is not set, not https, or somebody else's; or a live campaign's mails lack what
            the law wants in them.
    """
    from backmail.app.reach import public
    from backmail.desk.live import forbidden_now

    chosen, url = backmail.config.transport, backmail.config.site.public_url
    where = f"{chosen.host}:{chosen.port}"
    if chosen.kind == "folder":
        screen.tell(f"rehearsal: mails become files in {backmail.project.outbox.resolve()}, nothing is sent to anybody")
    elif chosen.rehearsal:
        screen.tell(f"rehearsal: mails go to {where} on this machine, and site.public_url is not asked")
    else:
        found = public(url, nonce)
        if not found.ours:
            hint = "nothing is sent to readers while the links to unsubscribe do not lead to these pages"
            raise SafetyStop(Fault(found.words, hint=hint), next_command="backmail doctor")
        with backmail.reading() as tx:
            faults = forbidden_now(tx, backmail.shelf, backmail.config)
        if faults:
            raise SafetyStop(faults)
        screen.tell(f"mails go to {where}, their links to {url}")


def _outlook(backmail: Backmail) -> None:
    """Say what is live, and when the next mail is due, once slots go by the present rules."""
    from backmail.app.outlook import outlook

    _zones(backmail)
    for warning in backmail.project.environment().warnings():
        screen.tell(warning)
    seen = outlook(backmail)
    if seen.sending:
        screen.tell(f"sending: {', '.join(seen.sending)}")
    if seen.waiting:
        screen.tell(f"not sending: {', '.join(seen.waiting)} (paused, or not live yet: {screen.program()} status)")
    if not seen.sending and not seen.waiting:
        screen.tell(f"no campaign is published yet: {screen.program()} apply")
    elif seen.due is None:
        screen.tell("no mail waits")
    else:
        screen.tell(f"next mail: {_when(seen.due, backmail.now())}")


def _when(due: dt.datetime, now: dt.datetime) -> str:
    if due <= now:
        return "now"
    minutes = -(-(due - now) // dt.timedelta(minutes=1))
    days, hours = minutes // 1440, minutes // 60
    span = f"{days} d" if days > 1 else f"{hours} h" if hours > 1 else f"{minutes} min"
    return f"{due:%Y-%m-%d %H:%M} UTC, in {span}"


def _tell(line: str) -> None:
    screen.tell(screen.pasteable(line))
