"""One variant of a step: jinja, Markdown, theme, inlining, text part; cut into literal pieces and slots."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from backmail.errors import ConfigError, Fault, Place, TemplateError
from backmail.model.campaign import Brand, Campaign, Company, Step
from backmail.model.message import Composed, Context
from backmail.model.people import Mailbox
from backmail.rendering import html, inline, palette, pieces, quoted, routine, sizes, text, utm
from backmail.rendering.decisions import named
from backmail.rendering.names import Names, of_brand, of_campaign, of_company, of_products, of_step
from backmail.rendering.nesting import misfits
from backmail.rendering.parts import Part, parts, untitled
from backmail.rendering.phrases import Phrases, direction, phrases, same_language
from backmail.rendering.proxies import Build
from backmail.rendering.refused import Refused
from backmail.rendering.script import Script, Texts
from backmail.rendering.theme import MAIL, RULES, TEXT, Theme

_FONTS = re.compile(r"[\w\s,'\"-]+")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_REVEALED = re.compile(r"<!\[if\b[^>]*>", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Setting:
    """What all mails of a campaign have in common."""

    campaign: Campaign
    theme: Theme
    brand: Brand
    company: Company


def compose(setting: Setting, step: Step, script: Script, build: Build) -> Composed:
    """Return the variant of a step that the answers given by `build` lead to.

    Args:
        setting: the campaign and its looks.
        step: the step.
        script: its compiled templates.
        build: gives out tokens and answers questions about the reader; new for each call.

    Raises:
        TemplateError: the step or the theme cannot be rendered, with file and line.
        ConfigError: the brand's colours or fonts cannot be used.
    """
    campaign, words = setting.campaign, phrases(setting.campaign.language)
    reader = build.names()
    static = _static(setting)
    texts = script.texts(reader, static, lambda written: of_step(step, written))
    written = {"subject": texts.subject, "preheader": texts.preheader, "action": texts.action}
    names = {**static, **reader, "step": of_step(step, written)}
    markdown = script.body(names)
    try:
        media = str(reader["links"].child("media")) if campaign.pictures else ""
        body = untitled(parts(markdown, campaign, step, words, media), texts.subject)
        _check_link(step, texts, build)
        frame = {**names, **_frame(setting, texts, step, words, reader)}
        made = _Made(_html(setting, body, frame, build), _text(setting, body, frame, words))
        return _cut(setting, step, texts, _tagged(campaign, step, made), build)
    except Refused as error:
        place = _place(step, script, setting.theme, str(error))
        raise TemplateError(Fault(str(error), place, error.hint, rule=error.rule)) from None


@dataclass(frozen=True)
class _Made:
    """Both parts of a mail with tokens in them."""

    html: str
    text: str


def _static(setting: Setting) -> dict[str, Any]:
    """Return the names that are the same for all steps and readers."""
    return {
        "campaign": of_campaign(setting.campaign),
        "products": of_products(setting.campaign),
        "brand": of_brand(setting.brand, setting.campaign, setting.company),
        "company": of_company(setting.company),
    }


def _frame(setting: Setting, texts: Texts, step: Step, words: Phrases, reader: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names that the theme gets beside those of a step's own templates."""
    language = setting.campaign.language
    listed = routine.routine(setting.campaign, step, words, reader)
    foreign = not same_language(words.language, language)
    return {
        "subject": texts.subject,
        "preheader": texts.preheader,
        "greeting": texts.greeting,
        "action": {"kind": step.action.kind, "text": texts.action, "address": _address(setting, texts, step, reader)},
        "phrase": words,
        "routine": listed,
        "sheet": reader["links"].child("sheet") if _has_sheet(setting.campaign, step, listed) else "",
        # Where we have no phrases in the article's language the frame is English, and the article's own is marked.
        "language": words.language if foreign else language,
        "direction": direction(words.language),
        "own_language": language,
        "own_direction": direction(language),
        "mark_own": html.marked(language if foreign else ""),
        "mark_back": html.marked(words.language if foreign else ""),
        "light": palette.light(setting.brand),
        "dark": palette.dark(setting.brand),
        "px": sizes.scaled(setting.brand.text_size),
        "fonts": _fonts(setting.brand.fonts),
    }


def _address(setting: Setting, texts: Texts, step: Step, reader: Mapping[str, Any]) -> Any:
    """Return where the step's action leads."""
    match step.action.kind:
        case "link":
            return texts.action_url
        case "calendar":
            return reader["links"].child("calendar")
        case "print":
            return reader["links"].child("view")
        case "reply":
            to = setting.campaign.sender.reply_to or setting.campaign.sender.email
            return f"mailto:{quote(to, safe='@+')}?subject={quote(f'Re: {texts.subject}', safe='')}"
    return ""


def _has_sheet(campaign: Campaign, step: Step, listed: Sequence[Names]) -> bool:
    """Whether a mail leads to the sheet of all exercises: the last one does, if its reader got any."""
    if step.id != campaign.steps[-1].id:
        return False
    return bool(listed) or step.id in {each.id for each in routine.with_exercises(campaign)}


def _fonts(fonts: str) -> str:
    """Return the brand's fonts, sure that they cannot end a style rule."""
    if not _FONTS.fullmatch(fonts):
        raise ConfigError(f"the brand's fonts {fonts!r} are no list of font names apart by commas")
    return fonts


