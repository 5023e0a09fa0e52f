"""Copies the pictures of an article into a campaign's folder, each under a name that says what it shows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from backmail import article as articles
from backmail.campaign.names import slug
from backmail.model.article import Article, Block, Picture
from backmail.model.campaign import Copied
from backmail.pixels import pixels

__all__ = ["Copies", "NotCopied", "Opens", "copies"]

FOLDER = "images"
MOST = 20
MOST_BYTES = 5_000_000
MOST_IN_ALL = 25_000_000
_NAME = 60
_NO_NAME = "picture"

# Gives the bytes of a picture by its address in the article; None where it is to stay where it is.
Opens = Callable[[str], bytes | None]


class NotCopied(Exception):  # noqa: N818  # it says what happened
    """A picture cannot be copied; the message says why."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What was copied.

    Attributes:
        article: the article with its pictures at the copies' addresses.
        files: the copies by their names in the campaign's folder.
        faults: a line for each picture that was not copied, and why.
        stayed: how many stay where they are on the web.
    """

    article: Article
    files: Mapping[str, bytes] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    stayed: int = 0

    def records(self, on_the_web: Callable[[str], bool]) -> dict[str, Copied]:
        """Return what is kept of each copy by its name; `on_the_web` says whether an address of the article is public.

        Of one with several addresses the first public one counts.
        """
        addresses: dict[str, str] = {}
        for source, place in self.article.source.places.items():
            if source.startswith("https://") and on_the_web(source):
                addresses.setdefault(place, source)
        return {
            name: Copied(hashlib.sha256(data).hexdigest(), addresses.get(name, "")) for name, data in self.files.items()
        }


def copies(article: Article, opens: Opens, taken: Iterable[str] = ()) -> Copies:
    """Return the copies of the pictures that stand in mails; a picture that cannot be copied stops nothing.

    A picture is named after the heading of its block, a further one of the same block after its own text.

    Args:
        article: whose pictures.
        opens: gives their bytes.
        taken: the names in the campaign's folder that no copy gets.
    """
    others = tuple(taken)
    files: dict[str, bytes] = {}
    places: dict[str, str] = {}
    faults: list[str] = []
    stayed = 0
    for block, picture in _pictures(article):
        try:
            data = _opened(picture, opens, files)
        except NotCopied as why:
            faults.append(f"the picture {_shown(picture)} was not copied: {why}")
            continue
        if data is None:
            stayed += 1
            continue
        kind = pixels(data)
        if kind is None:
            faults.append(f"the picture {_shown(picture)} was not copied: {_KINDS}")
        elif kind.is_counter:
            places[picture.source] = ""
        else:
            place = next((name for name, copy in files.items() if copy == data), None)
            places[picture.source] = place or _free(_name(block, picture, files), kind.ending, (*others, *files))
            files[places[picture.source]] = data
    return Copies(articles.placed(article, places), files, tuple(faults), stayed)


_KINDS = "it is no PNG, JPEG, GIF or WebP, which mail programs show"


def _pictures(article: Article) -> Iterator[tuple[Block, Picture]]:
    """Yield the pictures that stand in mails, each address once, with the block that it is first seen in."""
    seen: set[str] = set()
    for block in article.blocks:
        for unit in block.units if block.in_mails and not block.file else ():
            for picture in unit.pictures:
                if picture.source not in seen:
                    seen.add(picture.source)
                    yield block, picture


def _opened(picture: Picture, opens: Opens, files: Mapping[str, bytes]) -> bytes | None:
    """Return the bytes of a picture, within the limits.

    Raises:
        NotCopied: it cannot be opened, or there are too many or too big ones.
    """
    if len(files) >= MOST:
        raise NotCopied(f"the article has more than {MOST}")
    data = opens(picture.source)
    if data is None:
        return None
    if len(data) > MOST_BYTES:
        raise NotCopied(f"it is bigger than {MOST_BYTES // 1_000_000} MB")
    if sum(map(len, files.values())) + len(data) > MOST_IN_ALL:
        raise NotCopied(f"all pictures together are bigger than {MOST_IN_ALL // 1_000_000} MB")
    return data


def _name(block: Block, picture: Picture, files: Mapping[str, bytes]) -> str:
    """Return what a copy is called: as the heading of its block, when no other has that name, or as its text says."""
    heading = _slug(block.heading)
    if heading and not any(name.startswith(f"{FOLDER}/{heading}.") for name in files):
        return heading
    return _slug(picture.alt) or heading or _NO_NAME


def _slug(text: str) -> str:
    return slug(text, _NAME) if any(sign.isalnum() for sign in text) else ""


def _free(name: str, ending: str, files: Iterable[str]) -> str:
    """Return a name in the folder of pictures that no other copy has, whatever its ending."""
    taken = {file.rpartition(".")[0] for file in files}
    number = 1
    while (free := f"{FOLDER}/{name}" + (f"-{number}" if number > 1 else "")) in taken:
        number += 1
    return f"{free}.{ending}"


def _shown(picture: Picture) -> str:
    """Return a picture's address as a person can read it in a line."""
    return picture.source if len(picture.source) <= 80 else f"{picture.source[:40]}…{picture.source[-30:]}"
