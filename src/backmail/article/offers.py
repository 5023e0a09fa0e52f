"""Finds sections that offer one product: in buying guides and reviews, whose text is in the article's own language."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from backmail.article.concepts import named, numbered
from backmail.article.drafts import Draft, section
from backmail.article.labels import PARTS, label_of
from backmail.article.lexicon import lexicon, straighten
from backmail.article.selling import (
    Sign,
    award,
    compares,
    in_body,
    in_heading,
    lines_of,
    parts_of_heading,
    shopping_list,
)
from backmail.model.article import Kind, Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["offered", "with_award_headings"]

# What a heading may name instead; each of these is no product, whatever stands below it.
_OTHER_THINGS = ("faq", "sources", "conclusion", "roadmap", "safety", "ingredients", "how_to", "related", "toc",
                 "chrome", "guide", "background", *PARTS)  # fmt: skip
_ENOUGH = 3.0
_ENOUGH_IN_A_ROW = 2.0  # beside a section that is enough by itself
_NO_NAME = "product.no-name"
_ROW = 2  # sections
_CARD = "product.card"
_SOMETHING = 1.0  # that speaks for a product, in a section of a row that offers some
_STRONG_ROW = 2.25  # on average
_STRONGEST = 3.5  # that one section counts in it
_LONG = 600  # words; who says more of a product writes about it rather than offering it
_NAME_WORDS = 14
_SAID_WORDS = 60  # below a heading that is no product's name


def offered(drafts: Sequence[Draft], language: str, catalog: Catalog) -> list[Draft]:
    """Return the drafts with the sections that offer a product settled, each with the parts it is divided into.

    Only sections whose kind is open are looked at. What prose says of prices is no offer: a section needs several
    signs, one of them of buying (price tag, button, affiliate link, rating, catalogue) or a model's name with an award
    or a list of pros and cons.
    """
    guide = any(draft.heading and named("guide", draft.heading, language) for draft in drafts)
    drafts = _with_cards(drafts, language)
    groups = list(_groups(drafts, language))
    judged = [_judged(group, language, catalog, guide=guide) for group in groups]
    clear = [
        (_is_offer(signs, _ENOUGH) and _is_open(group[0], language)) or _is_told_of(group[0])
        for group, signs in zip(groups, judged, strict=True)
    ]
    levels = {group[0].level for group, each in zip(groups, clear, strict=True) if each}
    in_a_row = _offering_rows(groups, judged, language)
    done: list[Draft] = []
    for place, (group, signs) in enumerate(zip(groups, judged, strict=True)):
        near = clear[max(0, place - 2) : place] + clear[place + 1 : place + 3]
        row = group[0].level in levels and any(near)
        if _is_offer(signs, _ENOUGH) or (row and _is_offer(signs, _ENOUGH_IN_A_ROW)):
            done += _product(group, signs, language)
        elif place in in_a_row:
            done += _product(group, [*signs, *in_a_row[place]], language)
        else:
            done += group
    return done


def _with_cards(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with each section that presents the thing in the box below it as one with that box.

    One such section may be about anything; two of a level are a row of things, each told of and then offered.
    """
    places = [
        place
        for place, (above, below) in enumerate(itertools.pairwise(drafts))
        if _presents(above, language) and below.kind is Kind.PRODUCT and _CARD in below.reasons
    ]
    levels = Counter(drafts[place].level for place in places)
    presenting = {place for place in places if levels[drafts[place].level] >= _ROW}
    joined = {drafts[place].start for place in presenting}
    done: list[Draft] = []
    for place, draft in enumerate(drafts):
        if place - 1 in presenting:
            above = done[-1]
            reasons = (*above.reasons, *draft.reasons)
            done[-1] = replace(above, units=above.units + draft.units, kind=Kind.PRODUCT, reasons=reasons)
        elif draft.continues in joined:  # what stands behind the box is about something else
            done.append(replace(draft, role=None, reasons=(), continues=None))
        else:
            done.append(draft)
    return done


def _is_told_of(draft: Draft) -> bool:
    """Say whether a draft is a section with the box of what it tells of."""
    return draft.kind is Kind.PRODUCT and _CARD in draft.reasons and draft.level > 0


def _presents(draft: Draft, language: str) -> bool:
    """Say whether a section says a few words of one thing, which its heading names."""
    told = all(unit.kind is UnitKind.PARAGRAPH for unit in draft.prose)
    return _is_open(draft, language) and told and sum(unit.words for unit in draft.prose) <= _SAID_WORDS


def _offering_rows(
    groups: Sequence[Sequence[Draft]], judged: Sequence[Sequence[Sign]], language: str
) -> dict[int, list[Sign]]:
    """Return the places of the sections that offer something because their row does, with what the row tells of each.

    A row are sections of one level behind each other of which each has something that speaks for a product. No price
    decides alone, for what a kitchen or a breed costs is told in rows, too: the sections must be strong on average.
    """
    found: dict[int, list[Sign]] = {}
    row: dict[int, Sequence[Draft]] = {}
    for place, group in enumerate(groups):
        stands = _may_stand_in_row(group[0], judged[place], language)
        if row and (not stands or group[0].level != next(iter(row.values()))[0].level):
            found.update(_offering(row, judged))
            row = {}
        if stands:
            row[place] = group
    found.update(_offering(row, judged))
    return found


