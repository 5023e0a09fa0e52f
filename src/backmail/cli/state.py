"""What stands in a project, in six lines, and the command to type next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from backmail.cli import screen
from backmail.config import Project

if TYPE_CHECKING:
    import sqlalchemy as sa

_PATIENCE = 1.0  # seconds to wait for whoever has the database locked
_NAMED = 3  # campaigns named in the one line that they have


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a look into the database adds: how many subscribers there are, and what wants to be done, "" for nothing."""

    subscribers: int
    next: str


def state(project: Project) -> list[str]:
    """Return the six lines: version, project, sender, campaigns, people, next command."""
    campaigns = _campaigns(project.campaigns)
    people = len(list(project.people.glob("*.yaml")))
    sender = project.config.sender
    kept = _kept(project)
    return [
        f"backmail {version('backmail')}",
        f"project    {project.root.resolve()}" + ("" if project.found else " (no config.yaml: the defaults hold)"),
        "sender     " + (f"{sender.name} <{sender.email}>".strip() if sender else "not set in config.yaml"),
        f"campaigns  {_listed(campaigns)}",
        f"people     {_people(people, kept)}",
        f"next       {screen.program()} {kept.next if kept and kept.next else _next(project, list(campaigns))}",
    ]


def _campaigns(folder: Path) -> dict[str, int]:
    """Return the number of steps of each campaign by its slug, as its files' names tell: nothing is opened."""
    return {
        path.parent.name: len([step for step in path.parent.glob("*.md") if step.name != "article.md"])
        for path in sorted(folder.glob("*/campaign.yaml"))
    }


def _people(samples: int, kept: _Kept | None) -> str:
    sampled = f"{samples or 'no'} sample{'' if samples == 1 else 's'}"
    if kept is None:
        return sampled
    subscribers = f"{kept.subscribers:,} subscriber{'' if kept.subscribers == 1 else 's'}"
    return f"{subscribers}, {sampled}"


def _kept(project: Project) -> _Kept | None:
    """Look into the database, if it is a file that is there and up to date; nothing is made or changed by it."""
    address = project.database()
    if not address.startswith("sqlite:///"):
        return None  # a server may let one wait
    import sqlalchemy as sa

    from backmail.errors import StoreError
    from backmail.store.engine import connect, reading
    from backmail.store.upgrade import check

    url = sa.make_url(address)
    file = Path(url.database or "")
    if not file.is_file() or not file.stat().st_size:  # SQLite would write into an empty one
        return None
    engine = connect(address, patience=_PATIENCE)
    try:
        check(engine, {})
        with reading(engine) as tx:
            return _look(tx, project)
    except StoreError:  # `status` and `doctor` say what is wrong with it
        return None
    finally:
        engine.dispose()


def _look(tx: sa.Connection, project: Project) -> _Kept:
    import sqlalchemy as sa

    from backmail.clock import SystemClock
    from backmail.sending.operations import held
    from backmail.sending.status import late
    from backmail.store.tables import campaigns, subscribers

    count = tx.scalar(sa.select(sa.func.count()).select_from(subscribers)) or 0
    live_needed = project.config.transport.kind != "folder"
    if held(tx) or late(tx, SystemClock().now(), live_needed=live_needed):
        return _Kept(count, "status")
    c = campaigns.c
    published = sa.select(c.slug, c.live_at).where(~c.system, c.version.is_not(None)).order_by(c.slug)
    lives = {slug: live_at is not None for slug, live_at in tx.execute(published)}
    if not lives:
        return _Kept(count, "")
    if not count:
        return _Kept(count, "subscribers add EMAIL")
    waiting = [slug for slug, live in lives.items() if live_needed and not live]
    return _Kept(count, f"live {shlex.quote(waiting[0])}" if waiting else "status")


def _listed(campaigns: dict[str, int]) -> str:
    shown = [f"{slug} ({steps} step{'' if steps == 1 else 's'})" for slug, steps in campaigns.items()]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" and {more} more" if more > 0 else "") or "none"


def _next(project: Project, campaigns: list[str]) -> str:
    if campaigns:  # of which none was applied: before that, somebody looks
        return f"preview {shlex.quote(campaigns[0])}" if len(campaigns) == 1 else "preview"
    return "new ARTICLE" if project.found else "init my-mails"
