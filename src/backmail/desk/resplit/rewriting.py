"""The files of a merged series: each step's settings and body, its file's name, and the records beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from backmail.campaign import Settings
from backmail.campaign.base import GeneratedStep
from backmail.campaign.chapters import below
from backmail.campaign.files import records
from backmail.desk.reached import Reached
from backmail.desk.resplit.merging import Woven, WovenStep
from backmail.desk.resplit.pinning import Pin, Replanned
from backmail.yamlfile import line_end, parse, settings_of, unified, with_value

__all__ = ["Rewriting", "Standing", "data_of"]

_PROPOSALS = ("subject", "preheader", "teaser")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Standing:
    """A step as it stands: its id, its file, the file's text to the byte."""

    id: str
    file: str
    raw: str

    @property
    def body(self) -> str:
        r"""Its Markdown, lines ending in \n, without blank lines around it."""
        return unified(_cut(self.raw)[1]).strip("\n")


@dataclass
class Rewriting:
    """What is written of a merged series.

    `ours` are the steps as they stand, in their order; `base` as they were generated last; `again` are the new plans,
    one for each article.
    """

    ours: Mapping[str, Standing]
    base: Mapping[str, GeneratedStep]
    again: Sequence[Replanned]
    woven: Woven
    reached: Reached

    @cached_property
    def theirs(self) -> Mapping[str, GeneratedStep]:
        """The steps as they are generated now, by id."""
        return {step.id: step for each in self.again for step in each.steps}

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """The blocks that the plans would else take out of sent steps."""
        return tuple(pin for each in self.again for pin in each.pins)

    @cached_property
    def left(self) -> tuple[WovenStep, ...]:
        """Steps without blocks that stay: they were published or sent, or the marketer wrote in them."""
        return tuple(each for each in self.woven.empty if self._stays(each))

    @cached_property
    def removed(self) -> tuple[Standing, ...]:
        """Steps that go with their last block."""
        return tuple(self.ours[each.id] for each in self.woven.empty if each.id in self.ours and each not in self.left)

    @cached_property
    def steps(self) -> tuple[WovenStep, ...]:
        """All steps that there are afterwards, in order."""
        return tuple(sorted((*self.woven.steps, *self.left), key=lambda each: self.woven.order.index(each.id)))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The files of these steps, by id: as they are, unless their order is another one now."""
        present = {each.id: self.ours[each.id].file for each in self.steps if each.id in self.ours}
        stand = [id_ for id_ in self.ours if id_ in present]
        if list(present) == stand and len(present) == len(self.steps):
            return present
        width = max(2, len(str(len(self.steps))))
        return {each.id: self._name(each, number, width) for number, each in enumerate(self.steps, 1)}

    def _name(self, step: WovenStep, number: int, width: int) -> str:
        """Return the name of a step's file, with the number of its place; one that has it already stays as it is."""
        name = self.ours[step.id].file if step.id in self.ours else f"{number}-{step.id}.md"
        found = _NUMBER.match(name)
        if step.id in self.ours and found and int(found[0]) == number:
            return name
        return f"{number:0{width}}{_NUMBER.sub('', name, count=1)}"

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The texts of all steps by their ids."""
        return {each.id: self._text(each, first=number == 0) for number, each in enumerate(self.steps)}

    def files(self) -> tuple[dict[str, str], list[str]]:
        """Return the texts of all step files by their names, and the names of files that go."""
        texts = {self.names[id_]: text for id_, text in self.texts.items()}
        return texts, [each.file for each in self.ours.values() if each.file not in texts]

    def recorded(self, settings: Sequence[Settings]) -> dict[str, str]:
        """Return outline.yaml, coverage.json and base.json of each article as they are afterwards.

        `settings` are what each is generated with.
        """
        made: dict[str, str] = {}
        for number, (each, its) in enumerate(zip(self.again, settings, strict=True), 1):
            steps = [self._generated(self.theirs[step.slug]) for step in each.plan.steps]
            decided = replace(its, outline=each.understood.outline)
            texts = records(each.understood.article, each.plan, decided, steps)
            made |= {below(number, name): text for name, text in texts.items()}
        return made

    def follows(self, id_: str) -> bool:
        """Whether the settings of a step are proposed anew: its blocks are others, or others propose what it had."""
        step = next(each for each in self.steps if each.id == id_)
        if step.follows or id_ not in self.base or id_ not in self.theirs:
            return id_ in self.theirs
        had = data_of(self.base[id_].settings)
        return any(had.get(key) in self._proposed[key] for key in ("subject", "preheader"))

    @cached_property
    def _proposed(self) -> Mapping[str, set[Any]]:
        """The subjects and preheaders that steps get for which other blocks or texts were generated."""
        found = [
            data_of(self.theirs[each.id].settings) for each in self.steps if each.follows and each.id in self.theirs
        ]
        return {key: {each.get(key) for each in found} for key in ("subject", "preheader")}

    def unlike(self, id_: str) -> Iterator[str]:
        """Give the settings that the marketer made otherwise, and that would be proposed anew."""
        if id_ not in self.ours or id_ not in self.base or not self.follows(id_):
            return
        old, mine, new = self._three(id_)
        for key in (*_PROPOSALS, "action"):
            if mine.get(key) != old.get(key) and new.get(key) not in (old.get(key), mine.get(key)):
                yield key

    def _three(self, id_: str) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
        mine = data_of(settings_of(self.ours[id_].raw)[1])
        return data_of(self.base[id_].settings), mine, data_of(self.theirs[id_].settings)

    def _stays(self, step: WovenStep) -> bool:
        if step.id not in self.ours:
            return False
        old, mine = data_of(self.base[step.id].settings), data_of(settings_of(self.ours[step.id].raw)[1])
        known = step.id in self.reached.sent or step.id in self.reached.published
        return known or step.own or bool(step.pieces) or old != mine

    def _generated(self, step: GeneratedStep) -> GeneratedStep:
        """Return a step as base.json has it afterwards: what was not taken over of a proposal is not in it."""
        file = self.names.get(step.id, step.file)
        if step.id not in self.names:  # the marketer deleted it
            return step
        first = self.steps[0].id == step.id
        if step.id in self.base and not self.follows(step.id):
            return replace(step, file=file, settings=_after(self.base[step.id].settings, first=first))
        return replace(step, file=file, settings=_after(step.settings, first=first))

    def _text(self, step: WovenStep, *, first: bool) -> str:
        """Return the text of a step's file."""
        ours, theirs = self.ours.get(step.id), self.theirs.get(step.id)
        if ours is None and theirs is not None:
            return f"---\n{_after(theirs.settings, first=first)}---\n{step.body or ''}\n"
        assert ours is not None, step.id  # noqa: S101  # a step is from one of the two
        head, settings, rest = settings_of(ours.raw)
        for path, value in self._following(step.id, first=first):
            settings = with_value(settings, path, value, file=ours.file, first_line=2)
        if step.body is None:
            return head + settings + rest
        end = line_end(ours.raw)
        fence, body = _cut(rest)
        begins = body[: len(body) - len(body.lstrip("\r\n"))]
        closes = body[len(body.rstrip("\r\n")) :] or end
        return head + settings + fence + begins + step.body.replace("\n", end) + closes

    def _following(self, id_: str, *, first: bool) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Give the settings of a step that are generated anew and that the marketer left as they were."""
        if id_ not in self.base or id_ not in self.theirs:
            return
        old, mine, new = self._three(id_)
        new = {**new, "after": data_of(_after(self.theirs[id_].settings, first=first))["after"]}
        keys = (*_PROPOSALS, "after") if self.follows(id_) else ("after",)
        for key in keys:
            if mine.get(key) == old.get(key) != new.get(key):
                yield (key,), new.get(key)
        if self.follows(id_) and mine.get("action") == old.get("action") != new.get("action"):
            action = new.get("action") or {}
            for key in dict.fromkeys((*(old.get("action") or {}), *action)):
                yield ("action", key), action.get(key)


@lru_cache(maxsize=512)  # a merge asks for those of each step some ten times
def data_of(settings: str) -> Mapping[str, Any]:
    """Return the settings of a step by their names, as its YAML has them."""
    data = parse(settings, "").data
    return data if isinstance(data, dict) else {}


def _after(settings: str, *, first: bool) -> str:
    """Return the settings of a generated step with the waiting time of its place."""
    return with_value(settings, ("after",), 0 if first else "1w")


def _cut(text: str) -> tuple[str, str]:
    """Return the text of a file up to the end of its second line ---, and what stands below."""
    head, settings, rest = settings_of(text)
    fence = re.match(r"---[ \t]*(?:\r\n|\r|\n)?", rest)
    at = len(head) + len(settings) + (fence.end() if fence else 0)
    return text[:at], text[at:]
