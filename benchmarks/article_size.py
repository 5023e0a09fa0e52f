"""How long an article of 5,000 words takes, and how much memory: reading, understanding and arranging it.

Nobody else does this, so the yardstick is a process that only loads the libraries. `python -m benchmarks.article_size
FILE` is the work alone, in a process of its own.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backmail import article as articles
from backmail.model.article import Article
from backmail.model.plan import Plan
from benchmarks.measure import interleaved, process, table

WORDS = 5_000
ROUNDS = 5
_LIBRARIES = "import backmail.article"
_PEER = "python with backmail's libraries"
_COLD = "a process that arranges it"


@dataclass(frozen=True, slots=True)
class Size:
    """Medians: seconds of a whole process (cold) and of the work when all is loaded, a process's peak memory in MiB."""

    words: int
    mails: int
    cold: float
    understanding: float
    arranging: float
    memory: float
    peer_seconds: float
    peer_memory: float


def long_article(texts: list[str], words: int = WORDS) -> str:
    """Return a Markdown article of about so many words: sections of some articles, each time under other numbers."""
    sections = [part for text in texts for part in _sections(text)]
    made, count = ["# A long article"], 0
    for number, part in enumerate(itertools.cycle(sections), 1):
        if count >= words:
            break
        heading, _, body = part.partition("\n")
        made.append(f"## {heading}: part {number}\n{body}")
        count += len(made[-1].split())
    return "\n\n".join(made) + "\n"


def _sections(text: str) -> list[str]:
    """Return the sections under the second level's headings, without a front matter."""
    return [part.strip() for part in text.split("\n## ")[1:]]


def size(texts: list[str]) -> Size:
    """Measure a long article made of the texts of some."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.md"
        path.write_text(long_article(texts), encoding="utf-8")
        seen: dict[str, list[tuple[float, float]]] = {_PEER: [], _COLD: []}
        ways: dict[str, Callable[[], tuple[float, float]]] = {
            _PEER: lambda: process(sys.executable, "-c", _LIBRARIES),
            _COLD: lambda: process(sys.executable, "-m", "benchmarks.article_size", str(path)),
        }
        for turn in range(ROUNDS + 1):
            for name, way in ways.items():
                measured = way()
                if turn:
                    seen[name].append(measured)
        article, plan = work(path)
        warm = interleaved({understood: lambda: understood(path), arranged: lambda: arranged(article)}, ROUNDS)
    (peer, peer_memory), (cold, memory) = (
        (statistics.median(s for s, _ in each), statistics.median(m for _, m in each)) for each in seen.values()
    )
    seconds = (cold, warm[understood], warm[arranged])
    return Size(article.words, plan.weeks, *seconds, memory, peer, peer_memory)


def work(path: Path) -> tuple[Article, Plan]:
    """Read, understand and arrange an article."""
    article = understood(path)
    return article, arranged(article)


def understood(path: Path) -> Article:
    """Read and understand an article."""
    return articles.understand(articles.read(path))


def arranged(article: Article) -> Plan:
    """Arrange an article, whether or not it has a safety text."""
    return articles.arrange(article, without_safety="measured, not sent")


def show(measured: Size) -> None:
    """Print what was measured."""
    title = f"An article of {measured.words:,} words ({measured.mails} mails): read, understand, arrange"
    seconds = {_PEER: measured.peer_seconds, _COLD: measured.cold}
    seconds |= {"read, understand (all loaded)": measured.understanding, "arrange (all loaded)": measured.arranging}
    table(title, seconds, _PEER, "s")
    table("Peak memory", {_PEER: measured.peer_memory, _COLD: measured.memory}, _PEER, "MiB")


if __name__ == "__main__":
    work(Path(sys.argv[1]))
