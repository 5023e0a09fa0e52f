"""A step composed: its one action, languages marked, tokens that nothing can forge, and no way out of a place."""

import re
import sys
from html import unescape
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from lxml.etree import Comment
from lxml.html import document_fromstring, tostring
from markupsafe import Markup

from backmail.errors import ConfigError, TemplateError
from backmail.model.campaign import Action, Brand, CampaignKind, Greeting
from backmail.model.message import Context, Slot
from backmail.model.people import Subscriber
from backmail.rendering import inline, load_theme
from tests.rendering.conftest import MINIMAL, Workshop, campaign, step, write_theme

# `backmail.rendering.address` is the function.
address_room = sys.modules["backmail.rendering.address"]
NOBODY = Subscriber("nobody@example.org")


def test_a_composed_step_says_where_it_comes_from(sample: Any) -> None:
    composed = sample().mail().composed
    assert (composed.campaign, composed.step, composed.language) == ("loose", "everything", "en")
    assert (composed.sender.email, composed.reply_to) == ("anna@news.example.org", "hi@example.org")
    assert all(isinstance(piece, str | Slot) for piece in composed.html)
    assert [isinstance(piece, Slot) for piece in composed.html] == [
        isinstance(piece, Slot) for piece in composed.encoded_html
    ]


def test_the_greeting_depends_on_the_first_name(sample: Any) -> None:
    assert "Hello Anna,</p>" in sample().mail().part("html")
    assert "Hello,</p>" in sample().mail(NOBODY).part("html")
    workshop = sample(
        greeting=Greeting("Dear {{ subscriber.first_name | upper }} {{ subscriber.last_name }},", "Dear all,")
    )
    assert "Dear ANNA S&#248;rensen," not in workshop.mail().part("html")  # values stay letters, as in the text part
    assert "Dear ANNA Sørensen," in workshop.mail().part("html")


@pytest.mark.parametrize(
    ("action", "link"),
    [
        (Action("Read on", "link", "https://example.org/?a=1&b=2"), 'href="https://example.org/?a=1&amp;b=2"'),
        (Action("Write", "link", "mailto:hi@example.org"), 'href="mailto:hi@example.org"'),
        (Action("Go", "link", "https://example.org/{{ subscriber.language }}"), 'href="https://example.org/en"'),
        (Action("Put it in", "calendar"), 'href="https://links.example.invalid/cal/'),
        (Action("Print it", "print"), 'href="https://links.example.invalid/v/'),
        (Action("Answer", "reply"), 'href="mailto:hi@example.org?subject=Re%3A%20Two%20calm%20exercises"'),
    ],
)
def test_there_is_one_action_with_its_words(sample: Any, action: Action, link: str) -> None:
    html = sample().but(action=action).mail().part("html")
    assert html.count('class="button-link"') == 1
    assert f"{link}" in html.split('class="button-link"')[1].split(f">{action.text}</a>")[0]


def test_an_action_of_kind_none_is_a_sentence_and_no_dead_button(sample: Any) -> None:
    html = sample().mail(number=2).part("html")
    assert "button-link" not in html.split("</head>")[1]
    assert ">Stand up once before you close this mail</p>" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "", "https://", "data:text/html,x"])
def test_an_action_that_leads_nowhere_safe_is_told(sample: Any, url: str) -> None:
    with pytest.raises(TemplateError, match="the action leads to"):
        sample().but(action=Action("Go", "link", url)).mail()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_markdown_cannot_lead_into_code(sample: Any, link: str) -> None:
    html = sample().but(body=f"[x]({link}) <script>alert(1)</script>").mail().part("html")
    assert f'href="{link}' not in html
    assert "<script>" not in html


def test_a_part_in_another_language_is_marked_and_its_label_is_not(sample: Any) -> None:
    html = sample().mail().part("html")
    product = html.split("Advertisement")
    assert 'lang="da" dir="ltr"' in product[0].split('class="product"')[0][-500:]
    assert product[0].endswith('lang="en" dir="ltr">') or 'lang="en" dir="ltr"' in product[0][-200:]
    assert "Annonce" in sample(language="da").mail().part("html")


def test_an_article_in_a_language_without_phrases_is_marked_inside_an_english_frame(sample: Any) -> None:
    html = sample(language="ar").mail().part("html")
    assert '<html lang="en" dir="ltr"' in html
    assert 'lang="ar" dir="rtl"' in html.split("<h1")[1][:200]
    assert 'lang="en" dir="ltr"' in html.split(">Safety</p>")[0][-300:]
    assert "Unsubscribe</a>" in html


