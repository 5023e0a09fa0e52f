"""What a template or a step may not do, and how it is told with file and line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

import jinja2

from backmail.errors import Fault, Place, TemplateError, did_you_mean

_MISSING_NAME = re.compile(r"'([^']+)' is undefined")
_NOT_JINJA = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError, OverflowError)


UNKNOWN = "merge-unknown"  # the check that asking for a value breaks that there is not
TOO_MUCH_MEMORY = "it needs more memory than a mail may"


class Refused(Exception):  # noqa: N818  # it says what happened
    """A template asked for something that cannot be; whoever catches it knows the file and line."""

    def __init__(self, message: str, hint: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.rule = rule  # the id of the check that it breaks


class Sources:
    """The texts of all templates of one environment by the name that jinja knows them by, to quote a line from."""

    def __init__(self, texts: Mapping[str, tuple[str, str]] | None = None) -> None:
        """Take for each jinja file name the file to show to a person and its text, line 1 being the file's line 1."""
        self._texts = dict(texts or {})

    def add(self, key: str, file: str, text: str) -> None:
        """Remember the text of `file` under the name `key` that jinja gets."""
        self._texts[key] = (file, text)

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    @property
    def everything(self) -> str:
        """All texts, one after the other."""
        return "\n".join(text for _, text in self._texts.values())

    @property
    def texts(self) -> dict[str, str]:
        """Each text by the name that jinja knows it by."""
        return {key: text for key, (_, text) in self._texts.items()}

    def file(self, key: str) -> str:
        """Return the file to show for the name that jinja knows."""
        return self._texts[key][0]

    def find(self, word: str) -> Place | None:
        """Return the first line of any file that holds a word."""
        for file, text in self._texts.values():
            at = text.find(word)
            if at >= 0:
                return Place(file, text.count("\n", 0, at) + 1)
        return None

    def fault(
        self, message: str, key: str | None, line: int | None, hint: str = "", word: str = "", rule: str = ""
    ) -> Fault:
        """Return the fault at `line` of the template `key`, with the column of `word` where that line holds it once."""
        if key is None or key not in self._texts:
            return Fault(message, Place(key) if key else None, hint, rule=rule)
        file, text = self._texts[key]
        lines = text.split("\n")
        source = lines[line - 1] if line and line <= len(lines) else ""
        found = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", source)) if word else []
        column = found[0].start() + 1 if len(found) == 1 else None
        return Fault(message, Place(file, line, column), hint, source, rule)


@contextmanager
def told(sources: Sources, names: Iterable[str] = (), reading: str | None = None) -> Iterator[None]:
    """Turn what goes wrong in a template inside the `with` into a TemplateError.

    Args:
        sources: the texts of the templates.
        names: those that they may use.
        reading: the template that is only read, not run, so that no traceback passes through it.
    """
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(sources.fault(_sentence(error), error.filename or error.name, error.lineno)) from None
    except jinja2.TemplateNotFound as error:
        key, line = _where(error.__traceback__, sources)
        message = f"the theme has no file {error.name!r}"
        raise TemplateError(sources.fault(message, key, line, word=str(error.name))) from None
    except SyntaxError as error:  # Python's, about the code that jinja made of it: blocks in blocks beyond its limit
        raise TemplateError(sources.fault(f"cannot read: {error.msg}", reading, None)) from None
    except MemoryError as error:
        key, line = _where(error.__traceback__, sources)
        key = key or reading
        if key is None:
            raise
        raise TemplateError(sources.fault(TOO_MUCH_MEMORY, key, line)) from None
    except (Refused, jinja2.TemplateError, *_NOT_JINJA) as error:
        key, line = _where(error.__traceback__, sources)
        key = key or reading
        if key is None and not isinstance(error, Refused | jinja2.TemplateError):
            raise  # a fault of ours, not of a template
        if reading and isinstance(error, RecursionError):
            raise TemplateError(sources.fault("cannot read: too many parts in one another", key, line)) from None
        raise TemplateError(_fault(error, sources, key, line, list(names))) from None


def _fault(error: Exception, sources: Sources, key: str | None, line: int | None, names: list[str]) -> Fault:
    """Put one error into words."""
    if isinstance(error, Refused):
        return sources.fault(str(error), key, line, error.hint, rule=error.rule)
    if isinstance(error, RecursionError):
        return sources.fault("the template includes or extends itself without end", key, line)
    missing = _MISSING_NAME.fullmatch(str(error.args[0])) if error.args else None
    if isinstance(error, jinja2.UndefinedError) and missing:
        name, hint = missing[1], suggestion(missing[1], names)
        return sources.fault(f"there is no {name!r} here", key, line, hint, name, UNKNOWN)
    return sources.fault(_sentence(error), key, line)


def suggestion(word: str, names: Iterable[str]) -> str:
    """Return "did you mean ...?" with the names that there are."""
    known = list(names)
    listed = f"known: {', '.join(sorted(known))}" if known else ""
    return " ".join(part for part in (did_you_mean(word, known), listed) if part)


def _sentence(error: Exception) -> str:
    """Return what jinja or Python says, without the full stop."""
    text = error.message if isinstance(error, jinja2.TemplateError) else str(error)
    return f"cannot render: {(text or type(error).__name__).rstrip('.')}"


def _where(traceback: TracebackType | None, sources: Sources) -> tuple[str | None, int | None]:
    """Return the innermost template and line that a traceback passes through."""
    found: tuple[str | None, int | None] = (None, None)
    traceback = traceback or sys.exc_info()[2]
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in sources:
            found = (name, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
