"""Who takes part: people made up by a seed, or those of a CSV file; each with a name that is no address."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backmail.audience import files
from backmail.errors import Fault, InputError, Place
from backmail.model.people import Subscriber

__all__ = ["Listed", "Member", "listed", "made"]

_PLACES = Path(__file__).with_name("places.toml")
_NAMELESS = 20  # one in so many has no first name, since not everybody tells one
_ZONELESS = 50  # one in so many has no zone of her own
_TOLD = 20  # faults of a file


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who takes part. `who` is what she is called in all that is shown."""

    who: str
    subscriber: Subscriber


@dataclass(frozen=True, slots=True)
class Listed:
    """The people of a file.

    Attributes:
        members: who takes part.
        repeated: lines with an address that stood in the file before, each with the line where it did.
        refused: lines of people to whom the file says we may not write.
        faults: what is wrong with the first rows that cannot be used; `broken` is how many those are.
    """

    members: tuple[Member, ...]
    repeated: tuple[tuple[int, int], ...]
    refused: tuple[int, ...]
    faults: tuple[Fault, ...]
    broken: int


def made(count: int, seed: int) -> Iterator[Member]:
    """Yield made-up people, `s1` and on, in zones all over the world; the same for the same seed, for ever.

    The first forty live in forty zones, whatever the seed. Some have no first name, and some no zone.
    """
    zones, names = _places()
    for number in range(1, count + 1):
        zone, language = zones[(number - 1) % len(zones)]
        choice = _hashed(seed, number)
        choice, name = divmod(choice, len(names[language]))
        choice, nameless = divmod(choice, _NAMELESS)
        zoneless = choice % _ZONELESS == 0 and number > len(zones)
        subscriber = Subscriber(
            f"s{number}@example.org",
            first_name=names[language][name] if nameless else None,
            language=language,
            timezone=None if zoneless else zone,
        )
        yield Member(f"s{number}", subscriber)


def listed(path: Path) -> Listed:
    """Return the people of a CSV file, with the columns of an import; her `id` column names each, else her line does.

    Every one counts as confirmed. Rows that cannot be used are left out, and told.

    Raises:
        InputError: the file as a whole cannot be used, or has nobody in it.
    """
    people = files.read(files.sheet_of(path.read_bytes(), str(path)))
    lines: dict[str, int] = {}
    ids: set[str] = set()
    members: list[Member] = []
    repeated: list[tuple[int, int]] = []
    for entry in people.entries:
        address = entry.subscriber.email.casefold()
        if address in lines:
            repeated.append((entry.line, lines[address]))
            continue
        lines[address] = entry.line
        if not entry.suppressed:
            members.append(Member(_who(entry, ids), entry.subscriber))
    faults = tuple(people.faults(_TOLD))
    if not members:
        raise InputError(faults or (Fault("nobody stands in this file", Place(str(path)), "a row for each person"),))
    refused = tuple(entry.line for entry in people.entries if entry.suppressed)
    return Listed(tuple(members), tuple(repeated), refused, faults, len(people.broken))


def _who(entry: files.Entry, ids: set[str]) -> str:
    """Return what somebody of a file is called: by her id where it is hers alone and no address."""
    given = next((value for name, value in entry.subscriber.attributes.items() if name.casefold() == "id"), "")
    who = given if given and "@" not in given and given not in ids else f"r{entry.line}"
    ids.add(who)
    return who


def _hashed(seed: int, number: int) -> int:
    """Return a number that depends on these two alone: Python's own generators may change between its versions."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{number}".encode()).digest()[:8])


@cache
def _places() -> tuple[tuple[tuple[str, str], ...], dict[str, tuple[str, ...]]]:
    data = tomllib.loads(_PLACES.read_text(encoding="utf-8"))
    zones = tuple((zone, language) for zone, language in data["zones"])
    return zones, {language: tuple(names) for language, names in data["names"].items()}
