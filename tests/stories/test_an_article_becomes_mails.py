"""From an article to finished mails, as a marketer goes: new, check, render, and the demo that does it all."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.cli import demo as cli_demo
from backmail.config import start_project
from tests.desk.workbench import SAMPLE, Said, tree

Call = Callable[..., Said]


def test_the_sample_campaign_is_what_new_makes_of_its_article(project: Path, backmail: Call) -> None:
    article = project / "campaigns" / SAMPLE.name / "article.txt"
    article.rename(project / "article.txt")
    for path in (project / "campaigns" / SAMPLE.name).iterdir():
        path.unlink()
    (project / "campaigns" / SAMPLE.name).rmdir()
    assert backmail("new", "article.txt", "--name", SAMPLE.name, "--adapt", "all")[0] == 0
    assert tree(project / "campaigns" / SAMPLE.name) == tree(SAMPLE)


def test_the_sample_passes_its_check(project: Path, backmail: Call) -> None:
    code, out, _ = backmail("check", SAMPLE.name)
    assert code == 0, out
    assert " error" not in out


def test_a_series_is_made_checked_and_rendered_for_everybody(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    code, out, _ = backmail("check", "pots")
    assert code == 0, out
    assert backmail("render", "pots", "--out", "mails", "--all-people")[0] == 0
    steps = sorted(path.stem for path in (project / "campaigns/pots").glob("0*.md"))
    for person in (project / "people").glob("*.yaml"):
        for step in steps:
            mail = email.message_from_bytes(
                (project / f"mails/{person.stem}/{step}.eml").read_bytes(), policy=email.policy.default
            )
            html = mail.get_body(("html",))
            text = mail.get_body(("plain",))
            assert html is not None
            assert text is not None
            files = project / "mails" / person.stem
            assert html.get_content().replace("\r\n", "\n") == (files / f"{step}.html").read_text(encoding="utf-8")
            assert text.get_content().replace("\r\n", "\n") == (files / f"{step}.txt").read_text(encoding="utf-8")
            assert re.search(r"^List-Unsubscribe: <https://\S+>\r?$", (files / f"{step}.eml").read_text(), re.MULTILINE)


def test_the_same_article_gives_the_same_bytes_twice(project: Path, backmail: Call, tmp_path: Path) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    assert backmail("render", "pots", "--out", "once")[0] == 0
    again = tmp_path / "again"
    start_project(again)
    program = "import sys; from backmail.cli import main; sys.argv[0] = 'backmail'; main()"
    for arguments in (["new", str(project / "pots.txt"), "--name", "pots"], ["render", "pots", "--out", "once"]):
        subprocess.run([sys.executable, "-c", program, *arguments], cwd=again, check=True, capture_output=True)
    assert tree(again / "campaigns/pots") == tree(project / "campaigns/pots")
    assert tree(again / "once") == tree(project / "once")


def test_the_demo_ends_in_a_gallery(project: Path, backmail: Call) -> None:
    code, out, _ = backmail("demo", "--out", "shown")
    lines = out.splitlines()
    assert code == 0
    assert len(lines) <= 15
    assert lines[-1] == "shown/gallery/index.html"
    assert "nothing" in out
    assert (project / "shown/gallery/index.html").resolve().as_uri() in out
    page = (project / lines[-1]).read_text(encoding="utf-8")
    summary = json.loads((project / "shown/summary.json").read_text(encoding="utf-8"))
    assert summary["sent"] == 0
    assert summary["findings"]["error"] == 0
    assert summary["people"] == 1000
    assert summary["planned"] == summary["accepted"] == 1000 * len(summary["mails"])
    assert summary["lost"] == summary["duplicates"] == 0
    assert summary["zones"] == 40
    assert [sum(week.values()) for week in summary["weeks"]] == [1000] * len(summary["mails"])
    assert "7,000 mails to 1,000 made-up readers" in out
    outbox = sorted((project / "shown/outbox").glob("*.eml"))
    assert len(outbox) == len(summary["mails"])
    assert (project / "shown/outbox/index.html").resolve().as_uri() in out
    hers = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in outbox]
    assert len({mail["To"] for mail in hers}) == 1
    assert [mail["Subject"] for mail in hers] == [mail["subject"] for mail in summary["mails"]]
    for path in outbox:
        assert f'href="../outbox/{path.name}"' in page
    for mail in summary["mails"]:
        assert (project / "shown/gallery" / mail["file"]).is_file()
        assert f'src="{mail["file"]}"' in page
    assert tree(project / "shown/campaigns" / SAMPLE.name) == tree(SAMPLE)


def test_the_commands_that_the_demo_prints_can_be_pasted(
    project: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_demo, "_PEOPLE", 40)
    _, out, _ = backmail("demo", "pots.txt", "--out", "shown")
    lines = out.splitlines()
    commands = lines[lines.index("next") + 1 : -1]
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_demo_writes_over_the_first_and_over_nothing_else(
    project: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_demo, "_PEOPLE", 3)
    assert backmail("demo", "pots.txt", "--out", "shown")[0] == 0
    assert backmail("demo", "pots.txt", "--out", "shown")[0] == 0
    (project / "mine").mkdir()
    (project / "mine/letter.txt").write_text("dear", encoding="utf-8")
    code, _, err = backmail("demo", "pots.txt", "--out", "mine")
    assert code == 2
    assert "--out" in err
    assert tree(project / "mine") == {"letter.txt": b"dear"}
