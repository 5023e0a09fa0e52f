"""How a project begins: the files of `backmail init`, written together or not at all."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from backmail.config import environment
from backmail.config.project import FILE
from backmail.errors import Fault, InputError, Place
from backmail.shipped import shipped
from backmail.yamlfile import SCHEMAS, modeline

SECRETS = (environment.KEY, environment.PEPPER)
_ENV_HEAD = """\
# Secrets of this project. Keep this file to yourself, and keep a copy in a safe place:
# without it the links in mails that were sent stop working.
"""


def start_project(folder: Path, schemas: Mapping[str, str] | None = None) -> list[str]:
    """Write a new project into `folder`: settings, secrets, sample people and the sample campaigns.

    What exists is not touched; a folder of it (people/, one campaign) is then left out whole. config.yaml comes last,
    so that what a killed run left behind does not look like a project.

    Args:
        folder: where to; made if it is not there.
        schemas: the texts of the JSON Schemas by what they are of (see `desk.schemas`). They are written too, and each
            YAML file names its own in its first line, for editors.

    Returns:
        The names in the order written, folders with a slash.

    Raises:
        InputError: the folder is a project already, or is no folder.
        OSError: nothing of what was begun is left behind.
    """
    if (folder / FILE).exists():
        raise InputError(
            Fault(f"there is a {FILE} here: this is a project already", Place(str(folder))),
            next_command=f"cd {shlex.quote(str(folder))}",
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(Fault("this is a file, and a folder is needed", Place(str(folder))))
    made: list[Path] = []
    written = []
    try:
        for name, files in _parts(schemas or {}):
            if not os.path.lexists(folder / name):
                for path, data, mode in files:
                    _write(folder / path, data, mode, made)
                written.append(name)
    except BaseException:  # also an interrupt by the keyboard
        _undo(made)
        raise
    return written


def sample_campaigns() -> list[Path]:
    """Return the folders of the campaigns that ship with backmail, by name; those with an underscore are its own.

    Raises:
        FileNotFoundError: there is none, so the installation is damaged.
    """
    folder = shipped("campaigns")
    samples = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))
    if not samples:
        raise FileNotFoundError(f"backmail's sample campaign is missing from {folder}: install backmail again")
    return samples


File = tuple[str, bytes, int]


def _parts(schemas: Mapping[str, str]) -> Iterator[tuple[str, list[File]]]:
    """Yield the parts of a project: a name, and its files with their path in the project, content and mode."""
    own = shipped("templates") / "project"
    yield environment.FILE, [(environment.FILE, _env(), 0o600)]
    yield ".gitignore", [(".gitignore", (own / "gitignore").read_bytes(), 0o644)]
    if schemas:
        texts = {f"{SCHEMAS}/{kind}.json": text.encode("utf-8") for kind, text in schemas.items()}
        yield f"{SCHEMAS}/", [(path, text, 0o644) for path, text in texts.items()]
    yield "catalog.yaml", [_file(own / "catalog.yaml", "catalog.yaml", schemas)]
    yield "people/", list(_copied(own / "people", "people", schemas))
    for campaign in sample_campaigns():
        name = f"campaigns/{campaign.name}"
        yield f"{name}/", list(_copied(campaign, name, schemas))
    yield FILE, [_file(own / FILE, FILE, schemas)]


def _copied(folder: Path, name: str, schemas: Mapping[str, str]) -> Iterator[File]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield _file(path, f"{name}/{path.relative_to(folder).as_posix()}", schemas)


def _file(path: Path, name: str, schemas: Mapping[str, str]) -> File:
    """Return a file of ours as it stands in the project under `name`: a YAML file begins with its schema's line."""
    up = "../" * name.count("/")
    kind = "person" if name.startswith("people/") else PurePosixPath(name).stem
    line = modeline(kind, f"{up}{SCHEMAS}") if path.suffix == ".yaml" and kind in schemas else ""
    return name, line.encode("utf-8") + path.read_bytes(), 0o644


def _env() -> bytes:
    lines = [f"{name}={base64.urlsafe_b64encode(secrets.token_bytes(33)).decode('ascii')}" for name in SECRETS]
    return (_ENV_HEAD + "\n".join(lines) + "\n").encode("utf-8")


def _write(path: Path, data: bytes, mode: int, made: list[Path]) -> None:
    """Write a file that is not there yet, with the folders above it; note in `made` what is new, before it is whole."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    made.append(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        with contextlib.suppress(OSError):  # somebody else's file in it, for one; what stopped us is what is told
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
