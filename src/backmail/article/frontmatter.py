"""Front matter of Markdown: settings, and in some blogs an introduction, a FAQ, a verdict; its lines are units too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backmail.article.concepts import named
from backmail.article.days import day_in
from backmail.article.drafts import Draft
from backmail.article.proposals.naming import opening
from backmail.article.proposals.wording import wording
from backmail.markup import fold, plain
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["front_matter_date", "front_matter_drafts", "front_matter_end", "front_matter_title"]

_KEY = re.compile(r"([^\W\d][\w .-]{0,40}?)\s*:(?=\s|$)(.*)")
_TOML_KEY = re.compile(r"([A-Za-z_][\w.-]{0,40})\s*=\s*(.*)")
_TABLE = re.compile(r"\[.*\]\s*$")
_ENTRY = re.compile(r"\s*-\s+(.*)")
_PAIR = re.compile(r"\s*(?:-\s+)?([^\W\d][\w-]{0,30})\s*:(?=\s|$)\s*(.*)")
_WORD = re.compile(r"[^\W\d_a-zß-öø-ÿ]?[a-zß-öø-ÿ]+|[^\W\d_a-zß-öø-ÿ]+|\d+")
_ADDRESS = re.compile(r"(?:https?:)?/|www\.", re.IGNORECASE)
# A description for search engines is about the article, not a part of it.
_SETTINGS = frozenset(
    {"title", "description", "summary", "excerpt", "slug", "tags", "categories", "date", "author", "aliases"}
)
_KINDS = {
    "intro": Kind.INTRO, "faq": Kind.FAQ, "conclusion": Kind.CONCLUSION, "how_to": Kind.HOW_TO,
    "safety": Kind.SAFETY, "sources": Kind.SOURCES, "ingredients": Kind.OTHER,
}  # fmt: skip
_DATES = ("date", "published", "publishdate", "pubdate", "publish_date", "published_at", "datepublished")
_DAY = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")
# Keys of a review's product: what names it, what is said of what one can buy, and what stands among these.
_NAMING = frozenset(
    {"product", "model", "item", "produkt", "produktnavn", "produktnamn", "produktname", "producto", "produit"}
)
_SELLING = frozenset(
    {
        "price", "brand", "maker", "manufacturer", "sku", "ean", "gtin", "asin", "msrp", "rrp", "affiliate", "merchant",
        "shop", "buy", "offer", "rating", "score", "stars", "warranty", "availability", "pris", "maerke", "varumaerke",
        "preis", "marke", "precio", "marca", "prix", "marque",
    }
)  # fmt: skip
_PRODUCT_WORDS = _NAMING | _SELLING | {
    "name", "id", "url", "link", "image", "img", "alt", "currency", "color", "colour", "capacity", "power", "watt",
    "wattage", "weight", "dimensions", "size", "volume", "material", "type", "category", "count", "review", "reviews",
    "value", "max", "min", "best", "old", "new", "from", "date", "as", "of", "number", "text", "label", "code", "part",
}  # fmt: skip
_SENTENCE = 8  # words of a value that says something
_ENTRY_WORDS = 4  # words of an entry, on average, of a list that says something
_NAMED_WORDS = 2  # of an entry of a list whose key names what it is: "1 egg"
_UNSAID = frozenset({"id", "image", "img", "alt", "icon", "slug", "type", "position", "order", "video", "anchor"})
_LONGEST = 400  # lines


@dataclass(frozen=True, slots=True)
class _Field:
    """One key with the lines of its value."""

    key: str
    start: int
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.lines) - 1

    @property
    def entries(self) -> list[tuple[int, int]]:
        """The entries of its list: first and last line, counted from the field's own first line."""
        starts = [number for number, line in enumerate(self.lines) if number and _ENTRY.match(line)]
        if not starts:
            return []
        indent = len(self.lines[starts[0]]) - len(self.lines[starts[0]].lstrip())
        starts = [each for each in starts if len(self.lines[each]) - len(self.lines[each].lstrip()) == indent]
        return list(zip(starts, [*(each - 1 for each in starts[1:]), len(self.lines) - 1], strict=True))


