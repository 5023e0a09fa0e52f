"""The language server that editors use for YAML, over our schemas: what it flags, offers and explains."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from backmail.cli import perform
from tests.desk.workbench import ARTICLE
from tests.editor.server import Server, started
from tests.house.project import ROOT

SAMPLE = "campaigns/freer-shoulders/campaign.yaml"
_NUMBERS = count()


@pytest.fixture(scope="module")
def program() -> Path:
    """The language server, installed where it is not yet."""
    script = [sys.executable, str(ROOT / "scripts" / "editor")]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    if path := done.stdout.strip():
        return Path(path)
    reason = (done.stderr.strip().splitlines() or ["no language server"])[-1]
    if done.returncode:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project with a campaign made from an article."""
    folder = tmp_path_factory.mktemp("editor") / "project"
    assert perform(["init", str(folder)]) == 0
    (folder / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    assert perform(["new", str(folder / "pots.txt"), "--project", str(folder), "--name", "pots"]) == 0
    return folder


@pytest.fixture(scope="module")
def editor(program: Path, project: Path) -> Iterator[Server]:
    """One server for all questions: it takes seconds to start."""
    with started(program, project) as server:
        yield server


@pytest.fixture
def play() -> str:
    """The name of a campaign's file that is none: it is only opened, once, with a text of the test's own."""
    return f"campaigns/freer-shoulders/play-{next(_NUMBERS)}.yaml"


@pytest.fixture
def sample(project: Path) -> str:
    """The text of a good campaign.yaml."""
    return (project / SAMPLE).read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    """Return the number of the first line that begins so."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(part))


def test_nothing_is_wrong_with_what_backmail_wrote_itself(editor: Server, project: Path) -> None:
    files = sorted(path.relative_to(project).as_posix() for path in project.rglob("*.yaml"))
    assert len([name for name in files if name.startswith("people/")]) > 3
    assert {"config.yaml", "catalog.yaml", SAMPLE, "campaigns/pots/campaign.yaml", "campaigns/pots/outline.yaml"} <= {
        *files
    }
    assert {name: said for name in files if (said := editor.open(name))} == {}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("    - tue", "    - tuseday", "    - tue", 'Valid values: "mon", "tue", "wed"'),
        ("id: c-hc2kl5\n", "", "format: ", 'Missing property "id"'),
        ("signature: ", "signatur: ", "signature: ", "Property signatur is not allowed"),
        ('"09:00"', '"9:00"', "  at: ", 'a time of day in quotes: "09:00"'),
        ("kind: drip", "kind: drp", "kind: ", '"drip", "newsletter"'),
        ("email: news@", "email: News <news@", "  email: ", "an email address: anna@example.org"),
        ("theme: weekly", "zone: Europe/Kobenhavn", "theme: ", "a time zone: Europe/Copenhagen"),
        ("theme: weekly", "reenter: {after: 90}", "theme: ", "a span of time: 0, 30m, 3h, 4d or 1w"),
        ("theme: weekly", "start: confirm", "theme: ", "confirmed, tag:x or enroll"),
        ("audience: all", "audience: {and: [tag:x]}", "audience: ", "too few items"),
    ],
)
def test_a_slip_is_flagged_at_its_line(
    right: str, wrong: str, line: str, said: str, editor: Server, sample: str, play: str
) -> None:
    assert sample.count(right) == 1
    [found] = editor.open(play, sample.replace(right, wrong))
    assert found.startswith(f"{line_of(sample, line)}: ")
    assert said in found


@pytest.mark.parametrize(
    "text", ["zone:\n", "exits: [tag:bought]\n", "reenter: {after: 0}\n", "x-note: mine\n", "start: tag:new\n"]
)
def test_what_is_good_is_not_flagged(text: str, editor: Server, sample: str, play: str) -> None:
    assert editor.open(play, f"{sample}{text}") == []


def test_the_other_files_are_known_too(editor: Server) -> None:
    lines = {
        "config.yaml": ("config", "transprt: {}"),
        "catalog.yaml": ("catalog", "products: [{sku: a, nam: b, name: c}]"),
        "outline.yaml": ("outline", "overrides: [{block: a, kind: exercize}]"),
        "anna.yaml": ("person", "email: a@example.org\ntags: {}"),
    }
    for name, (kind, text) in lines.items():
        head = f"# yaml-language-server: $schema=.backmail/schema/{kind}.json\n"
        found = editor.open(f"other-{name}", head + text)
        assert len(found) == 1, (name, found)


def test_weekdays_are_offered(editor: Server, sample: str, play: str) -> None:
    editor.open(play, sample.replace("- tue", "- "))
    offered = editor.completions(play, line_of(sample, "    - tue"), 7)
    assert offered == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def test_settings_are_offered(editor: Server, sample: str, play: str) -> None:
    editor.open(play, f"{sample}\n")
    offered = editor.completions(play, sample.count("\n") + 2, 1)
    assert {"zone", "start", "exits", "on_uncertain"} <= set(offered)
    assert "kind" not in offered  # it stands there already


def test_zones_are_offered(editor: Server, sample: str, play: str) -> None:
    editor.open(play, f"{sample}zone: ")
    offered = editor.completions(play, sample.count("\n") + 1, 7)
    assert {"Europe/Copenhagen", "Pacific/Kiritimati"} <= set(offered)


def test_what_a_setting_means_is_shown_over_it(editor: Server, sample: str, play: str) -> None:
    editor.open(play, sample)
    assert editor.hover(play, line_of(sample, "theme: "), 2).startswith("the folder under templates/email/")
    days = editor.hover(play, line_of(sample, "  days:"), 4)
    assert "weekdays a mail may go out on" in days
    assert "||" not in days  # what the server puts between choices without a word of their own


def test_an_installed_server_is_the_one_that_was_asked_for(program: Path) -> None:
    assert program.parts[-6:-4] == ("editor", program.parents[3].name)
    assert program.is_relative_to(ROOT / "build" / "editor")
    assert os.access(program, os.R_OK)
