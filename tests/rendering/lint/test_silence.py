"""No rule minds what only looks like its fault."""

from dataclasses import replace

import pytest

from tests.rendering.lint.mails import (
    LONG_TEXT,
    STEP,
    UNSUBSCRIBE_LINK,
    VIEWPORT,
    Mail,
    about,
    judged,
    link,
    picture,
    style,
)

GOOD = Mail()

SILENT: list[tuple[str, str, Mail]] = [
    ("many links to one page", "link-count", GOOD.plus(f"<p>{UNSUBSCRIBE_LINK}</p>" * 50)),
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
    ("small letters without words", "a11y-font-size", GOOD.plus('<p style="font-size:1px">&nbsp;</p>')),
    ("a short line", "a11y-line-height", GOOD.plus('<p style="line-height:1">Breathe.</p>')),
    (
        "a heading's lines",
        "a11y-line-height",
        GOOD.plus(f'<h2 style="font-size:28px;line-height:1.2">{LONG_TEXT}</h2>'),
    ),
    ("two emoji", "a11y-emoji-run", GOOD.plus("<p>Well done \U0001f389 \U0001f389</p>")),
    (
        "a picture out of sight of screen readers",
        "a11y-aria-hidden-focus",
        GOOD.plus('<p aria-hidden="true">&#8594;</p>'),
    ),
    ("a shape without a picture", "a11y-vml-alt", GOOD.plus('<!--[if mso]><v:rect fill="f"></v:rect><![endif]-->')),
    ("no colours for dark mode", "dark-meta", GOOD.but("prefers-color-scheme", "prefers-contrast")),
    ("no colours for dark mode", "dark-ogs", GOOD.but("prefers-color-scheme", "prefers-contrast")),
    ("a link that shows where it leads", "link-mismatch", link("https://www.acme.example.net/x", "acme.example.net")),
    ("a part of the site", "link-mismatch", link("https://blog.acme.com/x", "www.acme.com")),
    ("a name of a file", "link-mismatch", link("https://code.example.net/x", "setup.py")),
    ("a technique", "link-mismatch", link("https://code.example.net/x", "ASP.NET")),
    ("an address that is encoded", "link-unencoded", link("https://acme.example.net/s%C3%B8vn?a=1&amp;b=2#c")),
    ("a version number", "link-ip", link("https://acme.example.net/1.2.3.4")),
    ("a picture as wide as the mail", "img-width-attr", picture('width="600"')),
    ("a picture that is not shown", "img-width-attr", GOOD.plus('<img src="https://a.example.net/a.png" hidden>')),
    ("a height that follows", "img-height-auto", picture('width="520" style="width:100%;height:auto"')),
    ("a logo of a fixed size", "img-height-auto", picture('width="160" style="width:160px;height:40px"')),
    ("one picture among words", "img-ratio", picture('width="520"')),
    ("an address without an ending", "img-format", picture('width="520"', "media/7f3")),
    (
        "a colour behind a picture",
        "img-bg-fallback",
        GOOD.plus('<div style="color:#111111;background:#eeeeee url(https://a.example.net/a.png)">Breathe.</div>'),
    ),
    ("three dots", "merge-empty-context", GOOD.text_but("Hello Anna,", "Hello ... Anna,")),
    (
        "a gap that the step itself has",
        "merge-empty-context",
        GOOD.text_but("Hello Anna,", "Sit tall , Anna"),
    ),
    ("a comment for Outlook", "html-cond-revealed", GOOD.plus("<!--[if mso]>A<![endif]-->")),
    ("a comment for all others", "html-cond-revealed", GOOD.plus("<!--[if !mso]><!-->A<!--<![endif]-->")),
    (
        "a viewport that may be zoomed",
        "html-viewport-zoom",
        GOOD.but("<title>", f'{VIEWPORT}, maximum-scale=10"><title>'),
    ),
    ("a colour that is an address", "css-modern-color", GOOD.plus('<p style="background:url(#aabbccdd)">A</p>')),
    ("an older way to write it", "css-modern-color", GOOD.plus('<p style="border-color:rgba(0, 0, 0, 0.5)">A</p>')),
    ("a selector", "css-modern-color", style("#aabbccdd { margin:0 }")),
    ("six digits", "css-hex6", GOOD.plus('<p style="border-color:#112233" bgcolor="#112233">A</p>')),
    ("where it is anyway", "css-position", GOOD.plus('<p style="position:static">A</p>')),
    ("an older way in front", "css-flex-grid-no-fallback", GOOD.plus('<p style="display:block;display:flex">A</p>')),
    ("what only improves a mail", "cie-css", GOOD.plus('<p style="border-radius:6px">A</p>')),
    ("what few readers lack", "cie-css", GOOD.plus('<p style="float:left">A</p>')),
    ("a picture that all show", "cie-image", picture('width="520"', "a.jpg")),
    ("a word that holds another", "spam-words", GOOD.plus("<p>Breadwinners rest.</p>")),
    ("the preheader is hidden", "spam-hidden-text", GOOD),
    ("blanks that are hidden", "spam-hidden-text", GOOD.plus('<p style="display:none">&nbsp;</p>')),
    ("a sign of an article that nobody sees", "text-leak", GOOD.text_but("Hello", "Hel\u200blo \u200b\u00a0\u200b")),
]


@pytest.mark.parametrize(("why", "rule", "mail"), SILENT, ids=[why for why, *_ in SILENT])
def test_a_rule_is_silent_on_what_is_right(why: str, rule: str, mail: Mail) -> None:
    assert about(rule, judged(mail, step=replace(STEP, body="Sit tall , and rest.\n"))) == []
