"""`backmail schema`: which there are, one of them, those of a project written and checked."""

import json
from pathlib import Path

import pytest

from backmail.cli import perform, screen


@pytest.fixture(autouse=True)
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["schema"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == [
        "config", "campaign", "step", "outline", "catalog", "person",
    ]  # fmt: skip
    assert err == f"{screen.program()} schema --write\n"


def test_one_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["schema", "person"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out)["properties"]["email"]["description"] == "the address"


def test_a_project_s_are_written_and_checked(in_a_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["schema", "--check"]) == 1
    out, err = capsys.readouterr()
    assert ".backmail/schema/campaign.json: missing" in out.splitlines()
    assert err == f"next: {screen.program()} schema --write\n"
    assert perform(["schema", "--write"]) == 0
    out, err = capsys.readouterr()
    assert ".backmail/schema/campaign.json" in out.splitlines()
    assert "# yaml-language-server: $schema=../../.backmail/schema/campaign.json" in err
    assert perform(["schema", "--check"]) == 0
    assert capsys.readouterr() == ("the schemas are up to date\n", "")
    (in_a_project / ".backmail" / "schema" / "step.json").write_text("{}", encoding="utf-8")
    (in_a_project / ".backmail" / "schema" / "old.json").write_text("{}", encoding="utf-8")
    assert perform(["schema", "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        ".backmail/schema/step.json: not up to date",
        ".backmail/schema/old.json: of no kind of file that there is",
    ]
    assert perform(["schema", "--write"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        ".backmail/schema/step.json",
        ".backmail/schema/old.json (taken away)",
    ]
    assert perform(["schema", "--write"]) == 0
    assert capsys.readouterr().out == "the schemas were up to date\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["campain"], 3, "did you mean 'campaign'?\nnext: "),
        (["campaign", "--write"], 2, "choose one of them"),
        (["--write", "--check"], 2, "choose one of them"),
    ],
)
def test_what_it_cannot_do(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["schema", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
