"""What a shell completes: commands, options and names; asked of click, and of a real bash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from backmail.cli import VERBS, backmail, perform

BASH = shutil.which("bash")
MODULES = """
import json, os, sys
os.environ.update(_BACKMAIL_COMPLETE="bash_complete", COMP_WORDS="backmail render ", COMP_CWORD="2")
from backmail.cli import perform
try:
    perform([])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def offered(*words: str) -> list[str]:
    """Return what is offered for the last word, which is begun, behind the others."""
    *before, last = words
    items = ShellComplete(backmail, {}, "backmail", "_BACKMAIL_COMPLETE").get_completions(before, last)
    return [f"<{item.type}>" if item.type != "plain" else str(item.value) for item in items]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two campaigns and two people, stood in; its settings are broken, as they are at times."""
    (tmp_path / "config.yaml").write_text("brnd: [", encoding="utf-8")
    for name in ("stronger-back", "freer-shoulders", "_confirm", "with space"):
        folder = tmp_path / "campaigns" / name
        folder.mkdir(parents=True)
        (folder / "campaign.yaml").touch()
    (tmp_path / "campaigns" / "no-campaign").mkdir()
    back = tmp_path / "campaigns" / "stronger-back"
    (back / "01-why.md").write_text("---\nid: why-move\nsubject: Why\n---\nid: not-this\n", encoding="utf-8")
    (back / "02-tilts.md").write_text('---\nsubject: Tilts\nid: "tilts"\n---\n', encoding="utf-8")
    (back / "03-broken.md").write_bytes(b"\xff\xfe")
    (tmp_path / "people").mkdir()
    for name in ("anna.yaml", "bo.yml", ".hidden.yaml", "notes.txt"):
        (tmp_path / "people" / name).touch()
    monkeypatch.chdir(back)
    return tmp_path


def test_commands_are_offered() -> None:
    assert offered("") == list(VERBS)
    assert offered("sim") == ["simulate"]
    assert offered("--pro") == ["--project"]
    assert offered("segments", "c") == ["count"]
    assert offered("zzz", "") == list(VERBS)


def test_options_are_offered() -> None:
    assert "--fail-on" in offered("check", "--")
    assert offered("check", "--fail-on", "") == ["error", "warning"]


@pytest.mark.parametrize("verb", ["check", "render", "simulate", "preview", "apply", "live", "send-test", "pause"])
def test_campaigns_are_offered(verb: str) -> None:
    assert offered(verb, "") == ["freer-shoulders", "stronger-back"]
    assert offered(verb, "str") == ["stronger-back"]


@pytest.mark.parametrize("name", ["x;touch${IFS}PWNED", "x`id`", "x,file", "x\nfile", "x'", "-x", "x*", "x\udce9"])
def test_a_name_that_a_shell_would_act_on_is_not_offered(project: Path, name: str) -> None:
    folder = project / "campaigns" / name
    folder.mkdir()
    (folder / "campaign.yaml").touch()
    (project / "people" / f"{name}.yaml").touch()
    assert offered("check", "") == ["freer-shoulders", "stronger-back"]
    assert offered("render", "stronger-back", "--as", "") == ["anna", "bo"]


def test_letters_of_all_scripts_are_offered(project: Path) -> None:
    (project / "people" / "søren_2.b-c.yaml").touch()
    assert offered("render", "stronger-back", "--as", "s") == ["søren_2.b-c"]


def test_steps_of_the_campaign_before_are_offered() -> None:
    assert offered("send-test", "stronger-back", "") == ["why-move", "tilts"]
    assert offered("explain", "a@example.org", "stronger-back", "t") == ["tilts"]
    assert offered("send-test", "nowhere", "") == []


def test_people_are_offered() -> None:
    assert offered("render", "stronger-back", "--as", "") == ["anna", "bo"]


def test_a_file_is_offered_where_no_campaign_begins_so() -> None:
    assert offered("outline", "str") == ["stronger-back"]
    assert offered("outline", "art") == ["<file>"]


def test_the_project_may_be_named(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert offered("check", "") == []
    assert offered("--project", str(project), "check", "") == ["freer-shoulders", "stronger-back"]
    assert offered("check", "--project", str(project), "") == ["freer-shoulders", "stronger-back"]
    monkeypatch.setenv("BACKMAIL_PROJECT", str(project))
    assert offered("check", "") == ["freer-shoulders", "stronger-back"]


def test_what_cannot_be_read_means_no_names(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, pattern: str) -> list[Path]:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "glob", refuse)
    assert offered("check", "") == []
    assert offered("render", "stronger-back", "--as", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_says_where_it_goes(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert f"_BACKMAIL_COMPLETE={shell}_complete" in out
    assert out.startswith("#compdef backmail\n") == (shell == "zsh")  # zsh looks for it in the first line
    assert f"backmail completion {shell}" in out.splitlines()[-1]
    assert out.splitlines()[-1].startswith("#   ")


def test_a_shell_that_it_does_not_know_is_told_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert perform(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err


def test_while_it_completes_nothing_heavy_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", MODULES], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["plain,freer-shoulders", "plain,stronger-back"]
    heavy = {"pydantic", "yaml", "rich", "jinja2", "lxml", "sqlalchemy", "starlette", "backmail.config"}
    assert not heavy & set(done.stderr.split('"'))


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("backmail simu", ["simulate"]),
        ("backmail check str", ["stronger-back"]),
        ("backmail send-test stronger-back ", ["tilts", "why-move"]),
        ("backmail check --fail-on w", ["warning"]),
        ("backmail zzz zzz zzz", []),
    ],
)
def test_a_real_bash_completes(line: str, expected: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert BASH
    script = f"""
        PATH={Path(sys.executable).parent}:$PATH
        source <(backmail completion bash)
        COMP_LINE={line!r}; COMP_WORDS=($COMP_LINE); case "$COMP_LINE" in *' ') COMP_WORDS+=('');; esac
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _backmail_completion backmail
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run([BASH, "-c", script], capture_output=True, text=True, check=True, env={**os.environ})
    assert sorted(done.stdout.split()) == expected
    # compopt says that nobody is completing, since nobody is.
    assert [said for said in done.stderr.splitlines() if "compopt" not in said] == []


def test_the_names_complete_wherever_a_campaign_is_asked_for() -> None:
    """No verb is forgotten: each argument that is called so has somebody to ask."""
    top = click.Context(backmail)
    silent = []
    for verb in VERBS:
        command = backmail.get_command(top, verb)
        assert command
        for parameter in command.params:
            if parameter.name in ("campaign", "step", "person") and parameter._custom_shell_complete is None:
                silent.append(f"{verb} {parameter.name}")
    assert silent == []