def _may_stand_in_row(draft: Draft, signs: Sequence[Sign], language: str) -> bool:
    """Say whether a section has a name for a heading and something that speaks for a product."""
    if not _is_open(draft, language) or _weight(signs, named_by_row=True) < _SOMETHING:
        return False
    known = lexicon(language)
    first = straighten(draft.heading).casefold().split()[0]
    return first not in known.words.get("askers", frozenset()) and first not in known.words.get("never", frozenset())


def _offering(row: Mapping[int, Sequence[Draft]], judged: Sequence[Sequence[Sign]]) -> dict[int, list[Sign]]:
    """Return what a row tells of each of its sections, where they offer something; else nothing."""
    if len(row) < _ROW:
        return {}
    told = _told_by_row(row, judged)
    weights = [_weight([*judged[place], *told[place]], named_by_row=bool(told[place])) for place in row]
    sold = sum(any(sign.buying for sign in judged[place]) for place in row)
    strong = sum(min(weight, _STRONGEST) for weight in weights) / len(row)
    return told if strong >= _STRONG_ROW and sold * 3 >= len(row) * 2 else {}


def _weight(signs: Sequence[Sign], *, named_by_row: bool) -> float:
    """Return how much signs speak for a product; in a row, a heading that is no name by itself may be one."""
    return sum(sign.weight for sign in signs if not (named_by_row and sign.reason == _NO_NAME))


def _told_by_row(row: Mapping[int, Sequence[Draft]], judged: Sequence[Sequence[Sign]]) -> dict[int, list[Sign]]:
    """Return what the sections of a row have in common: a maker's name, the same data, a price each."""
    told: dict[int, list[Sign]] = {place: [] for place in row}
    makers = {place: _maker(group[0].heading) for place, group in row.items()}
    labels = {place: _labels(group) for place, group in row.items()}
    shared = [name for names in labels.values() for name in names]
    priced = sum(_is_priced(judged[place]) for place in row) * 4 >= len(row) * 3
    for place in row:
        maker = makers[place]
        if maker and list(makers.values()).count(maker) * 2 >= len(row) and list(makers.values()).count(maker) > 1:
            told[place].append(Sign(0.75, f"product.maker '{maker}'", buying=False))
        same = [name for name in labels[place] if shared.count(name) * 3 >= len(row) * 2]
        if len(same) > 1:
            told[place].append(Sign(0.75, f"product.same-data '{same[0]}'", buying=False))
        if priced and _is_priced(judged[place]):
            told[place].append(Sign(0.5, f"product.priced-row {len(row)}", buying=False))
    return told


def _maker(heading: str) -> str:
    """Return the name that a heading begins with: "Acme" of "Acme – Glide", of "Acme Glide"; "" where it has none."""
    parts = parts_of_heading(heading)
    name = parts[0] if len(parts) > 1 else heading.split(maxsplit=1)[0]
    return name if name[:1].isupper() and len(heading.split()) > 1 else ""


def _labels(group: Sequence[Draft]) -> frozenset[str]:
    """Return what the lines of a section are labelled with: "Weight: 4 kg"."""
    lines = (label_of(line) for draft in group for unit in draft.body for line in lines_of(unit))
    return frozenset(label.name.casefold() for label in lines if label.value)


def _is_priced(signs: Sequence[Sign]) -> bool:
    return any(sign.reason.startswith("product.price") for sign in signs)


def with_award_headings(units: Sequence[Unit], language: str) -> list[Unit]:
    """Return a text without markup with "best overall: acme x200" as a heading where it has a text below it."""
    if any(unit.marked for unit in units):
        return list(units)
    levels = [unit.level for unit in units if unit.kind is UnitKind.HEADING]
    level = max(set(levels), key=levels.count, default=2)
    return [
        replace(unit, kind=UnitKind.HEADING, level=level) if _names_award(units, place, language) else unit
        for place, unit in enumerate(units)
    ]


def _names_award(units: Sequence[Unit], place: int, language: str) -> bool:
    unit, below = units[place], units[place + 1] if place + 1 < len(units) else None
    words = len(unit.text.split())
    if unit.kind is not UnitKind.PARAGRAPH or words > _NAME_WORDS or unit.text.endswith((*".!?,;:", "…")):
        return False
    if below is None or below.kind is not UnitKind.PARAGRAPH or len(below.text.split()) < words + 4:
        return False
    parts = parts_of_heading(unit.text)
    return len(parts) > 1 and bool(award(unit.text, language))


def _is_offer(signs: Sequence[Sign], enough: float) -> bool:
    return sum(sign.weight for sign in signs) >= enough and any(sign.buying for sign in signs)


