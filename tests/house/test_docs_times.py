"""The dates in docs/explanation/time.md are those that the calendar finds."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from backmail.campaign.schema import ScheduleFile
from backmail.clock import parse_span, zone
from backmail.model.sending import Anchor, Terms
from backmail.sending.calendar import next_slot
from tests.house.project import ROOT

PAGE = ROOT / "docs" / "explanation" / "time.md"
EXAMPLE = re.compile(r"^### (.+)\n\n```yaml\n((?:[^`\n].*\n)+)```\n\n((?:\|.*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """An example of the page: what it is called, what it says in YAML, and the rows of its table."""

    name: str
    terms: dict[str, Any]
    rows: list[list[str]]

    def instant(self, shown: str) -> dt.datetime:
        """Return the instant at which clocks show that there."""
        return dt.datetime.fromisoformat(shown).replace(tzinfo=zone(self.terms["zone"])).astimezone(dt.UTC)

    def due(self) -> Iterator[tuple[str, str]]:
        """Yield when the mail of each row is due by the calendar, there and in UTC."""
        schedule = ScheduleFile.model_validate(self.terms["schedule"]).schedule()
        anchor = Anchor.enrolled(self.instant(self.rows[0][1]))
        for mail, asked, _, _, handed in self.rows:
            delay = parse_span(self.terms["steps"][int(mail) - 1])
            slot = next_slot(Terms(delay, schedule, self.terms["zone"]), anchor, self.instant(asked))
            yield f"{slot.due.astimezone(zone(slot.zone)):%a %Y-%m-%d %H:%M}", f"{slot.due:%H:%M}"
            if handed:
                assert slot.is_open(self.instant(handed)), f"mail {mail} is handed over outside of its slot"
                anchor = Anchor.after(self.instant(handed), slot.date)


def examples() -> list[Example]:
    """Return the examples of the page."""
    return [
        Example(
            name,
            yaml.safe_load(terms),
            [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]],
        )
        for name, terms, table in EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    ]


def test_there_are_three() -> None:
    assert len(examples()) == 3


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_the_calendar_says_the_same(example: Example) -> None:
    assert list(example.due()) == [(due, utc) for _, _, due, utc, _ in example.rows]
