"""What another outline changes in a campaign's folder: the files that would be written anew, the blocks that move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backmail.campaign.coverage import digest, is_step, standing, written
from backmail.campaign.outline import first_words
from backmail.model.article import Article
from backmail.model.plan import Plan

__all__ = ["BlockMove", "Changes", "Rewrite", "changes", "rewrite_of", "step_hashes"]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What writing the mails anew would change. Where `by_hand` names files, it is not done: that would lose edits."""

    anew: tuple[str, ...]
    gone: tuple[str, ...]
    by_hand: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockMove:
    """A block that goes to another mail: its name, and the numbers of the mails; 0 is none."""

    name: str
    before: int
    after: int

    def __str__(self) -> str:
        def mail(number: int) -> str:
            return f"mail {number}" if number else "no mail"

        return f"“{self.name}”: {mail(self.before)} -> {mail(self.after)}"


@dataclass(frozen=True, slots=True)
class Changes:
    """What another outline changes: `files` is None where nothing is known of how the mails were written last."""

    files: Rewrite | None
    moved: tuple[BlockMove, ...]

    @property
    def lines(self) -> list[str]:
        """What it changes, a line each."""
        said = []
        if self.files is not None:
            said += [f"{file}: written anew" for file in self.files.anew]
            said += [f"{file}: goes" for file in self.files.gone]
        said += [str(move) for move in self.moved]
        return said or ["no mail changes"]


def step_hashes(files: Mapping[str, str]) -> dict[str, str]:
    """Return the hash of each step among the files of a folder, by its name."""
    return {name: digest(text.encode()) for name, text in files.items() if is_step(name)}


def rewrite_of(folder: Path, hashes: Mapping[str, str]) -> Rewrite | None:
    """Return what writing the mails of a folder anew would change; None where it is not known how they were written.

    What was written last is compared, and not what stands there: an edit by hand is no reason to write anything anew.

    Args:
        folder: the campaign's.
        hashes: of the step files that would be written, by their names.

    Raises:
        OSError: a file of the folder cannot be read.
    """
    before = written(folder)
    if before is None:
        return None
    now = standing(folder)
    return Rewrite(
        anew=tuple(name for name, hash_ in hashes.items() if before.get(name) != hash_),
        gone=tuple(name for name in before if name not in hashes),
        by_hand=tuple(sorted(name for name in {*before, *now} if before.get(name) != now.get(name))),
    )


def changes(
    folder: Path, files: Mapping[str, str], before: tuple[Article, Plan | None], after: tuple[Article, Plan]
) -> Changes:
    """Return what another outline changes in a folder.

    Args:
        folder: the campaign's.
        files: all that would be written, by name.
        before: the article and its plan as they are; None for an outline that made no series.
        after: the same article and its plan under the other outline.
    """
    article, plan = before
    moved = _moved(_mails(article, plan), *after) if plan else ()
    return Changes(rewrite_of(folder, step_hashes(files)), tuple(moved))


def _mails(article: Article, plan: Plan) -> dict[tuple[str, int], int]:
    """Return the mail of each unit, by its file and its first line; 0 for none."""
    week = {block: step.week for step in plan.steps for block in step.blocks}
    return {(block.file, unit.start): week.get(block.id, 0) for block in article.blocks for unit in block.units}


def _moved(before: Mapping[tuple[str, int], int], article: Article, plan: Plan) -> Iterator[BlockMove]:
    """Give the blocks that stand in another mail than any of their text did."""
    now = _mails(article, plan)
    for block in article.blocks:
        start = block.file, block.start
        if start in before and before[start] != now[start]:
            yield BlockMove(block.heading or first_words(block, article.blocks), before[start], now[start])
