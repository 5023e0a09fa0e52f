"""What a reader sees in the inbox: remarks about subjects and preheaders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.remarks.remark import Remark, error, shown, warning
from backmail.remarks.words import claims

# Phones show about 50 characters of a subject and 100 of a preheader; one below 30 lets the mail's first words through.
LONGEST_SUBJECT = 50
SHORTEST_PREHEADER, LONGEST_PREHEADER = 30, 100

_REPEATED_SIGNS = re.compile(r"[!?]{2,}|[$€£]{2,}|\*{2,}|(?P<apart>!.*!)")
_ANSWER = re.compile(r"\s*(?:re|fwd?|sv|vs|aw|wg)\s*:", re.IGNORECASE)


def subject(text: str, language: str) -> Iterator[Remark]:
    """Yield what is wrong with a subject as its reader sees it, written in `language`."""
    if not text.strip():
        yield error(
            "subj-empty", "the mail has no subject", "write one of up to 50 characters that says what is inside"
        )
        return
    yield from _subject_length(text)
    yield from _capitals(text)
    yield from _signs(text)
    yield from _answer(text)
    yield from _claims("subject", text, language)


def preheader(text: str, of_subject: str, language: str) -> Iterator[Remark]:
    """Yield what is wrong with a preheader, the line that inboxes show behind the subject."""
    if not text.strip():
        hint = "write one sentence that goes on where the subject ends; else inboxes show the first words of the mail"
        yield warning("pre-missing", "the mail has no preheader", hint)
        return
    yield from _preheader_length(text)
    yield from _repeats(text, of_subject)
    yield from _claims("preheader", text, language)


def _subject_length(text: str) -> Iterator[Remark]:
    if len(text) > LONGEST_SUBJECT:
        message = f"the subject has {len(text)} characters: phones cut it after about {LONGEST_SUBJECT}"
        yield warning("subj-length", message, f"say it in {LONGEST_SUBJECT}, the important words first")


def _capitals(text: str) -> Iterator[Remark]:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    shouted = [word for word in words if word.isupper()]
    if (len(shouted) > 1 and 2 * len(shouted) >= len(words)) or (text.isupper() and sum(map(str.isalpha, text)) > 5):
        yield warning(
            "subj-caps", "the subject shouts in capitals: spam filters and readers mind", "write it in small letters"
        )


def _signs(text: str) -> Iterator[Remark]:
    if found := _REPEATED_SIGNS.search(text):
        signs = "!" if found["apart"] else found[0]
        message = f"the subject repeats {signs!r}: spam filters and readers mind"
        yield warning("subj-punct", message, "one such sign is enough, none is better")


def _answer(text: str) -> Iterator[Remark]:
    if found := _ANSWER.match(text):
        message = (
            f"the subject begins with {found[0].strip()!r} as if it answered a mail: laws on advertising forbid that"
        )
        yield warning("subj-re-fake", message, "leave that beginning out")


def _preheader_length(text: str) -> Iterator[Remark]:
    if len(text) < SHORTEST_PREHEADER:
        message = (
            f"the preheader has only {len(text)} characters, so that inboxes fill the line with the mail's first words"
        )
        yield warning("pre-length", message, f"write {SHORTEST_PREHEADER} to {LONGEST_PREHEADER} characters")
    elif len(text) > LONGEST_PREHEADER:
        message = f"the preheader has {len(text)} characters: inboxes cut it after about {LONGEST_PREHEADER}"
        yield warning("pre-length", message, f"write {SHORTEST_PREHEADER} to {LONGEST_PREHEADER} characters")


def _repeats(text: str, of_subject: str) -> Iterator[Remark]:
    if repeats(text, of_subject):
        said, again = (" ".join(each.split()).casefold().rstrip(".!?") for each in (of_subject, text))
        what = "is the subject once more" if said == again else "holds the whole subject once more"
        yield warning("pre-dup-subject", f"the preheader {what}", "say something that the subject does not")


def repeats(text: str, of_subject: str) -> bool:
    """Say whether a preheader holds its whole subject, as words: one letter stands in every text."""
    said, again = (" ".join(each.split()).casefold().rstrip(".!?") for each in (of_subject, text))
    return any(map(str.isalnum, said)) and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", again) is not None


def _claims(where: str, text: str, language: str) -> Iterator[Remark]:
    for claim in dict.fromkeys(found[0].casefold() for found in claims(language).finditer(text)):
        message = f"the {where} says “{shown(claim)}”: a promise that no mail can keep, and that the sender answers for"
        yield warning("claim-words", message, "say what is inside, not what it will do")
