"""Whose fault a refusal is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.model.delivery import Blame, Refused, Stage
from backmail.transports.smtp_answer import answer_of
from backmail.transports.verdict import smtp

RECIPIENT, SENDER, MESSAGE, LOGIN = Stage.RECIPIENT, Stage.SENDER, Stage.MESSAGE, Stage.LOGIN
CODES = st.integers(400, 599)
WORDS = st.text("a 5.1", max_size=10) | st.sampled_from(["daily quota", "no credits", "Invalid Address"])


@pytest.mark.parametrize(
    ("code", "text", "stage", "blame"),
    [
        (550, "5.1.1 no such user", RECIPIENT, Blame.ADDRESS_BAD),
        (550, "5.1.2 no such domain", RECIPIENT, Blame.ADDRESS_BAD),
        (556, "5.1.10 the domain takes no mail", RECIPIENT, Blame.ADDRESS_BAD),
        (550, "5.2.1 disabled", RECIPIENT, Blame.ADDRESS_BAD),
        (554, "5.1.1 no such user", MESSAGE, Blame.ADDRESS_BAD),
        (450, "4.1.1 try later", RECIPIENT, Blame.MAILBOX),
        (450, "5.1.1 the code says for now", RECIPIENT, Blame.MAILBOX),
        (552, "5.2.2 full", RECIPIENT, Blame.MAILBOX),
        (452, "4.2.2 over its quota", RECIPIENT, Blame.MAILBOX),
        (550, "4.2.2 the code says for good", RECIPIENT, Blame.MAILBOX),
        (550, "4.1.1 the code says for good", RECIPIENT, Blame.ADDRESS_BAD),
        (451, "4.7.1 greylisted", RECIPIENT, Blame.MAILBOX),
        (550, "no such user", RECIPIENT, Blame.MAILBOX),
        (554, "transaction failed", MESSAGE, Blame.MAILBOX),
        (550, "5.4.1 no route", RECIPIENT, Blame.MAILBOX),
        (550, "5.7.1 blocked", RECIPIENT, Blame.POLICY),
        (554, "5.7.26 not authenticated", MESSAGE, Blame.POLICY),
        (454, "Throttling failure: maximum rate exceeded", MESSAGE, Blame.POLICY),
        (550, "5.1.1 unknown sender", SENDER, Blame.POLICY),
        (451, "4.3.0 later", SENDER, Blame.POLICY),
        (550, "5.1.8 bad domain of the sender", RECIPIENT, Blame.POLICY),
        (501, "5.1.7 bad syntax of the sender", RECIPIENT, Blame.POLICY),
        (454, "Throttling failure: daily message quota exceeded", MESSAGE, Blame.ACCOUNT),
        (550, "5.7.1 your sending limit is used up", MESSAGE, Blame.ACCOUNT),
        (550, "5.4.5 Daily user sending quota exceeded", MESSAGE, Blame.ACCOUNT),
        (451, "no credits are left", MESSAGE, Blame.ACCOUNT),
        (530, "5.7.0 log in first", SENDER, Blame.ACCOUNT),
        (535, "5.7.8 who are you", LOGIN, Blame.ACCOUNT),
        (550, "no", LOGIN, Blame.ACCOUNT),
        (552, "5.2.3 too long for this mailbox", RECIPIENT, Blame.MESSAGE),
        (552, "5.3.4 too big", SENDER, Blame.MESSAGE),
        (552, "too big", SENDER, Blame.MESSAGE),
        (554, "5.6.0 broken", MESSAGE, Blame.MESSAGE),
    ],
)
def test_an_answer_blames(code: int, text: str, stage: Stage, blame: Blame) -> None:
    assert smtp(answer_of(code, text.encode("ascii")).refused(stage)) is blame


@given(CODES, st.integers(0, 20), st.integers(0, 30), WORDS)
def test_an_answer_to_the_sender_never_counts_against_a_reader(code: int, subject: int, detail: int, text: str) -> None:
    for stage in (Stage.SENDER, Stage.LOGIN):
        blame = smtp(Refused(code, f"{code // 100}.{subject}.{detail}", text, stage))
        assert blame not in (Blame.ADDRESS_BAD, Blame.MAILBOX)


@given(st.integers(400, 499), st.integers(0, 20), st.integers(0, 30), st.sampled_from(Stage), WORDS)
def test_what_passes_never_makes_an_address_bad(code: int, subject: int, detail: int, stage: Stage, text: str) -> None:
    assert smtp(Refused(code, f"5.{subject}.{detail}", text, stage)) is not Blame.ADDRESS_BAD
