"""Signed links: what a reader may do with a click, and that the link is ours; one salt for each purpose."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NoReturn, TypeAlias, get_args

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm

from backmail.errors import LinkError
from backmail.model.message import ReaderLinks

__all__ = ["INVALID_URL", "MEDIA", "PURPOSES", "TEST_KEY", "LinkError", "Links", "Purpose", "delivery_id"]

Purpose: TypeAlias = Literal["confirm", "unsubscribe", "preferences", "view", "calendar", "sheet", "click"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

# Signs the links of what is only looked at (render, preview). Known to all, so no server may take it.
TEST_KEY = b"backmail: links of files that are only looked at"
INVALID_URL = "https://links.example.invalid"  # RFC 6761, 6.4: a name that leads nowhere

# Where the page of each purpose lies: what stands before the token, and behind it.
_PATHS: Mapping[Purpose, tuple[str, str]] = {
    "confirm": ("confirm", ""),
    "unsubscribe": ("u", ""),
    "view": ("v", ""),
    "calendar": ("cal", ".ics"),
    "sheet": ("sheet", ""),
}

MEDIA = "media"  # where the pictures of campaigns lie

_SHORTEST_KEY = 16  # bytes
_LONGEST_TOKEN = 1024
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class _ShortHMAC(SigningAlgorithm):
    """HMAC-SHA256 cut to 144 bits (RFC 2104, section 5, allows half of it): 24 characters, none of them half used."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")[:18]


_SIGNED = _ShortHMAC().get_signature


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
        self._keys: dict[str, bytes] = {}

    def link(self, purpose: Purpose, value: str) -> str:
        """Return the address under which a reader uses a token.

        Raises:
            ValueError: when links of that purpose are not for mails.
        """
        before, after = _PATHS.get(purpose) or _no_path(purpose)
        return f"{self._url}/{before}/{self.token(purpose, value)}{after}"

    @property
    def media(self) -> str:
        """What the addresses of campaigns' own pictures begin with: the hash of the bytes and a name follow."""
        return f"{self._url}/{MEDIA}"

    def token(self, purpose: Purpose, value: str) -> str:
        """Return `value` signed for one purpose, fit to stand in a link as it is."""
        # What `Signer.sign` returns, in a fifth of its time: every mail holds four or five of these.
        data = base64_encode(value)
        return (data + b"." + base64.urlsafe_b64encode(_SIGNED(self._key_of(purpose), data))).decode("ascii")

    def read(self, purpose: Purpose, token: str) -> str:
        """Return the value of a token.

        Raises:
            LinkError: when we did not sign it, for this purpose, just so. The message does not repeat the token.
        """
        try:
            if len(token) > _LONGEST_TOKEN:
                raise BadSignature("too long")
            signer = Signer(self._key_of(purpose), key_derivation="none", algorithm=_ShortHMAC())
            value = base64_decode(signer.unsign(token)).decode("utf-8")
        except (BadSignature, UnicodeError) as error:
            raise LinkError("this link is not one of ours, or it is not complete") from error
        if not hmac.compare_digest(self.token(purpose, value).encode("ascii"), token.encode("utf-8")):
            # The decoder passes over foreign signs; a link with any is not the one that we made.
            raise LinkError("this link is not one of ours, or it is not complete")
        return value

    def for_reader(self, delivery_id: str, views: Mapping[str, str], beside: Sequence[int] = ()) -> ReaderLinks:
        """Return the links of one reader in one mail, each signed when it is asked for.

        Args:
            delivery_id: of this mail.
            views: for each step that has a web view, by its id, the id of the reader's delivery of it.
            beside: the ids of her enrollment and of herself. The link to unsubscribe holds them too, so that her no
                finds her in a restored database, which may not know the delivery.
        """
        return _Signed(self, delivery_id, views, beside)

    def message_id(self, delivery_id: str, domain: str) -> str:
        """Return the Message-ID of a delivery: the same in every attempt, with nothing of the reader in it.

        Raises:
            ValueError: when `domain` is no plain domain name.
        """
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"{domain!r} is not a domain name")
        return f"<{_opaque(self._key, 'message-id', delivery_id)}@{domain}>"

    def _key_of(self, purpose: Purpose) -> bytes:
        """Return the key of a purpose. A signer would derive it again for every link, which takes as long as to sign.

        Raises:
            ValueError: there is no such purpose.
        """
        if purpose not in self._keys:
            if purpose not in PURPOSES:
                raise ValueError(f"{purpose!r} is not a purpose of links")
            self._keys[purpose] = Signer(self._key, salt=f"backmail.{purpose}", key_derivation="hmac").derive_key()
        return self._keys[purpose]


class _Signed:
    """The links of one reader in one mail."""

    def __init__(self, links: Links, delivery_id: str, views: Mapping[str, str], beside: Sequence[int]) -> None:
        self._links, self._id, self._beside = links, delivery_id, beside
        self._unsubscribe = ""  # asked for twice in each mail: by its header and by its footer
        self.views = _Views(links, views)

    @property
    def unsubscribe(self) -> str:
        if not self._unsubscribe:
            self._unsubscribe = self._links.link("unsubscribe", ".".join((self._id, *map(str, self._beside))))
        return self._unsubscribe

    @property
    def confirm(self) -> str:
        return self._links.link("confirm", self._id)

    @property
    def view(self) -> str:
        return self._links.link("view", self._id)

    @property
    def calendar(self) -> str:
        return self._links.link("calendar", self._id)

    @property
    def sheet(self) -> str:
        return self._links.link("sheet", self._id)

    @property
    def media(self) -> str:
        return self._links.media


class _Views(Mapping[str, str]):
    """The web views of a series by step id, made from the ids of its deliveries."""

    def __init__(self, links: Links, ids: Mapping[str, str]) -> None:
        self._links, self._ids = links, ids

    def __getitem__(self, step: str) -> str:
        return self._links.link("view", self._ids[step])

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _no_path(purpose: str) -> NoReturn:
    raise ValueError(f"a mail has no link of the purpose {purpose!r}")


def delivery_id(campaign_id: str, step_id: str, person: str) -> str:
    """Return an id for a delivery that no database knows: always the same for these three, and holding none of them."""
    return "d" + _opaque(TEST_KEY, "delivery", campaign_id, step_id, person)


def _opaque(key: bytes, *parts: str) -> str:
    """Return 120 bits of a keyed hash of the parts, their borders counted in, as 24 small letters and digits."""
    message = b"".join(len(data).to_bytes(8) + data for data in (part.encode("utf-8") for part in parts))
    digest = hmac.digest(key, message, "sha256")
    return base64.b32encode(digest[:15]).decode("ascii").lower()
