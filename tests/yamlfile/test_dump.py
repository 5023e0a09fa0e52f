"""Writing YAML: it reads well, and readers of both versions take it for the same."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backmail.yamlfile import Data, dump, parse

KEYS = st.text(max_size=30)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
YAML_LIKE = st.text(alphabet="abyn:-{}[]#&*!|>'\"%@` \n\t?,~01.\\eExo_+=<ü\u2028\x85\xa0")
DATA = st.recursive(SCALARS | YAML_LIKE, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=15)


@given(DATA)
def test_what_was_written_is_read_again(data: Data) -> None:
    assert parse(dump(data), "c.yaml").data == data


@given(DATA)
def test_a_reader_of_yaml_1_1_takes_it_for_the_same(data: Data) -> None:
    assert yaml.safe_load(dump(data)) == data


def test_it_reads_well() -> None:
    assert dump(
        {
            "id": "c-7f3k2q",
            "name": "Stronger shoulders – ærlig talt",
            "schedule": {"days": ["tue"], "at": "09:00", "skip": []},
            "steps": [{"id": "a", "text": "one\ntwo\n"}, {"id": "b", "lines": [[1, 3], [6, 6]]}],
            "note": 'It\'s so: "quoted"',
            "long": "word " * 60 + "end",
            "empty": {},
            "price": 1.5,
            "none": None,
            "open": False,
        }
    ) == (
        "id: c-7f3k2q\n"
        "name: Stronger shoulders – ærlig talt\n"
        "schedule:\n"
        "  days:\n"
        "    - tue\n"
        '  at: "09:00"\n'
        "  skip: []\n"
        "steps:\n"
        "  - id: a\n"
        "    text: |\n"
        "      one\n"
        "      two\n"
        "  - id: b\n"
        "    lines:\n"
        "      - - 1\n"
        "        - 3\n"
        "      - - 6\n"
        "        - 6\n"
        'note: "It\'s so: \\"quoted\\""\n' + "long: " + "word " * 60 + "end\n"
        "empty: {}\n"
        "price: 1.5\n"
        "none: null\n"
        "open: false\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "no", "Yes", "y", "on", "null", "~", "", "12", "0o7", "1_000", "1e3", "1:30", "09:00", "2027-03-02", "true",
        "=", "<<", "- a", "-", "a: b", "a #b", "#b", " a", "a ", "*a", "&a", "!a", "%a", "@a", "`a", "[a", "{a", "'a",
        '"a', ".5", "|", ">", "?", "a:", "---", "...", "a\nb: c \n", "\ta", "\u2028", "\ufeff", "\x00", "0x1F",
        "+1", ".NaN", "n",
    ],
)  # fmt: skip
def test_quotes_stand_where_a_reader_could_differ(text: str) -> None:
    written = dump({"x": text})
    assert written.startswith('x: "')
    assert parse(written, "c.yaml").data == {"x": text}


@pytest.mark.parametrize(
    "text",
    ["a", "3 gentle moves", "it's so", 'she said "no"', "a:b", "a#b", "50 % off", "a, b [c]", "-5 kg", "Hvad nu?", "æ"],
)
def test_no_quotes_where_none_are_needed(text: str) -> None:
    assert dump({"x": text}) == f"x: {text}\n"


def test_numbers_that_have_no_plain_form() -> None:
    assert dump([math.inf, -math.inf, math.nan, 1e16]) == "- .inf\n- -.inf\n- .nan\n- 1.0e+16\n"


def test_what_has_no_place_in_yaml_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no place"):
        dump({"a": {1, 2}})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="a key must be text"):
        dump({1: "a"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="surrogates"):
        dump("\ud800")
    with pytest.raises(ValueError, match="a key of 2000 characters"):
        dump({"k" * 2000: 1})
