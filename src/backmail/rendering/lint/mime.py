"""Rules on the bytes of a mail: what servers on the way may refuse or break."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule

# RFC 5322 2.1.1: no line of a message is longer, without its end.
_LONGEST_LINE = 998
# They are folded when they are written.
_FOLDED = frozenset({"Subject", "From", "To", "Reply-To", "Sender"})


def line_length(page: Page) -> Iterator[Finding]:
    """mime-line-length: no line of the headers, or of a part as it is encoded, is longer than servers take."""
    for name, value in page.message.headers.items():
        length = max(len(line.encode("utf-8", "surrogatepass")) for line in f"{name}: {value}".split("\r\n"))
        if name not in _FOLDED and length > _LONGEST_LINE:
            yield page.error("mime-line-length", f"the header {name} has {length} bytes: {_LONGEST_LINE} at most")
    composed = page.message.composed
    for part, pieces in (("the text part", composed.encoded_text), ("the HTML", composed.encoded_html)):
        # A value between two pieces brings line ends of its own.
        longest = max(
            (len(line) for piece in pieces if isinstance(piece, bytes) for line in piece.split(b"\n")), default=0
        )
        if longest > _LONGEST_LINE:
            yield page.error("mime-line-length", f"{part} has a line of {longest} bytes: {_LONGEST_LINE} at most")


RULES = (
    Rule(
        "mime-line-length",
        E,
        "A line is longer than servers on the way take: they break or refuse the mail.",
        "shorten the header; long bodies are encoded, so tell us of one",
        "RFC 5322 2.1.1",
        line_length,
    ),
)
