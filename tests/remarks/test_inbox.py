"""Remarks about subjects and preheaders."""

import pytest

from backmail.remarks import preheader, subject

LONG_ENOUGH = "Each takes a minute, and you can stay seated."


@pytest.mark.parametrize(
    ("text", "language", "ids"),
    [
        ("2 gentle exercises to start with", "en", []),
        ("x" * 50, "en", []),
        ("x" * 51, "en", ["subj-length"]),
        ("", "en", ["subj-empty"]),
        ("LAST CHANCE", "en", ["subj-caps"]),
        ("NATO in a nutshell", "en", []),
        ("RSI and TMJ", "en", []),
        ("PLAN ahead", "en", []),
        ("HELLO", "en", []),
        ("HELLO!!", "en", ["subj-punct"]),
        ("A quiet HOUR ALONE", "en", ["subj-caps"]),
        ("What is RSI?", "en", []),
        ("FREE SHIPPING today", "en", ["subj-caps"]),
        ("Rest now! Really!", "en", ["subj-punct"]),
        ("Really?!", "en", ["subj-punct"]),
        ("Save $$$ on mats", "en", ["subj-punct"]),
        ("Does it hurt? Then stop!", "en", []),
        ("Fwd: our plan", "en", ["subj-re-fake"]),
        ("SV: din plan", "da", ["subj-re-fake"]),
        ("Svend has a plan", "en", []),
        ("A cure for stiff hands", "en", ["claim-words"]),
        ("How to secure a door", "en", []),
        ("Guaranteed rest", "en", ["claim-words"]),
        ("Your pain-free week", "en", ["claim-words"]),
        ("Ease stiff hands", "en", []),
        ("100% rest", "en", ["claim-words"]),
        ("A 100 % sure way", "en", ["claim-words"]),
        ("Garanteret ro i kroppen", "da", ["claim-words"]),
        ("En smertefri uge", "da", ["claim-words"]),
        ("Helbred og hverdag", "da", []),
        ("Get rid of  stiff hands", "da", ["claim-words"]),
    ],
)
def test_a_subject(text: str, language: str, ids: list[str]) -> None:
    assert [remark.id for remark in subject(text, language)] == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (LONG_ENOUGH, []),
        ("x" * 30, []),
        ("x" * 100, []),
        ("x" * 29, ["pre-length"]),
        ("x" * 101, ["pre-length"]),
        (" ", ["pre-missing"]),
        ("Gentle EXERCISES  to start with!", ["pre-dup-subject"]),
        ("Gentle exercises to start with, a minute each", ["pre-dup-subject"]),
        (f"{LONG_ENOUGH} Works for everyone.", ["claim-words"]),
    ],
)
def test_a_preheader(text: str, ids: list[str]) -> None:
    assert [remark.id for remark in preheader(text, "Gentle exercises to start with", "en")] == ids


def test_each_claim_is_told_once_with_its_words() -> None:
    messages = [remark.message for remark in subject("A miracle! A Miracle cure", "en")]
    assert [message.partition("“")[2].partition("”")[0] for message in messages] == ["miracle", "cure"]


@pytest.mark.parametrize(
    ("text", "signs"), [("Now! Go!", "'!'"), ("Go!!!!", "'!!!!'"), ("Go?!", "'?!'"), ("€€", "'€€'")]
)
def test_repeated_signs_are_quoted(text: str, signs: str) -> None:
    assert [f"repeats {signs}:" in remark.message for remark in subject(text, "en")] == [True]


@pytest.mark.parametrize(("text", "said"), [("{}!", "is the subject"), ("{}, and more", "holds the whole subject")])
def test_a_repeated_subject_is_told_from_one_that_is_held(text: str, said: str) -> None:
    of_subject = "Gentle exercises to start with"
    assert [said in remark.message for remark in preheader(text.format(of_subject), of_subject, "en")] == [True]
