"""What is read out of a server's answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.model.delivery import Refused, Stage
from backmail.transports.smtp_answer import answer_of


@pytest.mark.parametrize(
    ("text", "enhanced", "words"),
    [
        (b"5.1.1 no such user", "5.1.1", "no such user"),
        (b"#5.1.0 Address rejected", "5.1.0", "# Address rejected"),
        (b"5.1.1 no\n5.1.1 such user", "5.1.1", "no 5.1.1 such user"),
        (b"blocked: 5.7.1, ask us", "5.7.1", "blocked: , ask us"),
        (b"5.7.511.", "5.7.511", "."),
        (b"from 5.1.1.7 no mail is taken", "", "from 5.1.1.7 no mail is taken"),
        (b"from 192.5.1.1 no mail is taken", "", "from 192.5.1.1 no mail is taken"),
        (b"version 15.1.1 here", "", "version 15.1.1 here"),
        (b"3.1.1 here", "", "3.1.1 here"),
        (b"", "", ""),
    ],
)
def test_the_enhanced_code_is_found_and_taken_for_nothing_else(text: bytes, enhanced: str, words: str) -> None:
    answer = answer_of(550, text)
    assert answer.enhanced == enhanced
    assert answer.words == words


def test_an_answer_that_refuses_is_kept_as_it_was_said() -> None:
    answer = answer_of(550, b"5.1.1 no\n\x1b[31msuch   user\xff")
    shown = "5.1.1 no \ufffd[31msuch user\ufffd"
    assert answer.refused(Stage.RECIPIENT) == Refused(550, "5.1.1", shown, Stage.RECIPIENT)
    assert str(answer) == f"550 {shown}"


@given(st.integers(-1, 999), st.binary(max_size=2000))
def test_whatever_is_answered_can_be_shown_and_is_short(code: int, text: bytes) -> None:
    answer = answer_of(code, text)
    assert len(answer.text) <= 500
    assert all(char >= " " for char in answer.text)
    assert answer.taken + answer.passing + answer.permanent <= 1