def front_matter_end(lines: Sequence[str]) -> int:
    """Return how many lines at the top are front matter, both fences included: 0 when there is none."""
    fence = lines[0].strip() if lines else ""
    key = {"---": _KEY, "+++": _TOML_KEY}.get(fence)
    if key is None:
        return 0
    for number, line in enumerate(lines[1 : _LONGEST + 1], 1):
        if line.rstrip() in (fence, "..." if fence == "---" else fence):
            held = [each for each in lines[1:number] if each.strip() and not each.lstrip().startswith("#")]
            return number + 1 if not held or key.match(held[0]) else 0
    return 0


def front_matter_title(lines: Sequence[str]) -> str:
    """Return the title that the front matter gives the article, or an empty string."""
    for field in _fields(lines):
        if field.key.casefold() == "title":
            return plain(_value(field.lines))
    return ""


def front_matter_date(lines: Sequence[str], language: str = "en") -> str:
    """Return the day (ISO) on which the front matter says that the article was published, or an empty string.

    `language` is the one that a month's name is in; an English name is known beside it.
    """
    held = {field.key.casefold(): _value(field.lines) for field in _fields(lines)}
    for name in _DATES:
        if found := _DAY.match(plain(held.get(name, ""))):
            return found[0]
        if day := day_in(held.get(name, ""), language):
            return day
    return ""


def front_matter_drafts(lines: Sequence[str], language: str) -> list[Draft]:
    """Return the drafts of the front matter's lines: settings, and the fields that are parts of the article."""
    drafts: list[Draft] = []
    plain_from = 1
    fields = [part for field in _fields(lines) for part in _unfolded(field)]
    offered = _offered(fields)
    for field in fields:
        if field in offered[1:]:
            continue
        parts = [_product(offered)] if field in offered else _parts(field, language)
        if parts:
            drafts += _settings(lines, plain_from, field.start - 1)
            drafts += parts
            plain_from = drafts[-1].units[-1].end + 1
    return [*drafts, *_settings(lines, plain_from, len(lines))]


def _offered(fields: Sequence[_Field]) -> list[_Field]:
    """Return the fields behind each other in which a review keeps its product: a name, and two facts or more.

    The first of them is "product:" alone where the others stand indented below it.
    """
    for told, run in itertools.groupby(fields, key=lambda field: _words(field) <= _PRODUCT_WORDS and not field.entries):
        held = list(itertools.dropwhile(lambda field: not _words(field) & (_NAMING | _SELLING), run))
        names = _naming(held)
        facts = [field for field in held if _words(field) & _SELLING]
        if told and names and len(facts) > 1:
            return held
    return []


def _naming(fields: Sequence[_Field]) -> list[_Field]:
    """Return the fields that name a product: "product" itself, or below it the name."""
    nested = bool(fields) and bool(_words(fields[0]) & _NAMING) and not _value(fields[0].lines)
    keys = _NAMING | {"name", "title"} if nested else _NAMING
    return [field for field in fields if _words(field) & keys and _value(field.lines)]


def _unfolded(field: _Field) -> list[_Field]:
    """Return a field whose value is a mapping that may describe a product as its key alone and the fields below it."""
    below = field.lines[1:]
    pairs = [number for number, line in enumerate(below, 1) if line[:1].isspace() and _PAIR.match(line)]
    if not _words(field) & _NAMING or _value(field.lines[:1]) or not pairs or field.entries or pairs[0] != 1:
        return [field]
    indent = len(field.lines[1]) - len(field.lines[1].lstrip())
    pairs = [number for number in pairs if len(field.lines[number]) - len(field.lines[number].lstrip()) == indent]
    parts = [_Field(field.key, field.start, field.lines[:1])]
    for number, stop in itertools.pairwise([*pairs, len(field.lines)]):
        found = _PAIR.match(field.lines[number])
        key = found[1] if found else ""
        parts.append(_Field(key, field.start + number, field.lines[number:stop]))
    return parts


