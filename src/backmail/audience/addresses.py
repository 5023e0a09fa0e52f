"""An address in the one form in which it is kept, compared, hashed and mailed to; and the form that people read."""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache

from backmail.errors import AddressError, Fault

__all__ = ["address_hash", "keyed", "normal", "shown"]

# RFC 5321, 4.5.3.1: 64 octets before the @, and 254 in all (a path is 256, with its angle brackets).
_LONGEST_LOCAL = 64
_LONGEST = 254
# RFC 5322, 3.2.3: dot-atom. What stands in quotes is not taken: hardly a server keeps such mailboxes.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOW = "write it as anna@example.org, without a name"


def normal(text: str) -> str:
    """Return an address as it is kept: what is before the @ as it was written, the domain in small ASCII letters.

    A domain with other letters becomes its IDNA form (RFC 5891), which mail programs and servers take everywhere.
    White space around the address is passed over. Nothing is asked of name servers.

    Raises:
        AddressError: it is no address that mail can go to; the message says why.
    """
    address = text.strip(" \t\r\n")
    local, at, domain = address.rpartition("@")
    if at and _LOCAL.fullmatch(local) and len(local) <= _LONGEST_LOCAL:
        kept = _domain(domain)
        if kept and len(local) + 1 + len(kept) <= _LONGEST:
            return f"{local}@{kept}"
    raise AddressError(Fault(f"{text!r} is no address that mail can go to: {_reason(address)}", hint=_HOW))


def address_hash(pepper: bytes, email: str) -> str:
    """Return the keyed hash by which an address is known, also once all else about the person is erased.

    Args:
        pepper: the installation's secret for it. Without it addresses could be guessed from their hashes.
        email: in any form that `normal` takes; capitals make no difference.

    Raises:
        AddressError: as `normal`.
    """
    return keyed(pepper, normal(email))


def keyed(pepper: bytes, email: str) -> str:
    """Return the keyed hash of an address that is in its normal form: HMAC-SHA256 (RFC 2104) in hexadecimal."""
    return hmac.digest(pepper, email.casefold().encode("utf-8"), "sha256").hex()


def shown(email: str) -> str:
    """Return an address in its normal form as people read it: an international domain in its own letters."""
    local, _, domain = email.rpartition("@")
    if "xn--" not in domain:
        return email
    import idna

    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:  # kept under an older table of letters
        return email


@lru_cache(maxsize=16_384)
def _domain(domain: str) -> str:
    """Return a domain in small ASCII letters, "" when mail cannot go there. Many people share few domains."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return str(validate_email(f"x@{domain}", check_deliverability=False).ascii_domain)
    except EmailNotValidError:
        return ""


def _reason(address: str) -> str:
    """Return why an address is none, in words for the person who wrote it."""
    local, at, _ = address.partition("@")
    odd = next((char for char in local if not char.isascii()), "")
    invisible = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in address)
    checks = (
        (not address, "it is empty"),
        (invisible, "a line break or another invisible character stands in it"),
        ("<" in address or ">" in address, "a name or angle brackets stand around it"),
        (re.search(r"\s", address) is not None, "a space stands in it"),
        (not at, "it has no @"),
        (address.count("@") > 1, "it has more than one @"),
        (bool(odd), f"{odd!r} stands before the @, and many mail servers refuse such letters there (RFC 6531)"),
        (len(local) > _LONGEST_LOCAL, f"more than {_LONGEST_LOCAL} characters stand before the @"),
    )
    return next((words for wrong, words in checks if wrong), "") or _validated(address)


def _validated(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError as error:
        words = str(error).rstrip(".")
        return words[:1].lower() + words[1:]
    return f"it is longer than {_LONGEST} characters"
