"""Builds articles block by block, with texts that share no words unless a test says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, product
from typing import Any

from backmail.model.article import Article, Block, Excerpt, Kind, Source, Unit, UnitKind

_SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "po", "ra", "su", "te", "vo", "wi", "zu")


KEEPING = """Train on certain evenings every week, note each session in a diary, rest on Sundays and go for a walk.
Rhythm beats effort: short training sessions on fixed evenings become a habit, and a habit needs no courage."""
OFTEN = "Training on certain evenings each week is good: short sessions, a diary, rest on Sundays, until it is a habit."


def fillers() -> Iterator[str]:
    """Yield words of no language, each of them once."""
    for length in count(3):
        for syllables in product(_SYLLABLES, repeat=length):
            yield "".join(syllables)


def spec(kind: str, words: int = 60, heading: str = "", text: str = "", **more: Any) -> dict[str, Any]:
    """Describe a block: its kind, its words in all, its heading, and any other field of Block.

    `text` is how its prose begins; the rest is made up. `equipment` is the exercise's equipment.
    """
    return {"kind": kind, "words": words, "heading": heading, "text": text, **more}


def article(*specs: Mapping[str, Any], title: str = "", language: str = "en") -> Article:
    """Return an article of these blocks, b01, b02 ..., each line of its source one unit."""
    made: list[Block] = []
    lines: list[str] = []
    words = fillers()
    for number, given in enumerate(specs, start=1):
        fields = dict(given)
        heading, text = fields.pop("heading"), fields.pop("text")
        wanted = fields.pop("words") - len(heading.split()) - len(text.split())
        prose = " ".join(f"{text} {_prose(wanted, words)}".split())
        units = [_unit(UnitKind.HEADING, heading, len(lines) + 1)] if heading else []
        units += [_unit(UnitKind.PARAGRAPH, prose, len(lines) + len(units) + 1)] if prose else []
        lines += [unit.raw for unit in units]
        if "equipment" in fields:
            fields["dose"] = {"equipment": Excerpt(fields.pop("equipment"), units[-1].start)}
        kind = Kind(fields.pop("kind"))
        fields = {"language": language, "section": number, "safety_relevant": kind is Kind.SAFETY, **fields}
        made.append(Block(f"b{number:02}", kind, tuple(units), heading, **fields))
    return Article(Source("article.txt", "txt", "\n".join(lines)), title, not title, language, tuple(made))


def _prose(wanted: int, words: Iterator[str]) -> str:
    sentence = [next(words) for _ in range(wanted)]
    return f"{' '.join(sentence).capitalize()}." if sentence else ""


def _unit(kind: UnitKind, text: str, line: int) -> Unit:
    return Unit(kind, text, text, line, line, marked=True)


def back_care() -> Article:
    """Return an article with everything in it: seven exercises, a late safety text, questions, products, sources."""
    return article(
        spec("intro", 90),
        spec("other", 90, "why ankles grow stiff"),
        spec("product", 18, "Ankle Wrap Pro", "Et varmt bind til trætte ankler.", language="da", section=2),
        spec("other", 60, role="continuation", continues="b02", section=2),
        spec("other", 40, "three moves for the morning", role="lead", lead_for=("b06", "b07", "b08"), section=3),
        spec("exercise", 70, "heel raise", "Hold on to a chair.", section=3),
        spec("exercise", 70, "towel pull", "Put a towel around your foot.", section=3, equipment="a towel"),
        spec("exercise", 70, "slow ankle circle", section=3),
        spec("other", 15, "two for the evening", role="lead", lead_for=("b10", "b11"), section=4),
        spec("exercise", 80, "toe spread", section=4),
        spec("exercise", 80, "marble lift", section=4),
        spec(
            "safety", 80, "when to stop", "Stop at once if you feel a sharp pain. Ask your doctor first after a fall."
        ),
        spec("how-to", 150, "how to keep it up", KEEPING),
        spec("product", 15, "Marble Set", "Små kugler til tæerne.", language="da", section=6),
        spec("conclusion", 100, "closing words"),
        spec(
            "other", 3, "frequently asked questions", role="heading", lead_for=("b17", "b18", "b19", "b20"), section=8
        ),
        spec("faq", 50, "How often should I train?", OFTEN, section=8),
        spec("faq", 50, "What if it hurts?", "Stop and ask a doctor.", section=8, safety_relevant=True),
        spec("faq", 50, "Which towel do I need?", "Any towel will do.", section=8),
        spec("faq", 50, "Can my children join?", section=8),
        spec("sources", 90, "Kilder", section=9),
    )
