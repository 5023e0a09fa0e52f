"""`backmail resplit CAMPAIGN`: make the plan anew, and merge it with the mails as they stand."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from backmail.config import Project
    from backmail.desk.resplit.resplitting import Merged


@click.command("resplit")
@click.argument("campaign", shell_complete=names.campaigns)
@click.option(
    "--article", type=click.Path(path_type=Path), metavar="FILE", help="An article in the place of the one it has."
)
@click.option("--weeks", type=click.IntRange(1, 52), help="How many mails. [default: as many as there are]")
@click.option(
    "--of",
    type=click.IntRange(min=1),
    metavar="N",
    help="The article of a series of several that --article and --weeks are about.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@project_option
def command(
    campaign: str, article: Path | None, weeks: int | None, of: int | None, dry_run: bool, project: Project
) -> int:
    """Make the plan of CAMPAIGN anew after its article or its outline.yaml changed, and keep what you wrote.

    Each mail is merged from three: as it was generated, as you edited it, as it is generated now. Your words go where
    their block goes. Where both changed the same, the place is marked in the file, and the exit code is 1: nothing can
    be applied before you decide. Mails that nothing happens to are left alone, and what somebody got stays in its mail.

    Of a series that is made from several articles all are planned anew; the mails of each keep their places among the
    others.
    """
    if of is not None and article is None and weeks is None:
        raise click.UsageError("--of goes with --article or --weeks")
    from backmail.desk.resplit.resplitting import resplit

    merged = resplit(campaign, project, of=of, article=article, weeks=weeks, dry=dry_run)
    show(merged, screen.say)
    slug = shlex.quote(campaign)
    if dry_run:
        screen.tell("nothing was written")
    elif merged.conflicts:
        screen.tell(screen.pasteable(f"decide the conflicts in the files, then:\nbackmail check {slug}"))
    else:
        screen.tell(screen.pasteable(f"backmail check {slug}\nbackmail preview {slug}"))
    return int(bool(merged.conflicts))


def show(merged: Merged, say: Callable[[str], None]) -> None:
    """Say what is done, file by file, and whom it meets."""
    for each in merged.changed:
        if not each.file:
            head = f"{each.before}: goes"
        elif each.before not in ("", each.file):
            head = f"{each.before} -> {each.file}"
        else:
            head = each.file
        say(f"{head}: {'; '.join(each.what)}" if each.what else head)
    for line in (*merged.people, *merged.notes):
        say(line)
    for place in merged.conflicts:
        say(f"{place}: conflict: both you and the article changed this")
    if not merged.changed and not merged.conflicts:
        say("no mail changes" if merged.texts or merged.without else "nothing changed")
