"""A segment in one line: what it means, that it can be written again, and what is said of one that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import InputError, Place
from backmail.segments import All, And, Field, Finished, Not, Or, Segment, Tag, conditions, faults, parse
from tests.segments.segments import trees

A, B, C = Tag("a"), Tag("b"), Tag("c")


def told(text: str) -> list[str]:
    """Return what is told of a segment, with its column, and the hint behind ' | '."""
    with pytest.raises(InputError) as caught:
        parse(text)
    return [
        f"{fault.place.column if fault.place else '?'} {fault.message}" + (f" | {fault.hint}" if fault.hint else "")
        for fault in caught.value.faults
    ]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("all", All()),
        ("tag:a", A),
        ("field:language=da", Field("language", "da")),
        ("finished:stronger-back", Finished("stronger-back")),
        ("not tag:a", Not(A)),
        ("not not tag:a", Not(Not(A))),
        ("tag:a or tag:b and tag:c", Or((A, And((B, C))))),
        ("tag:a and tag:b or tag:c", Or((And((A, B)), C))),
        ("not tag:a and tag:b", And((Not(A), B))),
        ("(tag:a or tag:b) and tag:c", And((Or((A, B)), C))),
        ("not(tag:a or tag:b)", Not(Or((A, B)))),
        ("tag:a and tag:b and tag:c", And((A, B, C))),
        ("(tag:a and tag:b) and tag:c", And((And((A, B)), C))),
        ("  ((tag:a))\n", A),
        ("ALL AND Not TAG:a", And((All(), Not(A)))),
        ('tag:"back pain"', Tag("back pain")),
        ("tag:'back pain' or tag:b", Or((Tag("back pain"), B))),
        ("tag:and", Tag("and")),
        (r'tag:"a\"b\\c"', Tag(r'a"b\c')),
        (r"tag:a\b", Tag(r"a\b")),
        ("field:last_name=O'Brien", Field("last_name", "O'Brien")),
        ('field:first_name=""', Field("first_name", "")),
        ("field:link=a=b:c", Field("link", "a=b:c")),
        ("tag:a=b", Tag("a=b")),
    ],
)
def test_a_line_means_its_tree(text: str, tree: Segment) -> None:
    assert parse(text) == tree


@given(trees)
def test_a_tree_written_in_one_line_reads_back_as_itself(tree: Segment) -> None:
    assert parse(str(tree)) == tree


PIECES = [*"()\"'\\=:! \tað\x00\ud800", "tag:", "field:", "and", "not ", "or"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_segment_or_told_with_a_place_and_nothing_worse(text: str) -> None:
    found = faults(text, Place("campaign.yaml", 1, 1), text)
    if not found:
        tree = parse(text)
        assert parse(str(tree)) == tree
    assert all(fault.place and fault.place.column and str(fault) for fault in found)


HOW = "such as tag:backpain, field:language=da, finished:stronger-back or all"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", [f"1 this says nothing | {HOW}"]),
        ("tag:a tag:b", ["7 'and' or 'or' is missing before this"]),
        ("tag:a adn tag:b", ["7 'adn' says nothing here | did you mean 'and'?"]),
        ("tag:a && tag:b | tag:c", ["7 '&&' says nothing here | write and", "16 '|' says nothing here | write or"]),
        ("!tag:a", ["1 '!' means nothing here | write not"]),
        ("tag:a and", [f"10 a condition is missing after 'and' | {HOW}"]),
        ("or tag:a", [f"1 a condition is missing before 'or' | {HOW}"]),
        ("()", [f"2 a condition is missing before ')' | {HOW}"]),
        ("(tag:a", ["1 the parenthesis that opens here is never closed"]),
        ("tag:a) and tag:b) or", ["6 this parenthesis closes none", "17 this parenthesis closes none",
                                    f"21 a condition is missing after 'or' | {HOW}"]),
        ("backpain", ["1 'backpain' says nothing here | a tag is written tag:backpain"]),
        ("language=da", ["1 'language=da' says nothing here | a field is written field:language=da"]),
        ("language:da", ["1 'language:' is not known here | a field is written field:language=da"]),
        ("tags:a", ["1 'tags:' is not known here | did you mean 'tag'?"]),
        ("finish:a", ["1 'finish:' is not known here | did you mean 'finished'?"]),
        (
            "tag: a and tag:b",
            ["5 a value is missing here | no space stands before a value; one with spaces has quotes"],
        ),
        ("tag:", ["5 a value is missing here | no space stands before a value; one with spaces has quotes"]),
        ('tag:""', ["5 a value is missing here | no space stands before a value; one with spaces has quotes"]),
        ("field:language", ["7 a field is asked for with its value | write field:language=..."]),
        (
            "field:my name=x",
            ["7 a field is asked for with its value | write field:my=...",
             "10 'name=x' says nothing here | a field is written field:name=x"],
        ),
        ("field:=x", ["7 '' cannot be the name of a field | letters, digits, '.', '_' and '-' can; "
                      "no spaces around '='"]),
        ('tag:"a', ["5 the quote that opens here is never closed"]),
        ('tag:"a"b', ["8 text goes on after the closing quote | put quotes around the whole value"]),
        ('tag:a"b', ['6 a quote stands within this value | put the whole value in quotes, and write \\" within']),
        ('tag:"a\nb"', ["5 an invisible character (U+000A) stands in this value | delete it"]),
        ("tag:a\ud800", ["5 an invisible character (U+D800) stands in this value | delete it"]),
        (
            "tags:a && lang=da or",
            ["1 'tags:' is not known here | did you mean 'tag'?", "8 '&&' says nothing here | write and",
             "11 'lang=da' says nothing here | a field is written field:lang=da",
             f"21 a condition is missing after 'or' | {HOW}"],
        ),
        ("not " * 21 + "all", ["81 more than 20 levels deep"]),
        ("(" * 5000, ["21 more than 20 levels deep"]),
        (" or ".join(["all"] * 101), ["701 more than 100 conditions"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_all_at_once_with_its_column(text: str, said: list[str]) -> None:
    assert told(text) == said


def test_a_segment_of_the_largest_size_is_taken() -> None:
    assert parse("not " * 20 + "all")
    assert sum(1 for _ in conditions(parse(" or ".join(["(all)"] * 50 + ["all"] * 50)))) == 100


def test_conditions_come_in_the_order_in_which_they_are_written() -> None:
    assert list(conditions(parse("tag:a or not (tag:b and tag:c) or tag:a"))) == [A, B, C, A]


@pytest.mark.parametrize(
    ("line", "column", "text", "at"),
    [
        ("audience: tag:a adn tag:b", 11, "tag:a adn tag:b", 17),
        ('audience: "tag:a adn tag:b"', 11, "tag:a adn tag:b", 18),
        ('audience: "tag:\\u0061 adn tag:b"', 11, "tag:a adn tag:b", 11),
        ("audience: >", 11, "tag:a adn tag:b", 11),
    ],
)
def test_in_a_file_a_fault_stands_where_its_word_stands(line: str, column: int, text: str, at: int) -> None:
    [fault] = faults(text, Place("campaign.yaml", 9, column), line)
    assert (fault.place, fault.source) == (Place("campaign.yaml", 9, at), line)
    assert fault.hint == "did you mean 'and'?"
    assert faults("tag:a", Place("campaign.yaml", 9, column), line) == ()


def test_an_empty_one_in_a_file_is_told_at_the_value() -> None:
    [fault] = faults(" ", Place("campaign.yaml", 9, 11), "audience: ' '")
    assert fault.place == Place("campaign.yaml", 9, 11)
