"""Disks on which a database has a hard time: only to be read, or full."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event


@contextmanager
def mounted(*command: str, at: Path) -> Iterator[bool]:
    """Mount something, which only root may, and not in every container; what is given is whether it could be done."""
    done = shutil.which("mount") and subprocess.run(["mount", *command, at], capture_output=True, check=False)
    if not done or done.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", at], check=True)


@contextmanager
def only_to_be_read(folder: Path) -> Iterator[None]:
    """Let nobody write in a folder: root neither, whom modes do not stop."""
    with mounted("--bind", str(folder), at=folder) as done:
        if done:
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            yield
            return
    if os.geteuid() == 0:
        pytest.skip("root writes anywhere, and nothing can be mounted here")
    paths = [folder, *folder.iterdir()]
    modes = [path.stat().st_mode for path in paths]
    for path, mode in zip(paths, modes, strict=True):
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


@contextmanager
def small_disk(folder: Path, left: int) -> Iterator[Callable[[], None] | None]:
    """Put a folder on a small disk with so many bytes left; what is given makes room, None where none can be had."""
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    with mounted("-t", "tmpfs", "-o", "size=40m", "tmpfs", at=folder) as done:
        if not done:
            yield None
            return
        for name, data in kept.items():
            (folder / name).write_bytes(data)
        films = folder / "films"
        with films.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(0, shutil.disk_usage(folder).free - left) // 4096 * 4096)
        yield films.unlink


def filled(folder: Path, left: int) -> Callable[[], None]:
    """Leave so many bytes on the disk of a folder; what is given makes room."""
    path = folder / "more-films"
    with path.open("wb") as file:
        if size := max(0, shutil.disk_usage(folder).free - left) // 4096 * 4096:
            os.posix_fallocate(file.fileno(), 0, size)
    return path.unlink


@contextmanager
def scarce(folder: Path, left: int) -> Iterator[Callable[[], None]]:
    """Leave so many bytes on the disk of a folder, or let the system say so; what is given makes room."""
    with small_disk(folder, left) as make_room, pytest.MonkeyPatch.context() as patch:
        if make_room is None:
            told = shutil.disk_usage(folder)._replace(free=left)
            patch.setattr(shutil, "disk_usage", lambda _: told)
        yield make_room or patch.undo


def few_pages(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Let SQLite take no more pages than it has; what is given lets it."""
    full = True

    @event.listens_for(sa.Engine, "begin", insert=True)
    def limit(tx: sa.Connection) -> None:
        if tx.dialect.name == "sqlite":
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
            tx.exec_driver_sql(f"PRAGMA max_page_count = {pages if full else 2**30}")

    request.addfinalizer(lambda: event.remove(sa.Engine, "begin", limit))

    def make_room() -> None:
        nonlocal full
        full = False

    return make_room
