"""`backmail doctor`: lines for people, JSON for programs, and an exit code."""

import json
from pathlib import Path

import pytest

from backmail.cli import perform
from tests.cli.installation import project

WRONG = "transport: {kind: smtp, host: 127.0.0.1, port: 1, security: none}\n"


def test_an_installation_that_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, people=1)
    assert perform(["--project", str(tmp_path), "doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"ok      config: {tmp_path / 'config.yaml'}"
    assert all(line.startswith("ok ") for line in lines)


def test_what_is_wrong_makes_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, WRONG)
    assert perform(["--project", str(tmp_path), "doctor"]) == 1
    assert "error   transport: 127.0.0.1:1: " in capsys.readouterr().out


def test_a_warning_does_not_make_it_and_says_what_to_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"BACKMAIL_SECRET_KEY={'k' * 32}\nBACKMAIL_PEPPER={'p' * 32}\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o600)
    assert perform(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("warning config: no config.yaml here")
    assert "backmail init my-mails" in out


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, WRONG)
    assert perform(["--project", str(tmp_path), "doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert {tuple(sorted(one)) for one in told["checks"]} == {("grade", "id", "message", "next")}
    assert {one["id"]: one["grade"] for one in told["checks"]} == {
        "config": "ok", "secrets": "ok", "database": "ok", "public address": "ok", "transport": "error",
    }  # fmt: skip
