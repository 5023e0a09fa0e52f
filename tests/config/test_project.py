"""Which folder is the project."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from backmail.config import Config, find_project
from backmail.errors import ConfigError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a folder deep in it."""
    (tmp_path / "mails" / "campaigns" / "one").mkdir(parents=True)
    (tmp_path / "mails" / "config.yaml").write_text("zone: Asia/Tokyo\n", encoding="utf-8")
    return tmp_path / "mails"


def test_the_nearest_folder_upwards_with_settings_is_the_project(project: Path) -> None:
    for start in (project, project / "campaigns" / "one"):
        found = find_project(start, environ={})
        assert (found.root, found.found, found.config.zone) == (project, True, "Asia/Tokyo")


def test_names_stay_as_short_as_they_were_given(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert find_project(Path(), environ={}).campaigns == Path("campaigns")


def test_a_folder_without_settings_has_the_defaults(tmp_path: Path) -> None:
    found = find_project(tmp_path, environ={})
    assert (found.root, found.found, found.config) == (tmp_path, False, Config())


def test_what_is_named_wins_over_where_we_stand(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.yaml").touch()
    assert find_project(other, environ={"BACKMAIL_PROJECT": str(project)}).root == project
    assert find_project(project, other, environ={"BACKMAIL_PROJECT": str(project)}).root == other
    assert find_project(project, environ={"BACKMAIL_PROJECT": ""}).root == project


@pytest.mark.parametrize(("given", "who"), [(True, "--project"), (False, "BACKMAIL_PROJECT")])
def test_a_named_folder_without_settings_is_refused(tmp_path: Path, given: bool, who: str) -> None:
    named = tmp_path / "no mails"
    with pytest.raises(ConfigError) as caught:
        find_project(tmp_path, named if given else None, environ={"BACKMAIL_PROJECT": str(named)})
    assert str(caught.value) == (
        f"{named}: no config.yaml here, and {who} names this folder as the project\nnext: backmail init '{named}'"
    )


@pytest.mark.parametrize(
    ("address", "absolute"),
    [
        ("sqlite:///.backmail/backmail.db", "sqlite:///{root}/.backmail/backmail.db"),
        ("sqlite:///mails.db?timeout=5", "sqlite:///{root}/mails.db?timeout=5"),
        ("sqlite+pysqlite:///mails.db", "sqlite+pysqlite:///{root}/mails.db"),
        ("sqlite:////var/mails.db", None),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:mails?mode=memory&uri=true", None),
        ("postgresql://db.example.org/mails", None),
    ],
)
def test_the_database_is_found_from_anywhere(
    project: Path, monkeypatch: pytest.MonkeyPatch, address: str, absolute: str | None
) -> None:
    expected = absolute.format(root=project) if absolute else address
    monkeypatch.chdir(project)
    (project / "config.yaml").write_text(f'database: "{address}"\n', encoding="utf-8")
    assert find_project(Path(), environ={}).database() == expected
    (project / "config.yaml").write_text("", encoding="utf-8")
    assert find_project(Path(), environ={"BACKMAIL_DATABASE": address}).database() == expected


def test_the_environment_names_the_database_before_the_settings(project: Path) -> None:
    assert find_project(project, environ={}).database() == f"sqlite:///{project}/.backmail/backmail.db"
    address = "postgresql://anna:hunter2@db.example.org/mails"
    (project / ".env").write_text(f"BACKMAIL_DATABASE={address}\n", encoding="utf-8")
    found = find_project(project, environ={})
    assert found.database() == address
    assert "hunter2" not in repr(found)
    (project / "dsn").write_text("sqlite:////x\n", encoding="utf-8")
    found = find_project(project, environ={"BACKMAIL_DATABASE_FILE": "dsn", "BACKMAIL_SECRET_KEY": "hunter2"})
    assert found.database() == "sqlite:////x"
    assert "hunter2" not in repr(found)


def test_signs_that_mean_something_in_an_address_may_stand_in_a_folders_name(tmp_path: Path) -> None:
    odd = tmp_path / "mails? %41 #1"
    address = find_project(odd, environ={}).database()
    assert make_url(address).database == f"{odd}/.backmail/backmail.db"


def test_the_outbox_is_where_the_settings_say(project: Path) -> None:
    assert find_project(project, environ={}).outbox == project / "outbox"
    (project / "config.yaml").write_text("transport: {folder: /var/mails}", encoding="utf-8")
    assert find_project(project, environ={}).outbox == Path("/var/mails")


def test_what_stands_where_in_a_project(project: Path) -> None:
    found = find_project(project, environ={})
    assert [found.campaigns, found.templates, found.people, found.catalog] == [
        project / "campaigns", project / "templates", project / "people", project / "catalog.yaml"
    ]  # fmt: skip
