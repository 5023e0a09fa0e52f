"""The guards of tests/guards.py stop what they are for."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.house.project import ROOT, run

REACHES_OUT = """
import contextlib, socket
def test_that_swallows_its_error():
    with contextlib.suppress(OSError), socket.socket() as out:
        out.settimeout(0.01)
        out.connect(("192.0.2.1", 9))
"""
STAYS_HERE = """
import socket
def test_that_talks_to_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as here, socket.create_connection(here.getsockname()) as there:
        assert there
"""
ASKS = """
import os
def test_that_sees_no_settings():
    assert "BACKMAIL_PROJECT" not in os.environ
"""


@pytest.mark.parametrize(
    ("test", "passes"), [(REACHES_OUT, False), (STAYS_HERE, True), (ASKS, True)], ids=["reaches out", "stays", "asks"]
)
def test_the_guard(test: str, passes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "tests" / "guards.py", tmp_path / "conftest.py")
    (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
    monkeypatch.setenv("BACKMAIL_PROJECT", "somewhere")
    done = run(tmp_path, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q")
    assert done.returncode == (0 if passes else 1), done.stdout
    assert passes or "reached for the network" in done.stdout
