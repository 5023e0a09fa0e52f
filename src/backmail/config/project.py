"""A project: the nearest folder upwards with a config.yaml, and what stands where in it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backmail.config.settings import Config, read_config
from backmail.errors import ConfigError, Fault, Place

FILE = "config.yaml"
VARIABLE = "BACKMAIL_PROJECT"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with its settings. `found` is False where there is no config.yaml and the defaults hold."""

    root: Path
    config: Config = field(default_factory=Config)
    found: bool = False

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


def find_project(start: Path, given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Project:
    """Return the project that `start` stands in.

    Args:
        start: the folder to look in, and upwards from there.
        given: the project's folder as the command line names it; it wins over BACKMAIL_PROJECT, and that over `start`.
        environ: where BACKMAIL_PROJECT is looked up.

    Raises:
        ConfigError: the folder named has no config.yaml, or a config.yaml has faults.
    """
    named = given or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if named is not None:
        if not (named / FILE).is_file():
            who = "--project" if given else VARIABLE
            fault = Fault(f"no {FILE} here, and {who} names this folder as the project", Place(str(named)))
            raise ConfigError(fault, next_command=f"backmail init {shlex.quote(str(named))}")
        return Project(named, read_config(named / FILE), found=True)
    for folder in (start, *start.absolute().parents):
        if (folder / FILE).is_file():
            return Project(folder, read_config(folder / FILE), found=True)
    return Project(start)
