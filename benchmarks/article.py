"""How well articles are understood: `python -m benchmarks article [--json] [--quick] [FOLDER ...]`.

Each folder is an annotated article or holds them (benchmarks/article_gold.py says how); without one, our own set. The
peer is a prototype of two hundred lines of rules, whose numbers on 24 other articles were published with it. It prints
what was measured and whether the goals for articles not seen before are met. `--quick` leaves out time and memory.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backmail.errors import BackmailError
from benchmarks import article_size
from benchmarks.article_gold import Gold, read_set
from benchmarks.article_guess import Guess, guess
from benchmarks.article_score import Counts, Score, Summary, score, summary
from benchmarks.article_subjects import MOST_CHARACTERS, Subjects, subjects_of

OWN_SET = Path(__file__).parent / "articles"
# Rules with word lists written after reading the articles, and the same with general word lists only. Both on 24
# articles of other sites; of the second nothing else was published.
PROTOTYPES: dict[str, dict[str, float]] = {
    "prototype": {
        "bF1": 0.873, "kind": 0.807, "faqP": 0.98, "faqR": 0.78, "prdP": 1.0, "prdR": 0.28, "exP": 0.85, "exR": 0.69,
        "safR": 0.69,
    },
    "general lists": {"bF1": 0.873, "kind": 0.760, "faqR": 0.728, "safR": 0.071},
}  # fmt: skip
_SHORT = {"faq-item": "faq", "product": "prd", "exercise": "ex"}
_COLUMNS = (
    "bF1", "bF1+-1", "kind", "kindW", *(f"{short}{what}" for short in _SHORT.values() for what in "PRF"), "safR",
    "safP", "chrome", "mailed",
)  # fmt: skip
_LEGEND = (
    "bF1: block boundaries, exact and within one line; kind: share of lines, and by words; P, R, F: precision, recall,",
    "F1 of FAQ items, products, exercises; saf: words of safety text; chrome: share of menu lines called anything but",
    "other; mailed: menu lines that stand in mails. Means over articles; items and safP pooled; -: nothing to measure",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One article: its annotation, what backmail made of it, and how well."""

    gold: Gold
    guess: Guess
    score: Score


@dataclass(frozen=True, slots=True)
class Goal:
    """What should be reached: `met` is None where the set has nothing to measure it by."""

    name: str
    value: float | None
    wanted: str
    met: bool | None


def measure(golds: Sequence[Gold]) -> list[Measured]:
    """Understand annotated articles and measure how well."""
    guesses = [(gold, guess(gold)) for gold in golds]
    return [Measured(gold, guessed, score(gold, guessed.spans)) for gold, guessed in guesses]


def subjects(measured: Sequence[Measured]) -> Subjects:
    """Look at the subjects of all articles that could be arranged."""
    plans = ((each.guess.article, each.guess.plan) for each in measured)
    return subjects_of((article, plan) for article, plan in plans if article and plan)


def goals(total: Summary, seen: Subjects) -> list[Goal]:
    """Say which goals for articles not seen before are met."""
    items: dict[str, Counts] = total.items
    return [
        _least("boundary F1", total.boundaries, 0.93),
        _least("kind", total.kinds, 0.90),
        _least("FAQ F1", items["faq-item"].f1, 0.95),
        _least("product F1", items["product"].f1, 0.80),
        _least("exercise F1", items["exercise"].f1, 0.90),
        _least("safety recall", total.safety_recall, 0.90),
        _none("menu lines in mails", total.mailed),
        _none("subjects that two steps share", len(seen.shared)),
        _none(f"subjects over {MOST_CHARACTERS} characters", len(seen.long)),
        _least("subjects with a word that stands in no other's", seen.own / seen.steps if seen.steps else None, 0.80),
    ]


def _least(name: str, value: float | None, least: float) -> Goal:
    return Goal(name, value, f">= {least:.2f}", None if value is None else value >= least)


def _none(name: str, value: int) -> Goal:
    return Goal(name, value, "0", value == 0)


