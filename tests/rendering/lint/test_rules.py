"""Every rule fires on a mail that breaks it, says it once, and has nothing against a good mail."""

import binascii
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.model.campaign import Company, Severity
from backmail.rendering.lint import FAMILIES, Limits
from backmail.rendering.proxies import prefix
from tests.rendering.lint.mails import (
    LINK,
    LONG_TEXT,
    SUBJECT,
    UNSUBSCRIBE,
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
# A theme that has thought of dark mode; a program that asks nobody makes the blue letters a blue that is not light.
DARK_IS_GOOD = """@media (prefers-color-scheme: dark) { .only { color:#e8ebea !important } }
[data-ogsc] .only { color:#e8ebea !important }"""
E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SPOILT: list[tuple[str, Severity, Mail]] = [
    ("size-clip-gmail", W, GOOD.plus("<p>" + "word " * 18_800 + "</p>")),
    ("size-clip-gmail", E, GOOD.plus("<p>" + "word " * 21_000 + "</p>")),
    ("size-clip-gmail", E, GOOD.plus("<p>" + "= " * 35_000 + "</p>")),  # 70 KB that weigh 140 KB when encoded
    ("size-css-gmail", W, style(".a{color:#111111}" * 500)),
    ("size-css-gmail", E, style(".a{color:#111111}" * 1000)),
    ("css-nested-at", E, style("@media (max-width:600px){@media print{.a{color:#111111}}}")),
    ("css-nested-at", E, style(".a{@media print{color:#111111}}")),
    ("css-nested-at", E, style("@media (max-width:600px){.a{@media print{color:#111111}}}")),
    ("css-import-remote", E, style("@import url(https://fonts.example.net/a.css);")),
    (
        "css-import-remote",
        E,
        GOOD.but("</head>", '<link rel="stylesheet" href="https://fonts.example.net/a.css"></head>'),
    ),
    ("css-lone-background", E, GOOD.plus('<div style="background-color:#eef4f1">Breathe.</div>')),
    ("css-lone-background", E, GOOD.plus('<div style="background:#eef4f1 url(x.png)">Breathe.</div>')),
    ("css-lone-background", E, GOOD.plus('<div><span bgcolor="#eef4f1">Breathe.</span></div>')),
    ("a11y-lang-html", E, GOOD.but('<html lang="en"', "<html")),
    ("a11y-lang-html", E, GOOD.but('<html lang="en"', '<html lang="english language"')),
    ("a11y-lang-body", E, GOOD.but('role="article" lang="en"', 'role="article"')),
    ("a11y-lang-body", E, GOOD.plus('<p lang="">Goddag.</p>')),
    ("a11y-dir-body", E, GOOD.but('lang="en" dir="ltr" class', 'lang="en" class')),
    ("a11y-table-role", E, GOOD.but('<table role="presentation"', "<table")),
    (
        "a11y-table-role",
        E,
        GOOD.plus('<table role="none"><tr><th scope="col">Day</th></tr><tr><td>Monday</td></tr></table>'),
    ),
    ("a11y-table-role", E, GOOD.plus("<table><tr><th>Day</th></tr><tr><td>Monday</td></tr></table>")),
    ("a11y-title", E, GOOD.but(f"<title>{SUBJECT}</title>", "")),
    ("a11y-title", E, GOOD.but(f"<title>{SUBJECT}</title>", "<title> </title>")),
    ("a11y-h1", W, GOOD.plus("<h1>Once more</h1>")),
    ("a11y-h1", W, GOOD.but("<h1", "<h2").but("</h1>", "</h2>")),
    ("a11y-heading-order", W, GOOD.plus("<h4>Why</h4>")),
    ("a11y-img-alt", E, GOOD.plus('<img src="https://acme.example.net/a.png">')),
    ("a11y-img-alt", W, GOOD.plus('<img src="https://acme.example.net/a.png" alt="rolls-2.PNG">')),
    ("a11y-img-alt", W, GOOD.plus(f'<img src="https://acme.example.net/a.png" alt="{"shoulders " * 20}">')),
    ("a11y-link-text", E, link("https://acme.example.net/x", "")),
    ("a11y-link-text", E, link("https://acme.example.net/x", '<img src="https://acme.example.net/a.png" alt="">')),
    ("a11y-link-text", W, link("https://acme.example.net/x", "Click <b>here</b>!")),
    (
        "a11y-link-text",
        W,
        GOOD.plus(f'<p lang="da">{UNSUBSCRIBE_LINK.replace("Unsubscribe from these mails", "Klik her")}</p>'),
    ),
    (
        "a11y-link-color-only",
        W,
        GOOD.but('rolls" style="color:#1f5f4a"', 'rolls" style="color:#1f5f4a;text-decoration:none"'),
    ),
    ("a11y-contrast-light", E, GOOD.plus('<p style="color:#999999">Breathe.</p>')),
    ("a11y-contrast-light", E, GOOD.plus('<p style="color:#999999"><b style="font-size:22px">Breathe.</b></p>')),
    ("a11y-contrast-dark", W, GOOD.plus('<p style="color:#222222">Breathe.</p>')),
    ("a11y-contrast-dark", W, GOOD.but("; color:#e8ebea !important }\n  .link", " }\n  .link")),
    ("link-scheme", W, link("http://acme.example.net/x")),
    ("link-scheme", E, link("javascript:alert(1)")),
    ("link-scheme", E, link("www.acme.example.net/x")),
    ("link-scheme", E, link("")),
    ("link-scheme", E, link("https://localhost:8000/x")),
    ("img-not-public", E, GOOD.plus('<img src="images/a.png" alt="Shoulders">')),
    ("link-scheme", E, GOOD.plus('<img alt="Shoulders">')),
    ("link-scheme", W, GOOD.plus('<img src="http://acme.example.net/a.png" alt="Shoulders">')),
    ("link-unsub-missing", E, GOOD.but(UNSUBSCRIBE_LINK, f'<div style="display:none">{UNSUBSCRIBE_LINK}</div>')),
    ("link-unsub-missing", E, GOOD.but(">Unsubscribe from these mails<", "><")),
    ("link-unsub-missing", E, GOOD.text_but(UNSUBSCRIBE, "")),
    ("footer-address", E, GOOD.but("Vestergade 1", "")),
    ("footer-address", E, GOOD.text_but("Vestergade 1", "")),
    ("text-missing", E, replace(GOOD, text=" \n")),
    ("text-ratio", W, GOOD.plus("<p>" + "word " * 2000 + "</p>")),
    ("text-links", E, GOOD.plus(f"<p>{LINK.format('https://acme.example.net/x', 'our page')}</p>")),
    ("text-links", E, GOOD.text_but("8 times.", "8 times. https://acme.example.net/x")),
    ("text-leak", W, GOOD.text_but("Hello", "\u2007\ufeff\u034f\u2007\ufeff\u034f Hello")),
    ("text-leak", W, GOOD.text_but("Hello", "&nbsp;Hello")),
    ("text-leak", W, GOOD.text_but("Hello", ".page { color:#111111 } Hello")),
    ("text-leak", W, GOOD.text_but("Hello", "<p>Hello</p>")),
    ("merge-unfilled", E, GOOD.but("Hello Anna", "Hello {{ subscriber.first_name }}")),
    ("merge-unfilled", E, GOOD.but("Hello Anna", "Hello {% if x %}Anna")),
    ("merge-unfilled", E, GOOD.but("acme.example.net/rolls", "acme.example.net/[%rolls%]")),
    ("merge-unfilled", E, GOOD.text_but("Hello Anna", "Hello *|FNAME|*")),
    ("merge-unfilled", E, replace(GOOD, subject="Two movements, {{ name")),
    ("merge-unfilled", E, GOOD.but("Hello Anna", f"Hello {prefix('a text')}7z")),
    ("html-script", E, GOOD.plus("<script>x()</script>")),
    ("html-script", E, GOOD.plus('<p onclick="x()">A</p>')),
    ("html-form", E, GOOD.plus("<form><input></form>")),
    ("html-iframe", E, GOOD.plus('<iframe src="https://acme.example.net/"></iframe>')),
    ("html-object", E, GOOD.plus("<object></object>")),
    ("html-control-char", E, GOOD.but("Hello", "Hello\x92")),
    ("html-control-char", E, GOOD.but("Hello", "Hello&#146;")),
    ("html-control-char", E, GOOD.text_but("Hello", "Hello\ufffd")),
    ("html-control-char", E, replace(GOOD, subject="Two calm\x07 movements")),
    ("html-control-char", E, GOOD.header(Feedback_ID="a\r\nBcc: x@example.net")),
    ("html-dup-id", INFO, GOOD.plus('<p id="a">A</p><p id="a">B</p>')),
    ("pre-missing", W, replace(GOOD, preheader="")),
    (
        "pre-missing",
        W,
        GOOD.but("display:none;mso-hide:all", "").but("Each takes a minute", "Every day takes a minute"),
    ),
    ("pre-length", W, replace(GOOD, preheader="A minute each.")),
    ("pre-length", W, replace(GOOD, preheader="A minute each, " * 8)),
    ("pre-dup-subject", W, replace(GOOD, preheader=f"{SUBJECT.upper()}: one minute each.")),
    ("subj-empty", E, replace(GOOD, subject=" ")),
    ("subj-length", W, replace(GOOD, subject="Two calm movements to begin with, and what to do when you are tired")),
    ("subj-caps", W, replace(GOOD, subject="REST YOUR hands today")),
    ("subj-punct", W, replace(GOOD, subject="Two calm movements!!")),
    ("subj-re-fake", W, replace(GOOD, subject="Re: two calm movements")),
    ("claim-words", W, replace(GOOD, subject="A guaranteed way to rest")),
    ("claim-words", W, replace(GOOD, preheader="Two movements for a pain-free day at your desk.")),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe=None)),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe=f"<{UNSUBSCRIBE.replace('https', 'http')}>")),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe="=?utf-8?q?=3Chttps=3A//news=2Eexample=2Enet?=")),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe=f"<{UNSUBSCRIBE}>,\r\n <mailto:u@example.net>")),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe=f"<{UNSUBSCRIBE}{'x' * 990}>")),
    ("header-list-unsubscribe", E, GOOD.header(List_Unsubscribe_Post=None)),
    ("from-noreply", W, replace(GOOD, sender="no-reply@acme.example.net")),
    ("from-noreply", W, replace(GOOD, reply_to="ikke.svar@acme.example.net")),
    ("subj-newline", E, replace(GOOD, subject="Two calm\nmovements")),
    ("pre-leak", W, GOOD.but("&#8199;&#65279;&#847;" * 100, "&#8199;&#65279;&#847;" * 60)),
    # Letters
    ("a11y-font-size", W, GOOD.plus('<p style="font-size:12px">Breathe.</p>')),
    ("a11y-line-height", W, GOOD.plus(f'<p style="line-height:20px">{LONG_TEXT}</p>')),
    ("a11y-line-height", W, GOOD.plus(f'<p style="line-height:1.2">{LONG_TEXT}</p>')),
    ("a11y-justify", W, GOOD.plus(f'<p style="text-align:justify">{LONG_TEXT}</p>')),
    ("a11y-aria-hidden-focus", W, GOOD.plus(f'<div aria-hidden="true"><p>{UNSUBSCRIBE_LINK}</p></div>')),
    ("a11y-emoji-run", INFO, GOOD.plus("<p>Well done \U0001f389\U0001f44f\U0001f3fd \u2764\ufe0f</p>")),
    ("a11y-emoji-run", INFO, replace(GOOD, subject="Well done \U0001f389\U0001f389\U0001f389")),
    # What Outlook draws
    ("a11y-vml-alt", E, GOOD.plus('<!--[if mso]><v:rect fill="t"><v:fill src="a.png"/></v:rect><![endif]-->')),
    ("a11y-vml-alt", E, GOOD.plus('<!--[if mso]><v:image src="a.png"/><![endif]-->')),
    ("a11y-vml-link", E, GOOD.plus('<!--[if mso]><v:roundrect href="https://acme.example.net/"/><![endif]-->')),
    (
        "a11y-vml-heading",
        W,
        GOOD.plus("<!--[if mso]><v:rect><v:textbox><h2>Rest</h2></v:textbox></v:rect><![endif]-->"),
    ),
    # Dark mode
    ("a11y-contrast-dark", W, GOOD.but("[data-ogsc] .page { color:#e8ebea", "[data-ogsc] .page { color:#222222")),
    ("a11y-contrast-dark", W, style(DARK_IS_GOOD).plus('<p class="only" style="color:#0000cc">Breathe.</p>')),
    ("dark-meta", W, GOOD.but('<meta name="color-scheme" content="light dark">', "")),
    (
        "dark-meta",
        W,
        GOOD.but('<meta name="color-scheme" content="light dark">', '<meta name="color-scheme" content="light">'),
    ),
    ("dark-meta", W, GOOD.but(":root{color-scheme:light dark}", "")),
    ("dark-ogs", INFO, GOOD.but("[data-ogsc] .link { color:#8fd3b8 !important }", "")),
    # Links
    ("link-shortener", W, link("https://bit.ly/3x")),
    ("link-ip", W, link("https://93.184.216.34/x")),
    ("link-mismatch", E, link("https://acme.example.net/x", "https://other.example.org/x")),
    ("link-mismatch", E, link("https://acme.example.net/x", "www.example.com")),
    ("link-mismatch", W, link("https://acme.example.net/x", "Booking.com")),
    ("link-unencoded", W, link("https://acme.example.net/søvn")),
    ("link-unencoded", W, link("https://acme.example.net/a b")),
    ("link-count", W, GOOD.plus("".join(LINK.format(f"https://a.example.net/{n}", "A") for n in range(41)))),
    ("link-unsub-missing", E, GOOD.but(UNSUBSCRIBE_LINK, UNSUBSCRIBE_LINK.replace("#1f5f4a", "#bbbbbb"))),
    # Pictures
    ("img-width-attr", E, GOOD.plus('<img src="https://acme.example.net/a.png" alt="Shoulders">')),
    ("img-width-attr", E, picture('width="100%"')),
    ("img-width-attr", E, picture('width="1200"')),
    ("img-height-auto", W, picture('width="520" style="width:100%;height:300px"')),
    ("img-format", W, picture('width="520"', "a.psd")),
    ("img-base64", W, GOOD.plus('<img src="data:image/png;base64,AAAA" width="52" alt="Shoulders">')),
    ("img-svg", W, picture('width="520"', "a.svg")),
    ("img-cid", E, GOOD.plus('<img src="cid:a@b" width="52" alt="Shoulders">')),
    ("img-ratio", W, GOOD.plus('<img src="https://acme.example.net/a.png" width="520" alt="Shoulders">' * 5)),
    (
        "img-bg-fallback",
        W,
        GOOD.plus('<div style="color:#111111;background-image:url(https://a.example.net/a.png)">Breathe.</div>'),
    ),
    ("img-bg-fallback", W, GOOD.plus('<div background="https://a.example.net/a.png">Breathe.</div>')),
    # Values
    ("merge-empty-context", W, GOOD.text_but("Hello Anna,", "Hello ,")),
    ("merge-empty-context", W, replace(GOOD, subject="Two calm movements in  today")),
    ("merge-empty-context", W, replace(GOOD, preheader="Each takes a minute , and you can stay on your chair.")),
    # HTML
    ("html-parse", E, GOOD.plus("<p>Rest <div>well</div></p>")),
    ("html-parse", E, GOOD.plus('<a href="https://acme.example.net/plan"><table></table></a>')),
    ("html-parse", E, GOOD.plus("<div>Rest")),
    ("html-parse", E, GOOD.plus("Rest</div>")),
    ("html-cond-revealed", E, GOOD.plus("<![if !mso]><p>Rest</p><![endif]>")),
    ("html-cond-revealed", E, GOOD.plus("<!--[if !mso]--><p>Rest</p><!--[endif]-->")),
    ("html-cond-revealed", E, GOOD.plus("<!--[if mso]><p>Rest</p>")),
    ("html-doctype", W, GOOD.but("<!DOCTYPE html>\n", "")),
    ("html-charset", E, GOOD.but('<meta charset="utf-8">', "")),
    ("html-charset", E, GOOD.but('<meta charset="utf-8">', '<meta charset="iso-8859-1">')),
    (
        "html-non-ascii-charset",
        W,
        GOOD.but('<meta charset="utf-8">', f'<!--{"-" * 999}--><meta charset="utf-8">').plus("é"),
    ),
    ("html-viewport-zoom", E, GOOD.but("<title>", f'{VIEWPORT}, user-scalable=no"><title>')),
    ("html-viewport-zoom", E, GOOD.but("<title>", f'{VIEWPORT}, maximum-scale=1.0"><title>')),
    # Styles
    ("css-important-inline", W, GOOD.plus('<p style="margin:0 !important">Rest</p>')),
    ("css-var", E, GOOD.plus('<p style="margin:var(--gap)">Rest</p>')),
    ("css-var", E, style(":root{--gap:4px}")),
    ("css-modern-color", E, GOOD.plus('<p style="border:1px solid #11223344">Rest</p>')),
    ("css-modern-color", E, GOOD.plus('<p style="border:1px solid rgb(0 0 0 / 50%)">Rest</p>')),
    ("css-modern-color", E, style(".a{border-color:oklch(40% 0.2 30)}")),
    ("css-hsl", E, GOOD.plus('<p style="border:1px solid hsl(120,50%,50%)">Rest</p>')),
    ("css-hex6", INFO, GOOD.plus('<p style="border:1px solid #123">Rest</p>')),
    ("css-hex6", INFO, GOOD.plus('<p bgcolor="#fff">Rest</p>')),
    ("css-position", W, GOOD.plus('<p style="position:absolute">Rest</p>')),
    ("css-flex-grid-no-fallback", W, GOOD.plus('<p style="display:flex">Rest</p>')),
    ("cie-css", W, GOOD.plus('<p style="animation:a 1s">Rest</p>')),
    ("cie-css", INFO, GOOD.plus('<p style="width:calc(1px + 1em)">Rest</p>')),
    ("cie-css", W, style("@font-face{font-family:A}")),
    ("cie-html", W, GOOD.plus('<video src="https://acme.example.net/a.mp4"></video>')),
    ("cie-image", W, picture('width="520"', "a.avif")),
    # Bytes
    ("mime-line-length", E, GOOD.header(Feedback_ID="a" * 990)),
    # Spam
    ("spam-words", W, GOOD.plus("<p>Act now, dear reader.</p>")),
    ("spam-words", W, replace(GOOD, subject="Your free gift is inside")),
    ("spam-hidden-text", W, GOOD.plus('<p style="font-size:0">cheap watches</p>')),
    ("spam-hidden-text", W, GOOD.plus('<p style="color:#ffffff">cheap watches</p>')),
    ("spam-hidden-text", W, GOOD.plus('<p style="display:none">cheap watches</p>')),
]


