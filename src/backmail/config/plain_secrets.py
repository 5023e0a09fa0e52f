"""Finds what looks like a secret in a settings file: such files are shared, copied and put under version control."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.config.environment import DATABASE, PASSWORD, USERNAME
from backmail.errors import Fault
from backmail.yamlfile import Data, Document

_NAMES = re.compile(
    r"secret|passw(or)?d|pwd|api[-_ ]?key|token|pepper|private[-_ ]?key|credential|(^|[-_])dsn", re.IGNORECASE
)
_VALUES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"  # SendGrid
    r"|\bAKIA[0-9A-Z]{16}\b"  # AWS
    r"|\b(sk|rk|xkeysib|xox[abp]|ghp|glpat)[-_][\w-]{16,}"  # Stripe, Brevo, Slack, GitHub, GitLab
    r"|://[^/\s:@]*:[^/\s]+@"  # a name and password in an address
    r"|[?&](?i:passw(?:or)?d|sslpassword)="
)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[a-zA-Z])[A-Za-z0-9+/_-]{32,}={0,2}")  # one long word of letters and digits

# The settings that may hold one, and the variables that take them instead.
_VARIABLES: dict[tuple[str | int, ...], str] = {
    ("database",): DATABASE,
    ("transport", "password"): PASSWORD,
    ("transport", "username"): USERNAME,
}


def plain_secrets(document: Document) -> list[Fault]:
    """Return a fault for each setting whose name or value looks like a secret; none of them shows the line itself."""
    return [
        Fault(
            "this looks like a secret, and secrets do not belong in a settings file",
            document.place(path, key=True),
            _hint(path),
        )
        for path in _paths(document.data, ())
    ]


def _hint(path: tuple[str | int, ...]) -> str:
    name = _VARIABLES.get(path)
    named = f" as {name}=..." if name else ""
    return f"put it into .env beside this file{named}, or into the environment"


def _paths(data: Data, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if value not in (None, "") and _NAMES.search(key):
                yield (*path, key)
            else:
                yield from _paths(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _paths(value, (*path, number))
    elif isinstance(data, str) and (_VALUES.search(data) or _RANDOM.fullmatch(data)):
        yield path
