"""What a step's Markdown consists of: plain stretches and containers, with all that a theme needs to show each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape

from backmail import markup
from backmail.model.campaign import Campaign, Product, Step
from backmail.rendering import pictures
from backmail.rendering.phrases import Phrases, same_language
from backmail.rendering.refused import Refused, suggestion

# The order in which a dose is shown: how to lie or stand, then how long and how often, then what else.
DOSE = ("position", "hold", "repeats", "sides", "equipment")
_UNIT_OF_LIST = {"list_item_open": "list_item_close", "paragraph_open": "paragraph_close"}
_CLASSES = {"table_open": "data", "th_open": "head", "td_open": "cell", "hr": "rule", "blockquote_open": "quote"}
_SHOWN_ADDRESS = re.compile(r"https?://|\bwww\.|\bdoi:\s*10\.", re.IGNORECASE)
# Between the bodies of several steps: what one leaves open ends there, and its links lead where it says.
NEXT_BODY = "\n\n\f\n\n"
# A stray control character makes Gmail cut the mail off there, and XML libraries refuse it.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Part:
    """A plain stretch (`name` is "") or a container of a step.

    `heading` holds the inline tokens of its first heading, `tokens` the rest. `language` is "" where it is the
    campaign's. `dose` pairs a label with the words; `price` is a product's line with it. `repeated` is the number (from
    1) and id of the step that a note repeats from. `unverified` is the sentence on sources without a link, "" where all
    have one.
    """

    name: str
    tokens: Sequence[Token]
    attributes: Mapping[str, str] = field(default_factory=dict)
    heading: Sequence[Token] = ()
    language: str = ""
    dose: tuple[tuple[str, str], ...] = ()
    product: Product | None = None
    price: str = ""
    repeated: tuple[int, str] | None = None
    unverified: str = ""


@cache
def reader() -> MarkdownIt:
    """Return the parser of step bodies that this room shares, with the classes that a theme's rules are for."""
    markdown = markup.parser()
    markdown.add_render_rule("fence", _code)
    markdown.add_render_rule("code_block", _code)
    return markdown


