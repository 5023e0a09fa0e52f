"""`backmail subscribers ...`: the people we write to; each of its verbs is a command of its own."""

from __future__ import annotations

import click

from backmail.cli.subscribers import details, files, no, people, rhythm

__all__ = ["command"]


@click.group("subscribers")
def command() -> None:
    """Add, find and change the people you write to, and keep what they said.

    EMAIL is an address as its owner writes it. What somebody said (pause, unsubscribe) takes effect at once, also while
    mails are going out.
    """


for _verb in (
    people.add, people.set_, details.show, details.find, people.tag, rhythm.pause, rhythm.resume, no.unsubscribe,
    no.lift, files.import_, files.export,
):  # fmt: skip
    command.add_command(_verb)
