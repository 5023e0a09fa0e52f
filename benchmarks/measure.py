"""What all benchmarks share: interleaved rounds, medians, processes with their peak memory, the table, the sample."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from backmail.shipped import shipped

ROUNDS = 9
Way = TypeVar("Way")
BACKMAIL = str(Path(sys.executable).with_name("backmail"))


def interleaved(ways: Mapping[Way, Callable[[], object]], rounds: int = ROUNDS, calls: int = 1) -> dict[Way, float]:
    """Return for each way the median seconds of one call.

    In every round each way runs once, `calls` times on end, so that a busy moment of the machine hits all alike.
    One round before the first is not counted: it fills caches.
    """
    seconds: dict[Way, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            start = time.perf_counter()
            for _ in range(calls):
                way()
            if turn:
                seconds[name].append((time.perf_counter() - start) / calls)
    return {name: statistics.median(each) for name, each in seconds.items()}


def process(*command: str, cwd: Path | None = None) -> tuple[float, float]:
    """Run a command to its end and return seconds and its peak memory in MiB; say what it said if it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: exit code {child.returncode}\n{output.read().decode(errors='replace')}")
    return seconds, used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def table(
    title: str, values: Mapping[str, float], peer: str, unit: str, scale: float = 1.0, notes: Sequence[str] = ()
) -> None:
    """Print the values, each with its ratio to that of `peer`."""
    width = max(map(len, values))
    print(f"\n{title}")
    for name, value in values.items():
        print(f"  {name:<{width}}  {value * scale:>10,.2f} {unit}  {value / values[peer]:>8.2f} x")
    for note in notes:
        print(f"  {note}")


@contextmanager
def empty_project() -> Iterator[Path]:
    """Give a folder with nothing in it but the sample's article."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        article = next(path for path in sorted(shipped("campaigns").glob("[!_]*/article.txt")))
        (folder / "article.txt").write_bytes(article.read_bytes())
        yield folder
