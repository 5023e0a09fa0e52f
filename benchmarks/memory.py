"""How much memory `backmail new` and `backmail render` take at their peak, beside just importing premailer."""

import itertools
import statistics
import sys
from collections.abc import Callable

from benchmarks.measure import BACKMAIL, ROUNDS, empty_project, process, table


def main() -> None:
    """Measure and print."""
    names = (f"turn-{number}" for number in itertools.count())
    with empty_project() as folder:
        process(BACKMAIL, "new", "article.txt", "--name", "sample", cwd=folder)
        ways: dict[str, Callable[[], tuple[float, float]]] = {
            "python -c pass": lambda: process(sys.executable, "-c", "pass"),
            "python -c 'import premailer'": lambda: process(sys.executable, "-c", "import premailer"),
            "backmail new": lambda: process(BACKMAIL, "new", "article.txt", "--name", next(names), cwd=folder),
            "backmail render": lambda: process(BACKMAIL, "render", "sample", "--out", "mails", cwd=folder),
        }
        peaks: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                peaks[name].append(way()[1])
    medians = {name: statistics.median(each) for name, each in peaks.items()}
    table("Peak memory of a process", medians, "python -c 'import premailer'", "MiB")


if __name__ == "__main__":
    main()
