"""Options that verbs share."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from backmail.cli.options import person_option, project_option
from backmail.config import Project


@click.group()
@click.pass_context
def above(ctx: click.Context) -> None:
    """Stand where `backmail --project ONE verb` stands."""
    ctx.obj = Path("one")


@click.command()
@project_option
@person_option
def verb(project: Project, person: str | None) -> None:
    """Say what came."""
    click.echo(f"{project.root} {project.config.zone} {person}")


above.add_command(verb)


@pytest.fixture(autouse=True)
def _two_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, zone in (("one", "Asia/Tokyo"), ("two", "UTC")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.yaml").write_text(f"zone: {zone}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (verb, ["--project", "one", "--as", "anna"], "one Asia/Tokyo anna"),
        (verb, [], ". UTC None"),
        (above, ["verb"], "one Asia/Tokyo None"),
        (above, ["verb", "--project", "two"], "two UTC None"),
    ],
)
def test_a_verb_is_given_the_project_and_the_person(command: click.Command, arguments: list[str], said: str) -> None:
    assert CliRunner().invoke(command, arguments).output == f"{said}\n"
