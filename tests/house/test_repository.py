"""The repository speaks of backmail alone, and every module says what it is for."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.project import ROOT, SOURCE, files, modules

# Put together here, so that this file does not hold what it forbids.
MACHINE = r"/(?:" + "|".join(["work", "farm", "root", "home"]) + r")/[a-z.]"
OUTSIDE = r"\.\./" + "shared"
HOSTS = "|".join(
    r"\.".join(parts)
    for parts in [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "com"), ("npmjs", "org"), ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"), ("crates", "io"),
    ]
)  # fmt: skip
MARKS = r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b"
UNMADE = "NotImplemented" + "Error"


def lines_with(pattern: str, where: list[str] | None = None) -> list[str]:
    """Return `file:line` of every line of the project's text files that the pattern matches."""
    found = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if where and not name.startswith(tuple(where)):
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{n}" for n, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]
    return found


@pytest.mark.parametrize("pattern", [MACHINE, OUTSIDE, HOSTS], ids=["machine's paths", "outside folder", "registries"])
def test_no_file_knows_this_machine_or_a_registry(pattern: str) -> None:
    assert lines_with(pattern) == []


def test_no_mark_of_unfinished_work_stands_anywhere() -> None:
    assert lines_with(MARKS) == []
    assert lines_with(UNMADE, ["src/"]) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE, "see /" + "home/anna/x"),
        (OUTSIDE, "from ../" + "shared/x"),
        (HOSTS, "https://py" + "pi.org/simple"),
        (MARKS, "# TO" + "DO: later"),
    ],
)
def test_the_patterns_see_what_they_are_for(pattern: str, line: str) -> None:
    assert re.search(pattern, line)


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_opens_with_a_line_that_says_what_it_is_for(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    assert len(first) > 15
    assert text.startswith('"""' + first[:10])
