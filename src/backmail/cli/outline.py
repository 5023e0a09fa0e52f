"""`backmail outline ARTICLE|CAMPAIGN`: how an article is understood, and corrections of it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import names, screen
from backmail.cli.corrections import correct, correcting, of_options
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backmail.config import Project
    from backmail.desk.workshop import Understood
    from backmail.model.article import Article
    from backmail.model.campaign import Campaign


@click.command("outline")
@click.argument("name", metavar="ARTICLE|CAMPAIGN", shell_complete=names.articles_and_campaigns)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--why", is_flag=True, help="Say why: each part's reasons, what else it may be, the plan's cuts and moves."
)
@click.option(
    "--html",
    "page_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the same as a page.",
)
@click.option("--in", "language", type=click.Choice(["en", "da", "de"]), help="The language of --why and --html.")
@correcting
@project_option
def command(
    name: str,
    as_json: bool,
    why: bool,
    page_file: Path | None,
    language: str | None,
    of: int | None,
    dry_run: bool,
    project: Project,
    **given: Any,
) -> None:
    """Show the blocks of an article, each with its kind; the doubtful ones are marked with a question mark.

    With --set, --merge, --split-at, --heading, --product, --week, --drop or --forget a campaign's outline.yaml is
    corrected, and its files are made anew while every mail is still as backmail wrote it. Where mails were edited, only
    outline.yaml is written, and `backmail resplit` brings both together. For an article that is no campaign yet, the
    corrections are only shown.

    Of a series that is made from several articles all are shown, one after the other. A correction is of the article
    that has the block; where several have one that begins so, --of says which is meant. Mails of the others stay.

    --why and --html speak the language of the article if that is English, Danish or German, else English.
    """
    from backmail.clock import SystemClock
    from backmail.desk import outline
    from backmail.desk.fetch import Web

    corrections = of_options(given)
    if dry_run and not corrections:
        raise click.UsageError("--dry-run goes with a correction, such as --set")
    if of is not None and not corrections:
        raise click.UsageError("--of goes with a correction, such as --set")
    told, campaign = outline.outlined(name, project, Web(SystemClock().ticks))
    if corrections:
        told = tuple(correct(told, campaign, corrections, project, of=of, only_tell=dry_run))
        if dry_run and campaign is not None:
            return
    if page_file is not None:
        for number, each in enumerate(told, 1):
            file = page_file.with_stem(f"{page_file.stem}-{number}") if number > 1 else page_file
            _write(each, campaign, file, language)
    if as_json:
        screen.say(json.dumps(outline.series_as_json([each.article for each in told]), ensure_ascii=False, indent=1))
    elif why:
        for each in told:
            _explain(each, campaign, language)
    elif page_file is None:
        for number, each in enumerate(told, 1):
            if number > 1:
                screen.say("")
            _show(each.article, _stale(each.article, campaign, number))
        _next(name, campaign)


def _explain(understood: Understood, campaign: Campaign | None, language: str | None) -> None:
    """Print why the article was understood so."""
    from backmail.desk import explain

    words = explain.words_for(understood.article.language, language)
    for line in explain.lines(explain.explain(understood, words, campaign.source_url if campaign else ""), words):
        screen.say(line)


def _write(understood: Understood, campaign: Campaign | None, file: Path, language: str | None) -> None:
    """Write the same as a page, in the place of one that was written before."""
    from backmail.desk import explain, saving

    words = explain.words_for(understood.article.language, language)
    explanation = explain.explain(understood, words, campaign.source_url if campaign else "")
    try:
        saving.put(file, explain.page(explanation, words).encode("utf-8"))
    except OSError as error:  # it is about the folder, or about a file beside it that nobody asked for
        raise type(error)(error.errno, error.strerror, str(file)) from error
    screen.tell(f"written: {file.resolve().as_uri()}")


def _stale(article: Article, campaign: Campaign | None, of: int) -> list[tuple[str, str]]:
    """Return the decisions that fit no block any more, each with its place in the outline.yaml of that article."""
    from backmail import campaign as campaigns
    from backmail.campaign.chapters import home_of

    stale = [(number, each.complaint) for number, each in enumerate(article.decisions) if each.stale]
    places = campaigns.override_places(campaign.folder / home_of(of)) if campaign is not None and stale else []
    return [(str(places[number]) if number < len(places) else "--set", complaint) for number, complaint in stale]


def _show(article: Article, stale: Sequence[tuple[str, str]]) -> None:
    """Print the article as a tree: title, then each block with its lines, kind and first words."""
    from backmail.desk.summary import DOUBTFUL, flagged

    guessed = " (a guess)" if article.title_guessed else ""
    screen.say(f"{article.title or 'no title'}{guessed}: {article.language}, {article.words:,} words")
    width = max(len(f"{block.start}-{block.end}") for block in article.blocks)
    for number, block in enumerate(article.blocks):
        last = number == len(article.blocks) - 1
        lines = f"{block.start}-{block.end}" if block.end > block.start else str(block.start)
        kind = f"{block.kind} ({block.role})" if block.role else str(block.kind)
        doubt = "?" if block.confidence < DOUBTFUL and block.in_mails else " "
        text = block.heading or block.units[0].text
        screen.say(f"{'└' if last else '├'}─{doubt}{block.id}  {lines:>{width}}  {kind:<22}  {_short(text)}")
        if doubt == "?":
            other = f"; or else {block.runner_up}" if block.runner_up else ""
            screen.say(
                f"{' ' if last else '│'}        not sure{other}: {'; '.join(block.reasons) or 'nothing speaks for it'}"
            )
    for caution in article.cautions:
        if caution.proposal is not None:
            where = article.source.where(caution.start)
            screen.tell(f"{where}: {caution.message} -> {caution.proposal or '(leave it out)'}")
    for line in flagged(article.source, [caution for caution in article.cautions if caution.id != "stale-override"]):
        screen.tell(line)
    for place, complaint in stale:
        screen.tell(f"{place}: {complaint}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def _next(name: str, campaign: Campaign | None) -> None:
    verb = f"check {shlex.quote(campaign.slug)}" if campaign else f"new {shlex.quote(name)}"
    screen.tell(screen.pasteable(f"backmail {verb}"))
