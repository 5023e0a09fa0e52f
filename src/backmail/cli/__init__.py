"""The command line: one verb per file, loaded when it is asked for; every error in plain words, never a traceback."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

from backmail.cli import screen
from backmail.cli.options import FOLDER, PROJECT_HELP
from backmail.cli.usage import elsewhere, told_plainly
from backmail.errors import BackmailError, did_you_mean

__all__ = ["VERBS", "backmail", "main", "perform"]

INTERRUPTED = 130  # 128 + SIGINT, as shells count

# The module of a verb is backmail.cli.<verb>, with _ for -, and its command is called `command`. A verb returns its
# exit code, or None for 0. The verb's own help says more than this line.
VERBS = {
    "init": "Begin a project: settings, sample people and a sample campaign.",
    "outline": "Show how an article is understood, and correct it.",
    "lexicon": "Say which languages are understood; check a word list.",
    "new": "Make a campaign from an article: a mail a week, as files.",
    "resplit": "Merge a changed article or outline with your edits.",
    "check": "Judge the files and mails of a campaign, and say what to mend.",
    "preview": "Look at every mail in the browser before you send it.",
    "steps": "Show the order of a campaign's mails, and change it.",
    "copy": "Copy a campaign under another name, such as for next year.",
    "theme": "List the looks that mails can have, and begin one of your own.",
    "render": "Write the mails of a campaign as .html, .txt and .eml.",
    "simulate": "Play a campaign through in seconds: who gets what, when.",
    "apply": "Publish a campaign as its files stand; nothing is sent by it.",
    "segments": "Say whom a segment means: a question about labels and fields.",
    "enroll": "Let the people of a segment begin a campaign, dry at first.",
    "send-test": "Send one mail of an applied campaign to yourself.",
    "live": "Let an applied campaign go: its mails leave when they are due.",
    "subscribers": "Add, find, change, import and export the people you write to.",
    "run": "Send what is due, and serve the pages that mails lead to.",
    "status": "Show what waits for you, and how each campaign stands.",
    "explain": "Say what somebody got and why, and what comes next.",
    "pause": "Hold mails back at once, of one campaign or of all.",
    "resume": "End a pause.",
    "retry": "Put back the mails that waited for a fault to be mended.",
    "settle": "Decide about mails that may have arrived or not.",
    "doctor": "Say how settings, database and transport stand.",
    "db": "Upgrade, check, back up and restore the database.",
    "demo": "Go from an article to a gallery of its mails; nothing is sent.",
    "schema": "Tell editors what may stand in the files of a project.",
    "completion": "Print what makes your shell complete commands and names.",
}


class SystemRefusal(click.ClickException):
    """The system refused something: a folder without rights, a full disk, output that nobody reads."""

    exit_code = 3  # an input, or the place to write to, cannot be used

    def __init__(self, error: OSError) -> None:
        super().__init__(screen.of_the_system(error))

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it in one line."""
        screen.tell(self.message)


class LazyGroup(click.Group):
    """A group that knows its verbs by name and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb, or return None when there is none of that name."""
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"backmail.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)  # noqa: S101  # what every verb's file promises
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that the first argument names; help with a slip."""
        if args[0] not in VERBS and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = elsewhere(args[0]) or did_you_mean(args[0], VERBS)
            raise click.UsageError(f"there is no command {args[0]!r}" + (f"; {near}" if near else ""), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Do what was asked for; what the system refuses is told as our errors are, before click looks at it."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            raise SystemRefusal(error) from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the verbs that begin so, from the table, without importing any; and the options."""
        verbs = [CompletionItem(name, help=line) for name, line in VERBS.items() if name.startswith(incomplete)]
        return verbs + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs from the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backmail", message="backmail %(version)s")
@click.option("--project", type=FOLDER, metavar="DIR", help=PROJECT_HELP)
@click.pass_context
def backmail(ctx: click.Context, project: Path | None) -> None:
    """Turn one article into a series of mails. Without a command: what stands here, and what to do next."""
    ctx.obj = project  # for the verb: it may be named before the verb and after it
    if ctx.invoked_subcommand is None:
        from backmail.cli.state import state
        from backmail.config import find_project

        for line in state(find_project(Path(), project)):
            screen.say(line)


def perform(arguments: Sequence[str]) -> int:
    """Do what the arguments ask for, and return the exit code.

    It has the name of no verb: a verb's module takes the place of a function of its name as soon as it is imported.
    """
    screen.speak_utf8()
    code = _done(arguments)
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python fails once more, at its exit
        if code == 0:
            SystemRefusal(error).show()
            return SystemRefusal.exit_code
    return code


def _done(arguments: Sequence[str]) -> int:
    try:
        code = backmail.main(list(arguments), prog_name="backmail", standalone_mode=False)
    except BackmailError as error:
        screen.tell(screen.pasteable(str(error)))
        return error.exit_code
    except click.Abort:
        screen.tell("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        told_plainly(error).show()
        return error.exit_code
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line of this process."""
    sys.exit(perform(sys.argv[1:]))
