"""What a package says it exports is there, in order, and its types travel with it."""

import importlib
from pathlib import Path

import pytest

from tests.house.project import SOURCE, modules


def dotted(module: Path) -> str:
    """Return the import name of a module's file."""
    parts = module.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rank(name: str) -> tuple[int, str]:
    """Sort as the linter does: CONSTANTS, then Classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", [dotted(module) for module in modules() if module.name != "__main__.py"])
def test_every_exported_name_exists_and_is_in_order(name: str) -> None:
    module = importlib.import_module(name)
    exported = list(getattr(module, "__all__", []))
    assert [missing for missing in exported if not hasattr(module, missing)] == []
    assert exported == sorted(set(exported), key=rank)


@pytest.mark.parametrize("package", [module for module in modules() if module.name == "__init__.py"], ids=dotted)
def test_every_package_that_takes_names_from_its_modules_says_which_it_exports(package: Path) -> None:
    source = package.read_text(encoding="utf-8")
    inner = f"from {dotted(package)}."
    assert inner not in source or "__all__" in source


def test_the_types_travel_with_the_package() -> None:
    assert (SOURCE / "py.typed").read_bytes() == b""
