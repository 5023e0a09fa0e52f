"""Rules on pictures: formats and sizes that mail programs show, and a mail that is more than pictures."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.css import inline, pixels
from backmail.rendering.lint.looks import background
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule, W

_WIDEST = 600  # px: the column that mails are laid out in
_FEWEST_WORDS = 40  # of a mail with pictures; SpamAssassin HTML_IMAGE_ONLY begins at about as many
_WORDS_FOR_EACH = 15
# Files that no mail program shows as a picture; what some of them show is the affair of cie-image.
_NO_PICTURES = frozenset({"ai", "eps", "heic", "jp2", "jxl", "pdf", "psd", "raw", "tga", "xcf"})


def width(page: Page) -> Iterator[Finding]:
    """img-width-attr: Outlook goes by the attribute alone, in whole px; without it, a picture has its own size."""
    for image in _pictures(page):
        said, source = str(image.get("width") or ""), _source(image)
        if not said.isdecimal():
            what = f"has the width {said!r}" if said else "has no `width`"
            message = f"the picture {_name(source)} {what}: Outlook shows it as large as the file is"
            yield page.error("img-width-attr", message, needle=source)
        elif int(said) > _WIDEST:
            message = f"the picture {_name(source)} is {said} px wide: more than the {_WIDEST} of a mail"
            yield page.error("img-width-attr", message, needle=source)


def height(page: Page) -> Iterator[Finding]:
    """img-height-auto: where the width follows the screen, a fixed height squeezes the picture."""
    for image in _pictures(page):
        said = inline(str(image.get("style") or ""))
        fluid = any(name in said and "%" in said[name].text for name in ("width", "max-width"))
        if fluid and "height" in said and (pixels(said["height"].text, 0) or 0) > 0:
            source = _source(image)
            message = f"the picture {_name(source)} is squeezed on narrow screens: its height is fixed"
            yield page.warning("img-height-auto", message, needle=source)


def formats(page: Page) -> Iterator[Finding]:
    """img-format, img-base64, img-svg, img-cid: what the file is, told by its address."""
    for image in _pictures(page):
        source = _source(image)
        scheme, _, rest = source.partition(":")
        ending = ending_of(source)
        if scheme.lower() == "data":
            message = f"a picture stands in the mail itself ({shown(rest, 30)}): Gmail does not show it"
            yield page.warning("img-base64", message, needle=source[:60])
        elif scheme.lower() == "cid":
            message = f"the picture {shown(source)} is looked for in an attachment, and the mail has none"
            yield page.error("img-cid", message, needle=source)
        elif ending == "svg":
            message = f"the picture {_name(source)} is an SVG: Gmail and Outlook do not show it"
            yield page.warning("img-svg", message, needle=source)
        elif ending in _NO_PICTURES:
            message = f"{_name(source)} is no picture that mail programs show"
            yield page.warning("img-format", message, needle=source)


def ratio(page: Page) -> Iterator[Finding]:
    """img-ratio: a mail of pictures says nothing where they are not loaded, and looks like spam."""
    images = sum(1 for image in _pictures(page) if str(image.get("alt") or "").strip())
    words = len(page.visible.split())
    if images and words < max(_FEWEST_WORDS, _WORDS_FOR_EACH * images):
        message = f"the mail has {words} words beside {images} picture{'s' if images > 1 else ''}"
        yield page.warning("img-ratio", message)


def behind(page: Page) -> Iterator[Finding]:
    """img-bg-fallback: where a picture behind text is not loaded, a colour keeps the text readable."""
    for element in page.elements:
        said = inline(str(element.get("style") or ""))
        pictured = element.get("background") is not None or any(
            name in said and "url(" in said[name].text for name in ("background", "background-image")
        )
        if pictured and background(said) is None and element.get("bgcolor") is None and page.words(element):
            words = page.words(element)
            message = f"a picture lies behind “{shown(words, 40)}”, and no colour where it is not loaded"
            yield page.warning("img-bg-fallback", message, needle=words)


def ending_of(source: str) -> str:
    """Return the ending of a picture's file in lower case, without the dot; "" for none."""
    try:
        name = urlsplit(source).path.rpartition("/")[2]
    except ValueError:
        return ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _pictures(page: Page) -> list[HtmlElement]:
    """Return the pictures that are shown and have a source."""
    return [each for each in page.elements if each.tag == "img" and _source(each)]


def _source(image: HtmlElement) -> str:
    return str(image.get("src") or "").strip()


def _name(source: str) -> str:
    return shown(source.rpartition("/")[2] or source)


RULES = (
    Rule(
        "img-width-attr",
        E,
        "Outlook does not know how wide to show a picture.",
        f"in the theme, write width= in whole px, at most {_WIDEST}",
        "ckeditor 1171; Maizzle; Cerberus",
        width,
        at="<img",
    ),
    Rule(
        "img-height-auto",
        W,
        "A picture is squeezed on narrow screens.",
        "in the theme, write height:auto beside a width in %",
        "email-bugs 93",
        height,
        at="<img",
    ),
    Rule(
        "img-format", W, "A file is no picture that mail programs show.", "save it as PNG or JPEG", "caniemail", formats
    ),
    Rule(
        "img-base64",
        W,
        "A picture stands in the mail itself, where Gmail does not show it.",
        "put it into images/, or on your website",
        "caniemail: image-base64",
        formats,
    ),
    Rule("img-svg", W, "A picture is an SVG.", "save it as PNG, twice as wide as it is shown", "caniemail", formats),
    Rule(
        "img-cid",
        E,
        "A picture is looked for in an attachment, and mails have none.",
        "put it into images/, or on your website",
        "no mail of backmail has attachments",
        formats,
    ),
    Rule(
        "img-weight",
        W,
        "Pictures take long to load on a telephone.",
        "save them smaller: 1 MB each and 2 MB together at most",
        "react-email; seen in the campaign's files",
    ),
    Rule(
        "img-retina",
        W,
        "A picture has too few pixels to be sharp, or far more than are shown.",
        "save it two to three times as wide as it is shown",
        "email-bugs 163; judgement; seen in the campaign's files",
    ),
    Rule(
        "img-ratio",
        W,
        "The mail is nearly all pictures: spam filters mind, and with pictures off it says nothing.",
        "say in words what the pictures say",
        "SpamAssassin HTML_IMAGE_ONLY, HTML_IMAGE_RATIO",
        ratio,
    ),
    Rule(
        "img-bg-fallback",
        W,
        "Text upon a picture cannot be read where pictures are off.",
        "in the theme, set a background-color beside the picture",
        "caniemail: css-background-image",
        behind,
    ),
)