def test_a_good_mail_has_no_finding() -> None:
    assert judged(GOOD) == []


@pytest.mark.parametrize(
    ("rule", "severity", "mail"), SPOILT, ids=[f"{rule}-{n}" for n, (rule, *_) in enumerate(SPOILT)]
)
def test_a_rule_fires_once_on_what_breaks_it(rule: str, severity: Severity, mail: Mail) -> None:
    found = about(rule, judged(mail))
    assert [finding.severity for finding in found][:1] == [severity], judged(mail)
    assert len(found) == 1
    assert (found[0].campaign, found[0].step) == ("calm-hands", "rolls")
    assert not found[0].message.endswith(".")


def test_each_rule_of_the_table_has_a_mail_above_that_breaks_it() -> None:
    judged_alone = {rule.id for family in FAMILIES for rule in family.rules if rule.check and not rule.series}
    judged_alone -= {"seq-link-to-unsent", "merge-forge"}  # in test_series.py and test_values.py: they need a campaign
    assert {rule for rule, *_ in SPOILT} == judged_alone


def test_each_finding_is_as_bad_as_its_rule_says_at_worst() -> None:
    order = [INFO, W, E]
    worst: dict[str, Severity] = {}
    for rule, severity, _ in SPOILT:
        worst[rule] = max(severity, worst.get(rule, INFO), key=order.index)
    registered = {rule.id: rule.severity for family in FAMILIES for rule in family.rules}
    assert worst == {rule: registered[rule] for rule in worst}


