"""Judges the files of a campaign: what can be seen in them before any mail is made, each with file and line."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from backmail import markup, remarks
from backmail.campaign.merge import marked_lines
from backmail.campaign.names import MERGE, MOVE
from backmail.campaign.pictures import FOLDER as PICTURES
from backmail.campaign.pictures import MOST_BYTES, picture_files
from backmail.errors import Place, did_you_mean
from backmail.markup import Container, hyphenated
from backmail.model.campaign import Campaign, Company, Finding, Step
from backmail.remarks import Remark
from backmail.remarks.remark import error, shown, warning

# What jinja fills in is known only when a mail is made: the finished mail is judged for it.
_JINJA = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}|\{\{.*?\}\}|\{[%#].*?[%#]\}", re.DOTALL)
_FILLED = "filled-by-jinja"
_NAME = 60  # characters of a picture's name that tell its heading


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or an image of a step's body: its text, its address, and the file's line."""

    kind: str
    text: str
    url: str
    line: int


@dataclass
class Page:
    """One step with its Markdown read once."""

    campaign: Campaign
    step: Step

    @property
    def file(self) -> str:
        """The step's file, within its folder."""
        return str(self.campaign.folder / self.step.file)

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """The containers of the body."""
        return markup.containers(self.step.body, self.file, self.step.body_line)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The links and images of the body."""
        body = _JINJA.sub(_placeholder, self.step.body)
        tokens = [token for token in markup.parser().parse(body) if token.type == "inline"]
        return tuple(
            each for token in tokens for each in _references(token, self.step.body_line + (token.map or [0])[0])
        )

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the headings of the body."""
        tokens = markup.parser().parse(_JINJA.sub(_placeholder, self.step.body))
        pairs = itertools.pairwise(tokens)
        inside = (inline.children or () for opened, inline in pairs if opened.type == "heading_open")
        return tuple("".join(child.content for child in children) for children in inside)

    def place(self, *keys: str) -> Place:
        """Return where the first of some keys stands in the front matter, or the file's first line when none does."""
        return next((self.step.places[key] for key in keys if key in self.step.places), Place(self.file, 1))

    def at(self, line: int) -> Place:
        """Return a line of the step's file."""
        return Place(self.file, line)

    def language(self, line: int) -> str:
        """Return the language of a line of the body."""
        around = (each.attributes.get("lang") for each in self.containers if each.start <= line <= each.end)
        return next((lang for lang in around if lang), self.campaign.language)

    def finding(self, remark: Remark, place: Place) -> Finding:
        """Return the finding that a remark makes of this step."""
        hint = remark.hint
        return Finding(remark.id, remark.severity, remark.message, self.campaign.slug, self.step.id, place, hint)


def judge_files(campaign: Campaign, company: Company) -> list[Finding]:
    """Return what is wrong in the files of a campaign: first what concerns all of it, then step by step in their order.

    Args:
        campaign: as it was read.
        company: who is behind the sender, from config.yaml.
    """
    pages = [Page(campaign, step) for step in campaign.steps]
    found = [finding for rule in _CAMPAIGN_RULES for finding in rule(campaign, company, pages)]
    return found + [finding for page in pages for rule in _STEP_RULES for finding in rule(page)]


# Rules on the whole campaign.


def _move(campaign: Campaign, _: Company, __: Sequence[Page]) -> Iterator[Finding]:
    """move-unfinished: until it is finished, the order of the files' names is nobody's."""
    note = campaign.folder / MOVE
    if note.exists():
        message = "a move of steps was stopped half way, and the mails stand in no order that was asked for"
        remark = error("move-unfinished", message, f"finish it: backmail steps {shlex.quote(campaign.slug)}")
        yield _finding(campaign, remark, Place(str(note)))


def _merge(campaign: Campaign, _: Company, __: Sequence[Page]) -> Iterator[Finding]:
    """merge-unfinished: some files are merged, and others are not."""
    note = campaign.folder / MERGE
    if note.exists():
        message = "a merge was stopped half way: some mails say what the article says now, others do not"
        remark = error("merge-unfinished", message, f"finish it: backmail resplit {shlex.quote(campaign.slug)}")
        yield _finding(campaign, remark, Place(str(note)))


def _sender(campaign: Campaign, company: Company, _: Sequence[Page]) -> Iterator[Finding]:
    """footer-address, from-noreply, sender-example."""
    place = campaign.places.get("from.email", campaign.places.get("from"))
    for remark in remarks.postal(company.address):
        yield _finding(campaign, remark, None)
    for email in dict.fromkeys((campaign.sender.email, campaign.sender.reply_to)):
        for remark in remarks.sender(email):
            yield _finding(campaign, remark, place)
    examples = filter(remarks.is_example, (campaign.sender.email, campaign.sender.reply_to, company.email))
    if listed := " and ".join(dict.fromkeys(examples)):
        message = f"the sender is an example ({listed}): no mail can come from there, and no answer arrive"
        hint = "put your own into `from` of campaign.yaml and `sender` of config.yaml"
        yield _finding(campaign, warning("sender-example", message, hint), place)


