"""Jinja as backmail uses it: sandboxed, undefined names are errors, readers' values are put off until there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import cache, wraps
from typing import Any, Protocol, cast

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from backmail import markup
from backmail.rendering.names import Names
from backmail.rendering.proxies import ReadersValue
from backmail.rendering.refused import Refused

# What a template may print, in characters. Gmail cuts a mail at a tenth of it.
MOST_OUTPUT = 1_000_000
# How many digits a number may grow to, counted in bits.
_MOST_BITS = 4_000

# What templates get of jinja: no chance (the same input gives the same bytes), nothing that reaches for attributes by
# name or builds formats, where holes of the sandbox were (CVE-2024-56326, CVE-2025-27516), no marked-up lorem ipsum.
FILTERS = frozenset(
    {
        "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "groupby",
        "indent", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject",
        "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string",
        "striptags", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount", "wordwrap",
    }
)  # fmt: skip
GLOBALS = frozenset({"cycler", "dict", "joiner", "namespace", "range"})

# A width of a printf format that is too long for any text, or is taken from a value.
_WIDE = re.compile(r"%[^%a-zA-Z]*(?:\d{4}|\*)")


class Sandbox(ImmutableSandboxedEnvironment):
    """A jinja environment whose filters and tests know values that only a reader will fill.

    What a template can make is bounded: texts by `MOST_OUTPUT`, numbers by `_MOST_BITS`. Nothing of it is worked out
    when it is compiled: whoever loads a template does not run it.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        """Take what jinja's environment takes."""
        super().__init__(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, optimized=False, **options)
        self.globals = {name: made for name, made in self.globals.items() if name in GLOBALS}
        known = {name: function for name, function in self.filters.items() if name in FILTERS}
        self.filters = {name: _put_off(name, function) for name, function in known.items()}
        self.tests = {name: _asked(name, function) for name, function in self.tests.items()}

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """Join what a template prints.

        Raises:
            Refused: it prints too much.
        """
        size, kept = 0, []
        for part in parts:
            kept.append(part)
            size += len(part)
            if size > MOST_OUTPUT:
                refused = Refused(f"it prints more than {MOST_OUTPUT:,} characters")
                if isinstance(parts, Generator):
                    parts.throw(refused)  # raised at the line that the template stands at
                raise refused
        return "".join(kept)

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Work out what could grow without end: `*`, `**` and `%`."""
        if _grows(operator, left, right) or (operator == "*" and _grows(operator, right, left)):
            raise Refused(f"{_short(left)} {operator} {_short(right)} is too long for any mail")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up `obj.attribute` as templates write it."""
        return self._child(obj, attribute) if isinstance(obj, ReadersValue | Names) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up `obj[argument]` as templates write it."""
        if isinstance(argument, ReadersValue):
            raise Refused(f"{argument.field} differs by reader and cannot pick one of several", "ask with {% if %}")
        return self._child(obj, argument) if isinstance(obj, ReadersValue | Names) else super().getitem(obj, argument)

    def call(self, context: jinja2.runtime.Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call what a template calls."""
        if isinstance(obj, ReadersValue):
            raise Refused(f"{obj.field} is no function", "write it without (), and work on it with filters: | upper")
        return super().call(context, obj, *arguments, **named)

    @staticmethod
    def _child(obj: ReadersValue | Names, name: object) -> Any:
        return obj.child(name)


def _grows(operator: str, left: Any, right: Any) -> bool:
    """Whether an operation would give a text, list or number beyond all use."""
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
        return operator != "%" and bits > _MOST_BITS
    if operator == "*":
        return isinstance(left, Sequence) and isinstance(right, int) and len(left) * right > MOST_OUTPUT
    return operator == "%" and isinstance(left, str) and bool(_WIDE.search(left))


