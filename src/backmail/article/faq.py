"""Pairs the questions and answers of a FAQ: as headings, as bold lines, as list items, behind "Q:" and "A:"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import Hit, cleaned, named
from backmail.article.drafts import Draft
from backmail.article.lexicon import lexicon, straighten
from backmail.article.sentences import sentences
from backmail.markup import fold, plain
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["paired"]

_QUESTION_WORDS = 30
_ANSWER_WORDS = 120  # of each answer in a run of questions that no heading calls a FAQ
_INTRODUCTION_WORDS = 80  # between the heading of a FAQ and its first question
_RUN = 3
_NAME_WORDS = 10  # of a heading that may name a FAQ
_ENTRY_WORDS = 150  # of a question and its answer where the question has no mark
_STATED_ENTRY_WORDS = 90  # of it and its answer
_STATED_WORDS = 12  # of a heading that stands for a question: "Problems with damp"
# What stands behind a FAQ and is none of its questions, whatever its heading's level.
_BEHIND = ("conclusion", "sources", "related", "chrome", "toc")
_ELSE = (*_BEHIND, "safety", "roadmap", "intro", "ingredients", "exercises")
_BOLD = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(\*\*|__)(?P<question>(?:(?!\1).)+?\?)\s*\1\s*(?P<answer>\S.*)", re.DOTALL
)
# A single letter other than Q needs its colon: "P. Holm" is a name.
_ASKED = re.compile(
    r"(?:(?:Q|Question|Spørgsmål|Spm|Frage|Fråga|Pregunta|Domanda|Vraag)\s?\d{0,3}\s?[:.)]|[FSPDV]\s?\d{0,3}\s?:)\s",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\s(?:(?:A|Answer|Svar|Antwort|Respuesta|Réponse|Risposta|Antwoord)\s?\d{0,3}\s?[:.)]|[SR]\s?\d{0,3}\s?:)\s",
    re.IGNORECASE,
)
_TALKING = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.HEADING)


def paired(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with every question of a FAQ as a draft of its own, together with its answer.

    A FAQ begins at a heading that is called so and ends at the next heading of its level that is no question. Without
    such a heading: where questions are marked by "Q:", or where three questions in a row have short answers and most
    headings of the article are none.
    """
    done: list[Draft] = []
    level: int | None = None
    for number, draft in enumerate(drafts):
        hit = _named(drafts, number, language)
        if hit:
            level = draft.level
            done += _opened(draft, f"faq.heading:{hit}", language)
        elif level is not None and draft.continues is not None:
            done += _resumed(draft, done, level, language)
        elif draft.kind is not None or draft.continues is not None:
            done.append(draft)
        elif level is not None and _is_entry(draft, done[-1], level, language):
            done += _split(draft, ("faq.under-heading",), language, level) if draft.prose else [draft]
        elif draft.units[0].hint == "question" and draft.prose:
            done += _as_the_page_says(draft)
        else:
            level = None
            done += _marked(draft, language)
    return _runs(done)


def _as_the_page_says(draft: Draft) -> list[Draft]:
    """Return a question that a web page marks as one with its answer, and what stands below that answer."""
    answered = [number for number, unit in enumerate(draft.units) if unit.hint == "answer"]
    stop = answered[-1] + 1 if answered else len(draft.units)
    reasons = (*draft.reasons, "faq.page-says")
    pair = replace(draft, units=draft.units[:stop], kind=Kind.FAQ, reasons=reasons, confidence=0.9)
    rest = draft.units[stop:]
    return [pair, Draft(rest)] if rest else [pair]


def _named(drafts: Sequence[Draft], number: int, language: str) -> Hit | None:
    """Return what in a section's heading names a FAQ: one of its names, or "questions" where some are answered."""
    draft = drafts[number]
    if not draft.heading or draft.kind is not None or len(draft.heading.split()) > _NAME_WORDS:
        return None
    if hit := named("faq", draft.heading, language):
        return hit
    hit = named("questions", draft.heading, language)
    if hit is None or _is_question(draft.heading):
        return None
    body = draft.body
    if any(_inline(body[each], language) or not _is_question(body[each + 1].text) for each in _starts(body, language)):
        return hit
    below = drafts[number + 1] if number + 1 < len(drafts) else None
    said = sum(unit.words for unit in draft.prose)
    asked = below is not None and below.kind is None and bool(below.prose) and _is_question(below.heading)
    return hit if asked and said <= _INTRODUCTION_WORDS else None


