"""Reading YAML: what the values mean, where they stand, and what is refused in which words."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from backmail.errors import InputError, Place
from backmail.yamlfile import Data, dump, parse
from backmail.yamlfile.reading import _KEPT, _KEPT_CHARACTERS, _KEPT_TEXTS, MAX_CHARACTERS, MAX_DEPTH, MAX_VALUES

SAMPLE = """\
# a campaign
name: Stronger shoulders
from: {name: Anna, email: "anna@example.org"}
schedule:
  days: [tue, thu]
  at: 07:30
steps:
  - id: first
    text: |
      Two lines
      of text.
  - &second
    id: second
  - *second
"""


def refused(text: str) -> str:
    """Return what is said about a text."""
    with pytest.raises(InputError) as caught:
        parse(text, "c.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("y", "y"), ("07:30", "07:30"), ("2024-01-10", "2024-01-10"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("'null'", "null"), ('"1"', "1"),
        ("12", 12), ("-7", -7), ("+7", 7), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1_000", "1_000"), ("0b1", "0b1"),
        ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-.inf", float("-inf")), ("1.2.3", "1.2.3"),
        ("|\n two\n lines\n", "two\nlines\n"), (">\n one\n line\n", "one line\n"), ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says(written: str, value: Data) -> None:
    data = parse(f"x: {written}", "c.yaml").data
    assert data == {"x": value}
    assert isinstance(data, dict)
    assert type(data["x"]) is type(value)


def test_not_a_number_is_a_number() -> None:
    data = parse("x: .nan", "c.yaml").data
    assert isinstance(data, dict)
    assert data["x"] != data["x"]


def test_keys_are_always_text() -> None:
    assert parse("1: a\ntrue: b\nno: c\n'': d\n", "c.yaml").data == {"1": "a", "true": "b", "no": "c", "": "d"}


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_none(text: str) -> None:
    assert parse(text, "c.yaml").data is None


def test_a_byte_order_mark_moves_no_column() -> None:
    assert parse("\ufeffname: x", "c.yaml").place(("name",), key=True) == Place("c.yaml", 1, 1)


def test_places_of_keys_values_and_what_is_not_there() -> None:
    document = parse(SAMPLE, "c.yaml")
    assert document.place(("name",), key=True) == Place("c.yaml", 2, 1)
    assert document.place(("name",)) == Place("c.yaml", 2, 7)
    assert document.place(("from", "email")) == Place("c.yaml", 3, 27)
    assert document.place(("schedule", "days", 1)) == Place("c.yaml", 5, 15)
    assert document.place(("schedule", "nothing")) == Place("c.yaml", 4, 1)
    assert document.place(("steps", 0, "nothing")) == Place("c.yaml", 8, 5)
    assert document.place(()) == Place("c.yaml", 2, 1)
    assert document.source(6) == "  at: 07:30"
    assert document.source(99) == ""


def test_an_alias_stands_where_its_anchor_stands() -> None:
    document = parse(SAMPLE, "c.yaml")
    assert document.place(("steps", 2, "id")) == document.place(("steps", 1, "id")) == Place("c.yaml", 13, 9)


def test_lines_count_as_editors_count_them() -> None:
    document = parse("a: 1\r\nb: 'x\u2028y'\rc: 3\n", "c.yaml", first_line=10)
    assert document.place(("c",), key=True) == Place("c.yaml", 12, 1)
    assert document.source(11) == "b: 'x\u2028y'"


def test_numbers_know_how_they_were_written() -> None:
    document = parse("a: 007\nb: '007'\nc: [1e3]\n", "c.yaml")
    assert document.written(("a",)) == "007"
    assert document.written(("b",)) is None
    assert document.written(("c", 0)) == "1e3"


def test_all_faults_are_told_at_once_with_both_places_of_a_double_key() -> None:
    assert refused("a: 1\nb: !!python/name:os.system x\na: 2\nc: *no\n") == (
        "c.yaml:2:4: tags such as !!python/name:os.system are not read here\n"
        "  2 | b: !!python/name:os.system x\n"
        "         ^ if it is text: put the text in quotes\n"
        "c.yaml:3:1: 'a' is set twice, first on line 1\n"
        "  3 | a: 2\n"
        "      ^ keep one of the two\n"
        "c.yaml:4:4: nothing is called *no\n"
        "  4 | c: *no\n"
        "         ^ if it is text: put the text in quotes\n"
        "3 problems"
    )


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("subject: Week 2: go", "1:16", "a second ':' stands on this line"),
        ("a: 1\n  b: 2", "2:3", "this setting is indented unlike those above"),
        ("a:\n  b: 1\n c: 2", "3:2", "this line is indented unlike those above"),
        ("hello\nb: 1", "1:1", "a ':' is missing on this line"),
        ("a: 1\nhello", "2:1", "a ':' is missing on this line"),
        ("a:\n\tb: 1", "2:1", "a tab stands here"),
        ("a: @you", "1:4", "text may not begin with '@'"),
        ("a: `x`", "1:4", "text may not begin with '`'"),
        ("a: *Big* news", "1:4", "text may not begin with * or &"),
        ("a: !Hello", "1:4", "tags such as !Hello are not read here"),
        ("a: !<x y", "1:4", "text may not begin with !"),
        ("a: ? b", "1:4", "text may not begin with ?"),
        ("%a: b", "1:1", "a line may not begin with %"),
        ('a: "Hello" she said', "1:12", "text goes on after the closing quote"),
        ("a: 'it's so'", "1:8", "text goes on after the closing quote"),
        ('a: "Hello\nb: 1', "1:4", "the quote that opens here is never closed"),
        ('a: "C:\\q"', "1:8", "a \\ with 'q' means nothing in double quotes"),
        ('a: "\\x1"', "1:7", "this escape is not complete"),
        ('a: "\\UFFFFFFFF"', "1:7", "this cannot be read"),
        ('a: "\\ud800"', "1:4", "an escape here is half a character"),
        ("a: [1, 2", "1:4", "this bracket is not closed, or a comma is missing"),
        ("a: {b: 1", "1:4", "this bracket is not closed, or a comma is missing"),
        ("a: [", "1:5", "a value is missing here"),
        ("a: 1\nb: ,", "2:4", "a value is missing here"),
        ("a: [News] for you", "1:11", "text goes on after the value has ended"),
        ("a: > 50 % off", "1:4", "after > or | the text begins on the next line"),
        ("a: - b", "1:4", "a list may not begin on this line"),
        ("a: 1\n- b", "2:1", "a list may not stand beside settings"),
        ("a: {{ subscriber.first_name }}", "1:5", "text that begins with {{ or {% must stand in quotes"),
        ("a: {{ x }}, hello", "1:5", "text that begins with {{ or {% must stand in quotes"),
        ("a: {% if x %}b", "1:4", "text that begins with {{ or {% must stand in quotes"),
        ("a: 1\n---\nb: 2", "2:1", "a second document begins here, and one file holds one"),
        ("<<: {a: 1}", "1:1", "merge keys (<<) are not read here"),
        ("[a]: b", "1:1", "a key must be plain text"),
        ("? \n: b", "1:2", "a name is missing before this ':'"),
        ("a: &x [*x]", "1:8", "*x stands within itself"),
        ("a: b\x07", "1:5", "an invisible character (U+0007) stands here"),
        ("a: " + "9" * 101, "1:4", "a number of 101 characters"),
        ("---\na: 1\n...\nb: 1", "4:1", "this stands outside of all settings"),
        ("a: b\n}", "2:1", "text goes on after the value has ended"),
    ],
)
def test_broken_files_are_told_in_plain_words(text: str, place: str, words: str) -> None:
    told = refused(text)
    assert told.startswith(f"c.yaml:{place}: {words}\n")
    assert "problems" not in told


def test_what_is_too_much_is_refused_before_it_hurts() -> None:
    laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert f"more than {MAX_VALUES:,} values, with aliases written out" in refused(laughs)
    assert f"more than {MAX_DEPTH} levels deep" in refused("[" * 5000)
    nested = "a: &a [x, " + "[" * 30 + "]" * 30 + ", y]\nb: " + "[" * 30 + "*a" + "]" * 30
    assert f"more than {MAX_DEPTH} levels deep, with aliases written out" in refused(nested)
    assert not any("problems" in refused(text) for text in (laughs, "[" * 5000, nested))
    assert f"longer than {MAX_CHARACTERS:,} characters" in refused("#" * (MAX_CHARACTERS + 1))


def test_fifty_levels_are_read_and_one_more_is_not() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "c.yaml").data
    assert "levels deep" in refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_keys_that_are_none_are_told_one_by_one() -> None:
    told = refused("<<: a\n[b]: c\n<<: d\n")
    assert told.count("merge keys (<<) are not read here") == 2
    assert told.endswith("3 problems")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("subject: Week 2: go", "put the whole text in quotes"),
        ("a: ? b", "put the whole text in quotes"),
        ('a: "Hello" she said', "put the whole text in 'single quotes'; write '' for a ' within"),
        ("a: 'it's so'", 'put the whole text in "double quotes"'),
        ("a: [", "if it is text: put the whole text in quotes"),
        ("a:\n\tb: 1", "indent with spaces: YAML reads no tabs"),
        ("a: 1\nhello", "a setting is written name: value"),
    ],
)
def test_the_way_out_stands_beside_the_caret(text: str, hint: str) -> None:
    assert refused(text).endswith(f"^ {hint}")


def check_only_input_errors(text: str) -> None:
    """Assert that the text is read, or refused with places that lie in it."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        parse(text, "c.yaml")
    except InputError as error:
        for fault in error.faults:
            assert fault.place is not None
            assert fault.place.line is not None
            assert fault.place.column is not None
            assert 1 <= fault.place.column <= len(lines[fault.place.line - 1]) + 1
            assert fault.source == lines[fault.place.line - 1]


