"""`backmail demo [ARTICLE]`: from an article to a gallery of its mails."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import screen

if TYPE_CHECKING:
    from backmail.desk.demo import Shown


@click.command("demo")
@click.argument("article", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/demo"),
    show_default=True,
    help="The folder to work in; an earlier demo in it is written over.",
)
def command(article: Path | None, out: Path) -> None:
    """Go the whole way with ARTICLE, or with the sample that ships: campaign, checks, mails, gallery. Nothing is sent.

    The last line is the path of the gallery's page.
    """
    from backmail.desk.demo import demo

    shown = demo(out, article)
    for line in _lines(shown):
        screen.say(line)
    screen.say(str(shown.gallery))


def _lines(shown: Shown) -> list[str]:
    """Return the summary: at most 15 lines with the gallery's path."""
    from backmail.desk import check, summary

    article, plan = shown.made.article, shown.made.plan
    cautions = article.cautions
    changed = [caution for caution in cautions if caution.proposal is not None]
    flagged = summary.flagged(cautions)
    counts = check.counts(shown.findings)
    lines = [
        f"made      {summary.sentence_about(article, plan)}",
        f"kept      {summary.kept_of(article, plan)}",
    ]
    if said := summary.safety_of(article, plan):
        lines.append(f"safety    {said}")
    if changed:
        lines.append(f"changed   {summary.counted(len(changed), 'wording')}: {summary.quoted(changed)}")
    if flagged:
        lines.append("flagged   " + "; ".join(flagged[:2]) + (f"; {len(flagged) - 2} more" if len(flagged) > 2 else ""))
    lines += [
        f"checks    {summary.counted(counts['error'], 'error')}, {summary.counted(counts['warning'], 'warning')}",
        "sent      nothing, to nobody",
        f"look      {shown.gallery.resolve().as_uri()}",
        "next",
    ]
    return [*lines, *_commands(shown)]


def _commands(shown: Shown) -> list[str]:
    """Return three commands that can be pasted as printed."""
    at = f"backmail --project {shlex.quote(str(shown.folder))}"
    slug = shlex.quote(shown.campaign.slug)
    mails = shlex.quote(str(shown.folder / "mails"))
    return [
        screen.pasteable(command)
        for command in (
            f"{at} outline {slug}",
            f"{at} check {slug}",
            f"{at} render {slug} --out {mails} --as no-first-name",
        )
    ]
