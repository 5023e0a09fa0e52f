"""Themes: folders of jinja files under templates/email/, a project's own files before those that ship.

A theme may hold only what differs: a file that it lacks is weekly's. Templates name files as if they all lay in one
folder; with `shipped/` or `weekly/` before the name they reach the file that the one they stand in takes the place of.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import nodes

from backmail.errors import Fault, Place, TemplateError, did_you_mean
from backmail.markup import CONTAINERS
from backmail.rendering.refused import Sources, told
from backmail.rendering.sandbox import Sandbox, theme_environment
from backmail.shipped import shipped

BASE = "weekly"
MAIL, TEXT, RULES = "mail.html.jinja", "mail.txt.jinja", "inlined.css.jinja"
PARTS = tuple(f"parts/{name}.html.jinja" for name in ("plain", *CONTAINERS))
NEEDED = (MAIL, TEXT, RULES, *PARTS)

# Bytes of one template, characters of a theme's files together, how many these are: a tenth of it is what ships. To
# compile a megabyte takes jinja and Python a minute.
MOST_OF_ONE, MOST_OF_ALL, MOST_FILES = 100_000, 400_000, 400

# Where files lie that another one takes the place of, from the nearest to the deepest; a theme's own have no prefix.
_SHIPPED, _BASE, _SHIPPED_BASE = "shipped/", f"{BASE}/", f"{BASE}/shipped/"
_BELOW = (_SHIPPED, _BASE, _SHIPPED_BASE)

_Pairs = tuple[tuple[str, str], ...]
_THEMES = 8  # that stay compiled; one takes about half a MB


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
        environment = self._for_rules if file == RULES else self.environment
        with told(self.sources, names):
            return environment.get_template(file).render(names)

    @cached_property
    def _for_rules(self) -> jinja2.Environment:
        """It keeps the line ends of jinja's tags: the lines of style rules are those of the file when one is wrong."""
        return self.environment.overlay(trim_blocks=False, lstrip_blocks=False)

    @property
    def text(self) -> str:
        """All that its files hold."""
        return self.sources.everything

    @property
    def files(self) -> Mapping[str, str]:
        """The text of each file, by its path in the theme's folder."""
        return self.sources.texts

    def line(self, file: str, compiled: int) -> int:
        """Return the line of a file for one of the Python code that jinja made of it."""
        return self.environment.get_template(file).get_corresponding_lineno(compiled)

    def shown_name(self, file: str) -> str:
        """Return where one of its files is, as errors name it."""
        return self.sources.file(file)


def load_theme(name: str, folders: Sequence[Path] = (), named: Place | None = None) -> Theme:
    """Return a theme by name; each of its files comes from the first folder that has it, else from weekly.

    Args:
        name: the folder under email/.
        folders: `templates` folders that are looked in before the one that ships.
        named: where it is asked for, for who must mend that.

    Raises:
        TemplateError: no such theme, or all at once: jinja that cannot be read, files and blocks that are not there, a
            file extending itself.
    """
    home = shipped("templates")
    own = [*_layer(name, folders, ""), *_layer(name, [home], _SHIPPED)]
    if not own:
        known = themes(folders)
        hint = " ".join(part for part in (did_you_mean(name, known), f"known: {', '.join(known)}") if part)
        raise TemplateError(Fault(f"there is no theme {name!r}", named, hint))
    if name != BASE:
        own += [*_layer(BASE, folders, _BASE), *_layer(BASE, [home], _SHIPPED_BASE)]
    found: dict[str, Path] = {}
    faults: list[Fault] = []
    for prefix, file, path in own:
        if file.startswith(_BELOW):
            hint = "that name means the files which a theme takes the place of: call the folder something else"
            faults.append(Fault(f"a theme has no folder {file.partition('/')[0]!r} in it", Place(str(path)), hint))
        elif file not in found:
            found[file] = path
        else:
            found.setdefault(prefix + file, path)
    texts: dict[str, str] = {}
    size = 0
    for file, path in found.items():
        try:
            texts[file] = read_template(path)
        except TemplateError as error:
            faults += error.faults
        size += len(texts.get(file, ""))
        if size > MOST_OF_ALL or len(found) > MOST_FILES:
            message = f"the theme {name!r} has more than {MOST_FILES} files or {MOST_OF_ALL:,} characters"
            raise TemplateError(Fault(message, Place(str(path)), "only what mails are made of belongs there"))
    return _theme(name, texts, {file: str(path) for file, path in found.items()}, faults)


def read_template(path: Path) -> str:
    """Return the text of a file of templates.

    Raises:
        TemplateError: it is no file, cannot be read, is no UTF-8, or is longer than `MOST_OF_ONE` bytes.
    """
    place = Place(str(path))
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for, and /dev/zero never ends
            raise TemplateError(Fault("this is no file", place, "a template is a text file"))
        if found.st_size > MOST_OF_ONE:
            message = f"this has {found.st_size:,} bytes, and a template at most {MOST_OF_ONE:,}"
            raise TemplateError(Fault(message, place, "pictures are files of their own, named by their address"))
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(Fault(f"this cannot be read: {(error.strerror or str(error)).lower()}", place)) from None
    except UnicodeDecodeError as error:
        raise TemplateError(Fault(f"this is not UTF-8: {error.reason}", place)) from None


