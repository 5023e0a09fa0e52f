"""`backmail` alone: six lines of what stands here, and the command to type next."""

from importlib.metadata import version
from pathlib import Path

import pytest

from backmail.cli import run, screen


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that the command prints, after asserting that they are six and that it went well."""
    assert run(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 6
    return out.removesuffix("\n").split("\n")


def campaign(folder: Path, *steps: str) -> None:
    """Write the files of a campaign, empty."""
    folder.mkdir(parents=True)
    for name in ("campaign.yaml", "article.md", *steps):
        (folder / name).touch()


def test_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lines(capsys) == [
        f"backmail {version('backmail')}",
        f"project    {tmp_path} (no config.yaml: the defaults hold)",
        "sender     not set in config.yaml",
        "campaigns  none",
        "people     none",
        f"next       {screen.program()} init my-mails",
    ]


def test_in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("sender: {name: Anna, email: anna@example.org}", encoding="utf-8")
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "anna.yaml").touch()
    monkeypatch.chdir(tmp_path / "people")
    assert lines(capsys)[1:] == [
        f"project    {tmp_path}",
        "sender     Anna <anna@example.org>",
        "campaigns  none",
        "people     1",
        f"next       {screen.program()} new ARTICLE",
    ]


def test_with_campaigns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("sender: {email: anna@example.org}", encoding="utf-8")
    campaign(tmp_path / "campaigns" / "one", "01-a.md")
    (tmp_path / "campaigns" / "not one").mkdir()
    told = lines(capsys, "--project", str(tmp_path))
    assert told[2:4] == ["sender     <anna@example.org>", "campaigns  one (1 step)"]
    assert told[5] == f"next       {screen.program()} check one"
    for name in ("two", "three", "four", "five"):
        campaign(tmp_path / "campaigns" / name, "01-a.md", "02-b.md")
    told = lines(capsys, "--project", str(tmp_path))
    assert told[3] == "campaigns  five (2 steps), four (2 steps), one (1 step) and 2 more"
    assert told[5] == f"next       {screen.program()} check"
