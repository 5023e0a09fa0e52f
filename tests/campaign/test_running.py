"""Who walks a campaign: what starts, repeats and ends it, which mail goes first, and what becomes of a doubtful one."""

from __future__ import annotations

from pathlib import Path

import pytest

from backmail.campaign import read
from backmail.clock import Span
from backmail.config import Project, sample_campaigns
from backmail.errors import CampaignError
from backmail.model.campaign import Campaign, First, Start, StartKind
from backmail.model.states import OnUncertain

CAMPAIGN = """format: 1
id: c-abc234
name: Stronger back
kind: {kind}
from: {{name: Anna at Acme, email: anna@news.example.org}}
{line}
"""
STEP = "---\nid: why\nsubject: Why we move\n---\nHello.\n"


def campaign(root: Path, line: str = "", kind: str = "drip") -> Campaign:
    """Return a campaign with one more line in its campaign.yaml."""
    folder = root / "campaigns" / "back"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.yaml").write_text(CAMPAIGN.format(kind=kind, line=line), encoding="utf-8")
    (folder / "01-why.md").write_text(STEP, encoding="utf-8")
    return read(folder, project=Project(root))


def test_a_series_starts_with_a_confirmed_sign_up_and_runs_once(tmp_path: Path) -> None:
    found = campaign(tmp_path)
    assert found.start == Start(StartKind.CONFIRMED)
    assert (found.reenter, found.exits, found.priority) == (None, (), 5)
    assert (found.on_uncertain, found.first) == (OnUncertain.RESEND, First.AT_ONCE)


@pytest.mark.parametrize("kind", ["newsletter", "recurring"])
def test_what_is_no_series_starts_by_hand_unless_it_says_otherwise(tmp_path: Path, kind: str) -> None:
    assert campaign(tmp_path, kind=kind).start == Start(StartKind.ENROLL)
    assert campaign(tmp_path, "start: confirmed", kind).start == Start(StartKind.CONFIRMED)


@pytest.mark.parametrize(
    ("word", "start"),
    [
        ("confirmed", Start(StartKind.CONFIRMED)),
        ("enroll", Start(StartKind.ENROLL)),
        ("tag:new", Start(StartKind.TAG, "new")),
        ("'tag:\"bought twice\"'", Start(StartKind.TAG, "bought twice")),
        ("tag:cafe\u0301", Start(StartKind.TAG, "caf\u00e9")),
    ],
)
def test_a_start(tmp_path: Path, word: str, start: Start) -> None:
    assert campaign(tmp_path, f"start: {word}").start == start


def test_all_of_it_can_be_set(tmp_path: Path) -> None:
    line = "reenter: {after: 90d}\nexits: [tag:bought, tag:left, tag:bought]\ncaps: {priority: 7}\n"
    found = campaign(tmp_path, line + "on_uncertain: hold\nschedule: {days: [mon], first: window}")
    assert (found.reenter, found.exits, found.priority) == (Span(90, "d"), ("bought", "left"), 7)
    assert (found.on_uncertain, found.first) == (OnUncertain.HOLD, First.WINDOW)
    assert found.schedule.days == (0,)
    assert campaign(tmp_path, "on_uncertain: drop").on_uncertain is OnUncertain.DROP
    assert campaign(tmp_path, "schedule: {first: at_once}").first is First.AT_ONCE
    assert campaign(tmp_path, "caps:\nexits:\nreenter:\nstart:").priority == 5


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("start: event:bought", "6:8", "write confirmed, tag:x or enroll"),
        ("start: confirmd", "6:8", "did you mean 'confirmed'?"),
        ("start: 5", "6:8", "is nothing that a campaign can start with"),
        ("start: 'tag:'", "6:8", "'tag:' names no tag"),
        ("start: tag:bought twice", "6:8", "'tag:bought twice' names no tag"),
        ("start: tag:a;b", "6:8", "a tag may not hold ';'"),
        ("reenter: 90d", "6:10", "'reenter' takes settings"),
        ("reenter: {after: 90}", "6:18", "is not a span of time"),
        ("reenter: {}", "6:1", "'after' is missing in 'reenter'"),
        ("exits: [bought]", "6:9", "write tag:bought"),
        ("exits: [tag:a or tag:b]", "6:9", "names no tag"),
        ("exits: tag:bought", "6:8", "'exits' takes a list"),
        ("caps: {priority: 11}", "6:18", "'priority' takes 10 or less, not 11"),
        ("caps: {priority: high}", "6:18", "'priority' takes a whole number"),
        ("caps: {exempt: true}", "6:8", "'exempt' is not a setting here"),
        ("on_uncertain: retry", "6:15", "'on_uncertain' takes resend, hold or drop, not 'retry'"),
        ("schedule: {first: now}", "6:19", "'first' takes at_once or window, not 'now'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, line: str, place: str, said: str) -> None:
    with pytest.raises(CampaignError) as caught:
        campaign(tmp_path, line)
    (fault,) = caught.value.faults
    assert f"campaign.yaml:{place}: " in str(fault)
    assert said in str(fault)


def test_a_step_has_no_first(tmp_path: Path) -> None:
    campaign(tmp_path)
    folder = tmp_path / "campaigns" / "back"
    (folder / "01-why.md").write_text(STEP.replace("subject", "first: window\nsubject"), encoding="utf-8")
    with pytest.raises(CampaignError, match="'first' is not a setting here"):
        read(folder, project=Project(tmp_path))


def test_the_sample_starts_as_any_series(tmp_path: Path) -> None:
    for sample in sample_campaigns():
        assert read(sample, project=Project(tmp_path)).start == Start(StartKind.CONFIRMED)