def _groups(drafts: Sequence[Draft], language: str) -> Iterator[list[Draft]]:
    """Yield each draft, an open section together with the parts below it that belong to a product ("Pros")."""
    place = 0
    while place < len(drafts):
        stop = place + 1
        if _is_open(drafts[place], language):
            # A name on a line of its own, above its award: "Best overall" opens nothing there.
            named_above = (
                not drafts[place].prose and stop < len(drafts) and _is_award(drafts[stop], drafts[place], language)
            )
            stop += named_above
            while stop < len(drafts) and _is_part(drafts[stop], drafts[place], language):
                stop += 1
        yield list(drafts[place:stop])
        place = stop


def _is_free(draft: Draft) -> bool:
    """Say whether nothing has settled yet what a section with a heading is."""
    return draft.kind is None and not draft.role and draft.continues is None and bool(draft.heading)


def _is_open(draft: Draft, language: str) -> bool:
    """Say whether a section might offer a product: it has a heading that is a name and no question."""
    if (
        not _is_free(draft)
        or draft.heading.endswith(("?", "!", ".", ",", ";"))
        or len(draft.heading.split()) > _NAME_WORDS
    ):
        return False
    if named("award", draft.heading, language) or award(draft.heading, language):
        return True
    return not any(named(each, draft.heading, language) for each in _OTHER_THINGS)


def _is_part(draft: Draft, above: Draft, language: str) -> bool:
    if not _is_free(draft):
        return False
    label = label_of(draft.heading).name
    below = draft.level > above.level or not draft.units[0].marked
    return below and any(named(each, label, language) for each in PARTS)


def _is_award(draft: Draft, above: Draft, language: str) -> bool:
    """Say whether a section below a name alone has no heading but what the thing is best at: "Best for travel"."""
    below = draft.level > above.level or not draft.units[0].marked
    return _is_free(draft) and below and named("award", draft.heading, language) is not None


def _product(group: Sequence[Draft], signs: Sequence[Sign], language: str) -> list[Draft]:
    """Return the one draft that a product's section and its parts make, and a table behind it that compares several."""
    units = [unit for draft in group for unit in draft.units]
    stop = len(units)
    while stop > 1 and (units[stop - 1].kind is UnitKind.RULE or compares(units[stop - 1], language)):
        stop -= 1
    if stop < len(units) and stop > 2 and units[stop - 1].text.endswith(":"):  # "All of them at a glance:"
        stop -= 1
    rest = units[stop:] if any(unit.kind is UnitKind.TABLE for unit in units[stop:]) else []
    reasons = (*group[0].reasons, *(sign.reason for sign in signs if sign.weight > 0))
    weight = sum(sign.weight for sign in signs)
    sure = round(min(0.95, 0.5 + weight / 10), 2)
    offer = replace(
        group[0],
        units=tuple(units[: len(units) - len(rest)]),
        kind=Kind.PRODUCT,
        reasons=tuple(dict.fromkeys(reasons)),
        confidence=sure,
    )
    return [offer, section(rest)] if rest else [offer]


def _judged(group: Sequence[Draft], language: str, catalog: Catalog, *, guide: bool) -> list[Sign]:
    """Return what speaks for it that a section offers a product; nothing when it is none to be looked at."""
    first = group[0]
    body = [unit for draft in group for unit in (draft.units if draft is not first else draft.body)]
    if not _is_free(first) or not any(unit.text for unit in body):
        return []
    if count := shopping_list(body, language):
        return [Sign(_ENOUGH, f"product.list {count}")]
    if not _is_open(first, language):
        return _specification(first, language, guide=guide)
    known = lexicon(language)
    words = sum(draft.words for draft in group)
    titled = list(in_heading(first.heading, language, catalog, words))
    signs = [*titled, *in_body(body, known)]
    listed = numbered(first.units[0].raw) is not None
    if not titled and not listed and sum(unit.words for unit in body) > _SAID_WORDS:
        # Each section of a review may end in a button.
        signs.append(Sign(-2.5, _NO_NAME, buying=False))
    # The name of a model with an award or pros and cons is an offer, without any word of buying.
    if sum(not sign.buying for sign in signs) > 1 and any(sign.reason.startswith("product.model") for sign in signs):
        signs = [replace(sign, buying=True) for sign in signs]
    if guide and any(sign.weight > 0 for sign in signs):
        signs.append(Sign(1.0, "product.guide", buying=False))
    if words > _LONG:
        signs.append(Sign(-1.5, "product.long", buying=False))
    if first.units[0].ordered or sum(unit.kind is UnitKind.ITEM and unit.ordered for unit in body) > 2:
        signs.append(Sign(-1.0, "product.numbered-steps", buying=False))
    return signs


def _specification(draft: Draft, language: str, *, guide: bool) -> list[Sign]:
    """Return what speaks for a product in a section of a review that is called "Specifications"."""
    if not named("details", draft.heading, language):
        return []
    signs = list(in_body(draft.body, lexicon(language)))
    if not guide and (not any(sign.buying for sign in signs) or len(signs) < 2):  # "Pricing: the Pro version costs $99"
        return []
    return [*signs, Sign(1.5, f"product.specification '{draft.heading}'", buying=guide)]
