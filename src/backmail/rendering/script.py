"""A step's own templates: subject, preheader, greeting, action, body; compiled once, all wrong names told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2 import meta, nodes

from backmail.errors import Fault, Place, TemplateError
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Reader
from backmail.rendering.bounded import ends
from backmail.rendering.fields import READER, Known, text_of
from backmail.rendering.names import of_campaign
from backmail.rendering.proxies import Build, prefix
from backmail.rendering.refused import UNKNOWN, Sources, suggestion, told
from backmail.rendering.sandbox import Sandbox, markdown_environment, plain_environment

# A subject is read before there is a step to speak of, also as the "last time" of another mail.
SUBJECT_NAMES = frozenset({"subscriber", "progress", "campaign"})
STEP_NAMES = frozenset({*SUBJECT_NAMES, "links", "step", "products", "brand", "company"})

_RAW = r"\{%-?\s*raw\b.*?\{%-?\s*endraw\s*-?%\}"
_ALONE = r"^[ \t]*(?P<tag>\{%[-+]?\s*(?!raw\b|endraw\b)(?:(?!%\}).)*%\})[ \t]*\n"
_TAGS = re.compile(rf"{_RAW}|{_ALONE}", re.MULTILINE | re.DOTALL)


def without_lines_of_tags(source: str) -> str:
    """Return jinja source where a line of one tag alone leaves no empty line, which would split a Markdown list.

    The line's end goes into a comment of jinja, so line numbers stay. Other line ends stay as they are, also behind a
    tag that ends a line of text.
    """
    return _TAGS.sub(lambda found: f"{found['tag']}{{#\n#}}" if found["tag"] else found[0], source)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a step's short templates gave, with tokens where readers differ."""

    subject: str
    preheader: str
    greeting: str
    action: str
    action_url: str


class Script:
    """The compiled templates of one step."""

    def __init__(self, campaign: Campaign, step: Step) -> None:
        """Compile them.

        Raises:
            TemplateError: jinja that cannot be read, and every name that is not there, all at once.
        """
        self.sources = Sources()
        self._faults: list[Fault] = []
        self._compiled: dict[str, jinja2.Template] = {}
        self.place = _place_of_body(step)
        at = {"campaign": campaign.places, "step": step.places}
        plain, names = plain_environment(), STEP_NAMES

        def short(key: str, text: str, known: frozenset[str] = names, of: str = "step") -> jinja2.Template | None:
            place = at[of].get(key) or (Place(self.place.file) if of == "step" else Place("campaign.yaml"))
            return self._compile(plain, key, text, place, known)

        with_name = at["campaign"].get("greeting.with_name")
        self._subject = short("subject", step.subject, SUBJECT_NAMES)
        self._preheader = short("preheader", step.preheader)
        self._action = short("action.text" if "action.text" in step.places else "action", step.action.text)
        self._url = short("action.url" if "action.url" in step.places else "action", step.action.url)
        greeting = "greeting.with_name" if with_name else "greeting"
        self._greeting = short(greeting, campaign.greeting.with_name, names, "campaign")
        self._greeting_without = campaign.greeting.without
        if self._subject and not ends(step.subject):  # it is rendered for the mails around this one, too
            subject = step.places.get("subject") or Place(self.place.file)
            message = "a subject can have names, filters and conditions, and no loops in loops or calls"
            self._faults.append(Fault(message, subject, "work it out in the body", step.subject))
        body = without_lines_of_tags(step.body)
        self._body = self._compile(markdown_environment(), "body", body, self.place, names)
        if self._faults:
            raise TemplateError(self._faults)

    def texts(
        self, reader: Mapping[str, Any], static: Mapping[str, Any], step: Callable[[dict[str, str]], Any]
    ) -> Texts:
        """Return the short texts; `step` makes the name `step` from what is written already.

        Raises:
            TemplateError: with file and line.
        """
        written: dict[str, str] = {}
        names = {**static, **reader}

        def render(template: jinja2.Template | None) -> str:
            assert template is not None  # noqa: S101  # __init__ raised
            return template.render({**names, "step": step(written)}).strip()

        with told(self.sources, STEP_NAMES):
            written["subject"] = render(self._subject)
            written["preheader"] = render(self._preheader)
            greeting = render(self._greeting) if reader["subscriber"].child("first_name") else self._greeting_without
            return Texts(**written, greeting=greeting, action=render(self._action), action_url=render(self._url))

    def line(self, key: str, compiled: int) -> int:
        """Return the line of the file for one of the Python code that jinja made of the template `key`."""
        return self._compiled[key].get_corresponding_lineno(compiled)

    def subject(self, names: Mapping[str, Any]) -> str:
        """Return the subject alone.

        Raises:
            TemplateError: with file and line.
        """
        assert self._subject is not None  # noqa: S101  # __init__ raised
        with told(self.sources, SUBJECT_NAMES):
            return self._subject.render(names).strip()

    def body(self, names: Mapping[str, Any]) -> str:
        """Return the body as Markdown.

        Raises:
            TemplateError: with file and line.
        """
        assert self._body is not None  # noqa: S101  # __init__ raised
        with told(self.sources, STEP_NAMES):
            return self._body.render(names).strip("\n") + "\n"

    def _compile(
        self, environment: Sandbox, key: str, text: str, place: Place, known: frozenset[str]
    ) -> jinja2.Template | None:
        """Compile one text so that its line numbers are those of its file, and gather its faults."""
        padded = "\n" * ((place.line or 1) - 1) + text
        name = f"{place.file}#{key}"
        self.sources.add(name, place.file, padded)
        try:
            with told(self.sources, reading=name):
                tree = environment.parse(padded, name, name)
                code = environment.compile(environment.parse(padded, name, name), name, name)
                self._faults += _unknown(tree, name, self.sources, known)
        except TemplateError as error:
            self._faults += error.faults
            return None
        self._compiled[name] = jinja2.Template.from_code(environment, code, environment.make_globals(None))
        return self._compiled[name]


