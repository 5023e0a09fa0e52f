"""`python -m tests.torture`: torture on SQLite and on PostgreSQL, side by side; exit 1 when anybody was lost."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.databases import schema
from tests.house.project import ROOT
from tests.postgres import server
from tests.torture.faults import FAULTS
from tests.torture.report import last_line, lines
from tests.torture.suffering import PARTS, Measure, Outcome, suffer

_PEOPLE_A_KILL = 100


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    asked.add_argument("--kills", type=int, default=20, help="at random moments, in each database (20)")
    asked.add_argument("--people", type=int, help="in each database (100 for each kill)")
    asked.add_argument("--seeds", type=int, default=2000, help="of the simulation, which comes last; 0: none (2000)")
    asked.add_argument("--lease", default="2s", help="how long a claim holds (2s)")
    asked.add_argument("--only", default=",".join(PARTS), help=f"parts of it: {','.join(PARTS)}")
    asked.add_argument("--no-postgres", action="store_true", help="do without PostgreSQL")
    asked.add_argument("--fault", default="", choices=["", *FAULTS], help="plant a fault, to see that it is found")
    asked.add_argument("--seed", type=int, default=20, help="of chance (20)")
    return asked.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Torture, tell, and return the exit code."""
    asked = _arguments(given)
    measure = Measure(
        kills=asked.kills,
        people=asked.kills * _PEOPLE_A_KILL if asked.people is None else asked.people,
        lease=float(asked.lease.removesuffix("s")),
        fault=asked.fault,
        parts=tuple(asked.only.split(",")),
        seed=asked.seed,
    )
    with ExitStack() as stack:
        addresses = {"SQLite": ""}
        if not asked.no_postgres:
            run = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backmail-torture-")))
            addresses["PostgreSQL"] = stack.enter_context(schema(stack.enter_context(server(run))))
        outcomes = _side_by_side(addresses, measure) if len(addresses) > 1 else [suffer("SQLite", "", measure)]
    for outcome in outcomes:
        print(*lines(outcome), sep="\n", flush=True)
    wrong = any(outcome.faults for outcome in outcomes)
    if asked.seeds and not asked.fault:
        command = [sys.executable, "-m", "tests.simulation", "--seeds", str(asked.seeds)]
        environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        wrong = subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode != 0 or wrong
    print(last_line(outcomes), flush=True)
    return int(wrong)


def _side_by_side(addresses: dict[str, str], measure: Measure) -> list[Outcome]:
    """Torture several databases at once, in processes of their own, which inherit nothing of a server's start."""
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(addresses), mp_context=processes) as pool:
        return [each.result() for each in [pool.submit(suffer, *one, measure) for one in addresses.items()]]


if __name__ == "__main__":
    sys.exit(main())
