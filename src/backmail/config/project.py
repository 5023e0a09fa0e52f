"""A project: the nearest folder upwards with a config.yaml, and what stands where in it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backmail.config.crash import CrashAt, read_crash
from backmail.config.environment import CRASH_AT, DATABASE, PROJECT, Environment, read_environment
from backmail.config.own_secrets import Secrets, read_secrets
from backmail.config.settings import Config, read_config
from backmail.errors import ConfigError, Fault, Place

FILE = "config.yaml"
_SQLITE_FILE = re.compile(r"(sqlite(?:\+[a-z0-9]+)?:///)(?!/|:memory:|file:)([^?].*)")

_FILE_OF_SQLITE = re.compile(r"sqlite(?:\+[a-z0-9]+)?:///([^?]+)")


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with its settings. `found` is False where there is no config.yaml and the defaults hold.

    What `environ` and .env say is looked up when it is asked for: who only reads and writes files needs no secret.
    """

    root: Path
    config: Config = field(default_factory=Config)
    found: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False, compare=False)

    @property
    def campaigns(self) -> Path:
        """The folder of the campaigns, one folder each."""
        return self.root / "campaigns"

    @property
    def templates(self) -> Path:
        """The folder of the project's own templates, found before those that ship."""
        return self.root / "templates"

    @property
    def people(self) -> Path:
        """The folder of the sample people."""
        return self.root / "people"

    @property
    def catalog(self) -> Path:
        """The file of the shop's products."""
        return self.root / "catalog.yaml"

    @property
    def lexicons(self) -> Path:
        """The folder of the project's own word lists, one file for each language: da.toml."""
        return self.root / "lexicon"

    @property
    def outbox(self) -> Path:
        """The folder that transport `folder` writes mails to."""
        return self.root / self.config.transport.folder

    def database(self) -> str:
        """Return the address of the database: BACKMAIL_DATABASE, else config.yaml's; a path in it is absolute.

        Raises:
            ConfigError: .env, or the file that BACKMAIL_DATABASE_FILE names, cannot be used.
        """
        given = self.environment().get(DATABASE)
        address = given.text if given else self.config.database
        relative = _SQLITE_FILE.fullmatch(address)
        if relative is None:
            return address
        root = str(self.root.resolve()).replace("%", "%25").replace("?", "%3F")  # signs that mean something in it
        return f"{relative[1]}{root}/{relative[2]}"

    def secrets(self, *, sending: bool = False) -> Secrets:
        """Return the project's secrets; with `sending` its relay's password must be among them, if the relay wants one.

        Raises:
            ConfigError: with all that is missing or too short, where it was looked for, and what to type.
        """
        made = _FILE_OF_SQLITE.match(self.database())
        database = Path(made[1]) if made and Path(made[1]).is_file() else None
        return read_secrets(
            self.environment(), self.config.transport, sending=sending, found=self.found, database=database
        )

    def crash_at(self) -> CrashAt | None:
        """Return where a process is to die on purpose: BACKMAIL_CRASH_AT, as a rule not set.

        Raises:
            ConfigError: it says no moment, or .env cannot be read.
        """
        given = self.environment().get(CRASH_AT)
        return read_crash(given) if given else None

    def environment(self) -> Environment:
        """Return the variables of the environment and of .env; its `warnings` are for who shows them to a person.

        Raises:
            ConfigError: .env cannot be read.
        """
        return read_environment(self.root, self.environ)


def find_project(start: Path, given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Project:
    """Return the project that `start` stands in.

    Args:
        start: the folder to look in, and upwards from there.
        given: the project's folder as the command line names it; it wins over BACKMAIL_PROJECT, and that over `start`.
        environ: where BACKMAIL_PROJECT is looked up, and later what the project asks for.

    Raises:
        ConfigError: the folder named has no config.yaml, or a config.yaml has faults.
    """
    named = given or (Path(environ[PROJECT]) if environ.get(PROJECT) else None)
    if named is not None:
        if not (named / FILE).is_file():
            who = "--project" if given else PROJECT
            fault = Fault(f"no {FILE} here, and {who} names this folder as the project", Place(str(named)))
            raise ConfigError(fault, next_command=f"backmail init {shlex.quote(str(named))}")
        return Project(named, read_config(named / FILE), found=True, environ=environ)
    for folder in (start, *start.absolute().parents):
        if (folder / FILE).is_file():
            return Project(folder, read_config(folder / FILE), found=True, environ=environ)
    return Project(start, environ=environ)
