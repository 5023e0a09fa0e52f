"""`backmail lexicon`: which languages there are, and whether a word list holds."""

import json
from pathlib import Path

import pytest

from backmail.cli import perform


@pytest.fixture(autouse=True)
def in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_lists_the_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["lexicon"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines][:2] == [["en", "proved"], ["da", "proved"]]
    assert ["it", "unproved"] in [line.split()[:2] for line in lines]


def test_a_sound_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["lexicon", "check", "nl"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("backmail/article/lexicon/nl.toml: nl, unproved, ")
    assert out[0].endswith("nothing to mend")
    assert any(line.split()[0] == "headings.safety" for line in out[1:])


def test_a_list_with_faults(in_a_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (in_a_project / "mine.toml").write_text("[headings]\nsafty = ['^x$']\n", encoding="utf-8")
    assert perform(["lexicon", "check", "en", "mine.toml"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "mine.toml:2:1: [headings] has no 'safty'"
    assert "did you mean 'safety'?" in out[2]
    assert out[-1].endswith("1 to mend")
    assert perform(["lexicon", "check", "en", "mine.toml", "--json"]) == 1
    [found] = json.loads(capsys.readouterr().out)["files"]
    assert (found["file"], found["language"], found["proved"]) == ("mine.toml", "en", False)
    assert found["faults"] == [
        {"line": 2, "column": 1, "message": "[headings] has no 'safty'", "hint": "did you mean 'safety'?"}
    ]


def test_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["lexicon", "check", "xq"]) == 3
    assert "there are no words of 'xq'" in capsys.readouterr().err
