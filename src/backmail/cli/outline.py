"""`backmail outline ARTICLE|CAMPAIGN`: how an article is understood, and corrections of it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import project_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backmail.config import Project
    from backmail.desk.outline import Corrections
    from backmail.desk.workshop import Understood
    from backmail.model.article import Article
    from backmail.model.campaign import Campaign


@click.command("outline")
@click.argument("name", metavar="ARTICLE|CAMPAIGN", shell_complete=names.articles_and_campaigns)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--set", "kinds", metavar="'FIRST WORDS'=KIND", multiple=True, help="What a block is. Repeatable.")
@click.option("--merge", "merges", nargs=2, multiple=True, metavar="A B", help="Join two neighbours, by first words.")
@click.option("--split-at", "splits", type=int, multiple=True, metavar="LINE", help="Begin a new block at this line.")
@click.option("--week", type=click.IntRange(1, 52), metavar="N", help="Put the blocks named by --set in mail N.")
@click.option("--drop", "drops", multiple=True, metavar="'FIRST WORDS'", help="Leave a block out; give --because.")
@click.option("--because", metavar="REASON", default="", help="Why it is left out.")
@project_option
def command(
    name: str,
    as_json: bool,
    kinds: tuple[str, ...],
    merges: tuple[tuple[str, str], ...],
    splits: tuple[int, ...],
    week: int | None,
    drops: tuple[str, ...],
    because: str,
    project: Project,
) -> None:
    """Show the blocks of an article, each with its kind; the doubtful ones are marked with a question mark.

    With --set, --merge, --split-at, --week or --drop a campaign's outline.yaml is corrected and its files are made
    anew, while every mail is still as backmail wrote it. For an article that is no campaign yet, the corrections are
    only shown.
    """
    from backmail.desk import outline

    corrections = _corrections(kinds, merges, splits, week, drops, because)
    understood, campaign = outline.outlined(name, project)
    if corrections:
        understood = _corrected(understood, campaign, corrections, project)
    if as_json:
        screen.say(json.dumps(outline.as_json(understood.article), ensure_ascii=False, indent=1))
    else:
        _show(understood.article)
        _next(name, campaign)


def _corrections(
    kinds: Sequence[str],
    merges: tuple[tuple[str, str], ...],
    splits: tuple[int, ...],
    week: int | None,
    drops: Sequence[str],
    because: str,
) -> Corrections:
    """Take the command line's corrections apart."""
    from backmail.desk.outline import Corrections

    pairs = [kind.rpartition("=") if "=" in kind else (kind, "", "") for kind in kinds]
    if week is None and not all(equal for _, equal, _ in pairs):
        raise click.UsageError("--set takes 'first words'=kind (without =kind only beside --week)")
    if week is not None and not pairs:
        raise click.UsageError("--week needs --set 'first words' to say which block")
    if bool(drops) != bool(because.strip()):
        raise click.UsageError("--drop and --because go together: what is left out needs a reason")
    return Corrections(
        kinds=tuple((words, kind) for words, _, kind in pairs if kind),
        merges=merges,
        splits=splits,
        weeks=tuple((words, week) for words, _, _ in pairs) if week is not None else (),
        drops=tuple((words, because.strip()) for words in drops),
    )


def _corrected(
    understood: Understood, campaign: Campaign | None, corrections: Corrections, project: Project
) -> Understood:
    """Correct the outline; a campaign's folder is made anew."""
    from backmail.desk import new, outline, workshop

    made = outline.overrides(corrections, understood.article)
    corrected = outline.corrected(understood.outline, made, understood.article)
    if campaign is None:
        return workshop.understand(understood.article.source, corrected, understood.catalog)
    written = new.rewrite(campaign, project, corrected)
    screen.tell(f"{written.folder}: made anew, {written.plan.weeks} mails")
    return workshop.article_of(campaign, project)


def _show(article: Article) -> None:
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
            screen.tell(f"line {caution.start}: {caution.message} -> {caution.proposal or '(leave it out)'}")
    for line in flagged(article.cautions):
        screen.tell(line)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def _next(name: str, campaign: Campaign | None) -> None:
    verb = f"check {shlex.quote(campaign.slug)}" if campaign else f"new {shlex.quote(name)}"
    screen.tell(screen.pasteable(f"backmail {verb}"))
