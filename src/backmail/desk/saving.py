"""New content in the place of a file: all of it or none, whenever the program may be stopped; and one after another."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import RLock

from backmail.campaign.folder import synced
from backmail.errors import CampaignError, Fault, Place

__all__ = ["TURN", "alone", "may_put", "put"]

# Whoever reads the order of files to change it, and whoever changes one, does it while no other thread does.
TURN = RLock()

_ANY_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder's files against other threads, which wait, and against other programs, which are told.

    Windows, and disks that know no locks on folders, hold them against threads alone. The lock leaves no file behind,
    and ends with the program, however that ends.

    Raises:
        CampaignError: another program changes files of this folder at this moment.
    """
    with TURN, contextlib.ExitStack() as held:
        if sys.platform != "win32":
            import fcntl

            try:
                handle = os.open(folder, os.O_RDONLY)
                held.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = "another backmail is changing the files of this campaign, or moving its mails"
                raise CampaignError(Fault(message, Place(str(folder)), "do the same again in a moment")) from error
            except OSError:  # what is done inside says what is wrong with the folder, where something is
                pass
        yield


def put(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file, or put other content in its place in one go; its mode stays, and a link leads where it led.

    Args:
        path: the file.
        data: all that is to stand in it.
        new: it is to be made, never over another, and no link is followed.

    Raises:
        FileExistsError: `new`, and something stands there.
        OSError: the disk is full, the file is read-only, or the place is not ours to write to; all is as it was then.
    """
    target = path if new else Path(os.path.realpath(path))
    mode = None if new else may_put(target)
    # A name that nobody can foresee: a link that lies here in wait is neither followed nor written through.
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with partial.open("xb") as file:
            if mode is not None:
                partial.chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _first(partial, target)
        else:
            os.replace(partial, target)  # noqa: PTH105  # the name under which a test can let it fail
    finally:
        partial.unlink(missing_ok=True)
    synced(target.parent)


def may_put(path: Path) -> int | None:
    """Return a file's mode, None where there is no file yet; a file that nobody may write to is refused.

    Its folder would let us put another in its place all the same. Whoever took the right away did not mean that.

    Raises:
        PermissionError: it is read-only, or the folder that it stands in is.
    """
    target = Path(os.path.realpath(path))
    if not os.access(target.parent, os.W_OK) and target.parent.exists():
        raise PermissionError(errno.EACCES, "the folder is read-only", str(target.parent))
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None
    if not mode & _ANY_WRITES or not os.access(target, os.W_OK):  # root may write to all, and is to be asked as well
        raise PermissionError(errno.EACCES, "the file is read-only", str(target))
    return mode


def _first(partial: Path, target: Path) -> None:
    """Give a file its name where nothing has it.

    Raises:
        FileExistsError: something has.
    """
    try:
        os.link(partial, target)  # the name under which a test can let it fail
    except FileExistsError:
        raise
    except OSError:  # a disk on which a file has one name alone
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        os.replace(partial, target)  # noqa: PTH105
