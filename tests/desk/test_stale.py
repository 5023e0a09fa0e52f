"""What has grown old is told with its place; history, sources and what is still to come are left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.campaign import read
from backmail.config import find_project
from backmail.desk.stale import _of_line, stale
from tests.desk.workbench import Said

Call = Callable[..., Said]

TODAY = dt.date(2027, 3, 1)


def severities(line: str, language: str = "en") -> list[str]:
    return [str(each.severity) for each in _of_line(line, language, TODAY)]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "In 2024 we will open a second shop."),
        ("en", "Updated 2023."),
        ("en", "All prices as of January 2026."),
        ("en", "## The best mats of 2025"),
        ("da", "I 2025 kommer vi til at åbne en butik til."),
        ("da", "Opdateret maj 2024"),
        ("de", "Im Jahr 2026 werden wir umziehen."),
        ("de", "Stand: 2025"),
        ("sv", "Under 2025 ska vi flytta."),
        ("es", "Actualizado en 2024."),
        ("fr", "Mis à jour en 2024."),
        ("fr", "En 2025, nous allons ouvrir une boutique."),
    ],
)
def test_a_year_that_was_a_promise_or_a_date_is_told(language: str, line: str) -> None:
    assert severities(line, language) == ["warning"]


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "We met in summer 2025."), ("da", "Vi mødtes i sommeren 2025."), ("es", "Nos vimos en verano de 2025.")],
)
def test_a_day_that_is_over_is_shown_for_a_look(language: str, line: str) -> None:
    assert severities(line, language) == ["info"]


@pytest.mark.parametrize(
    "line",
    [
        "Founded in 2003, the shop has three rooms.",
        "A study with 2024 people found the same.",
        "Walking helps (Lind, 2019), and it will help you.",
        "Lind et al. 2019 will be read again.",
        "In 2027 we will open a second shop.",
        "In 2031 we will close.",
        "See https://example.org/2019/will-it-rain",
        "Set the oven to 2000.5 and it will glow.",
    ],
)
def test_history_sources_and_what_is_to_come_are_left_alone(line: str) -> None:
    assert severities(line) == []


@pytest.fixture
def pots(project: Path, backmail: Call) -> Path:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    return project / "campaigns/pots"


def found(folder: Path) -> list[tuple[str, str, int | None]]:
    project = find_project(Path())
    told = stale(read(folder, project=project), (), project, TODAY)
    return [(each.id, Path(each.place.file).name, each.place.line) for each in told if each.place]


def test_old_prices_and_offers_are_told_where_they_stand(pots: Path) -> None:
    assert found(pots) == []
    step = next(pots.glob("0*.md"))
    step.write_text(step.read_text(encoding="utf-8") + "\n::: product id=b90 sku=can\nA can.\n:::\n", encoding="utf-8")
    Path("catalog.yaml").write_text(
        "products:\n"
        "  - sku: can\n    name: Can\n    price: 10\n    price_as_of: 2026-11-01\n    until: 2027-02-28\n"
        "  - sku: pot\n    name: Pot\n    price: 10\n    price_as_of: 2020-01-01\n",
        encoding="utf-8",
    )
    assert found(pots) == [("product-over", "catalog.yaml", 6), ("price-old", "catalog.yaml", 5)]


def test_a_year_in_a_subject_is_told_at_its_line(pots: Path) -> None:
    step = next(pots.glob("0*.md"))
    text = step.read_text(encoding="utf-8")
    step.write_text(text.replace("subject: ", "subject: Our 2025 list - "), encoding="utf-8")
    assert found(pots) == [("year-past", step.name, 3)]
