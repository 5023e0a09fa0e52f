"""Imports run down the floors of the house, and the contract that says so would notice."""

import ast
from pathlib import Path

import pytest

from tests.house.project import ROOT, SOURCE, copied, run


def test_the_floors_hold() -> None:
    done = run(ROOT, "lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("clock.py", "import backmail.model"),
        ("clock.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from backmail import model"),
        ("model/article.py", "def late() -> None:\n    import backmail.yamlfile"),
        ("errors.py", "from backmail import shipped"),
        ("article/read.py", "import backmail.rendering"),
        ("attic.py", "import backmail.clock"),
    ],
    ids=["upward", "for annotations only", "inside a function", "sibling", "sibling room", "a room nobody listed"],
)
def test_a_planted_wrong_import_goes_red(where: str, line: str, tmp_path: Path) -> None:
    copy = copied(tmp_path)
    target = copy / "src" / "backmail" / where
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    target.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = run(copy, "lint-imports", "--no-cache")
    assert done.returncode != 0, done.stdout
    assert "Could not find" not in done.stdout
    assert target.stem in done.stdout


def test_the_package_itself_imports_nothing() -> None:
    """import-linter does not look at the container of the floors."""
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
