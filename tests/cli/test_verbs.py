"""The list of verbs: one line each, the verb's own, told without loading any of them."""

import importlib
import json
import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from backmail import cli
from backmail.cli import VERBS, perform

ASK = """
import json, sys
from backmail.cli import perform
perform(["--help"])
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_of_the_list_is_there_and_explains_itself(name: str) -> None:
    command = importlib.import_module(f"backmail.cli.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert (command.help or "").partition("\n")[0].endswith(".")


def test_the_help_lists_every_verb_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["-h"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.split("\n")]
    for name, line in VERBS.items():
        assert any(told.split(maxsplit=1) == [name, line] for told in lines), name


def test_the_help_loads_neither_a_verb_nor_a_library_that_takes_time() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert {"click", "backmail.cli"} <= set(loaded)
    slow = {"pydantic", "yaml", "rich", "jinja2", "lxml", "backmail.config", "backmail.yamlfile"}
    assert not {*slow, *(f"backmail.cli.{name}" for name in VERBS)} & set(loaded)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["--version"]) == 0
    assert capsys.readouterr().out == f"backmail {version('backmail')}\n"


def test_python_runs_the_package_as_the_command_does() -> None:
    done = subprocess.run([sys.executable, "-m", "backmail", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: backmail [OPTIONS]")


def test_nothing_that_the_package_gives_has_the_name_of_a_verb() -> None:
    # The verb's module would take its place as soon as somebody imports it.
    assert not set(cli.__all__) & {name.replace("-", "_") for name in VERBS}