def _disclaimer(campaign: Campaign, _: Company, pages: Sequence[Page]) -> Iterator[Finding]:
    """disclaimer-missing: who shows exercises says that they are no medical advice."""
    has_exercise = any(container.name == "exercise" for page in pages for container in page.containers)
    if has_exercise and not campaign.disclaimer.strip():
        message = "the mails show exercises, but no disclaimer says that they are not medical advice"
        remark = warning("disclaimer-missing", message, "set `disclaimer` in campaign.yaml")
        yield _finding(campaign, remark, campaign.places.get("disclaimer") or campaign.places.get("name"))


def _twins(_: Campaign, __: Company, pages: Sequence[Page]) -> Iterator[Finding]:
    """seq-duplicate-subject, seq-duplicate-preheader: mail programs fold mails of one subject into one thread."""
    texts: dict[str, Callable[[Step], str]] = {"subject": lambda s: s.subject, "preheader": lambda s: s.preheader}
    for key, text_of in texts.items():
        first: dict[str, Page] = {}
        for page in pages:
            text = " ".join(text_of(page.step).split()).casefold()
            if text and text in first:
                message = f"the {key} is the same as that of {first[text].step.file}"
                yield page.finding(warning(f"seq-duplicate-{key}", message, "write another"), page.place(key))
            first.setdefault(text, page)


def _beginning(_: Campaign, __: Company, pages: Sequence[Page]) -> Iterator[Finding]:
    """seq-first-after: the first mail goes when a reader begins."""
    for page in pages[:1]:
        if page.step.after.count:
            message = f"the first mail waits {page.step.after} before anything arrives"
            remark = warning("seq-first-after", message, "write after: 0, unless you want the wait")
            yield page.finding(remark, page.place("after"))


def _pictures(campaign: Campaign, _: Company, pages: Sequence[Page]) -> Iterator[Finding]:
    """img-unused, img-format: a file under images/ stands in a mail by its name, or where the Markdown names it."""
    headings = {name: text for page in pages for text in page.headings if (name := hyphenated(text, _NAME))}
    named = {unquote(each.url) for page in pages for each in page.references if each.kind == "image"}
    for path in picture_files(campaign.folder):
        name = path.relative_to(campaign.folder).as_posix()
        picture = campaign.pictures.get(name)
        if name in named or (picture is not None and picture.copied):
            continue
        if hyphenated(path.stem, _NAME) not in headings:
            message = f"no mail shows {name}: no heading is called so"
            hint = did_you_mean(hyphenated(path.stem, _NAME), headings)
            hint = hint or "name it after the heading that it belongs to, or write ![words](its name) in a mail"
            yield _finding(campaign, warning("img-unused", message, hint), Place(str(path)))
        elif picture is None:
            remark = _elsewhere(name) if path.is_symlink() else _no_picture(name)
            yield _finding(campaign, remark, Place(str(path)))


# Rules on each step.


def _conflicts(page: Page) -> Iterator[Finding]:
    """merge-conflict: the signs of a conflict are no words for readers."""
    messages = {
        "<": "here both you and the article changed the same: your words stand below",
        "=": "your words end here, and those of the article begin",
        ">": "here the conflict ends",
    }
    hint = "keep one side, or something of both, and delete the lines with the signs"
    for line, sign in marked_lines(page.step.body):
        yield page.finding(error("merge-conflict", messages[sign], hint), page.at(page.step.body_line + line))


def _inbox(page: Page) -> Iterator[Finding]:
    """subj-..., pre-..., claim-words."""
    subject, preheader, language = page.step.subject, page.step.preheader, page.campaign.language
    if not _JINJA.search(subject):
        for remark in remarks.subject(subject, language):
            yield page.finding(remark, page.place("subject"))
    if not _JINJA.search(preheader):
        for remark in remarks.preheader(preheader, subject, language):
            yield page.finding(remark, page.place("preheader"))


