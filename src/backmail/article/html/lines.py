"""Looks at a page's units in their order: links to read on, boxes under a telling heading, a title said twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.html.embedded import key
from backmail.article.html.units import Found
from backmail.article.lexicon import lexicon
from backmail.article.teasers import CARD_HINTS
from backmail.model.article import UnitKind

__all__ = ["sorted_out"]

_READ_ON_WORDS = 30  # of a line that leads to another article
_ENTRY_WORDS = 30  # of each line in a box of links
_PLAIN_WORDS = 6  # of one that is no link: a date, a category
_SENTENCE = 40  # words above the links of a box
_LINE_WORDS = 12
_PICTURE_ABOVE = 4  # units: a picture farther above the title is the site's
_NEARLY = 0.9
_MOSTLY = 0.5  # share of a line that is a link
_NEAR = 8  # units below the title
_LAST = 3  # units at the end
_DATE = re.compile(
    r"\W*(?:\w+,? )?(?:\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}|\d{1,2}\.? [^\W\d]{3,12},? \d{4}"
    r"|[^\W\d]{3,12} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b"
)
_COUNTER = re.compile(
    r"\(?\d{1,4}\s?(?:/|\||von|of|de|sur|av|af|di|van)\s?\d{1,4}\)?|[+×x]\s?\d{1,4}", re.IGNORECASE
)  # of a gallery or of steps: "3 of 17"
# A script that a page shows as text, because its own tag is broken.
_SCRIPT = re.compile(r"(?:\(function\s*\(|(?:document|window)\.\w+\s*[=(]|var \w+\s*=)[^\n]{0,400}[{;]")
_CONTROL_WORDS = 5  # of a line that stands again and again for the reader to click
_AGAIN = 3  # times
_LINK_AGAIN = 2  # of a line that is nothing but a link
_PROSE = 25  # words of a paragraph above which a heading is not the article's first line
# What of a page leaves a heading without a body behind: the heading was its own.
_LEFT = ("chrome.form", "chrome.share", "chrome.rating", "chrome.comments", "chrome.newsletter", "chrome.button",
         "chrome.tags", "chrome.login", "chrome.search", "related")  # fmt: skip
_ENDS = ("chrome.author", "chrome.share", "chrome.comments")
_LEFT_OVER = 40  # words in all
_NETWORK = re.compile(
    r"\]\(<?https?://(?:[\w-]{1,20}\.)?(facebook|instagram|pinterest|twitter|x|youtube|tiktok|linkedin|threads|bsky|telegram)\.\w",
    re.IGNORECASE,
)
_FOLLOW_WORDS = 80
_LABEL = re.compile(r"\s*[:：»>→]\s*|\s+[-–—]\s+")
# What a heading may name that is no part of the article, and the region of what stands below it.
_BOXES = (("toc", "toc"), ("related", "related"), ("chrome", "chrome"))


def sorted_out(found: Sequence[Found], title: str, language: str) -> list[Found]:
    """Return the units with those marked that their words and neighbours tell to be no part of the article."""
    done = list(found)
    _above_title(done, title)
    _repeated_title(done, title)
    _again(done, language)
    _boxes(done, language)
    _bylines(done, title, language)
    _ending(done, language)
    for place, each in enumerate(done):
        if not each.unit.region and _leads_away(each, language):
            done[place] = _marked(each, "related", "related.read-also")
        elif not each.unit.region and (_is_control(each) or _is_menu(each)):
            done[place] = _marked(each, "chrome", "chrome.links-only")
    _left_behind(done, title)
    _last_byline(done, language)
    _follow_us(done)
    _below_the_page(done)
    return done


def _marked(found: Found, region: str, reason: str) -> Found:
    return replace(found, unit=replace(found.unit, region=region), reason=reason)


def _repeated_title(done: list[Found], title: str) -> None:
    """Mark what says the title again, above the first section."""
    seen = False
    wanted = key(title)
    for place, each in enumerate(done):
        if each.unit.region or not wanted:
            continue
        heading = each.unit.kind is UnitKind.HEADING
        if key(each.unit.text) != wanted:
            if seen and heading:
                return
            continue
        if seen and not heading:
            done[place] = _marked(each, "title", "title.again")
        seen = True


def _above_title(done: list[Found], title: str) -> None:
    """Mark the short lines above the title: a date, a category, the site's name."""
    wanted = key(title)
    titles = (place for place, each in enumerate(done) if not each.unit.region and key(each.unit.text) == wanted)
    stop = next(titles, 0) if wanted else 0
    above = [each.unit for each in done[:stop] if not each.unit.region and each.unit.kind is UnitKind.PARAGRAPH]
    if sum(len(unit.text.split()) >= _PROSE for unit in above) > 1:
        return  # the article has begun before its title: the lines between its paragraphs are its own
    for place in range(stop):
        unit = done[place].unit
        logo = not unit.text and place < stop - _PICTURE_ABOVE
        if not unit.region and (logo or (unit.text and len(unit.text.split()) <= _LINE_WORDS)):
            done[place] = _marked(done[place], "chrome", "chrome.above-the-title")