def themes(folders: Sequence[Path] = ()) -> list[str]:
    """Return the names of the themes that there are, in order; `folders` as for `load_theme`."""
    homes = (folder / "email" for folder in (*folders, shipped("templates")))
    return sorted({path.name for home in homes for path in home.glob("*") if path.is_dir()})


def kept_theme(name: str, texts: Mapping[str, str]) -> Theme:
    """Return a theme again whose `files` were kept; errors name them by where a project has them.

    Raises:
        TemplateError: files that this backmail cannot use.
    """
    return _theme(name, texts, {file: _where_kept(name, file) for file in texts}, [])


def _where_kept(name: str, file: str) -> str:
    """Return where a project would have a file that was kept."""
    prefix = _prefix(file)
    return f"templates/email/{BASE if prefix in (_BASE, _SHIPPED_BASE) else name}/{file.removeprefix(prefix)}"


def theme_of(name: str, texts: Mapping[str, str], shown: Mapping[str, str]) -> Theme:
    """Return a theme again whose `files` were kept, with the names that errors have for them.

    Raises:
        TemplateError: files that cannot be used.
    """
    return _theme(name, texts, shown, [])


def _theme(name: str, texts: Mapping[str, str], shown: Mapping[str, str], faults: Sequence[Fault]) -> Theme:
    """Compile the files of a theme that mails use; `shown` has where each is, `faults` what is known to be wrong."""
    return _compiled(name, tuple(texts.items()), tuple(shown.items()), tuple(faults))


@lru_cache(maxsize=_THEMES)
def _compiled(name: str, given: _Pairs, places: _Pairs, known: tuple[Fault, ...]) -> Theme:
    """Compile a theme, once for the same texts in the same places: it takes as long as to compose four mails."""
    texts, shown = dict(given), dict(places)
    sources = Sources({file: (path, texts.get(file, "")) for file, path in shown.items()})
    files = _Files(_Loader(name, texts), texts, sources)
    missing = (_missing(name, file, shown) for file in NEEDED if file not in shown)
    faults = [*missing, *known, *files.faults()]
    if faults:
        raise TemplateError(faults)
    return Theme(name, files.environment, Sources({file: (shown[file], texts[file]) for file in files.used}))


