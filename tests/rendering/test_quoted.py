"""Quoted-printable in pieces: whatever the pieces, the decoded bytes are the text, and no line is too long."""

import quopri
import re

from hypothesis import given
from hypothesis import strategies as st

from backmail.model.message import Context, Field, Slot
from backmail.rendering import quoted

# Signs that mean something to quoted-printable, SMTP or line breaking, and letters of one to four bytes.
TEXTS = (
    st.text(st.sampled_from("a. =\t\n.é€😀\r-F_?"), max_size=90)
    | st.text("aé€😀", max_size=120)
    | st.text(st.sampled_from("ab. "), max_size=200)
)
SLOT = Slot(Field(("subscriber", "email")), Context.TEXT)


def joined(pieces: list[str], values: list[str]) -> bytes:
    """Return pieces and values, in turn, as they are sent."""
    filled: list[str | Slot] = []
    for number, piece in enumerate(pieces):
        filled += [piece, SLOT] if number < len(values) else [piece]
    waiting = iter(values)
    encoded = quoted.literals([piece for piece in filled if piece != ""])
    return b"".join(piece if isinstance(piece, bytes) else quoted.value(next(waiting)) for piece in encoded)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS.map(lambda text: text.replace("\n", " ")), max_size=3))
def test_what_is_decoded_is_what_was_written(pieces: list[str], values: list[str]) -> None:
    values = values[: len(pieces)]
    sent = joined(pieces, values)
    whole = "".join(piece + (values[number] if number < len(values) else "") for number, piece in enumerate(pieces))
    assert quopri.decodestring(sent).decode() == whole.replace("\n", "\r\n")
    lines = sent.split(b"\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert not any(line.startswith(b".") for line in lines)
    assert not any(re.search(rb"[ \t]\Z", line) for line in lines)
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert sent.isascii()


def test_each_value_stands_on_lines_of_its_own() -> None:
    sent = joined(["Hello ", ", how are you?\n"], ["Anna"])
    assert sent == b"Hello=20=\r\nAnna=\r\n, how are you?\r\n"


def test_an_empty_value_leaves_nothing() -> None:
    assert quoted.value("") == b""


def test_a_long_address_is_broken_into_lines() -> None:
    assert quoted.value("https://example.org/" + "a" * 80) == (
        b"https://example.org/" + b"a" * 53 + b"=\r\n" + b"a" * 27 + b"=\r\n"
    )