def _is_entry(draft: Draft, above: Draft, level: int, language: str) -> bool:
    """Say whether a section below the heading of a FAQ is one of its questions, or a heading above some of them."""
    heading = draft.heading
    if _is_question(heading) or not heading:
        return bool(heading)
    if any(named(each, heading, language) for each in _BEHIND):
        return False
    if draft.level > level:
        return True
    if draft.words > _ENTRY_WORDS or not draft.prose:
        return False
    if _is_asking(heading, language):
        return True
    # Where nothing marks headings, a FAQ has at least one entry, and entries that follow one like it.
    first = above.kind is Kind.OTHER and above.role in ("heading", "lead")
    stated = first or (above.kind is Kind.FAQ and not _is_question(above.heading))
    alike = not draft.units[0].marked and len(heading.split()) <= _STATED_WORDS and draft.words <= _STATED_ENTRY_WORDS
    return stated and alike and not any(named(each, heading, language) for each in _ELSE)


def _is_asking(heading: str, language: str) -> bool:
    """Say whether a heading begins as a question does, though its mark is missing."""
    words = straighten(heading).casefold().lstrip("¿").split()
    askers = lexicon(language).words.get("askers", frozenset())
    return 3 <= len(words) <= _QUESTION_WORDS and words[0].strip("“”\"'«„") in askers


def _is_question(text: str) -> bool:
    return text.endswith("?") and len(text.split()) <= _QUESTION_WORDS


def _opened(draft: Draft, reason: str, language: str) -> list[Draft]:
    """Return the heading of a FAQ (with an introducing line, if any) and the pairs in its body."""
    first = draft.units[0]
    asked = first.text.partition(":")[2].strip()
    if draft.prose and _is_question(asked):  # "FAQ: How long does it keep?"
        return _split(replace(draft, heading=asked), (reason, "faq.question-in-heading"), language, draft.level)
    starts = _starts(draft.body, language)
    head = draft.body[: starts[0]] if starts else draft.body
    said = sum(unit.words for unit in head if unit.text)
    top = replace(draft, units=(first, *head), reasons=(*draft.reasons, reason))
    if starts or said <= _INTRODUCTION_WORDS:
        top = replace(top, kind=Kind.OTHER, role="lead" if said else "heading")
    return [top, *_pairs(draft.body, starts, draft.level, (reason, "faq.question"), language)]


def _split(draft: Draft, reasons: tuple[str, ...], language: str, level: int) -> list[Draft]:
    """Return the pair that a question's heading opens, and those that begin in its answer."""
    starts = _starts(draft.body, language)
    starts = [each for each in starts if each > 0]
    stop = starts[0] if starts else len(draft.body)
    asked = (draft.units[0], *draft.body[:stop])
    stated = () if _is_question(draft.heading) or _is_asking(draft.heading, language) else ("faq.stated",)
    confidence = 0.7 if stated else draft.confidence
    first = replace(
        draft, units=asked, kind=Kind.FAQ, reasons=(*draft.reasons, *reasons, *stated), confidence=confidence
    )
    return [first, *_pairs(draft.body, starts, level, (*reasons, "faq.question"), language)]


def _resumed(draft: Draft, above: Sequence[Draft], level: int, language: str) -> list[Draft]:
    """Return what goes on behind a product teaser inside a FAQ: the rest of the last answer, then further pairs."""
    answered = [each.start for each in above if each.kind is Kind.FAQ]
    draft = replace(draft, continues=answered[-1] if answered else draft.continues)
    starts = _starts(draft.units, language)
    rest = _pairs(draft.units, starts, level, ("faq.question",), language)
    before = draft.units[: starts[0]] if starts else draft.units
    return [replace(draft, units=before), *rest] if before else rest


