"""Whether mails can leave: the outbox takes files, or the relay lets us in. No mail is sent for that."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from backmail.app.doctor.said import Grade, Said
from backmail.config import Project, TransportChoice
from backmail.errors import ConfigError
from backmail.model.delivery import Refused
from backmail.transports import Login, Relay, TimeOuts
from backmail.transports.smtp_line import Line

_ABOUT = "transport"
_PATIENCE = 20.0  # seconds for all of it
_TIME_OUTS = TimeOuts(connect=5, answer=10, data=10, final=10, whole=_PATIENCE)


def carrier(project: Project) -> Iterator[Said]:
    """Say whether the transport of the settings would take mails."""
    chosen = project.config.transport
    if chosen.kind == "folder":
        yield _folder(project.outbox.resolve())
        return
    where = f"{chosen.host}:{chosen.port}"
    try:
        secrets = project.secrets(sending=True)
    except ConfigError:  # has been said
        yield Said(_ABOUT, Grade.WARNING, f"{where} is not asked: its password is missing, or another secret")
        return
    login = Login(secrets.smtp_username, secrets.smtp_password or "") if secrets.smtp_username else None
    yield _relay(chosen, login, where)


def _folder(outbox: Path) -> Said:
    existing = next(folder for folder in (outbox, *outbox.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Said(_ABOUT, Grade.ERROR, f"mails become files in {outbox}, and none can be written there: {reason}")
    return Said(_ABOUT, Grade.OK, f"mails become files in {outbox}, and reach nobody")


def _relay(chosen: TransportChoice, login: Login | None, where: str) -> Said:
    relay = Relay(chosen.host, chosen.port, chosen.security, login, chosen.hello, _TIME_OUTS)
    line = Line(relay, None, 1)
    alarm = threading.Timer(_PATIENCE, line.cut)
    alarm.start()
    try:
        trouble = line.try_out()
    finally:
        alarm.cancel()
    if trouble is None:
        tls = "without TLS" if chosen.security == "none" else "with TLS"
        known = "knows us" if login else "asks for no login"
        reached = (
            "it is on this very machine: a rehearsal, no reader is meant" if chosen.rehearsal else "no mail was sent"
        )
        return Said(_ABOUT, Grade.OK, f"{where} answers {tls} and {known}; {reached}")
    if isinstance(trouble, Refused):
        return Said(_ABOUT, Grade.ERROR, f"{where} does not let us in: {trouble.code} {trouble.text}")
    return Said(_ABOUT, Grade.ERROR, trouble.reason)