def rows(measured: Sequence[Measured]) -> Iterator[tuple[str, Summary]]:
    """Give a row for each article, each format, each language, and all."""
    for each in measured:
        yield each.gold.name, summary([each.score])
    groups: tuple[Callable[[Measured], str], ...] = (lambda each: each.gold.format, lambda each: each.gold.language)
    for group in groups:
        for name in sorted({group(each) for each in measured}):
            yield f"all {name}", summary([each.score for each in measured if group(each) == name])
    yield f"all {len(measured)} articles", summary([each.score for each in measured])


def values(row: Summary) -> dict[str, float | None]:
    """Return the numbers of a row by their columns."""
    found: list[float | None] = [row.boundaries, row.near, row.kinds, row.kinds_by_words]
    for kind in _SHORT:
        found += [row.items[kind].precision, row.items[kind].recall, row.items[kind].f1]
    found += [row.safety_recall, row.safety_precision, row.chrome_named, row.mailed]
    return dict(zip(_COLUMNS, found, strict=True))


def show(measured: Sequence[Measured]) -> None:
    """Print the tables and the goals."""
    table = list(rows(measured))
    width = max(len(name) for name in (*PROTOTYPES, *(name for name, _ in table)))
    print(f"{'':{width}}  " + " ".join(f"{name:>6}" for name in _COLUMNS))
    for place, (name, row) in enumerate(table):
        if place == len(measured):
            print("-" * (width + 1 + 7 * len(_COLUMNS)))
        _line(name, width, values(row))
    for name, published in PROTOTYPES.items():
        _line(name, width, dict(published))
    print(*_LEGEND, sep="\n")
    for each in measured:
        if each.guess.refused:
            print(f"{each.gold.name}: {'no mails' if each.guess.article else 'not understood'}: {each.guess.refused}")
        if each.guess.unaligned:
            print(f"{each.gold.name}: {len(each.guess.unaligned)} lines of the page stand in no block of ours")
    seen = subjects(measured)
    print(f"\nSubjects of {seen.steps} steps: {seen.own} with a content word that stands in no other step's subject,")
    print(f"{seen.rare} with one that stands in no other step at all")
    for subject in (*seen.shared, *seen.long):
        print(f"  shared or long: {subject}")
    print("\nGoals for articles not seen before")
    for goal in goals(table[-1][1], seen):
        said = "nothing to measure" if goal.met is None else "met" if goal.met else "FAILED"
        print(f"  {goal.name:<46} {_number(goal.value):>6}  {goal.wanted:<8} {said}")


def _line(name: str, width: int, cells: dict[str, float | None]) -> None:
    print(f"{name:<{width}}  " + " ".join(f"{_number(cells.get(column)):>6}" for column in _COLUMNS))


def _number(value: float | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def as_json(measured: Sequence[Measured], size: article_size.Size | None) -> dict[str, Any]:
    """Return all that was measured as data for programs, with what was made of each article."""
    table = list(rows(measured))
    seen = subjects(measured)
    return {
        "schema": 1,
        "rows": {name: values(row) for name, row in table},
        "prototypes": PROTOTYPES,
        "goals": [asdict(goal) for goal in goals(table[-1][1], seen)],
        "subjects": asdict(seen),
        "size": asdict(size) if size else None,
        "articles": {
            each.gold.name: {
                "blocks": [asdict(span) for span in each.guess.spans],
                "unaligned": list(each.guess.unaligned),
                "mailed": list(each.score.mailed),
                "refused": each.guess.refused,
            }
            for each in measured
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; goals that are not met are said, and are no failure of the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks article", description="How well articles are understood."
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[OWN_SET], metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print data for programs")
    parser.add_argument("--quick", action="store_true", help="without time and memory of a long article")
    chosen = parser.parse_args(arguments)
    try:
        golds = read_set(chosen.folders)
    except BackmailError as error:
        parser.exit(2, f"{error}\n")
    texts = [path.read_text(encoding="utf-8") for path in sorted(OWN_SET.glob("*-en-*/article.md"))]
    # First, while this process is small: Linux counts what a child had before it became another program.
    size = None if chosen.quick else article_size.size(texts)
    measured = measure(golds)
    if chosen.json:
        print(json.dumps(as_json(measured, size), ensure_ascii=False, indent=1))
        return 0
    show(measured)
    if size:
        article_size.show(size)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
