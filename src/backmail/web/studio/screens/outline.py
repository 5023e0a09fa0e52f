"""The screen Outline: the article on one side, the plan on the other, and what was not sure between them."""

from __future__ import annotations

from backmail.desk.preview.outline import OutlineView, outlined
from backmail.errors import Fault, InputError
from backmail.model.article import Kind
from backmail.web.studio.addresses import View
from backmail.web.studio.screens.around import Screen

__all__ = ["outline"]

# What a block is, as it is said in a sentence and on a label.
KINDS = {
    Kind.INTRO: "introduction",
    Kind.EXERCISE: "exercise",
    Kind.HOW_TO: "how-to",
    Kind.SAFETY: "safety text",
    Kind.FAQ: "question",
    Kind.PRODUCT: "product",
    Kind.SOURCES: "sources",
    Kind.CONCLUSION: "closing words",
    Kind.OTHER: "other text",
}
_MEANS = {
    Kind.INTRO: "opens the series, in the first mails",
    Kind.EXERCISE: "goes out after the safety text; its numbers are never changed",
    Kind.HOW_TO: "instructions, kept in one piece",
    Kind.SAFETY: "goes out before the first exercise, and is repeated with them",
    Kind.FAQ: "one question and its answer, placed where it belongs",
    Kind.PRODUCT: "at the end of a mail, never beside safety text",
    Kind.SOURCES: "at the end of the last mail",
    Kind.CONCLUSION: "ends the series",
    Kind.OTHER: "background, headings, what leads over",
}
_ROLES = {
    "continuation": "goes on from above",
    "lead": "leads over",
    "heading": "a heading alone",
    "roadmap": "what is to come",
    "background": "background",
    "chrome": "not part of the text",
    "related": "links to other pages",
    "toc": "table of contents",
    "front-matter": "settings of the page",
    "link-definitions": "addresses of links",
    "title": "the title",
    "media": "pictures",
    "ingredients": "what is needed",
}


def outline(screen: Screen) -> dict[str, object]:
    """Return what the screen says.

    Raises:
        UnknownName: there is no such campaign.
    """
    draft = screen.draft
    faults: tuple[Fault, ...] = draft.faults
    shown: OutlineView | None = None
    made = draft.campaign is None or bool(draft.campaign.article)
    if draft.campaign is not None and made:
        try:
            shown = outlined(draft.campaign, screen.drafts.project)
        except InputError as error:
            faults = tuple(dict.fromkeys((*faults, *error.faults)))
    there = {each.step.id for each in draft.steps if each.step}
    return {
        "shown": shown,
        "made": made,
        "faults": faults,
        "folder": draft.slug,
        "kinds": KINDS,
        "means": _MEANS,
        "roles": _ROLES,
        "there": there,
        "save": screen.addresses.page(View("outline", screen.view.campaign)),
    }
