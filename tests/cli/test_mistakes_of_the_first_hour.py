"""What somebody new gets wrong, and what she is told: the file, the line, what was wanted, and what to type next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backmail.cli import perform, screen
from backmail.desk.begin import begin
from tests.desk.workbench import ARTICLE

CAMPAIGN = "campaigns/freer-shoulders/campaign.yaml"
STEP = "campaigns/freer-shoulders/02-stop-ask-help.md"


def told(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    """Return what the command says, on whichever stream, after asserting its exit code."""
    capsys.readouterr()
    assert perform(arguments) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, stood in, with an article."""
    begin(tmp_path)
    (tmp_path / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(file: Path, pattern: str, by: str) -> int:
    """Change the first place of a file that the pattern matches, and return the number of its line."""
    text = file.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    assert found
    file.write_text(text[: found.start()] + by + text[found.end() :], encoding="utf-8")
    return text.count("\n", 0, found.start()) + 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "pots.txt", "--weeks", "many"], "'--weeks': 'many' is no whole number."),
        (["new", "pots.txt", "--weeks", "99"], "'--weeks': 99 is not between 1 and 52."),
        (["new", "pots.txt", "--language", "danish"], "--language: 'danish' is not a language tag; write en, da,"),
        (["new", "pots.txt", "--source-url", "example.org"], "write it as https://example.org"),
        (["new", "pots.txt", "--weks", "3"], "Did you mean '--weeks'?"),
        (["check", "--fail-on", "eror"], "Did you mean 'error'?"),
        (["simulate", "x", "--from", "yesterday"], "'yesterday' is not a date; write 2027-01-04."),
        (["preview", "--port", "70000"], "70000 is not between 0 and 65535."),
        (["help"], "write backmail --help"),
        (["-v"], "Write backmail --version."),
        (["previw"], "did you mean 'preview'?"),
    ],
)
def test_a_wrong_command_line(
    arguments: list[str], said: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(project.rglob("*"))
    shown = told(capsys, 2, *arguments)
    assert said in shown
    assert "range" not in shown
    assert "--help' for help" in shown
    assert sorted(project.rglob("*")) == before


def test_an_address_is_no_safety_text(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "a.txt").write_text("Pots\n\nThey stand in the sun.\n", encoding="utf-8")
    shown = told(capsys, 3, "new", "a.txt", "--safety", "https://example.org/a.html")
    assert "this is an address on the web, and a file is read here" in shown
    assert "save this one from the browser" in shown


@pytest.mark.parametrize("verb", ["new", "outline"])
def test_an_address_that_is_none_is_told(verb: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "this address names no host" in told(capsys, 3, verb, "https:/example.org/a.html")
    assert "127.0.0.1, an address of this machine" in told(capsys, 3, verb, "http://127.0.0.1:9/a.html")


def test_a_theme_that_is_not_there_is_named_where_it_is_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = changed(project / CAMPAIGN, "^theme: weekly", "theme: wekly")
    shown = told(capsys, 1, "check", "freer-shoulders")
    assert f"{CAMPAIGN}:{line}:8: error: there is no theme 'wekly'" in shown
    assert "did you mean 'weekly'?" in shown
    assert f"{CAMPAIGN}:{line}:8: there is no theme" in told(capsys, 3, "render", "freer-shoulders", "--out", "x")


@pytest.mark.parametrize(
    ("pattern", "by", "said"),
    [
        ("^after: .*", "after: 1 week", "5:8: '1 week' is not a span of time"),
        (r"\A---\n(.*\n)*?---\n", "", "1:1: a step begins with its settings between two lines ---"),
        ("^subject: .*\n", "", "2:1: 'subject' is missing"),
    ],
)
def test_a_broken_step_is_the_only_news(
    pattern: str, by: str, said: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three other mails repeat what stands in it, and that they cannot now is no fault of theirs."""
    changed(project / STEP, pattern, by)
    shown = told(capsys, 3, "check", "freer-shoulders")
    assert shown.startswith(f"{STEP}:{said}")
    assert "repeats" not in shown
    assert "problems" not in shown


def test_a_note_that_repeats_no_step_is_still_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(project / STEP, "^id: stop-ask-help", "id: stop-ask-helpp")
    shown = told(capsys, 3, "check", "freer-shoulders")
    assert shown.count("this note repeats a step 'stop-ask-help', and there is none of that id") == 3
    assert "did you mean 'stop-ask-helpp'?" in shown


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('signature: "Anna\ndisclaimer: "No advice."', 11),
        ("signature: 'Anna\ndisclaimer: 'No advice.'", 11),
        ('signature: "Anna\ntheme: weekly\ndisclaimer: "No \\\'advice\\\'."', 11),
    ],
)
def test_a_quote_that_is_not_closed_is_shown_where_it_opens(
    text: str, at: int, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = changed(project / CAMPAIGN, "^signature: .*\ndisclaimer: .*", text)
    shown = told(capsys, 3, "check", "freer-shoulders")
    assert f"{CAMPAIGN}:{line}:{at + 1}: this quote is not closed on its line" in shown


@pytest.mark.parametrize("name", [CAMPAIGN, STEP, "freer-shoulders/", "campaigns/freer-shoulders"])
def test_a_campaign_may_be_named_by_what_a_shell_completes(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "1 campaign, 7 mails" in told(capsys, 0, "check", name)


def test_where_there_is_no_project_the_next_is_to_begin_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    begin_one = f"next: {screen.program()} init my-mails\n"
    assert told(capsys, 0, "check") == f"0 campaigns, 0 mails: nothing to mend\n{begin_one}"
    for verb in ("status", "apply"):
        shown = told(capsys, 3, verb)
        assert shown.startswith("there is no project here, nor in a folder above\n")
        assert shown.endswith(begin_one)
    (tmp_path / "config.yaml").touch()
    assert told(capsys, 0, "check").endswith(f"next: {screen.program()} new ARTICLE\n")
    assert "BACKMAIL_SECRET_KEY is not set" in told(capsys, 3, "status")


def test_what_was_made_is_looked_at_next(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, 0, "new", "pots.txt", "--name", "pots").endswith(
        f"{screen.program()} preview pots\n{screen.program()} check pots\n"
    )
    first = (project / "campaigns" / "pots" / "campaign.yaml").read_text(encoding="utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=../../.backmail/schema/campaign.json"


def test_without_schemas_a_new_campaign_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told(capsys, 0, "new", "pots.txt", "--name", "pots")
    assert not any("yaml-language-server" in path.read_text() for path in tmp_path.rglob("*.yaml"))
