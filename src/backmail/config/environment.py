"""The variables of a project: those of the environment, then those of .env; NAME_FILE names a file with the value."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backmail.config.dotenv import Value, read_dotenv
from backmail.errors import ConfigError, Fault, InputError, Place, did_you_mean
from backmail.yamlfile import read_text

FILE = ".env"
PROJECT = "BACKMAIL_PROJECT"
DATABASE = "BACKMAIL_DATABASE"
KEY = "BACKMAIL_SECRET_KEY"
PEPPER = "BACKMAIL_PEPPER"
USERNAME = "BACKMAIL_SMTP_USERNAME"
PASSWORD = "BACKMAIL_SMTP_PASSWORD"  # noqa: S105  # its name
CRASH_AT = "BACKMAIL_CRASH_AT"

_KNOWN = frozenset({PROJECT, DATABASE, KEY, PEPPER, USERNAME, PASSWORD, CRASH_AT})
_OURS = "BACKMAIL_"
_IN_A_FILE = "_FILE"
_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment and .env say. `outer` wins over `inner`."""

    path: Path  # of .env
    outer: Mapping[str, Value]
    inner: Mapping[str, Value]

    def get(self, name: str) -> Value | None:
        """Return the value of a variable, from itself or from the file that its twin NAME_FILE names; None without one.

        Raises:
            ConfigError: NAME and NAME_FILE are both given in one place, or the file cannot be used.
        """
        for layer in (self.outer, self.inner):
            plain, in_file = layer.get(name), layer.get(name + _IN_A_FILE)
            if plain and in_file:
                message = f"{name} and {name}{_IN_A_FILE} are both given"
                raise ConfigError(Fault(message, in_file.place, "keep one of the two"))
            if plain or in_file:
                return plain or self._from_file(name, in_file)
        return None

    def missing(self, name: str) -> Fault:
        """Return the fault that a variable is nowhere, and where it was looked for."""
        near = did_you_mean(name, sorted({*self.outer, *self.inner} - _KNOWN))
        looked = f"looked in the environment and in {self.path}, also for {name}{_IN_A_FILE}"
        return Fault(f"{name} is not set", hint=f"{looked}; {near}" if near else looked)

    def warnings(self) -> list[str]:
        """Return what should be said of .env: that others can read it."""
        try:
            mode = self.path.stat().st_mode
        except OSError:
            return []
        if not mode & _READ_BY_OTHERS:
            return []
        return [f"{self.path}: other people on this machine can read the secrets in it; chmod 600 keeps them to you"]

    def _from_file(self, name: str, named: Value | None) -> Value:
        assert named is not None  # noqa: S101  # one of the two is there
        path = self.path.parent / named.text
        try:
            text = read_text(path).removesuffix("\n")
        except InputError as error:
            said = "; ".join(fault.message for fault in error.faults)
            fault = Fault(f"{name}{_IN_A_FILE} names a file that cannot be used: {path}: {said}", named.place)
            raise ConfigError(fault) from None
        if not text.strip() or "\n" in text or "\0" in text:
            what = "nothing" if not text.strip() else "more than one line"
            raise ConfigError(Fault(f"the file that {name}{_IN_A_FILE} names holds {what}", Place(str(path))))
        return Value(text, Place(str(path)))


def read_environment(root: Path, environ: Mapping[str, str]) -> Environment:
    """Return the variables of the project in `root`; empty ones count as not set.

    Raises:
        ConfigError: .env cannot be read, with every fault of it.
    """
    place = Place("the environment")
    outer = {name: Value(text, place) for name, text in environ.items() if name.startswith(_OURS) and text}
    path = root / FILE
    return Environment(path, outer, read_dotenv(path) if path.exists() else {})