def _check_link(step: Step, texts: Texts, build: Build) -> None:
    """Raise when the action leads to something that is no link in a mail; a reader's own address is looked at later."""
    address = texts.action_url
    if step.action.kind == "link" and not _SAFE_LINK.fullmatch(address) and not build.pattern.match(address):
        raise Refused(f"the action leads to {address!r}", "write a whole address: https://...")


def _html(setting: Setting, body: tuple[Part, ...], frame: Mapping[str, Any], build: Build) -> str:
    """Return the finished HTML, inlined, with tokens."""
    theme = setting.theme

    def render(file: str, names: Mapping[str, Any]) -> str:
        return theme.render(file, {**frame, **names})

    def view(step_id: str) -> Any:
        return frame["links"].child("views").child(step_id)

    rules = theme.render(RULES, frame)
    inline.check(rules, theme.shown_name(RULES))
    shown = html.shown(body, render, frame, view)
    content = Markup("\n").join(part.child("html") for part in shown)
    names = {**frame, "rules": Markup(rules), "body": content, "parts": shown}  # noqa: S704  # the theme's own style sheet
    whole = theme.render(MAIL, names)
    try:
        _check_tree(whole)
        inline.check_attributes(whole)
    except Refused:
        pieces.of_html(whole, build)  # which tells it better where a reader's value is what does not fit
        raise
    made = inline.inlined(whole)
    if not pieces.same_tokens(whole, made, build):
        message = "inlining lost or doubled a reader's value"
        raise TemplateError(
            Fault(
                message,
                Place(theme.shown_name(MAIL)),
                "is a tag left open, or a link around a table?",
                rule="html-parse",
            )
        )
    return made


def _check_tree(html: str) -> None:
    """Raise where tags do not fit together: inlining mends that without a word, and empties links or moves texts."""
    for at, _, message in misfits(html):
        tag = html[at : html.find(">", at) + 1]
        told = f"{message}: {tag!r}" if tag else message
        raise Refused(told, "all that follows would stand elsewhere", "html-parse")
    if revealed := _REVEALED.search(html):
        message = f"{revealed[0]!r} is kept by some parsers only"
        raise Refused(message, "write <!--[if !mso]><!--> ... <!--<![endif]-->", "html-cond-revealed")


def _text(setting: Setting, body: tuple[Part, ...], frame: Mapping[str, Any], words: Phrases) -> str:
    """Return the finished text part with tokens; it ends with a line end."""

    def view(step_id: str) -> Any:
        return frame["links"].child("views").child(step_id)

    shown = text.shown(body, words, view)
    content = "\n\n".join(filter(None, (part.child("text") for part in shown)))
    helpers = {
        "wrap": text.wrapped,
        "underline": text.underlined,
        "item": text.item,
        "body": content,
        "parts": shown,
    }
    whole = setting.theme.render(TEXT, {**frame, **helpers})
    lines = "\n".join(line.rstrip() for line in whole.strip("\n").split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines) + "\n"


def _tagged(campaign: Campaign, step: Step, made: _Made) -> _Made:
    """Return a mail whose links to the sender's own sites tell them where readers come from.

    The links of one reader, as to unsubscribe, are tokens yet, and stay as they are.
    """
    ours = campaign.utm
    if ours is None:
        return made
    page, links = utm.in_html(made.html, lambda url: utm.tagged(url, ours, campaign.slug, step.id))
    return _Made(page, utm.in_text(made.text, links))


def _cut(setting: Setting, step: Step, texts: Texts, made: _Made, build: Build) -> Composed:
    """Return what was rendered as pieces."""
    campaign = setting.campaign
    sender = campaign.sender
    html_pieces = pieces.of_html(made.html, build)
    text_pieces = pieces.of_text(made.text, build, Context.PLAIN)
    return Composed(
        campaign=campaign.slug,
        step=step.id,
        variant=named(build.path),
        language=campaign.language,
        sender=Mailbox(sender.email, sender.name),
        reply_to=sender.reply_to,
        subject=pieces.of_text(texts.subject, build, Context.HEADER),
        preheader=pieces.of_text(texts.preheader, build, Context.PLAIN),
        html=html_pieces,
        text=text_pieces,
        headers=_headers(campaign, step),
        encoded_text=quoted.literals(text_pieces),
        encoded_html=quoted.literals(html_pieces),
    )


def _headers(campaign: Campaign, step: Step) -> dict[str, str]:
    """Return the headers that all readers of a step get.

    List-Id (RFC 2919) stays the same for ever, so it is made from the campaign's id. Feedback-ID is Gmail's: at most
    four names apart by colons, the last of 5 to 15 characters and the same for all mails of a sender.
    """
    domain = campaign.sender.email.rpartition("@")[2].encode("idna").decode("ascii").lower()
    of_sender = f"bm{hashlib.sha256(domain.encode()).hexdigest()[:10]}"
    return {
        "List-Id": f"<{campaign.id}.{domain}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058, 3.1
        "Feedback-ID": f"{step.id}:{campaign.id}:{campaign.kind}:{of_sender}",
    }


def _place(step: Step, script: Script, theme: Theme, message: str) -> Place:
    """Return where something stands that only the finished text showed: the first line with the word that is told.

    The step's own text is looked through first, then the theme.
    """
    quoted_word = re.search(r"'([^']+)'", message)
    word = quoted_word[1] if quoted_word else message.split(" ", 1)[0]
    for number, line in enumerate(step.body.split("\n")):
        if word in line:
            return Place(script.place.file, step.body_line + number)
    return theme.sources.find(word) or Place(script.place.file)
