"""`backmail` alone: six lines of what stands here, and the command to type next."""

from importlib.metadata import version
from pathlib import Path

import pytest

from backmail.app import opened
from backmail.cli import perform, screen
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries, enrollments, subscribers
from tests.cli import installation


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that the command prints, after asserting that they are six and that it went well."""
    assert perform(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 6
    return out.removesuffix("\n").split("\n")


def campaign(folder: Path, *steps: str) -> None:
    """Write the files of a campaign, empty."""
    folder.mkdir(parents=True)
    for name in ("campaign.yaml", "article.md", *steps):
        (folder / name).touch()


def test_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lines(capsys) == [
        f"backmail {version('backmail')}",
        f"project    {tmp_path} (no config.yaml: the defaults hold)",
        "sender     not set in config.yaml",
        "campaigns  none",
        "people     no samples",
        f"next       {screen.program()} init my-mails",
    ]


def test_in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("sender: {name: Anna, email: anna@example.org}", encoding="utf-8")
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "anna.yaml").touch()
    monkeypatch.chdir(tmp_path / "people")
    assert lines(capsys)[1:] == [
        f"project    {tmp_path}",
        "sender     Anna <anna@example.org>",
        "campaigns  none",
        "people     1 sample",
        f"next       {screen.program()} new ARTICLE",
    ]


def test_with_campaigns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("sender: {email: anna@example.org}", encoding="utf-8")
    campaign(tmp_path / "campaigns" / "one", "01-a.md")
    (tmp_path / "campaigns" / "not one").mkdir()
    told = lines(capsys, "--project", str(tmp_path))
    assert told[2:4] == ["sender     <anna@example.org>", "campaigns  one (1 step)"]
    assert told[5] == f"next       {screen.program()} preview one"
    for name in ("two", "three", "four", "five"):
        campaign(tmp_path / "campaigns" / name, "01-a.md", "02-b.md")
    told = lines(capsys, "--project", str(tmp_path))
    assert told[3] == "campaigns  five (2 steps), four (2 steps), one (1 step) and 2 more"
    assert told[5] == f"next       {screen.program()} preview"


def test_with_a_database_its_people_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installation.project(tmp_path, people=2)
    told = lines(capsys, "--project", str(tmp_path))
    assert told[4:] == ["people     2 subscribers, no samples", f"next       {screen.program()} status"]


def test_the_way_goes_on_from_what_stands_in_the_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relay = "transport: {kind: smtp, host: 127.0.0.1, port: 1, security: none}\n"
    made = installation.project(tmp_path, relay, people=1)
    with opened(made) as app, app.durable() as tx:
        tx.execute(campaigns.update().values(live_at=None, live_by=None))
    assert lines(capsys, "--project", str(tmp_path))[5] == f"next       {screen.program()} live series"
    with opened(made) as app, app.durable() as tx:
        tx.execute(deliveries.delete())
        tx.execute(enrollments.delete())
        tx.execute(subscribers.delete())
    assert lines(capsys, "--project", str(tmp_path))[5] == f"next       {screen.program()} subscribers add EMAIL"


def test_what_waits_for_somebody_is_the_next_thing_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = installation.project(tmp_path, people=1)
    with opened(made) as app, app.durable() as tx:
        row = {"state": "uncertain", "reason": "restored", "next_try_at": None}
        tx.execute(deliveries.update().values(row))
        queue.mend(tx)
    assert lines(capsys, "--project", str(tmp_path))[5] == f"next       {screen.program()} status"


@pytest.mark.parametrize("content", [None, b"", b"no database at all"])
def test_what_is_no_database_of_ours_is_left_alone(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").touch()
    file = tmp_path / ".backmail" / "backmail.db"
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    assert lines(capsys, "--project", str(tmp_path))[4] == "people     no samples"
    assert (file.read_bytes() if file.exists() else None) == content
    assert file.parent.exists() == (content is not None)