def subject_for(campaign: Campaign, step: Step, reader: Reader) -> str:
    """Return a step's subject as one reader gets it.

    Raises:
        TemplateError: with file and line.
        AddressError: it cannot be worked out on her values.
    """
    if "{" not in step.subject:
        return step.subject
    build = Build(prefix(step.subject), lambda decision: decision.holds(reader))
    written = Script(campaign, step).subject({"campaign": of_campaign(campaign), **build.names()})
    return build.pattern.sub(lambda token: text_of(build.field(token[1]), reader), written)


def _place_of_body(step: Step) -> Place:
    """Return the body's first line; its file is named as the step's other places name it."""
    file = next((place.file for place in step.places.values()), step.file)
    return Place(file, step.body_line)


def _unknown(tree: nodes.Template, key: str, sources: Sources, known: frozenset[str]) -> Iterator[Fault]:
    """Tell each name that is not there, branches that nobody takes included."""
    missing = meta.find_undeclared_variables(tree) - known - set(plain_environment().globals)
    for name in tree.find_all(nodes.Name):
        if name.name in missing and name.ctx == "load":
            hint = suggestion(name.name, known)
            yield sources.fault(f"there is no {name.name!r} here", key, name.lineno, hint, name.name, UNKNOWN)
    for node in tree.find_all(nodes.Getattr):
        found = _known(node.node)
        if found is not None and not found.open and found.names and node.attr not in found.names:
            hint = suggestion(node.attr, found.names)
            message = f"{_dotted(node.node)} has no {node.attr!r}"
            yield sources.fault(message, key, node.lineno, hint, node.attr, UNKNOWN)


def _known(node: nodes.Node) -> Known | None:
    """Return what is known of a reader's record that a template names, such as `progress.next`."""
    if isinstance(node, nodes.Name):
        return READER.get(node.name)
    if isinstance(node, nodes.Getattr):
        above = _known(node.node)
        return above.names.get(node.attr) if above else None
    return None


def _dotted(node: nodes.Node) -> str:
    """Return a name as it was written."""
    return f"{_dotted(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else getattr(node, "name", "")
