"""Watching: whatever way a file is saved, open pages hear of it at once, and of its checks after."""

import queue
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from backmail.config import Project
from backmail.desk.preview.drafts import Drafts
from backmail.web.studio import checking, watching
from backmail.web.studio.checking import Checking
from backmail.web.studio.events import Events
from backmail.web.studio.watching import Watching
from tests.web.studio.conftest import SLUG

PATIENCE = 30
FIRST = "shoulders-wrists-grow-stiff"

Told = tuple[str, str, int]


class Heard(Events):
    """Events that a test hears."""

    def __init__(self) -> None:
        super().__init__()
        self.told: queue.Queue[Told] = queue.Queue()

    def tell(self, name: str, campaign: str, version: int) -> None:
        """Keep it for the test."""
        self.told.put((name, campaign, version))

    def until(self, name: str, campaign: str = SLUG, *, gone: bool = False) -> int:
        """Wait for an event, and return the version that it told of."""
        while True:
            got = self.told.get(timeout=PATIENCE)
            if got[:2] == (name, campaign) and gone == (got[2] == 0):
                return got[2]


@pytest.fixture(autouse=True)
def signs_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at files on a sign alone. Check nothing, unless a test is about that: it takes a second."""
    monkeypatch.setattr(watching, "_EVERY", 600_000)
    if "check" not in request.node.name:
        monkeypatch.setattr(Drafts, "check", lambda self, slug: False)


@contextmanager
def watched(project: Project, only: str = "") -> Iterator[tuple[Drafts, Heard]]:
    """Watch the drafts of a project."""
    drafts, heard = Drafts(project, only), Heard()
    made = Watching(drafts, heard)
    heard.told = queue.Queue()  # how things stand at the beginning is no change
    with closing(heard), made:
        yield drafts, heard


def step(project: Project, number: int = 1) -> Path:
    """Return a step's file."""
    return next((project.campaigns / SLUG).glob(f"{number:02}-*.md"))


def subjects(drafts: Drafts) -> list[str]:
    """Return all subjects of the sample."""
    return [each.step.subject for each in drafts.draft(SLUG).steps if each.step]


def retitled(file: Path, subject: str) -> str:
    """Return a step's text with another subject."""
    before, _, after = file.read_text(encoding="utf-8").partition("subject: ")
    return f"{before}subject: {subject}\n{after.partition(chr(10))[2]}"


def test_a_file_that_is_saved_is_told(project: Project) -> None:
    with watched(project) as (drafts, heard):
        version = drafts.draft(SLUG).version
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        assert heard.until("changed", SLUG) > version
        assert "Anew" in subjects(drafts)


def test_a_file_that_is_replaced_by_another_is_told(project: Project) -> None:
    with watched(project) as (drafts, heard):
        file = step(project)
        for number in range(3):  # the second time it is another file that is watched
            beside = file.with_name(f".{file.name}.swp")
            beside.write_text(retitled(file, f"Anew {number}"), encoding="utf-8")
            beside.replace(file)
            while f"Anew {number}" not in subjects(drafts):
                heard.until("changed", SLUG)


def test_two_files_that_are_saved_at_once_are_both_seen(project: Project) -> None:
    with watched(project) as (drafts, heard):
        texts = {step(project, number): retitled(step(project, number), f"Anew {number}") for number in (1, 2)}
        together = threading.Barrier(2)

        def save(file: Path, text: str) -> None:
            together.wait(PATIENCE)
            file.write_text(text, encoding="utf-8")

        saving = [threading.Thread(target=save, args=item) for item in texts.items()]
        for each in saving:
            each.start()
        while not {"Anew 1", "Anew 2"} <= set(subjects(drafts)):
            heard.until("changed", SLUG)
        for each in saving:
            each.join()


def test_a_step_that_breaks_and_is_mended_is_told_twice(project: Project) -> None:
    with watched(project) as (drafts, heard):
        good = step(project).read_text(encoding="utf-8")
        step(project).write_text("---\nsubject: [\n---\n", encoding="utf-8")
        while not drafts.draft(SLUG).step(FIRST).faults:
            heard.until("changed", SLUG)
        step(project).write_text(good, encoding="utf-8")
        while drafts.draft(SLUG).step(FIRST).faults:
            heard.until("changed", SLUG)


