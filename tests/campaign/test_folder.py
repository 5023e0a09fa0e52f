"""A campaign's folder is written whole or not at all, and what a person changed there is never overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from backmail.campaign import files, generated, write
from backmail.campaign.coverage import step_files
from backmail.errors import CampaignError
from tests.campaign import sample

ARTICLE = sample.article()
PLAN = sample.plan(ARTICLE)
FILES = files(ARTICLE, PLAN, sample.settings(ARTICLE))
WEEKS = (("b02",), ("b08", "b03", "b04", "b05"), ("b06", "b07", "b09"), ("b10", "b11", "b12", "b13"))
FEWER = sample.plan(ARTICLE, WEEKS)
OTHERS = files(ARTICLE, FEWER, sample.settings(ARTICLE))


def seen(folder: Path) -> dict[str, str]:
    """Return all files below a folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(FILES, tmp_path / "campaigns" / "steady")
    return tmp_path / "campaigns" / "steady"


def test_all_files_are_written(folder: Path) -> None:
    assert seen(folder) == FILES
    assert seen(folder.parent) == {f"steady/{name}": text for name, text in FILES.items()}
    assert generated(folder)


def test_a_folder_as_it_was_written_is_made_anew(folder: Path) -> None:
    (folder / "images").mkdir()
    (folder / "images" / "heel.txt").write_text("a picture", encoding="utf-8")
    (folder / "campaign.yaml").write_text("mine", encoding="utf-8")
    write(OTHERS, folder)
    assert seen(folder) == {**OTHERS, "campaign.yaml": "mine", "images/heel.txt": "a picture"}
    assert [path.name for path in folder.parent.iterdir()] == ["steady"]
    assert generated(folder)


@pytest.mark.parametrize(
    "meddle",
    [
        lambda folder: (folder / "03-heel-lifts.md").write_text("changed", encoding="utf-8"),
        lambda folder: (folder / "03-heel-lifts.md").unlink(),
        lambda folder: (folder / "06-more.md").write_text("added", encoding="utf-8"),
        lambda folder: (folder / "03-heel-lifts.md").rename(folder / "3-heel.md"),
        lambda folder: (folder / "coverage.json").unlink(),
        lambda folder: (folder / "coverage.json").write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "coverage.json").write_text('{"files": 3}', encoding="utf-8"),
    ],
    ids=["changed", "removed", "added", "renamed", "no coverage", "another coverage", "a broken coverage"],
)
def test_a_folder_that_a_person_changed_is_refused(folder: Path, meddle: Callable[[Path], object]) -> None:
    meddle(folder)
    before = seen(folder)
    assert not generated(folder)
    with pytest.raises(CampaignError, match=r"'steady' exists and is not as backmail wrote it(.|\n)*--name"):
        write(OTHERS, folder)
    assert seen(folder.parent) == {f"steady/{name}": text for name, text in before.items()}


def test_another_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CampaignError):
        write(FILES, tmp_path)
    assert seen(tmp_path) == {"notes.txt": "mine"}


@pytest.mark.parametrize("call", ["open", "fsync", "rename", "mkdir"])
@pytest.mark.parametrize("existing", [False, True], ids=["new", "existing"])
def test_a_run_that_is_stopped_anywhere_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, existing: bool
) -> None:
    """Stop at the first, second, third ... call as a kill would; the next run then ends as if nothing had been."""
    for stop_at in range(1, 40):
        folder = tmp_path / f"{call}-{stop_at}" / "campaigns" / "steady"
        if existing:
            write(FILES, folder)
            (folder / "campaign.yaml").write_text("mine", encoding="utf-8")
        with monkeypatch.context() as patch:
            stopped = _stops(patch, call, stop_at)
            with suppress(KeyboardInterrupt):
                write(OTHERS, folder)
        state = seen(folder) if folder.exists() else {}
        before = {**FILES, "campaign.yaml": "mine"}
        whole = {**OTHERS, "campaign.yaml": "mine"} if existing else OTHERS
        aside = folder.with_name(".steady.old")  # for an instant between two renames the old one stands aside, whole
        assert state in ([before, whole] if existing else [{}, OTHERS]) or (not state and seen(aside) == before)
        write(OTHERS, folder)
        assert seen(folder) == whole
        assert [path.name for path in folder.parent.iterdir()] == ["steady"]
        if not stopped():
            return
    raise AssertionError(f"{call} is called without end")


def _stops(patch: pytest.MonkeyPatch, call: str, at: int) -> Callable[[], bool]:
    """Let the call number `at` raise what no `except OSError` catches; return whether it came to that."""
    count = 0
    owner = os if call == "fsync" else Path
    real = getattr(owner, call)

    def stopping(*arguments: object, **named: object) -> object:
        nonlocal count
        count += 1
        if count == at:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    patch.setattr(owner, call, stopping)
    return lambda: count >= at


def test_a_full_disk_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(OTHERS, folder)
    assert seen(folder) == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["steady"]


def test_steps_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("10-last.md", "2-second.md", "01-first.md", "article.md", "readme.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in step_files(tmp_path)] == ["01-first.md", "2-second.md", "10-last.md"]
