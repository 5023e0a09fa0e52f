"""The locks pin everything by hash, name no place to get it from, and hold what pyproject.toml asks for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.project import ROOT, entries, locked

LOCKS = ["build", "run", "dev"]
ENTRY = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+( ; [^;#]+)?( --hash=sha256:[0-9a-f]{64})+")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(name: str) -> set[tuple[str, str]]:
    """Return name and version of every entry of a lock."""
    return {(canonicalize_name(one.name), str(one.specifier).removeprefix("==")) for one in locked(name)}


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_one_version_with_hashes_and_nothing_else(name: str) -> None:
    assert entries(name)
    assert [entry for entry in entries(name) if not ENTRY.fullmatch(entry)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_says_where_to_get_anything(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert re.findall(r"://|index|find-links|file:|@|\.whl|^-.*|^\.*/.*", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("build", PROJECT["build-system"]["requires"]),
        ("run", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]),
    ],
)
def test_the_lock_answers_what_the_project_asks_for(name: str, asked: list[str]) -> None:
    there = pinned(name)
    for want in map(Requirement, asked):
        versions = [version for found, version in there if found == canonicalize_name(want.name)]
        assert versions, f"{want} is not in {name}.txt: make lock"
        assert all(want.specifier.contains(version) for version in versions), f"{want}: {versions}: make lock"


def test_tests_run_with_the_versions_that_people_run() -> None:
    assert pinned("run") <= pinned("dev")


def test_one_package_is_built_and_tested_with_one_version() -> None:
    names = {name for name, _ in pinned("build")} & {name for name, _ in pinned("dev")}
    assert {pin for pin in pinned("build") if pin[0] in names} <= pinned("dev")
