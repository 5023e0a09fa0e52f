"""The sheet of all exercises: what a reader got of them, the safety text in any case, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.errors import TemplateError
from backmail.model.people import Subscriber
from backmail.rendering import Setting, Variants, address, load_sheet, load_theme, reader_for, sheet_of
from backmail.rendering.theme import Theme
from tests.rendering.conftest import ANNA, BRAND, COMPANY, NOBODY, SAFETY, Workshop, campaign, step

PICTURE = "![How](https://example.org/a.png)"
TILT = f"::: exercise id=b1 hold=short\n## Tilt\n\n{PICTURE}\n\n1. Lie down.\n2. Tilt.\n:::\n"
PLANK = (
    "::: exercise id=b2 lang=da\n## Plank\n\nHold <b>still</b>, {{ subscriber.first_name | default('you') }}.\n:::\n"
)
VIP = "{% if 'vip' in subscriber.tags %}\n::: exercise id=b3\n## Extra\n\nDo it.\n:::\n{% endif %}\n"
NOTE = "::: note id=b13 repeats=start\nStop at once if it hurts.\n:::\n"

SERIES = campaign(
    step("tilt", f"Hello.\n\n{NOTE}\n{TILT}"),
    step("start", f"Welcome.\n\n{SAFETY}"),
    step("plank", f"{PLANK}\n{VIP}"),
    step("end", "Goodbye.\n"),
)


@pytest.fixture(scope="module")
def looks() -> Theme:
    """The looks that ship."""
    return load_sheet()


def page(looks: Theme, reader: Subscriber = ANNA, *skipped: str) -> str:
    """Return the sheet of somebody who got the mails of the series but some."""
    shop = Workshop(SERIES, looks)
    ids = {id_: value for id_, value in shop.ids(reader).items() if id_ not in skipped}
    whose = reader_for(SERIES, SERIES.steps[-1], reader, shop.links, ids)
    setting, made = sheet_of(Setting(SERIES, looks, BRAND, COMPANY), "end", whose.progress.had)
    return address(Variants(setting).of(made, whose), whose, ids["end"], shop.links).part("html")


def test_it_has_exercises_with_their_doses_below_the_safety_text(looks: Theme) -> None:
    found = page(looks)
    order = [found.index(text) for text in ("Looser shoulders", "Stop at once", "Tilt", "Plank", "Extra")]
    assert order == sorted(order)
    assert found.count("Stop at once") == 1
    for text in ("Hold</dt>", "short</dd>", "Lie down.", "https://example.org/a.png", 'lang="da"'):
        assert text in found
    for text in ("Hello.", "Welcome.", "Goodbye.", "Put both in my calendar", "Unsubscribe"):
        assert text not in found


def test_a_picture_stands_above_the_dose(looks: Theme) -> None:
    found = page(looks)
    assert found.index("<img") < found.index("<dl") < found.index("<ol")


def test_what_stands_under_a_condition_is_for_whom_it_was(looks: Theme) -> None:
    found = page(looks, NOBODY)
    assert "Extra" not in found
    assert "&lt;b&gt;still&lt;/b&gt;, you." in found
    assert "&lt;i&gt;A." in page(looks, replace(ANNA, first_name="<i>A"))


def test_exercises_that_she_did_not_get_are_not_on_it(looks: Theme) -> None:
    found = page(looks, ANNA, "tilt", "start")
    assert "Tilt" not in found
    assert "Plank" in found
    assert found.count("Stop at once if it hurts.") == 1


def test_the_mails_stay_apart(looks: Theme) -> None:
    cited = "::: exercise id=b{0}\n## {1}\n\nSee [1].\n:::\n\n[1]: https://example.org/{1}\n\n{2}"
    bodies = [cited.format(1, "Tilt", "```\nleft open"), cited.format(2, "Plank", "")]
    series = campaign(step("start", SAFETY), *(step(f"s{number}", body) for number, body in enumerate(bodies)))
    shop = Workshop(series, looks)
    whose = reader_for(series, series.steps[-1], ANNA, shop.links, shop.ids(ANNA))
    setting, made = sheet_of(Setting(series, looks, BRAND, COMPANY), "s1", whose.progress.had)
    found = address(Variants(setting).of(made, whose), whose, "x", shop.links).part("html")
    assert re.findall(r'href="https://example.org/(\w+)"', found) == ["Tilt", "Plank"]


def test_a_project_may_change_one_file_of_it(tmp_path: Path) -> None:
    own = tmp_path / "pages" / "sheet" / "safety.html.jinja"
    own.parent.mkdir(parents=True)
    own.write_text("<div>Own: {{ content }}</div>")
    changed = page(load_sheet([tmp_path]))
    assert "<div>Own:" in changed
    assert "Lie down." in changed
    own.write_text("{% if %}")
    with pytest.raises(TemplateError, match=r"safety\.html\.jinja:1"):
        load_sheet([tmp_path])
    own.write_bytes(b"\xff")
    with pytest.raises(TemplateError, match="not UTF-8"):
        load_sheet([tmp_path])


def test_it_is_no_theme_for_mails() -> None:
    with pytest.raises(TemplateError, match="no theme 'sheet'"):
        load_theme("sheet")
