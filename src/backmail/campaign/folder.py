"""Writes a campaign's folder: all of its files or none, whenever the program may be stopped."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from backmail.campaign.coverage import generated, step_files
from backmail.errors import CampaignError, Fault, Place

# The marketer's own file: what stands in it stays when the steps are made anew.
_KEPT = "campaign.yaml"


def write(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Write `files` as the campaign folder `folder`, all of them or none; texts, and pictures as bytes.

    A folder that is there already is made anew only while every step file in it is as backmail wrote it. Its
    campaign.yaml and all files that are not ours (images, tests) are kept.

    Raises:
        CampaignError: the folder exists and its steps were changed by hand, or it is no campaign's.
        OSError: the disk is full, or the place is not ours to write to; nothing is changed then.
    """
    recover(folder)
    if folder.exists() and not generated(folder):
        message = f"{folder.name!r} exists and is not as backmail wrote it"
        hint = "choose another name with --name, or move that folder away"
        raise CampaignError(Fault(message, Place(folder.as_posix()), hint))
    _put(files, folder, anew=True)


def append(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Write further `files` into the campaign folder `folder`, all of them or none; what stands in it stays as it is.

    Raises:
        FileExistsError: a file of such a name stands there; nothing is changed then.
        OSError: the disk is full, or the place is not ours to write to; nothing is changed then.
    """
    for name in files:
        if os.path.lexists(folder / name):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / name))
    _put(files, folder, anew=False)


def _put(files: Mapping[str, str | bytes], folder: Path, *, anew: bool) -> None:
    """Make a folder with the files beside the one that they are for, and put it in its place."""
    partial, old = _beside(folder)
    try:
        _fill(partial, files, folder, anew=anew)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    synced(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Return where a folder is made that is to take another's place, and where that one goes meanwhile."""
    return folder.with_name(f".{folder.name}.partial"), folder.with_name(f".{folder.name}.old")


def recover(folder: Path) -> None:
    """Clear up after a run that was killed: either the new folder stands whole, or the old one is put back."""
    partial, old = _beside(folder)
    shutil.rmtree(partial, ignore_errors=True)
    if not old.exists():
        return
    if folder.exists():
        shutil.rmtree(old)
    else:
        old.rename(folder)


def _fill(partial: Path, files: Mapping[str, str | bytes], folder: Path, *, anew: bool) -> None:
    """Write the files to a folder beside the one that they are for, with what is kept of that one.

    `anew`: its steps are not.
    """
    partial.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.copytree(folder, partial)
        for path in step_files(partial) if anew else ():
            path.unlink()
    else:
        partial.mkdir()
    for name, content in files.items():
        path = partial / name
        if name == _KEPT and path.exists():
            continue
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
    for below in {(partial / name).parent for name in files} - {partial}:
        synced(below)
    synced(partial)


def synced(folder: Path) -> None:
    """Make the names in a folder lasting, where the system can do that for folders."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
