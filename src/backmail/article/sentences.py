"""Cuts a paragraph into its sentences, as verbatim pieces that join to the paragraph again."""

from __future__ import annotations

import re

from backmail.article.lexicon import lexicon, straighten

__all__ = ["sentences"]

# A sentence ends at . ! ? or … with its closing quotes and brackets, before a blank.
_END = re.compile(r"[.!?…]+[\"”’»)\]*_]*\s+")
_LAST_WORD = re.compile(r"([^\W_][\w.’-]*)[.…]+[\"”’»)\]*_]*\s*$")
_NEXT = re.compile(r"[\"“„‘«»(\[*_¿¡–—-]*(\w)?")
_ORDINAL = re.compile(r"\d{1,4}")
# Where a noun with a capital may follow an ordinal ("3. Mai"), a sentence does not end behind a number.
_ORDINALS = frozenset({"de"})


def sentences(text: str, language: str) -> list[str]:
    """Return the sentences of `text`, each with the blanks behind it: `"".join(sentences(text, ...)) == text`.

    A full stop does not end a sentence behind an abbreviation of the language, behind a single capital (an initial),
    behind an ordinal number where the language writes them so, or before a small letter.
    """
    pieces: list[str] = []
    start = 0
    for found in _END.finditer(text):
        if found.end() < len(text) and _ends(text, start, found, language):
            pieces.append(text[start : found.end()])
            start = found.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def _ends(text: str, start: int, found: re.Match[str], language: str) -> bool:
    """Say whether the punctuation that was found ends the sentence that begins at `start`."""
    following = _NEXT.match(text, found.end())
    letter = following[1] if following else None
    if letter is None or letter.islower():
        return letter is None
    if "!" in found[0] or "?" in found[0]:
        return True
    before = _LAST_WORD.search(text, max(start, found.start() - 40), found.end())
    if before is None:
        return True
    word = straighten(before[1]).rstrip(".")
    if len(word) == 1 and word.isupper():
        return False
    if _ORDINAL.fullmatch(word) and language in _ORDINALS:
        return letter.isupper() and len(word) == 4  # a year may end a sentence
    known = lexicon(language).words
    short = known.get("before_numbers", frozenset()) if letter.isdigit() else frozenset()
    return word.casefold() not in known.get("abbreviations", frozenset()) | short
