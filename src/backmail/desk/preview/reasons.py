"""Why a block of an article was taken for what it is, in plain words."""

from __future__ import annotations

import re

__all__ = ["said"]

_REASON = re.compile(r"([a-z-]+)(?:\.([a-z0-9-]+))?(?::([a-z]{2,3}))?(?: (.*))?", re.DOTALL)
_QUOTED = re.compile(r"(?:([a-z]{2,3}) )?'(.*)'", re.DOTALL)
_MOST = 90  # characters of the article that are quoted

# {it} is what was found, in quotation marks where it is the article's own words.
_SAID = {
    "background.before-instructions": "it stands in front of the instructions",
    "background.heading": "its heading asks for the why: {it}",
    "chrome.above-the-title": "it stands above the title, as menus do",
    "chrome.byline": "it names an author or a date",
    "chrome.heading": "its heading is that of a menu or of comments: {it}",
    "chrome.links-only": "it holds nothing but links",
    "conclusion.heading": "its heading says that it sums up: {it}",
    "conclusion.words": "it sums up in its own words: {it}",
    "continuation.after-product": "it goes on after a product that stands in the middle of the text",
    "continuation.longer-than": "it goes on where a long section was cut in two",
    "exercise.body": "it names parts of the body: {it}",
    "exercise.dose": "it says how long or how often: {it}",
    "exercise.heading": "its heading names an exercise: {it}",
    "exercise.long": "it is long for an exercise",
    "exercise.movements": "it names movements: {it}",
    "exercise.name": "its heading names an exercise: {it}",
    "exercise.position": "it says how to stand, sit or lie: {it}",
    "exercise.series": "it stands among exercises",
    "faq.heading": "its heading announces questions: {it}",
    "faq.marked-question": "it is marked as a question",
    "faq.question": "it begins with a question",
    "faq.question-in-heading": "its heading is a question",
    "faq.question-run": "it stands among questions: {it} in a row",
    "faq.under-heading": "it stands below a heading that announces questions",
    "front-matter": "it is settings of the page, above the text",
    "front-matter.field": "it is a setting of the page: {it}",
    "heading.above-heading": "its first line stands alone above a heading",
    "heading.above-list": "its first line stands above a list",
    "heading.alone": "it is a heading without a text of its own",
    "heading.label": "its first line is short and ends with a colon, as others do here",
    "heading.list": "its first line is a heading that is often used: {it}",
    "heading.numbered": "its first line is numbered",
    "heading.question": "its first line is a question",
    "heading.short": "its first line is short, and a longer text follows",
    "heading.short-no-stop": "its first line is short and ends without a full stop",
    "heading.small-letters": "its first line is in small letters and ends without a full stop",
    "how-to.code": "it shows commands or code",
    "how-to.heading": "its heading announces instructions: {it}",
    "how-to.heading-orders": "its heading tells what to do",
    "how-to.numbered": "it has a numbered list: {it}",
    "how-to.numbered-heading": "its heading is numbered",
    "how-to.orders": "it tells the reader what to do: {it}",
    "intro.before-first-heading": "it stands in front of the first heading",
    "intro.first-section": "it is the first section, and nothing else opens the article",
    "intro.heading": "its heading opens the article: {it}",
    "lead.above-subsections": "it stands above the sections that it introduces",
    "lead.colon": "it ends with a colon, and introduces what follows",
    "lead.words": "it says that something follows: {it}",
    "link-definitions.last": "it holds the addresses of links",
    "other.heading": "its heading is that of background: {it}",
    "other.nothing-else": "nothing in it speaks for another kind",
    "other.nothing-to-read": "there is nothing in it to read",
    "override": "you said so",
    "product.advertisement": "it is marked as an advertisement: {it}",
    "product.button": "it asks to buy or to order: {it}",
    "product.catalogue": "it names a product of your catalogue: {it}",
    "product.heading": "its heading is that of a product: {it}",
    "product.language-shift": "it is in another language than the text around it: {it}",
    "product.price": "it names a price: {it}",
    "product.trademark": "its name has a trademark sign: {it}",
    "product.variant": "its name ends with a colour or size: {it}",
    "related.heading": "its heading announces links to other pages: {it}",
    "safety.added": "it is the safety text that you added",
    "safety.avoid": "its heading says what to avoid: {it}",
    "safety.heading": "its heading is about safety: {it}",
    "safety.phrase": "it tells to stop, to beware or to ask somebody: {it}",
    "sources.heading": "its heading announces sources: {it}",
    "sources.references": "it lists works of others: {it}",
    "title.first-line": "it is the first line, and stands alone",
    "toc.heading": "its heading is that of a table of contents: {it}",
    "toc.links-inside-the-page": "its links lead to places of the same page",
}


def said(reason: str) -> str:
    """Return a reason such as "exercise.dose:en '8 times'" as a person says it; one that is not known as it stands."""
    found = _REASON.fullmatch(reason)
    if found is None:
        return reason
    name = found[1] + (f".{found[2]}" if found[2] else "")
    sentence = _SAID.get(name) or _SAID.get(re.sub(r"-\d+-words$", "", name))
    if sentence is None:
        return reason
    if "{it}" not in sentence:
        return sentence
    return sentence.replace("{it}", _shown(found[4] or "")) if found[4] else sentence.partition(":")[0]


def _shown(detail: str) -> str:
    quoted = _QUOTED.fullmatch(detail)
    words = quoted[2] if quoted else detail
    words = words if len(words) <= _MOST else f"{words[: _MOST - 1].rstrip()}…"
    return f"“{words}”" if quoted else words
