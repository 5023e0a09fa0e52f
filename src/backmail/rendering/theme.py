"""Themes: folders of jinja files under templates/email/, the project's own files before those that ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

from backmail.errors import Fault, Place, TemplateError, did_you_mean
from backmail.markup import CONTAINERS
from backmail.rendering.refused import Sources, told
from backmail.rendering.sandbox import Sandbox, theme_environment
from backmail.shipped import shipped

MAIL, TEXT, RULES = "mail.html.jinja", "mail.txt.jinja", "inlined.css.jinja"
PARTS = tuple(f"parts/{name}.html.jinja" for name in ("plain", *CONTAINERS))
NEEDED = (MAIL, TEXT, RULES, *PARTS)


@dataclass(frozen=True, eq=False)
class Theme:
    """A theme, all its files compiled. `sources` quotes their lines in errors."""

    name: str
    environment: Sandbox
    sources: Sources

    def render(self, file: str, names: Mapping[str, Any]) -> str:
        """Return one file of the theme, rendered.

        Raises:
            TemplateError: with the theme's file and line.
        """
        # Style rules keep the line ends of jinja's tags, so that their lines are those of the file when one is wrong.
        environment = self.environment.overlay(trim_blocks=False, lstrip_blocks=False) if file == RULES else None
        with told(self.sources, names):
            return (environment or self.environment).get_template(file).render(names)

    @property
    def text(self) -> str:
        """All that its files hold."""
        return self.sources.everything

    @property
    def files(self) -> Mapping[str, str]:
        """The text of each file, by its path in the theme's folder."""
        return self.sources.texts

    def shown_name(self, file: str) -> str:
        """Return where one of its files is, as errors name it."""
        return self.sources.file(file)


def load_theme(name: str, folders: Sequence[Path] = (), named: Place | None = None) -> Theme:
    """Return a theme by name; each of its files comes from the first folder that has it.

    Args:
        name: the folder under email/.
        folders: `templates` folders that are looked in before the one that ships.
        named: where it is asked for, for who must mend that.

    Raises:
        TemplateError: no such theme, or all at once: missing files, jinja that cannot be read, a file extending itself.
    """
    folders = [*folders, shipped("templates")]
    found = _files(name, folders)
    if not found:
        known = sorted({path.name for folder in folders for path in (folder / "email").glob("*") if path.is_dir()})
        hint = " ".join(part for part in (did_you_mean(name, known), f"known: {', '.join(known)}") if part)
        raise TemplateError(Fault(f"there is no theme {name!r}", named, hint))
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for file, path in found.items():
        try:
            texts[file] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            faults.append(Fault(f"this is not UTF-8: {error.reason}", Place(str(path))))
    return _theme(name, texts, {file: str(path) for file, path in found.items()}, faults)


def kept_theme(name: str, texts: Mapping[str, str]) -> Theme:
    """Return a theme again whose `files` were kept; errors name them by where a project has them.

    Raises:
        TemplateError: files that this backmail cannot use.
    """
    return _theme(name, texts, {file: f"templates/email/{name}/{file}" for file in texts}, [])


def _theme(name: str, texts: Mapping[str, str], shown: Mapping[str, str], faults: list[Fault]) -> Theme:
    """Compile the files of a theme; `shown` has the name of each for errors, `faults` what is known to be wrong."""
    sources = Sources({file: (path, texts.get(file, "")) for file, path in shown.items()})
    environment = theme_environment(_Loader(texts))
    missing = (_missing(name, file, shown) for file in NEEDED if file not in shown)
    faults = [*missing, *faults, *_unreadable(environment, texts, sources)]
    if faults:
        raise TemplateError(faults)
    return Theme(name, environment, sources)


class _Loader(jinja2.BaseLoader):
    """Gives jinja the files of a theme, named in tracebacks as `Sources` knows them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        if template not in self._texts:
            raise jinja2.TemplateNotFound(template)
        return self._texts[template], template, None

    def list_templates(self) -> list[str]:
        return sorted(self._texts)


def _files(name: str, folders: Sequence[Path]) -> dict[str, Path]:
    """Return the files of a theme, the first folder's before the others'."""
    found: dict[str, Path] = {}
    if not name or Path(name).name != name:
        return found
    for folder in folders:
        home = folder / "email" / name
        for path in sorted(home.rglob("*.jinja")):
            found.setdefault(path.relative_to(home).as_posix(), path)
    return found


def _missing(name: str, file: str, found: Mapping[str, str]) -> Fault:
    """Say that a theme lacks a file, and which one may be meant for it."""
    return Fault(f"the theme {name!r} has no file {file}", hint=did_you_mean(file, sorted(set(found) - set(NEEDED))))


def _unreadable(environment: Sandbox, texts: Mapping[str, str], sources: Sources) -> Iterator[Fault]:
    """Compile every file, and tell what cannot be read or found."""
    extends: dict[str, tuple[str, int]] = {}
    for file, text in texts.items():
        try:
            with told(sources):
                tree = environment.parse(text, file, file)
                environment.compile(tree, file, file)
        except TemplateError as error:
            yield from error.faults
            continue
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            named = getattr(node, "template", None)
            wanted = named.value if isinstance(named, nodes.Const) else None
            if isinstance(wanted, str) and wanted not in texts and not getattr(node, "ignore_missing", False):
                hint = did_you_mean(wanted, texts)
                yield sources.fault(f"the theme has no file {wanted!r}", file, node.lineno, hint, wanted)
            elif isinstance(wanted, str) and isinstance(node, nodes.Extends):
                extends[file] = (wanted, node.lineno)
    for file, (_, line) in extends.items():
        if file in _above(file, extends):
            yield sources.fault(f"{file} extends itself", file, line)


def _above(file: str, extends: Mapping[str, tuple[str, int]]) -> list[str]:
    """Return what a file extends, and what that extends, until it ends or comes round again."""
    above: list[str] = []
    while file in extends and extends[file][0] not in above:
        file = extends[file][0]
        above.append(file)
    return above
