"""The themes that ship: what every mail of them holds by construction, read from the finished HTML."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import css_inline
import pytest
import tinycss2
from lxml.html import document_fromstring

from backmail.model.campaign import Brand
from backmail.rendering import inline, load_theme
from backmail.rendering.palette import contrast

NAVY = Brand("Acme", accent="#e4572e", paper="#fffaf0", canvas="#10243f", text="#222222")
LARGE = Brand("Acme", text_size="large")
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "danish": {"language": "da"},
    "arabic": {"language": "ar"},
    "yellow": {"brand": Brand("Acme", accent="#ffe600")},
    "logo": {"brand": Brand("Acme", logo="https://example.org/logo.png", fonts="'Open Sans', Arial")},
    "colours": {"brand": NAVY},
    "large": {"brand": LARGE},
    "letter": {"theme": load_theme("letter")},
    "letter, logo, colours": {
        "theme": load_theme("letter"),
        "brand": replace(NAVY, logo="https://example.org/logo.png"),
    },
    "shop": {"theme": load_theme("shop")},
    "shop, colours, arabic": {"theme": load_theme("shop"), "brand": NAVY, "language": "ar"},
}


@pytest.fixture(
    scope="module",
    params=[(look, number) for look in LOOKS for number in ((0, 1, 2) if look == "plain" else (0,))],
    ids=str,
)
def html(request: pytest.FixtureRequest, sample: Any) -> str:
    """The HTML of the sample campaign's mail with all in it, in each look; of the others in one look."""
    look, number = request.param
    return str(sample(**LOOKS[look]).mail(number=number).part("html"))


@pytest.fixture
def page(html: str) -> Any:
    """The same, as a tree."""
    return document_fromstring(html)


def style(element: Any) -> dict[str, str]:
    """Return an element's own declarations."""
    declared = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in declared}


def texts(page: Any) -> Iterator[tuple[str, Any]]:
    """Give the visible texts and the elements they stand in."""
    for element in page.find("body").iter():
        hidden = any(
            style(each).get("display") == "none"
            for each in [element, *element.iterancestors()]
            if isinstance(each.tag, str)
        )
        if isinstance(element.tag, str) and not hidden:
            for text in [element.text, *(child.tail for child in element)]:
                if text and text.strip():
                    yield text.strip(), element


def inherited(element: Any, name: str, own: Any) -> str:
    """Return the nearest value of a property, from the element up."""
    return str(next(value for each in [element, *element.iterancestors()] if (value := own(each, name))))


def test_language_and_direction_are_said_twice(page: Any) -> None:
    # Clients take <html> away, so they are repeated on the first element of the body.
    wrapper = page.find("body")[0]
    for element in (page, wrapper):
        assert re.fullmatch(r"en|da", element.get("lang"))
        assert element.get("dir") == "ltr"
    assert (wrapper.get("role"), wrapper.get("aria-roledescription")) == ("article", "email")
    assert page.findtext("head/title") == wrapper.get("aria-label") == page.findtext(".//h1")


def test_nothing_that_matters_stands_on_the_body(page: Any) -> None:
    assert set(page.find("body").attrib) == {"xml:lang", "style"}
    assert style(page.find("body")) == {"margin": "0", "padding": "0"}


def test_there_is_one_h1_and_no_level_is_skipped(page: Any) -> None:
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_are_for_layout_or_name_their_headers(page: Any) -> None:
    for table in page.iter("table"):
        if table.get("role") == "presentation":
            assert {"border", "cellpadding", "cellspacing"} <= set(table.attrib)
            assert not table.xpath("./tr/th | ./*/tr/th")
        else:
            assert [cell.get("scope") for cell in table.iter("th")] == ["col", "col"]


def test_links_are_underlined_words_that_lead_somewhere(page: Any) -> None:
    for link in page.iter("a"):
        assert re.match(r"https://|mailto:", link.get("href"))
        assert len(link.text_content().strip()) > 3
        assert style(link)["text-decoration"] == ("none" if link.get("class") == "button-link" else "underline")


def test_images_have_words_and_a_width_in_pixels(page: Any) -> None:
    for image in page.iter("img"):
        assert image.get("alt")
        assert image.get("width").isdigit()
        assert style(image)["height"] == "auto"


def test_text_is_large_and_has_its_font_near(page: Any) -> None:
    for text, element in texts(page):
        size = inherited(element, "font-size", lambda each, name: style(each).get(name))
        assert int(size.removesuffix("px")) >= 16, text
        line = inherited(element, "line-height", lambda each, name: style(each).get(name))
        assert int(line.removesuffix("px")) >= 1.25 * int(size.removesuffix("px")), text


