"""What click says of a wrong command line, in plain words, with the nearest right one."""

from __future__ import annotations

import re

import click

from backmail.errors import did_you_mean

__all__ = ["elsewhere", "told_plainly"]

_RANGE = re.compile(r"is not in the range (-?\d+)<=x(?:<=(-?\d+))?")
_CHOICE = re.compile(r"'(?P<word>[^']*)' is not one of (?P<known>.*)\.$")
_WORDS = {
    "is not a valid integer range": "is no whole number",
    "is not a valid integer": "is no whole number",
    "does not match the format '%Y-%m-%d'": "is not a date; write 2027-01-04",
}
# What other programs call it, and what it is here.
_ELSEWHERE = {"help": "backmail --help", "-v": "backmail --version", "version": "backmail --version"}


def told_plainly(error: click.ClickException) -> click.ClickException:
    """Return the error in words for people; what is not about the command line stays as it is."""
    if not isinstance(error, click.UsageError):
        return error
    said = error.format_message()
    for theirs, ours in _WORDS.items():
        said = said.replace(theirs, ours)
    if found := _RANGE.search(said):
        between = f"is not between {found[1]} and {found[2]}" if found[2] else f"is less than {found[1]}"
        said = said.replace(found[0], between)
    if found := _CHOICE.search(said):
        near = did_you_mean(found["word"], re.findall(r"'([^']*)'", found["known"]))
        said += f" D{near[1:]}" if near else ""
    if isinstance(error, click.NoSuchOption) and error.option_name in _ELSEWHERE:
        said += f" Write {_ELSEWHERE[error.option_name]}."
    return click.UsageError(said, error.ctx)


def elsewhere(word: str) -> str:
    """Return what a word is called here that other programs take for a command, "" for none."""
    return f"write {_ELSEWHERE[word]}" if word in _ELSEWHERE else ""