def _marked(draft: Draft, language: str) -> list[Draft]:
    """Return the pairs of a section whose questions are marked by "Q:" behind its first lines; else the section."""
    starts = [number for number, unit in enumerate(draft.body) if _ASKED.match(unit.text)]
    if draft.heading and _ASKED.match(draft.units[0].text):
        return [replace(draft, kind=Kind.FAQ, reasons=(*draft.reasons, "faq.marked-question"))]
    if len(starts) < 2:
        return [draft]
    offset = len(draft.units) - len(draft.body)
    before = draft.units[: starts[0] + offset]
    rest = _pairs(draft.body, starts, draft.level, ("faq.marked-question",), language)
    return [replace(draft, units=before), *rest] if before else rest


def _starts(units: Sequence[Unit], language: str) -> list[int]:
    """Return the places of the units that ask: marked, in bold, or one question; else those that begin with one."""
    asking = [
        number
        for number, unit in enumerate(units)
        if unit.kind in _TALKING
        and (_ASKED.match(unit.text) or _BOLD.match(unit.raw) or (_is_question(unit.text) and number + 1 < len(units)))
    ]
    asking = [
        each
        for each in asking
        if each + 1 not in asking or _BOLD.match(units[each].raw) or _inline(units[each], language)
    ]
    if asking:
        return asking
    inline = [number for number, unit in enumerate(units) if unit.kind in _TALKING and _inline(unit, language)]
    return inline if len(inline) > 1 else []


def _inline(unit: Unit, language: str) -> tuple[str, str] | None:
    """Return question and answer of a unit that holds both, the question as its first sentence."""
    if bold := _BOLD.match(unit.raw):
        return fold(plain(bold["question"])), fold(plain(bold["answer"]))
    if _ASKED.match(unit.text) and (answer := _ANSWERED.search(unit.text)):
        return unit.text[: answer.start()], unit.text[answer.start() + 1 :]
    pieces = sentences(unit.text, language)
    if len(pieces) > 1 and _is_question(pieces[0].strip()):
        return pieces[0].strip(), "".join(pieces[1:])
    return None


def _pairs(
    units: Sequence[Unit], starts: Sequence[int], level: int, reasons: tuple[str, ...], language: str
) -> list[Draft]:
    """Return a draft for each place where a question begins."""
    drafts = []
    for start, stop in itertools.pairwise([*starts, len(units)]):
        question, asked = _asked(units[start], level + 1, language)
        drafts.append(Draft((*asked, *units[start + 1 : stop]), cleaned(question), level + 1, Kind.FAQ, None, reasons))
    return drafts


def _asked(unit: Unit, level: int, language: str) -> tuple[str, list[Unit]]:
    """Return the question of a unit, and the unit as a heading; an answer on the same line is a unit behind it."""
    both = None if _is_question(unit.text) else _inline(unit, language)
    if both is None:
        return unit.text, [replace(unit, kind=UnitKind.HEADING, level=level, ordered=False)]
    question, answer = both
    bold = _BOLD.match(unit.raw)
    cut = bold.start("answer") if bold else unit.raw.find("?") + 1
    asked, answered = unit.raw[:cut].rstrip(), unit.raw[cut:].lstrip()
    if not answered or question not in fold(plain(asked)):
        return question, [unit]
    middle = unit.start + asked.count("\n")
    resumes = unit.end - answered.count("\n")
    return question, [
        Unit(UnitKind.HEADING, question, asked, unit.start, middle, level),
        Unit(UnitKind.PARAGRAPH, fold(answer), answered, resumes, unit.end),
    ]


def _runs(drafts: list[Draft]) -> list[Draft]:
    """Take questions in a row with short answers for a FAQ, unless most headings of the article are questions."""
    headed = [draft for draft in drafts if draft.heading and draft.kind is None]
    asking = [_is_asked_and_answered(draft) for draft in drafts]
    if sum(asking) * 10 > len(headed) * 6:
        return drafts
    done = list(drafts)
    start = 0
    while start < len(drafts):
        stop = start
        while stop < len(drafts) and asking[stop]:
            stop += 1
        if stop - start >= _RUN:
            for number in range(start, stop):
                reasons = (*drafts[number].reasons, f"faq.question-run {stop - start}")
                done[number] = replace(drafts[number], kind=Kind.FAQ, reasons=reasons, confidence=0.7)
        start = max(stop, start + 1)
    return done


def _is_asked_and_answered(draft: Draft) -> bool:
    if draft.kind is not None or not draft.prose or not _is_question(draft.heading):
        return False
    return draft.words <= _ANSWER_WORDS
