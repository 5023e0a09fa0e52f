"""A draft with its verdict: what the blocks of an article are made of."""

from __future__ import annotations

from dataclasses import dataclass

from backmail.article.drafts import Draft
from backmail.article.rules import Verdict, judged, settled
from backmail.model.article import Kind

__all__ = ["Piece", "judged_alone"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft with its verdict, and what a marketer decided about it (None where nothing)."""

    draft: Draft
    verdict: Verdict
    week: int | None = None
    dropped_because: str = ""
    heading: str | None = None
    sku: str = ""

    @property
    def kind(self) -> Kind:
        """What it is for."""
        return self.verdict.kind


def judged_alone(draft: Draft, language: str) -> Piece:
    """Return the piece that a draft is, without a look at its neighbours."""
    return Piece(draft, judged(draft, language) if draft.kind is None else settled(draft))
