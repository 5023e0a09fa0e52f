"""Text -> Document: builds the values from PyYAML's events, and refuses what would mean two things to two readers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from backmail.errors import Fault, InputError
from backmail.yamlfile.document import Document, Node, Text, in_order
from backmail.yamlfile.scalars import resolve
from backmail.yamlfile.syntax import JINJA, explain, unreadable

MAX_CHARACTERS = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 50

# YAML 1.2.2, 5.1: what a file may hold as it stands. A surrogate is half a character, and UTF-8 cannot hold it.
_UNSEEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTE = "put the text in quotes"

# PyYAML takes milliseconds for what a command reads several times, and the studio at every save. An event takes about
# half a KB.
_KEPT: dict[str, tuple[yaml.Event, ...]] = {}
_KEPT_TEXTS, _KEPT_CHARACTERS = 32, 30_000


def parse(text: str, file: str, first_line: int = 1) -> Document:
    """Read strict YAML 1.2; a leading byte-order mark is passed over.

    Args:
        text: the file's text, or a part of it.
        file: the name that errors show.
        first_line: the line of the file on which `text` begins.

    Raises:
        InputError: with all faults: broken syntax, a key set twice, a tag, a merge key, an alias to itself or nothing,
            more than MAX_CHARACTERS, MAX_VALUES (aliases written out) or MAX_DEPTH.
    """
    source = Text(file, text.removeprefix("\ufeff"), first_line)
    if len(source.text) > MAX_CHARACTERS:
        raise InputError(Fault(f"longer than {MAX_CHARACTERS:,} characters", source.place(0)))
    unseen = [
        source.fault(f"an invisible character (U+{ord(found[0]):04X}) stands here", found.start(), "delete it")
        for found in _UNSEEN.finditer(source.text)
    ]
    if unseen:
        raise InputError(in_order(unseen))
    builder = _Builder(source)
    root = builder.document()
    if builder.faults:
        raise InputError(in_order(builder.faults))
    return Document(source, root)


class _TooMuch(Exception):  # noqa: N818  # it never leaves this module
    """The file holds more than we read; the fault is already noted."""


class _Builder:
    """Builds the nodes of one text; what is wrong is gathered in `faults` while it goes on."""

    def __init__(self, source: Text) -> None:
        self.faults: list[Fault] = []
        self._source = source
        self._anchors: dict[
            str, Node | None
        ] = {}  # None: the value is not finished, so an alias to it would be endless
        self._values = 0

    def document(self) -> Node:
        """Return the top value; that of an empty text is None."""
        loader = yaml.SafeLoader(self._source.text)
        try:
            return self._document(_events(loader, self._source.text))
        except yaml.MarkedYAMLError as error:
            self._add(explain(error, self._source))
        except (ValueError, OverflowError):
            # PyYAML itself stumbles over escapes such as "\UFFFFFFFF" and over endless version numbers.
            self._add(unreadable(self._source, loader.index))
        except _TooMuch:
            pass
        return Node(None, 0)

    def _document(self, events: Iterator[yaml.Event]) -> Node:
        root = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._note("a second document begins here, and one file holds one", event, "delete this line")
                raise _TooMuch
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 0)
        return root or Node(None, 0)

    def _add(self, fault: Fault) -> None:
        """Note what stopped the reading, unless a fault of the same line has said why."""
        lines = {each.place.line for each in self.faults if each.place}
        if fault.place is None or fault.place.line not in lines:
            self.faults.append(fault)

    def _note(self, message: str, event: yaml.Event, hint: str = "") -> None:
        self.faults.append(self._source.fault(message, _start(event), hint))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        """Return the value that begins with `event`, taking its other events from `events`."""
        if depth > MAX_DEPTH:
            self._note(f"more than {MAX_DEPTH} levels deep", event)
            raise _TooMuch
        if isinstance(event, yaml.AliasEvent):
            return self._counted(self._alias(event), event, depth)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = None
        self._refuse_tag(event)
        if isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event, events, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, events, depth)
        else:
            assert isinstance(event, yaml.ScalarEvent)  # noqa: S101  # PyYAML has no other kind of node
            node = self._scalar(event)
        if anchor is not None:
            self._anchors[anchor] = node
        return self._counted(node, event, depth)

    def _counted(self, node: Node, event: yaml.Event, depth: int) -> Node:
        if node.size > MAX_VALUES:
            self._note(f"more than {MAX_VALUES:,} values, with aliases written out", event)
            raise _TooMuch
        if depth + node.height > MAX_DEPTH:
            self._note(f"more than {MAX_DEPTH} levels deep, with aliases written out", event)
            raise _TooMuch
        return node

    def _alias(self, event: yaml.AliasEvent) -> Node:
        name = str(event.anchor)
        node = self._anchors.get(name)
        if node is None and name in self._anchors:
            self._note(f"*{name} stands within itself", event)
        elif node is None:
            self._note(f"nothing is called *{name}", event, f"if it is text: {_QUOTE}")
        return node or Node(None, _start(event))

    def _refuse_tag(self, event: yaml.Event) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            short = tag.replace("tag:yaml.org,2002:", "!!")
            self._note(f"tags such as {short} are not read here", event, f"if it is text: {_QUOTE}")

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        text, start = event.value, _start(event)
        if _SURROGATE.search(text):
            self._note("an escape here is half a character", event, "write the character itself")
        if event.style is not None or event.tag is not None:
            return Node(text, start)
        try:
            value = resolve(text)
        except ValueError as error:
            self._note(str(error), event, f"if it is text: {_QUOTE}")
            return Node(None, start)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Node(value, start, written=text if is_number else None)

    def _sequence(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        nodes: list[Node] = []
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            nodes.append(self._node(inner, events, depth + 1))
        return Node(
            [node.data for node in nodes],
            _start(event),
            within=dict(enumerate(nodes)),
            size=1 + sum(node.size for node in nodes),
            height=1 + max((node.height for node in nodes), default=0),
        )

    def _mapping(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        keys: dict[str, int] = {}
        within: dict[str | int, Node] = {}
        for inner in events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            key = self._key(inner, events, depth + 1)
            node = self._node(next(events), events, depth + 1)
            if key is None:
                continue
            if key in keys:
                first = self._source.place(keys[key]).line
                self._note(f"{key!r} is set twice, first on line {first}", inner, "keep one of the two")
                continue
            keys[key] = _start(inner)
            within[key] = node
        return Node(
            {key: within[key].data for key in keys},
            _start(event),
            keys=keys,
            within=within,
            size=1 + sum(node.size for node in within.values()),
            height=1 + max((node.height for node in within.values()), default=0),
        )

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> str | None:
        """Return the key that begins with `event` as text, or None after noting why it is none."""
        self._node(event, events, depth)
        if not isinstance(event, yaml.ScalarEvent):
            is_jinja = self._source.text.startswith("{{", _start(event) - 1)
            self._note(JINJA if is_jinja else "a key must be plain text", event, _QUOTE)
            return None
        if event.style is None and event.value == "<<":
            self._note("merge keys (<<) are not read here", event, "write the settings out")
            return None
        if event.style is None and event.value == "":
            self._note("a name is missing before this ':'", event)
            return None
        return str(event.value)


def _events(loader: yaml.SafeLoader, text: str) -> Iterator[yaml.Event]:
    """Give the events of a text; those of a text that was read to its end are kept, for files are read many times."""
    kept = _KEPT.pop(text, None)
    if kept is None:
        events: list[yaml.Event] = []
        while loader.check_event():
            events.append(loader.get_event())  # type: ignore[no-untyped-call]  # the stubs leave it out
            yield events[-1]
        kept = tuple(events)
    else:
        yield from kept
    if len(text) <= _KEPT_CHARACTERS:
        _KEPT[text] = kept  # the last one, so that those not asked for go first
        for first in list(_KEPT)[:-_KEPT_TEXTS]:
            _KEPT.pop(first, None)


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0
