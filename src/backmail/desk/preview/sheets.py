"""Style sheets in one look: the questions about light and dark are answered, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backmail.desk.preview.colours import darkened, inverted, lightened

__all__ = ["Scheme"]

_PREFERS = re.compile(r"\(\s*+prefers-color-scheme\s*+(?::\s*+([a-z-]++)\s*+)?\)", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width:0px)", "(min-width:99999px)"
_SCHEME = re.compile(r"(?<![\w-])((?:supported-)?color-schemes?\s*+:)([a-z\s]*+)", re.IGNORECASE)
_BOTH = frozenset({"light", "dark"})
_IMPORT = re.compile(r"@import\b[^;]*+;?", re.IGNORECASE)
_COMMENT_OF_HTML = re.compile(r"<!--|-->")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_GROUNDS = frozenset({"bgcolor", "bordercolor"})
_WORDS = frozenset({"color", "text", "link", "alink", "vlink"})


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the mail is told about the screen.

    Attributes:
        dark: whether the reader asks for dark; the mail's own dark styles hold then.
        inverted: whether the client makes it dark, where the mail is not asked.
    """

    dark: bool = False
    inverted: bool = False

    def sheet(self, css: str) -> str:
        """Return a style sheet of this look; it can stand in HTML, since no tag is in it."""
        css = _COMMENT_OF_HTML.sub("", css)
        css = self.declarations(self.media(_IMPORT.sub("", css)))
        return _OPENING.sub(r"\\3C ", css)

    def declarations(self, css: str) -> str:
        """Return what a style sheet or a style attribute says, in this look."""
        css = _SCHEME.sub(lambda found: f"{found[1]} {self.schemes(found[2])}", css)
        return inverted(css) if self.inverted else css

    def media(self, query: str) -> str:
        """Return a media query, or a style sheet, in which light and dark are no questions any more."""
        return _PREFERS.sub(self._answer, query)

    def schemes(self, words: str) -> str:
        """Return what `color-scheme` says: of two schemes the one that is asked for."""
        if self.inverted:
            return "dark"
        if set(words.lower().split()) >= _BOTH:
            return "dark" if self.dark else "light"
        return words.strip()

    def colour(self, attribute: str, value: str) -> str:
        """Return the value of an attribute in this look."""
        if self.inverted and attribute in _GROUNDS:
            return darkened(value.strip())
        if self.inverted and attribute in _WORDS:
            return lightened(value.strip())
        return value

    def _answer(self, found: re.Match[str]) -> str:
        asked = (found[1] or "").lower()
        return _ALWAYS if asked in ("", "dark" if self.dark else "light") else _NEVER
