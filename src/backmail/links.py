"""Signed links: what a reader may do with a click, and that the link is ours; one salt for each purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import HMACAlgorithm

from backmail.errors import LinkError
from backmail.model.message import ReaderLinks

__all__ = ["INVALID_URL", "PURPOSES", "TEST_KEY", "LinkError", "Links", "Purpose", "delivery_id"]

Purpose: TypeAlias = Literal["confirm", "unsubscribe", "preferences", "view", "calendar", "click"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

# Signs the links of what is only looked at (render, preview). Known to all, so no server may take it.
TEST_KEY = b"backmail: links of files that are only looked at"
INVALID_URL = "https://links.example.invalid"  # RFC 6761, 6.4: a name that leads nowhere

_SHORTEST_KEY = 16  # bytes
_LONGEST_TOKEN = 1024
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class _ShortHMAC(HMACAlgorithm):
    """HMAC-SHA256 cut to 144 bits (RFC 2104, section 5, allows half of it): 24 characters, none of them half used."""

    def __init__(self) -> None:
        super().__init__(hashlib.sha256)

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:18]


class Links:
    """Makes and reads the links of one installation. Tokens hold no time: a link to unsubscribe works for years."""

    def __init__(self, key: bytes, public_url: str) -> None:
        """Take the secret key and the address that links begin with.

        Args:
            key: at least 16 bytes; whoever has it can make links.
            public_url: without a slash at its end; INVALID_URL where there is none.

        Raises:
            ValueError: when the key is shorter.
        """
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a key for links has at least {_SHORTEST_KEY} bytes, this one {len(key)}")
        self._key = key
        self._url = public_url.rstrip("/")

    def token(self, purpose: Purpose, value: str) -> str:
        """Return `value` signed for one purpose, fit to stand in a link as it is."""
        return self._signer(purpose).sign(base64_encode(value)).decode("ascii")

    def read(self, purpose: Purpose, token: str) -> str:
        """Return the value of a token.

        Raises:
            LinkError: when we did not sign it, for this purpose, just so. The message does not repeat the token.
        """
        try:
            if len(token) > _LONGEST_TOKEN:
                raise BadSignature("too long")
            value = base64_decode(self._signer(purpose).unsign(token)).decode("utf-8")
        except (BadSignature, UnicodeError) as error:
            raise LinkError("this link is not one of ours, or it is not complete") from error
        if not hmac.compare_digest(self.token(purpose, value).encode("ascii"), token.encode("utf-8")):
            # The decoder passes over foreign signs; a link with any is not the one that we made.
            raise LinkError("this link is not one of ours, or it is not complete")
        return value

    def for_reader(self, delivery_id: str, views: Mapping[str, str]) -> ReaderLinks:
        """Return the links of one reader in one mail.

        Args:
            delivery_id: of this mail.
            views: for each step that has a web view, by its id, the id of the reader's delivery of it.
        """
        return ReaderLinks(
            unsubscribe=f"{self._url}/u/{self.token('unsubscribe', delivery_id)}",
            preferences=f"{self._url}/p/{self.token('preferences', delivery_id)}",
            view=self._view(delivery_id),
            calendar=f"{self._url}/cal/{self.token('calendar', delivery_id)}.ics",
            views={step: self._view(delivery) for step, delivery in views.items()},
        )

    def message_id(self, delivery_id: str, domain: str) -> str:
        """Return the Message-ID of a delivery: the same in every attempt, with nothing of the reader in it.

        Raises:
            ValueError: when `domain` is no plain domain name.
        """
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"{domain!r} is not a domain name")
        return f"<{_opaque(self._key, 'message-id', delivery_id)}@{domain}>"

    def _view(self, delivery_id: str) -> str:
        return f"{self._url}/v/{self.token('view', delivery_id)}"

    def _signer(self, purpose: Purpose) -> Signer:
        if purpose not in PURPOSES:
            raise ValueError(f"{purpose!r} is not a purpose of links")
        return Signer(self._key, salt=f"backmail.{purpose}", key_derivation="hmac", algorithm=_ShortHMAC())


def delivery_id(campaign_id: str, step_id: str, person: str) -> str:
    """Return an id for a delivery that no database knows: always the same for these three, and holding none of them."""
    return "d" + _opaque(TEST_KEY, "delivery", campaign_id, step_id, person)


def _opaque(key: bytes, *parts: str) -> str:
    """Return 120 bits of a keyed hash of the parts, their borders counted in, as 24 small letters and digits."""
    message = b"".join(len(data).to_bytes(8) + data for data in (part.encode("utf-8") for part in parts))
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.b32encode(digest[:15]).decode("ascii").lower()
