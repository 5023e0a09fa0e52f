"""An explanation as lines for a terminal: the doubtful blocks first, then all blocks, then the plan."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.desk.explain.views import Explained, ExplainedMail, Explanation
from backmail.desk.explain.words import Words

__all__ = ["lines"]


def lines(explanation: Explanation, words: Words) -> Iterator[str]:
    """Give the lines of an explanation."""
    said = words.say("title", title=explanation.title)
    if explanation.guessed:
        said += f" ({words.say('guessed')})"
    yield f"{said}: {explanation.language}, {words.counted(explanation.count)}"
    yield from _list(words.say("doubts"), [_short(each) for each in explanation.doubtful] or [words.say("no_doubts")])
    yield from _list(words.say("stale"), list(explanation.stale))
    yield ""
    yield words.say("article")
    for block in explanation.blocks:
        yield ""
        yield from _block(block, words)
    yield ""
    yield words.say("plan")
    yield from (f"  {words.say('refused')}: {each}" for each in explanation.refused)
    if explanation.number:
        yield f"  {words.say('number', it=explanation.number)}"
    for mail in explanation.mails:
        yield ""
        yield from _mail(mail, words)
    if explanation.mails:
        yield from _list(words.say("questions"), [_question(each, words) for each in explanation.questions])
        for key in ("moved", "dropped"):
            found = [f"{_short(each)}: {why}" for each in explanation.blocks if (why := getattr(each, key))]
            yield from _list(words.say("moves" if key == "moved" else "drops"), found or [words.say("none")])


def _list(heading: str, entries: list[str]) -> Iterator[str]:
    if entries:
        yield ""
        yield heading
        yield from (f"  {each}" for each in entries)


def _short(block: Explained) -> str:
    return f"{block.id} {block.name}" + (f" ({block.where})" if block.where else "")


def _block(block: Explained, words: Words) -> Iterator[str]:
    mark = "?" if block.doubtful else " "
    yield f"{mark} {_short(block)}"
    kind = block.kind_word + (f" ({block.role})" if block.role else "")
    goes = words.say("mail", n=block.mail) if block.mail else words.say("no_mail")
    yield f"    {words.say('taken', kind=kind)}, {words.say('sure', n=block.sure)} -> {goes}"
    yield from (f"    - {reason}" for reason in block.reasons)
    yield f"    {other_of(block, words)}"
    yield from (f"    {words.say('decided', it=each)}" for each in block.decided)
    if block.moved:
        yield f"    {words.say('moved', it=block.moved)}"
    if block.dropped:
        yield f"    {words.say('dropped', it=block.dropped)}"


def other_of(block: Explained, words: Words) -> str:
    """Return what else a block may be and why it is not, in one line."""
    if not block.other:
        return words.say("nothing_else")
    found = ": " + words.say("for_it", it="; ".join(block.other_reasons)) if block.other_reasons else ""
    return f"{words.say('or_else', kind=block.other)}{found}, {words.say('less', kind=block.kind_word)}."


def _mail(mail: ExplainedMail, words: Words) -> Iterator[str]:
    yield f"  {words.say('mail', n=mail.number)}: {mail.subject} ({words.counted(mail.count)})"
    if mail.reason:
        yield f"    {words.say('begins', it=mail.reason)}"
    yield from (f"    {block.id} {block.name} [{block.kind_word}]" for block in mail.blocks)
    yield from (f"    {words.say('repeats', it=words.quoted(each))}" for each in mail.repeats)


def _question(block: Explained, words: Words) -> str:
    goes = words.say("mail", n=block.mail) if block.mail else words.say("no_mail")
    return f"{block.name} -> {goes}: {block.moved or block.dropped or words.say('in_place')}"
