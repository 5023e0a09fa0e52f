"""`backmail preview --export DIR`: the studio's pages as files to share, which need no server, script or network."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import shown
from backmail.errors import Fault, Place, UsageError
from backmail.shipped import shipped
from backmail.web.studio.filed import INDEX, Filed, Shelf, Wanted
from backmail.web.studio.pages import Pages
from backmail.web.studio.raw import ENDINGS

__all__ = ["MARK", "export"]

MARK = "preview.json"  # what an earlier export left behind: only such a folder, or an empty one, is written over


def export(drafts: Drafts, folder: Path) -> Path:
    """Write the pages of all drafts into a folder; it is whole, or as it was.

    Only the sample people stand in it, and no date: the same files give the same bytes.

    Args:
        drafts: what is shown.
        folder: made if it is not there; an earlier export in it is replaced.

    Returns:
        The page to open first.

    Raises:
        UsageError: `folder` has other things in it.
        OSError: it cannot be written.
    """
    folder = folder.resolve()
    _refuse(folder)
    for slug in drafts.slugs:
        drafts.check(slug)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        new = Path(beside) / "new"
        _fill(new, drafts)
        _put(new, folder, Path(beside) / "old")
    return folder / INDEX


def _refuse(folder: Path) -> None:
    """Keep what is no earlier export from being written over.

    Raises:
        UsageError: it is none.
    """
    if not folder.exists() or (folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))):
        return
    hint = "name another folder: --export DIR"
    raise UsageError(
        Fault("this is not the folder of an earlier export, which is written over", Place(str(folder)), hint)
    )


def _put(new: Path, folder: Path, old: Path) -> None:
    """Put a new folder in the place of an old one; what fails half way leaves the old one there."""
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise


def _fill(folder: Path, drafts: Drafts) -> None:
    shelf = Shelf(drafts.slugs, drafts.people[0].name)
    addresses = Filed(shelf)
    pages = Pages(drafts, addresses)  # one for all, so that a template is compiled once
    for path, wanted in shelf.files():
        addresses.here = path
        if wanted.asset:
            data = (shipped("templates") / "studio" / wanted.asset).read_bytes()
        elif wanted.ending:
            data = _mail(drafts, wanted)
        else:
            data = pages.html(wanted.view).encode()
        _write(folder / path, data)
        if wanted.looked_at:
            for ending in ENDINGS:
                shelf.raw(wanted.view, ending, looked_at=False)
    _write(folder / MARK, _json({"schema": 1, "campaigns": list(drafts.slugs), "open": INDEX}))


def _mail(drafts: Drafts, wanted: Wanted) -> bytes:
    """Return a mail alone. A link in one that is looked at leads nowhere: there is nobody to tell where it would."""
    view = wanted.view
    mail = drafts.draft(view.campaign).mail(view.step, drafts.person(view.person))
    if wanted.looked_at:
        return shown(mail.html, view.look, view.pictures, lambda target: "").encode()
    if wanted.ending == "eml":
        return mail.eml
    if wanted.ending == "json":
        return _json(mail.json)
    return (mail.html if wanted.ending == "html" else mail.text).encode()


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
