"""Consents are only ever added; suppressions outlive the person and are lifted for a reason; tags."""

import pytest
import sqlalchemy as sa

from backmail.audience import consents, suppressions
from backmail.audience.consents import Act, Consent
from backmail.audience.suppressions import Suppression
from backmail.audience.tags import tag, tags_of, untag
from backmail.model.states import SuppressionReason
from backmail.store.engine import durable, reading
from tests.audience.people import HOUR, NOW, added, hash_of

UNSUBSCRIBED, BOUNCED, COMPLAINED = (
    SuppressionReason.UNSUBSCRIBED, SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED,
)  # fmt: skip


def test_consent_is_a_record_of_acts_in_their_order(store: sa.Engine) -> None:
    with durable(store) as tx:
        anna, bo = added(tx, "anna", "bo")
        for act in Act:
            consents.record(tx, anna, act, shown="May we?", version="v2", language="en", source="form", now=NOW)
        consents.record_imported(tx, [(bo, "people.csv:2"), (anna, "people.csv:3")], basis="a paper list", now=NOW)
    with reading(store) as tx:
        assert consents.of(tx, anna) == [
            *(Consent(act, NOW, "May we?", "v2", "en", "form") for act in Act),
            Consent(Act.IMPORTED, NOW, "a paper list", "", "", "people.csv:3"),
        ]
        assert consents.of(tx, bo) == [Consent(Act.IMPORTED, NOW, "a paper list", "", "", "people.csv:2")]


def test_consent_takes_no_other_word(store: sa.Engine) -> None:
    with durable(store) as tx:
        [anna] = added(tx, "anna")
        with pytest.raises(ValueError, match="maybe"):
            consents.record(tx, anna, "maybe", shown="", version="", language="", source="", now=NOW)


def test_a_suppression_stands_once_for_each_reason_and_scope(store: sa.Engine) -> None:
    address = hash_of("anna")
    with durable(store) as tx:
        assert suppressions.suppress(tx, address, UNSUBSCRIBED, now=NOW)
        assert not suppressions.suppress(tx, address, UNSUBSCRIBED, now=NOW + HOUR)
        assert suppressions.suppress(tx, address, UNSUBSCRIBED, now=NOW, scope="c-1")
        assert suppressions.suppress(tx, address, BOUNCED, now=NOW)
        assert suppressions.suppress(tx, hash_of("bo"), COMPLAINED, now=NOW)
    with reading(store) as tx:
        stands = suppressions.standing(tx, address)
        assert stands == [
            Suppression(UNSUBSCRIBED, "", NOW), Suppression(UNSUBSCRIBED, "c-1", NOW), Suppression(BOUNCED, "", NOW),
        ]  # fmt: skip
        everybody = suppressions.standing_of(tx, [address, hash_of("bo"), hash_of("cy")])
        assert everybody == {address: stands, hash_of("bo"): [Suppression(COMPLAINED, "", NOW)]}


def test_a_suppression_is_lifted_for_its_reasons_only_and_stays_on_record(store: sa.Engine) -> None:
    address = hash_of("anna")
    with durable(store) as tx:
        for reason in (UNSUBSCRIBED, BOUNCED):
            suppressions.suppress(tx, address, reason, now=NOW)
        suppressions.suppress(tx, address, UNSUBSCRIBED, now=NOW, scope="c-1")
        suppressions.suppress(tx, hash_of("bo"), UNSUBSCRIBED, now=NOW)
        assert suppressions.lift(tx, address, [UNSUBSCRIBED], because="undone", now=NOW + HOUR, scope="") == 1
        assert suppressions.lift(tx, address, [UNSUBSCRIBED], because="asked anew", now=NOW + HOUR) == 1
        assert suppressions.lift(tx, address, [UNSUBSCRIBED], because="again", now=NOW + 2 * HOUR) == 0
        with pytest.raises(ValueError, match="for a reason"):
            suppressions.lift(tx, address, [BOUNCED], because=" ", now=NOW)
        assert suppressions.standing(tx, address) == [Suppression(BOUNCED, "", NOW)]
        assert suppressions.standing_of(tx, [address]) == {address: [Suppression(BOUNCED, "", NOW)]}
        assert [one.lifted_because for one in suppressions.of(tx, address)] == ["undone", None, "asked anew"]
        assert len(suppressions.standing(tx, hash_of("bo"))) == 1
        assert suppressions.suppress(tx, address, UNSUBSCRIBED, now=NOW + 2 * HOUR)  # a new no after a yes
        assert len(suppressions.standing(tx, address)) == 2


def test_tags_are_given_once_and_taken_away(store: sa.Engine) -> None:
    with durable(store) as tx:
        anna, bo, cy = added(tx, "anna", "bo", "cy")
        assert tag(tx, [anna, bo], ["vip", "New"], now=NOW) == [(anna, "New"), (anna, "vip"), (bo, "New"), (bo, "vip")]
        assert tag(tx, [anna, cy], ["vip", "vip"], now=NOW + HOUR) == [(cy, "vip")]
        assert tags_of(tx, [anna, bo, cy, 99]) == {anna: ("New", "vip"), bo: ("New", "vip"), cy: ("vip",)}
        assert untag(tx, [anna, cy], ["vip", "none"]) == [(anna, "vip"), (cy, "vip")]
        assert untag(tx, [anna, cy], ["vip"]) == []
        assert tags_of(tx, [anna, bo, cy]) == {anna: ("New",), bo: ("New", "vip")}
        assert tag(tx, [], ["vip"], now=NOW) == []