def _code(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    """Render a code block; the class stands where the ground is."""
    return f'<pre class="code"><code>{escape(tokens[at].content)}</code></pre>\n'


def parts(markdown: str, campaign: Campaign, step: Step, words: Phrases, media: str = "") -> tuple[Part, ...]:
    """Return the parts of a step's body, after jinja; addresses of the campaign's own pictures begin with `media`.

    Raises:
        Refused: a note repeats from a step that is not there.
    """
    tokens = pictures.with_own(_tokens(markdown), campaign.pictures)
    pictures.sized(tokens, campaign.pictures, media)
    tokens = _tidied(tokens)
    return tuple(_completed(part, campaign, step, words) for part in _split(tokens))


def contained(markdown: str, name: str) -> Iterator[Part]:
    """Give the containers of that name in a step's body, in order, as they are written."""
    return (part for part in _split(_tokens(markdown)) if part.name == name)


def _tokens(markdown: str) -> list[Token]:
    """Return the tokens of one body, or of several with `NEXT_BODY` between them."""
    return [token for body in markdown.split(NEXT_BODY) for token in reader().parse(_CONTROLS.sub("", body))]


def untitled(parts: Sequence[Part], title: str) -> tuple[Part, ...]:
    """Return the parts without a first heading that only says again what the mail's title above it says."""
    if not parts:
        return ()
    first, *others = parts
    named = bool(first.name)
    heading = first.heading if named else _first_heading(first.tokens)
    if _said(heading) != markup.fold(title).casefold() or first.name == "safety":
        return tuple(parts)
    return (replace(first, heading=()) if named else replace(first, tokens=first.tokens[3:]), *others)


def _first_heading(tokens: Sequence[Token]) -> Sequence[Token]:
    return tokens[1].children or () if tokens and tokens[0].type == "heading_open" else ()


def _said(inline: Sequence[Token]) -> str:
    return markup.fold("".join(token.content for token in inline)).casefold()


def _tidied(tokens: list[Token]) -> list[Token]:
    """Prepare tokens for mail: the subject is the only h1, colours have classes, data tables name their headers."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        elif token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("class", "link")
    return _without_empty_heads(tokens)


def _without_empty_heads(tokens: list[Token]) -> list[Token]:
    """Return the tokens without heads of tables that say nothing: Markdown has no table without a head."""
    kept: list[Token] = []
    head: list[Token] | None = None
    for token in tokens:
        if token.type == "thead_open":
            head = []
        if head is None:
            kept.append(token)
            continue
        head.append(token)
        if token.type == "thead_close":
            kept += head if any(each.content.strip() for each in head) else []
            head = None
    return kept


def _split(tokens: Sequence[Token]) -> Iterator[Part]:
    """Give the stretches between and in containers."""
    start, opened = 0, None
    for number, token in enumerate(tokens):
        if token.type == "container_open":
            if number > start:
                yield Part("", tokens[start:number])
            start, opened = number + 1, token
        elif token.type == "container_close" and opened is not None:
            yield _container(opened, tokens[start:number])
            start, opened = number + 1, None
    if start < len(tokens):
        yield Part("", tokens[start:])


def _container(opened: Token, tokens: Sequence[Token]) -> Part:
    """Return a container, its first heading lifted out when it begins with one."""
    attributes = opened.meta["attributes"]
    if tokens and tokens[0].type == "heading_open":
        return Part(opened.info, tokens[3:], attributes, tokens[1].children or ())
    return Part(opened.info, tokens, attributes)


def _completed(part: Part, campaign: Campaign, step: Step, words: Phrases) -> Part:
    """Add to a container what its attributes point to."""
    language = part.attributes.get("lang", "")
    part = replace(part, language="" if same_language(language, campaign.language) else language)
    match part.name:
        case "exercise":
            dose = tuple((words(key), part.attributes[key]) for key in DOSE if part.attributes.get(key))
            return replace(part, dose=dose, tokens=_in_steps(part.tokens))
        case "how-to":
            return replace(part, tokens=_in_steps(part.tokens))
        case "product":
            product = campaign.catalog.get(part.attributes["sku"])
            return replace(part, product=product, price=_price(product, words) if product else "")
        case "note":
            return replace(part, repeated=_repeated(part.attributes["repeats"], campaign))
        case "sources":
            return replace(part, unverified=_unverified(part.tokens, words))
    return part


def _in_steps(tokens: Sequence[Token]) -> Sequence[Token]:
    """Mark numbered lists as steps: who follows them looks up from a distance, and needs larger letters."""
    for token in tokens:
        if token.type == "ordered_list_open":
            token.attrSet("class", "steps")
    return tokens


def _repeated(step_id: str, campaign: Campaign) -> tuple[int, str]:
    """Return number and id of the step that a note repeats from."""
    for number, step in enumerate(campaign.steps, 1):
        if step.id == step_id:
            return number, step_id
    known = [step.id for step in campaign.steps]
    raise Refused(f"a note repeats from {step_id!r}, which is no step of this campaign", suggestion(step_id, known))


def _price(product: Product, words: Phrases) -> str:
    """Return the line with a product's price, and the day it was true when that is known; "" without a price."""
    if not product.price:
        return ""
    if product.price_as_of is None:
        return words("price", price=product.price)
    return words("price_as_of", price=product.price, date=words.date(product.price_as_of))


def _unverified(tokens: Sequence[Token], words: Phrases) -> str:
    """Return the sentence on sources that have no link, counted in list items, else in paragraphs."""
    kind = "list_item_open" if any(token.type == "list_item_open" for token in tokens) else "paragraph_open"
    sources = list(_units(tokens, kind))
    missing, total = sum(1 for source in sources if not any(map(_is_link, source))), len(sources)
    if not missing:
        return ""
    return words.many("unverified_all", total) if missing == total else words.many("unverified", missing, total=total)


def _units(tokens: Sequence[Token], kind: str) -> Iterator[Sequence[Token]]:
    """Give the tokens of each outermost item or paragraph."""
    start, level = None, 0
    for number, token in enumerate(tokens):
        if start is None and token.type == kind:
            start, level = number, token.level
        elif start is not None and token.type == _UNIT_OF_LIST[kind] and token.level == level:
            yield tokens[start : number + 1]
            start = None


def _is_link(token: Token) -> bool:
    return any(child.type == "link_open" or _SHOWN_ADDRESS.search(child.content) for child in token.children or ())
