"""Every verb explains itself, at once: asking for help loads nothing heavy."""

import json
import sys

import pytest

from tests.house.project import ROOT, help_of, run, verbs

HEAVY = ["lxml", "numpy", "premailer", "sqlalchemy", "starlette", "trafilatura"]
ASK = f"""
import json, sys
from backmail.cli import main
try:
    main()
finally:
    print(json.dumps([name for name in {HEAVY} if name in sys.modules]), file=sys.stderr)
"""


def test_the_help_lists_the_verbs() -> None:
    assert {"check", "demo", "init", "new", "outline", "render"} <= set(verbs())


def test_every_verb_explains_itself() -> None:
    for verb in verbs():
        assert help_of(verb).startswith(f"Usage: backmail {verb}")


@pytest.mark.parametrize("of", ["all", "each"])
def test_asking_for_help_loads_nothing_heavy(of: str) -> None:
    for verb in [[]] if of == "all" else [[verb] for verb in verbs()]:
        done = run(ROOT, sys.executable, "-c", ASK, *verb, "--help")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stderr.splitlines()[-1]) == [], verb
