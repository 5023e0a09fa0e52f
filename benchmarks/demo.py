"""How long `make demo` takes, fresh and again, beside the part nobody can avoid: installing the libraries.

Slow, since it installs everything many times: `python -m benchmarks --slow`.
"""

import itertools
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import interleaved, process, table

_ROOT = Path(__file__).resolve().parents[1]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "build", "dist")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        checkout = Path(name) / "backmail"
        shutil.copytree(_ROOT, checkout, ignore=_LEFT_OUT)
        places = (f"{name}/venv-{number}" for number in itertools.count())

        def install() -> None:
            place = next(places)
            process(sys.executable, "-m", "venv", place)
            process(f"{place}/bin/pip", "install", "--quiet", "--no-deps", "-r", "requirements/run.txt", cwd=checkout)
            shutil.rmtree(place)

        def cold() -> None:
            place = next(places)
            process("make", "demo", f"VENV={place}", cwd=checkout)
            shutil.rmtree(place)

        process("make", "demo", f"VENV={name}/warm", cwd=checkout)
        seconds = interleaved(
            {
                "the libraries, installed by hand": install,
                "make demo, fresh": cold,
                "make demo, again": lambda: process("make", "demo", f"VENV={name}/warm", cwd=checkout),
            },
            rounds=7,
        )
    table("make demo", seconds, "the libraries, installed by hand", "s")


if __name__ == "__main__":
    main()
