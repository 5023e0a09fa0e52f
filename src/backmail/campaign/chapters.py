"""The articles of one series: the first stands in the campaign's folder, each that was added in a folder below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backmail.campaign.numbering import renumbered
from backmail.campaign.outline import FILE as OUTLINE
from backmail.campaign.outline import Outline
from backmail.model.article import Article
from backmail.model.plan import Plan

__all__ = ["MOST_ARTICLES", "Chapter", "below", "home_of", "lettered", "record_folders"]

# Blocks of the first article are b01, b02 ..., those of the next c01 ... up to the letter before s: with that one the
# ids of a safety text begin that was put beside the first.
_LETTERS = "bcdefghijklmnopqr"
MOST_ARTICLES = len(_LETTERS)


@dataclass(frozen=True, slots=True)
class Chapter:
    """An article of a series, its plan, and what was decided about it."""

    article: Article
    plan: Plan
    outline: Outline

    @property
    def outline_file(self) -> str:
        """The name of its outline.yaml in the campaign's folder."""
        return below(self.plan.ahead.articles + 1, OUTLINE)


def home_of(number: int) -> str:
    """Return the name of the folder of an article by its number: "" for the first."""
    return f"article-{number}" if number > 1 else ""


def below(number: int, file: str) -> str:
    """Return the name in the campaign's folder of a file that belongs to an article."""
    return f"{home_of(number)}/{file}" if number > 1 else file


def record_folders(folder: Path) -> Iterator[Path]:
    """Give the folders that hold the records of a campaign's articles, in order: its own, then those of added ones."""
    yield folder
    number = 2
    while (home := folder / home_of(number)).is_dir():
        yield home
        number += 1


def lettered(article: Article, number: int) -> Article:
    """Return an article whose blocks have ids that those of the series' other articles have not.

    Blocks of the second are c01, c02 ...; of a safety text beside it cs01 ...
    """
    letter = _LETTERS[number - 1]
    return renumbered(article, {each: new for each, new in _ids(article, letter).items() if new != each})


def _ids(article: Article, letter: str) -> Mapping[str, str]:
    return {
        block.id: f"{letter}{block.id}" if block.file else f"{letter}{block.id[1:]}"
        for block in article.blocks
        if letter != _LETTERS[0]
    }
