"""A piece of a unit's text is found on its source line."""

from backmail.article.markdown import markdown_units
from backmail.article.spans import line_of
from backmail.article.text import text_units


def test_a_piece_of_a_wrapped_paragraph() -> None:
    text = "Bees fly when it is warm outside and\ncome home before the rain begins to\nfall, because they hate it.\n"
    (unit,) = text_units("\n\n" + text)
    assert unit.start == 3
    assert [line_of(unit, piece) for piece in ("it is warm", "home before", "and come home", "hate it")] == [3, 4, 3, 5]


def test_a_piece_between_markdown_signs() -> None:
    (unit,) = markdown_units("Bees **fly\nfar** to [the\nlime](x) tree.")
    assert [line_of(unit, piece) for piece in ("Bees fly", "fly far", "the lime tree", "lime tree")] == [1, 1, 2, 3]


def test_a_piece_that_is_not_there_is_on_the_first_line() -> None:
    (unit,) = text_units("One.")
    assert line_of(unit, "two") == 1