def _short(value: object) -> str:
    """Return a value as an error shows it: its beginning."""
    if isinstance(value, int):
        return str(value) if value.bit_length() < 64 else "a number"
    text = repr(value[:20] if isinstance(value, Sequence) else value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _put_off(name: str, function: Any) -> Callable[..., Any]:
    """Return a filter that a reader's value remembers instead of being put through it.

    It asks for the context, which there is none of while a template is compiled: jinja works out filters on constants
    there and then, and 'a' may be put through `replace` until it fills the memory.
    """
    passed = getattr(function, "jinja_pass_arg", None)

    @wraps(function)
    def filtered(context: jinja2.runtime.Context, value: Any, /, *arguments: Any, **named: Any) -> Any:
        if isinstance(value, ReadersValue):
            return value.filtered(name, arguments, named, function)
        if any(isinstance(each, ReadersValue) for each in (*arguments, *named.values())):
            raise Refused(f"the filter {name!r} takes a reader's value only before the |")
        return function(*_passed(passed, context), value, *arguments, **named)

    return jinja2.pass_context(filtered)


def _passed(wanted: Any, context: jinja2.runtime.Context) -> tuple[Any, ...]:
    """Return what a filter of jinja wants before the value."""
    match wanted.name if wanted else "":
        case "context":
            return (context,)
        case "eval_context":
            return (context.eval_ctx,)
        case "environment":
            return (context.environment,)
    return ()


def _asked(name: str, function: Any) -> Callable[..., Any]:
    """Return a test that asks a reader's value instead of testing the stand-in."""
    place = 1 if getattr(function, "jinja_pass_arg", None) else 0
    answers: dict[str, Callable[[ReadersValue], bool]] = {
        "none": lambda value: value.is_none(),
        "defined": lambda value: not value.is_none(),
        "undefined": lambda value: value.is_none(),
    }

    @wraps(function)
    def asked(*arguments: Any) -> Any:
        value = arguments[place]
        if not isinstance(value, ReadersValue) or name in _OPERATORS:
            return function(*arguments)
        if name not in answers:
            hint = f"known: {', '.join([*answers, 'in'])}, and comparisons"
            raise Refused(f"the test 'is {name}' cannot be put to a reader's value such as {value.field}", hint)
        return answers[name](value)

    return asked


# Tests that are comparisons: the value itself answers these.
_OPERATORS = frozenset(
    {"==", "eq", "equalto", "!=", "ne", ">", "gt", "greaterthan", "ge", ">=", "<", "lt", "lessthan", "<=", "le", "in"}
)


def _shown(value: Any) -> Any:
    """Print nothing for none."""
    return "" if value is None else value


def _in_markdown(value: Any) -> Any:
    """Print a value into Markdown so that it means nothing there; `| safe` lets Markdown through."""
    if value is None:
        return ""
    if isinstance(value, ReadersValue | Markup):
        return value
    text = str(value)
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{markup.escape(text)}{' ' * after}" if text.strip() else " " * before


class FileLoader(Protocol):
    """Gives jinja files, and knows which one a file means by a name."""

    def seen_from(self, parent: str, name: str) -> str:
        """Return the file that `parent` means by `name`."""


class _ThemeSandbox(Sandbox):
    """The environment of templates that name each other."""

    def join_path(self, template: str, parent: str) -> str:
        """Return the file that `parent` means by a name."""
        return cast(FileLoader, self.loader).seen_from(parent, template)


def theme_environment(loader: jinja2.BaseLoader) -> Sandbox:
    """Return the environment of a theme's files: what ends in .html.jinja is escaped. `loader` is a `FileLoader`."""
    return _ThemeSandbox(
        loader=loader,
        autoescape=lambda name: bool(name and name.endswith(".html.jinja")),
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def plain_environment() -> Sandbox:
    """Return the environment of short texts: subject, preheader, greeting, action."""
    return Sandbox(autoescape=False, finalize=_shown)


@cache
def markdown_environment() -> Sandbox:
    """Return the environment of step bodies. With `trim_blocks` a condition that ends a line would eat the break."""
    return Sandbox(autoescape=False, finalize=_in_markdown)