def test_a_region_is_kept_in_the_language_of_the_mail(sample: Any) -> None:
    assert '<html lang="da-DK" dir="ltr"' in sample(language="da-DK").mail().part("html")


def test_article_text_that_looks_like_a_token_stays_text(minimal_mail: Any) -> None:
    prefix = minimal_mail().variants._prefix
    workshop = minimal_mail(f"It says {prefix}0z.\n")
    message = workshop.mail()
    assert workshop.variants._prefix != prefix
    assert f"It says {prefix}0z." in message.part("html")


def test_values_of_the_brand_cannot_break_out_of_the_styles(sample: Any) -> None:
    with pytest.raises(ConfigError, match="fonts"):
        sample(brand=Brand(fonts="x; } </style><script>")).mail()
    with pytest.raises(ConfigError, match="accent"):
        sample(brand=Brand(accent="red")).mail()


def test_fonts_with_names_in_quotes_are_fine(sample: Any) -> None:
    assert '"Open Sans", serif' in sample(brand=Brand(fonts="'Open Sans', serif")).mail().part("html")


def test_a_product_that_is_gone_has_no_link(sample: Any) -> None:
    html = sample().but(body="::: product id=b03 sku=bare\n## Bare\n\nx\n:::\n").mail().part("html")
    assert "Not available at the moment." in html
    assert "See Bare" not in html


def test_a_mail_that_is_no_series_has_no_count(sample: Any) -> None:
    assert "Mail 1 of 3" in sample().mail().part("text")
    newsletter = sample(kind=CampaignKind.NEWSLETTER).mail()
    assert "Mail 1 of" not in newsletter.part("html") + newsletter.part("text")


VALUES = st.text(st.sampled_from("<>&\"'\\é😀 -a{}#%"), max_size=12)


@given(name=VALUES)
def test_values_filled_in_later_give_the_same_mail_as_values_that_were_there(
    frames: list[str], letter: Any, name: str
) -> None:
    message = letter.mail(Subscriber("a@example.org", f"x{name}"))
    tokens = re.split(r"bm[0-9a-f]{10}x\d+z", frames[-1])
    values = [message.values[piece] for piece in message.composed.html if isinstance(piece, Slot)]
    at_once = "".join(part + value for part, value in zip_longest(tokens, values, fillvalue=""))
    assert canonical(inline.inlined(at_once)) == canonical(message.part("html"))


# Every place of a mail where a reader's value may stand. The right column is what a template would have to say if there
# were nobody who escapes by place.
CONTEXTS = {
    "title": ("<title>{0}</title>", "{0}"),
    "text": ("<p>for {0}</p><p>{0}</p>", "{0}"),
    "attribute": ('<img src="https://example.org/a.png" alt="{0}" title=\'it is {0}\'>', "{0}"),
    "part of a link": ('<a href="https://example.org/{1}/?n={1}&amp;m={1}">x</a>', "{1}"),
    "part of a mailto": ('<a href="mailto:a@example.org?subject={1}">x</a>', "{1}"),
    "link": ('<a href="{2}">x</a>', "{2}"),
    "comment for Outlook": ('<!--[if mso]><td title="{0}">{0}</td><![endif]--><p>y</p>', "{0}"),
}
FRAME = "<!DOCTYPE html><html><head>{}<style>{{{{ rules }}}}</style></head><body>{}</body></html>"
NAME, SITE = "subscriber.first_name | default('')", "subscriber.attributes.site | default('https://example.org/')"


def document(name: str, part: str, site: str) -> str:
    """Return the HTML template of a mail with a value in every place."""
    title, *others = (place.format(name, part, site) for place, _ in CONTEXTS.values())
    return FRAME.format(title, "<p>{{ greeting }}</p>{{ body }}" + "\n".join(others))


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A workshop whose theme shows a name and a link in every place."""
    home = tmp_path_factory.mktemp("templates")
    html = document(f"{{{{ {NAME} }}}}", f"{{{{ {NAME} }}}}", f"{{{{ {SITE} }}}}")
    files = {"mail.html.jinja": html, "mail.txt.jinja": f"{{{{ greeting }}}}\n{{{{ {NAME} }}}}\n{{{{ {SITE} }}}}\n"}
    write_theme(home, "everywhere", {**MINIMAL, "inlined.css.jinja": "p:first-child { color: #112233 }", **files})
    return Workshop(campaign(step(body="One.\n", subject=f"For {{{{ {NAME} }}}}")), load_theme("everywhere", [home]))


NAMES = st.text(st.sampled_from("&<>\"'é😀\u05d0\u0627-a;#x/=?%{}[]!"), max_size=30) | st.sampled_from(
    [
        "<b>&amp;</b>" * 900,
        "אבגד " * 2000,
        "👩‍👩‍👧" * 500,
        "--><script>alert(1)</script>",
        "]]>",
        "{{ 7 * 7 }}",
        "&#60;",
    ]
)
LINKS = st.text(st.sampled_from("abc&<>\"'/?=%#;.-"), max_size=30).map(lambda rest: f"https://example.org/{rest}")


def at_once(name: str, site: str) -> str:
    """Return the HTML as jinja makes it of the whole template and the reader's own values, inlined afterwards."""
    whole = Environment(autoescape=True).from_string(document("{{ name }}", "{{ part }}", "{{ site }}"))
    greeting = f"Hello {name}," if name else "Hello,"
    values = {"name": name, "part": quote(name, safe=""), "site": site, "greeting": greeting}
    rules, body = "p:first-child { color: #112233 }", Markup("<div><p>One.</p></div>\n")
    return inline.inlined(whole.render(**values, rules=rules, body=body))


