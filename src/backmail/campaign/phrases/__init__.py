"""The texts that a campaign begins with, as data: one TOML file per language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from backmail.model.campaign import Greeting

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts of one language. `disclaimer` is for campaigns with exercises."""

    greeting: Greeting
    disclaimer: str


@cache
def phrases(language: str) -> Phrases:
    """Return the texts in `language` (a tag such as da or da-DK), English where we have none."""
    folder = resources.files(__name__)
    file = folder / f"{language.partition('-')[0].lower()}.toml"
    if not file.is_file():
        file = folder / f"{_FALLBACK}.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Phrases(Greeting(**data["greeting"]), data["disclaimer"])
