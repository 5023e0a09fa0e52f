"""`backmail run` as an operator meets it: processes, signals, ports, a second engine, a database that goes away."""

import json
import re
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from backmail.app import opened, reach
from backmail.app.reach import Reached
from backmail.cli import perform
from backmail.store import tzdata
from backmail.store.tables import campaigns
from tests.cli.installation import first_mails, project, running
from tests.cli.relay import Relay

SERVED = ("run", "--port", "0")


def smtp(port: int, host: str = "127.0.0.1", **more: object) -> str:
    """Return settings for a relay."""
    chosen = {"kind": "smtp", "host": host, "port": port, "security": "none", "connections": 2, **more}
    return f"transport: {json.dumps(chosen)}\n"


def test_it_sends_what_is_due_and_a_sigterm_leaves_nothing_uncertain(tmp_path: Path) -> None:
    made = project(tmp_path, people=3)
    with running(made, *SERVED) as engine:
        engine.until("3 accepted")
        assert engine.end(signal.SIGTERM) == 0
        assert engine.told[0].startswith("rehearsal: mails become files in")
        assert "nothing is sent to anybody" in engine.told[0]
        assert any(line.startswith("sending: series") for line in engine.told)
        assert engine.told[-1] == "stopped"
        assert not any("@" in line for line in engine.told)
    assert first_mails(made) == {"accepted": 3}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3


def test_it_serves_pages_that_say_who_they_are(tmp_path: Path) -> None:
    with running(project(tmp_path), *SERVED) as engine:
        url = engine.until(r"pages: (http://127\.0\.0\.1:\d+)")[1]
        nonces = []
        for _ in range(2):
            with urllib.request.urlopen(f"{url}/healthz") as answer:  # noqa: S310  # http, as the line says
                assert "server" not in answer.headers
                nonces.append(json.load(answer)["nonce"])
        assert nonces[0] == nonces[1] != ""
        assert engine.end(signal.SIGTERM) == 0
        assert not any("healthz" in line for line in engine.told)


def test_once_sends_what_is_due_and_ends(tmp_path: Path) -> None:
    made = project(tmp_path, people=3)
    for told in ("3 accepted", "next mail: "):
        with running(made, "run", "--once") as engine:
            assert engine.end() == 0
            assert any(told in line for line in engine.told)
            assert not any("pages" in line for line in engine.told)
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3


def test_slots_follow_the_rules_of_time_zones_before_anything_is_sent(tmp_path: Path) -> None:
    made = project(tmp_path, people=2)
    with opened(made) as backmail, backmail.durable() as tx:
        tzdata.note(tx, "2019a")
    with running(made, "run", "--once") as engine:
        assert engine.end() == 0
    assert engine.told[0].startswith("rehearsal: ")
    assert engine.told[1].startswith("the rules of time zones changed from edition 2019a to ")
    assert "the slots of 2 waiting mails were reckoned anew" in engine.told[1]


def test_once_has_no_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = project(tmp_path)
    assert perform(["--project", str(made.root), "run", "--once", "--port", "8000"]) == 2
    assert "--once serves no pages" in capsys.readouterr().err


def test_a_second_engine_is_refused(tmp_path: Path) -> None:
    made = project(tmp_path)
    with running(made, *SERVED) as first:
        first.until("pages: ")
        for second in (SERVED, ("run", "--once")):
            with running(made, *second) as other:
                assert other.end() == 5
                assert f"process {first.process.pid} on " in other.told[0]
                assert re.fullmatch(r"next: \S*backmail status", other.told[-1])
        first.process.kill()
        first.process.wait()
        with running(made, "run", "--once") as next_one:
            assert next_one.end() == 0


