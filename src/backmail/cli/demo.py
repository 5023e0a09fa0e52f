"""`backmail demo [ARTICLE]`: from an article to a gallery of its mails, by way of the engine."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import screen

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.desk.demo import Shown
    from backmail.desk.rehearsed import Rehearsed
    from backmail.rendering import Setting
    from backmail.simulate import Member, Stage

_PEOPLE = 1000
# Clocks change on the way: in America on 14 March, in Europe on the 28th, in the south a week later.
_START = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


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
    """Go the whole way with ARTICLE, or with the sample that ships; nothing is sent.

    Campaign, checks, mails, and the engine that delivers them to 1,000 made-up people on a virtual clock.

    The last line is the path of the gallery's page.
    """
    shown = whole(out, article)
    for line in _lines(shown):
        screen.say(line)
    screen.say(str(shown.gallery))


def whole(out: Path, article: Path | None = None) -> Shown:
    """Go the whole way in the folder `out`, with an article or with the sample that ships.

    Raises:
        UsageError: `out` has other things in it.
        ArticleError, PlanRefused, SafetyStop: the article cannot become a series.
    """
    from backmail.desk.demo import demo

    return demo(out, _deliver, article)


def _deliver(project: Project, setting: Setting) -> Rehearsed:
    """Deliver the series to made-up people: one of them gets hers as files, those of the others are counted."""
    from backmail.app.carriers import bytes_of
    from backmail.cli.progress import progress
    from backmail.simulate import Counting, Parted, VirtualClock, made, staged
    from backmail.transports import FolderTransport

    cast = list(made(_PEOPLE, seed=0))
    one = next(member for member in cast if member.subscriber.first_name and member.subscriber.timezone)
    clock = VirtualClock(_START)
    hers, others = Counting(FolderTransport(project.outbox, bytes_of(clock), clock)), Counting()
    transport = Parted(one.subscriber.email, hers, others)
    with (
        progress("mails delivered", _PEOPLE * len(setting.campaign.steps)) as told,
        staged(project, setting, cast, start=_START, transport=transport, clock=clock) as stage,
    ):
        for _ in stage.play(told=told):
            pass
        return _counted(stage, one, hers.carried + others.carried)


def _counted(stage: Stage, one: Member, carried: int) -> Rehearsed:
    from backmail.desk.delivered import delivered
    from backmail.desk.rehearsed import Rehearsed, letters

    with stage.backmail.reading() as tx:
        done = delivered(tx, stage.published.campaign, _START)
        [id_] = [id_ for id_, who in stage.who.items() if who == one.who]
        return Rehearsed(done, carried, one.subscriber, letters(tx, id_))


def _lines(shown: Shown) -> list[str]:
    """Return the summary: at most 15 lines with the gallery's path."""
    from backmail.desk import check, summary

    article, plan = shown.made.article, shown.made.plan
    cautions = article.cautions
    changed = [caution for caution in cautions if caution.proposal is not None]
    flagged = summary.flagged(article.source, cautions)
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
        f"engine    {_delivered(shown.rehearsed)}",
        f"outbox    {shown.outbox.resolve().as_uri()}",
        "sent      nothing, to nobody",
        f"look      {shown.gallery.resolve().as_uri()}",
        "next",
    ]
    return [*lines, *_commands(shown)]


def _delivered(rehearsed: Rehearsed) -> str:
    """Return what the engine did, in one line."""
    from backmail.desk.summary import counted

    done = rehearsed.done
    mails, people = counted(done.accepted, "mail"), counted(done.people, "made-up reader")
    days = f", {done.first:%Y-%m-%d} to {done.last:%Y-%m-%d}" if done.first and done.last else ""
    said = f"{mails} to {people} in {counted(len(done.zones), 'time zone')}{days}"
    return f"{said}: {done.lost:,} lost, {rehearsed.duplicates:,} twice"


def _commands(shown: Shown) -> list[str]:
    """Return three commands that can be pasted as printed."""
    at = f"backmail --project {shlex.quote(str(shown.folder))}"
    slug = shlex.quote(shown.campaign.slug)
    pages = shlex.quote(str(shown.folder / "preview"))
    return [
        screen.pasteable(command)
        for command in (
            f"{at} check {slug}",
            f"{at} preview {slug} --export {pages}",
            f"{at} simulate {slug} --people 20",
        )
    ]