@settings(max_examples=40)
@given(name=NAMES, site=LINKS)
def test_composed_and_addressed_is_what_jinja_makes_of_the_whole_at_once(
    everywhere: Workshop, name: str, site: str
) -> None:
    message = everywhere.mail(Subscriber("a@example.org", name, attributes={"site": site}))
    assert canonical(message.part("html")) == canonical(at_once(name, site))
    if name:
        assert message.part("text") == f"Hello {name},\n{name}\n{site}\n"
        assert message.headers["Subject"] == f"For {name}"


@pytest.mark.parametrize("context", [Context.TEXT, Context.ATTRIBUTE, Context.URL_PART, Context.URL])
def test_a_place_whose_escaping_is_forgotten_is_found(
    everywhere: Workshop, monkeypatch: pytest.MonkeyPatch, context: Context
) -> None:
    name, site = "\"<b>&amp;'</b>", 'https://example.org/?a="><b>'
    reader = Subscriber("a@example.org", name, attributes={"site": site})
    assert canonical(everywhere.mail(reader).part("html")) == canonical(at_once(name, site))
    monkeypatch.setattr(address_room, "_ESCAPES", {**address_room._ESCAPES, context: None})
    monkeypatch.setattr(address_room, "_PLANS", {})
    assert canonical(everywhere.mail(reader).part("html")) != canonical(at_once(name, site))


@pytest.mark.parametrize(
    "html",
    [
        '<p style="width:{{ progress.number }}px">x</p>',
        "<style>p { width: {{ progress.number }}px }</style>",
        "<script>{{ subscriber.email }}</script>",
        "<{{ subscriber.email }}>x",
        '<p {{ subscriber.email }}="x">x</p>',
        '<p class="{{ subscriber.email }}">x</p>',
        '<p onclick="{{ subscriber.email }}">x</p>',
        "<!-- {{ subscriber.email }} -->",
    ],
)
def test_a_theme_cannot_print_a_value_into_code(tmp_path: Path, html: str) -> None:
    files = {**MINIMAL, "mail.html.jinja": MINIMAL["mail.html.jinja"].replace("{{ body }}", html)}
    write_theme(tmp_path, "code", files)
    with pytest.raises(TemplateError, match="where no reader's value is safe"):
        Workshop(campaign(), load_theme("code", [tmp_path])).mail()


def test_a_text_full_of_forged_tokens_is_shown_as_it_is(minimal_mail: Any) -> None:
    prefix = minimal_mail().variants._prefix
    forged = " ".join(f"{prefix}{number}z" for number in range(5))
    name = f"{prefix}1z {prefix}0z"
    workshop = minimal_mail(f"It says {forged}, {{{{ subscriber.first_name }}}}.\n")
    message = workshop.mail(Subscriber("a@example.org", name))
    assert f"It says {forged}, {name}." in message.part("html")
    assert f"It says {forged}, {name}." in message.part("text").replace("\n", " ")


def canonical(html: str) -> str:
    """Return HTML as one parser understands it; what is in comments for Outlook, as Outlook does."""
    tree = document_fromstring(html)
    for comment in tree.iter(Comment):
        comment.text = unescape(comment.text or "")
    return str(tostring(tree, encoding="unicode"))


@pytest.fixture(scope="module")
def frames(letter: Any) -> list[str]:
    """The HTML of each variant before it is inlined and cut."""
    seen: list[str] = []
    real = inline.inlined

    def keep(html: str) -> str:
        seen.append(html)
        return real(html)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline, "inlined", keep)
        letter.but().mail()
    return seen
