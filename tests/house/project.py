"""The repository as the tests of the house see it: its files, a copy to do mischief in, commands run there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "backmail"
BIN = Path(sys.executable).parent

# What tools, and backmail itself, leave in a checkout; .gitignore names the same.
_left_over = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "dist", "build", "outbox", ".backmail", ".env"
)


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield every file of the project below `folder`, in order, without what is left over."""
    names = sorted(path.name for path in folder.iterdir())
    for name in sorted(set(names) - set(_left_over(str(folder), names))):
        path = folder / name
        if not path.is_dir():
            yield path
        elif not (path / "pyvenv.cfg").exists():
            yield from files(path)


def modules() -> list[Path]:
    """Return every Python file of the package."""
    return [path for path in files(SOURCE) if path.suffix == ".py"]


def copied(to: Path) -> Path:
    """Copy the project into the folder `to` and return the copy's top folder."""
    for path in files():
        place = to / "project" / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
    return to / "project"


def _environment(source: Path) -> dict[str, str]:
    """Return an environment with the package in `source` and the tools of this very environment first."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(source)}


def run(folder: Path, *command: str, source: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `command` in `folder` against the package in `source` (default: the folder's own src), not the installed one.

    The tools of this very environment come first on PATH.
    """
    environment = _environment(source or folder / "src")
    return subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@contextmanager
def started(folder: Path, *command: str, source: Path) -> Iterator[subprocess.Popen[str]]:
    """Start `command` as `run` does, with its stdout to be read; it is killed at the end if it still runs."""
    environment = _environment(source)
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def entries(lock: str) -> list[str]:
    """Return the entries of a lock ("build", "run", "dev"), each on one line with its hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return re.sub(r" *\\\n *", " ", text).splitlines()


def locked(lock: str) -> list[Requirement]:
    """Return the entries of a lock as name, version and marker."""
    return [Requirement(entry.partition(" --hash")[0]) for entry in entries(lock)]


@cache
def help_of(*verb: str) -> str:
    """Return what `backmail VERB --help` prints."""
    done = run(ROOT, "backmail", *verb, "--help")
    assert done.returncode == 0, done.stderr
    return done.stdout


def verbs() -> list[str]:
    """Return the verbs that `backmail --help` lists."""
    return re.findall(r"^  ([a-z][a-z-]*)  +\S", help_of().partition("\nCommands:\n")[2], re.MULTILINE)
