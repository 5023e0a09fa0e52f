"""A page of anybody's HTML, tamed: it looks as it did, and nothing in it acts, loads or leads away.

This is the inner fence; the frame that shows it and the policy it is sent under are the outer ones, and each of them
alone would do. Pages are rewritten tag by tag and never put in order: browsers show what the very bytes make of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from backmail.desk.preview.sheets import Scheme
from backmail.desk.preview.tags import Comment, End, Piece, Raw, Start, Text, Type, pieces, written

__all__ = ["Tamer"]

# Left out with all that they hold, which is no HTML.
_SILENT = frozenset({"script", "iframe", "xmp", "noembed", "noframes"})
# Left out; what stands in them stays. `noscript`: it shows where no script runs, and none does.
_LEFT_OUT = _SILENT | {
    "animate", "animatemotion", "animatetransform", "applet", "base", "bgsound", "embed", "fencedframe", "frame",
    "frameset", "isindex", "keygen", "link", "noscript", "object", "param", "plaintext", "portal", "set",
}  # fmt: skip
_INSTEAD = {"form": "div"}
_NO_ATTRIBUTES = frozenset({
    "accesskey", "action", "autofocus", "download", "formaction", "http-equiv", "manifest", "method", "ping",
    "srcdoc", "target",
})  # fmt: skip
_LINKS = frozenset({"a", "area"})
_ADDRESSES = frozenset({"href", "xlink:href"})
_MET = frozenset({"charset", "referrer"})
_SCHEMES = frozenset({"color-scheme", "supported-color-schemes"})
_LEADING = frozenset({"http", "https", "mailto", "tel", "sms"})
_PROTOCOL = re.compile(r"([a-z][a-z0-9+.-]*+):", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x20\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_INERT = "data-leads-nowhere"
# Without an address a link is no link to a style sheet: it keeps the look of one, unless the mail says otherwise.
_LIKE_A_LINK = f"<style>:where([{_INERT}]){{color:LinkText;text-decoration:underline}}</style>"


class Tamer:
    """Tames pages for one look."""

    def __init__(
        self, inverted: bool, dark: bool, policy: str, leads: Callable[[str], str], beside: Callable[[str], str]
    ) -> None:
        """Take what the pages are to be.

        Args:
            inverted: whether a client makes them dark.
            dark: whether their own dark styles hold.
            policy: the content security policy that they hold themselves.
            leads: the address that a press of a link goes to, for its target; "" for nowhere.
            beside: what shows a picture, for its address.
        """
        self._scheme = Scheme(dark, inverted)
        self._policy = policy
        self._leads = leads
        self._beside = beside
        self._seen: dict[Start, str] = {}  # the cells of a table have few forms

    def page(self, page: str) -> str:
        """Return a page, tamed. It takes time in proportion to the page, and any text is a page."""
        page = page.encode("utf-8", "replace").decode("utf-8")
        return "".join(self._pieces(page))

    def _pieces(self, page: str) -> Iterator[str]:
        begun = False
        for piece in pieces(page):
            if not begun and not _is_before(piece):
                begun = True
                yield self._head()
            if not (begun and isinstance(piece, Type)):
                yield self._piece(piece)
        if not begun:
            yield self._head()

    def _head(self) -> str:
        """Return what stands first in the page's head, where whatever follows cannot undo it."""
        policy = {"http-equiv": "Content-Security-Policy", "content": self._policy}
        met = [{"charset": "utf-8"}, policy, {"name": "referrer", "content": "no-referrer"}]
        if self._scheme.inverted:
            met.append({"name": "color-scheme", "content": "dark"})
        return "".join(written("meta", each) for each in met) + _LIKE_A_LINK

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Start():
                if piece not in self._seen:
                    self._seen[piece] = self._start(piece)
                return self._seen[piece]
            case End():
                name = _INSTEAD.get(piece.name, piece.name)
                return "" if name in _LEFT_OUT else f"</{name}>"
            case Raw():
                return self._raw(piece)
        return piece.text

    def _raw(self, raw: Raw) -> str:
        if raw.name in _SILENT:
            return ""
        return self._scheme.sheet(raw.text) if raw.name == "style" else raw.text.replace("<", "&lt;")

    def _start(self, tag: Start) -> str:
        """Return an element's opening tag, in the look, with nothing in it that acts."""
        if tag.name in _LEFT_OUT:
            return ""
        given = tag.attributes()
        if tag.name == "meta" and ("http-equiv" in given or _MET & {*given, given.get("name", "").lower()}):
            return ""
        kept = {
            name: self._value(tag.name, name, value, given)
            for name, value in given.items()
            if name not in _NO_ATTRIBUTES
            and not name.startswith("on")
            and not (name in _ADDRESSES and not value.startswith("#"))
        }
        if tag.name in _LINKS and "href" in given and "href" not in kept:
            kept |= self._led(given["href"])
        return written(_INSTEAD.get(tag.name, tag.name), kept)

    def _value(self, tag: str, name: str, value: str, given: dict[str, str]) -> str:
        """Return the value of an attribute in the look."""
        if name == "style":
            return self._scheme.declarations(value)
        if tag == "img" and name == "src":
            return self._beside(value)
        if name == "media":
            return self._scheme.media(value)
        if tag == "meta" and name == "content" and given.get("name", "").lower() in _SCHEMES:
            return self._scheme.schemes(value)
        return self._scheme.colour(name, value)

    def _led(self, target: str) -> dict[str, str]:
        """Return the attributes of a link that tells where it would lead."""
        target = target.strip()
        protocol = _PROTOCOL.match(_UNSEEN.sub("", target))
        to = self._leads(target) if protocol is None or protocol[1].lower() in _LEADING else ""
        return {"href": to, "title": target} if to else {_INERT: "", "title": target}


def _is_before(piece: Piece) -> bool:
    """Whether a piece can stand before all that a page's head holds."""
    if isinstance(piece, Text):
        return not piece.text.strip("\t\n\f\r ")
    return isinstance(piece, Comment | Type) or (isinstance(piece, Start) and piece.name in ("html", "head"))
