"""The documentation's links lead somewhere, and ARCHITECTURE.md names the floors and functions that there are."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.project import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
HOUSE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
# What the page calls by its last name stands in these rooms.
ROOMS = ("backmail", "backmail.sending", "backmail.sending.decisions")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def dead(page: Path) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        to = page.parent / name if name else page
        if not to.exists() or (anchor and anchor not in anchors(to)):
            found.append(link)
    return found


def exists(name: str) -> bool:
    """Return whether a function or a method of that name stands in one of the rooms."""
    parts = name.split(".")
    for room in ROOMS:
        for count in range(len(parts)):
            try:
                what: object = importlib.import_module(".".join([room, *parts[:count]]))
            except ModuleNotFoundError:
                break
            for part in parts[count:]:
                what = getattr(what, part, None)
            if what is not None:
                return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead(page) == []


def test_the_architecture_has_the_floors_of_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = re.search(r"^## Rooms and floors\n.*?^```\n(.*?)^```", HOUSE, re.MULTILINE | re.DOTALL)
    assert drawn
    lines = drawn[1].splitlines()
    assert len(lines) == len(contract)
    for line, floor in zip(lines, contract, strict=True):
        assert re.match(rf"{re.escape(re.sub(r'[()]', '', floor))}( {{3,}}|$)", line), line


def test_the_architecture_names_functions_that_exist() -> None:
    table = HOUSE.partition("## One function per arrow")[2].partition("\n## ")[0]
    named = [name for row in table.splitlines() for name in re.findall(r"`([\w.]+)[^`]*`", row.rpartition(" | ")[2])]
    assert len(named) > 25
    assert [name for name in named if not exists(name)] == []


def test_a_name_or_a_link_that_leads_nowhere_would_be_seen(tmp_path: Path) -> None:
    assert not exists("decisions.forgive")
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](other.md) [d](https://example.org)\n", encoding="utf-8")
    assert dead(page) == ["#two", "other.md"]
