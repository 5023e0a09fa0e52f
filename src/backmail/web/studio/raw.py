"""A mail alone: its very bytes, or as it is looked at in a frame, under a policy that lets nothing in it act."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from backmail.desk.preview.looks import Pictures, policy, shown
from backmail.desk.preview.mail import Mail
from backmail.web.studio.addresses import Served, View

__all__ = ["ENDINGS", "answer", "sheet"]

ENDINGS = ("html", "txt", "eml", "json")
_KINDS = {"html": "text/html", "txt": "text/plain", "eml": "message/rfc822"}
_FRAMED = {"X-Frame-Options": "SAMEORIGIN"}


def answer(
    mail: Mail, view: View, ending: str, *, run: str, known: str = "", looked_at: bool = False, kept: bool = False
) -> Response:
    """Return the answer to who asks for a mail alone.

    Args:
        mail: the mail.
        view: what was asked for; its look and pictures count where it is looked at.
        ending: one of ENDINGS.
        run: this run of the studio; another may make other pages of the same mail.
        known: the tags that the browser has already: If-None-Match.
        looked_at: html as `looks.shown` makes it; else the very bytes.
        kept: whether it is to be kept as a file.
    """
    tag = f'"{mail.digest}-{ending}-{run}{f"-{view.look}-{view.pictures}" if looked_at else ""}"'
    headers = _FRAMED | {"ETag": tag, "Content-Security-Policy": _policy(view, looked_at)}
    if kept:
        headers["Content-Disposition"] = _disposition(f"{mail.number:02}-{view.step}.{ending}")
    if tag in re.split(r"\s*,\s*", known):
        return Response(status_code=304, headers=headers)
    if ending == "json":
        return JSONResponse(mail.json, headers=headers)
    return Response(_content(mail, view, ending, looked_at), headers=headers, media_type=_KINDS[ending])


def sheet(html: str) -> Response:
    """Return the answer to who asks for the page with all exercises."""
    headers = _FRAMED | {"Content-Security-Policy": f"sandbox; {policy(Pictures.OWN)}; frame-ancestors 'self'"}
    return Response(html, headers=headers, media_type=_KINDS["html"])


def _content(mail: Mail, view: View, ending: str, looked_at: bool) -> str | bytes:
    if looked_at:
        addresses = Served()
        return shown(mail.html, view.look, view.pictures, lambda target: addresses.link(target, view), mail.beside)
    if ending == "eml":
        return mail.eml
    return mail.text if ending == "txt" else mail.html


def _policy(view: View, looked_at: bool) -> str:
    mail = policy(view.pictures if looked_at else Pictures.OWN)
    return f"sandbox allow-same-origin; {mail}; frame-ancestors 'self'"  # what a page cannot say of itself


def _disposition(name: str) -> str:
    """Return a header that names a file, in letters that every browser takes and in its own (RFC 6266, 4.3)."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
