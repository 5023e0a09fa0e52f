"""The article as a person gave it, as a file or as an address, with whatever opens its pictures."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from backmail import article as articles
from backmail.desk.fetch import Web, article_at, is_address
from backmail.desk.images import MOST_BYTES, NotCopied, Opens
from backmail.errors import ArticleError
from backmail.model.article import Source

__all__ = ["Given", "given"]

_IMAGES = "image/png, image/jpeg, image/gif, image/webp"
_SECONDS = 60  # for all pictures of a page together


@dataclass(frozen=True, slots=True)
class Given:
    """An article, where it stands on the web ("" for a file), and what opens its pictures."""

    source: Source
    opens: Opens
    source_url: str = ""

    @property
    def stem(self) -> str:
        """What its file or address is called, without an ending."""
        return PurePosixPath(urlsplit(self.source.name).path).stem if self.source_url else Path(self.source.name).stem

    def on_the_web(self, address: str) -> bool:
        """Whether the original of a picture that was copied stands on the web under an address.

        It does where the picture was fetched from there, or where the article names that very address. A page that a
        browser saved names files beside it instead: those that they were made of nobody knows.
        """
        return bool(self.source_url) or address in unescape(self.source.text)


def given(name: str | Path, web: Web | None = None) -> Given:
    """Return the article of a file or an address.

    Raises:
        ArticleError: it cannot be read or fetched, or is an address and there is no web.
    """
    if web is not None and is_address(str(name)):
        page = article_at(str(name), web)
        held = _held(page.source, page.data)
        return Given(page.source, _fetching(web, held), page.canonical)
    path = Path(name)
    source = articles.read(path)
    return Given(source, _beside(path, _held(source, path.read_bytes)))


def _held(source: Source, data: bytes | Callable[[], bytes]) -> Callable[[], Mapping[str, bytes]]:
    """Return what gives the pictures that stand in the article's own bytes, which are looked for once."""

    @cache
    def found() -> Mapping[str, bytes]:
        return articles.pictures_in(data if isinstance(data, bytes) else data(), source)

    return found


def _fetching(web: Web, held: Callable[[], Mapping[str, bytes]]) -> Opens:
    """Return what opens the pictures of a page: in it, or on the web, all within one time."""
    deadline = web.deadline(_SECONDS)

    def opens(address: str) -> bytes | None:
        if address in held():
            return held()[address]
        try:
            return web.get(address, _IMAGES, deadline=deadline, size=MOST_BYTES).data
        except ArticleError as error:
            raise NotCopied(error.faults[0].message) from error

    return opens


def _beside(path: Path, held: Callable[[], Mapping[str, bytes]]) -> Opens:
    """Return what opens the pictures of a file: in it, or beside it. Nothing is fetched that nobody asked for."""
    folder = path.parent.resolve()

    def opens(address: str) -> bytes | None:
        if address in held():
            return held()[address]
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") or (parts.netloc and not parts.scheme):
            return _read(found, folder) if (found := _saved(folder, unquote(parts.path))) else None
        if parts.scheme and parts.scheme != "file":
            raise NotCopied("its address leads nowhere that can be read")
        found = folder / unquote(parts.path).lstrip("/")
        return _read(found, folder)

    return opens


def _saved(folder: Path, path: str) -> Path | None:
    """Return the file that a browser saved beside a page: the page still says where the picture was on the web."""
    parts = PurePosixPath(path).parts
    for count in range(len(parts) - 1, 1, -1):
        found = folder.joinpath(*parts[-count:])
        if found.is_file():
            return found
    return None


def _read(path: Path, folder: Path) -> bytes:
    """Return the bytes of a picture beside the article; no more than a picture may have and one.

    Raises:
        NotCopied: it is not there, or outside of the article's folder: somebody else's page must not name any file.
    """
    try:
        real = path.resolve()
        if not real.is_relative_to(folder):
            raise NotCopied("it stands outside of the article's folder; put it beside the article")
        # A pipe would be waited for, for ever: it is opened without waiting, and only a plain file is read.
        with os.fdopen(os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotCopied("it is no file")
            return file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise NotCopied("there is no such file beside the article") from None
    except OSError as error:  # its own words would print the whole path, however long
        raise NotCopied(f"the file cannot be read ({(error.strerror or 'no reason told').lower()})") from None
    except ValueError:
        raise NotCopied("its name is none that a file can have") from None
