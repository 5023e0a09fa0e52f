"""A value is changed where it stands, and nothing else in the file moves by a byte."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import InputError
from backmail.yamlfile import dump, line_end, parse, settings_of, with_value

SETTINGS = """\
# the first mail
id: why-move   # permanent

subject: 'It''s time'  # 50 at most
preheader: >-
  A long line
  that goes on.

# what it asks for
action:
  text: "Put both in my calendar"
  kind: calendar # a button
tags: [a, "b, c"]   # two
"""


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (("subject",), "Hello: you", "'It''s time'  #", '"Hello: you"  #'),
        (("subject",), "{{ campaign.name }}", "'It''s time'", '"{{ campaign.name }}"'),
        (("id",), "why", "why-move   #", "why   #"),
        (("preheader",), "Short.", ">-\n  A long line\n  that goes on.\n", "Short.\n"),
        (("action", "kind"), "reply", "calendar # a", "reply # a"),
        (("action", "url"), "https://x.org/#a", "# a button\n", "# a button\n  url: https://x.org/#a\n"),
        (("after",), "1w", "# two\n", "# two\nafter: 1w\n"),
        (("action", "kind"), None, "  kind: calendar # a button\n", ""),
        (("preheader",), None, "preheader: >-\n  A long line\n  that goes on.\n", ""),
        (("action",), None, 'action:\n  text: "Put both in my calendar"\n  kind: calendar # a button\n', ""),
        (("tags", 0), "x, y", "[a,", '["x, y",'),
        (("more", "deep"), 1, "# two\n", "# two\nmore:\n  deep: 1\n"),
        (("subject",), "Længe siden – ærligt 🙂", "'It''s time'", "Længe siden – ærligt 🙂"),
        (("subject",), "two\nlines", "'It''s time'", '"two\\nlines"'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_value_changes(
    path: tuple[str | int, ...], value: Any, before: str, after: str, break_: str, mark: str
) -> None:
    text = mark + SETTINGS.replace("\n", break_)
    wanted = mark + SETTINGS.replace(before, after, 1).replace("\n", break_)
    assert with_value(text, path, value) == wanted


@pytest.mark.parametrize(
    ("text", "path", "value", "after"),
    [
        ("a: {x: 1, y: [2]}\n", ("a", "x"), "1, 2", 'a: {x: "1, 2", y: [2]}\n'),
        ("a: {x: 1}\n", ("a", "z"), "b", "a: {x: 1, z: b}\n"),
        ("a: {x: 1,}\n", ("a", "z"), "b", "a: {x: 1, z: b,}\n"),
        ("a: {}\n", ("a", "z"), "b", "a: {z: b}\n"),
        ("a: {x: 1, y: 2}\n", ("a", "y"), None, "a: {x: 1}\n"),
        ("a: {x: 1, y: 2}\n", ("a", "x"), None, "a: {y: 2}\n"),
        ("a: {x: 1}\n", ("a", "x"), None, "a: {}\n"),
        ("a: {x, y: }\n", ("a", "x"), 1, "a: {x: 1, y: }\n"),
        ("a:\n  x: 1 # c\nb: 2\n", ("a", "x"), None, "a:\n  {} # c\nb: 2\n"),
        ("a:   # nothing yet\nb: 1\n", ("a",), "x", "a: x   # nothing yet\nb: 1\n"),
        ("a:\n", ("a", "b"), "x", "a: {b: x}\n"),
        ("a: | # why\n  one\n  two\n\nb: 1\n", ("a",), "x", "a: x # why\n\nb: 1\n"),
        ("a: |+\n  one\n\n", ("b",), 1, "a: |+\n  one\n\nb: 1\n"),
        ("a: |\n  one\n\n# end\n", ("b",), 1, "a: |\n  one\nb: 1\n\n# end\n"),
        ("a: 1", ("b",), 2, "a: 1\nb: 2"),
        ("", ("b",), 2, "b: 2\n"),
        ("# only this", ("b", "c"), 2, "# only this\nb:\n  c: 2\n"),
        ("- a: 1\n  b: 2\n- 3\n", (0, "a"), None, "- b: 2\n- 3\n"),
        ("- a: 1\n  b: 2\n- 3\n", (0, "c"), 5, "- a: 1\n  b: 2\n  c: 5\n- 3\n"),
        ("a:\n- 1\n-\n", ("a", 1), "x", "a:\n- 1\n- x\n"),
        ("a: 1\n", ("a",), True, "a: true\n"),
        ("a: 'x'\n", ("a",), "x", "a: 'x'\n"),
        ("a: 1\n", ("b",), None, "a: 1\n"),
        ("a: 1\n", ("b", "c"), None, "a: 1\n"),
        ("a: one\n  two\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
        ("a: *x\nb: 1\n".replace("*x", "&x 2") + "c: *x\n", ("c",), 5, "a: &x 2\nb: 1\nc: 5\n"),
    ],
)  # fmt: skip
def test_each_way_to_write_a_value(text: str, path: tuple[str | int, ...], value: Any, after: str) -> None:
    assert with_value(text, path, value) == after


@pytest.mark.parametrize(
    ("text", "path", "value", "said"),
    [
        ("a: &x 2\nc: *x\n", ("a",), 5, "cannot be changed for you"),
        ("a: &x {b: 2}\nc: *x\n", ("c", "b"), 5, "cannot be changed for you"),
        ("a: 1\n", ("a", "b"), 5, "'b' cannot stand here"),
        ("a: [1]\n", ("a", 3), 5, "3 cannot stand here"),
        ("a: 1\na: 2\n", ("b",), 5, "'a' is set twice"),
    ],
)
def test_what_cannot_be_changed_safely_is_refused(
    text: str, path: tuple[str | int, ...], value: Any, said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        with_value(text, path, value, file="x.md", first_line=2)
    assert refused.value.faults[0].place is not None
    assert (refused.value.faults[0].place.line or 0) > 1


KEYS = st.sampled_from(["a", "b", "subject", "x y", "7", "no", "ø"])
LINES = st.text(alphabet="ab :#-'\"{}[],|>&*!%@?~\\é\u2028🙂0.", max_size=12)
SCALARS = st.booleans() | st.integers(-99, 99) | LINES | st.sampled_from(["one\ntwo", "one\n", "\n x", "a\n\nb\n"])
DATA = st.dictionaries(
    KEYS, SCALARS | st.none() | st.lists(SCALARS, max_size=2) | st.dictionaries(KEYS, SCALARS, max_size=3), max_size=4
)


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(data)
    holder = made
    for key in path[:-1]:
        if holder.get(key) is None:
            if value is None:
                return data
            holder[key] = {}
        holder = holder[key]
    if value is None:
        holder.pop(path[-1], None)
    else:
        holder[path[-1]] = value
    return made


@given(DATA, KEYS, KEYS | st.none(), SCALARS | st.none(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_data_is_as_before_but_for_the_value_and_so_are_all_other_lines(
    data: dict[str, Any], key: str, inner: str | None, value: Any, break_: str, remarked: bool
) -> None:
    in_block = any(isinstance(each, str) and "\n" in each for each in _leaves(data))
    pieces = {}
    for name, each in data.items():
        lines = dump({name: each}).removesuffix("\n").split("\n")
        if remarked and not in_block:
            lines = [remark for line in lines for remark in ("# said by hand", f"{line}  # here too")]
        pieces[name] = break_.join(lines) + break_
    text = "".join(pieces.values())
    path = (key,) if inner is None or not isinstance(data.get(key, {}), dict | None) else (key, inner)
    if value is None and path[0] not in data:
        return
    changed = with_value(text, path, value)
    assert parse(changed, "").data == _put(data, path, value)
    names = list(data)
    at = names.index(key) if key in data else len(names)
    before = "".join(pieces[name] for name in names[:at])
    after = "".join(pieces[name] for name in names[at + 1 :])
    assert changed.startswith(before)
    assert changed[len(before) :].endswith(after)
    assert not data or "\n" not in changed.replace(break_, "")


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return [leaf for each in value for leaf in _leaves(each)] if isinstance(value, list) else [value]


def test_a_file_is_cut_at_its_settings() -> None:
    body = "Text\n---\nmore\n"
    assert settings_of(f"\ufeff---\r\na: 1\r\n--- \r\n{body}") == ("\ufeff---\r\n", "a: 1\r\n", f"--- \r\n{body}")
    assert settings_of("---\r---\r") == ("---\r", "", "---\r")
    assert settings_of(body) == ("", "", body)
    assert settings_of("---\na: 1\n") == ("", "", "---\na: 1\n")


def test_the_ends_of_lines_are_those_of_the_first() -> None:
    assert [line_end(text) for text in ("a", "a\r\nb\n", "a\nb\r\n", "a\rb")] == ["\n", "\r\n", "\n", "\r"]
