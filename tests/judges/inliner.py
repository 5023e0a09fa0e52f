"""Another inliner puts the same rules onto the same elements: css-inline (MIT), whose cascade is a browser's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import css_inline
import lxml.html

from backmail.rendering import inline
from tests.judges.mails import Mail
from tests.judges.verdict import Verdict

# Elements that one of the two adds, or that no rule is for.
_BESIDE = frozenset({"tbody", "html", "head", "style", "meta", "title", "link"})
_OUTSIDE_BRACKETS = re.compile(r";(?![^(]*\))")
_ZERO = re.compile(r"\b0(?:px|pt|em)\b")
_KEPT = re.compile(r'<style data-premailer="ignore">')

Styled = tuple[str, dict[str, str]]


class Recorder:
    """Notes every document that is inlined while it listens, as it was and as it became."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []
        self._inlined = inline.inlined

    def __enter__(self) -> Recorder:
        self._patch = patch.object(inline, "inlined", self._noted)
        self._patch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._patch.stop()

    def _noted(self, html: str) -> str:
        made = self._inlined(html)
        self.pairs.append((html, made))
        return made


def judge(pairs: Sequence[tuple[str, str]], mails: Sequence[Mail]) -> Iterator[Verdict]:
    """Compare the declarations of each element of each document; colours count as the same in any notation."""
    for (before, after), mail in zip(pairs, mails, strict=True):
        yield from (Verdict(mail.series, not told, told) for told in [differences(before, after)])


def differences(before: str, after: str) -> str:
    """Return the first difference between our inlining of a document and the other's, "" where there is none."""
    other = css_inline.CSSInliner(load_remote_stylesheets=False).inline(
        _KEPT.sub('<style data-css-inline="ignore">', before)
    )
    ours, theirs = styles(after), styles(other)
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        return "the elements are not the same"
    for (name, mine), (_, its) in zip(ours, theirs, strict=True):
        for key in sorted({*mine, *its}):
            if mine.get(key) != its.get(key):
                return f"<{name}> {key}: ours {mine.get(key)}, css-inline {its.get(key)}"
    return ""


def styles(html: str) -> list[Styled]:
    """Return each element's name and its declarations, the last of each property, written in one way."""
    if not html.strip():
        return []
    document = lxml.html.document_fromstring(html)
    return [
        (element.tag, _declarations(element.get("style", "")))
        for element in document.iter()
        if isinstance(element.tag, str) and element.tag not in _BESIDE
    ]


def _declarations(style: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _OUTSIDE_BRACKETS.split(style):
        name, colon, value = each.partition(":")
        if colon:
            found[name.strip().lower()] = _plain(value)
    return found


def _plain(value: str) -> str:
    """Return a value in lower case, with double quotes, six-digit colours and no unit after a zero."""
    folded = re.sub(r"\s+", " ", value.strip().lower()).replace("'", '"').replace(", ", ",")
    folded = folded.removesuffix(" !important").removesuffix("!important")
    return re.sub(r"#([0-9a-f])([0-9a-f])([0-9a-f])\b", r"#\1\1\2\2\3\3", _ZERO.sub("0", folded))
