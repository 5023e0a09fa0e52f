"""Asks the address that links in mails begin with whether it is this installation that answers there."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from backmail.store.nonce import nonce as nonce_in

if TYPE_CHECKING:
    from backmail.app.backmail import Backmail

__all__ = ["Reached", "ask", "own_nonce", "public"]

_MOST = 4096  # bytes of an answer that are read
_NOBODY = (502, 503, 504)  # what a proxy answers while nothing stands behind it (RFC 9110, 15.6)


@dataclass(frozen=True, slots=True)
class Reached:
    """What the public address answered. `ours`: this installation did. `silent`: nobody did. `words`: why not ours."""

    ours: bool = False
    silent: bool = False
    words: str = ""


def public(public_url: str, nonce: str, *, seconds: float = 5.0) -> Reached:
    """Ask `{public_url}/healthz` who is there, over https only: so will readers, with links that are theirs alone.

    Args:
        public_url: without a slash at its end, "" for none.
        nonce: what this installation answers with.
        seconds: how long to wait for each part of the answer.
    """
    if not public_url:
        return Reached(words="site.public_url is not set: the links in mails lead nowhere, to unsubscribe too")
    if urlsplit(public_url).scheme != "https":
        return Reached(words=f"site.public_url is not https: {public_url}")
    return ask(public_url, nonce, seconds=seconds)


def ask(public_url: str, nonce: str, *, seconds: float = 5.0) -> Reached:
    """Ask as `public` does, by whatever scheme the address has."""
    url = f"{public_url}/healthz"
    # No proxy of this machine: readers come without it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameHost())
    try:
        with opener.open(url, timeout=seconds) as answer:
            said = json.loads(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        with error:
            return Reached(silent=error.code in _NOBODY, words=f"{url} answers {error.code} {error.reason}")
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or error.reason
        return Reached(silent=True, words=f"{url} cannot be reached: {str(reason).lower()}")
    except (OSError, http.client.HTTPException) as error:
        return Reached(silent=True, words=f"{url} does not answer: {error or type(error).__name__}")
    except ValueError:  # no JSON: a page of somebody else's
        said = None
    if not nonce or not isinstance(said, dict) or said.get("nonce") != nonce:
        return Reached(words=f"{url} is answered, but not by this installation")
    return Reached(ours=True)


def own_nonce(backmail: Backmail) -> str:
    """Return what this installation answers with; the first call makes it."""
    with backmail.durable() as tx:
        return nonce_in(tx)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows where the same host sends us, by the same scheme, and nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        asked, sent = urlsplit(req.full_url), urlsplit(newurl)
        if (asked.scheme, asked.netloc) != (sent.scheme, sent.netloc):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)
