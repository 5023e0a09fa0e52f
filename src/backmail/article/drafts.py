"""A block in the making: the units that belong together, and what has been settled about them so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backmail.article.concepts import cleaned
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["Draft", "is_ingredients", "section"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Units that belong together. `kind` and `role` are None until something settles them, `reasons` say what did.

    `level` is the level of its heading (1-6), 0 without one. `continues` is the first source line of the draft that
    this one goes on with. `language` is empty where it is the article's. `confidence` is that of a settled kind.
    """

    units: tuple[Unit, ...]
    heading: str = ""
    level: int = 0
    kind: Kind | None = None
    role: str | None = None
    reasons: tuple[str, ...] = ()
    continues: int | None = None
    language: str = ""
    confidence: float = 0.95

    @property
    def start(self) -> int:
        """First source line."""
        return self.units[0].start

    @property
    def body(self) -> tuple[Unit, ...]:
        """Its units without the heading that opens it."""
        return self.units[1:] if self.units[0].kind is UnitKind.HEADING else self.units

    @property
    def prose(self) -> tuple[Unit, ...]:
        """The units of its body that say something: no rules, no link definitions, no images."""
        silent = (UnitKind.RULE, UnitKind.LINK_DEFINITION, UnitKind.IMAGE)
        return tuple(unit for unit in self.body if unit.kind not in silent and unit.text)

    @property
    def words(self) -> int:
        """Source words of all its units."""
        return sum(unit.words for unit in self.units)

    @property
    def text(self) -> str:
        """The text of its body, one unit a line."""
        return "\n".join(unit.text for unit in self.body)


def section(units: Sequence[Unit]) -> Draft:
    """Return the draft of a section: its heading is the first unit when that is one."""
    first = units[0]
    if first.kind is UnitKind.HEADING:
        return Draft(tuple(units), cleaned(first.text), first.level)
    return Draft(tuple(units))


def is_ingredients(draft: Draft) -> bool:
    """Say whether a web page marks most of a section as the ingredients of a recipe."""
    return sum(unit.hint == "ingredient" for unit in draft.prose) * 2 > len(draft.prose)
