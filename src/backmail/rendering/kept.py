"""A composed variant as bytes to be kept, and back: what is sent later is what was composed, to the last byte."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backmail.model.message import Composed, Context, Field, Slot
from backmail.model.people import Mailbox
from backmail.rendering.decisions import Decision

__all__ = ["Path", "decision_of", "of_decision", "read", "same", "written"]

Path = Mapping[Decision, bool]

_TEXTS = ("campaign", "step", "variant", "language", "reply_to")
_PIECES = ("subject", "preheader", "html", "text")
_ENCODED = ("encoded_text", "encoded_html")


def written(path: Path, composed: Composed) -> bytes:
    """Return a variant with the path of outcomes that leads to it, packed."""
    slots: dict[Slot, int] = {}
    data = {
        **{name: getattr(composed, name) for name in _TEXTS},
        "path": [[of_decision(decision), outcome] for decision, outcome in path.items()],
        "sender": [composed.sender.email, composed.sender.name],
        "headers": dict(composed.headers),
        **{name: _numbered(getattr(composed, name), slots) for name in (*_PIECES, *_ENCODED)},
    }
    data["slots"] = [[_of_field(slot.field), slot.context.value] for slot in slots]  # all are numbered now
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def read(body: bytes) -> tuple[Path, Composed]:
    """Return what `written` was given."""
    data = json.loads(zlib.decompress(body))
    slots = [Slot(_field(field), Context(context)) for field, context in data["slots"]]
    fields: dict[str, Any] = {name: data[name] for name in (*_TEXTS, "headers")}
    for name in _PIECES:
        fields[name] = tuple(each if isinstance(each, str) else slots[each] for each in data[name])
    for name in _ENCODED:
        fields[name] = tuple(each.encode("ascii") if isinstance(each, str) else slots[each] for each in data[name])
    composed = Composed(sender=Mailbox(*data["sender"]), **fields)
    return {decision_of(decision): outcome for decision, outcome in data["path"]}, composed


def same(one: bytes, other: bytes) -> bool:
    """Whether two packed variants hold the same, whoever packed them."""
    return one == other or zlib.decompress(one) == zlib.decompress(other)


def _numbered(pieces: Iterable[str | bytes | Slot], slots: dict[Slot, int]) -> list[str | int]:
    """Return pieces as texts and numbers of slots; encoded ones are ASCII."""
    return [
        slots.setdefault(piece, len(slots))
        if isinstance(piece, Slot)
        else piece.decode("ascii")
        if isinstance(piece, bytes)
        else str(piece)
        for piece in pieces
    ]


def of_decision(decision: Decision) -> list[Any]:
    """Return a question as JSON has it."""
    return [_of_field(decision.field), decision.test, _of_argument(decision.argument)]


def decision_of(data: Sequence[Any]) -> Decision:
    """Return the question that `of_decision` was given."""
    field, test, argument = data
    return Decision(_field(field), test, _argument(argument))


def _of_field(field: Field) -> list[Any]:
    return [list(field.path), [[name, [_of_argument(each) for each in given]] for name, given in field.filters]]


def _field(data: Sequence[Any]) -> Field:
    path, filters = data
    return Field(tuple(path), tuple((name, tuple(map(_argument, given))) for name, given in filters))


def _of_argument(argument: Any) -> Any:
    """Return what a template gave to a filter or compares with: another field, several things, or a plain value."""
    if isinstance(argument, Field):
        return {"field": _of_field(argument)}
    return [_of_argument(each) for each in argument] if isinstance(argument, tuple) else argument


def _argument(data: Any) -> Any:
    if isinstance(data, dict):
        return _field(data["field"])
    return tuple(map(_argument, data)) if isinstance(data, list) else data
