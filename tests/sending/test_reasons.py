"""Reasons as words of the tables and as sentences."""

import pytest

from backmail.model.states import SuppressionReason
from backmail.sending.reasons import Reason, read, sentence, word


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OTHER])
def test_what_is_written_is_read_again(reason: Reason) -> None:
    assert read(word(reason)) == (reason, "")
    assert read(word(reason, "550 5.1.1:\n no\tsuch: user ")) == (reason, "550 5.1.1: no such: user")


@pytest.mark.parametrize(("text", "detail"), [(None, ""), ("", ""), ("moonstruck: twice", "moonstruck: twice")])
def test_a_word_that_nobody_knows_is_kept_whole(text: str | None, detail: str) -> None:
    assert read(text) == (Reason.OTHER, detail)


@pytest.mark.parametrize("reason", SuppressionReason)
def test_every_reason_not_to_write_is_one(reason: SuppressionReason) -> None:
    assert Reason(reason.value).value == reason.value


def test_what_is_not_known_is_left_out_of_a_sentence() -> None:
    assert sentence(Reason.MAILBOX) == "The mailbox or its server said later."
    full = sentence(Reason.MAILBOX, detail="452 full", at="Tue")
    assert full == "The mailbox or its server said later (452 full); the next try is on Tue."


def test_what_stands_in_a_detail_is_not_filled_in() -> None:
    assert sentence(Reason.RENDER, detail="{at} [{name}]", name="x").startswith(
        "It could not be rendered: {at} [{name}]"
    )
