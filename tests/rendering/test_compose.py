"""A step composed: its one action, languages marked, tokens that nothing can forge, and no way out of a place."""

import re
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring, tostring

from backmail.errors import ConfigError, TemplateError
from backmail.model.campaign import Action, Brand, CampaignKind, Greeting
from backmail.model.message import Slot
from backmail.model.people import Subscriber
from backmail.rendering import inline

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


def canonical(html: str) -> str:
    """Return HTML as one parser understands it."""
    return str(tostring(document_fromstring(html), encoding="unicode"))


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
