"""A composed variant, packed and unpacked: the same pieces, the same bytes in the mail."""

import zlib
from typing import Any

import pytest

from backmail.model.message import Context, Field, Slot
from backmail.model.people import Subscriber
from backmail.rendering import address, kept, wire
from backmail.rendering.decisions import Decision
from tests.model.test_message import COMPOSED
from tests.rendering.conftest import DATE

ANNA = Subscriber("anna@example.org", "Ännä", tags=("vip",), attributes={"age": "61"})
NOBODY = Subscriber("nobody@example.org")
BODY = """\
{% if 'vip' in subscriber.tags %}{% for tag in subscriber.tags | sort %}{{ tag | truncate(3, True) }}{% endfor %}
{% endif %}
{% if subscriber.attributes.age | int >= 60 or subscriber.language in ['da', none] %}æ {% endif %}
{{ subscriber.first_name | default(subscriber.last_name) }} {{ progress.total - progress.number }}
[a](https://example.org/?q={{ subscriber.first_name }})
"""


def test_every_variant_comes_back_as_it_was(minimal_mail: Any) -> None:
    workshop = minimal_mail(BODY)
    found = workshop.variants.explored(workshop.campaign.steps[0], 40)
    assert len(found) > 8
    for path, composed in found:
        assert kept.read(kept.written(path, composed)) == (path, composed)


@pytest.mark.parametrize("subscriber", [ANNA, NOBODY])
def test_a_mail_is_the_same_to_the_byte(minimal_mail: Any, subscriber: Subscriber) -> None:
    workshop = minimal_mail(BODY)
    reader = workshop.reader(subscriber)
    composed = workshop.variants.of(workshop.campaign.steps[0], reader)
    _, again = kept.read(kept.written({}, composed))
    mails = [wire(address(each, reader, "d1", workshop.links), DATE) for each in (composed, again)]
    assert mails[0] == mails[1]


def test_equal_slots_are_one_object(minimal_mail: Any) -> None:
    workshop = minimal_mail("{{ subscriber.email }} and {{ subscriber.email }}")
    composed = workshop.mail().composed
    _, again = kept.read(kept.written({}, composed))
    slot = Slot(Field(("subscriber", "email")), Context.TEXT)
    assert len({id(piece) for piece in again.html if piece == slot}) == 1
    assert composed.html.count(slot) == 2


def test_what_a_path_compares_with_keeps_its_kind() -> None:
    field = Field(("subscriber", "tags", 0), (("default", ("x",)),))
    path = {
        Decision(field, "==", 1): True,
        Decision(field, ">", 1.5): False,
        Decision(field, "in", "1"): True,
        Decision(field, "<", Field(("progress", "total"))): False,
        Decision(field, "!=", None): True,
        Decision(field, "none"): False,
        Decision(Field(("subscriber", "tags"), (("default", (("a", ("b", 2)),)),))): True,
    }
    composed = kept.read(kept.written({}, COMPOSED))[1]
    again, _ = kept.read(kept.written(path, composed))
    assert again == path
    assert list(again) == list(path)
    assert [type(each.argument) for each in again] == [type(each.argument) for each in path]


def test_two_who_pack_differently_pack_the_same() -> None:
    body = kept.written({}, COMPOSED)
    assert kept.same(body, zlib.compress(zlib.decompress(body), 1))
    assert not kept.same(body, kept.written({Decision(Field(("subscriber", "email"))): True}, COMPOSED))
