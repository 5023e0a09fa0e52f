"""`backmail new ARTICLE`: make a campaign from an article."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backmail.cli import names, screen
from backmail.cli.options import catalog_option, project_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from backmail.config import Project
    from backmail.desk.given import Given
    from backmail.desk.into import Added
    from backmail.desk.new import Made, Wishes


@click.command("new")
@click.argument("article", type=click.Path())
@click.option("--name", "slug", metavar="SLUG", default="", help="The campaign's folder. [default: from the title]")
@click.option("--weeks", type=click.IntRange(1, 52), help="How many mails. [default: as many as suit the article]")
@catalog_option
@click.option("--language", metavar="TAG", default="", help="The article's language, such as en. [default: found]")
@click.option("--source-url", metavar="URL", default="", help="Where the article stands on the web.")
@click.option(
    "--mark", "marks", metavar="LINES=KIND", multiple=True, help="What lines are, such as 26-27=safety. Repeatable."
)
@click.option("--safety", metavar="FILE", type=click.Path(path_type=Path), help="A safety text that the article lacks.")
@click.option("--no-safety", "without_safety", metavar="REASON", default="", help="Why exercises need no safety text.")
@click.option(
    "--adapt",
    type=click.Choice(["all", "none"]),
    help="Take the proposals for wordings, or none. [default: asks, or none]",
)
@click.option(
    "--into",
    "series",
    metavar="CAMPAIGN",
    default="",
    shell_complete=names.campaigns,
    help="Put its mails behind those of a campaign.",
)
@project_option
def command(
    article: str,
    slug: str,
    series: str,
    weeks: int | None,
    catalog: Path | None,
    language: str,
    source_url: str,
    marks: tuple[str, ...],
    safety: Path | None,
    without_safety: str,
    adapt: str | None,
    project: Project,
) -> None:
    """Make a campaign from ARTICLE: one mail a week, as files to edit.

    ARTICLE is a text, Markdown, HTML or Word file, or the address of a page. Its pictures are copied into the
    campaign's images/.

    All files are written or none. Nothing of the article is lost: what is moved, dropped or changed stands in
    coverage.json, with the reason.

    With --into the article becomes the further mails of a series that there is: weeks count on, and what stands there
    stays as it is.
    """
    if series and slug:
        raise click.UsageError("--into and --name do not go together: the campaign has a name")
    from backmail.clock import SystemClock
    from backmail.desk import into, new
    from backmail.desk.fetch import Web
    from backmail.desk.given import given
    from backmail.desk.new import Wishes

    wishes = Wishes(
        slug=_slug(slug),
        weeks=weeks,
        catalog=catalog,
        language=_language(language),
        source_url=_address(source_url),
        marks=marks,
        safety=safety,
        without_safety=without_safety,
        adapt=adapt or "none",
    )
    it = given(article, Web(SystemClock().ticks))
    if adapt is None:
        wishes = _asked(it, project, wishes)
    if series:
        _tell_of(into.into(it, series, project, wishes), wishes)
    else:
        _tell(new.new(it, project, wishes), wishes)


def _slug(name: str) -> str:
    """Return the name of a folder as it was given, when it can be one."""
    from backmail.campaign import slug

    if name and slug(name) != name:
        raise click.UsageError(f"--name {name!r}: a name has small letters, digits and hyphens; such as {slug(name)!r}")
    return name


def _language(tag: str) -> str:
    """Return the tag of a language as it was given, when it is one."""
    from backmail.yamlfile.fields import language_tag

    return tag and _taken("--language", tag, language_tag)


def _address(url: str) -> str:
    """Return an address on the web as it was given, when it is one."""
    from backmail.yamlfile.fields import site_address

    return url and _taken("--source-url", url, site_address)


def _taken(option: str, text: str, judge: Callable[[str], str]) -> str:
    try:
        judge(text)
    except ValueError as error:
        message, _, hint = str(error).partition("\n")
        raise click.UsageError(f"{option}: {message}; {hint}") from error
    return text


def _asked(it: Given, project: Project, wishes: Wishes) -> Wishes:
    """Ask once, on a terminal only, whether the proposals for wordings are to be taken."""
    from dataclasses import replace

    from backmail.desk import new

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return wishes
    cautions = new.understand(it.source, project, wishes).article.cautions
    where = it.source.where
    proposals = [caution for caution in cautions if caution.proposal is not None]
    if not proposals:
        return wishes
    for caution in proposals:
        screen.tell(f"  {where(caution.start)}: {caution.text!r} -> {caution.proposal!r}  ({caution.message})")
    yes = click.confirm(f"Take these {len(proposals)} proposals?", default=False, err=True)
    return replace(wishes, adapt="all" if yes else "none")


def _tell_of(added: Added, wishes: Wishes) -> None:
    """Say what was added to a series, and whom it meets."""
    _show(added.made, wishes)
    screen.tell(f"they follow the {added.behind} mails that stand there; none of these was changed")
    slug = shlex.quote(added.made.folder.name)
    commands = f"backmail preview {slug}\nbackmail check {slug}"
    if added.published:
        screen.tell(
            "readers on their way get them when you apply the series; those who had its last mail have finished, and "
            "do not get them"
        )
        commands += f"\nbackmail apply {slug}"
    screen.tell(screen.pasteable(commands))


def _tell(made: Made, wishes: Wishes) -> None:
    """Say what was made, what wants a look, and what to type next."""
    _show(made, wishes)
    slug = shlex.quote(made.folder.name)
    screen.tell(screen.pasteable(f"backmail preview {slug}\nbackmail check {slug}"))


def _show(made: Made, wishes: Wishes) -> None:
    """Say what was made, and what wants a look."""
    from backmail.desk.summary import sentence_about, told_of_pictures, wanting_a_look

    screen.say(f"{made.folder}: {sentence_about(made.article, made.plan)}")
    for name in made.files:
        if name[0].isdigit():
            screen.say(f"  {name}")
    for line in told_of_pictures(made):
        screen.tell(line)
    for line in wanting_a_look(made, adapted=wishes.adapt == "all"):
        screen.tell(line)
