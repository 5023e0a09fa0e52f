"""`backmail preview --export DIR`: the studio's pages as files to share, which need no server, script or network."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import shown
from backmail.errors import Fault, InputError, Place, UsageError, visible
from backmail.shipped import shipped
from backmail.web.studio.addresses import SHEET
from backmail.web.studio.filed import INDEX, Filed, Shelf, Wanted
from backmail.web.studio.pages import Pages
from backmail.web.studio.raw import ENDINGS

__all__ = ["MARK", "export"]

MARK = "preview.json"  # names every file of an export: a folder is replaced only where there is nothing else in it
_SCHEMA = 1
_LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db"})  # where a folder was looked at; nobody's work
_NAMED = 5  # of what is in the way


def export(drafts: Drafts, folder: Path) -> Path:
    """Write the pages of all drafts into a folder; it is whole, or as it was.

    Only the sample people stand in it, and no date: the same files give the same bytes.

    Args:
        drafts: what is shown.
        folder: made if it is not there; an earlier export in it is replaced, if it stands as it was written.

    Returns:
        The page to open first.

    Raises:
        UsageError: `folder` has other things in it.
        InputError: config.yaml or a file of people/ is broken: its faults quote it, and are not to be shared.
        OSError: it cannot be written.
    """
    folder = folder.resolve()
    _refuse(folder)
    if drafts.faults:
        raise InputError(drafts.faults)
    for slug in drafts.slugs:
        drafts.check(slug)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        new = Path(beside) / "new"
        _fill(new, drafts)
        _put(new, folder, Path(beside) / "old")
    return folder / INDEX


def _refuse(folder: Path, named: Path | None = None) -> None:
    """Keep what is not ours, or was changed since, from being written over.

    Args:
        folder: what would be replaced.
        named: what it was called by whoever asked; None where it still is.

    Raises:
        UsageError: there is such a thing in it.
    """
    if not folder.exists():
        return
    place = Place(str(named or folder))
    if not folder.is_dir():
        raise UsageError(Fault("this is a file, no folder", place, "name a folder: --export DIR"))
    others = sorted(_others(folder))
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        raise UsageError(
            Fault(
                f"not all in it is as an earlier export left it: {', '.join(others[:_NAMED])}{more}",
                place,
                "name another folder with --export DIR, or take that out of this one first",
            )
        )


def _others(folder: Path) -> Iterator[str]:
    """Yield what an export of ours would not have left in a folder, by its path there: folders end in a slash."""
    ours = _ours(folder / MARK)
    folders = {parent.as_posix() for name in ours for parent in PurePosixPath(name).parents}
    for top, below, files in os.walk(folder, onerror=_raise):
        inside = Path(top).relative_to(folder)
        for name in (*below, *files):
            path = (inside / name).as_posix()
            whole = folder / path
            if name in below and not whole.is_symlink():
                if path not in folders:
                    yield visible(path) + "/"
            elif name not in _LEFT_BY_SYSTEMS and path != MARK and not _stands(whole, ours.get(path)):
                yield visible(path)
            elif path == MARK and not ours:
                yield MARK
        below[:] = [name for name in below if (inside / name).as_posix() in folders]


def _raise(error: OSError) -> None:
    """What cannot be looked into may be anybody's."""
    raise error


def _ours(mark: Path) -> Mapping[str, str]:
    """Return the files that a mark names, with their digests; none where it is somebody else's."""
    try:
        content = json.loads(mark.read_bytes())
        files = content["files"] if content["schema"] == _SCHEMA else {}
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _stands(path: Path, digest: str | None) -> bool:
    """Whether a file is there as it was written."""
    return digest is not None and not path.is_symlink() and path.is_file() and _digest(path.read_bytes()) == digest


def _digest(data: bytes) -> str:
    """Return some letters and digits for what a file says; git may have changed its line ends."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _put(new: Path, folder: Path, old: Path) -> None:
    """Put a new folder in the place of an old one; what fails half way leaves the old one there.

    Raises:
        UsageError: something of somebody else's came into the old one meanwhile.
    """
    if folder.exists():
        folder.rename(old)
    try:
        _refuse(old, folder)  # where nobody finds it any more, so that nothing comes in after this
        new.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise


def _fill(folder: Path, drafts: Drafts) -> None:
    shelf = Shelf(drafts.slugs, drafts.people[0].name)
    addresses = Filed(shelf)
    pages = Pages(drafts, addresses)  # one for all, so that a template is compiled once
    written: dict[str, str] = {}
    for path, wanted in shelf.files():
        addresses.here = path
        if wanted.asset:
            data = (shipped("templates") / "studio" / wanted.asset).read_bytes()
        elif wanted.ending:
            data = _mail(drafts, wanted)
        else:
            data = pages.html(wanted.view).encode()
        _write(folder / path, data)
        written[path] = _digest(data)
        if wanted.looked_at:
            for ending in ENDINGS:
                shelf.raw(wanted.view, ending, looked_at=False)
    _write(folder / MARK, _json({"schema": _SCHEMA, "campaigns": list(drafts.slugs), "open": INDEX, "files": written}))


def _mail(drafts: Drafts, wanted: Wanted) -> bytes:
    """Return a mail alone. A link in one that is looked at leads nowhere: there is nobody to tell where it would."""
    view = wanted.view
    if wanted.ending == SHEET:
        return drafts.draft(view.campaign).sheet(drafts.person(view.person)).encode()
    mail = drafts.draft(view.campaign).mail(view.step, drafts.person(view.person))
    if wanted.looked_at:
        return shown(mail.html, view.look, view.pictures, lambda target: "", mail.beside).encode()
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
