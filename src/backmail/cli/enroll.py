"""`backmail enroll CAMPAIGN --segment EXPR`: let many people begin a campaign."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from backmail.app import Backmail
    from backmail.clock import Span
    from backmail.config import Project
    from backmail.desk.enroll import Preview
    from backmail.segments import Segment
    from backmail.sending.enrollment import PassedOver
    from backmail.sending.published import Published

_SLOTS = 8  # first slots that are shown
_WORTH_A_BAR = 5000  # people; fewer are enrolled before a bar is seen


def _span(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Span | None:
    from backmail.clock import parse_span

    try:
        return None if value is None else parse_span(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("enroll")
@click.argument("campaign", shell_complete=names.campaigns)
@click.option("--segment", metavar="EXPR", help="Who: all, tag:x, field:language=da, finished:slug; not, and, or, ().")
@click.option("--email", metavar="ADDR", help="Who: one person, by her address.")
@click.option("--first", metavar="N", type=click.IntRange(min=1), help="N people at most; said again, the next ones.")
@click.option(
    "--spread", metavar="SPAN", callback=_span, help="Spread their beginnings evenly over a time, such as 5d."
)
@click.option("--live", is_flag=True, help="Do it. [default: only say what would happen]")
@click.option("--expect", metavar="N", type=click.IntRange(min=0), help="How many will begin; else it is asked.")
@project_option
def command(
    campaign: str,
    segment: str | None,
    email: str | None,
    first: int | None,
    spread: Span | None,
    live: bool,
    expect: int | None,
    project: Project,
) -> None:
    """Let the people of a segment begin an applied CAMPAIGN, on its schedule.

    Without --live it says what would happen, and does nothing. Passed over are those outside the campaign's audience,
    who have not confirmed, whom we may not write to, who walk through it already or did before. Stopped half-way, it is
    finished by saying it again.
    """
    if (segment is None) == (email is None):
        raise click.UsageError("say who: --segment EXPR or --email ADDR, one of the two")
    if expect is not None and not live:
        raise click.UsageError("--expect belongs to --live: without it nothing is done")
    from backmail import segments
    from backmail.app import opened
    from backmail.audience.addresses import normal
    from backmail.errors import UnknownName

    who = (
        segments.parse(segment, file="--segment")
        if segment is not None
        else segments.Field("email", normal(email or ""))
    )
    with opened(project) as app:
        published, would = _preview(app, campaign, who, first, spread)
        if email is not None and not would.found:
            raise UnknownName(f"{email} is no subscriber", next_command="backmail subscribers find WORDS")
        _say(would, app, published)
        if not live:
            screen.tell("nothing was done; --live does it" if would.count else "nobody would begin")
            return
        _enroll(app, published, would, expect, _typed(published, segment, email, first, spread))


def _preview(
    app: Backmail, campaign: str, who: Segment, first: int | None, spread: Span | None
) -> tuple[Published, Preview]:
    """Look at who would begin; say what in the segment is probably a slip."""
    from backmail.audience.segments import doubts
    from backmail.cli.applied import applied
    from backmail.desk.enroll import preview

    with app.reading() as tx:
        published = applied(app, tx, campaign)
        for doubt in doubts(tx, who):
            screen.tell(doubt)
        would = preview(tx, published, who, now=app.now(), zone=app.zone, first=first, spread=spread)
    return published, would


def _say(would: Preview, app: Backmail, published: Published) -> None:
    from backmail.desk.forecast import in_words, needed, shown
    from backmail.desk.summary import counted

    screen.say(f"{published.campaign.slug}, version {published.number}")
    screen.say(f"segment      {_people(would.found)}")
    for count, why in _passed_over(would):
        screen.say(f"passed over  {count:,} {why}")
    if would.left:
        screen.say(f"left         {would.left:,} for another time")
    screen.say(f"would begin  {would.count:,}")
    for slot, count in would.firsts[:_SLOTS]:
        screen.say(f"first mail   {shown(slot.due, slot.zone)}: {count:,}")
    if len(would.firsts) > _SLOTS:
        rest = sum(count for _, count in would.firsts[_SLOTS:])
        screen.say(f"             and {counted(len(would.firsts) - _SLOTS, 'later slot')}: {rest:,}")
    if would.last:
        screen.say(f"last mail    {shown(would.last.due, would.last.zone)}")
        busiest = max(count for _, count in would.firsts)
        if app.config.transport.kind != "folder":
            length = in_words(needed(busiest, app.config.transport))
            screen.say(f"slot         {counted(busiest, 'mail')} {'needs' if busiest == 1 else 'need'} {length}")


def _passed_over(would: Preview) -> list[tuple[int, str]]:
    """Return how many are passed over and why, in words."""
    said = [(would.outside, "not of the campaign's audience")]
    said += [(count, _words()[why]) for why, count in sorted(would.passed_over.items())]
    return [(count, why) for count, why in said if count]


def _words() -> dict[PassedOver, str]:
    from backmail.sending.enrollment import PassedOver

    return {
        PassedOver.UNKNOWN: "gone meanwhile",
        PassedOver.PENDING: "not confirmed",
        PassedOver.SUPPRESSED: "to whom we may not write",
        PassedOver.WALKING: "walking through it already",
        PassedOver.RAN: "who walked through it before, and may not (yet) again",
    }


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _typed(
    published: Published, segment: str | None, email: str | None, first: int | None, spread: Span | None
) -> list[str]:
    """Return the command as it was typed, to be typed again."""
    who = ["--segment", segment] if segment is not None else ["--email", email or ""]
    some = ["--first", str(first)] if first else []
    slowly = ["--spread", str(spread)] if spread else []
    return ["enroll", published.campaign.slug, *who, *some, *slowly, "--live"]


def _enroll(app: Backmail, published: Published, would: Preview, expect: int | None, typed: list[str]) -> None:
    """Enroll those of the preview once their number was agreed to, and say what became of it."""
    from backmail.cli.agreement import agree
    from backmail.desk.enroll import enroll

    if would.count or expect is not None:
        agree(would.count, expect, what="people to enroll", command=typed)
    if not would.count:
        screen.tell("nobody would begin")
        return
    with click.progressbar(length=would.count, label="enrolling", file=sys.stderr, hidden=_few(would)) as bar:
        done = enroll(app.durable, published, would.groups, zone=app.zone, told=bar.update)
    screen.say(f"enrolled     {done[None]:,}")
    for why, count in sorted((why, count) for why, count in done.items() if why is not None):
        screen.say(f"passed over  {count:,} {_words()[why]}")
    if app.live_needed and not _is_live(app, published):
        screen.tell(screen.pasteable(f"nothing goes before:\nbackmail live {published.campaign.slug}"))


def _few(would: Preview) -> bool:
    return would.count < _WORTH_A_BAR or not sys.stderr.isatty()


def _is_live(app: Backmail, published: Published) -> bool:
    from backmail.desk.live import is_live

    with app.reading() as tx:
        return is_live(tx, published.campaign.id)
