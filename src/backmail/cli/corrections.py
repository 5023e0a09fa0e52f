"""The options that correct an outline, taken apart; and what is said of a correction."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen

if TYPE_CHECKING:
    from backmail.config import Project
    from backmail.desk.outline import Corrections
    from backmail.desk.workshop import Understood
    from backmail.model.campaign import Campaign

_OPTIONS = (
    click.option("--set", "kinds", metavar="'FIRST WORDS'=KIND", multiple=True, help="What a block is. Repeatable."),
    click.option(
        "--merge", "merges", nargs=2, multiple=True, metavar="A B", help="Join two neighbours, by first words."
    ),
    click.option(
        "--split-at", "splits", multiple=True, metavar="LINE", help="Begin a new block at this line, or first words."
    ),
    click.option(
        "--heading",
        "headings",
        metavar="'FIRST WORDS'='NEW HEADING'",
        multiple=True,
        help="A block's heading in mails.",
    ),
    click.option(
        "--product", "products", metavar="'FIRST WORDS'=SKU", multiple=True, help="The product it is about, or none."
    ),
    click.option("--week", type=click.IntRange(1, 52), metavar="N", help="Put the blocks named by --set in mail N."),
    click.option("--drop", "drops", multiple=True, metavar="'FIRST WORDS'", help="Leave a block out; give --because."),
    click.option("--because", metavar="REASON", default="", help="Why it is left out."),
    click.option(
        "--forget", "forgotten", multiple=True, metavar="'FIRST WORDS'", help="Take back what was decided of a block."
    ),
    click.option(
        "--of",
        type=click.IntRange(min=1),
        metavar="N",
        help="The article of a series of several that is corrected. [default: the one that has the block]",
    ),
    click.option("--dry-run", is_flag=True, help="Only say what these would change."),
)


def correcting(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that correct an outline."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def of_options(given: dict[str, Any]) -> Corrections:
    """Return the corrections of the command line.

    Raises:
        click.UsageError: options that do not go together, or that name a block and not what it is to be.
    """
    from backmail.desk.outline import Corrections

    week, drops, because = given["week"], given["drops"], given["because"].strip()
    pairs = [kind.rpartition("=") if "=" in kind else (kind, "", "") for kind in given["kinds"]]
    if week is None and not all(equal for _, equal, _ in pairs):
        raise click.UsageError("--set takes 'first words'=kind (without =kind only beside --week)")
    if week is not None and not pairs:
        raise click.UsageError("--week needs --set 'first words' to say which block")
    if bool(drops) != bool(because):
        raise click.UsageError("--drop and --because go together: what is left out needs a reason")
    return Corrections(
        kinds=tuple((words, kind) for words, _, kind in pairs if kind),
        merges=given["merges"],
        splits=tuple(int(at) if at.isdecimal() else at for at in given["splits"]),
        weeks=tuple((words, week) for words, _, _ in pairs) if week is not None else (),
        drops=tuple((words, because) for words in drops),
        headings=_pairs("--heading", "'new heading'", given["headings"]),
        products=_pairs("--product", "sku", given["products"]),
        forgotten=given["forgotten"],
    )


def _pairs(option: str, what: str, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the two sides of each value of an option."""
    parted = [each.partition("=") for each in given]
    if not all(words.strip() and value.strip() for words, _, value in parted):
        raise click.UsageError(f"{option} takes 'first words'={what}")
    return tuple((words, " ".join(value.split())) for words, _, value in parted)


def correct(
    articles: Sequence[Understood],
    campaign: Campaign | None,
    corrections: Corrections,
    project: Project,
    *,
    of: int | None,
    only_tell: bool,
) -> Sequence[Understood]:
    """Correct an outline and say what changes; a campaign's mails are made anew, if nobody edited them.

    `of` is the number of the article in its series, None for the one that has the blocks. `only_tell`: nothing is
    written. Returned are all articles as they are understood then.

    Raises:
        BackmailError: it cannot be done; where mails were edited by hand, the corrections are kept all the same.
    """
    from backmail import campaign as campaigns
    from backmail.campaign.chapters import below
    from backmail.campaign.outline import FILE
    from backmail.cli.resplit import show
    from backmail.desk import outline, saving, workshop
    from backmail.desk.resplit.remaking import is_sent, merges, remake
    from backmail.desk.resplit.resplitting import Merged, resplit
    from backmail.errors import CampaignError, Fault, Place

    if campaign is None:
        (understood,) = articles
        made = outline.overrides(corrections, understood.article, understood.catalog)
        before = outline.without(understood.outline, corrections.forgotten, understood.article)
        after = outline.corrected(before, made, understood.article)
        source = understood.article.source
        done_so = workshop.understand(source, after, understood.catalog, lexicons=understood.lexicons)
        outline.see_that_they_do(made, done_so.article)
        return (done_so,)
    done = outline.tried(campaign, project, articles, corrections, of)
    tell = screen.say if only_tell else screen.tell
    merged = campaigns.generated(campaign.folder) and merges(campaign, project)
    changes = None if merged else outline.changed_by(done, campaign, project, articles)
    for line in changes.lines if changes else ():
        tell(line)
    edited = ", ".join(changes.files.by_hand if changes and changes.files else ())
    if only_tell:
        if merged:
            show(resplit(str(campaign.folder), project, outline=done.outline, of=done.of, dry=True), tell)
        tell(
            "nothing was written" + (f"; it would take `backmail resplit`: edited by hand: {edited}" if edited else "")
        )
        return articles
    if campaigns.generated(campaign.folder):
        sent = is_sent(campaign, project)
        again = remake(campaign, project, done.outline, done.of)
        if isinstance(again, Merged):
            show(again, tell)
        mails = again.mails if isinstance(again, Merged) else again.plan.weeks
        how = "merged, since somebody got a mail of it" if sent else "made anew"
        tell(f"{campaign.folder}: {how}, {mails} mails")
        return workshop.articles_of(campaign, project)
    with saving.alone(campaign.folder):
        outline.keep(campaign, project, done.outline, done.before, done.of)
    kept = below(done.of, FILE)
    message = f"what you decided is kept in {kept}, but no mail was changed: mails were edited by hand"
    fault = Fault(message + (f" ({edited})" if edited else ""), Place(str(campaign.folder)))
    raise CampaignError(fault, next_command=f"backmail resplit {shlex.quote(campaign.slug)}")
