"""Finds the containers of a step body, and says with file and line what is wrong with a fence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it.token import Token

from backmail.errors import CampaignError, Fault, Place
from backmail.markup.dialect import shared
from backmail.markup.fences import CONTAINERS, read_fence

__all__ = ["CONTAINERS", "Container", "containers"]

_LOOKS_LIKE_FENCE = re.compile(r"\s*(:{3,}.*)")


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a step body. `start` and `end` are the file's lines of its fences, `body_line` of its body."""

    name: str
    attributes: Mapping[str, str]
    body: str
    start: int
    end: int
    body_line: int

    @property
    def id(self) -> str:
        """The block that it holds."""
        return self.attributes["id"]


def containers(body: str, file: str, first_line: int) -> tuple[Container, ...]:
    """Return the containers of `body`, whose first line is line `first_line` of `file`.

    Raises:
        CampaignError: fences that cannot be used, all at once: an unknown name or attribute, one without an id, one
            that is not closed, one inside a list or another container.
    """
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    lines = body.split("\n")
    tokens = shared().parse(body)
    faults = list(_faults(tokens, lines, file, first_line))
    if faults:
        raise CampaignError(faults)
    return tuple(_container(token, lines, first_line) for token in tokens if token.type == "container_open")


def _container(token: Token, lines: list[str], first_line: int) -> Container:
    """Return the container that `token` opens."""
    start, end = token.map or (0, 0)
    return Container(
        name=token.info,
        attributes=token.meta["attributes"],
        body="\n".join(lines[start + 1 : end - 1]),
        start=first_line + start,
        end=first_line + end - 1,
        body_line=first_line + start + 1,
    )


def _faults(tokens: list[Token], lines: list[str], file: str, first_line: int) -> Iterator[Fault]:
    """Tell what is wrong, in the order of the file."""
    opened: Token | None = None
    for token in tokens:
        if token.type == "container_open":
            opened = token
            if not token.meta["closed"]:
                yield _not_closed(token, lines, file, first_line)
        elif token.type == "container_close":
            opened = None
        elif token.type == "inline" and token.map:
            for number in range(*token.map):
                found = _LOOKS_LIKE_FENCE.match(lines[number])
                if found:
                    yield from _stray(found, opened, Place(file, first_line + number), first_line, lines[number])


def _not_closed(token: Token, lines: list[str], file: str, first_line: int) -> Fault:
    """Say that the container which `token` opens never ends."""
    number = token.map[0] if token.map else 0
    message = f"the container {token.info!r} is not closed"
    return Fault(message, Place(file, first_line + number, 1), "put ::: on a line of its own behind it", lines[number])


def _stray(found: re.Match[str], opened: Token | None, place: Place, first_line: int, source: str) -> Iterator[Fault]:
    """Say why the line that `found` looks like a fence but is none."""
    fence = read_fence(found[1].rstrip())
    for flaw in fence.flaws:
        yield Fault(flaw.message, Place(place.file, place.line, found.start(1) + flaw.at + 1), flaw.hint, source)
    if fence.flaws:
        return
    if found.start(1) > 0:
        message, hint = "a fence stands at the start of a line, outside of lists and quotes", "move it to the left edge"
    elif not fence.name:
        message = "this closes a container, but none is open"
        hint = r"take the line away, or write \::: to show the signs"
    else:
        outer = f"{opened.info!r} of line {first_line + opened.map[0]}" if opened and opened.map else "another"
        message, hint = f"a container cannot stand inside another: {outer} is still open", "close it with ::: first"
    yield Fault(message, Place(place.file, place.line, found.start(1) + 1), hint, source)
