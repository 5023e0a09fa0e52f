"""How soon `backmail --help` answers, beside a Python that does nothing and one that imports click."""

import sys

from benchmarks.measure import BACKMAIL, interleaved, process, table


def main() -> None:
    """Measure and print."""
    seconds = interleaved(
        {
            "python -c pass": lambda: process(sys.executable, "-c", "pass"),
            "python -c 'import click'": lambda: process(sys.executable, "-c", "import click"),
            "backmail --help": lambda: process(BACKMAIL, "--help"),
            "backmail new --help": lambda: process(BACKMAIL, "new", "--help"),
        }
    )
    table("Help, a whole process", seconds, "python -c 'import click'", "ms", 1000)


if __name__ == "__main__":
    main()