def test_a_campaign_that_appears_and_vanishes_is_told(project: Project) -> None:
    with watched(project) as (drafts, heard):
        other = project.campaigns / "other"
        shutil.copytree(project.campaigns / SLUG, other)
        heard.until("changed", "other")
        file = next(other.glob("01-*.md"))
        file.write_text(retitled(file, "Anew"), encoding="utf-8")
        while drafts.draft("other").step(FIRST).step.subject != "Anew":  # type: ignore[union-attr]  # it is good
            heard.until("changed", "other")
        shutil.rmtree(other)
        assert heard.until("changed", "other", gone=True) == 0
        assert drafts.slugs == (SLUG,)


def test_a_campaign_is_seen_where_there_was_no_folder_of_them(project: Project, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with watched(Project(empty)) as (drafts, heard):
        assert drafts.slugs == ()
        shutil.copytree(project.campaigns, empty / "campaigns")
        assert heard.until("changed", SLUG) > 0


def test_a_folder_that_is_put_in_the_place_of_another_is_watched(project: Project) -> None:
    with watched(project) as (drafts, heard):
        folder = project.campaigns / SLUG
        beside = project.root / "beside"
        shutil.copytree(folder, beside)
        (beside / step(project).name).write_text(retitled(step(project), "Beside"), encoding="utf-8")
        folder.rename(project.root / "before")
        beside.rename(folder)
        while SLUG not in drafts.slugs or "Beside" not in subjects(drafts):
            heard.until("changed", SLUG)
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        while "Anew" not in subjects(drafts):
            heard.until("changed", SLUG)


@pytest.mark.parametrize("name", ["catalog.yaml", "people/anna.yaml", "config.yaml"])
def test_what_all_campaigns_have_in_common_is_watched(project: Project, name: str) -> None:
    with watched(project) as (_, heard):
        file = project.root / name
        file.write_text(file.read_text(encoding="utf-8") + "\nbroken: [\n", encoding="utf-8")
        assert heard.until("changed", SLUG) > 0


def test_a_theme_that_is_overridden_is_watched(project: Project) -> None:
    with watched(project) as (_, heard):
        theme = project.templates / "email" / "weekly"
        theme.mkdir(parents=True)
        (theme / "email.html.jinja").write_text("{{ nothing }}", encoding="utf-8")
        assert heard.until("changed", SLUG) > 0


def test_one_campaign_elsewhere_is_watched(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(project.campaigns / SLUG, elsewhere)
    with watched(project, str(elsewhere)) as (_, heard):
        file = next(elsewhere.glob("01-*.md"))
        file.write_text(retitled(file, "Anew"), encoding="utf-8")
        assert heard.until("changed", "elsewhere") > 0


def test_a_change_that_somebody_else_read_is_told_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_EVERY", 20)  # so that a look without a sign comes at once
    with watched(project) as (drafts, heard):
        original = Drafts.refresh
        monkeypatch.setattr(Drafts, "refresh", lambda self: ())
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        original(drafts)
        assert heard.until("changed", SLUG) > 0


def test_a_refresh_that_fails_ends_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = threading.Event()

    def broken(self: Drafts) -> tuple[str, ...]:
        tried.set()
        raise OSError("anna@example.org")

    with watched(project) as (_, heard):
        with monkeypatch.context() as patch:
            patch.setattr(Drafts, "refresh", broken)
            step(project).touch()
            assert tried.wait(PATIENCE)
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        assert heard.until("changed", SLUG) > 0
    assert "OSError at " in caplog.text
    assert "anna" not in caplog.text


def test_where_the_system_has_no_signs_left_files_are_looked_at(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*arguments: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(watching, "RustNotify", refused)
    monkeypatch.setattr(watching, "_WITHOUT", 0.01)
    with watched(project) as (_, heard):
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        assert heard.until("changed", SLUG) > 0
    assert "looked at again and again" in caplog.text


def test_what_was_changed_is_checked_once_it_is_quiet(project: Project) -> None:
    for number in range(3, 8):
        step(project, number).unlink()
    with watched(project) as (drafts, heard):
        heard.until("checked", SLUG)
        assert drafts.draft(SLUG).findings is not None
        step(project).write_text(retitled(step(project), "Anew"), encoding="utf-8")
        version = heard.until("changed", SLUG)
        assert heard.until("checked", SLUG) >= version
        assert drafts.draft(SLUG).findings is not None


class Checked:
    """Drafts whose checks are counted, and take as long as a test wants."""

    def __init__(self) -> None:
        self.begun: queue.Queue[str] = queue.Queue()
        self.go = threading.Semaphore(0)
        self.version = 1
        self.fault: Exception | None = None

    def check(self, slug: str) -> bool:
        """Note what is checked."""
        self.begun.put(slug)
        assert self.go.acquire(timeout=PATIENCE)
        if self.fault:
            raise self.fault
        return True

    def draft(self, slug: str) -> "Checked":
        """Return something with a version."""
        return self


@contextmanager
def checks(quiet: float = 0) -> Iterator[tuple[Checking, Checked, Heard]]:
    """Check drafts that are none."""
    drafts, heard = Checked(), Heard()
    made = Checking(drafts, heard, quiet=quiet)  # type: ignore[arg-type]
    try:
        yield made, drafts, heard
    finally:
        made.close()
        drafts.go.release()


def begun(drafts: Checked) -> str:
    """Return what is checked next."""
    return drafts.begun.get(timeout=PATIENCE)


def test_checks_begin_with_what_somebody_looks_at() -> None:
    with checks() as (made, drafts, heard):
        made.want(["a", "b", "c"])
        for campaign in ("c", "nothing"):
            with made.looking(campaign):
                pass
        made.start()
        for expected in ("c", "a", "b"):
            assert begun(drafts) == expected
            drafts.go.release()
            heard.until("checked", expected)


def test_checks_of_what_was_changed_come_before_older_ones() -> None:
    with checks() as (made, drafts, _):
        made.want(["a", "b"])
        made.want(["b"])
        made.start()
        assert begun(drafts) == "b"
        drafts.go.release()
        assert begun(drafts) == "a"


def test_checks_go_on_after_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    with checks() as (made, drafts, heard):
        drafts.fault = RuntimeError("anna@example.org")
        made.start()
        made.want(["a"])
        assert begun(drafts) == "a"
        drafts.go.release()
        made.want(["b"])
        assert begun(drafts) == "b"
        drafts.fault = None
        drafts.go.release()
        heard.until("checked", "b")
    assert "RuntimeError at " in caplog.text
    assert "anna" not in caplog.text


def test_checks_wait_while_a_page_is_made() -> None:
    with checks() as (made, drafts, _):
        passed = threading.Event()
        real = made._stirred.wait

        def wait(timeout: float | None = None) -> bool:
            if waits.acquire(blocking=False):
                return real(timeout)
            passed.set()
            assert done.wait(PATIENCE)
            return False

        waits, done = threading.Semaphore(3), threading.Event()
        made._stirred.wait = wait  # type: ignore[method-assign]
        made.want(["a"])
        with made.looking("a"):
            made.start()
            assert passed.wait(PATIENCE)
            assert drafts.begun.empty()
        done.set()
        assert begun(drafts) == "a"


def test_checks_wait_while_somebody_types_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    class Busy(threading.Event):
        """Somebody types all the time."""

        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0)
            return True

    with checks(quiet=7) as (made, drafts, _):
        made._stirred = Busy()
        made.want(["a"])
        made.start()
        assert begun(drafts) == "a"
        assert waited == [7] * checking._MOST_WAITS


def test_checks_end_while_they_wait_for_quiet() -> None:
    with checks(quiet=PATIENCE) as (made, drafts, _):
        made.want(["a"])
        made.start()
        made.close()
        for thread in threading.enumerate():
            if thread.name == "studio-checks":
                thread.join(PATIENCE)
        assert drafts.begun.empty()
