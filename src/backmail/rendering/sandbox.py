"""Jinja as backmail uses it: sandboxed, undefined names are errors, readers' values are put off until there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from backmail import markup
from backmail.rendering.names import Names
from backmail.rendering.proxies import ReadersValue
from backmail.rendering.refused import Refused

# The same input must give the same bytes.
_RANDOM_FILTERS = ("random",)
_RANDOM_GLOBALS = ("lipsum",)


class Sandbox(ImmutableSandboxedEnvironment):
    """A jinja environment whose filters and tests know values that only a reader will fill."""

    def __init__(self, **options: Any) -> None:
        """Take what jinja's environment takes."""
        super().__init__(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, **options)
        for name in _RANDOM_FILTERS:
            del self.filters[name]
        for name in _RANDOM_GLOBALS:
            del self.globals[name]
        self.filters = {name: _put_off(name, function) for name, function in self.filters.items()}
        self.tests = {name: _asked(name, function) for name, function in self.tests.items()}

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


def _put_off(name: str, function: Any) -> Callable[..., Any]:
    """Return a filter that a reader's value remembers instead of being put through it."""
    place = 1 if getattr(function, "jinja_pass_arg", None) else 0

    @wraps(function)
    def filtered(*arguments: Any, **named: Any) -> Any:
        value, others = arguments[place], [*arguments[place + 1 :], *named.values()]
        if isinstance(value, ReadersValue):
            return value.filtered(name, arguments[place + 1 :], named, function)
        if any(isinstance(each, ReadersValue) for each in others):
            raise Refused(f"the filter {name!r} takes a reader's value only before the |")
        return function(*arguments, **named)

    return filtered


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


def theme_environment(loader: jinja2.BaseLoader) -> Sandbox:
    """Return the environment of a theme's files: what ends in .html.jinja is escaped."""
    return Sandbox(
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
