"""Inline HTML -> Markdown: links, bold, italics, code, pictures; every other sign is escaped, so that it stays data."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from backmail.markup import escape, fold
from backmail.model.article import Picture

__all__ = ["NO_MARKS", "Marks", "Piece", "code_block", "inline_markdown", "link_share", "shown_text"]

_TICKS = re.compile(r"`+")
# Text with nothing in it that Markdown could take for a sign.
_PLAIN_TEXT = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;’])*\.?")


class Marks(NamedTuple):
    """How a piece of text is shown: bold, in italics, as code, as a link (`paid`: somebody paid for it)."""

    strong: bool = False
    em: bool = False
    code: bool = False
    link: str = ""
    paid: bool = False


_OPENING = "(€$£"
_CLOSING = ".:)%°!?€$£"
_ROUND = (",-", ",–", ",—", ".-", ":-")  # how a price without cents ends

NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: text, or a picture.

    `apart` says that it stands in an element of its own right behind another one, with no white space between: on the
    page a style may part them.
    """

    text: str
    marks: Marks = NO_MARKS
    picture: Picture | None = None
    apart: bool = False


def shown_text(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces as a reader sees it: white space folded, no marks, no pictures."""
    return fold("".join(piece.text for piece in pieces))


def link_share(pieces: Sequence[Piece]) -> float:
    """Return the share of the letters of some pieces that are links."""
    letters = sum(len(piece.text.strip()) for piece in pieces)
    return sum(len(piece.text.strip()) for piece in pieces if piece.marks.link) / letters if letters else 0.0


def inline_markdown(pieces: Sequence[Piece], *, bold: bool = True) -> str:
    """Return pieces as one line of Markdown; `bold`: whether bold shows (in a heading it says nothing)."""
    if len(pieces) == 1 and pieces[0].marks == NO_MARKS and _PLAIN_TEXT.fullmatch(pieces[0].text):
        return fold(pieces[0].text)
    if not bold:
        pieces = [Piece(each.text, each.marks._replace(strong=False), each.picture) for each in pieces]
    parts = []
    for link, group in itertools.groupby(_folded(pieces), key=lambda each: each.marks.link):
        before, text, after = _styled(list(group))
        # A place on the page itself is nowhere in a mail.
        leads = link and not link.startswith("#") and text and "](" not in text
        parts += [before, f"[{text}]({_address(link)})" if leads else text, after]
    return _first_signs("".join(parts).strip())


def code_block(text: str) -> str:
    """Return text as a fenced block of code, verbatim."""
    longest = max((len(found) for found in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.strip(chr(10))}\n{fence}"


def picture_markdown(picture: Picture) -> str:
    """Return a picture as Markdown."""
    return f"![{escape(picture.alt)}]({_address(picture.source)})"


def _folded(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with white space folded across their borders, neighbours with the same marks joined."""
    done: list[Piece] = []
    blank = True
    for piece in pieces:
        if piece.picture is not None:
            done.append(piece)
            blank = False
            continue
        text = " ".join(piece.text.replace("\xa0", "\ufdd0").split()).replace("\ufdd0", "\xa0")
        parted = piece.apart and bool(done) and _is_seam(done[-1].text, text)
        lead = " " if (parted or _folds(piece.text[:1])) and not blank else ""
        tail = " " if text and _folds(piece.text[-1:]) else ""
        if not text:
            if lead and done:
                done.append(Piece(" ", piece.marks))
                blank = True
            continue
        blank = bool(tail)
        done.append(Piece(lead + text + tail, piece.marks))
    return [_joined(list(group)) for _, group in itertools.groupby(done, key=lambda each: (each.marks, each.picture))]


def _folds(sign: str) -> bool:
    """Say whether a sign is white space that a page folds: a blank that does not break is text."""
    return sign.isspace() and sign != "\xa0"


def _is_seam(before: str, behind: str) -> bool:
    """Say whether two pieces that touch are two words ("Preparation", "10 min"), not parts of one ("Gar", "den")."""
    last, first = before[-1:], behind[:1]
    if not last or not first or not (first.isalnum() or first in _OPENING):
        return False
    if last.isalpha() and first.isalpha():
        return last.islower() and first.isupper()
    if before.endswith(_ROUND):
        return True
    return (last.isalnum() or last in _CLOSING) and not (last.isdigit() and first.isdigit())


def _joined(group: list[Piece]) -> Piece:
    return Piece("".join(each.text for each in group), group[0].marks, group[0].picture)


def _styled(group: Sequence[Piece]) -> tuple[str, str, str]:
    """Return what stands in one link (or in none), with the blanks before and behind it apart."""
    text = ""
    for style, run in itertools.groupby(group, key=lambda each: each.marks._replace(link="")):
        before, inside, after = _edges("".join(map(_written, run)))
        marks = ("**" if style.strong else "") + ("*" if style.em and not style.code else "")
        if marks and inside and "**" not in inside and _may_stand(text + before, after):
            inside = f"{marks}{inside}{marks[::-1]}"
        text += before + inside + after
    return _edges(text)


def _edges(text: str) -> tuple[str, str, str]:
    """Return a text as the blanks in front of it, what is inside, and the blanks behind it."""
    inside = text.strip()
    start = text.find(inside) if inside else len(text)
    return text[:start], inside, text[start + len(inside) :]


def _may_stand(before: str, after: str) -> bool:
    """Say whether signs of emphasis would be seen as such behind `before`: not right behind other signs."""
    return not before or before[-1].isspace() or before[-1].isalnum() or bool(after) or before[-1] in "(\"'“„«"


def _written(piece: Piece) -> str:
    if piece.picture is not None:
        return picture_markdown(piece.picture)
    if piece.marks.code:
        return _code_span(piece.text)
    before, inside, after = _edges(piece.text)
    return before + escape(inside) + after if inside else before


def _code_span(text: str) -> str:
    if not text.strip():
        return text
    longest = max((len(found) for found in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.strip().startswith("`") or text.strip().endswith("`") else ""
    return f"{ticks}{pad}{text.strip()}{pad}{ticks}"


def _address(address: str) -> str:
    """Return an address so that it cannot end the parentheses around it."""
    kept = "".join(
        quote(sign, safe="") if sign in '<>()\\"' or not _is_plain(sign) else sign for sign in address.strip()
    )
    return kept or "#"


def _is_plain(sign: str) -> bool:
    return sign.isprintable() and not sign.isspace()


def _first_signs(line: str) -> str:
    """Escape what would open a block at the start of the line: a piece that was escaped alone stood elsewhere."""
    found = re.match(r"(?:[-+](?=\s|$)|#{1,6}(?=\s|$)|>|~{3}|:{3}|=+$|-+$|(?:-\s*){3,}$)", line)
    if found:
        return "\\" + line
    number = re.match(r"(\d{1,9})([.)])(?=\s|$)", line)
    return f"{number[1]}\\{line[number.end(1) :]}" if number else line
