"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backmail.cli import names

if TYPE_CHECKING:
    from backmail.config import Project

Verb = TypeVar("Verb", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path, file_okay=False)
PROJECT_HELP = "The project's folder. [default: the nearest one upwards with a config.yaml]"


def project_option(verb: Verb) -> Verb:
    """Give a verb `--project DIR` and with it the argument `project: Project`, found and read."""
    return click.option("--project", type=FOLDER, metavar="DIR", callback=_find, help=PROJECT_HELP)(verb)


def person_option(verb: Verb) -> Verb:
    """Give a verb `--as PERSON` and with it the argument `person: str | None`, the stem of a file in people/."""
    return click.option(
        "--as",
        "person",
        metavar="PERSON",
        shell_complete=names.people,
        help="Whose mails: a file of people/ without .yaml. [default: the first]",
    )(verb)


def catalog_option(verb: Verb) -> Verb:
    """Give a verb `--catalog FILE` and with it the argument `catalog: Path | None`."""
    return click.option(
        "--catalog", metavar="FILE", type=click.Path(path_type=Path), help="The products. [default: catalog.yaml]"
    )(verb)


def _find(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Project | Path | None:
    if ctx.resilient_parsing:  # a shell completes: nothing is read, and `names` looks for itself
        return value
    from backmail.config import find_project  # pydantic and yaml: --help does not wait for them

    return find_project(Path(), value or ctx.find_object(Path))