class _Loader(jinja2.BaseLoader):
    """Gives jinja the files of a theme, named in tracebacks as `Sources` knows them."""

    def __init__(self, name: str, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._codes: dict[tuple[str, bool], CodeType] = {}
        of_base = (_SHIPPED,) if name == BASE else (_BASE, _SHIPPED_BASE)
        self._meant = {"shipped": (_SHIPPED, _SHIPPED_BASE), BASE: of_base}

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        if template not in self._texts:
            raise jinja2.TemplateNotFound(template)
        return self._texts[template], template, None

    def load(
        self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        names = {} if globals is None else globals
        return environment.template_class.from_code(environment, self.code(environment, name), names)

    def code(self, environment: jinja2.Environment, name: str, tree: nodes.Template | None = None) -> CodeType:
        """Return the code of a file, compiled once for both ways to treat line ends; `tree` is what was parsed of it.

        Raises:
            jinja2.TemplateNotFound: there is no such file.
            jinja2.TemplateSyntaxError: jinja that cannot be read.
        """
        key = name, environment.trim_blocks
        if key not in self._codes:
            self._codes[key] = environment.compile(tree or self.get_source(environment, name)[0], name, name)
        return self._codes[key]

    def list_templates(self) -> list[str]:
        return sorted(self._texts)

    def seen_from(self, parent: str, name: str) -> str:
        """Return the file that `parent` means by a name: with shipped/ or weekly/ before it, only one below its own."""
        before, _, file = name.partition("/")
        if before not in self._meant:
            return name
        prefix = _prefix(parent)
        below = _BELOW[_BELOW.index(prefix) + 1 :] if prefix else _BELOW
        found = (each + file for each in below if each in self._meant[before] and each + file in self._texts)
        return next(found, file if file in self._texts else name)


class _Files:
    """The files of a theme that its mails use, parsed, and what is wrong with them."""

    def __init__(self, loader: _Loader, texts: Mapping[str, str], sources: Sources) -> None:
        self._loader, self.environment = loader, theme_environment(loader)
        self._texts, self._sources = texts, sources
        self._trees: dict[str, nodes.Template] = {}
        self._unreadable: list[Fault] = []
        self._gone: list[Fault] = []
        self._extends: dict[str, tuple[str, int]] = {}

    @cached_property
    def used(self) -> tuple[str, ...]:
        """The files that a mail can need, in the order of the theme's; all, where a name is only known when it runs."""
        waiting, seen = [file for file in NEEDED if file in self._texts], set[str]()
        while waiting:
            file = waiting.pop()
            if file in seen:
                continue
            seen.add(file)
            for node, wanted in self._references(file):
                if wanted is None:
                    waiting += self._texts
                elif wanted in self._texts:
                    waiting.append(wanted)
                elif wanted not in self._sources and not getattr(node, "ignore_missing", False):
                    self._gone.append(self._no_file(file, node))
        return tuple(file for file in self._texts if file in seen)

    def faults(self) -> Iterator[Fault]:
        """Yield all that is wrong with the files that are used, and with those that look as if they should be."""
        used = self.used
        for file in sorted(self._texts.keys() - set(used)):
            if not _prefix(file):
                list(self._references(file))  # what cannot be read may be what a slip elsewhere failed to name
        yield from self._gone
        yield from self._unreadable
        yield from self._unused(used)
        for file, (parent, line) in self._extends.items():
            above = _above(file, self._extends)
            if file in above:
                hint = f"the file that it takes the place of is {_SHIPPED}{file} there" if parent == file else ""
                yield self._sources.fault(f"{file} extends itself", file, line, hint)
            else:
                yield from self._lost_blocks(file, above)

    def _references(self, file: str) -> Iterator[tuple[nodes.Node, str | None]]:
        """Parse a file; give what it extends, includes and imports, with the file meant: None if that is not fixed."""
        try:
            with told(self._sources, reading=file):
                tree = self.environment.parse(self._texts[file], file, file)
                self._loader.code(self.environment, file, tree)
        except TemplateError as error:
            self._unreadable += error.faults
            return
        self._trees[file] = tree
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            named = getattr(node, "template", None)
            if not isinstance(named, nodes.Const) or not isinstance(named.value, str):
                yield node, None
                continue
            wanted = self.environment.join_path(named.value, file)
            if isinstance(node, nodes.Extends) and wanted in self._texts:
                self._extends[file] = (wanted, node.lineno)
            yield node, wanted

    def _no_file(self, file: str, node: nodes.Node) -> Fault:
        wanted = str(getattr(node, "template").value)  # noqa: B009  # not all nodes have one
        hint = did_you_mean(wanted, self._texts)
        return self._sources.fault(f"the theme has no file {wanted!r}", file, node.lineno, hint, wanted)

    def _unused(self, used: Iterable[str]) -> Iterator[Fault]:
        """Yield the files that no mail uses and whose name is nearly that of one: they would change nothing."""
        names = {file.removeprefix(_prefix(file)) for file in used}
        ours = {file for _, file, _ in _layer(BASE, [shipped("templates")], "")}
        for file in sorted(self._texts.keys() - names - ours):
            alike = [name for name in names if Path(name).suffixes == Path(file).suffixes]
            if not _prefix(file) and (hint := did_you_mean(file, alike)):
                yield Fault("no mail uses this file", Place(self._sources.file(file)), hint)

    def _lost_blocks(self, file: str, above: Iterable[str]) -> Iterator[Fault]:
        """Yield the blocks of a file that nothing above it has: jinja would leave them out without a word."""
        if file not in self._trees:
            return
        known = {
            block.name for each in above if each in self._trees for block in self._trees[each].find_all(nodes.Block)
        }
        for block in self._trees[file].body:
            if isinstance(block, nodes.Block) and block.name not in known:
                hint = " ".join([did_you_mean(block.name, known), f"known: {', '.join(sorted(known))}"]).strip()
                message = f"{self._extends[file][0]} has no block {block.name!r}, so this one changes nothing"
                yield self._sources.fault(message, file, block.lineno, hint, block.name)


def _layer(name: str, folders: Sequence[Path], prefix: str) -> Iterator[tuple[str, str, Path]]:
    """Give the files of a theme in some folders, the first folder's before the others': prefix, name, path."""
    if not name or Path(name).name != name:
        return
    seen = set[str]()
    for folder in folders:
        home = folder / "email" / name
        for path in sorted(home.rglob("*.jinja")):
            file = path.relative_to(home).as_posix()
            if file not in seen:
                seen.add(file)
                yield prefix, file, path


def _prefix(file: str) -> str:
    """Return which of the places below a theme's own a file lies in, "" for none."""
    return next((prefix for prefix in reversed(_BELOW) if file.startswith(prefix)), "")


def _missing(name: str, file: str, found: Mapping[str, str]) -> Fault:
    """Say that a theme lacks a file, and which one may be meant for it."""
    return Fault(f"the theme {name!r} has no file {file}", hint=did_you_mean(file, sorted(set(found) - set(NEEDED))))


def _above(file: str, extends: Mapping[str, tuple[str, int]]) -> list[str]:
    """Return what a file extends, and what that extends, until it ends or comes round again."""
    above: list[str] = []
    while file in extends and extends[file][0] not in above:
        file = extends[file][0]
        above.append(file)
    return above
