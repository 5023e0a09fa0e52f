"""The torture finds nothing in the protocol as it is, and finds each fault that is planted in it."""

import os
import subprocess
import sys

import pytest

from tests.house.project import ROOT

SMALLEST = ("--kills", "2", "--people", "60", "--seeds", "0", "--no-postgres")
NOES, KILLS, STOPS = (("--only", part) for part in ("noes", "kills", "stops"))


def torture(*how: str) -> subprocess.CompletedProcess[str]:
    """Run the smallest form of it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.torture", *SMALLEST, *how],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nobody_is_lost_and_the_last_line_says_so() -> None:
    done = torture("--only", "noes,kills")
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("lost 0, extra ")
    assert last.endswith(", after-no 0")


@pytest.mark.parametrize(
    ("fault", "part", "found"),
    [
        ("fence", STOPS, "commands after another had it all"),
        ("sweep", KILLS, "was left "),
        ("suppression", NOES, "after her no"),
        ("checkpoint", KILLS, "counts as sent, and never arrived"),
    ],
)
def test_a_planted_fault_is_found_and_named(fault: str, part: tuple[str, str], found: str) -> None:
    done = torture("--fault", fault, *part)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"WRONG: {'stopped' if part == STOPS else 'person'}" in done.stdout
    assert found in done.stdout