def _action(page: Page) -> Iterator[Finding]:
    """action-missing, and what is wrong with the button's text and address."""
    action = page.step.action
    if not action.text.strip():
        message = "the mail does not say what its reader can do next"
        hint = "write action: {text: ..., kind: link | calendar | print | reply | none}"
        yield page.finding(warning("action-missing", message, hint), page.place("action"))
    elif action.kind == "link" and not action.url.strip():
        message = f"the button “{shown(action.text)}” leads nowhere"
        remark = error("action-missing", message, "give the action a url, or another kind")
        yield page.finding(remark, page.place("action"))
    elif action.kind == "link" and not _JINJA.search(action.text + action.url):
        for remark in remarks.link(action.text, action.url, page.campaign.language):
            yield page.finding(remark, page.place("action.text", "action"))
        for remark in remarks.target(action.url):
            yield page.finding(remark, page.place("action.url", "action"))


def _links(page: Page) -> Iterator[Finding]:
    """a11y-link-text, link-scheme."""
    for each in page.references:
        if each.kind == "link":
            language = page.language(each.line)
            about_text = [] if _FILLED in each.text else remarks.link(each.text, each.url, language)
            about_target = [] if _FILLED in each.url else remarks.target(each.url)
            for remark in (*about_text, *about_target):
                yield page.finding(remark, page.at(each.line))


def _images(page: Page) -> Iterator[Finding]:
    """a11y-img-alt, img-missing, img-format."""
    for each in page.references:
        if each.kind != "image":
            continue
        if not each.text.strip():
            message = f"the picture {shown(each.url)} has no text for those who do not see it"
            remark = warning("a11y-img-alt", message, "say in a few words what it shows: ![words](image)")
            yield page.finding(remark, page.at(each.line))
        if _FILLED not in each.url and not _is_there(page.campaign.folder, each.url):
            message = f"there is no picture {shown(each.url)} in the campaign's folder"
            meant = did_you_mean(unquote(each.url), page.campaign.pictures)
            hint = meant or "put the file into images/, or write another name"
            yield page.finding(error("img-missing", message, hint), page.at(each.line))
        elif _is_no_picture(page.campaign, unquote(each.url)):
            yield page.finding(_no_picture(unquote(each.url)), page.at(each.line))


def _products(page: Page) -> Iterator[Finding]:
    """sku-unknown, product-no-link."""
    for container in page.containers:
        sku = container.attributes.get("sku", "")
        if container.name != "product":
            continue
        product = page.campaign.catalog.get(sku)
        if product is None:
            remark = warning("sku-unknown", f"catalog.yaml has no product {sku!r}", "add it there, or mend the sku")
            yield page.finding(remark, page.at(container.start))
        elif not product.link.strip():
            message = f"{product.name} has no link in catalog.yaml, so that its card has no button"
            remark = warning("product-no-link", message, "write the page where it can be bought")
            yield page.finding(remark, page.at(container.start))


_CAMPAIGN_RULES = (_move, _merge, _sender, _disclaimer, _twins, _beginning, _pictures)
_STEP_RULES = (_conflicts, _inbox, _action, _links, _images, _products)


def _finding(campaign: Campaign, remark: Remark, place: Place | None) -> Finding:
    return Finding(remark.id, remark.severity, remark.message, campaign.slug, "", place, remark.hint)


def _is_there(folder: Path, url: str) -> bool:
    """Whether a picture of the folder can be found; one with a web address is somebody else's affair."""
    if urlsplit(url).scheme or urlsplit(url).netloc:
        return True
    try:
        return (folder / unquote(url)).is_file()
    except OSError:  # a name that is too long for a file
        return False


def _is_no_picture(campaign: Campaign, name: str) -> bool:
    """Whether a file under images/ is none that mails can show."""
    return name.startswith(f"{PICTURES}/") and name not in campaign.pictures


def _no_picture(name: str) -> Remark:
    message = f"{name} is no PNG, JPEG, GIF or WebP by what it holds, or is bigger than {MOST_BYTES // 1_000_000} MB"
    return warning("img-format", message, "save it as JPEG or PNG, about 1000 pixels wide")


def _elsewhere(name: str) -> Remark:
    message = f"{name} is a link to another file, which mails cannot show from there"
    return warning("img-format", message, "put the picture itself into its place")


def _placeholder(found: re.Match[str]) -> str:
    """Return what stands for a piece of jinja: the same number of lines, and a word where it prints something."""
    return (_FILLED if found[0].startswith("{{") else "") + "\n" * found[0].count("\n")


def _references(token: Token, line: int) -> Iterator[Reference]:
    """Yield the links and images of an inline token that begins on `line`; a line break inside counts one line more."""
    link: Token | None = None
    link_line, text = line, ""
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
            text += " "
        elif child.type == "image":
            yield Reference("image", child.content, str(child.attrs.get("src", "")), line)
            text += child.content
        elif child.type == "link_open":
            link, link_line, text = child, line, ""
        elif child.type == "link_close" and link is not None:
            yield Reference("link", text, str(link.attrs.get("href", "")), link_line)
            link = None
        else:
            text += child.content
