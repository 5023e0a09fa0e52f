"""Containers are found with their lines, and a fence that cannot be used is told with file, line and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import markup
from backmail.errors import CampaignError, Fault
from tests.markup.texts import hostile, through_jinja

BODY = """Hello.

::: exercise id=b07 position="Lie on your back" hold="about 30 seconds"
## Pelvic tilts

1. Tighten.
:::

- an item
::: note id=b13 repeats=read-this
Stop at once.
:::
"""


def faults(body: str) -> tuple[Fault, ...]:
    """Return what is wrong with a body that begins on line 10 of a file."""
    with pytest.raises(CampaignError) as caught:
        markup.containers(body, "01-a.md", 10)
    return caught.value.faults


def test_containers_are_found_with_their_lines() -> None:
    exercise, note = markup.containers(BODY, "01-a.md", 10)
    assert exercise == markup.Container(
        name="exercise",
        attributes={"id": "b07", "position": "Lie on your back", "hold": "about 30 seconds"},
        body="## Pelvic tilts\n\n1. Tighten.",
        start=12,
        end=16,
        body_line=13,
    )
    assert (note.name, note.id, note.attributes["repeats"], note.body, note.start) == (
        "note",
        "b13",
        "read-this",
        "Stop at once.",
        19,
    )


def test_the_parser_gives_containers_as_pairs_of_tokens() -> None:
    tokens = markup.parser().parse(BODY)
    assert [token.info for token in tokens if token.type == "container_open"] == ["exercise", "note"]
    assert [token.info for token in tokens if token.type == "container_close"] == ["exercise", "note"]
    opened = next(token for token in tokens if token.type == "container_open")
    assert opened.meta["attributes"]["hold"] == "about 30 seconds"
    assert opened.map == [2, 7]
    assert "&lt;b&gt;" in markup.parser().render("<b>")
    assert markup.parser().render('"quoted" -- so...') == "<p>&quot;quoted&quot; -- so...</p>\n"


@pytest.mark.parametrize(
    ("body", "line", "column", "message", "hint"),
    [
        ("::: exercize id=b1\nx\n:::", 10, 5, "there is no container 'exercize'", "did you mean 'exercise'?"),
        ("\n::: faq\nx\n:::", 11, 1, "faq needs id", "write ::: faq id=..."),
        ("::: product id=b1\nx\n:::", 10, 1, "product needs sku", "write ::: product sku=..."),
        ("::: faq id=b1 hold=x\nx\n:::", 10, 15, "'hold' is not an attribute of faq", "faq knows id, lang"),
        ("::: faq idd=b1\nx\n:::", 10, 9, "'idd' is not an attribute of faq", "did you mean 'id'?"),
        ("::: faq id=b1 id=b2\nx\n:::", 10, 15, "'id' is given twice", ""),
        ('::: faq id="b1\nx\n:::', 10, 9, "cannot read 'id=\"b1'", 'write key=value or key="several words"'),
        ("x\n\n:::", 12, 1, "this closes a container, but none is open", "take the line away"),
        ("- x\n\n  ::: faq id=b1\n", 12, 3, "a fence stands at the start of a line", "move it to the left edge"),
        ("::: faq id=b1\nx", 10, 1, "the container 'faq' is not closed", "put ::: on a line of its own"),
        ("::: ???\nx", 10, 5, "there is no container '???'", "the containers are exercise, how-to,"),
        ("::: =b1\nx", 10, 5, "'=b1' is not the name of a container", ""),
    ],
)
def test_a_fence_that_cannot_be_used(body: str, line: int, column: int, message: str, hint: str) -> None:
    fault = faults(body)[0]
    assert fault.place
    assert (fault.place.file, fault.place.line, fault.place.column) == ("01-a.md", line, column)
    assert fault.message.startswith(message)
    assert fault.hint.startswith(hint)
    assert fault.source == body.split("\n")[line - 10]


def test_a_container_in_another_is_told_with_both_lines() -> None:
    first, second = faults("::: faq id=b1\nx\n::: note id=b2 repeats=a\ny\n:::\n:::")
    assert first.message == "a container cannot stand inside another: 'faq' of line 10 is still open"
    assert str(first.place) == "01-a.md:12:1"
    assert str(second.place) == "01-a.md:15:1"


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("::: exercize id=b1\nx\n\n::: faq\ny\n")) == 2


def test_a_fence_in_code_or_behind_a_backslash_is_text() -> None:
    body = "```\n::: faq id=b1\n```\n\n    ::: faq id=b1\n\n\\::: faq id=b1\n"
    assert markup.containers(body, "f", 1) == ()


@given(st.dictionaries(st.sampled_from(["position", "hold", "repeats", "sides", "equipment"]), hostile))
def test_attributes_are_given_back_as_they_were(values: dict[str, str]) -> None:
    folded = {key: markup.fold(value) for key, value in values.items() if markup.fold(value)}
    fence = "::: exercise id=b1" + "".join(markup.attribute(key, value) for key, value in folded.items())
    (container,) = markup.containers(through_jinja(f"{fence}\nx\n:::"), "f", 1)
    assert container.attributes == {"id": "b1", **folded}


@given(hostile)
def test_any_body_is_read_or_refused_with_places(body: str) -> None:
    told: tuple[Fault, ...] = ()
    try:
        markup.containers(body, "f", 1)
    except CampaignError as error:
        told = error.faults
    assert all(fault.place and fault.place.line and fault.place.column for fault in told)