@given(st.text() | st.text(alphabet="ab:-{}[]#&*!|>'\"%@` \n\t\r?,~0.\\ü\u2028\x85<=x"))
@example('"\\UFFFFFFFF"')
@example("%YAML 1.99999999999999999999999999999")
@example("? ")
@example("!")
@example("&a : *a")
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    check_only_input_errors(text)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_place(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 4))
        text = text[:at] + data.draw(st.text(alphabet="ab:-{}[]#&*!|>'\"% \n\t", max_size=3)) + text[at + cut :]
    check_only_input_errors(text)


KEYS = st.text(max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12)


@given(st.dictionaries(KEYS, DATA))
def test_the_place_of_every_key_points_at_it(data: dict[str, Data]) -> None:
    text = dump(data)
    document = parse(text, "c.yaml")
    lines = text.split("\n")

    def look(value: Data, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                place = document.place((*path, key), key=True)
                written = dump({key: None}).removesuffix(" null\n")
                assert lines[(place.line or 0) - 1][(place.column or 0) - 1 :].startswith(written)
                look(inner, (*path, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                look(inner, (*path, number))

    look(data, ())


def test_a_text_is_scanned_once_and_what_one_reader_changes_is_not_what_the_next_one_gets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = f"{SAMPLE}once: more\n"
    first = parse(text, "a.yaml")
    monkeypatch.setattr(yaml.SafeLoader, "get_event", lambda _: pytest.fail("it is scanned again"))
    second = parse(text, "b.yaml", 5)
    assert second.data == first.data
    assert second.place(("once",)) == Place("b.yaml", 19, 7)
    assert isinstance(first.data, dict)
    first.data.clear()
    assert parse(text, "a.yaml").data == second.data


def test_a_fault_is_told_each_time_that_a_text_is_read() -> None:
    twice = "once: 1\nonce: 2\n"
    assert refused(twice) == refused(twice) != ""
    broken = "here: [1\n"
    assert refused(broken) == refused(broken) != ""


def test_of_many_texts_the_last_ones_are_kept_and_long_ones_never() -> None:
    for number in range(_KEPT_TEXTS + 5):
        parse(f"kept: {number}", "c.yaml")
    parse("long: " + "x" * _KEPT_CHARACTERS, "c.yaml")
    assert list(_KEPT) == [f"kept: {number}" for number in range(5, _KEPT_TEXTS + 5)]
