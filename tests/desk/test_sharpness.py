"""Whether a mail's own pictures are sharp and light: one finding for each cause, and none where nothing is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from backmail.desk.sharpness import sharpness
from backmail.model.campaign import PictureFile, Severity, Step
from backmail.model.message import Message
from backmail.rendering.theme import Theme, load_theme
from tests.rendering.conftest import MINIMAL, Workshop, campaign, step, write_theme

BODY = "Look:\n\n![A pot](images/pot.png)\n"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    home = tmp_path_factory.mktemp("templates")
    write_theme(home, "minimal", MINIMAL)
    return load_theme("minimal", [home])


def mail(theme: Theme, pictures: dict[str, PictureFile], body: str = BODY) -> tuple[Message, Step]:
    made = step(body=body)
    return Workshop(campaign(made, pictures=pictures), theme).mail(), made


def found(theme: Theme, pictures: dict[str, PictureFile], body: str = BODY) -> list[tuple[str, str, int]]:
    """Return id, message and line of each finding."""
    message, made = mail(theme, pictures, body)
    told = list(sharpness(message, made, Path("pots"), pictures))
    assert all(each.severity is Severity.WARNING and each.hint and each.step == made.id for each in told)
    return [(each.id, each.message, (each.place.line or 0) if each.place else 0) for each in told]


def of(width: int, size: int = 1000, kind: str = "png", name: str = "images/pot.png") -> dict[str, PictureFile]:
    return {name: PictureFile(f"{width + size:064x}", kind, width, width // 2, size)}


@pytest.mark.parametrize("width", [1040, 1200, 1560, 0])
def test_two_to_three_pixels_for_one_are_right(theme: Theme, width: int) -> None:
    assert found(theme, of(width)) == []


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (1039, "1039 pixels wide and is shown 520 wide: it looks blurred on phones"),
        (300, "300 pixels wide and is shown 300 wide: it looks blurred on phones"),
        (1561, "1561 pixels wide and is shown 520 wide: readers load more than their screens show"),
    ],
)
def test_fewer_and_more_are_told(theme: Theme, width: int, told: str) -> None:
    assert found(theme, of(width)) == [("img-retina", f"images/pot.png is {told}", 11)]


def test_a_heavy_picture_is_told_and_many_together(theme: Theme) -> None:
    assert found(theme, of(1040, MIB)) == []
    assert [each[:2] for each in found(theme, of(1040, MIB + 1))] == [
        ("img-weight", "images/pot.png weighs 1.0 MiB: on a phone its place stays empty for long")
    ]
    several: dict[str, PictureFile] = {}
    for number in range(3):
        several |= of(1040 + number, MIB, name=f"images/{number}.png")
    body = "\n\n".join(f"![A](images/{number}.png)" for number in range(3))
    [(rule, message, line)] = found(theme, several, body)
    assert (rule, line) == ("img-weight", 0)
    assert "3.0 MiB together" in message


def test_a_format_that_its_name_hides_is_told(theme: Theme) -> None:
    assert [each[0] for each in found(theme, of(1040, kind="webp"))] == ["img-format"]
    body = BODY.replace(".png", ".webp")
    assert found(theme, of(1040, kind="webp", name="images/pot.webp"), body) == [], "its address is judged for it"


def test_pictures_of_the_web_are_somebody_elses_affair(theme: Theme) -> None:
    message, made = mail(theme, {}, "![A](https://example.org/a.png)")
    assert list(sharpness(message, made, Path("pots"), of(10))) == []


def test_a_mail_without_html_has_no_pictures(theme: Theme) -> None:
    message, made = mail(theme, {})
    empty = replace(message, composed=replace(message.composed, html=()))
    assert list(sharpness(empty, made, Path("pots"), of(10))) == []
