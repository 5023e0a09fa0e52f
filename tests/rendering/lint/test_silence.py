"""No rule minds what only looks like its fault."""

from dataclasses import replace

import pytest

from tests.rendering.lint.mails import UNSUBSCRIBE_LINK, Mail, about, judged, link, style

GOOD = Mail()

SILENT: list[tuple[str, str, Mail]] = [
    ("a decorative picture", "a11y-img-alt", GOOD.plus('<img src="https://acme.example.net/a.png" alt="">')),
    (
        "a linked picture with a text",
        "a11y-link-text",
        link("https://acme.example.net/x", '<img src="https://a.example.net/a.png" alt="Plan">'),
    ),
    (
        "a picture without alt is told by its own rule",
        "a11y-link-text",
        link("https://acme.example.net/x", '<img src="https://a.example.net/a.png">'),
    ),
    (
        "a label",
        "a11y-link-text",
        link("https://acme.example.net/x", "").but('net/x">', 'net/x" aria-label="Our page">'),
    ),
    (
        "a table of data",
        "a11y-table-role",
        GOOD.plus('<table><tr><th scope="col">Day</th></tr><tr><td>A</td></tr></table>'),
    ),
    ("a table of data within the layout", "a11y-heading-order", GOOD.plus("<h3>Why</h3><h2>Next</h2>")),
    (
        "a background without words",
        "css-lone-background",
        GOOD.plus('<div style="background-color:#eef4f1"><br>&nbsp;</div>'),
    ),
    ("a transparent background", "css-lone-background", GOOD.plus('<div style="background:transparent">A</div>')),
    ("large text", "a11y-contrast-light", GOOD.plus('<p style="color:#8a8a8a;font-size:24px">A</p>')),
    (
        "large bold text in points",
        "a11y-contrast-light",
        GOOD.plus('<p style="color:#8a8a8a;font-size:14pt;font-weight:700">A</p>'),
    ),
    ("hidden text", "a11y-contrast-light", GOOD.plus('<p style="color:#ffffff;display:none">A</p>')),
    (
        "text on a picture",
        "a11y-contrast-light",
        GOOD.plus(
            '<div style="background-image:url(https://a.example.net/a.png)"><p style="color:#ffffff">A</p></div>'
        ),
    ),
    ("a button", "a11y-link-color-only", GOOD),
    (
        "a link alone in its paragraph",
        "a11y-link-color-only",
        GOOD.plus(f"<p>{UNSUBSCRIBE_LINK}</p>".replace('style="', 'style="text-decoration:none;')),
    ),
    (
        "a link that differs",
        "a11y-link-color-only",
        GOOD.but('rolls" style="color:#1f5f4a"', 'rolls" style="color:#e64980;text-decoration:none"'),
    ),
    (
        "the article's own code",
        "text-leak",
        GOOD.plus("<p>Write &amp;nbsp; or &lt;p&gt;.</p>").text_but("Acme", "Write &nbsp; or <p>. Acme"),
    ),
    (
        "an address shown as words",
        "text-links",
        GOOD.plus("<p>https://acme.example.net/x</p>").text_but("Acme", "https://acme.example.net/x. Acme"),
    ),
    (
        "an address in brackets",
        "text-links",
        link("https://acme.example.net/a_(b)").text_but(
            "https://acme.example.net/a_(b)", "(https://acme.example.net/a_(b))."
        ),
    ),
    (
        "a telephone number",
        "text-links",
        GOOD.plus('<p><a style="color:#1f5f4a" class="link" href="tel:+4512345678">Call us</a></p>').text_but(
            "Acme", "+4512345678 Acme"
        ),
    ),
    (
        "two blocks of at-rules",
        "css-nested-at",
        style("@media print{.a{color:#111111}} @media (max-width:600px){.b{color:#111111}}"),
    ),
    ("one capital word", "subj-caps", replace(GOOD, subject="What UNESCO says of calm hands")),
    ("a number and a question", "subj-punct", replace(GOOD, subject="Do 2 movements hurt? No!")),
    ("a word that holds another", "claim-words", replace(GOOD, subject="How to secure a heavy door")),
    ("a word that begins like an answer", "subj-re-fake", replace(GOOD, subject="Rest: two calm movements")),
    ("an answerable address", "from-noreply", replace(GOOD, sender="noreen@acme.example.net")),
    ("emoji of joined signs", "text-leak", GOOD.text_but("Hello", "Hello \U0001f468\u200d\U0001f33e")),
    ("a sign of an article that nobody sees", "text-leak", GOOD.text_but("Hello", "Hel\u200blo \u200b\u00a0\u200b")),
]


@pytest.mark.parametrize(("why", "rule", "mail"), SILENT, ids=[why for why, *_ in SILENT])
def test_a_rule_is_silent_on_what_is_right(why: str, rule: str, mail: Mail) -> None:
    assert about(rule, judged(mail)) == []
