"""An import adds people and changes nobody; an export reads back the same."""

import csv
import io

import pytest
import sqlalchemy as sa

from backmail.audience import consents, subscribers, suppressions
from backmail.audience.consents import Consent
from backmail.audience.files import Import, carry_out, export, read, sheet_of, weigh
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState, SuppressionReason
from backmail.store.engine import durable, reading
from tests.audience.people import HOUR, NOW, PEPPER, added, hash_of, person


def imported(store: sa.Engine, text: str, *, basis: str = "a paper list") -> Import:
    """Import a file."""
    with durable(store) as tx:
        weighed = weigh(tx, read(sheet_of(text.encode(), "people.csv")), PEPPER)
        done = carry_out(tx, weighed, PEPPER, basis=basis, now=NOW)
    assert done == weighed
    return done


def everybody(store: sa.Engine) -> list[tuple[Subscriber, SubscriberState]]:
    """Return all people in the order in which they were added."""
    with reading(store) as tx:
        return [(one.subscriber, one.state) for one in subscribers.find(tx, "", 10_000)]


def exported(store: sa.Engine) -> str:
    """Return everybody as CSV."""
    out = io.StringIO()
    with reading(store) as tx:
        count = export(tx, out)
    assert count == len(everybody(store))
    return out.getvalue()


def test_an_import_adds_those_who_are_not_here_with_their_consent(store: sa.Engine) -> None:
    done = imported(store, "email,tags,size\na@example.org,vip,41\nb@example.org,,\n")
    assert [one.line for one in done.new] == [2, 3]
    active = SubscriberState.ACTIVE
    assert everybody(store) == [
        (Subscriber("a@example.org", tags=("vip",), attributes={"size": "41"}), active),
        (Subscriber("b@example.org"), active),
    ]
    with reading(store) as tx:
        bo = subscribers.by_email(tx, PEPPER, "b@example.org")
        assert consents.of(tx, bo.id) == [Consent(consents.Act.IMPORTED, NOW, "a paper list", "", "", "people.csv:3")]


def test_who_had_not_confirmed_when_she_was_exported_has_not_when_she_is_imported(store: sa.Engine) -> None:
    imported(store, "email,backmail_state\na@example.org,pending\nb@example.org,active\nc@example.org,\n")
    assert [state.value for _, state in everybody(store)] == ["pending", "active", "active"]


def test_an_import_revives_nobody_and_changes_nobody(store: sa.Engine) -> None:
    with durable(store) as tx:
        added(tx, person("anna", "old"), person("bo"))
        added(tx, "cy", state=SubscriberState.PENDING)
        suppressions.suppress(tx, hash_of("bo"), SuppressionReason.UNSUBSCRIBED, now=NOW)
        suppressions.suppress(tx, hash_of("dee"), SuppressionReason.ERASED, now=NOW)
        suppressions.suppress(tx, hash_of("fay"), SuppressionReason.UNSUBSCRIBED, now=NOW, scope="c-1")
    before = everybody(store)
    done = imported(
        store,
        "email,first_name,tags,backmail_suppressed\n"
        "ANNA@example.org,Eve,vip,\nbo@example.org,,,\ncy@example.org,,,\ndee@example.org,,,\n"
        "eve@example.org,,,complained\nfay@example.org,,,\nFay@example.org,,,\n",
    )
    assert (done.known, done.suppressed, done.repeated) == ((2, 4), (3, 5, 6), ((8, 7),))
    assert everybody(store) == [*before, (Subscriber("fay@example.org"), SubscriberState.ACTIVE)]
    with reading(store) as tx:
        assert len(suppressions.standing(tx, hash_of("bo"))) == 1
        assert consents.of(tx, subscribers.by_email(tx, PEPPER, "cy@example.org").id) == []


def test_somebody_added_meanwhile_is_left_out(store: sa.Engine) -> None:
    with reading(store) as tx:
        weighed = weigh(tx, read(sheet_of(b"email\nanna@example.org\nbo@example.org\n", "people.csv")), PEPPER)
    with durable(store) as tx:
        added(tx, "anna")
        done = carry_out(tx, weighed, PEPPER, basis="a paper list", now=NOW + HOUR)
    assert [one.subscriber.email for one in done.new] == ["bo@example.org"]
    assert [who.email for who, _ in everybody(store)] == ["anna@example.org", "bo@example.org"]


def test_an_import_needs_a_ground(store: sa.Engine) -> None:
    with pytest.raises(ValueError, match="on a ground"):
        imported(store, "email\na@example.org\n", basis=" ")
    assert everybody(store) == []


def test_an_export_reads_back_the_same(store: sa.Engine, sqlite_upgraded: object) -> None:
    odd = Subscriber(
        "=cmd|x@example.org", "=Anna", "'+Berg", "da", "Europe/Oslo", ("-a", "b c"), {"tel": "+45 1", "q": 'a "b", c;d'}
    )
    with durable(store) as tx:
        added(tx, odd, "anna")
        added(tx, Subscriber("x@bücher.example.org"), state=SubscriberState.PENDING)
        added(tx, "bo")
        suppressions.suppress(tx, hash_of("bo"), SuppressionReason.UNSUBSCRIBED, now=NOW)
        suppressions.suppress(tx, hash_of("bo"), SuppressionReason.BOUNCED, now=NOW)
        suppressions.suppress(tx, hash_of("anna"), SuppressionReason.UNSUBSCRIBED, now=NOW, scope="c-1")
    text = exported(store)
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == [
        "email", "first_name", "last_name", "language", "timezone", "tags", "q", "tel",
        "backmail_state", "backmail_suppressed",
    ]  # fmt: skip
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")] == []
    assert [row[-1] for row in rows[1:]] == ["", "", "", "unsubscribed;bounced"]
    assert [row[-2] for row in rows[1:]] == ["active", "active", "pending", "active"]
    found = read(sheet_of(text.encode(), "export.csv"))
    people = everybody(store)
    assert [one.subscriber for one in found.entries] == [who for who, _ in people]
    with reading(store) as tx:
        again = weigh(tx, found, PEPPER)
        assert (again.new, again.known, again.suppressed) == ((), (2, 3, 4), (5,))
        elsewhere = weigh(tx, found, b"another installation's pepper")
    assert [(one.line, one.pending) for one in elsewhere.new] == [(2, False), (3, False), (4, True)]
    assert elsewhere.suppressed == (5,)


def test_many_are_imported_and_exported(store: sa.Engine) -> None:
    lines = [f"p{number}@example.org,{number}" for number in range(5100)]
    done = imported(store, "email,n\n" + "\n".join(lines))
    assert len(done.new) == 5100
    assert [line.split(",")[0] for line in exported(store).splitlines()[1:]] == [one.split(",")[0] for one in lines]
