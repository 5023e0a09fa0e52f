"""The secrets of a project: what is missing or too short is told, with what to type; none is ever shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backmail.config import Project, Secrets, find_project, start_project
from backmail.errors import ConfigError

KEY, PEPPER = "BACKMAIL_SECRET_KEY", "BACKMAIL_PEPPER"
GOOD = {KEY: "k" * 16, PEPPER: "p" * 16}
RELAY = "transport: {kind: smtp, host: smtp.example.org, username: anna}\n"


def project(folder: Path, settings: str = "", dotenv: str = "", **environ: str) -> Project:
    """Return a project of that config.yaml, .env and environment."""
    (folder / "config.yaml").write_text(settings, encoding="utf-8")
    if dotenv:
        (folder / ".env").write_text(dotenv, encoding="utf-8")
    return find_project(folder, environ=environ)


def refused(found: Project, *, sending: bool = False) -> str:
    """Return what is said of the secrets."""
    with pytest.raises(ConfigError) as caught:
        found.secrets(sending=sending)
    return str(caught.value)


def test_a_new_project_has_its_secrets(tmp_path: Path) -> None:
    start_project(tmp_path / "mails")
    found = find_project(tmp_path / "mails", environ={})
    secrets = found.secrets(sending=True)
    assert (len(secrets.key), len(secrets.pepper), secrets.smtp_username, secrets.smtp_password) == (44, 44, "", None)
    assert secrets.lasting() == {KEY: secrets.key, PEPPER: secrets.pepper}
    assert secrets.key != secrets.pepper
    assert found.environment().warnings() == []


def test_files_alone_need_no_secret(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"broken")
    assert project(tmp_path).campaigns == tmp_path / "campaigns"


def test_the_environment_and_the_file_fill_each_other_up(tmp_path: Path) -> None:
    found = project(tmp_path, dotenv=f"{KEY}={'f' * 16}\n{PEPPER}={'f' * 16}\n", **{PEPPER: "ø" * 8})
    assert found.secrets() == Secrets(b"f" * 16, "ø".encode() * 8)


def test_what_is_missing_is_told_at_once_with_a_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "my mails").mkdir()
    found = project(tmp_path / "my mails", dotenv="OTHER=1")
    said = refused(found)
    path = tmp_path / "my mails" / ".env"
    looked = f"hint: looked in the environment and in {path}"
    assert said.split("\n")[:4] == [
        f"{KEY} is not set", f"  {looked}, also for {KEY}_FILE",
        f"{PEPPER} is not set", f"  {looked}, also for {PEPPER}_FILE",
    ]  # fmt: skip
    command = said.partition("\nnext: ")[2]
    environ = {"PATH": f"{Path(sys.executable).parent}:{os.defpath}"}
    subprocess.run(["sh", "-c", command], check=True, env=environ)
    assert len(found.secrets().pepper) == 44
    assert path.read_text(encoding="utf-8").startswith(f"OTHER=1\n{KEY}=")


def test_one_secret_that_is_missing_is_made_alone(tmp_path: Path) -> None:
    said = refused(project(tmp_path, **{KEY: "k" * 16}))
    assert "1 problem" not in said
    assert KEY not in said
    assert "for name in ['BACKMAIL_PEPPER']" in said


def test_without_a_project_the_next_step_is_to_begin_one(tmp_path: Path) -> None:
    assert refused(Project(tmp_path, environ={})).endswith("next: backmail init my-mails")


def test_what_is_too_short_is_told_with_its_place_and_not_shown(tmp_path: Path) -> None:
    said = refused(project(tmp_path, dotenv=f"{KEY}=hunter2\n", **{PEPPER: "p" * 15}))
    assert f"{tmp_path}/.env:1: {KEY} is too short: it has 7 bytes, and needs 16" in said
    assert f"the environment: {PEPPER} is too short: it has 15 bytes, and needs 16" in said
    assert said.endswith(f"2 problems\nnext: ${{EDITOR:-vi}} {tmp_path}/.env")
    assert "hunter2" not in said


def test_beside_one_that_is_too_short_nothing_is_added_to_the_file(tmp_path: Path) -> None:
    said = refused(project(tmp_path, dotenv=f"{KEY}=hunter2\n"))
    assert said.endswith(f"2 problems\nnext: ${{EDITOR:-vi}} {tmp_path}/.env")


def test_the_key_of_examples_is_no_secret(tmp_path: Path) -> None:
    said = refused(project(tmp_path, **GOOD | {KEY: "backmail: links of files that are only looked at"}))
    assert f"{KEY} is the one that backmail signs examples with: everybody knows it" in said


def test_a_relay_with_a_username_wants_its_password_when_mails_leave(tmp_path: Path) -> None:
    found = project(tmp_path, RELAY, **GOOD)
    assert found.secrets() == Secrets(b"k" * 16, b"p" * 16, "anna", None)
    said = refused(found, sending=True)
    assert said.startswith("BACKMAIL_SMTP_PASSWORD is not set\n  hint: looked in the environment and in ")
    assert said.endswith(f"next: ${{EDITOR:-vi}} {tmp_path}/.env")
    found = project(tmp_path, RELAY, **GOOD, BACKMAIL_SMTP_PASSWORD="x")
    assert found.secrets(sending=True).smtp_password == "x"
    for settings in (RELAY.replace(", username: anna", ""), RELAY.replace("kind: smtp", "kind: folder")):
        assert project(tmp_path, settings, **GOOD).secrets(sending=True).smtp_password is None


def test_a_username_may_be_a_secret_too(tmp_path: Path) -> None:
    login = {"BACKMAIL_SMTP_USERNAME": "AKIA", "BACKMAIL_SMTP_PASSWORD": "x"}
    assert project(tmp_path, RELAY, **GOOD, **login).secrets(sending=True).smtp_username == "AKIA"
    plain = "transport: {kind: smtp, host: smtp.example.org, security: none}\n"
    assert "a password goes over TLS only" in refused(project(tmp_path, plain, **GOOD, **login), sending=True)


def test_faults_of_the_file_are_told_first(tmp_path: Path) -> None:
    said = refused(project(tmp_path, **GOOD, BACKMAIL_PEPPER_FILE="x"))
    assert said.startswith("the environment: BACKMAIL_PEPPER and BACKMAIL_PEPPER_FILE are both given")
    assert refused(project(tmp_path, dotenv="broken\n")).startswith(f"{tmp_path}/.env:1: this line is neither")


def test_none_is_ever_shown() -> None:
    assert repr(Secrets(b"hunter2", b"hunter2", "hunter2", "hunter2")) == "Secrets()"
