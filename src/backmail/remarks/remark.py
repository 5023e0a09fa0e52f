"""A remark: what is wrong with one piece of a mail, before anybody knows in which file or message it stands."""

from __future__ import annotations

from dataclasses import dataclass

from backmail.model.campaign import Severity


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong: `id` names the rule, `message` says what it sees, `hint` what to do."""

    id: str
    severity: Severity
    message: str
    hint: str = ""


def error(rule: str, message: str, hint: str = "") -> Remark:
    """Return a remark that stops sending."""
    return Remark(rule, Severity.ERROR, message, hint)


def warning(rule: str, message: str, hint: str = "") -> Remark:
    """Return a remark that wants a look."""
    return Remark(rule, Severity.WARNING, message, hint)


def shown(text: str, limit: int = 60) -> str:
    """Return `text` on one line and not longer than `limit` characters, for a message about it."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
