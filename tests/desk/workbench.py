"""A project to work in, an article to work with, and the command line as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.cli import perform
from backmail.config import sample_campaigns, start_project

SAMPLE = sample_campaigns()[0]

ARTICLE = Path(__file__).with_name("pots.txt").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, stood in, with an article beside config.yaml."""
    folder = tmp_path / "project"
    start_project(folder)
    (folder / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content: to prove that nothing was written, or what was."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


Said = tuple[int, str, str]


@pytest.fixture
def backmail(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Call backmail: exit code, stdout, stderr; a traceback is a failure wherever it is printed."""

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = perform(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call
