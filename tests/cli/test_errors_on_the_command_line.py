"""Every way in which a command can go wrong: its words, its exit code, and never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backmail.cli import perform, screen, state
from backmail.errors import BackmailError, ConfigError, PlanRefused, SafetyStop, UsageError

BACKMAIL = [sys.executable, "-m", "backmail"]
FULL = Path("/dev/full")


def raising(error: BaseException) -> object:
    """Return a function that raises."""

    def fail(_: object) -> list[str]:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("m", next_command="backmail check"), 2),
        (ConfigError("m", next_command="backmail check"), 3),
        (PlanRefused("m", rule="words", nearest=None, next_command="backmail check"), 3),
        (SafetyStop("m", next_command="backmail check"), 5),
    ],
)
def test_an_error_of_ours_is_its_text_on_stderr_and_its_code(
    error: BackmailError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(state, "state", raising(error))
    assert perform([]) == code
    assert capsys.readouterr() == ("", str(error).replace("next: backmail", f"next: {screen.program()}") + "\n")


def test_all_faults_of_the_settings_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text("brnd: {}\nzone: Europe/Kobenhavn\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert perform([]) == 3
    assert capsys.readouterr().err == (
        "config.yaml:1:1: 'brnd' is not a setting here\n"
        "  1 | brnd: {}\n"
        "      ^ did you mean 'brand'?\n"
        "config.yaml:2:7: unknown time zone 'Europe/Kobenhavn'\n"
        "  2 | zone: Europe/Kobenhavn\n"
        "            ^ did you mean 'Europe/Copenhagen'?\n"
        "2 problems\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "there is no command 'chek'; did you mean 'check'?"),
        (["zzz"], "there is no command 'zzz'\n"),
        (["--projct", "x"], "--project"),
        (["init", "a", "b"], "unexpected extra argument"),
        (["init", "a", "--force"], "No such option"),
    ],
)
def test_wrong_arguments_exit_2_with_help_for_a_slip(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert perform(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.startswith("Usage: backmail")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied", "x")]
)
def test_what_the_system_refuses_is_one_line_and_exit_3(
    error: OSError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(state, "state", raising(error))
    assert perform([]) == 3
    assert capsys.readouterr() == ("", screen.of_the_system(error) + "\n")


def test_a_place_that_cannot_be_written_to_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert perform(["init", str(tmp_path / "file" / "project")]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"{tmp_path / 'file' / 'project'}: not a directory\n"


def test_an_interrupt_exits_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(state, "state", raising(KeyboardInterrupt()))
    assert perform([]) == 128 + signal.SIGINT
    assert capsys.readouterr().err.strip() == "interrupted"


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "state", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        perform([])


def test_a_reader_who_goes_away_is_one_line(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(BACKMAIL, stdout=write, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (3, "stopped: nobody reads the output any longer\n")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(BACKMAIL, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (3, "stopped: no space left on device\n")


def test_the_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("sender: {name: Søren 美, email: s@example.org}", encoding="utf-8")
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    done = subprocess.run(BACKMAIL, capture_output=True, cwd=tmp_path, env=environment, check=True)
    assert "Søren 美" in done.stdout.decode("utf-8")