def _words(field: _Field) -> frozenset[str]:
    """Return the words of a key: "affiliateUrl" has two."""
    return frozenset(word.lower() for word in _WORD.findall(field.key))


def _product(fields: Sequence[_Field]) -> Draft:
    """Return the draft of a product that the front matter describes; addresses are no text."""
    named_by = _naming(fields)[0]
    nested = not _value(fields[0].lines)
    units = []
    if nested:  # the key alone stands for the name, which need not be the first field below it
        units.append(_unit(UnitKind.HEADING, fields[0], 0, 0, _value(named_by.lines)))
    for field in fields[nested:]:
        value = _value(field.lines)
        shown = "" if _ADDRESS.match(value) or not value else value
        label = " ".join(_WORD.findall(field.key)).capitalize()
        text = shown if field is named_by or not shown else f"{label}: {shown}"
        text = "" if nested and field is named_by else text
        kind = UnitKind.HEADING if field is named_by and field is fields[0] else UnitKind.FRONT_MATTER
        units.append(_unit(kind, field, 0, len(field.lines) - 1, text))
    name = plain(_value(named_by.lines))
    keys = ", ".join(field.key for field in fields if _words(field) & _SELLING)
    return Draft(tuple(units), name, 0, Kind.PRODUCT, None, (f"front-matter.product '{keys}'",))


def _fields(lines: Sequence[str]) -> list[_Field]:
    """Return the top-level keys with the lines that belong to each, without blank lines at their ends."""
    key = _TOML_KEY if lines and lines[0].strip() == "+++" else _KEY
    found: list[tuple[str, int]] = [
        (match[1], number) for number, line in enumerate(lines[:-1], 1) if number > 1 and (match := key.match(line))
    ]
    tables = [number for number, line in enumerate(lines, 1) if _TABLE.match(line)] if key is _TOML_KEY else []
    found = [(name, number) for name, number in found if not tables or number < tables[0]]
    end = tables[0] if tables else len(lines)
    fields = []
    for (name, start), (_, stop) in itertools.pairwise([*found, ("", end)]):
        last = stop - 1
        while last > start and not lines[last - 1].strip():
            last -= 1
        fields.append(_Field(name, start, tuple(lines[start - 1 : last])))
    return fields


def _settings(lines: Sequence[str], start: int, end: int) -> list[Draft]:
    """Return the draft of plain settings, or none when all these lines are blank."""
    held = [number for number in range(start, end + 1) if lines[number - 1].strip()]
    if not held:
        return []
    raw = "\n".join(lines[held[0] - 1 : held[-1]])
    unit = Unit(UnitKind.FRONT_MATTER, fold(raw), raw, held[0], held[-1])
    return [Draft((unit,), kind=Kind.OTHER, role="front-matter", reasons=("front-matter",))]


def _parts(field: _Field, language: str) -> list[Draft]:
    """Return the drafts of a field that is a part of the article; none for a setting."""
    name = " ".join(_WORD.findall(field.key)).lower()
    if field.key.casefold() in _SETTINGS or not name:
        return []
    concept = next((each for each in _KINDS if named(each, name, "en") or named(each, name, language)), None)
    entries = field.entries
    heading = _heading(name, concept, language)
    if concept == "faq":
        return _questions(field, heading) if entries else []
    if entries:
        texts = [_value(field.lines[first : last + 1]) for first, last in entries]
        words = sum(len(text.split()) for text in texts)
        if any(_PAIR.match(field.lines[first]) for first, _ in entries):
            joined = " " if concept == "ingredients" else ": "
            texts = [_said(field.lines[first : last + 1], joined) for first, last in entries] if concept else []
        least = _NAMED_WORDS if concept else _ENTRY_WORDS
        if len(texts) < 2 or words < least * len(texts) or not all(texts) or any(map(_ADDRESS.match, texts)):
            return []
        units = [_unit(UnitKind.HEADING, field, 0, entries[0][0] - 1, heading)]
        units += [_unit(UnitKind.FRONT_MATTER, field, *entry, text) for entry, text in zip(entries, texts, strict=True)]
    else:
        text = _value(field.lines)
        if concept is None or len(text.split()) < _SENTENCE:
            return []
        units = [_unit(UnitKind.FRONT_MATTER, field, 0, len(field.lines) - 1, text)]
    kind = _KINDS[concept] if concept else Kind.OTHER
    role = ("ingredients" if concept else "body") if kind is Kind.OTHER else None
    return [
        Draft(
            tuple(units),
            heading if entries else "",
            2 if entries else 0,
            kind,
            role,
            (f"front-matter.field '{field.key}'",),
        )
    ]


