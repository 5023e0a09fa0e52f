"""Where a variable is looked for: the environment before .env, and each may name a file that holds the value."""

from pathlib import Path

import pytest

from backmail.config import Environment
from backmail.config.environment import read_environment
from backmail.errors import ConfigError

NAME = "BACKMAIL_SMTP_PASSWORD"


def of(folder: Path, dotenv: str = "", **environ: str) -> Environment:
    """Return the variables of a project with that .env in an environment."""
    if dotenv:
        (folder / ".env").write_text(dotenv, encoding="utf-8")
    return read_environment(folder, environ)


def text(environment: Environment) -> str | None:
    """Return what the password is."""
    value = environment.get(NAME)
    return value.text if value else None


def refused(environment: Environment) -> str:
    """Return what is said of the password."""
    with pytest.raises(ConfigError) as caught:
        environment.get(NAME)
    return str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    assert text(of(tmp_path)) is None
    assert text(of(tmp_path, f"{NAME}=inner\n")) == "inner"
    assert text(of(tmp_path, **{NAME: "outer"})) == "outer"
    assert text(of(tmp_path, **{NAME: ""})) == "inner"


def test_a_file_may_hold_the_value(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b" pass word \r\n")
    assert text(of(tmp_path, **{f"{NAME}_FILE": str(tmp_path / "password")})) == " pass word "
    assert text(of(tmp_path, f"{NAME}_FILE=password\n")) == " pass word "


def test_in_one_place_only_one_of_the_two_is_given(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("in the file", encoding="utf-8")
    said = refused(of(tmp_path, f"A=1\n{NAME}=hunter2\n{NAME}_FILE=password\n"))
    assert said == f"{tmp_path}/.env:3: {NAME} and {NAME}_FILE are both given\n  hint: keep one of the two"
    assert text(of(tmp_path, **{NAME: "outer"})) == "outer"
    said = refused(of(tmp_path, **{NAME: "hunter2", f"{NAME}_FILE": "password"}))
    assert said.startswith(f"the environment: {NAME} and {NAME}_FILE are both given")
    (tmp_path / ".env").write_text(f"{NAME}=inner\n", encoding="utf-8")
    assert text(of(tmp_path, **{f"{NAME}_FILE": "password"})) == "in the file"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "the environment: BACKMAIL_SMTP_PASSWORD_FILE names a file that cannot be used: {path}: there is no"),
        (b"hunter2\xff", "names a file that cannot be used: {path}: byte 0xff is not UTF-8"),
        (b"\n", "{path}: the file that BACKMAIL_SMTP_PASSWORD_FILE names holds nothing"),
        (b"hunter2\nhunter2\n", "{path}: the file that BACKMAIL_SMTP_PASSWORD_FILE names holds more than one line"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "password"
    if data is not None:
        path.write_bytes(data)
    found = refused(of(tmp_path, **{f"{NAME}_FILE": str(path)}))
    assert said.format(path=path) in found
    assert "hunter2" not in found


def test_who_is_missing_is_told_with_where_it_was_looked_for(tmp_path: Path) -> None:
    assert str(of(tmp_path, "BACKMAIL_SMTP_PASWORD=x\n").missing(NAME)) == (
        f"{NAME} is not set\n  hint: looked in the environment and in {tmp_path}/.env, also for {NAME}_FILE; "
        "did you mean 'BACKMAIL_SMTP_PASWORD'?"
    )
    (tmp_path / ".env").unlink()
    assert "did you mean" not in str(of(tmp_path).missing(NAME))


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True), (0o400, False)])
def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path, mode: int, warned: bool) -> None:
    environment = of(tmp_path, f"{NAME}=hunter2\n")
    (tmp_path / ".env").chmod(mode)
    path = tmp_path / ".env"
    warning = f"{path}: other people on this machine can read the secrets in it; chmod 600 keeps them to you"
    assert environment.warnings() == ([warning] if warned else [])


def test_without_a_file_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    assert of(tmp_path).warnings() == []


def test_nothing_of_it_is_shown(tmp_path: Path) -> None:
    environment = of(tmp_path, f"{NAME}=hunter2\n", BACKMAIL_PEPPER="hunter2")
    assert "hunter2" not in repr(environment) + repr(environment.get(NAME)) + str(environment)
