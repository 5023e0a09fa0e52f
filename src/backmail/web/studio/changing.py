"""What the forms of the studio do: a step is saved, a step moves, the outline is corrected. The gate stands before.

What changes the order or the outline understands articles, and is imported when somebody wants it: the first page does
without.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from backmail.desk.editing import Changed, StepForm, save
from backmail.desk.preview.drafts import Draft, Drafts
from backmail.errors import BackmailError, CampaignError, Fault, InputError, Place, UnknownName, UsageError
from backmail.model.campaign import Campaign
from backmail.web.studio.addresses import Served, View
from backmail.web.studio.asking import asked
from backmail.web.studio.guard import fields
from backmail.web.studio.pages import Pages

__all__ = ["routes", "typed"]

_SEE_OTHER = 303  # to the page, so that a reload of it sends nothing again
_CAMPAIGN = "/studio/c/{campaign}"
_MOVE = _CAMPAIGN + "/e/{step}/move"
_OF = re.compile(r"[0-9]{1,3}")
_FIELDS = re.compile(r"/studio/c/(?P<campaign>[^/]+)/e/(?P<step>[^/]+)")

Fields = Mapping[str, str]


def routes(drafts: Drafts, pages: Pages) -> list[Route]:
    """Return what answers the forms of the pages."""
    changing = _Changing(drafts, pages)
    table: dict[str, tuple[str, Callable[[View, Fields], Response]]] = {
        _CAMPAIGN + "/e/{step}": ("email", changing.save),
        _MOVE: ("email", changing.move),
        _CAMPAIGN + "/outline": ("outline", changing.outline),
    }
    return [
        Route(_MOVE, changing.moved, methods=["GET"]),
        *(
            Route(path, partial(changing.answer, screen, act), methods=["POST"])
            for path, (screen, act) in table.items()
        ),
    ]


def typed(drafts: Drafts, request: Request, form: Fields) -> tuple[View, StepForm] | None:
    """Return the mail whose fields a form holds, and what was typed into them; None where it is another form.

    Args:
        drafts: what there is.
        request: what the form came with; nothing is saved.
        form: its fields.
    """
    found = _FIELDS.fullmatch(request.url.path)
    if found is None or "seen" not in form:
        return None
    wanted = asked(drafts, "email", found.groupdict(), request.query_params)
    return None if wanted.problem else (dataclasses.replace(wanted.view, editing=True), _form(form))


def _form(form: Fields) -> StepForm:
    return StepForm(**{field.name: form.get(field.name, "") for field in dataclasses.fields(StepForm)})


class _Changing:
    """What each form does."""

    def __init__(self, drafts: Drafts, pages: Pages) -> None:
        self._drafts = drafts
        self._pages = pages

    async def answer(self, screen: str, act: Callable[[View, Fields], Response], request: Request) -> Response:
        """Answer one form; files are read and written in a thread."""
        return await run_sync(self._answered, screen, act, request, await fields(request))

    def _answered(
        self, screen: str, act: Callable[[View, Fields], Response], request: Request, form: Fields
    ) -> Response:
        self._drafts.refresh()
        query = {**request.query_params, **{name: form[name] for name in ("as", "block") if name in form}}
        wanted = asked(self._drafts, screen, request.path_params, query)
        if wanted.problem:
            return self._told(wanted.view, wanted.problem, _form(form) if "seen" in form else None)
        return act(wanted.view, form)

    async def moved(self, request: Request) -> Response:
        """Lead whoever asks anew for the answer to a move, with a reload of it, to the sequence."""
        to = View("sequence", request.path_params["campaign"], person=request.query_params.get("as", ""))
        return RedirectResponse(Served().page(to), _SEE_OTHER)

    def save(self, view: View, form: Fields) -> Response:
        """Save the fields of a step; where that cannot be, the page comes back with what was typed."""
        view = dataclasses.replace(view, editing=True)
        typed = _form(form)
        draft = self._drafts.draft(view.campaign)
        file = draft.step(view.step).file
        problem = self._done(draft, lambda: save(self._drafts.project, draft.folder, file, typed))
        if problem is None:
            return self._shown(view)
        return HTMLResponse(self._pages.html(view, problem=problem, form=typed), _status(problem))

    def move(self, view: View, form: Fields) -> Response:
        """Put a step one place earlier or later."""
        draft = self._drafts.draft(view.campaign)
        sequence = View("sequence", view.campaign, person=view.person)
        problem = self._done(draft, lambda: self._moved(draft, view.step, form.get("direction", "")))
        return self._told(sequence, problem) if problem else self._shown(sequence)

    def _moved(self, draft: Draft, step: str, direction: str) -> None:
        if direction not in ("earlier", "later"):
            raise UsageError("direction is earlier or later")
        from backmail.desk import steps

        campaign = steps.listed(str(draft.folder), self._drafts.project)
        after = steps.after_a_move(campaign, step, earlier=direction == "earlier")
        steps.move(campaign, step, after, self._drafts.project)

    def outline(self, view: View, form: Fields) -> Response:
        """Correct the outline, take a correction back, or write the mails anew."""
        draft = self._drafts.draft(view.campaign)
        problem = self._done(draft, lambda: self._outlined(_campaign(draft), form))
        return self._told(view, problem) if problem else self._shown(view, view.block)

    def _outlined(self, campaign: Campaign, form: Fields) -> None:
        from backmail.desk.preview import outline

        words, project = form.get("words", ""), self._drafts.project
        of = form.get("of", "1")
        if not _OF.fullmatch(of):
            raise UsageError("of is the number of an article of the series")
        match form.get("do"):
            case "correct":
                outline.correct(campaign, project, words, form.get("kind", ""), int(of))
            case "take-back":
                outline.take_back(campaign, project, words, form.get("what", ""), int(of))
            case "rewrite":
                outline.rewrite(campaign, project)
            case _:
                raise UsageError("what is to be done is: correct, take-back or rewrite")

    def _done(self, draft: Draft, act: Callable[[], None]) -> BackmailError | None:
        """Do something to the files of a draft, and have them read anew; return why it could not be done."""
        try:
            act()
        except BackmailError as error:
            return error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return InputError(Fault(f"this could not be saved: {reason}", Place(str(error.filename or draft.folder))))
        finally:
            self._drafts.refresh()
        return None

    def _shown(self, view: View, place: str = "") -> Response:
        address = Served().page(view)
        return RedirectResponse(f"{address}#{place}" if place else address, _SEE_OTHER)

    def _told(self, view: View, problem: BackmailError, typed: StepForm | None = None) -> Response:
        return HTMLResponse(self._pages.html(view, problem=problem, form=typed), _status(problem))


def _campaign(draft: Draft) -> Campaign:
    """Return what was read of a draft.

    Raises:
        CampaignError: its files cannot be read as they stand.
    """
    faults = [*draft.faults, *(fault for step in draft.steps for fault in step.faults)]
    if draft.campaign is None or faults:
        raise CampaignError(faults or "this campaign cannot be read")
    return draft.campaign


def _status(problem: BackmailError) -> int:
    """Return the status that says the same as a problem does."""
    if isinstance(problem, Changed):
        return 409
    return 404 if isinstance(problem, UnknownName) else 400 if isinstance(problem, UsageError) else 422
