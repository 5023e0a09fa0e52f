"""The page to confirm: only a press is a yes, and a no that came later wins."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.audience import suppressions as noes
from backmail.model.states import SuppressionReason
from backmail.sending import decisions
from backmail.sending.decisions import ask_to_confirm
from backmail.store.tables import campaigns, consents, enrollments, subscribers, suppressions
from tests.web.counter import DAY, Counter, counter


def asked(at: Counter, person: int) -> int:
    """Have her asked to confirm, and return the delivery that asks."""
    with at.backmail.durable() as tx:
        assert ask_to_confirm(tx, at.backmail.shelf, person, now=at.clock.at, zone=at.backmail.zone)
        return int(tx.exec_driver_sql("SELECT max(id) FROM deliveries").scalar_one())


def suppress(at: Counter, reason: SuppressionReason) -> None:
    """Note something against everybody."""
    with at.backmail.durable() as tx:
        for address in tx.scalars(subscribers.select().with_only_columns(subscribers.c.address)).all():
            noes.suppress(tx, address, reason, now=at.clock.at)


def states(at: Counter) -> list[str]:
    """Return the state of every subscriber."""
    return [row[3] for row in at.rows(subscribers)]


def standing(at: Counter) -> list[str]:
    """Return the reasons that stand."""
    return [row[3] for row in at.rows(suppressions) if row[6] is None]


def test_a_press_confirms_once_and_says_so_again(at_both: Counter) -> None:
    at = at_both
    path = at.path("confirm", asked(at, at.person(state="pending")))
    page = at.client.get(path)
    assert "Yes, send me mail from Anna at Acme" in page.text
    assert states(at) == ["pending"]
    for _ in range(2):
        page = at.client.post(path)
        assert page.status_code == 200
        assert "that is confirmed" in page.text
    assert states(at) == ["active"]
    assert "that is confirmed" in at.client.get(path).text
    [consent] = at.rows(consents)
    assert consent[3] == "confirmed"
    assert "Yes, send me mail from Anna at Acme" in consent[4]
    assert "a***@example.org" in consent[4]
    assert len(consent[5]) == 12
    assert consent[6:] == ("en", "the page that the link in the mail leads to")


def test_many_presses_at_once_are_one_yes(at_both: Counter) -> None:
    at = at_both
    path = at.path("confirm", asked(at, at.person(state="pending")))
    pages = at.client.together(8, "POST", path)
    assert {page.status_code for page in pages} == {200}
    assert all("that is confirmed" in page.text for page in pages)
    assert len(at.rows(consents)) == 1


def test_a_no_that_comes_first_wins_by_its_lock(shared_postgres: str, tmp_path: Path) -> None:
    with counter(tmp_path, shared_postgres) as at, ThreadPoolExecutor(1) as threads:
        person = at.person(state="pending")
        path = at.path("confirm", asked(at, person))
        with at.backmail.durable() as tx:
            decisions.unsubscribe(tx, person, now=at.clock.at)
            page = threads.submit(at.client.post, path)
            with at.backmail.reading() as other:  # until she waits for the row
                for _ in range(100_000):
                    if page.done() or other.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                        break
        assert "nothing to confirm" in page.result().text
        assert standing(at) == ["unsubscribed"]


def test_a_yes_begins_what_waited_for_it(at: Counter) -> None:
    path = at.path("confirm", asked(at, at.person(state="pending")))
    page = at.client.post(path)
    with at.backmail.reading() as tx:
        waiting = {row.id for row in tx.execute(campaigns.select()) if not row.system}
    began = {row[2] for row in at.rows(enrollments)} & waiting
    assert began == waiting
    assert "You get “" in page.text


def test_a_fresh_yes_lifts_an_older_no(at: Counter) -> None:
    person = at.person()
    suppress(at, SuppressionReason.UNSUBSCRIBED)
    at.clock.at += DAY
    path = at.path("confirm", asked(at, person))
    assert "Yes, send me" in at.client.get(path).text
    assert "that is confirmed" in at.client.post(path).text
    assert standing(at) == []


def test_an_old_link_lifts_no_newer_no(at: Counter) -> None:
    path = at.path("confirm", asked(at, at.person(state="pending")))
    at.client.post(path)
    at.clock.at += DAY
    suppress(at, SuppressionReason.UNSUBSCRIBED)
    for answer in (at.client.get(path), at.client.post(path)):
        assert answer.status_code == 200
        assert "nothing to confirm" in answer.text
    assert standing(at) == ["unsubscribed"]


@pytest.mark.parametrize("reason", ["bounced", "complained", "operator"])
def test_no_press_lifts_what_only_the_operator_may(reason: str, at: Counter) -> None:
    person = at.person(state="pending")
    path = at.path("confirm", asked(at, person))
    at.clock.at -= DAY
    suppress(at, SuppressionReason(reason))
    assert "nothing to confirm" in at.client.post(path).text
    assert standing(at) == [reason]
    assert states(at) == ["pending"]


def test_somebody_who_is_gone_gets_a_plain_page(at: Counter) -> None:
    path = at.path("confirm", asked(at, at.person(state="pending")))
    with at.backmail.durable() as tx:
        tx.execute(subscribers.delete())
    for answer in (at.client.get(path), at.client.post(path)):
        assert answer.status_code == 200
        assert "nothing to confirm" in answer.text
        assert "sign up anew" in answer.text
    assert at.rows(consents) == []


def test_what_was_agreed_to_is_kept_in_her_language(at: Counter) -> None:
    path = at.path("confirm", asked(at, at.person(state="pending", language="da-DK")))
    page = at.client.get(path, headers={"Accept-Language": "en"})
    assert '<html lang="da">' in page.text
    assert "Ja, send mig mails fra Anna at Acme" in page.text
    at.client.post(path)
    [consent] = at.rows(consents)
    assert "Ja, send mig mails fra Anna at Acme" in consent[4]
    assert consent[6] == "da"
