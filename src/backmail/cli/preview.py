"""`backmail preview [CAMPAIGN]`: a page on this machine to look at every mail before anything is sent."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import FOLDER, project_option
from backmail.errors import BackmailError, UsageError

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.desk.preview.drafts import Drafts

_PORT = 8025
_GRACE = 1  # seconds: who ends the preview does not wait for a page


@click.command("preview")
@click.argument("campaign", required=False, default="", shell_complete=names.campaigns)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help=f"Where the page is; 0: any free port. [default: {_PORT}, or the next one that is free]",
)
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
@click.option("--export", "folder", type=FOLDER, metavar="DIR", help="Write the same pages as files to share, and end.")
@project_option
def command(campaign: str, port: int | None, in_browser: bool, folder: Path | None, project: Project) -> None:
    """Look at the mails of CAMPAIGN (a name, or a folder), or of all: as anybody gets them, light or dark, on a phone.

    The page follows the files as they are saved, and is served to this machine only, until Ctrl-C. Nothing is sent.
    """
    from backmail.desk.preview.drafts import Drafts

    if folder is not None and (port is not None or in_browser):
        again = f"backmail preview --export {shlex.quote(str(folder))}"
        raise UsageError("--export writes files and serves no page", next_command=again)
    drafts = Drafts(project, campaign)
    if folder is None:
        _serve(drafts, port, in_browser)
    else:
        from backmail.web.studio.export import export

        screen.tell("checking the mails and writing the pages ...")
        screen.say(str(export(drafts, folder)))
        screen.tell("open this file in a browser, or share the folder: it holds sample people only")


def _serve(drafts: Drafts, port: int | None, in_browser: bool) -> None:
    """Serve the studio until a signal comes."""
    from backmail.cli.serving import first_free, listening, serving
    from backmail.web.studio.events import Events
    from backmail.web.studio.site import site
    from backmail.web.studio.watching import Watching

    events = Events()
    watching = Watching(drafts, events)
    served = site(drafts, events=events, looking=watching.looking)
    chosen = first_free(_PORT) if port is None else port
    signal.signal(signal.SIGTERM, _end)
    with listening(chosen, verb="preview") as listener, serving(served, listener, grace=_GRACE) as pages:
        host, opened = listener.getsockname()
        url = f"http://{host}:{opened}/studio"
        with closing(events), watching:
            if port is None and opened != _PORT:
                screen.tell(f"port {_PORT} is taken by another program, so it is {opened}")
            screen.say(url)
            sys.stdout.flush()  # whoever reads it from a pipe waits for it
            if not drafts.slugs:
                screen.tell(f"no campaign yet: {screen.program()} new ARTICLE")
            screen.tell("Ctrl-C ends it; nothing is sent")
            if in_browser:
                _open(url)
            pages.wait()
    raise BackmailError("the page is no longer served", next_command="backmail preview")


def _open(url: str) -> None:
    """Open a page in the person's browser, which is not waited for."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
