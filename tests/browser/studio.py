"""A studio for the tests of this folder: a project on disk, `backmail preview` serving it, a page listened to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Page, Request, expect

from backmail.cli.serving import listening, serving
from backmail.config import find_project, sample_campaigns, start_project
from backmail.desk.preview.drafts import Drafts
from backmail.web.studio.events import Events
from backmail.web.studio.site import site
from backmail.web.studio.watching import Watching
from tests.house.project import ROOT, started

SLUG = sample_campaigns()[0].name
OTHER = "unfinished"  # a campaign whose second mail never was good, and whose first has a subject that the check minds
STEPS = [path.stem.partition("-")[2] for path in sorted(sample_campaigns()[0].glob("0*.md"))]
PATIENCE = 20_000  # ms: a busy machine takes long, and what never comes is red all the same
NEVER = 3600.0  # seconds
NARROW, BROAD = 375, 1280
LOOKS = [(NARROW, False), (NARROW, True), (BROAD, False), (BROAD, True)]

View = Callable[..., Page]


@dataclass(frozen=True)
class Project:
    """A project on disk, and a hand that saves its files as editors do."""

    root: Path
    slug: str = SLUG

    @property
    def folder(self) -> Path:
        """The folder of the campaign."""
        return self.root / "campaigns" / self.slug

    def step(self, number: int) -> Path:
        """Return the file of a mail by its place, from 1."""
        return sorted(self.folder.glob("[0-9]*.md"))[number - 1]

    def change(self, path: Path, old: str, new: str, *, in_place: bool = False) -> None:
        """Save a file with other words: under another name first, and then in its place; or in place."""
        text = path.read_text(encoding="utf-8")
        assert old in text
        beside = path if in_place else path.with_name(f".{path.name}.new")
        beside.write_text(text.replace(old, new, 1), encoding="utf-8")
        beside.replace(path)


def new_project(root: Path) -> Project:
    """Begin a project: the sample campaign, and one that is not finished."""
    start_project(root)
    project = Project(root)
    unfinished = Project(root, OTHER)
    shutil.copytree(project.folder, unfinished.folder)
    for name in ("outline.yaml", "coverage.json", "article.txt"):
        (unfinished.folder / name).unlink()
    for number in range(len(STEPS), 3, -1):
        unfinished.step(number).unlink()
    whole = unfinished.folder / "campaign.yaml"
    unfinished.change(whole, "id: c-", "id: c-x")
    unfinished.change(whole, "Stiff shoulders and wrists", "Not finished yet")
    unfinished.change(unfinished.step(2), "subject:", "subjekt:")
    unfinished.change(unfinished.step(1), "subject:", "subject: FREE!!! ACT NOW $$$ #")
    return project


@contextmanager
def preview(project: Project, port: int = 0) -> Iterator[str]:
    """Serve a project as `backmail preview` does, in a process of its own, and give the address of the studio."""
    with started(project.root, "backmail", "preview", "--port", str(port), source=ROOT / "src") as process:
        assert process.stdout
        yield process.stdout.readline().strip()


@contextmanager
def here(project: Project) -> Iterator[str]:
    """Serve a project as `preview` does, in this process, and check no mail; give the address of the studio.

    A process of its own reads theme, word lists and libraries anew and checks all mails, which takes longer than most
    of these tests.
    """
    drafts, events = Drafts(find_project(project.root)), Events()
    watching = Watching(drafts, events, quiet=NEVER)
    served = site(drafts, events=events, looking=watching.looking)
    with listening(0) as listener, serving(served, listener, grace=1), closing(events), watching:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/studio"


@dataclass
class Ears:
    """What a page complains of: its console, and requests that leave this machine."""

    complaints: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Listen to a page from now on, and to all pages that it opens."""
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", self._told)
        page.context.on("request", self._asked)

    def _told(self, dialog: Dialog) -> None:
        self.complaints.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "about", "blob"} and parts.hostname not in {"127.0.0.1", None}:
            self.away.append(request.url)


def opened(view: View, url: str, *, width: int = BROAD, dark: bool = False) -> tuple[Page, Ears]:
    """Open a page of the studio in a window of its own, with ears from the first byte on."""
    page, ears = view("<p>", width=width, height=667 if width == NARROW else 800, dark=dark), Ears()
    ears.listen(page)
    page.goto(url)
    return page, ears


def ready(page: Page) -> None:
    """Wait until a page hears of what is saved, and its mails stand in their frames."""
    expect(page.locator("#status")).to_contain_text("Shows what you save", timeout=PATIENCE)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the mails that can be seen stand in their frames."""
    for frame in page.frames[1:]:
        if not frame.is_detached():
            frame.wait_for_load_state()


def words_in_mail(page: Page, words: str) -> None:
    """Wait until words can be read in the mail."""
    expect(page.frame_locator("iframe.mail").first.locator("body")).to_contain_text(words, timeout=PATIENCE)


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
