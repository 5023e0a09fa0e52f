"""coverage.json: where each line of the article went, what was changed, and a hash of each step file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import digits
from typing import Any

from backmail.campaign.adapt import Change
from backmail.campaign.chapters import record_folders
from backmail.campaign.legible import legible
from backmail.model.article import Article
from backmail.model.campaign import Copied
from backmail.model.plan import Plan, PlannedStep

FILE = "coverage.json"
_SCHEMA = 1
_PAIR = re.compile(r"\[\n *(\d+),\n *(\d+)\n *\]")  # no text of ours holds a line end inside of JSON


def coverage(
    article: Article, plan: Plan, steps: Mapping[str, str], changed: Iterable[Change], copies: Mapping[str, Copied]
) -> str:
    """Return the text of coverage.json.

    What it says of steps is what was generated: a subject that the marketer wrote stands in the step's file alone.

    Args:
        article: what the plan is of.
        plan: the plan.
        steps: each step file's text as generated, by its name, in the plan's order.
        changed: what reads otherwise in the mails than in the article.
        copies: the pictures that were copied, by their names in the folder.
    """
    data = {
        "schema": _SCHEMA,
        "steps": [_step(article, step, file) for step, file in zip(plan.steps, steps, strict=True)],
        "dropped": [{"block": each.block, "lines": list(each.lines), "reason": each.reason} for each in plan.dropped],
        "moved": [{"block": each.block, "reason": each.reason} for each in plan.moved],
        "changed": [
            {"block": each.block, "what": each.what, "from": each.before, "to": each.after} for each in changed
        ],
        "invariants": [{"id": each.id, "ok": each.ok, "detail": each.detail} for each in plan.invariants],
        "pictures": dict(article.source.places),
        "copies": {name: {"sha256": each.digest, "address": each.address} for name, each in copies.items()},
        "files": {file: digest(text.encode()) for file, text in steps.items()},
    }
    return _PAIR.sub(r"[\1, \2]", json.dumps(data, ensure_ascii=False, indent=1)) + "\n"


def _step(article: Article, step: PlannedStep, file: str) -> dict[str, Any]:
    """Return what the file says of one step. Lines are the article's: an added safety text has lines of its own."""
    blocks = [block for block in map(article.block, step.blocks) if not block.file]
    if article.source.by_element:  # what is no part of the article may stand between two elements of one block
        lines = [(unit.start, unit.end) for block in blocks for unit in block.units]
    else:
        lines = [(block.start, block.end) for block in blocks]
    return {
        "file": file,
        "id": step.slug,
        "subject": step.subject,
        "subjects": list(step.subjects),
        "preheader": step.preheader,
        "cta": step.action.text,
        "week": step.week,
        "blocks": list(step.blocks),
        "lines": _merged(lines),
        "words": step.words,
        "repeats": [repeat.block for repeat in step.repeats],
    }


def _merged(ranges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the ranges in order, neighbours joined."""
    merged: list[list[int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return merged


def generated(folder: Path) -> bool:
    """Whether every step file of a folder is still as backmail wrote it, and none was added or taken away."""
    try:
        return standing(folder) == written(folder)
    except OSError:
        return False


def written(folder: Path) -> dict[str, str] | None:
    """Return the hash of each step file by its name as backmail wrote it last; None where nobody knows."""
    said = [written_of(each) for each in record_folders(folder)]
    return None if None in said else {file: hash_ for files in said for file, hash_ in (files or {}).items()}


def written_of(home: Path) -> dict[str, str] | None:
    """Return the same of the one article whose records a folder holds."""
    try:
        files = json.loads((home / FILE).read_text(encoding="utf-8"))["files"]
        return {str(file): str(hash_) for file, hash_ in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def places(folder: Path) -> dict[str, str]:
    """Return where the copies of an article's pictures stand in its folder, by the addresses that the article has."""
    said = _said(text_of(folder), "pictures")
    return {source: place for source, place in said.items() if isinstance(place, str)}


def text_of(folder: Path) -> str:
    """Return the text of the coverage.json of a folder, "" where it cannot be read."""
    try:
        return (folder / FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def copies_in(text: str) -> dict[str, Copied]:
    """Return the copies of pictures by their names in the folder, as the text of a coverage.json has them."""
    said = {name: each for name, each in _said(text, "copies").items() if isinstance(each, dict)}
    return {name: Copied(str(each.get("sha256", "")), str(each.get("address", ""))) for name, each in said.items()}


def _said(text: str, name: str) -> dict[str, Any]:
    """Return one of the objects of a coverage.json; an empty one where it is not what backmail wrote."""
    try:
        return dict(json.loads(text)[name])
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def proposed_subjects(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the subjects that were proposed for each step, by its id; empty where nobody knows."""
    try:
        said = [json.loads((each / FILE).read_text(encoding="utf-8"))["steps"] for each in record_folders(folder)]
        return {str(step["id"]): tuple(map(str, step["subjects"])) for steps in said for step in steps}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def standing(folder: Path) -> dict[str, str]:
    """Return the hash of each step file by its name as it stands now.

    Raises:
        OSError: a file cannot be read.
    """
    return {path.name: digest(path.read_bytes()) for path in step_files(folder)}


def step_files(folder: Path) -> list[Path]:
    """Return the step files of a folder in the order of their names, where 2 comes before 10."""
    return steps_among(folder.glob("*.md"))


def steps_among(paths: Iterable[Path]) -> list[Path]:
    """Return those of a folder's Markdown files that are steps, in the same order."""
    return sorted((path for path in paths if is_step(path.name)), key=_natural)


def is_step(name: str) -> bool:
    """Whether a file of a campaign's folder is a step by its name: Markdown, with a number from 0 to 9 in front.

    Digits of other scripts, and ² and ³, are letters here: they have no place in the order.
    """
    return name.endswith(".md") and name.startswith(tuple(digits)) and legible(name)


def _natural(path: Path) -> tuple[int, str]:
    number = path.name[: len(path.name) - len(path.name.lstrip(digits))]
    return int(number), path.name


def digest(data: bytes) -> str:
    """Return the hash of a step file's bytes."""
    return hashlib.sha256(data).hexdigest()
