"""For whom finished mails are judged, and how what cannot be composed is told."""

import shutil
from pathlib import Path

import pytest

from backmail.config import Project, find_project, start_project
from backmail.desk import check
from backmail.model.campaign import Severity
from backmail.model.people import Subscriber

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the sample campaign."""
    start_project(tmp_path / "shop")
    made = find_project(tmp_path, tmp_path / "shop", {})
    target = made.root / "campaigns/freer-shoulders"
    if not target.exists():
        shutil.copytree(ROOT / "campaigns/freer-shoulders", target)
    return made


def steps(project: Project) -> list[Path]:
    return sorted((project.root / "campaigns/freer-shoulders").glob("0*.md"))


def judged(project: Project) -> list[tuple[str, Severity, str]]:
    (campaign,) = check.read_all(project, ["freer-shoulders"])
    found = check.check(campaign, project)
    return [
        (each.id, each.severity, f"{Path(each.place.file).name}:{each.place.line}" if each.place else "")
        for each in found
    ]


def test_the_barest_and_the_longest_are_always_among_the_readers() -> None:
    bare, long = check.readers(())
    assert (bare.first_name, bare.attributes) == (None, {})
    assert len(long.first_name or "") == 60


def test_where_people_have_attributes_there_is_one_with_long_ones() -> None:
    people = (Subscriber("a@example.org", attributes={"city": "Aarhus"}), Subscriber("b@example.org"))
    *_, full = check.readers(people)
    assert {name: len(value) for name, value in full.attributes.items()} == {"city": 60}
    assert len(check.readers(people)) == 5


def test_a_value_that_there_is_not_is_told_by_its_rule(project: Project) -> None:
    first = steps(project)[0]
    text = first.read_text(encoding="utf-8") + "\nIn {{ subscriber.attributes.city }} today.\n"
    first.write_text(text, encoding="utf-8")
    line = text.count("\n")
    assert ("merge-no-fallback", Severity.ERROR, f"{first.name}:{line}") in judged(project)


def test_a_missing_week_and_a_broken_theme_are_told(project: Project) -> None:
    third = steps(project)[2]
    text = third.read_text(encoding="utf-8")
    assert "after: 1w" in text
    third.write_text(text.replace("after: 1w", "after: 4w"), encoding="utf-8")
    theme = project.templates / "email/weekly/parts/action.html.jinja"
    theme.parent.mkdir(parents=True)
    theme.write_text(
        '{# ours #}\n<p style="display:flex">{{ action.text }} {{ action.address }}</p>\n', encoding="utf-8"
    )
    found = judged(project)
    line = text[: text.index("after: 1w")].count("\n") + 1
    assert ("seq-gap", Severity.WARNING, f"{third.name}:{line}") in found
    assert [each for each in found if each[0] == "css-flex-grid-no-fallback"] == [
        ("css-flex-grid-no-fallback", Severity.WARNING, "action.html.jinja:2")
    ]
