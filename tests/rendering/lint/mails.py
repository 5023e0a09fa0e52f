"""A mail that no rule has anything against, and ways to spoil it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from backmail.clock import Span
from backmail.errors import Place
from backmail.model.campaign import Action, Company, Finding, Step
from backmail.model.message import Composed, Message, Values
from backmail.model.people import Mailbox
from backmail.rendering.lint import judge

UNSUBSCRIBE = "https://news.example.net/u/AbC123"
COMPANY = Company("Acme", ("Acme ApS", "Vestergade 1", "8000 Aarhus C"))
SUBJECT = "Two calm movements to begin with"
PREHEADER = "Each takes a minute, and you can stay on your chair."

LINK = '<a class="link" style="color:#1f5f4a" href="{}">{}</a>'
UNSUBSCRIBE_LINK = LINK.format(UNSUBSCRIBE, "Unsubscribe from these mails")

LONG_TEXT = "Sit tall and let the shoulders hang, then lift them towards the ears and let go."
VIEWPORT = '<meta name="viewport" content="width=device-width'

HTML = f"""<!DOCTYPE html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>{SUBJECT}</title>
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<style data-premailer="ignore">:root{{color-scheme:light dark}}</style>
<style data-premailer="ignore">
@media (prefers-color-scheme: dark) {{
  .page {{ background-color:#14181a !important; color:#e8ebea !important }}
  .link {{ color:#8fd3b8 !important }}
}}
[data-ogsb] .page {{ background-color:#14181a !important }}
[data-ogsc] .page {{ color:#e8ebea !important }}
[data-ogsc] .link {{ color:#8fd3b8 !important }}
</style></head>
<body>
<div style="display:none;mso-hide:all">{PREHEADER} {"&#8199;&#65279;&#847;" * 100}</div>
<div role="article" lang="en" dir="ltr" class="page"
 style="background-color:#ffffff;color:#1d2422;font-size:16px;line-height:1.5">
<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%"><tr><td>
<h1 style="font-size:28px">{SUBJECT}</h1>
<p>Hello Anna,</p>
<h2>Shoulder rolls</h2>
<p>Sit tall and roll them <b>slow</b>ly, 8 times.
See <a class="link" href="https://acme.example.net/rolls" style="color:#1f5f4a">pictures of the shoulder rolls</a>.</p>
<p><a href="https://acme.example.net/plan" style="background-color:#1f5f4a;color:#ffffff;text-decoration:none"
>See the weekly plan</a></p>
<p><a class="link" style="color:#1f5f4a" href="mailto:hello@acme.example.net?subject=Rolls">Write to us</a></p>
<p>Acme ApS<br>Vestergade 1<br>8000 Aarhus&nbsp;C</p>
<p><a class="link" style="color:#1f5f4a" href="{UNSUBSCRIBE}">Unsubscribe from these mails</a></p>
</td></tr></table></div></body></html>
"""

TEXT = f"""{SUBJECT}
================================

Hello Anna,

Sit tall and roll them slowly, 8 times. Pictures of the shoulder rolls:
https://acme.example.net/rolls.

See the weekly plan: https://acme.example.net/plan
Write to us: hello@acme.example.net

Acme ApS
Vestergade 1
8000 Aarhus C
Unsubscribe from these mails: {UNSUBSCRIBE}
"""

HEADERS = {
    "List-Unsubscribe": f"<{UNSUBSCRIBE}>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": "calm-hands:acme",
}

STEP = Step(
    id="rolls",
    file="02-rolls.md",
    subject=SUBJECT,
    preheader=PREHEADER,
    after=Span(1, "w"),
    action=Action("See the weekly plan", "link", "https://acme.example.net/plan"),
    body="## Shoulder rolls\n\nSit tall and roll them **slow**ly, 8 times.\nSee [pictures](https://acme.example.net/rolls).\n",
    body_line=9,
    places={"subject": Place("02-rolls.md", 3, 10), "preheader": Place("02-rolls.md", 4, 12)},
)


@dataclass(frozen=True)
class Mail:
    """The parts of a mail as texts; the defaults are the good one."""

    html: str = HTML
    text: str = TEXT
    subject: str = SUBJECT
    preheader: str = PREHEADER
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    sender: str = "anna@acme.example.net"
    reply_to: str = ""
    language: str = "en"
    values: Values = field(default_factory=dict)

    def but(self, old: str, new: str) -> Mail:
        """Return the mail with a piece of its HTML replaced, which must be there."""
        assert old in self.html, old
        return replace(self, html=self.html.replace(old, new, 1))

    def plus(self, html: str) -> Mail:
        """Return the mail with a piece of HTML more, in front of its address."""
        return self.but("<p>Acme ApS", f"{html}<p>Acme ApS")

    def text_but(self, old: str, new: str) -> Mail:
        """Return the mail with a piece of its text part replaced, which must be there."""
        assert old in self.text, old
        return replace(self, text=self.text.replace(old, new, 1))

    def header(self, **changed: str | None) -> Mail:
        """Return the mail with headers set, or taken out with None; `_` stands for `-`."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in changed.items() if value is not None}
        gone = {name.replace("_", "-") for name, value in changed.items() if value is None}
        return replace(self, headers={name: value for name, value in headers.items() if name not in gone})

    def message(self, step: str = "rolls") -> Message:
        """Return it as a message to one reader."""
        composed = Composed(
            campaign="calm-hands",
            step=step,
            variant="",
            language=self.language,
            sender=Mailbox(self.sender, "Anna at Acme"),
            reply_to=self.reply_to,
            subject=(self.subject,),
            preheader=(self.preheader,),
            html=(self.html,),
            text=(self.text,),
            headers={},
            encoded_text=(),
            encoded_html=(),
        )
        return Message(
            "d1", Mailbox("reader@example.net"), "bounces@acme.example.net", self.headers, composed, self.values
        )


def judged(mail: Mail, **known: Any) -> list[Finding]:
    """Return what the rules say of a mail."""
    return judge(mail.message(), **{"company": COMPANY} | known)


def about(rule: str, findings: list[Finding]) -> list[Finding]:
    """Return the findings of one rule."""
    return [finding for finding in findings if finding.id == rule]


def style(css: str) -> Mail:
    """Return the good mail with one more style block."""
    return Mail().but("</head>", f"<style>{css}</style></head>")


def link(url: str, text: str = "our page on shoulders") -> Mail:
    """Return the good mail with one more link, which its text part has as well."""
    return Mail().plus(f"<p>{LINK.format(url, text)}</p>").text_but("Acme ApS", f"{url}\n\nAcme ApS")


def picture(attributes: str, name: str = "a.png") -> Mail:
    """Return the good mail with a picture."""
    return Mail().plus(f'<img src="https://acme.example.net/{name}" alt="Shoulders" {attributes}>')
