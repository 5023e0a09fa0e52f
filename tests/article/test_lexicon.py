"""The word lists are whole, their patterns can be read, and none is written for a single text."""

import re
import signal
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest

from backmail.article.lexicon import LANGUAGES, base_language, lexicon, straighten


def data(language: str) -> dict[str, Any]:
    return tomllib.loads(files("backmail.article.lexicon").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_can_be_compiled_and_names_no_part_that_is_missing(language: str) -> None:
    known = lexicon(language)
    for name, pattern in known.patterns.items():
        assert known.pattern(name).groups < 5
        assert not re.search(r"\{[a-z]+\}", pattern), name
        assert not known.pattern(name).fullmatch(""), name
    assert all(not each.find.fullmatch("") for each in known.replacements)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_list(language: str) -> None:
    assert set(data("en")["headings"]) <= set(data(language)["headings"])
    assert set(data("en")["phrases"]) <= set(data(language)["phrases"])
    assert set(data("en")["words"]) - {"before_numbers"} <= set(data(language)["words"])
    assert set(data(language)["dose"]) == {
        *("hold", "repeats", "sides", "equipment"),
        *("temperature", "amount", "time"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_written_with_one_kind_of_apostrophe(language: str) -> None:
    """The text is straightened before it is searched, so a pattern with another kind would find nothing."""
    tables = [data(language)[name] for name in ("headings", "phrases", "dose")]
    assert not [pattern for table in tables for patterns in table.values() for pattern in patterns if "'" in pattern]
    assert not [each["find"] for each in data(language)["wording"] if "'" in each["find"]]


def test_a_found_piece_is_verbatim() -> None:
    for apostrophe in "'’`":
        text = f"I don{apostrophe}t: it{apostrophe}s your turn"
        assert lexicon("en").find("headings.conclusion", text[9:]) == f"it{apostrophe}s your turn"
    assert len(straighten("a'b‘c’dʼe´f`g")) == 13


def test_language_tags() -> None:
    assert [base_language(tag) for tag in ("en-GB", "DA", "no", "nn_NO", "pl")] == ["en", "da", "nb", "nb", "pl"]


def test_a_language_without_lists_uses_what_is_known_of_all() -> None:
    polish = lexicon("pl")
    assert polish.find("headings.faq", "FAQ") == "FAQ"
    assert polish.find("phrases.consult", "Kontakt din læge") is not None
    assert polish.function_words == frozenset()
    assert polish.replacements == ()
    assert polish.find("no such list", "text") is None


_CPU_SECONDS = 2.0  # of the processor, for a text on which the slowest pattern needs a fiftieth of one


@contextmanager
def stopped(name: str, seconds: float = _CPU_SECONDS) -> Iterator[None]:
    """Stop what takes longer; the clock counts the work of this process alone, however busy the machine is."""

    def stop(*_: object) -> None:
        raise TimeoutError(name)

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def hostile(pattern: str) -> Iterator[str]:
    """Yield long texts that begin to match everywhere: the pattern's own words over and over, one word, letters."""
    literal = re.sub(r"\\.|\(\?[<!=:a-z-]+", "(", pattern)
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", literal)))[:120] or ["a"]
    yield " ".join((words * 400)[:400])
    yield " ".join(word for word in words for _ in range(4))[:2500]
    yield " ".join([words[0]] * 400)
    yield "a " * 600
    yield "1 2 " * 300
    yield "a" * 800


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_takes_for_ever(language: str) -> None:
    known = lexicon(language)
    named = [*known.patterns.items(), *((f"wording.{each.id}", each.pattern) for each in known.replacements)]
    for name, pattern in named:
        compiled = re.compile(pattern, re.IGNORECASE)
        for text in hostile(pattern):
            with stopped(name):
                compiled.findall(text)


@pytest.mark.parametrize("pattern", [r"(?:\w+ ?){0,90}!", r"(?:do|don\w*|\w+){0,60} it\?"])
def test_such_a_pattern_is_stopped(pattern: str) -> None:
    texts = "\n".join(hostile(pattern))
    with pytest.raises(TimeoutError), stopped("slow", 0.2):
        re.findall(pattern, texts)
