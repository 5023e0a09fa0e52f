"""Finding a theme: the project's files before those that ship, and everything that is wrong with it told at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backmail.errors import TemplateError
from backmail.rendering import load_theme
from backmail.rendering.theme import NEEDED

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files of a theme into this test's own templates folder."""

    def written(name: str, **files: str) -> None:
        for file, text in files.items():
            path = tmp_path / "email" / name / f"{file.replace('__', '/')}.jinja"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return written


def lines(error: TemplateError) -> list[str]:
    """Return the faults as `file:line: message`, files by their last part."""
    places = [f"{Path(fault.place.file).name}:{fault.place.line}: " if fault.place else "" for fault in error.faults]
    return [place + fault.message for place, fault in zip(places, error.faults, strict=True)]


def test_a_file_of_the_project_takes_the_place_of_that_one_alone(tmp_path: Path, write: Write, weekly: Any) -> None:
    write("weekly", **{"parts__header.html": "<p>ours</p>"})
    theme = load_theme("weekly", [tmp_path])
    assert theme.render("parts/header.html.jinja", {}) == "<p>ours</p>"
    assert set(theme.environment.list_templates()) == set(weekly.environment.list_templates())


def test_a_theme_that_is_not_there(tmp_path: Path, write: Write) -> None:
    write("monthly", x="")
    for name, hint in [
        ("weekyl", "did you mean 'weekly'? known: monthly, weekly"),
        ("../weekly", "known"),
        ("", "known"),
    ]:
        with pytest.raises(TemplateError) as error:
            load_theme(name, [tmp_path])
        assert error.value.faults[0].message == f"there is no theme {name!r}"
        assert hint in error.value.faults[0].hint


def test_all_that_is_wrong_with_a_theme_is_told_at_once(tmp_path: Path, write: Write) -> None:
    files = {file.removesuffix(".jinja").replace("/", "__"): "" for file in NEEDED}
    del files["parts__note.html"]
    files["parts__notes.html"] = ""
    files["mail.html"] = "one\n{% include 'parts/haeder.html.jinja' %}\n{% include 'gone' ignore missing %}"
    files["parts__header.html"] = "{% if %}"
    files["a"] = "\n\n{% extends 'b.jinja' %}"
    files["b"] = "{% extends 'a.jinja' %}"
    write("ours", **files)
    with pytest.raises(TemplateError) as error:
        load_theme("ours", [tmp_path])
    assert lines(error.value) == [
        "the theme 'ours' has no file parts/note.html.jinja",
        "mail.html.jinja:2: the theme has no file 'parts/haeder.html.jinja'",
        "header.html.jinja:1: cannot render: Expected an expression, got 'end of statement block'",
        "a.jinja:3: a.jinja extends itself",
        "b.jinja:1: b.jinja extends itself",
    ]
    assert error.value.faults[0].hint == "did you mean 'parts/notes.html.jinja'?"
    assert error.value.faults[1].hint == "did you mean 'parts/header.html.jinja'?"


def test_a_file_that_is_not_utf8(tmp_path: Path, write: Write) -> None:
    write("weekly", a="")
    (tmp_path / "email" / "weekly" / "a.jinja").write_bytes(b"\xff")
    with pytest.raises(TemplateError, match=r"a\.jinja: this is not UTF-8"):
        load_theme("weekly", [tmp_path])


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("parts__header.html", "<p>\n{{ brnad.name }}", "header.html.jinja:2: there is no 'brnad' here"),
        (
            "parts__header.html",
            '<b id="a" id="{{ progress.number }}">',
            "mail.html.jinja:None: inlining lost or doubled",
        ),
        ("parts__header.html", "{{ brand.nmae }}", "header.html.jinja:1: brand has no 'nmae'"),
        ("parts__footer.html", "\n{{ subscriber.frist_name }}", "footer.html.jinja:2: subscriber has no 'frist_name'"),
        ("parts__footer.html", "{% include name_of_file %}", "footer.html.jinja:1: there is no 'name_of_file' here"),
        ("parts__footer.html", "{% include 'no' ~ 'where' %}", "footer.html.jinja:1: the theme has no file 'nowhere'"),
        ("parts__exercise.html", "\n\n{{ 1 / 0 }}", "exercise.html.jinja:3: cannot render: division by zero"),
        (
            "parts__footer.html",
            "{% include 'parts/footer.html.jinja' %}",
            "footer.html.jinja:1: the template includes or",
        ),
        ("mail.txt", "\n{{ wrap(1) }}", "mail.txt.jinja:2: cannot render: 'int' object has no attribute 'split'"),
        (
            "inlined.css",
            "p { top: 0 }\na:hover { top: 0 }",
            "inlined.css.jinja:2: the selector 'a:hover' would be lost",
        ),
        ("inlined.css", "{# c #}\n{% set a = 1 %}\n\na:hover { top: 0 }", "inlined.css.jinja:4: the selector"),
        (
            "parts__header.html",
            '\n<p style="width:{{ progress.number }}px">',
            "header.html.jinja:2: progress.number stands in",
        ),
        (
            "parts__header.html",
            "{{ phrase('nothing') }}",
            "header.html.jinja:1: cannot render: there is no phrase 'nothing'",
        ),
    ],
)
def test_what_goes_wrong_in_a_theme_names_its_file_and_line(
    tmp_path: Path, write: Write, sample: Any, file: str, text: str, told: str
) -> None:
    write("weekly", **{file: text})
    with pytest.raises(TemplateError) as error:
        sample(theme=load_theme("weekly", [tmp_path])).mail()
    assert lines(error.value)[0].startswith(told)