def _again(done: list[Found], language: str) -> None:
    """Mark the counters of galleries, and the few words that stand under each picture or step to be clicked."""
    spoken = [
        place
        for place, each in enumerate(done)
        if not each.unit.region and each.unit.kind is UnitKind.PARAGRAPH and not each.unit.hint
    ]
    known = lexicon(language)
    times = Counter(done[place].unit.text for place in spoken)
    for place in spoken:
        text = done[place].unit.text
        again = (
            times[text] >= (_LINK_AGAIN if done[place].linked >= _NEARLY else _AGAIN)
            and not _is_label(done, place)
            and len(text.split()) <= _CONTROL_WORDS
            and not text.endswith((".", ":", "?", "!"))
        )
        words = any(sign.isalpha() for sign in text) and not any(sign.isdigit() for sign in text)
        if _SCRIPT.match(text):
            done[place] = _marked(done[place], "chrome", "chrome.hidden")
        elif _COUNTER.fullmatch(text) or (again and words and not known.find("phrases.buy", text)):
            done[place] = _marked(done[place], "chrome", "chrome.again")


def _is_label(done: Sequence[Found], place: int) -> bool:
    """Say whether a line names the short one below it, as the properties of each of several products do."""
    below = done[place + 1].unit if place + 1 < len(done) else None
    if below is None or below.kind is not UnitKind.PARAGRAPH or below.hint or _COUNTER.fullmatch(below.text):
        return False
    return 0 < len(below.text.split()) <= _ENTRY_WORDS


def _left_behind(done: list[Found], title: str) -> None:
    """Mark the headings whose whole body was a form, a box of comments, links to share ...: they belong to these."""
    wanted = key(title)
    for place, each in enumerate(done):
        unit = each.unit
        if unit.region or unit.kind is not UnitKind.HEADING or key(unit.text) == wanted:
            continue
        below = place + 1
        reasons = []
        while below < len(done) and (done[below].unit.region or not done[below].unit.text):
            reasons += [done[below].reason] if done[below].unit.text else []
            below += 1
        last = below == len(done)
        ended = last or (done[below].unit.kind is UnitKind.HEADING and done[below].unit.level <= unit.level)
        if ended and reasons and any(reasons[0].startswith(each) for each in _LEFT):
            done[place] = _marked(done[place], "chrome", "chrome.heading-alone")


def _bylines(done: list[Found], title: str, language: str) -> None:
    """Mark the lines below the title that say who wrote the article, and when."""
    wanted = key(title)
    start = next((place for place, each in enumerate(done) if wanted and key(each.unit.text) == wanted), 0)
    near = [place for place in range(start + 1, len(done)) if not done[place].unit.region][:_NEAR]
    for place in near:
        unit = done[place].unit
        if unit.kind is UnitKind.HEADING:
            return
        if unit.hint in ("caption", *CARD_HINTS):  # a caption names the photographer, not the author
            continue
        spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM) and 0 < len(unit.text.split()) <= _LINE_WORDS
        if spoken and done[place].linked >= _NEARLY and len(unit.text.split()) <= _PLAIN_WORDS:
            done[place] = _marked(done[place], "chrome", "chrome.links-only")
            continue
        if spoken and not unit.text.endswith((".", "!", "?")) and (
            named("byline", unit.text, language) or named("byline", unit.text, "en") or _DATE.match(unit.text)
        ):  # fmt: skip
            done[place] = _marked(done[place], "chrome", "chrome.byline")


