"""Turns headings into words that can stand in a sentence, a subject or a file name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set

from backmail.article.proposals.wording import Wording, refusals

_NUMBERING = re.compile(r"^(?:#?\d{1,3}(?:\s*[.):]|\s+[–-])\s+|[-–•*]\s+)")
_END = " \t:;,.–—-"
# A capital word behind a word, on the same line and in the same sentence.
_INSIDE = re.compile(r"(?:(?<=[^\W\d_] )|(?<=[^\W\d_], ))[^\W\d_]\w*(?:['’-]\w+)*")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "þ": "th", "ð": "d", "ł": "l"}
)
_LONGEST_SLUG = 30


def tidy(heading: str) -> str:
    """Return a heading without its number and its final stop or colon; question and exclamation marks stay."""
    return _NUMBERING.sub("", " ".join(heading.split())).strip(_END)


def opening(text: str) -> str:
    """Return the text with a capital first letter; a word such as iPhone keeps its own capitals."""
    start = next((index for index, sign in enumerate(text) if sign.isalnum()), 0)
    second = text[start + 1 : start + 2]
    return text if second.isupper() else text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def names_in(prose: str) -> frozenset[str]:
    """Return the words that a text writes with a capital inside its sentences: names, and in German every noun."""
    return frozenset(word for word in _INSIDE.findall(prose) if word[0].isupper())


def inline(heading: str, names: Set[str], small: Set[str] | None = None) -> str:
    """Return a heading as it stands inside a sentence: its first word in lower case, unless it is a name.

    A heading that has most of its words with a capital, and a word with capitals inside, stay as they are.

    Arguments:
        heading: a tidy heading.
        names: words that keep their capital.
        small: in a language that writes nouns with a capital: the words that surely are none; None for the others.
    """
    first, _, rest = heading.partition(" ")
    if small is not None and first.casefold() not in small and not rest.startswith("Sie "):
        return heading
    others = [word for word in rest.split() if word[0].isalpha()]  # "Light & Temperature" has one
    titled = sum(word[:1].isupper() for word in others) * 2 > len(others)
    if titled or first in names or not first[1:].islower():
        return heading
    return f"{first[:1].lower()}{first[1:]} {rest}".strip()


def as_written(phrase: str, prose: str, *, nouns: bool = False) -> str:
    """Return a phrase with the capitals that the prose mostly gives it inside its sentences; on a tie in lower case.

    Arguments:
        phrase: in lower case, with straight apostrophes.
        prose: the text that it is from.
        nouns: whether the language writes nouns with a capital, so that one at the start of a sentence counts too.
    """
    inside = "" if nouns else r"(?<=[\w,;:–-]\s)"
    pattern = re.escape(phrase).replace("'", "['’]")
    found = Counter(re.findall(rf"{inside}(?<!\w){pattern}(?!\w)", prose, re.IGNORECASE))
    forms: list[str] = [phrase, *found]
    return max(forms, key=lambda each: (found[each], each == phrase))


def short_forms(names: Sequence[str], wording: Wording) -> list[list[str]]:
    """Return the names of exercises in fewer and fewer words: without "the", then "exercise", then "stretch"."""
    bare = [
        name.split(" ", 1)[1] if " " in name and name.split()[0].casefold() in wording.articles else name
        for name in names
    ]
    forms = [list(names), bare]
    for surplus in wording.surplus:
        shorter = [" ".join(_without(name.split(), surplus)) for name in forms[-1]]
        forms.append(shorter)
    return [form for index, form in enumerate(forms) if form not in forms[:index]]


def _without(words: list[str], surplus: Set[str]) -> list[str]:
    kept = [word for word in words if word.casefold() not in surplus]
    return kept if kept else words


def clip(text: str, most: int) -> str:
    """Return the text in at most `most` characters: whole, up to a natural break, or cut with an ellipsis."""
    if len(text) <= most:
        return text
    for mark in (": ", " – ", " — ", " - ", "; ", ", ", " ("):
        head = text.split(mark, maxsplit=1)[0]
        if most // 3 <= len(head) <= most and "(" not in head:
            return head
    cut = text[: most - 1].rsplit(" ", 1)[0] if " " in text[: most - 1] else text[: most - 1]
    return cut.rstrip(_END + "(") + "…"


def refused(text: str) -> bool:
    """Say whether a text promises what a mail must not promise."""
    folded = " ".join(text.casefold().replace("-", " ").replace("‑", " ").split())
    return any(part in f" {folded} " for part in refusals())


def slug(text: str, taken: Set[str], otherwise: str) -> str:
    """Return a short name in a-z, 0-9 and hyphens that is not taken; `otherwise` when the text has no such letters."""
    ascii_text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.replace("'", ""))
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > _LONGEST_SLUG:
            break
        name = f"{name}-{word}" if name else word
    name = name or (words[0][:_LONGEST_SLUG] if words else otherwise)
    number, unique = 2, name
    while unique in taken:
        unique = f"{name[: _LONGEST_SLUG - 3].rstrip('-')}-{number}"
        number += 1
    return unique
