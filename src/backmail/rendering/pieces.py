"""Cuts a rendered text at its tokens, and works out from each token's position how its value must be escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from backmail.model.message import Context, Field, Slot
from backmail.rendering.proxies import Build
from backmail.rendering.refused import Refused

Pieces = tuple[str | Slot, ...]

_TAG = re.compile(
    r"""<!--(?P<comment>.*?)-->
      | <!(?P<doctype>[^>]*)>
      | <(?P<raw>style|script)\b(?P<raw_tag>(?:[^>"']|"[^"]*"|'[^']*')*)>(?P<raw_text>.*?)</(?P=raw)\s*>
      | </?(?P<tag>[A-Za-z](?:[^>"']|"[^"]*"|'[^']*')*)>""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s=/"'<>]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+)))?"""
)
_CONDITIONAL = re.compile(r"\s*\[if\b")
_ADDRESSES = frozenset({"href", "src", "background", "cite", "longdesc", "poster", "action", "formaction"})
# What a value must not stand in whatever it is: styles and scripts are code, and these name or hold other things.
_CODE = re.compile(r"style|on\w+|srcset|srcdoc|id|class|http-equiv|name|type", re.IGNORECASE)


def of_text(text: str, build: Build, context: Context) -> Pieces:
    """Return text without markup in pieces, every slot in one context.

    Raises:
        Refused: a token was cut or changed.
    """
    _check_whole(text, build)
    return _cut(text, build, lambda _start, _token: context)


def of_html(html: str, build: Build) -> Pieces:
    """Return HTML in pieces, each slot in the context of its place.

    Raises:
        Refused: a reader's value would stand in a style, a script, the name of a tag or attribute, or a comment.
    """
    _check_whole(html, build)
    contexts = dict(_contexts(html, 0, build))
    return _cut(html, build, lambda start, token: contexts.get(start, Context.TEXT))


def same_tokens(before: str, after: str, build: Build) -> bool:
    """Whether two texts hold the same tokens, each as often."""
    return Counter(build.pattern.findall(before)) == Counter(build.pattern.findall(after))


def _check_whole(text: str, build: Build) -> None:
    if not build.whole(text):
        hint = "put filters on the value itself, before it is joined with other text"
        raise Refused("a filter cut or changed a text that holds a reader's value", hint)


def _cut(text: str, build: Build, context: Callable[[int, str], Context]) -> Pieces:
    """Return the text between tokens, and a slot for each token."""
    pieces: list[str | Slot] = []
    slots: dict[Slot, Slot] = {}  # one object for equal slots
    at = 0
    for found in build.pattern.finditer(text):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        slot = Slot(build.field(found[1]), context(found.start(), found[0]))
        pieces.append(slots.setdefault(slot, slot))
        at = found.end()
    if at < len(text):
        pieces.append(text[at:])
    return tuple(pieces)


def _contexts(html: str, offset: int, build: Build) -> Iterator[tuple[int, Context]]:
    """Give position and context of each token inside a tag; `offset` is where `html` begins in the whole."""
    for found in _TAG.finditer(html):
        if found["comment"] is not None:
            start = found.start("comment")
            if _CONDITIONAL.match(found["comment"]):
                yield from _contexts(found["comment"], offset + start, build)
            else:
                _refuse(found["comment"], build, "in a comment")
        elif found["raw"] is not None:
            _refuse(found["raw_text"], build, f"inside <{found['raw']}>")
            _refuse(found["raw_tag"], build, f"in the tag <{found['raw']}>")
        elif found["tag"] is not None:
            yield from _of_tag(found["tag"], offset + found.start("tag"), build)
        else:
            _refuse(found["doctype"], build, "in a declaration")


def _of_tag(tag: str, offset: int, build: Build) -> Iterator[tuple[int, Context]]:
    """Give position and context of each token in the attributes of one tag."""
    name = re.match(r"[^\s/>]+", tag)
    assert name is not None  # noqa: S101  # a tag begins with a letter
    _refuse(name[0], build, "in the name of a tag")
    for found in _ATTRIBUTE.finditer(tag, name.end()):
        _refuse(found["name"], build, "in the name of an attribute")
        quoted = "double" if found["double"] is not None else "single"
        _refuse(found["bare"] or "", build, f"in {found['name']}= without quotes")
        value = found[quoted] or ""
        tokens = list(build.pattern.finditer(value))
        if tokens and _CODE.fullmatch(found["name"]):
            raise _misplaced(build.field(tokens[0][1]), f"in the attribute {found['name']}")
        for token in tokens:
            is_address = found["name"].lower() in _ADDRESSES
            whole = Context.URL if token.start() == 0 else Context.URL_PART
            yield offset + found.start(quoted) + token.start(), whole if is_address else Context.ATTRIBUTE


def _refuse(text: str, build: Build, where: str) -> None:
    """Raise when a text where no reader's value may stand holds one."""
    token = build.pattern.search(text)
    if token:
        raise _misplaced(build.field(token[1]), where)


def _misplaced(field: Field, where: str) -> Refused:
    message = f"{field} stands {where}, where no reader's value is safe"
    return Refused(message, "let it stand in text, or in a link", "merge-context")