def _last_byline(done: list[Found], language: str) -> None:
    """Mark the line below an article that says who wrote it, took the pictures, or when it was changed."""
    told = [place for place in reversed(range(len(done))) if not done[place].unit.region and done[place].unit.text]
    for place in told[:_LAST]:
        unit = done[place].unit
        if unit.kind is not UnitKind.PARAGRAPH or not 0 < len(unit.text.split()) <= _LINE_WORDS:
            return
        credited = named("caption", unit.text, language) and not named("sources", unit.text, language)
        if unit.text.endswith((".", "!", "?")) or not (named("byline", unit.text, language) or credited):
            return
        done[place] = _marked(done[place], "chrome", "chrome.byline")


def _follow_us(done: list[Found]) -> None:
    """Mark the paragraph at the end that asks to follow the page on several networks."""
    told = [place for place in reversed(range(len(done))) if not done[place].unit.region and done[place].unit.text]
    for place in told[:_LAST]:
        unit = done[place].unit
        networks = {found.casefold() for found in _NETWORK.findall(unit.raw)}
        if len(networks) > 1 and unit.kind is UnitKind.PARAGRAPH and len(unit.text.split()) <= _FOLLOW_WORDS:
            done[place] = _marked(done[place], "chrome", "chrome.share")


def _ending(done: list[Found], language: str) -> None:
    """Mark what stands behind the last words of the article: cards and lines that only lead elsewhere."""
    last = len(done)
    cards = 0
    while last and (done[last - 1].unit.region or _may_follow(done[last - 1])):
        last -= 1
        cards += not done[last].unit.region and done[last].linked >= _MOSTLY
    tail = [each.unit for each in done[last:] if not each.unit.region]
    if not cards or any(unit.kind is UnitKind.HEADING and named("sources", unit.text, language) for unit in tail):
        return
    for place in range(last, len(done)):
        if not done[place].unit.region:
            done[place] = _marked(done[place], "related", "related.behind-the-end")


def _may_follow(found: Found) -> bool:
    """Say whether a unit may stand behind the end of an article: a linked line, a picture, a heading above these."""
    unit = found.unit
    if unit.kind in (UnitKind.TABLE, UnitKind.CODE) or unit.hint:
        return False
    plain = unit.kind is UnitKind.HEADING and len(unit.text.split()) <= _LINE_WORDS and not unit.text.endswith("?")
    return not unit.text or plain or (found.linked >= _NEARLY and len(unit.text.split()) <= _READ_ON_WORDS)


def _boxes(done: list[Found], language: str) -> None:
    """Mark the boxes that their headings name: a table of contents, related articles, comments."""
    place = 0
    while place < len(done):
        unit = done[place].unit
        place += 1
        few = len(unit.text.split()) <= 10 and unit.hint not in CARD_HINTS
        if unit.region or not few or unit.kind not in (UnitKind.HEADING, UnitKind.PARAGRAPH):
            continue
        for concept, region in _BOXES:
            hit = named(concept, unit.text, language)
            alone = concept == "chrome" and (unit.kind is UnitKind.PARAGRAPH or done[place - 1].linked >= _NEARLY)
            stop = _box_end(done, place, linked=alone) if hit else place
            if hit and (stop > place or alone):
                for number in range(place - 1, stop):
                    if not done[number].unit.region:
                        done[number] = _marked(done[number], region, f"{region}.heading:{hit}")
                place = stop
                break
            # Its list has been seen to be one already: the heading belongs to it.
            listed = place < len(done) and done[place].unit.region
            called = unit.kind is UnitKind.PARAGRAPH and not unit.text.endswith((".", "!", "?"))
            if hit and listed and (listed == region or called or _ends_section(done, place)):
                done[place - 1] = _marked(done[place - 1], region, f"{region}.heading:{hit}")
                break