def test_on_postgres_two_share_the_work(tmp_path: Path, shared_postgres: str) -> None:
    made = project(tmp_path, people=4, database=shared_postgres)
    with running(made, *SERVED) as first, running(made, *SERVED) as second:
        nonces = set()
        for engine in (first, second):
            url = engine.until(r"pages: (http://127\.0\.0\.1:\d+)")[1]
            with urllib.request.urlopen(f"{url}/healthz") as answer:  # noqa: S310  # http, as the line says
                nonces.add(json.load(answer)["nonce"])
        assert len(nonces) == 1
        assert first.end(signal.SIGTERM) == second.end(signal.SIGTERM) == 0
    with running(made, "run", "--once") as rest:
        assert rest.end() == 0
    assert first_mails(made) == {"accepted": 4}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 4


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    made = project(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(made, "run", "--port", str(port)) as engine:
            assert engine.end() == 3
    assert engine.told[0] == f"port {port} is taken by another program"
    assert "backmail run --port" in engine.told[1]


def test_sigterm_waits_for_the_mails_on_the_wire_and_puts_the_rest_back(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=6)
        with running(made, *SERVED) as engine:
            for _ in range(2):  # so many connections
                assert relay.came.acquire(timeout=20)
            engine.process.send_signal(signal.SIGTERM)
            engine.until("stopping: what is on its way is waited for")
            relay.answer.set()
            assert engine.end() == 0
            assert engine.told[0].startswith(f"rehearsal: mails go to 127.0.0.1:{relay.port} on this machine")
    assert first_mails(made) == {"accepted": 2, "planned": 4}
    assert len(relay.recipients) == 2


def test_ctrl_c_drains_too_and_says_that_it_was_interrupted(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=3)
        with running(made, *SERVED) as engine:
            assert relay.came.acquire(timeout=20)
            engine.process.send_signal(signal.SIGINT)
            engine.until("stopping: ")
            relay.answer.set()
            assert engine.end() == 130
    assert "uncertain" not in first_mails(made)
    assert "handed" not in first_mails(made)


def test_a_second_signal_stops_at_once_and_the_next_start_goes_on(tmp_path: Path) -> None:
    with Relay() as relay:
        # The next engine knows by the lock that this one is gone, and does not wait for its leases to end.
        made = project(tmp_path, smtp(relay.port), people=3, engine="engine: {lease: 1h, sweep: 1s}\n")
        with running(made, *SERVED) as engine:
            for _ in range(2):
                assert relay.came.acquire(timeout=20)
            engine.process.send_signal(signal.SIGTERM)
            engine.until("a second signal stops at once")
            assert engine.end(signal.SIGTERM) == -signal.SIGTERM
        relay.answer.set()
        with running(made, "run", "--once") as next_one:
            assert next_one.end() == 0
    assert first_mails(made) == {"accepted": 3}
    assert len(relay.recipients) == 3 + 2  # a copy of each that was on the wire


def test_a_database_that_is_deleted_while_it_runs_ends_it(tmp_path: Path) -> None:
    made = project(tmp_path)
    with running(made, *SERVED) as engine:
        engine.until("no campaign is published yet")
        (tmp_path / ".backmail" / "backmail.db").unlink()
        assert engine.end() == 3
    assert any("it was deleted or replaced while the engine was running" in line for line in engine.told)
    assert not any("Traceback" in line for line in engine.told)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "site.public_url is not set"),
        ("https://127.0.0.1:1", "https://127.0.0.1:1/healthz cannot be reached: connection refused"),
    ],
)
@pytest.mark.parametrize("verb", [SERVED, ("run", "--once")], ids=["serving", "once"])
def test_no_mail_goes_to_readers_whose_links_do_not_lead_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, told: str, verb: tuple[str, ...]
) -> None:
    site = f"site: {{public_url: '{url}'}}\n" if url else ""
    made = project(tmp_path, site + smtp(587, "smtp.example.org"), people=1)
    assert perform(["--project", str(made.root), *verb]) == 5
    err = capsys.readouterr().err
    assert err.startswith(told)
    assert "backmail doctor" in err
    assert first_mails(made) == {"planned": 1}


def test_mails_go_to_readers_whose_links_lead_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No mail is due, so nothing is asked of the relay."""
    asked = []

    def public(url: str, nonce: str) -> Reached:
        asked.append((url, nonce))
        return Reached(ours=True)

    monkeypatch.setattr(reach, "public", public)
    site = "site: {public_url: 'https://mail.example.org'}\n"
    made = project(tmp_path, site + smtp(587, "smtp.example.org"))
    assert perform(["--project", str(made.root), "run", "--once"]) == 0
    assert capsys.readouterr().err.startswith(
        "mails go to smtp.example.org:587, their links to https://mail.example.org"
    )
    [(url, nonce)] = asked
    assert url == "https://mail.example.org"
    assert len(nonce) == 16


def test_a_campaign_that_is_not_live_sends_nothing_in_a_rehearsal_by_relay(tmp_path: Path) -> None:
    with Relay() as relay:
        made = project(tmp_path, smtp(relay.port), people=1)
        with opened(made) as backmail, backmail.durable() as tx:
            tx.execute(campaigns.update().values(live_at=None, live_by=None))
        with running(made, "run", "--once") as engine:
            assert engine.end() == 0
    assert any(line.startswith("not sending: series (paused, or not live yet:") for line in engine.told)
    assert relay.recipients == []
