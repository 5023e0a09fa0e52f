"""Kinds of text that file models ask for: one line, an email address, a web address, a time zone."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator

from backmail import clock
from backmail.yamlfile.shapes import ONE_LINE, either, shape, text

_MAX_LINE = 998  # RFC 5322, 2.1.1: no line of a header may be longer
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def one_line(text: str) -> str:
    """Return the text without white space around it.

    Raises:
        ValueError: when it has a line break or another control character: in a header that would begin a new header.
    """
    text = text.strip()
    bad = next((char for char in text if unicodedata.category(char) in ("Cc", "Zl", "Zp")), None)
    if bad is not None:
        raise ValueError(f"this must be one line without control characters, and it holds U+{ord(bad):04X}")
    if len(text) > _MAX_LINE:
        raise ValueError(f"this must be at most {_MAX_LINE} characters long")
    return text


def email_address(text: str) -> str:
    """Return the address as servers compare it (its domain in small letters); "" stays "".

    Raises:
        ValueError: when it is none, or has letters before the @ that most servers refuse (RFC 6531).
    """
    from email_validator import EmailNotValidError, validate_email  # 46 ms: only who reads an address waits for it

    if not text:
        return ""
    try:
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an email address\nwrite it as anna@example.org, without a name") from error


def web_address(text: str) -> str:
    """Return the address without a slash at its end; "" stays "".

    Raises:
        ValueError: when it is no https address; http is taken for this machine alone.
    """
    address = site_address(text)
    parts = _split(address)
    here = parts is not None and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if address.startswith("http:") and not here:
        raise ValueError(f"{text!r} is not a secure web address\nwrite it as https://example.org")
    return address


def site_address(text: str) -> str:
    """Return the address without a slash at its end, https or http; "" stays "".

    Raises:
        ValueError: when it is no web address.
    """
    text = text.strip()
    if not text:
        return ""
    parts = _split(text)
    if not parts or not parts.hostname or parts.scheme not in ("https", "http") or " " in text:
        raise ValueError(f"{text!r} is not a secure web address\nwrite it as https://example.org")
    if "@" in parts.netloc:
        raise ValueError("a web address may not hold a name and password")
    return text.rstrip("/")


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def zone_name(text: str) -> str:
    """Return the name of a time zone.

    Raises:
        ValueError: when there is none of that name.
    """
    return clock.zone(text).key


def language_tag(text: str) -> str:
    """Return the tag of a language (RFC 5646).

    Raises:
        ValueError: when it is none.
    """
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a language tag\nwrite en, da, de or pt-BR")
    return text


class _Zones:
    """The shape of a zone's name: one of those that come with backmail, and so the same on every machine."""

    def __get_pydantic_json_schema__(self, core: object, handler: object) -> dict[str, Any]:
        wanted = "a time zone: Europe/Copenhagen"
        names = {"type": "string", "enum": sorted(clock.packaged_zones()), "errorMessage": wanted}
        return either(names, examples=["Europe/Copenhagen", "America/New_York", "UTC"])


_EMAIL = r"[^\s@]+@[^\s@]+\.[^\s@]+"
_NO_EMAIL = "an email address: anna@example.org, without a name"
SOME_EMAIL = text(rf"^\s*{_EMAIL}\s*$", _NO_EMAIL, examples=["anna@example.org"])
_MAYBE_EMAIL = text(rf"^\s*({_EMAIL})?\s*$", _NO_EMAIL, examples=["anna@example.org"])
_SITE = text(r"^\s*([Hh][Tt][Tt][Pp][Ss]?://[^ ]+)?\s*$", "a web address: https://example.org")
LANGUAGE = text(f"^{_LANGUAGE.pattern}$", "a language tag: en, da, de or pt-BR", examples=["en", "da", "pt-BR"])

Line = Annotated[str, AfterValidator(one_line), shape(ONE_LINE)]
EmailAddress = Annotated[str, AfterValidator(one_line), AfterValidator(email_address), shape(_MAYBE_EMAIL)]
SiteAddress = Annotated[str, AfterValidator(one_line), AfterValidator(site_address), shape(_SITE)]
WebAddress = Annotated[str, AfterValidator(one_line), AfterValidator(web_address), shape(_SITE)]
ZoneName = Annotated[str, AfterValidator(zone_name), _Zones()]
