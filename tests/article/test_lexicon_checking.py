"""A word list is judged with all its faults at once, each at its place; those that ship have none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.lexicon import LANGUAGES, Lexicons, lexicon, shipped
from backmail.article.lexicon.checking import checked

MINE = """[meta]
proved = false

[headings]
faq = ['^ask the baker\\b']
"""


def said(text: str, language: str = "en", *, extends: bool = True) -> list[str]:
    """Return place and message of every fault of a file."""
    return [f"{each.place}: {each.message}" for each in checked(language, text, "x.toml", extends=extends).faults]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ships_holds(language: str) -> None:
    """Every probe included: no entry is a sentence of one text only, no heading is caught by a stronger concept."""
    found = checked(language, shipped(language), f"{language}.toml")
    assert [str(each) for each in found.faults] == []
    assert sum(found.counts.values()) > 500


def test_which_are_proved() -> None:
    proved = {each for each in LANGUAGES if checked(each, shipped(each), each).proved}
    assert proved == {"en", "da", "de", "es", "fr", "sv"}


def test_a_file_that_adds_to_a_language_needs_no_more_than_it_adds() -> None:
    assert said(MINE) == []


def test_a_language_of_its_own_says_of_every_concept_how_it_is_written() -> None:
    found = said(MINE, "pl", extends=False)
    assert "x.toml:1:1: nothing for headings.safety" in found
    assert not [each for each in found if "headings.faq" in each]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("faq = ['(unclosed']", "x.toml:5:8: this pattern cannot be read: missing ), unterminated subpattern"),
        ("faq = ['x?']", "x.toml:5:8: this pattern finds nothing at all, everywhere"),
        ("faq = ['(?:a+ )+b']", "x.toml:5:8: the group that ends in"),
        ("faq = ['(?:a+ ){2,}b']", "x.toml:5:8: the group that ends in"),
        ("faq = ['{nobody} asks']", "x.toml:5:8: there is no part {nobody}"),
        ("faq = ['what', 'what']", "x.toml:5:8: the same pattern stands in faq twice"),
        ("faw = ['what']", "x.toml:5:1: [headings] has no 'faw'"),
        ("faq = 'what'", "x.toml:5:1: faq is a list of patterns"),
        ('faq = ["what\'s that"]', "x.toml:5:9: texts are searched with ’"),
        ("faq = ['my dear old grandmother asks']", "x.toml:5:9: 'my dear old grandmother asks' are many words"),
    ],
)
def test_a_fault_is_named_at_its_place(entry: str, fault: str) -> None:
    found = said(MINE.replace("faq = ['^ask the baker\\b']", entry))
    assert len(found) == 1
    assert fault.partition(": ")[2] in found[0]
    assert found[0].startswith(fault.partition(":")[0] + ":5:")


def test_many_words_in_a_row_are_proved_by_two_texts_of_other_words() -> None:
    long = MINE.replace("^ask the baker\\b", "my dear old brave (?:\\w+ )?grandmother asks")
    probe = '\n[[probe]]\nconcept = "headings.faq"\nyes = ["My dear old brave grandmother asks"{more}]\n'
    assert "are many words" in said(long + probe.format(more=""))[0]
    assert said(long + probe.format(more=', "My dear old brave Danish grandmother asks"')) == []


def test_probes_are_held() -> None:
    probe = '\n[[probe]]\nconcept = "headings.faq"\nyes = ["Ask the miller"]\nno = ["Ask the baker"]\n'
    assert said(MINE + probe) == [
        "x.toml:9:9: headings.faq does not find 'Ask the miller'",
        "x.toml:10:8: headings.faq finds 'Ask the baker' in 'Ask the baker'",
    ]


def test_a_heading_that_a_stronger_concept_catches_first_is_no_proof() -> None:
    probe = '\n[[probe]]\nconcept = "headings.background"\nyes = ["Why safety matters"]\n'
    fault = "'Why safety matters' is caught by headings.safety before headings.background"
    assert said(MINE + probe) == [f"x.toml:9:9: {fault}"]


def test_words_are_small_and_stand_once() -> None:
    words = '[words]\nimperatives = """\nknead Fold\nknead\n"""\n'
    assert said(words) == [
        "x.toml:3:1: 'knead' stands in imperatives twice",
        "x.toml:3:7: 'Fold' finds nothing: write it in small letters",
    ]


def test_a_name_that_is_nearly_right_is_proposed() -> None:
    [fault] = checked("en", "[heading]\nfaq = []\n", "x.toml", extends=True).faults
    assert (str(fault.place), fault.hint) == ("x.toml:1:1", "did you mean 'headings'?")
    probe = '[[probe]]\nconcept = "headings.safty"\n'
    assert checked("en", probe, "x.toml", extends=True).faults[0].hint == "did you mean 'headings.safety'?"


def test_what_is_no_toml_has_a_place() -> None:
    assert said("[headings\n")[0].startswith("x.toml:1:10: this is no TOML")


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    checked("en", text, "x.toml", extends=True)


@given(st.sampled_from(["words", "headings", "phrases", "parts", "dose", "wording", "probe", "meta"]), st.integers())
def test_a_value_of_another_kind_is_a_fault(table: str, value: int) -> None:
    for text in (
        f"{table} = {value}",
        f"[{table}]\nfaq = {value}",
        f"[[{table}]]\nid = {value}",
        f"{table} = [{value}]",
    ):
        assert checked("en", text, "x.toml", extends=True).faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (MINE + "toc = ['a{1,99999999999}']\n", "x.toml:6:9: this pattern cannot be read: the repetition number"),
        (MINE + f"toc = ['{'(' * 3000}a{')' * 3000}']\n", "x.toml:6:9: a pattern may have"),
        (MINE + f"toc = ['{'(?:' * 90}a{')' * 90}']\n", ""),
        (MINE + f"toc = {'[' * 20_000}\n", "x.toml:6:1: lists stand in lists"),
        (MINE + f"toc = {'9' * 5000}\n", "x.toml:1:1: this is no TOML"),
        ("[words]\nfunction = '" + "abcdefg " * 2_250_000 + "'\n", "x.toml:1:1: a file of words may have 500 kB"),
    ],
    ids=["turns", "groups", "fewer-groups", "lists", "digits", "size"],
)
def test_a_hostile_file_has_a_fault_with_its_place(text: str, fault: str) -> None:
    found = said(text)
    assert found[:1] == [] if not fault else found[0].startswith(fault)


def test_of_very_many_faults_the_first_are_listed() -> None:
    before = time.process_time()
    words = " ".join(f"Word{number}" for number in range(45_000))
    assert len(said(f"[words]\nfunction = '{words}'\n")) == 200
    assert time.process_time() - before < 5


def test_what_a_file_may_hold_can_be_understood_with() -> None:
    """What the check lets pass is compiled far down in other calls, and never by surprise."""
    text = MINE + f"toc = ['{'(?:' * 90}a{')' * 90}']\n"
    assert said(text) == []
    assert lexicon(Lexicons({"en": text}).key("en")).find("headings.toc", "a") == "a"
