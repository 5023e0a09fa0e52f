"""`backmail lexicon`, and the project's own word lists: lexicon/da.toml beside config.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backmail.article import Lexicons
from backmail.article.lexicon import LANGUAGES, base_language, shipped, without_probes
from backmail.article.lexicon.checking import Checked, checked
from backmail.config import Project
from backmail.errors import Fault, LexiconError, Place, UnknownName, did_you_mean

__all__ = ["Listed", "check", "listed", "own"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A language of which something is known: where its words stand, and whether they are proved on articles."""

    language: str
    file: str
    proved: bool
    words: int


def own(project: Project) -> Lexicons:
    """Return the project's own word lists, ready to understand an article with.

    Raises:
        LexiconError: one of them cannot be used; all faults of all files.
    """
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for path in _files(project):
        text = _text(path)
        language = base_language(path.stem)
        faults += checked(language, without_probes(text), str(path), extends=language in LANGUAGES).unusable
        texts[language] = text
    if faults:
        raise LexiconError(faults, next_command="backmail lexicon check")
    return Lexicons(texts)


def check(project: Project, language: str = "", file: Path | None = None) -> list[tuple[str, Checked]]:
    """Return name and judgement of each file that is asked for.

    Arguments:
        project: with its own files.
        language: of the file, or of the files to judge: the project's own, and the one that ships; "" for all of the
            project's own, or of those that ship where it has none.
        file: one file to judge instead.

    Raises:
        UnknownName: there is no file of that language.
        LexiconError: a file cannot be read.
    """
    if file is not None:
        base = base_language(language)
        return [(str(file), checked(base, _text(file), str(file), extends=base in LANGUAGES))]
    found = list(_all(project, [base_language(language)] if language else []))
    if not found:
        known = [*LANGUAGES, *(path.stem for path in _files(project))]
        hint = did_you_mean(language, known) or f"write {project.lexicons / language}.toml"
        raise UnknownName(
            Fault(f"there are no words of {language!r}: there are {', '.join(dict.fromkeys(known))}", hint=hint)
        )
    return found


def listed(project: Project) -> list[Listed]:
    """Return every file there is, those that ship first.

    Raises:
        LexiconError: a file cannot be read.
    """
    judged = [*_shipped(LANGUAGES), *_own(_files(project))]
    return [Listed(each.language, name, each.proved, sum(each.counts.values())) for name, each in judged]


def _all(project: Project, languages: list[str]) -> Iterator[tuple[str, Checked]]:
    """Give those of some languages, or, of all, the project's own before those that ship."""
    mine = [path for path in _files(project) if not languages or base_language(path.stem) in languages]
    yield from _own(mine)
    if languages or not mine:
        yield from _shipped(each for each in LANGUAGES if not languages or each in languages)


def _own(paths: Iterable[Path]) -> Iterator[tuple[str, Checked]]:
    for path in paths:
        language = base_language(path.stem)
        yield str(path), checked(language, _text(path), str(path), extends=language in LANGUAGES)


def _shipped(languages: Iterable[str]) -> Iterator[tuple[str, Checked]]:
    for language in languages:
        name = f"backmail/article/lexicon/{language}.toml"
        yield name, checked(language, shipped(language), name)


def _files(project: Project) -> list[Path]:
    return sorted(project.lexicons.glob("*.toml"))


def _text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        LexiconError: it is not there, or no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LexiconError(Fault(f"this file cannot be read: {error.strerror}", Place(str(path)))) from error
    except UnicodeDecodeError as error:
        raise LexiconError(Fault(f"this is no text in UTF-8 (byte {error.start + 1})", Place(str(path)))) from error
