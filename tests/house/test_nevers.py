"""The nevers that a look at the source can hold: who asks the clock, the environment, the network, click."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.project import SOURCE, modules

CLOCK = {
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.localtime", "time.gmtime", "time.sleep",
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
}  # fmt: skip
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv"}
NETWORK = {"asyncio", "ftplib", "http", "requests", "smtplib", "socket", "ssl", "urllib.request", "urllib3"}
CHANCE = {"random", "secrets", "uuid"}

Look = Callable[[str, set[str]], list[tuple[int, str]]]


def names(tree: ast.AST, *, attributes: bool) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of every import, with `attributes` also of every attribute that is used."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            case ast.Attribute() if attributes:
                yield node.lineno, ast.unparse(node)


def imported(source: str, wanted: set[str]) -> list[tuple[int, str]]:
    """Return where `source` imports one of the modules `wanted`, or something out of it."""
    found = names(ast.parse(source), attributes=False)
    return [(line, name) for line, name in found if any(f"{name}.".startswith(f"{one}.") for one in wanted)]


def used(source: str, wanted: set[str]) -> list[tuple[int, str]]:
    """Return where `source` uses one of the names `wanted`, however its module was imported."""
    found = names(ast.parse(source), attributes=True)
    return [(line, name) for line, name in found if any(f".{name}".endswith(f".{one}") for one in wanted)]


def places(look: Look, where: list[Path], wanted: set[str]) -> list[str]:
    """Return a line for everything that a look at the modules `where` finds."""
    return [
        f"{module.relative_to(SOURCE)}:{line}: {name}"
        for module in where
        for line, name in look(module.read_text(encoding="utf-8"), wanted)
    ]


def rooms(*, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[Path]:
    """Return the modules of all rooms, of all but some, or of some only."""
    named = [(module.relative_to(SOURCE).parts[0].removesuffix(".py"), module) for module in modules()]
    return [module for room, module in named if room not in without and (not only or room in only)]


def test_only_settings_and_those_who_hand_them_on_see_the_environment() -> None:
    others = rooms(without=("config", "cli", "app"))
    assert places(used, others, ENVIRONMENT) == []


def test_only_the_clock_knows_the_time() -> None:
    assert places(used, rooms(without=("clock",)), CLOCK) == []


def test_only_the_command_line_knows_click() -> None:
    assert places(imported, rooms(without=("cli",)), {"click"}) == []


@pytest.mark.parametrize("room", ["article", "campaign", "markup", "model", "rendering"])
def test_no_room_that_makes_mails_knows_the_network_or_chance(room: str) -> None:
    assert rooms(only=(room,))
    assert places(imported, rooms(only=(room,)), NETWORK | CHANCE) == []


def test_the_look_itself_sees() -> None:
    source = "import datetime as dt\nfrom urllib import request\nprint(dt.datetime.now(), os.environ['HOME'])\n"
    assert imported(source, NETWORK) == [(2, "urllib.request")]
    assert imported("import random\nfrom http import client\nself.http.get()", NETWORK | CHANCE) == [
        (1, "random"),
        (2, "http.client"),
    ]
    assert used(source, CLOCK) == [(3, "dt.datetime.now")]
    assert used("from time import time", CLOCK) == [(1, "time.time")]
    assert used(source, ENVIRONMENT) == [(3, "os.environ")]
