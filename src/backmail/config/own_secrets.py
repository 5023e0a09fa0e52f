"""The secrets of a project: what signs its links, what hashes its addresses, how it gets into its relay."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from backmail.config.environment import KEY, PASSWORD, PEPPER, USERNAME, Environment
from backmail.config.settings import TransportChoice
from backmail.errors import ConfigError, Fault
from backmail.links import TEST_KEY

_SHORTEST = 16  # bytes
_FILE = "config.yaml"
_BEGIN = "backmail init my-mails"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody else may know.

    Attributes:
        key: signs links and makes Message-IDs; at least 16 bytes.
        pepper: hashes addresses that we may not write to; at least 16 bytes.
        smtp_username: our name at the relay, from the environment or config.yaml; "" for a relay that asks for none.
        smtp_password: what proves it; None where none is set.
    """

    key: bytes = field(repr=False)
    pepper: bytes = field(repr=False)
    smtp_username: str = field(default="", repr=False)
    smtp_password: str | None = field(default=None, repr=False)

    def lasting(self) -> dict[str, bytes]:
        """Return the secrets that a database is held to, by the names of their settings."""
        return {KEY: self.key, PEPPER: self.pepper}


def read_secrets(
    environment: Environment,
    transport: TransportChoice,
    *,
    sending: bool = False,
    found: bool = True,
    database: Path | None = None,
) -> Secrets:
    """Return the secrets that the environment and .env hold.

    Args:
        environment: of the project.
        transport: which relay it sends by.
        sending: whether the relay's password is needed too, if it asks for one.
        found: whether there is a project at all.
        database: its file, if there is one already: it was made with secrets, and no others will do.

    Raises:
        ConfigError: with everything that is missing, too short or said twice, and never with a value.
    """
    search = _Search(environment, database)
    key, pepper = (search.text(name, least=_SHORTEST) for name in (KEY, PEPPER))
    username = search.text(USERNAME) or transport.username
    by_relay = sending and transport.kind == "smtp"
    password = search.text(PASSWORD, least=1 if by_relay and username else 0)
    if key == TEST_KEY.decode():
        search.faults.append(Fault(f"{KEY} is the one that backmail signs examples with: everybody knows it"))
    if by_relay and username and transport.security == "none":
        hint = "set transport.security to starttls or tls, or take the username out"
        search.faults.append(Fault("a password goes over TLS only", hint=hint))
    if search.faults and not found and search.unset == [KEY, PEPPER]:
        hint = f"a project has a {_FILE}, and secrets in {search.environment.path.name}: go to yours, or begin one"
        raise ConfigError(Fault("there is no project here, nor in a folder above", hint=hint), next_command=_BEGIN)
    if search.faults:
        raise ConfigError(search.faults, next_command=_next(search, found))
    return Secrets(key.encode(), pepper.encode(), username, password or None)


class _Search:
    """Looks for variables, and keeps what is wrong and what is not there."""

    def __init__(self, environment: Environment, database: Path | None) -> None:
        self.environment = environment
        self.database = database
        self.faults: list[Fault] = []
        self.unset: list[str] = []

    def text(self, name: str, least: int = 0) -> str:
        """Return the text of a variable, "" for none; one of fewer than `least` bytes is a fault."""
        try:
            value = self.environment.get(name)
        except ConfigError as error:
            self.faults.extend(error.faults)
            return ""
        if value is None and least:
            self.unset.append(name)
            self.faults.append(self._missing(name))
        size = len(value.text.encode()) if value else 0
        if value and size < least:
            self.faults.append(Fault(f"{name} is too short: it has {size} bytes, and needs {least}", value.place))
        return value.text if value else ""

    def _missing(self, name: str) -> Fault:
        fault = self.environment.missing(name)
        if self.database is None or name not in (KEY, PEPPER):
            return fault
        return Fault(fault.message, hint=f"{fault.hint}; {self.database} was made with one: put it back from your copy")


def _next(search: _Search, found: bool) -> str:
    """Return what to type: a project for who has none, new secrets for who never had any, else the file to mend."""
    if not found:
        return _BEGIN
    path = shlex.quote(str(search.environment.path))
    ours = [name for name in search.unset if name in (KEY, PEPPER)]
    if not ours or search.database or len(search.faults) > len(ours):
        return f"${{EDITOR:-vi}} {path}"
    # A line break comes first: the last line of the file may have none.
    entries = f"(f'\\n{{name}}={{secrets.token_urlsafe(33)}}' for name in {ours})"
    program = f"import secrets; print(*{entries}, sep='')"
    return f'python3 -c "{program}" >> {path}'
