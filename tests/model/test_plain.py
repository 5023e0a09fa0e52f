"""Frozen values as JSON: what comes back is equal, and what could not come back is refused."""

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backmail.campaign import read
from backmail.clock import Span
from backmail.config import Project
from backmail.errors import Place
from backmail.model.campaign import Action, Campaign, CampaignKind, Schedule, Step
from backmail.model.plain import frozen, plain
from backmail.shipped import shipped
from tests.rendering.conftest import campaign, step


def again(value: Any) -> Any:
    """Return a value after it was JSON."""
    return frozen(type(value), json.loads(json.dumps(plain(value))))


def test_a_campaign_comes_back_as_it_was() -> None:
    schedule = Schedule((0, 3), None, (dt.time(8), dt.time(18, 30)), Span(90, "m"), ("weekends",))
    made = campaign(step(schedule=schedule), step("last", after=Span(0, "h")), places={"id": Place("a.yaml", 3, 5)})
    assert again(made) == made
    assert type(again(made).folder) is type(made.folder)
    assert again(made).kind is CampaignKind.DRIP


@pytest.mark.parametrize("name", ["freer-shoulders", "_confirm"])
def test_campaigns_that_ship_come_back_as_they_were(name: str) -> None:
    made = read(shipped("campaigns") / name, project=Project(Path("nowhere")))
    assert again(made) == made


def test_what_an_older_backmail_did_not_know_has_its_default() -> None:
    data = plain(campaign())
    del data["priority"]
    data["forgotten since"] = 1
    assert frozen(Campaign, data) == campaign()


def test_a_missing_field_without_a_default_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="kind"):
        frozen(Action, {"text": "Go"})


@dataclass(frozen=True)
class _Odd:
    """Kinds of fields that JSON does not tell apart."""

    either: Step | Action | None = None
    several: set[int] = field(default_factory=set)


def test_what_could_not_come_back_is_refused() -> None:
    with pytest.raises(TypeError, match="set cannot be kept as JSON"):
        plain(_Odd())
    with pytest.raises(TypeError, match="one thing or another"):
        frozen(_Odd, {"either": {}})
    with pytest.raises(TypeError, match=r"set\[int\] cannot be read"):
        frozen(_Odd, {"several": [1]})
