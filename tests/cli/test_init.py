"""`backmail init`: what it says and does; what it writes is judged in tests/config/test_starter.py."""

import shlex
from pathlib import Path

import pytest

from backmail.cli import perform, screen
from backmail.config import find_project, sample_campaigns


def test_it_says_what_it_wrote_and_ends_with_three_commands_to_paste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert perform(["init", "my mails"]) == 0
    out, err = capsys.readouterr()
    lines = out.rstrip("\n").split("\n")
    assert lines[0] == "A project begins in my mails:"
    assert lines[1:5] == ["  .env", "  .gitignore", "  .backmail/schema/", "  catalog.yaml"]
    assert lines[-3:] == [
        "cd 'my mails'",
        f"{screen.program()} preview {sample_campaigns()[0].name}",
        f"{screen.program()} check",
    ]
    assert "keep it to yourself" in err
    cd, folder = shlex.split(lines[-3])
    assert cd == "cd"
    monkeypatch.chdir(folder)
    assert find_project(Path(), environ={}).found
    assert perform(["check"]) == 0


def test_a_project_does_not_begin_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    assert perform(["init", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"{tmp_path}: there is a config.yaml here: this is a project already\nnext: cd {tmp_path}\n"


def test_without_a_folder_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["init"]) == 2
    assert "Usage: backmail init [OPTIONS] DIR" in capsys.readouterr().err
