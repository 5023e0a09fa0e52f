"""What a step's Markdown consists of, and what its containers say beyond their words."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from backmail.errors import TemplateError
from backmail.model.campaign import Catalog, PictureFile, Product
from backmail.model.plain import frozen
from backmail.rendering.html import shown as html_of
from backmail.rendering.parts import Part, parts, untitled
from backmail.rendering.phrases import phrases
from backmail.rendering.text import shown as text_of


@pytest.fixture
def read(sample: Any) -> Any:
    """Return the parts of a body in the sample campaign."""
    campaign = sample().campaign

    def parted(body: str, **given: Any) -> tuple[Part, ...]:
        changed = replace(campaign, **given)
        return parts(body, changed, changed.steps[0], phrases("en"))

    return parted


def container(name: str, inside: str, **attributes: str) -> str:
    shown = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"::: {name} id=b1{shown}\n{inside}\n:::\n"


def test_stretches_and_containers_come_in_order(read: Any) -> None:
    body = f"One\n\n{container('faq', '## Why?' + chr(10) + 'So.')}\nTwo\n\n{container('how-to', 'Three')}"
    assert [part.name for part in read(body)] == ["", "faq", "", "how-to"]
    assert read(body)[1].heading[0].content == "Why?"
    assert not read(body)[3].heading


def test_a_dose_keeps_its_words_in_a_fixed_order(read: Any) -> None:
    part = read(container("exercise", "x", sides="both", hold="about 30 seconds", position="Lie down"))[0]
    assert part.dose == (("Position", "Lie down"), ("Hold", "about 30 seconds"), ("Sides", "both"))


@pytest.mark.parametrize(("lang", "language"), [("da", "da"), ("da-DK", "da-DK"), ("en", ""), ("en-GB", "")])
def test_a_part_in_the_campaigns_language_is_not_marked(read: Any, lang: str, language: str) -> None:
    assert read(container("faq", "x", lang=lang))[0].language == language


def test_a_product_is_found_by_its_sku(read: Any) -> None:
    body = container("product", "x", sku="rest")
    assert read(body)[0].product.link == "https://shop.example.org/rest?a=1&b=2"
    assert read(body)[0].price == "Price: 199 kr."
    dated = Product("rest", "Rest", price="199 kr.", price_as_of=dt.date(2026, 11, 3))
    assert read(body, catalog=Catalog((dated,)))[0].price == "Price on 3 November 2026: 199 kr."
    assert read(body, catalog=Catalog((Product("rest", "Rest"),)))[0].price == ""
    assert read(body, catalog=Catalog())[0].product is None


def test_a_note_knows_the_mail_it_repeats_from(read: Any) -> None:
    assert read(container("note", "x", repeats="read-this-first"))[0].repeated == (2, "read-this-first")


def test_a_note_that_repeats_from_no_step_is_told_with_its_line(sample: Any) -> None:
    wrong = sample().campaign.steps[0].body.replace("repeats=read-this-first", "repeats=read-this-frist")
    with pytest.raises(TemplateError) as error:
        sample().but(body=wrong).mail()
    assert str(error.value).startswith("everything.md:9: a note repeats from 'read-this-frist', which is no step")
    assert "did you mean 'read-this-first'?" in error.value.faults[0].hint


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ("- A\n- B\n", "These 2 sources have no link here"),
        ("- A\n", "This source has no link here"),
        ("- [A](https://a.org)\n- B\n- C\n", "2 of these 3 sources have no link here"),
        ("- see https://a.org/x\n- B\n", "One of these 2 sources has no link here"),
        ("- <https://a.org>\n- doi: 10.1000/1\n", ""),
        ("1. A\n\n   More of A with [a link](https://a.org).\n2. B\n", "One of these 2 sources has"),
        ("A\n\nB\n", "These 2 sources have"),
        ("", ""),
    ],
)
def test_sources_without_a_link_are_counted(read: Any, sources: str, sentence: str) -> None:
    found = read(container("sources", f"## Sources\n\n{sources}"))[0].unverified
    assert found.startswith(sentence)
    assert bool(found) is bool(sentence)


def test_the_subject_stays_the_only_h1(read: Any) -> None:
    (made,) = html_of(read("# Top\n\n### Deep\n"), lambda _file, names: names["content"], {"mark_back": ""}, str)
    html = made.child("html")
    assert "<h2>Top</h2>" in html
    assert "<h3>Deep</h3>" in html


def test_a_control_character_that_would_cut_the_mail_is_left_out(read: Any) -> None:
    (made,) = html_of(read("a\x0bb\x92c\ud800d\te"), lambda _file, names: names["content"], {"mark_back": ""}, str)
    assert made.child("html") == "<p>abcd\te</p>"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("## Warm up first\n\nSlowly.", False),
        ("::: how-to id=b1\n## warm up  first\n\nSlowly.\n:::", False),
        ("::: safety id=b1\n## Warm up first\n\nSlowly.\n:::", True),
        ("Hello.\n\n## Warm up first\n\nSlowly.", True),
        ("## Warm up\n\nSlowly.", True),
        ("Slowly.", False),
    ],
)
def test_a_first_heading_that_only_repeats_the_title_is_left_out(markdown: str, shown: bool, read: Any) -> None:
    made = untitled(read(markdown), "Warm up first")
    tokens = [token.type for part in made for token in part.tokens]
    assert bool("heading_open" in tokens or any(part.heading for part in made)) is shown
    assert "paragraph_open" in tokens


def test_no_part_has_no_first_heading() -> None:
    assert untitled((), "Title") == ()


@pytest.mark.parametrize(("head", "kept"), [("|  |  |", False), ("| a |  |", True)])
def test_a_table_whose_head_says_nothing_has_none(read: Any, head: str, *, kept: bool) -> None:
    (part,) = read(f"{head}\n| --- | --- |\n| 1000 | rough |\n")
    assert ("thead_open" in [token.type for token in part.tokens]) is kept
    assert [token.content for token in part.tokens if token.type == "inline"][-2:] == ["1000", "rough"]


def images(part: Part) -> list[dict[str, Any]]:
    return [dict(child.attrs) for token in part.tokens for child in token.children or () if child.type == "image"]


def test_a_picture_of_the_folder_has_an_address_by_its_hash_and_a_size(read: Any) -> None:
    files = {"images/a 1.png": PictureFile("ff", width=1200, height=900, copied=True)}
    (part,) = read("![A](images/a%201.png) ![B](images/b.png)", pictures=files)
    mine, other = images(part)
    assert mine == {
        "src": "/ff/a%201.png", "alt": "", "class": "picture", "width": "520", "height": "390",
    }  # fmt: skip
    assert (other["src"], other["width"]) == ("images/b.png", "520")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (PictureFile("ff", width=300, height=100), ("300", "100", "max-width:300px")),
        (PictureFile("ff", width=4000, height=1), ("456", "1", None)),
        (PictureFile("ff"), ("456", None, None)),
    ],
)
def test_a_picture_is_never_shown_wider_than_it_is_or_than_its_card(
    read: Any, file: PictureFile, expected: tuple[str | None, ...]
) -> None:
    (part,) = read(container("exercise", "## Rolls\n\n![A](images/a.png)"), pictures={"images/a.png": file})
    (image,) = images(part)
    assert tuple(image.get(name) for name in ("width", "height", "style")) == expected


def test_a_picture_named_like_a_heading_stands_below_it(read: Any) -> None:
    files = {"images/pelvic-tilts.jpg": PictureFile("ff", width=1000, height=500)}
    body = container("exercise", "## Pelvic *Tilts*\n\nLie down.") + "\n## Others\n\nMore."
    exercise, plain = read(body, pictures=files)
    (image,) = images(exercise)
    assert image["src"] == "/ff/pelvic-tilts.jpg"
    assert exercise.tokens[1].children[0].content == "Pelvic Tilts", "what it shows, for those who do not see it"
    assert images(plain) == []
    text = "\n\n".join(part.child("text") for part in text_of([exercise, plain], phrases("en"), str))
    assert text.count("Pelvic Tilts") == 1
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("body", "copied"), [("## Pelvic tilts\n\n![x](images/pelvic-tilts.jpg)", False), ("## Pelvic tilts\n\nA.", True)]
)
def test_a_picture_that_the_markdown_names_or_left_out_is_not_put_in(read: Any, body: str, *, copied: bool) -> None:
    files = {"images/pelvic-tilts.jpg": PictureFile("ff", copied=copied)}
    (part,) = read(body, pictures=files)
    assert len(images(part)) == (0 if copied else 1)


def test_a_picture_of_a_version_from_before_files_were_kept_stays_where_it_was(read: Any) -> None:
    kept = frozen(PictureFile, {"digest": "ff", "address": "https://pics.example.org/tilts.png"})
    files = {"images/tilts.png": kept}
    shown, plain = read("![A](images/tilts.png)", pictures=files), read("## Tilts\n\nA.", pictures=files)
    assert images(shown[0])[0]["src"] == "https://pics.example.org/tilts.png"
    assert images(plain[0]) == []


def test_names_in_letters_that_addresses_lack_are_not_taken_for_each_other(read: Any) -> None:
    (part,) = read("## Растяжка 1\n\nA.", pictures={"images/мостик 1.png": PictureFile("ff")})
    assert images(part) == []


@pytest.mark.parametrize(("name", "steps"), [("exercise", True), ("how-to", True), ("faq", False)])
def test_numbered_lists_of_what_is_done_are_steps(read: Any, name: str, steps: bool) -> None:
    tokens = read(container(name, "1. Sit.\n2. Stand."))[0].tokens
    assert (tokens[0].attrs.get("class") == "steps") is steps


@pytest.mark.parametrize(
    ("inside", "picture"),
    [
        ("![How](a.png)\n\nSit.", True),
        ("![How](a.png)\n![So](b.png)\n\nSit.", True),
        ("![How](a.png) Sit.", False),
        ("Sit.\n\n![How](a.png)", False),
        ("", False),
    ],
)
def test_the_picture_that_an_exercise_begins_with_stands_above_its_dose(read: Any, inside: str, picture: bool) -> None:
    given: dict[str, Any] = {}

    def render(_file: str, names: Any) -> str:
        given.update(names)
        return ""

    frame = {"mark_back": "", "own_language": "en", "language": "en"}
    html_of(read(container("exercise", f"## Sit\n{inside}")), render, frame, str)
    assert ("<img" in given["picture"]) is picture
    assert given["picture"] + given["content"] == "" or "<p>" in given["picture"] + given["content"]
    html_of(read(container("faq", f"## Sit\n{inside}")), render, frame, str)
    assert not given["picture"]
