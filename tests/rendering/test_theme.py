"""Finding a theme: the project's files before those that ship, and everything that is wrong with it told at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from backmail.errors import TemplateError
from backmail.rendering import load_theme
from backmail.rendering.sandbox import Sandbox
from backmail.rendering.theme import NEEDED, kept_theme

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
    assert theme.files.keys() == weekly.files.keys()


def test_a_theme_takes_what_it_lacks_from_weekly_the_projects_before_what_ships(
    tmp_path: Path, write: Write, weekly: Any
) -> None:
    write("ours", **{"parts__header.html": "<p>ours</p>"})
    write("weekly", **{"parts__header.html": "<p>not this</p>", "parts__footer.html": "<p>our weekly</p>"})
    theme = load_theme("ours", [tmp_path])
    assert theme.render("parts/header.html.jinja", {}) == "<p>ours</p>"
    assert theme.render("parts/footer.html.jinja", {}) == "<p>our weekly</p>"
    assert theme.files["mail.txt.jinja"] == weekly.files["mail.txt.jinja"]


def test_one_block_is_changed_by_one_small_file(tmp_path: Path, write: Write, sample: Any) -> None:
    write(
        "weekly",
        **{"mail.html": "{% extends 'shipped/mail.html.jinja' %}{% block signature %}<p>ours</p>{% endblock %}"},
    )
    html = sample(theme=load_theme("weekly", [tmp_path])).mail().part("html")
    plain = sample().mail().part("html")
    assert ">ours</p>" in html
    assert len(html) == pytest.approx(len(plain), abs=100)


def test_files_reach_those_that_they_take_the_place_of(tmp_path: Path, write: Write) -> None:
    said = "{{% extends '{}/parts/plain.html.jinja' %}}{{% block plain %}}{} {{{{ super() }}}}{{% endblock %}}"
    for name, above in {"ours": "weekly", "weekly": "shipped"}.items():
        write(name, **{"parts__plain.html": said.format(above, name)})
    theme = load_theme("ours", [tmp_path])
    again = kept_theme("ours", theme.files)
    for each in (theme, again):
        assert each.render("parts/plain.html.jinja", {"content": "this"}).split() == ["ours", "weekly", "this"]
    assert again.files == theme.files
    assert again.shown_name("weekly/shipped/parts/plain.html.jinja") == "templates/email/weekly/parts/plain.html.jinja"
    assert again.shown_name("parts/plain.html.jinja") == "templates/email/ours/parts/plain.html.jinja"


def test_a_version_keeps_what_its_mails_need_and_no_more(tmp_path: Path, write: Write, weekly: Any) -> None:
    write("weekly", **{"mail.txt": "{{ body }}", "notes": "of mine"})
    theme = load_theme("weekly", [tmp_path])
    assert theme.files.keys() == weekly.files.keys()  # neither what nothing names, nor what was replaced whole
    write("weekly", **{"mail.txt": "{% include brand.name %}"})
    assert "notes.jinja" in load_theme("weekly", [tmp_path]).files  # anything may be named


@pytest.mark.parametrize(
    ("file", "text", "told", "hint"),
    [
        ("parts__foter.html", "", ".jinja:None: no mail uses this file", "did you mean 'parts/footer.html.jinja'?"),
        (
            "mail.html",
            "{% extends 'shipped/mail.html.jinja' %}\n{% block signatur %}{% endblock %}",
            "mail.html.jinja:2: shipped/mail.html.jinja has no block 'signatur', so this one changes nothing",
            "did you mean 'signature'?",
        ),
        (
            "mail.html",
            "{% extends 'mail.html.jinja' %}",
            "mail.html.jinja:1: mail.html.jinja extends itself",
            "the file that it takes the place of is shipped/mail.html.jinja there",
        ),
        ("shipped__mail.html", "", "mail.html.jinja:None: a theme has no folder 'shipped' in it", "something else"),
    ],
)
def test_what_would_change_nothing_is_told(
    tmp_path: Path, write: Write, file: str, text: str, told: str, hint: str
) -> None:
    write("weekly", **{file: text})
    with pytest.raises(TemplateError) as error:
        load_theme("weekly", [tmp_path])
    assert lines(error.value)[0].endswith(told)
    assert hint in error.value.faults[0].hint


def test_a_theme_that_is_not_there(tmp_path: Path, write: Write) -> None:
    write("monthly", x="")
    for name, hint in [
        ("weekyl", "did you mean 'weekly'? known: letter, monthly, shop, weekly"),
        ("../weekly", "known"),
        ("", "known"),
    ]:
        with pytest.raises(TemplateError) as error:
            load_theme(name, [tmp_path])
        assert error.value.faults[0].message == f"there is no theme {name!r}"
        assert hint in error.value.faults[0].hint


def test_a_theme_is_compiled_once_and_anew_when_a_file_of_it_changed(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = []

    def counted(environment: Sandbox, source: Any, name: str, filename: str) -> Any:
        compiled.append(name)
        return Environment.compile(environment, source, name, filename)

    monkeypatch.setattr(Sandbox, "compile", counted)
    write("mine", **{"mail.txt": "one {{ links.unsubscribe }}"})
    first = load_theme("mine", [tmp_path])
    assert first.render("mail.txt.jinja", {"links": {"unsubscribe": "x"}}) == "one x"
    assert compiled
    assert len(compiled) == len(set(compiled))
    assert load_theme("mine", [tmp_path]) is first
    write("mine", **{"mail.txt": "two {{ links.unsubscribe }}"})
    assert load_theme("mine", [tmp_path]).render("mail.txt.jinja", {"links": {"unsubscribe": "x"}}) == "two x"


def test_all_that_is_wrong_with_a_theme_is_told_at_once(tmp_path: Path, write: Write) -> None:
    files = {file.removesuffix(".jinja").replace("/", "__"): "" for file in NEEDED}
    files["parts__notes.html"] = ""
    files["mail.txt"] = "{% include 'a.jinja' %}"
    files["mail.html"] = "one\n{% include 'parts/haeder.html.jinja' %}\n{% include 'gone' ignore missing %}"
    files["parts__header.html"] = "{% if %}"
    files["a"] = "\n\n{% extends 'b.jinja' %}"
    files["b"] = "{% extends 'a.jinja' %}"
    write("ours", **files)
    with pytest.raises(TemplateError) as error:
        load_theme("ours", [tmp_path])
    assert lines(error.value) == [
        "mail.html.jinja:2: the theme has no file 'parts/haeder.html.jinja'",
        "header.html.jinja:1: cannot render: Expected an expression, got 'end of statement block'",
        "notes.html.jinja:None: no mail uses this file",
        "a.jinja:3: a.jinja extends itself",
        "b.jinja:1: b.jinja extends itself",
    ]
    assert error.value.faults[0].hint == "did you mean 'parts/header.html.jinja'?"
    assert error.value.faults[2].hint == "did you mean 'parts/note.html.jinja'?"


def test_a_file_that_is_not_utf8(tmp_path: Path, write: Write) -> None:
    write("weekly", a="")
    (tmp_path / "email" / "weekly" / "a.jinja").write_bytes(b"\xff")
    with pytest.raises(TemplateError, match=r"a\.jinja: this is not UTF-8"):
        load_theme("weekly", [tmp_path])


def test_what_is_no_text_of_a_template_is_told_and_not_waited_for(tmp_path: Path, write: Write) -> None:
    write("weekly", **{"parts__footer.html": "x" * 100_001})
    folder = tmp_path / "email" / "weekly"
    (folder / "a.jinja").mkdir()
    (folder / "b.jinja").symlink_to("/dev/zero")
    (folder / "c.jinja").symlink_to("nowhere")
    with pytest.raises(TemplateError) as error:
        load_theme("weekly", [tmp_path])
    assert lines(error.value) == [
        "a.jinja:None: this is no file",
        "b.jinja:None: this is no file",
        "c.jinja:None: this cannot be read: no such file or directory",
        "footer.html.jinja:None: this has 100,001 bytes, and a template at most 100,000",
    ]


def test_what_is_nested_too_deeply_to_be_compiled_is_told(tmp_path: Path, write: Write) -> None:
    write("weekly", **{"parts__footer.html": f"{{{{ 1{' | upper' * 3000} }}}}"})
    with pytest.raises(TemplateError, match=r"footer\.html\.jinja: cannot read: too many parts in one another"):
        load_theme("weekly", [tmp_path])


@pytest.mark.parametrize(("files", "length"), [(9, 49_000), (401, 1)])
def test_a_theme_is_no_longer_than_its_mails_can_need(tmp_path: Path, write: Write, files: int, length: int) -> None:
    write("weekly", **{f"own{number}": "é" * length for number in range(files)})
    with pytest.raises(TemplateError, match="'weekly' has more than 400 files or 400,000 characters"):
        load_theme("weekly", [tmp_path])


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("parts__header.html", "<p>\n{{ brnad.name }}", "header.html.jinja:2: there is no 'brnad' here"),
        (
            "parts__header.html",
            '<b id="a" id="{{ progress.number }}"></b>',
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
            '\n<p style="width:{{ progress.number }}px"></p>',
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
