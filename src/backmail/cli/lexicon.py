"""`backmail lexicon check xx [FILE]`: what backmail knows of languages, and whether a word list holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.article.lexicon.checking import Checked
    from backmail.config import Project
    from backmail.errors import Fault


@click.group("lexicon", invoke_without_command=True)
@project_option
@click.pass_context
def command(ctx: click.Context, project: Project) -> None:
    """Say which languages articles are understood in, and whether the words of each are proved on real articles.

    A project adds its own in lexicon/da.toml beside config.yaml.
    """
    if ctx.invoked_subcommand is not None:
        return
    from backmail.desk import lexicons

    for each in lexicons.listed(project):
        screen.say(f"{each.language:<4} {_proof(each.proved):<10} {each.words:>5} words and patterns  {each.file}")


@command.command("check")
@click.argument("language", metavar="[LANGUAGE]", required=False, default="")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@project_option
def check(language: str, file: Path | None, as_json: bool, project: Project) -> int:
    """Judge the word list of a LANGUAGE (da, en, ...): its form, its patterns, and the probes that stand in it.

    Without a FILE: the project's own list of that language and the one that ships. Without a LANGUAGE: all of the
    project's own. Exit code 1 when there is something to mend.
    """
    from backmail.desk import lexicons

    judged = lexicons.check(project, language, file)
    if as_json:
        screen.say(json.dumps({"schema": 1, "files": [_json(*each) for each in judged]}, ensure_ascii=False, indent=1))
    else:
        for name, found in judged:
            _say(name, found)
    return int(any(found.faults for _, found in judged))


def _say(name: str, found: Checked) -> None:
    for fault in found.faults:
        screen.say(str(fault))
    many = len(found.faults)
    faults = f"{many} to mend" if many else "nothing to mend"
    screen.say(
        f"{name}: {found.language}, {_proof(found.proved)}, {sum(found.counts.values())} words and patterns, {faults}"
    )
    if not many:
        for concept, count in found.counts.items():
            screen.say(f"  {concept:<26} {count:>5}")


def _proof(proved: bool) -> str:
    return "proved" if proved else "unproved"


def _json(name: str, found: Checked) -> dict[str, Any]:
    return {
        "file": name,
        "language": found.language,
        "proved": found.proved,
        "counts": dict(found.counts),
        "faults": [_fault(each) for each in found.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    place = fault.place
    return {
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": fault.message,
        "hint": fault.hint or None,
    }