def test_every_text_can_be_read_in_light(page: Any) -> None:
    for text, element in texts(page):
        colour, ground = (
            inherited(element, name, lambda each, name: style(each).get(name)) for name in ("color", "background-color")
        )
        assert contrast(colour, ground) >= 4.5, (text, colour, ground)


def test_a_ground_has_a_text_colour_on_the_same_element(page: Any) -> None:
    for element in page.iter():
        if isinstance(element.tag, str) and "background-color" in style(element):
            assert re.fullmatch(r"#[0-9a-f]{6}", style(element)["color"]), element.get("class")
        assert "background" not in style(element) if isinstance(element.tag, str) else True


def dark(html: str, on_text: str, on_ground: str) -> dict[str, dict[str, str]]:
    """Return what the dark rules say of each class."""
    found: dict[str, dict[str, str]] = {}
    for block in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
        rules = tinycss2.parse_stylesheet(block, skip_comments=True, skip_whitespace=True)
        if not on_text:
            rules = [
                inner
                for rule in rules
                if rule.type == "at-rule" and "dark" in tinycss2.serialize(rule.prelude)
                for inner in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            ]
        for rule in rules:
            if rule.type != "qualified-rule":
                continue
            for selector in tinycss2.serialize(rule.prelude).split(","):
                prefix, _, name = selector.strip().rpartition(".")
                for each in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                    if prefix == (on_ground if each.name == "background-color" else on_text):
                        assert each.important
                        found.setdefault(name, {})[each.name] = tinycss2.serialize(each.value).strip()
    return found


@pytest.mark.parametrize(("on_text", "on_ground"), [("", ""), ("[data-ogsc] ", "[data-ogsb] ")])
def test_every_colour_has_a_partner_in_dark_that_can_be_read(
    html: str, page: Any, on_text: str, on_ground: str
) -> None:
    rules = dark(html, on_text, on_ground)

    def own(element: Any, name: str) -> str | None:
        if name not in style(element):
            return None
        partners = [rules[each][name] for each in element.get("class", "").split() if name in rules.get(each, {})]
        assert partners, (element.tag, element.get("class"), name)
        return partners[-1]

    for text, element in texts(page):
        colour, ground = inherited(element, "color", own), inherited(element, "background-color", own)
        assert contrast(colour, ground) >= 4.5, (text, colour, ground)


def test_kept_styles_are_in_blocks_of_their_own_and_light(html: str) -> None:
    # Gmail drops a whole block for an @ inside an @, and all blocks after 16 KB of CSS.
    blocks = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(blocks) == 6  # Word's, clients', narrow screens', print's, and dark twice
    assert sum(map(len, blocks)) < 8 * 1024
    for block in blocks:
        assert not any(
            "@" in tinycss2.serialize(rule.content or [])
            for rule in tinycss2.parse_stylesheet(block)
            if rule.type == "at-rule"
        )


def test_the_preheader_comes_first_as_a_sentence_and_is_padded(page: Any) -> None:
    first = page.find("body")[0][0]
    assert style(first)["display"] == "none"
    sentence, _, padding = (first.text or "").partition(".")
    assert len(sentence) > 30
    assert set(padding) == {"\u2007", "\ufeff", "\u034f"}
    assert len(padding) >= 300


def test_outlooks_conditions_are_balanced(html: str) -> None:
    assert html.count("<!--[if") == html.count("<![endif]-->") >= 5
    assert "<![if" not in html
    # Tables that stand in conditions open and shut, for Word as for T-Online, which shows what stands in all of them.
    for shown in (["mso"], ["mso", "false"]):
        parts = re.findall(r"<!--\[if (\w+)\]>(.*?)<!\[endif\]-->", html, re.DOTALL)
        tags = re.findall(r"<(/?)table", "".join(inner for condition, inner in parts if condition in shown))
        assert tags.count("") == tags.count("/") >= 1


def test_what_the_law_and_the_reader_want_is_in_the_footer(page: Any) -> None:
    footer = page.xpath("//td[@class='footer']")[0]
    words = footer.text_content()
    for wanted in (
        "Looser shoulders",
        "Anna at Acme",
        "Acme ApS",
        "Langelinie 1",
        "2100 København Ø",
        "12345678",
        "Not medical advice.",
    ):
        assert wanted in words
    leads = [link.get("href") for link in footer.iter("a")]
    assert [re.sub(r"(/\w)/.*", r"\1/", link) for link in leads[:3]] == [
        "https://links.example.invalid/u/",
        "https://links.example.invalid/v/",
        "https://example.org/article",
    ]
    for link in footer.xpath(".//a[contains(@class, 'target')]"):
        padding, line = style(link)["padding"].split()[0], style(link)["line-height"]
        assert 2 * int(padding.removesuffix("px")) + int(line.removesuffix("px")) >= 44


