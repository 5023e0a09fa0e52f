"""Several files of one campaign written together: all of them or none, whenever the program may be stopped."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from backmail.campaign.base import FILE as BASE
from backmail.campaign.chapters import MOST_ARTICLES, home_of
from backmail.campaign.coverage import FILE as COVERAGE
from backmail.campaign.coverage import is_step
from backmail.campaign.folder import synced
from backmail.campaign.names import MERGE
from backmail.campaign.outline import FILE as OUTLINE
from backmail.desk import saving
from backmail.errors import CampaignError, Fault, Place

__all__ = ["finish", "put_all"]

_RECORDS = frozenset({OUTLINE, COVERAGE, BASE})
_HOMES = frozenset(home_of(number) for number in range(1, MOST_ARTICLES + 1))


@dataclass(frozen=True, slots=True)
class _Change:
    """One file: the hash of what stands in it before ("" for nothing), and its text then, None to take it away."""

    name: str
    before: str
    text: str | None


def put_all(folder: Path, texts: Mapping[str, str], without: Iterable[str]) -> None:
    """Write files of a campaign's folder, and take others away.

    What is about to happen is noted down first. When the program is stopped on the way, `finish` brings it to its end.

    Raises:
        CampaignError: another merge was stopped half way.
        OSError: a file is read-only or the disk is full, and nothing was changed; or the disk gave up on the way.
    """
    changes = [_Change(name, _seen(folder / name), text) for name, text in texts.items()]
    changes += [_Change(name, _seen(folder / name), None) for name in without]
    for change in changes:
        saving.may_put(folder / change.name)
    note = {"schema": 1, "files": [[change.name, change.before, change.text] for change in changes]}
    try:
        saving.put(folder / MERGE, (json.dumps(note, ensure_ascii=False, indent=1) + "\n").encode("utf-8"), new=True)
    except FileExistsError as error:
        hint = f"wait for it; if it was stopped: backmail resplit {shlex.quote(folder.name)}"
        raise CampaignError(
            Fault("another merge of these mails is under way", Place(str(folder / MERGE)), hint)
        ) from error
    _do(folder, changes)


def finish(folder: Path) -> bool:
    """Bring a merge that was stopped half way to its end; return whether there was one.

    Raises:
        CampaignError: its note is none of ours, or a file was saved by somebody else meanwhile.
    """
    if not os.path.lexists(folder / MERGE):
        return False
    with saving.alone(folder):
        changes = _noted(folder / MERGE)
        for change in changes:
            if _seen(folder / change.name) not in (change.before, _hash(change.text)):
                message = "a merge was stopped before it came to this file, and somebody saved it since"
                hint = f"delete {MERGE} to keep the files as they are, or the file to have the merged one"
                raise CampaignError(Fault(message, Place(str(folder / change.name)), hint))
        _do(folder, changes)
    return True


def _do(folder: Path, changes: Sequence[_Change]) -> None:
    for change in changes:
        path = folder / change.name
        if change.text is None:
            path.unlink(missing_ok=True)
        elif _seen(path) != _hash(change.text):
            saving.put(path, change.text.encode("utf-8"))
    for each in {folder, *((folder / change.name).parent for change in changes)}:
        synced(each)
    (folder / MERGE).unlink(missing_ok=True)


def _noted(journal: Path) -> list[_Change]:
    """Return what the note of a merge says.

    A note may come with a project that somebody else made: it names files of its own folder, or it is not followed.
    """
    try:
        if journal.is_symlink():
            raise ValueError("a link")
        changes = [_Change(*each) for each in json.loads(journal.read_text(encoding="utf-8"))["files"]]
        if not all(_is_ours(change, journal.parent) for change in changes):
            raise ValueError("no files of a campaign")
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = "delete it; `backmail check` says how the mails stand"
        raise CampaignError(Fault("this note of a merge cannot be read", Place(str(journal)), hint)) from error
    return changes


def _is_ours(change: _Change, folder: Path) -> bool:
    """Whether a change is of a file that a merge writes: a step, or a record in the folder of one of the articles."""
    if not isinstance(change.name, str):
        return False
    home, _, name = change.name.rpartition("/")
    plain = Path(name).name == name and "\0" not in name and change.name == (f"{home}/{name}" if home else name)
    known = home in _HOMES and (folder / home).is_dir() and not (home and (folder / home).is_symlink())
    ours = name in _RECORDS or name.startswith("article.") or (not home and is_step(name))
    return plain and known and ours and isinstance(change.before, str) and isinstance(change.text, str | None)


def _seen(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _hash(text: str | None) -> str:
    return "" if text is None else sha256(text.encode("utf-8")).hexdigest()