def _heading(name: str, concept: str | None, language: str) -> str:
    """Return what stands above a field in a mail: a word of the article's language, not the program's key."""
    key = "instructions" if concept == "how_to" else concept or name
    said = wording(language)
    own = f"headings.{key}"
    return said.one(own) if said is not None and own in said.phrases else opening(name)


def _questions(field: _Field, heading: str) -> list[Draft]:
    """Return the draft of the heading, and one of each question with its answer."""
    entries = field.entries
    head = _unit(UnitKind.HEADING, field, 0, entries[0][0] - 1, heading)
    reason = f"front-matter.field '{field.key}'"
    drafts = [Draft((head,), heading, 2, Kind.OTHER, "heading", (reason,))]
    for first, last in entries:
        pairs = [number for number in range(first, last + 1) if _PAIR.match(field.lines[number])]
        answer = pairs[1] if len(pairs) > 1 else last + 1
        question = _value(field.lines[first:answer])
        units = [_unit(UnitKind.HEADING, field, first, answer - 1, question)]
        if answer <= last:
            text = _value(field.lines[answer : last + 1])
            units.append(_unit(UnitKind.FRONT_MATTER, field, answer, last, text))
        drafts.append(Draft(tuple(units), plain(question), 3, Kind.FAQ, None, (reason,)))
    return drafts


def _unit(kind: UnitKind, field: _Field, first: int, last: int, value: str) -> Unit:
    """Return the unit of some lines of a field, counted from its first; its text is the value, not the YAML."""
    while last > first and not field.lines[last].strip():
        last -= 1
    raw = "\n".join(field.lines[first : last + 1])
    return Unit(
        kind, fold(plain(value)), raw, field.start + first, field.start + last, 3 if kind is UnitKind.HEADING else 0
    )


def _value(lines: Sequence[str]) -> str:
    """Return what a scalar says: without its key or dash, quotes, and the sign of a block."""
    return fold(" ".join(_scalars(lines)))


def _said(lines: Sequence[str], between: str) -> str:
    """Return what an entry with several keys says, such as an amount and a name; addresses and pictures are left."""
    starts = [number for number, line in enumerate(lines) if _PAIR.match(line)]
    values = []
    for start, stop in itertools.pairwise([*starts, len(lines)]):
        key = _PAIR.match(lines[start])
        value = _value(lines[start:stop])
        if key and key[1].casefold() not in _UNSAID and value and not _ADDRESS.match(value):
            values.append(value)
    return between.join(values)


def _scalars(lines: Sequence[str]) -> Iterator[str]:
    text = "\n".join(lines)
    for pattern in (_ENTRY, _PAIR, _KEY, _TOML_KEY):
        if match := pattern.match(lines[0]):
            text = "\n".join([match[match.lastindex or 1], *lines[1:]])
            break
    text = re.sub(r"\A\s*[|>][+-]?\d?\s*\n", "", text).strip()
    if pair := _PAIR.match(text):  # the entry of a list of mappings
        text = pair[2] + text[pair.end() :]
    if len(text) > 1 and text[0] == text[-1] == "'":
        yield text[1:-1].replace("''", "'")
    elif len(text) > 1 and text[0] == text[-1] == '"':
        yield text[1:-1].replace('\\"', '"').replace("\\n", " ")
    else:
        yield text
