"""What a person sees: findings with their line, colours only where a terminal wants them, commands to paste."""

import errno
import shutil
import sys
from pathlib import Path

import pytest

from backmail.cli import screen
from backmail.errors import Place
from backmail.model.campaign import Finding, Severity

ERROR = Finding(
    "subject-long", Severity.ERROR, "the subject is too long", "one", "a", Place("s.md", 2, 10), "shorten it"
)
OTHERS = [
    Finding("no-url", Severity.WARNING, "no public address", hint="set site.public_url"),
    Finding("gone", Severity.INFO, "moved", place=Place("gone.md", 3)),
    Finding("far", Severity.INFO, "far", place=Place("s.md", 99, 1)),
]
SHOWN = "s.md:2:10: error: the subject is too long (subject-long)\n  2 | subject: ærlig\n               ^ shorten it\n"


@pytest.fixture(autouse=True)
def _a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.md").write_text("---\nsubject: ærlig\n---\n", encoding="utf-8")


def test_findings_are_data_and_show_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    screen.show([ERROR, *OTHERS])
    out, err = capsys.readouterr()
    assert err == ""
    assert out == (
        SHOWN + "warning: no public address (no-url)\n  hint: set site.public_url\n"
        "gone.md:3: info: moved (gone)\ns.md:99:1: info: far (far)\n"
    )


def test_what_has_no_line_says_which_mail_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    screen.show([Finding("size", Severity.WARNING, "the mail is big", step="pelvic-tilts")])
    assert capsys.readouterr().out == "warning: pelvic-tilts: the mail is big (size)\n"


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_come_only_where_a_terminal_wants_them(
    environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    screen.show([ERROR])
    out = capsys.readouterr().out
    assert ("\x1b[" in out) is coloured
    assert out.replace("\x1b[31merror:\x1b[0m", "error:") == SHOWN


def test_hints_are_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    screen.tell("wait")
    screen.say("done")
    assert capsys.readouterr() == ("done\n", "wait\n")


def test_the_program_is_called_as_this_shell_can_find_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin_folder = tmp_path / "its bin"
    bin_folder.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr(sys, "executable", str(bin_folder / "python"))
    assert screen.program() == f"'{bin_folder}/python' -m backmail"
    (bin_folder / "backmail").touch(mode=0o755)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert screen.program() == f"'{bin_folder}/backmail'"
    monkeypatch.setattr(shutil, "which", lambda _: str(bin_folder / "backmail"))
    assert screen.program() == "backmail"
    monkeypatch.setattr(shutil, "which", lambda _: "/elsewhere/backmail")
    assert screen.program() == f"'{bin_folder}/backmail'"
    monkeypatch.chdir(tmp_path)
    assert screen.program() == "'its bin/backmail'"


def test_commands_are_made_to_paste_and_other_words_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "program", lambda: "/x/backmail")
    said = "backmail is a word: backmail\nnext: backmail check one\nbackmail\nbackmailer"
    assert screen.pasteable(said) == (
        "/x/backmail is a word: backmail\nnext: /x/backmail check one\n/x/backmail\nbackmailer"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a/b"), "a/b: permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "stopped: no space left on device"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "stopped: nobody reads the output any longer"),
        (OSError("missing from /A"), "stopped: missing from /A"),
    ],
)
def test_what_the_system_refuses_is_one_line(error: OSError, said: str) -> None:
    assert screen.of_the_system(error) == said
