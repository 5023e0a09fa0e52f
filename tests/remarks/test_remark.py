"""What is quoted in a message stays short."""

import pytest

from backmail.remarks.remark import shown


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("  a\n b ", "a b"), ("x" * 10, "x" * 10), ("x" * 11, "x" * 9 + "…"), ("eight ch and more", "eight ch…")],
)
def test_a_quote_is_one_short_line(text: str, quoted: str) -> None:
    assert shown(text, 10) == quoted
