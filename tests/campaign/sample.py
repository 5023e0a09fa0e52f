"""A small article of our own with its plan, built by hand: what other rooms would have made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backmail.campaign import Outline, Settings, complete, files, products_of, read, write
from backmail.config import Project
from backmail.model.article import Article, Block, Caution, Excerpt, Kind, Source, Unit, UnitKind
from backmail.model.campaign import Campaign
from backmail.model.plan import Drop, Invariant, Move, Plan, PlannedStep, ProposedAction, Repeat

_ITEM = re.compile(r"(?:[-*]|(\d+)\.) ")
_TELLS = re.compile(r"(?:stand|hold|lift|repeat|lower|keep|sit|swap|close)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """One block as a test writes it: its lines, a heading first if it has one, and what is special about it."""

    kind: Kind
    lines: tuple[str, ...]
    heading: bool = True
    role: str | None = None
    language: str = "en"
    lead_for: tuple[str, ...] = ()
    dose: Mapping[str, str] = field(default_factory=dict)


GIVEN = (
    Given(Kind.OTHER, ("Steady on your feet",), role="title"),
    Given(
        Kind.INTRO,
        (
            "Good balance is a quiet skill. In this post you will learn how 10 minutes a day can help. It is free.",
            "Nobody is born with it; everybody can get *better* at {{ standing }} still, and patience goes far.",
        ),
        heading=False,
    ),
    Given(
        Kind.OTHER,
        ("three ways to begin", "Each of these takes a wall, a chair and your own two feet:"),
        role="lead",
        lead_for=("b04", "b05", "b07"),
    ),
    Given(
        Kind.EXERCISE,
        (
            "the one-legged stand",
            "This is the plainest of all. Stand beside a wall with one hand on it. Lift one foot a little and stay so"
            " for 20-30 seconds. Swap sides and repeat 4 times. It wakes the small muscles around the ankle.",
        ),
        dose={"position": "Stand beside a wall", "hold": "20-30 seconds", "repeats": "4 times", "sides": "Swap sides"},
    ),
    Given(
        Kind.EXERCISE,
        (
            "heel lifts & “toes”",
            'Stand behind a chair. Lift both heels until you are "tall", count to 5, and lower them slowly.'
            " Repeat this 12 times.",
        ),
        dose={"position": "Stand behind a chair", "repeats": "12 times"},
    ),
    Given(
        Kind.PRODUCT,
        ("Balance Pude™ - Blå", "En blød pude, der gør øvelserne 2 gange så sjove."),
        language="da",
    ),
    Given(
        Kind.EXERCISE,
        (
            "walking a line",
            "Find a straight line on the floor. Put one heel right in front of the other toe for 15 steps. Keep your"
            " eyes on the wall ahead.",
        ),
        dose={"repeats": "15 steps"},
    ),
    Given(
        Kind.SAFETY,
        (
            "when to leave it",
            "Stop at once if you feel dizzy. Ask your doctor first if you have fallen in the last 6 months. Never train"
            " alone on ice.",
        ),
    ),
    Given(
        Kind.HOW_TO,
        (
            "make it a habit",
            "Tie it to something you do already, such as brushing your teeth for 2 minutes.",
            "1. Begin with one exercise.",
            "2. Add the next one after 7 days.",
            "Mark each day with a cross, and do not mind a gap.",
        ),
    ),
    Given(Kind.OTHER, ("questions & answers",), role="heading", lead_for=("b11", "b12")),
    Given(
        Kind.FAQ, ("How soon will it help?", "Most people notice it within 3 weeks. Some need longer, which is fine.")
    ),
    Given(Kind.FAQ, ("Do I need shoes?", "No. Bare feet feel the floor best. On cold days socks will do.")),
    Given(
        Kind.CONCLUSION,
        ("to sum up", "Balance comes back to those who practise it. Take 1 minute today, and another one tomorrow."),
    ),
    Given(
        Kind.SOURCES,
        ("Kilder", "- Holm, B. (2019). “Standing and walking.” Journal of Small Steps.", "- Lind, C. (2021). On feet."),
        language="da",
    ),
)
# Kinds that stand in no container.
PLAIN_KINDS = frozenset({Kind.INTRO, Kind.OTHER, Kind.CONCLUSION})
WEEKS = (("b02",), ("b08", "b03", "b04"), ("b05", "b06", "b09"), ("b07", "b10", "b11", "b12"), ("b13", "b14"))
MEDIUM = Caution(
    "medium-words",
    "a mail is no post",
    2,
    "In this post you",
    "You",
    "In this post you will learn how 10 minutes a day can help.",
)


def sentences(text: str, language: str) -> list[str]:
    """Cut a text behind its full stops."""
    return re.split(r"(?<=[.!?]) +", text)


def instructs(sentence: str, language: str) -> bool:
    """Whether a sentence begins with one of a few verbs."""
    return _TELLS.match(sentence) is not None


def units(given: Given, line: int) -> tuple[Unit, ...]:
    """Return the units of a block that begins on `line`."""
    made: list[Unit] = []
    for number, raw in enumerate(given.lines, line):
        item = _ITEM.match(raw)
        if number == line and given.heading:
            made.append(Unit(UnitKind.HEADING, raw, raw, number, number, level=2))
        elif item:
            made.append(Unit(UnitKind.ITEM, raw[item.end() :], raw, number, number, ordered=item[1] is not None))
        else:
            made.append(Unit(UnitKind.PARAGRAPH, raw, raw, number, number))
    return tuple(made)


def article(given: tuple[Given, ...] = GIVEN, cautions: tuple[Caution, ...] = (MEDIUM,)) -> Article:
    """Return the article that the blocks make up."""
    blocks: list[Block] = []
    line = 1
    for number, each in enumerate(given, 1):
        made = units(each, line)
        blocks.append(
            Block(
                id=f"b{number:02}",
                kind=each.kind,
                units=made,
                heading=each.lines[0] if each.heading else "",
                role=each.role,
                language=each.language,
                lead_for=each.lead_for,
                safety_relevant=each.kind is Kind.SAFETY,
                dose={key: Excerpt(text, line + 1) for key, text in each.dose.items()},
                reasons=("by hand",),
            )
        )
        line += len(each.lines)
    text = "\n".join(raw for each in given for raw in each.lines) + "\n"
    return Article(Source("balance.txt", "txt", text), "Steady on your feet", True, "en", tuple(blocks), cautions)


def plan(made: Article, weeks: tuple[tuple[str, ...], ...] = WEEKS) -> Plan:
    """Return the article over weeks of these blocks."""
    names = ("why-balance", "the-first-exercise", "heel-lifts", "walk-a-line", "keep-going", "six", "seven")
    safety = next((block for block in made.blocks if block.kind is Kind.SAFETY), None)
    home = next((week for week, blocks in enumerate(weeks) if safety and safety.id in blocks), None)
    repeat = (Repeat(safety.id, sentences(safety.body[0].text, "en")[0], safety.start + 1),) if safety else ()
    steps = []
    for week, blocks in enumerate(weeks):
        exercises = any(made.block(block).kind is Kind.EXERCISE for block in blocks)
        steps.append(
            PlannedStep(
                week=week + 1,
                blocks=blocks,
                words=sum(made.block(block).words for block in blocks),
                slug=names[week],
                subject=f"Mail {week + 1}: {names[week]}",
                preheader=f"What is inside of mail {week + 1}, in one line.",
                teaser=f"Next time: {names[week]}.",
                action=ProposedAction("Put it in my calendar", "calendar"),
                repeats=repeat if exercises and home != week else (),
            )
        )
    used = {block for blocks in weeks for block in blocks}
    dropped = tuple(
        Drop(block.id, (block.start, block.end), block.role or "other") for block in made.blocks if block.id not in used
    )
    moved = (Move("b08", "safety comes before the first exercise"),)
    return Plan(tuple(steps), dropped, moved, (Invariant("covered", True, "every line stands once"),), 1.0)


def settings(made: Article, outline: Outline | None = None) -> Settings:
    """Return what a campaign of the article is made with."""
    _, catalog = complete("", products_of(made))
    return Settings(
        id="c-abc234", sentences=sentences, instructs=instructs, outline=outline or Outline(), catalog=catalog
    )


def project(root: Path, made: Article) -> Project:
    """Return a project in `root` whose catalogue holds the article's products."""
    text, _ = complete("", products_of(made))
    (root / "catalog.yaml").write_text(text, encoding="utf-8")
    return Project(root)


def folder(root: Path, made: Article, planned: Plan, outline: Outline | None = None) -> Campaign:
    """Write a campaign below `root` and read it back."""
    place = project(root, made)
    write(files(made, planned, settings(made, outline)), place.campaigns / "steady")
    return read(place.campaigns / "steady", project=place)
