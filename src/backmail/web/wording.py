"""What each page says and offers, from what became of the request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from backmail.app.readers import UNDO_DAYS, Joining, Leaving, Seen, Stand
from backmail.sending.decisions import Shown
from backmail.web.pages import Button, Form, Page
from backmail.web.phrases import Phrases

__all__ = ["SERIES", "Wording"]

SERIES = "series"  # what a button sends that is about one campaign only
_ALL = "all"
_REFUSED = {404: "unknown", 405: "not_so", 413: "too_large", 500: "busy", 503: "busy"}
_SOURCE = "the page that the link in the mail leads to"


class Wording:
    """The words of one sender's pages."""

    def __init__(self, sender: str, contact: str) -> None:
        """Take the sender's name and the address to write to; each "" where there is none."""
        self._sender = sender
        self._contact = contact

    def home(self, words: Phrases) -> Page:
        """Say whose site this is."""
        return self._made(words, "home", self._gaps(words))

    def leaving(self, found: Leaving, words: Phrases, token: str, *, at_undo: bool = False) -> Page:
        """Ask whether mail shall end, or say that it has.

        Args:
            found: how she stands.
            words: in her language.
            token: of the page's address, for what its forms are posted to.
            at_undo: whether the page itself stands at the address for taking back.
        """
        gaps = self._gaps(words, found.seen)
        here, back = (f"../{token}", "") if at_undo else ("", f"{token}/undo")
        series = found.seen.series if found.seen else ""
        match found.stand:
            case Stand.GONE:
                return replace(self._made(words, "gone", gaps), contact=self._contact)
            case Stand.SUBSCRIBED:
                buttons = [Button(words("leave", "all", **gaps), _ALL)]
                if series:
                    buttons.append(Button(words("leave", "series", **gaps), SERIES, second=True))
                return self._made(words, "leave", gaps, forms=[Form(buttons, here)])
        value = SERIES if found.stand is Stand.LEFT_SERIES else _ALL
        part = str(found.stand)
        forms = []
        texts = [words(part, "lead", **gaps), words(part, "note", **gaps)]
        if found.may_undo:
            texts.append(words(part, "undo_note", **gaps))
            forms.append(Form([Button(words(part, "undo", **gaps), value, second=True)], back))
        if found.stand is Stand.LEFT_SERIES:
            forms.append(Form([Button(words(part, "all", **gaps), _ALL, second=True)], here))
        return self._page(words, part, gaps, texts, forms)

    def undone(self, found: Leaving, words: Phrases, token: str, *, at_undo: bool = True) -> Page:
        """Say that mail comes again, or that it was too late for that. The arguments are those of `leaving`."""
        gaps = self._gaps(words, found.seen)
        if found.stand is Stand.SUBSCRIBED:
            button = Button(words("back", "all", **gaps), _ALL, second=True)
            return self._made(words, "back", gaps, forms=[Form([button], f"../{token}" if at_undo else "")])
        if found.may_undo or found.stand is Stand.GONE:
            return self.leaving(found, words, token, at_undo=at_undo)
        return self._made(words, "too_late", gaps)

    def joining(self, found: Joining, words: Phrases) -> Page:
        """Ask whether mail is wanted, or say that it comes, or that the request no longer stands."""
        gaps = self._gaps(words, found.seen)
        if found.open:
            return self._made(words, "confirm", gaps, forms=[Form([Button(words("confirm", "yes", **gaps), "yes")])])
        if not found.done:
            return self._made(words, "closed", gaps)
        texts = [words("confirmed", "lead", **gaps)]
        texts += [words("confirmed", "series", **{**gaps, "series": name}) for name in found.series]
        return self._page(words, "confirmed", gaps, texts, [], [words("confirmed", "note", **gaps)])

    def shown(self, found: Joining, words: Phrases) -> Shown:
        """Return what the page to confirm says to somebody, for the record of her consent."""
        page = self.joining(Joining(found.seen, open=True), words)
        said = [
            page.heading,
            *page.texts,
            *(button.text for form in page.forms for button in form.buttons),
            *page.notes,
        ]
        version = hashlib.sha256("\n".join(sorted(words.parts["confirm"].values())).encode("utf-8")).hexdigest()[:12]
        return Shown("\n".join(said), version, words.language, _SOURCE)

    def not_kept(self, words: Phrases) -> Page:
        """Say that a mail cannot be shown: the link is ours, but what it was made for is not here."""
        return self._made(words, "not_kept", self._gaps(words))

    def refused(self, words: Phrases, status: int) -> Page:
        """Say that something could not be, and what to do."""
        gaps = self._gaps(words)
        part = _REFUSED.get(status, "not_so")
        page = self._made(words, part, gaps)
        return replace(page, contact=self._contact)

    def _gaps(self, words: Phrases, seen: Seen | None = None) -> Mapping[str, object]:
        return {
            "sender": self._sender or words("", "nobody"),
            "address": seen.address if seen else words("", "mask"),
            "series": seen.series if seen else "",
            "days": UNDO_DAYS,
        }

    def _made(self, words: Phrases, part: str, gaps: Mapping[str, object], forms: list[Form] | None = None) -> Page:
        """Return a page of its heading, its lead, forms and its note."""
        notes = [words(part, "note", **gaps)] if words.has(part, "note") else []
        return self._page(words, part, gaps, [words(part, "lead", **gaps)], forms or [], notes)

    def _page(
        self,
        words: Phrases,
        part: str,
        gaps: Mapping[str, object],
        texts: list[str],
        forms: list[Form],
        notes: list[str] | None = None,
    ) -> Page:
        return Page(words, words(part, "title", **gaps), words(part, "heading", **gaps), texts, forms, notes or [])
