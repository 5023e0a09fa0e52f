"""scripts/venv makes a sound environment, harms nothing that it did not make, and says what the machine lacks."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tests.house.project import ROOT

Main = Callable[[Path], str | None]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Stand in for the slow making of an environment, and note where one was made."""
    folders: list[Path] = []

    def run(command: list[Path], check: bool) -> subprocess.CompletedProcess[str]:
        folders.append(command[-1])
        (command[-1] / "pyvenv.cfg").touch()
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(subprocess, "run", run)
    return folders


@pytest.fixture
def set_up(made: list[Path]) -> Main:
    """The script's main function."""
    loader = SourceFileLoader("scripts_venv", str(ROOT / "scripts" / "venv"))
    spec = importlib.util.spec_from_loader("scripts_venv", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    main: Main = module.main
    return main


def test_a_new_folder_becomes_an_environment(set_up: Main, made: list[Path], tmp_path: Path) -> None:
    assert set_up(tmp_path / "new" / "venv") is None
    assert made == [tmp_path / "new" / "venv"]


def test_what_a_killed_install_left_is_thrown_away(set_up: Main, made: list[Path], tmp_path: Path) -> None:
    set_up(tmp_path / "venv")
    (tmp_path / "venv" / "half").touch()
    assert set_up(tmp_path / "venv") is None
    assert not (tmp_path / "venv" / "half").exists()
    assert len(made) == 2


def test_a_finished_install_is_kept(set_up: Main, made: list[Path], tmp_path: Path) -> None:
    set_up(tmp_path / "venv")
    (tmp_path / "venv" / "bin").mkdir()
    (tmp_path / "venv" / "bin" / "python").touch()
    (tmp_path / "venv" / "run.stamp").touch()
    assert set_up(tmp_path / "venv") is None
    assert (tmp_path / "venv" / "run.stamp").exists()
    assert len(made) == 1


def test_an_environment_of_somebody_is_used_as_it_is(set_up: Main, made: list[Path], tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").touch()
    (tmp_path / "theirs").touch()
    assert set_up(tmp_path) is None
    assert (tmp_path / "theirs").exists()
    assert made == []


def test_a_folder_with_other_things_is_refused_and_left_alone(set_up: Main, made: list[Path], tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    said = set_up(tmp_path)
    assert said
    assert "other things in it" in said
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    assert made == []


def test_a_python_without_ensurepip_is_told_what_to_install(
    set_up: Main, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert str(set_up(tmp_path / "venv")).endswith("apt install python3-venv")
    assert not (tmp_path / "venv").exists()


def test_an_old_python_is_told_so(set_up: Main, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert str(set_up(tmp_path / "venv")).startswith("backmail needs Python 3.11 or newer")
