"""Where in a step's file something stands that a finished mail shows."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from pathlib import Path

from backmail.errors import Place
from backmail.model.campaign import Step

# What keeps jinja and Markdown from reading a sign, and signs around emphasis and code: finished mails show none of it.
_MARKS = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}|\\(?=[!-/:-@\[-`{-~])|[*_`]+")
_LONG = 60


def locate(step: Step, needle: str, folder: Path | None = None) -> Place | None:
    """Return file and line of `needle`, words or a link as the mail shows them, in the body of `step`, else None.

    `folder` is the campaign's, which the file's name is shown in. Long texts are found by their first words, since the
    rest may hold a link or a line break.
    """
    wanted = _shown(needle)
    if len(wanted) > _LONG:
        wanted = wanted[:_LONG].rpartition(" ")[0] or wanted[:_LONG]
    if not wanted:
        return None
    starts, length, lines = [], 0, []
    for line in step.body.split("\n"):
        starts.append(length)
        lines.append(_shown(line))
        length += len(lines[-1]) + 1
    found = " ".join(lines).find(wanted)
    file = str(folder / step.file) if folder else step.file
    return Place(file, step.body_line + bisect_right(starts, found) - 1) if found >= 0 else None


def _shown(text: str) -> str:
    """Return `text` without signs of Markdown, white space folded, in lower case."""
    return " ".join(_MARKS.sub("", html.unescape(text)).split()).casefold()
