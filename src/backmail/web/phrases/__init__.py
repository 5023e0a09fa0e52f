"""What readers' pages say, one data file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "Phrases", "accepted", "phrases"]

_HERE = Path(__file__).parent
_FALLBACK = "en"
LANGUAGES = frozenset(path.stem for path in _HERE.glob("*.toml"))


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language, in parts: one for each page, and "" for what stands on all of them."""

    language: str
    parts: Mapping[str, Mapping[str, str]]

    def __call__(self, part: str, key: str, **values: object) -> str:
        """Return a phrase with its gaps filled.

        Raises:
            LookupError: no such phrase, or a gap without a value.
        """
        return self.parts[part][key].format(**values)

    def has(self, part: str, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.parts.get(part, {})


@cache
def _read(language: str) -> Phrases:
    data = tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))
    common = {key: value for key, value in data.items() if isinstance(value, str)}
    return Phrases(language, {"": common, **{key: part for key, part in data.items() if isinstance(part, dict)}})


def phrases(wanted: Iterable[str | None]) -> Phrases:
    """Return the phrases in the first language that we have, of tags such as `da` or `da-DK`; else in English."""
    primary = ((tag or "").partition("-")[0].strip().lower() for tag in wanted)
    return _read(next((language for language in primary if language in LANGUAGES), _FALLBACK))


def accepted(header: str) -> list[str]:
    """Return the language tags of an Accept-Language header (RFC 9110, 12.5.4), dearest first."""
    weighed = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            quality = 0.0
        if tag.strip() and quality > 0:
            weighed.append((-quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: pair[0])]