def test_a_mail_is_far_from_what_gmail_cuts_off(html: str) -> None:
    assert len(html.encode()) < 40 * 1024


def test_the_reader_sees_where_she_is_and_what_comes(sample: Any) -> None:
    html = sample().mail(number=1).part("html")
    assert "Mail 2 of 3" in html.replace("<!-- -->", "")
    assert re.search(r"Next time</strong><br>\s*<span>What closing is about\.</span>", html)
    assert re.search(
        r'Last time</strong><br>\s*<a [^>]*href="https://links\.example\.invalid/v/[^>]*>Two calm exercises</a>', html
    )
    assert "Next time" not in sample().mail(number=2).part("html")
    assert "Last time" not in sample().mail(number=0).part("html")


def test_large_text_is_of_twenty_pixels_and_steps_are_larger_than_the_text(sample: Any) -> None:
    for look, text, steps in (("plain", "17px", "18px"), ("large", "20px", "21px")):
        page: Any = document_fromstring(sample(**LOOKS[look]).mail().part("html"))
        assert style(page.xpath("//td[@class='paper']")[0])["font-size"] == text
        assert {style(item)["font-size"] for item in page.xpath("//ol/li")} == {steps}


def test_a_letter_has_no_cards_and_no_button(sample: Any) -> None:
    page: Any = document_fromstring(sample(**LOOKS["letter"]).mail().part("html"))
    grounds = {style(each).get("background-color") for each in page.body.iter() if isinstance(each.tag, str)}
    assert grounds <= {None, "#ffffff", "#f3f2ee", "#dcdad2"}  # the paper, code, and a rule
    assert not page.xpath("//*[contains(@class, 'button')]")
    (link,) = page.xpath("//p[@class='action']/a")
    assert link.text == "Put both in my calendar"
    assert style(link)["text-decoration"] == "underline"
    assert page.xpath("//td[@class='outer']/@align") == ["left"]


def test_a_shop_shows_the_product_first_and_leaves_nothing_out(sample: Any) -> None:
    shop, plain = sample(**LOOKS["shop"]).mail(), sample().mail()
    for part in ("html", "text"):
        ours = shop.part(part)
        order = ("Stop at once", "Wrist Rest", "199 kr.", "Sit well", "Slow shoulder rolls", "Kilder")
        assert [ours.index(each) for each in order] == sorted(ours.index(each) for each in order), part
    assert sorted(shop.part("text").split()) == sorted(plain.part("text").split())
    page: Any = document_fromstring(shop.part("html"))
    (button,) = page.xpath("//td[@class='product']//a[@class='button-link']")
    assert button.get("href") == "https://shop.example.org/rest?a=1&b=2"
    assert sample(**LOOKS["shop"]).mail(number=2).part("text") == sample().mail(number=2).part("text")


def test_a_dose_is_a_list_of_terms(sample: Any) -> None:
    page: Any = document_fromstring(sample().mail().part("html"))
    (terms,) = page.iter("dl")
    assert [(div[0].tag, div[1].tag) for div in terms] == [("dt", "dd")] * 5
    assert [word.text for word in terms.xpath("./div/dd")] == ["Sit up", "15-20 seconds", "8 times", "both", "a towel"]


def test_inlined_styles_are_those_of_another_inliner(monkeypatch: pytest.MonkeyPatch, sample: Any) -> None:
    before: list[str] = []
    real = inline.inlined

    def keep(html: str) -> str:
        before.append(html)
        return real(html)

    monkeypatch.setattr(inline, "inlined", keep)
    after: Any = document_fromstring(str(sample(brand=Brand("Not kept yet")).mail().part("html")))
    source = before[0].replace('data-premailer="ignore"', 'data-css-inline="ignore"')
    other: Any = document_fromstring(css_inline.inline(source, load_remote_stylesheets=False))
    ours = [each for each in after.body.iter() if isinstance(each.tag, str)]
    theirs = [each for each in other.body.iter() if isinstance(each.tag, str) and each.tag != "tbody"]
    assert [each.tag for each in ours if each.tag != "tbody"] == [each.tag for each in theirs]
    for one, two in zip((each for each in ours if each.tag != "tbody"), theirs, strict=True):
        assert {name: _folded(value) for name, value in style(one).items()} == {
            name: _folded(value) for name, value in style(two).items()
        }


def _folded(value: str) -> str:
    return re.sub(r"\s*,\s*", ",", value).replace("'", '"').removesuffix(".0")
