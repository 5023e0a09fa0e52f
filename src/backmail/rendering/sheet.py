"""All exercises that a reader got, with the safety text, as one page to print: composed and filled as a mail is."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from backmail.markup import containers
from backmail.model.campaign import Action, Step
from backmail.rendering.compose import Setting
from backmail.rendering.parts import NEXT_BODY
from backmail.rendering.theme import MAIL, PARTS, RULES, TEXT, Theme, read_template, theme_of
from backmail.shipped import shipped

__all__ = ["load_sheet", "sheet_of"]

# The files under templates/pages/sheet/, by what they are for a mail. Of all other parts nothing is shown.
_FILES = {
    MAIL: "page.html.jinja",
    RULES: "style.css.jinja",
    "parts/exercise.html.jinja": "exercise.html.jinja",
    "parts/safety.html.jinja": "safety.html.jinja",
}


def load_sheet(folders: Sequence[Path] = ()) -> Theme:
    """Return the looks of the sheet; each of its files comes from the first folder that has it.

    Args:
        folders: `templates` folders that are looked in before the one that ships.

    Raises:
        TemplateError: a file of it cannot be read or used.
    """
    texts, shown = dict.fromkeys((*PARTS, TEXT), ""), dict.fromkeys((*PARTS, TEXT), "")
    for file, name in _FILES.items():
        homes = (folder / "pages" / "sheet" / name for folder in (*folders, shipped("templates")))
        path = next(path for path in homes if os.path.lexists(path))
        texts[file], shown[file] = read_template(path), str(path)
    return theme_of("sheet", texts, shown)


def sheet_of(setting: Setting, step_id: str, got: Collection[str]) -> tuple[Setting, Step]:
    """Return the sheet as a step that takes the place of another, and the setting that it is composed in.

    Its body is those of the steps that the reader got, so that what stands in it under a condition is for whom it was,
    and of all others the safety text.

    Args:
        setting: the campaign, with the looks of the sheet.
        step_id: of the mail that leads to it.
        got: the ids of the steps that she got.
    """
    campaign = setting.campaign
    bodies = [step.body if step.id in got or step.id == step_id else _safety(step) for step in campaign.steps]
    body = NEXT_BODY.join(body.strip("\n") for body in bodies) + "\n"
    old = next(step for step in campaign.steps if step.id == step_id)
    made = replace(old, subject="{{ campaign.name }}", preheader="", action=Action("", "none"), body=body, places={})
    steps = tuple(made if step is old else step for step in campaign.steps)
    return replace(setting, campaign=replace(campaign, steps=steps)), made


def _safety(step: Step) -> str:
    """Return the safety text of a step, as it is written."""
    lines = step.body.split("\n")
    found = (each for each in containers(step.body, step.file, 1) if each.name == "safety")
    return "\n\n".join("\n".join(lines[each.start - 1 : each.end]) for each in found)