def test_no_rule_is_registered_twice_and_each_has_its_words() -> None:
    rules = [rule for family in FAMILIES for rule in family.rules]
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert (rule.says[-1], rule.hint[-1] == ".", bool(rule.source)) == (".", False, True), rule.id


def test_a_mail_without_a_postal_address_of_its_sender_is_told_so() -> None:
    found = about("footer-address", judged(GOOD, company=Company("Acme", (" ",))))
    assert [finding.hint for finding in found] == ["set sender.address in config.yaml"]


def test_html_and_text_each_need_the_unsubscribe_link() -> None:
    found = about("link-unsub-missing", judged(GOOD.but(UNSUBSCRIBE_LINK, "").text_but(UNSUBSCRIBE, "")))
    assert [finding.message.partition(" has")[0] for finding in found] == ["the mail", "the text part"]


def test_without_a_header_the_unsubscribe_link_is_known_by_its_path() -> None:
    bare = GOOD.header(List_Unsubscribe=None)
    assert about("link-unsub-missing", judged(bare)) == []
    assert about("link-unsub-missing", judged(bare.but(UNSUBSCRIBE_LINK, "")))


@pytest.mark.parametrize(("over", "expected"), [(0, []), (1, [W])])
def test_a_limit_is_passed_by_one_byte(over: int, expected: list[Severity]) -> None:
    encoded = len(binascii.b2a_qp(GOOD.html.encode(), istext=True))
    css = sum(len(sheet) for sheet in re.findall(r"<style[^>]*>(.*?)</style>", GOOD.html, re.DOTALL))
    found = judged(GOOD, limits=Limits(10**6, encoded - over, 10**6, css - over))
    assert [each.severity for each in about("size-clip-gmail", found)] == expected
    assert [each.severity for each in about("size-css-gmail", found)] == expected
    found = judged(GOOD, limits=Limits(encoded - over, 100, css - over, 100))
    assert {each.severity for each in found} == {E if over else W}


def test_an_empty_mail_is_judged_as_well() -> None:
    ids = {finding.id for finding in judged(Mail("", "", "", "", {}))}
    assert {"a11y-title", "text-missing", "subj-empty", "pre-missing", "link-unsub-missing", "footer-address"} <= ids


@given(st.text(st.sampled_from("<>&;=\"' /aphtmlbodystyle{}@#:!-\n\0\u0092"), max_size=60), st.text(max_size=40))
def test_no_mail_is_too_broken_to_be_judged(html: str, text: str) -> None:
    assert judged(Mail(html, text, text, text, {"List-Unsubscribe": text}))


def test_a_mail_of_thousand_nested_elements_is_judged() -> None:
    assert about("a11y-h1", judged(Mail("<div>" * 1000 + "A" + "</div>" * 1000))) != []