def _ends_section(done: Sequence[Found], start: int) -> bool:
    """Say whether nothing of the article stands between what is marked at `start` and the next heading."""
    below = next((each.unit for each in done[start:] if not each.unit.region and each.unit.text), None)
    return below is None or below.kind is UnitKind.HEADING


def _box_end(done: Sequence[Found], start: int, *, linked: bool) -> int:
    """Return where a box ends: at the next heading, at prose (save a sentence at its top), or at what is marked.

    With `linked`, where a line is chrome by itself, only links belong to it: what is not one may be the article's.
    """
    stop = start
    if linked:
        while stop < len(done) and _is_entry(done[stop]) and done[stop].linked >= _MOSTLY:
            if done[stop].unit.hint == "sponsored":  # a product's link, which stands below a button to share it
                break
            stop += 1
        return stop
    if start + 2 < len(done) and not done[start].unit.region and len(done[start].unit.text.split()) <= _SENTENCE:
        below = [each for each in done[start + 1 : start + 6] if each.unit.text][:2]
        if len(below) == 2 and all(_is_entry(each) and each.linked >= _MOSTLY for each in below):
            stop += done[start].unit.kind is UnitKind.PARAGRAPH
    while stop < len(done) and _is_entry(done[stop]):
        stop += 1
    return stop


def _is_entry(found: Found) -> bool:
    """Say whether a unit may stand in a box of links: a link with a few words, a picture, a date."""
    unit = found.unit
    words = len(unit.text.split())
    if unit.region or unit.hint in CARD_HINTS or (unit.kind is UnitKind.HEADING and found.linked < _MOSTLY):
        return False
    return words <= (_ENTRY_WORDS if found.linked >= _MOSTLY else _PLAIN_WORDS)


def _leads_away(found: Found, language: str) -> bool:
    """Say whether a line only leads to another article: "Read also: ..."."""
    unit = found.unit
    if (
        unit.kind not in (UnitKind.PARAGRAPH, UnitKind.HEADING, UnitKind.ITEM, UnitKind.QUOTE)
        or unit.hint in CARD_HINTS
    ):
        return False
    if len(unit.text.split()) > _READ_ON_WORDS or found.linked < 0.4:
        return False
    label = _LABEL.split(unit.text, maxsplit=1)[0]
    return named("related", label, language) is not None


def _is_menu(found: Found) -> bool:
    """Say whether a line is nothing but several links of a few words each beside each other."""
    unit = found.unit
    links = unit.raw.count("](")
    few = len(unit.text.split()) <= _PLAIN_WORDS * links and not unit.text.endswith((".", "!", "?"))
    beside = unit.kind is UnitKind.PARAGRAPH and len(unit.parts) <= 1 and not unit.hint and not unit.pictures
    return beside and links > 1 and found.linked >= _NEARLY and few


def _below_the_page(done: list[Found]) -> None:
    """Mark the few words that are left behind what ends a page: who wrote it, buttons to share it, other articles."""
    place = len(done)
    words = 0
    while place and (done[place - 1].unit.region or _is_left_over(done[place - 1])):
        place -= 1
        words += 0 if done[place].unit.region else len(done[place].unit.text.split())
    ends = (number for number in range(place, len(done)) if done[number].reason in _ENDS)
    for number in range(next(ends, len(done)), len(done)):
        if not done[number].unit.region and words <= _LEFT_OVER:
            done[number] = _marked(done[number], "chrome", "related.behind-the-end")


def _is_left_over(found: Found) -> bool:
    unit = found.unit
    return (
        unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING, UnitKind.IMAGE)
        and not unit.hint
        and len(unit.text.split()) <= _LINE_WORDS
    )


def _is_control(found: Found) -> bool:
    """Say whether a line is nothing but what readers of the page click: "Jump to recipe", "Print", "Back"."""
    unit = found.unit
    spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING)
    inside = unit.kind is UnitKind.PARAGRAPH and "](" not in unit.raw  # it leads to places on the page itself
    return spoken and inside and found.linked > 0.95 and len(unit.text.split()) <= _PLAIN_WORDS
