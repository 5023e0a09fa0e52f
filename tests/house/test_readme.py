"""What the README and the documentation tell people to type works.

What is marked in the README (`pages.py`) is run as printed, in a copy of the project. Of the other blocks it is checked
that the commands, their options and the make targets exist.
"""

import re
from pathlib import Path

import pytest

from tests.house.pages import blocks
from tests.house.project import BIN, ROOT, copied, help_of, run, verbs


def unknown(commands: str) -> list[str]:
    """Return the commands, options and make targets in `commands` that do not exist."""
    wrong = []
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    joined = re.sub(r"\s#.*|\\\n", " ", commands)
    for target in re.findall(r"\bmake +([a-z]+)", joined):
        wrong += [f"make {target}"] if target not in targets else []
    for verb, rest in re.findall(r"(?:^|[\s/;&|(])backmail +([a-z][a-z-]*)([^;&|\n)]*)", joined, re.MULTILINE):
        if verb not in verbs():
            wrong.append(f"backmail {verb}")
            continue
        path = [verb, *of_a_group(verb, rest)]
        options = re.findall(r"(?<=\s)--[a-z][a-z-]*", rest)
        wrong += [f"backmail {' '.join(path)} {option}" for option in options if option not in help_of(*path)]
    return wrong


def of_a_group(verb: str, rest: str) -> list[str]:
    """Return the verb of a group's own that `rest` begins with, if `verb` is a group."""
    own = re.findall(r"^  ([a-z][a-z-]*)  +\S", help_of(verb).partition("\nCommands:\n")[2], re.MULTILINE)
    return [word for word in rest.split()[:1] if word in own]


def readme() -> str:
    """Return the README's text."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_of_the_readme_exist() -> None:
    found = blocks(readme())
    assert found
    assert [wrong for _, commands in found for wrong in unknown(commands)] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_the_commands_of_the_documentation_exist(page: Path) -> None:
    found = blocks(page.read_text(encoding="utf-8"))
    assert [wrong for _, commands in found for wrong in unknown(commands)] == []
    typed = re.findall(r"`(backmail [^`]+)`", page.read_text(encoding="utf-8"))
    assert [wrong for command in typed for wrong in unknown(command) if "VERB" not in command] == []


def test_the_marked_blocks_of_the_readme_run_as_printed(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    (copy / ".venv").symlink_to(BIN.parent, target_is_directory=True)
    for marked, commands in blocks(readme()):
        if marked:
            assert not re.search(r"\bmake\b", commands), "a make target would set up this very environment anew"
            done = run(copy, "bash", "-euo", "pipefail", "-c", commands)
            assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"


def test_the_readme_names_what_a_change_must_pass() -> None:
    commands = re.findall(r"^make \w+", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands
    assert [one for one in commands if one not in readme()] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("make demo ARTICLE=x", []),
        ("make coffee", ["make coffee"]),
        ("backmail render x --out y", []),
        (".venv/bin/backmail blast x", ["backmail blast"]),
        ("cd x && backmail render x \\\n  --loud y", ["backmail render --loud"]),
        ("backmail subscribers add a@example.org --tag vip", []),
        ("backmail subscribers add a@example.org --until x", ["backmail subscribers add --until"]),
    ],
)
def test_a_command_that_does_not_exist_would_be_seen(line: str, wrong: list[str]) -> None:
    assert unknown(line) == wrong


def test_blocks_are_read_as_people_read_them() -> None:
    text = (
        "<!-- run -->\n\n```console\n$ echo a \\\n    b\na b\n$ true\n```\n\n```sh\nmake x\n```\n\n```yaml\na: 1\n```\n"
    )
    assert blocks(text) == [(True, "echo a \\\n    b\ntrue"), (False, "make x\n")]
