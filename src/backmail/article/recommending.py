"""Finds paragraphs that recommend one thing to buy in the middle of an article about something else."""

from __future__ import annotations

from collections.abc import Sequence

from backmail.article.concepts import named
from backmail.article.drafts import Draft
from backmail.article.lexicon import lexicon
from backmail.article.prices import price_said
from backmail.article.selling import paid_link, thing_named
from backmail.markup import plain
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["recommended"]

_WORDS = range(6, 76)  # of a paragraph that recommends; a longer one tells of more than that
_ENOUGH = 3  # of: words of recommending, a price, where to get it, a name
# What sums up, answers or lists may well name a thing and its price.
_ELSEWHERE = ("conclusion", "faq", "sources", "ingredients", "intro", "roadmap", "guide", "details")


def recommended(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with each paragraph that recommends a product as a draft of its own; the section goes on below.

    It takes a link that pays and words of recommending or a price; without such a link these words, and two of a price,
    a name, and where to get the thing.
    """
    done: list[Draft] = []
    for draft in drafts:
        done += _parted(draft, language)
    return done


def _parted(draft: Draft, language: str) -> list[Draft]:
    if (
        draft.kind is not None or draft.role is not None or len(draft.prose) < 2
    ):  # a lone one is judged with its heading
        return [draft]
    if draft.heading and any(named(each, draft.heading, language) for each in _ELSEWHERE):
        return [draft]
    origin = draft.start if draft.continues is None else draft.continues
    parts: list[Draft] = []
    held: list[Unit] = []
    offered = False
    for unit in draft.units:
        reasons = _reasons(unit, language)
        if not reasons:
            held.append(unit)
            continue
        if held:
            parts.append(_section(draft, held, origin, first=not parts))
            held = []
        offered = True
        parts.append(Draft((unit,), _name(unit), 0, Kind.PRODUCT, None, reasons, confidence=0.75))
    if held:
        parts.append(_section(draft, held, origin, first=not parts))
    return parts if offered else [draft]


def _section(draft: Draft, units: Sequence[Unit], origin: int, *, first: bool) -> Draft:
    """Return what is left of a section above a product, or goes on below it."""
    if first:
        return Draft(tuple(units), draft.heading, draft.level, reasons=draft.reasons, continues=draft.continues)
    reasons = ("continuation.after-product",)
    return Draft(tuple(units), level=draft.level, role="continuation", reasons=reasons, continues=origin)


def _reasons(unit: Unit, language: str) -> tuple[str, ...]:
    """Return why a paragraph recommends a product; nothing when it does not."""
    if (
        unit.kind not in (UnitKind.PARAGRAPH, UnitKind.QUOTE)
        or len(unit.text.split()) not in _WORDS
        or unit.hint == "step"
    ):
        return ()
    known = lexicon(language)
    praised = known.find("phrases.recommending", unit.text)
    price = price_said(unit.text, language)
    found = [f"product.recommending:{known.language} '{praised}'"] if praised else []
    found += [f"product.price-said '{price}'"] if price else []
    if paid_link(unit):
        return ("product.affiliate-link", *found) if found else ()
    sold = known.find("phrases.selling", unit.text) or known.find("phrases.buy", unit.text)
    model = thing_named(unit.text)
    found += [f"product.selling:{known.language} '{sold}'"] if sold else []
    found += [f"product.model '{model}'"] if model else []
    return tuple(found) if praised and len(found) >= _ENOUGH and (price or sold) else ()


def _name(unit: Unit) -> str:
    """Return the words of the link that a paragraph recommends, or of the name in it."""
    return plain(paid_link(unit)) or thing_named(unit.text)
