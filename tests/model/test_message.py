"""How a message fills its slots, and what a mailbox shows."""

import pytest

from backmail.model.message import Composed, Context, Field, Message, Slot
from backmail.model.people import Mailbox, Subscriber

NAME = Slot(Field(("subscriber", "first_name"), (("default", ("there",)),)), Context.TEXT)
PLAIN = Slot(NAME.field, Context.PLAIN)
COMPOSED = Composed(
    "c-1",
    "first",
    "",
    "en",
    Mailbox("anna@example.org"),
    "",
    ("Hello",),
    (),
    ("<p>", NAME, "</p>"),
    ("Hi ", PLAIN),
    {},
    (),
    (),
)
MESSAGE = Message("d1", Mailbox("you@example.org"), "b@example.org", {}, COMPOSED, {NAME: "A &amp; B", PLAIN: "A & B"})


@pytest.mark.parametrize(
    ("part", "text"), [("subject", "Hello"), ("preheader", ""), ("html", "<p>A &amp; B</p>"), ("text", "Hi A & B")]
)
def test_a_part_is_filled_with_the_values_of_its_own_context(part: str, text: str) -> None:
    assert MESSAGE.part(part) == text


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (NAME.field, "subscriber.first_name | default('there')"),
        (Field(("subscriber", "tags", 0)), "subscriber.tags.0"),
        (Field(("subscriber", "attributes", "last order")), "subscriber.attributes['last order']"),
        (Field(("progress", "total"), (("-", (NAME.field, 2)),)), f"progress.total | -({NAME.field}, 2)"),
    ],
)
def test_a_field_reads_as_it_was_written(field: Field, shown: str) -> None:
    assert str(field) == shown


@pytest.mark.parametrize(
    ("subscriber", "name"),
    [
        (Subscriber("a@example.org", "Anna", "Holm"), "Anna Holm"),
        (Subscriber("a@example.org", None, "Holm"), "Holm"),
        (Subscriber("a@example.org"), ""),
    ],
)
def test_a_mailbox_shows_what_is_known_of_the_name(subscriber: Subscriber, name: str) -> None:
    assert subscriber.mailbox == Mailbox("a@example.org", name)
