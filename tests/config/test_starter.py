"""How a project begins: whole or not at all, and nobody's file is touched."""

import os
import re
import stat
from pathlib import Path

import pytest

from backmail.campaign import read_catalog
from backmail.config import TransportChoice, find_project, read_config, sample_campaigns, start_project, starter
from backmail.errors import InputError
from backmail.yamlfile import load


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_new_project_has_all_its_parts(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "mails"
    written = start_project(folder)
    samples = [f"campaigns/{path.name}/" for path in sample_campaigns()]
    assert samples
    assert written == [".env", ".gitignore", "catalog.yaml", "people/", *samples, "config.yaml"]
    for name in written:
        assert (folder / name).exists()
    for sample in sample_campaigns():
        assert files(folder / "campaigns" / sample.name) == files(sample)
    project = find_project(folder, environ={})
    assert project.found
    assert project.config.sender is not None
    assert project.config.sender.email.endswith("@example.org")
    assert all(product.link.startswith("https://") for product in read_catalog(project.catalog).products)


def test_the_people_are_those_that_mails_break_on(tmp_path: Path) -> None:
    start_project(tmp_path)
    people = {path.stem: load(path).data for path in sorted((tmp_path / "people").iterdir())}
    assert next(iter(people)) == "anna"
    names = {}
    for stem, person in people.items():
        assert isinstance(person, dict)
        assert str(person["email"]).endswith("@example.org")
        names[stem] = " ".join(str(person[key]) for key in ("first_name", "last_name") if key in person)
    assert "" in names.values()
    assert any(len(name) == 60 and {"æ", "ø", "å"} <= set(name.casefold()) for name in names.values())
    assert any(name and all(ord(letter) > 0x2E80 for letter in name.replace(" ", "")) for name in names.values())
    assert any(
        isinstance(person, dict) and person.get("timezone") == "Pacific/Kiritimati" for person in people.values()
    )


def test_the_secrets_are_new_each_time_and_for_the_owner_alone(tmp_path: Path) -> None:
    secrets: list[str] = []
    for name in ("a", "b"):
        start_project(tmp_path / name)
        env = tmp_path / name / ".env"
        assert stat.S_IMODE(env.stat().st_mode) == 0o600
        lines = dict(line.split("=", 1) for line in env.read_text(encoding="utf-8").split("\n") if "=" in line)
        assert list(lines) == ["BACKMAIL_SECRET_KEY", "BACKMAIL_PEPPER"]
        secrets += lines.values()
    assert len(set(secrets)) == 4
    assert all(len(secret) == 44 for secret in secrets)
    assert ".env" in (tmp_path / "a" / ".gitignore").read_text(encoding="utf-8").split("\n")


def test_what_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "me.yaml").write_text("email: me@example.org\n", encoding="utf-8")
    (tmp_path / ".env").write_text("MINE=1\n", encoding="utf-8")
    (tmp_path / "catalog.yaml").symlink_to("nowhere")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    before = files(tmp_path)
    written = start_project(tmp_path)
    assert not {".env", "people/", "catalog.yaml"} & set(written)
    assert (tmp_path / "catalog.yaml").is_symlink()
    assert not (tmp_path / "nowhere").exists()
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert [path.name for path in (tmp_path / "people").iterdir()] == ["me.yaml"]


def test_a_project_does_not_begin_twice(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("zone: UTC\n", encoding="utf-8")
    with pytest.raises(InputError, match="this is a project already"):
        start_project(tmp_path)
    assert files(tmp_path) == {"config.yaml": b"zone: UTC\n"}


def test_a_file_is_no_place_for_a_project(tmp_path: Path) -> None:
    (tmp_path / "mails").touch()
    with pytest.raises(InputError, match="this is a file, and a folder is needed"):
        start_project(tmp_path / "mails")


@pytest.mark.parametrize("stopped_by", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", [0, 3, 7])
def test_what_was_begun_and_not_ended_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_by: BaseException, after: int
) -> None:
    (tmp_path / "mine.txt").touch()
    before = files(tmp_path)
    real, count = os.fdopen, iter(range(100))

    def full(descriptor: int, mode: str) -> object:
        if next(count) == after:
            os.close(descriptor)
            raise stopped_by
        return real(descriptor, mode)

    monkeypatch.setattr(os, "fdopen", full)
    for folder in (tmp_path, tmp_path / "new" / "mails"):
        count = iter(range(100))
        with pytest.raises(type(stopped_by)):
            start_project(folder)
    assert files(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt"]


def test_without_its_sample_a_damaged_installation_begins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "templates" / "project"
    (own / "people").mkdir(parents=True)
    (tmp_path / "campaigns" / "_confirm").mkdir(parents=True)
    for name in ("gitignore", "catalog.yaml", "config.yaml"):
        (own / name).touch()
    monkeypatch.setattr(starter, "shipped", lambda name: tmp_path / name)
    with pytest.raises(FileNotFoundError, match=r"sample campaign is missing .* install backmail again"):
        start_project(tmp_path / "mails")
    assert not (tmp_path / "mails").exists()


def test_the_settings_that_a_project_begins_with_have_no_fault(tmp_path: Path) -> None:
    start_project(tmp_path)
    config = read_config(tmp_path / "config.yaml")
    assert config.company.address
    assert config.transport == TransportChoice()
    assert config.test_recipients


def test_the_relay_that_stands_there_as_a_comment_would_be_one(tmp_path: Path) -> None:
    start_project(tmp_path)
    text = (tmp_path / "config.yaml").read_text(encoding="utf-8").replace("  kind: folder\n", "")
    text = re.sub(r"^  # (\w+: )", r"  \1", text, flags=re.MULTILINE)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    relay = read_config(tmp_path / "config.yaml").transport
    assert (relay.kind, relay.host, relay.port, relay.security) == ("smtp", "smtp.example.org", 587, "starttls")
    assert relay.username
    assert not relay.rehearsal
