"""How long `backmail new` takes for the sample article: as a process, and the work alone.

No other program does this, so the yardsticks are what it cannot do without. The process: starting Python with the
libraries that reading and writing the files need. The work: markdown-it parsing the article's text once.
"""

import itertools
import sys
from pathlib import Path

from benchmarks.measure import BACKMAIL, empty_project, interleaved, process, table

_LIBRARIES = "import click, pydantic, yaml, markdown_it, rapidfuzz, difflib"


def whole(folder: Path) -> None:
    """Measure the process."""
    names = (f"turn-{number}" for number in itertools.count())
    seconds = interleaved(
        {
            "python with the libraries": lambda: process(sys.executable, "-c", _LIBRARIES),
            "backmail new": lambda: process(BACKMAIL, "new", "article.txt", "--name", next(names), cwd=folder),
        }
    )
    table("backmail new, a whole process", seconds, "python with the libraries", "ms", 1000)


def work(folder: Path) -> None:
    """Measure the parts of the work in a process where all is imported."""
    from backmail import article, markup

    source = article.read(folder / "article.txt")
    understood = article.understand(source)
    seconds = interleaved(
        {
            "markdown-it parses the text": lambda: markup.parser().parse(source.text),
            "understand (text -> blocks)": lambda: article.understand(source),
            "arrange (blocks -> weeks)": lambda: article.arrange(understood),
        }
    )
    words = [f"{understood.words:,} words, {len(understood.blocks)} blocks, {article.arrange(understood).weeks} mails"]
    table("backmail new, the work alone", seconds, "markdown-it parses the text", "ms", 1000, words)


def main() -> None:
    """Measure and print."""
    with empty_project() as folder:
        whole(folder)
        work(folder)


if __name__ == "__main__":
    main()
