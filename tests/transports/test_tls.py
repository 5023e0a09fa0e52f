"""No mail and no password goes without TLS where TLS is asked for, and TLS proves whom it speaks to."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from backmail.model.delivery import Accepted, Blame, NotSent, Receipt, Refused, Stage
from backmail.transports import Login, Relay, SmtpTransport
from backmail.transports.relay import Security
from backmail.transports.verdict import smtp
from tests.transports.mails import mail, mails, one, wire
from tests.transports.sink import Action, Sink
from tests.trust import Trust, trust

__all__ = ["trust"]  # a fixture

LOGIN = Login("anna", "smørrebrød \N{LOCK}")


class Taker:
    """Takes mails for aiosmtpd, and whoever knows the password."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802  # aiosmtpd's
        self.count += 1
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = LoginPassword(LOGIN.user.encode("utf-8"), LOGIN.password.encode("utf-8"))
        return AuthResult(success=data == known, handled=False)


@asynccontextmanager
async def peer(
    trust: Trust, security: Security, login: Login, *without: str
) -> AsyncIterator[tuple[SmtpTransport, Taker]]:
    """Run aiosmtpd, which asks for TLS and a password, and a transport to it."""
    taker, loop = Taker(), asyncio.get_running_loop()

    def server() -> SMTP:
        return SMTP(
            taker,
            hostname="aiosmtpd",
            loop=loop,
            tls_context=trust.server if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=taker.authenticate,
            auth_required=True,
            auth_require_tls=security == "starttls",
            auth_exclude_mechanism=without,
        )

    tls = trust.server if security == "tls" else None
    listening = await loop.create_server(server, "127.0.0.1", 0, ssl=tls)
    relay = Relay("127.0.0.1", listening.sockets[0].getsockname()[1], security, login)
    async with listening, SmtpTransport(relay, wire, context=trust.client) as transport:
        yield transport, taker


@pytest.mark.parametrize("without", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it does not see TLS around it
def test_who_knows_the_password_sends_over_tls(trust: Trust, security: Security, without: list[str]) -> None:
    async def story() -> None:
        async with peer(trust, security, LOGIN, *without) as (transport, taker):
            for message in mails(2):
                assert isinstance(await one(transport, message), Accepted)
            assert taker.count == 2

    asyncio.run(story())


@pytest.mark.parametrize("without", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_a_wrong_password_is_the_accounts_fault_and_is_shown_nowhere(trust: Trust, without: list[str]) -> None:
    async def story() -> None:
        async with peer(trust, "starttls", Login("anna", "wrong-one"), *without) as (transport, taker):
            receipt = await one(transport, mail())
            assert isinstance(receipt, Refused)
            assert (receipt.code, receipt.enhanced, receipt.stage) == (535, "5.7.8", Stage.LOGIN)
            assert smtp(receipt) is Blame.ACCOUNT
            assert "wrong-one" not in f"{receipt}{Login('anna', 'wrong-one')}"
            assert taker.count == 0

    asyncio.run(story())


def told(
    trust: Trust, script: dict[str, Action | list[Action]], *, believed: bool = True, login: Login | None = None
) -> tuple[Receipt, Sink]:
    """Send a mail by STARTTLS to a sink; return the receipt and the sink."""

    async def story() -> tuple[Receipt, Sink]:
        context = trust.client if believed else None
        async with Sink(script, tls=trust.server) as server:
            relay = Relay("127.0.0.1", server.port, login=login)
            async with SmtpTransport(relay, wire, context=context) as transport:
                return await one(transport, mail()), server

    return asyncio.run(story())


OFFERS = "250-sink\r\n250 STARTTLS"


def test_the_sink_itself_speaks_tls(trust: Trust) -> None:
    receipt, server = told(trust, {"ehlo": OFFERS})
    assert isinstance(receipt, Accepted)
    assert server.said[:3] == ["ehlo [127.0.0.1]", "STARTTLS", "ehlo [127.0.0.1]"]


@pytest.mark.parametrize(
    "script",
    [{"ehlo": "250 sink"}, {"ehlo": OFFERS, "starttls": "454 4.7.0 not now"}, {"ehlo": OFFERS, "starttls": "501 no"}],
    ids=["not offered", "not now", "refused"],
)
def test_without_tls_nothing_goes(trust: Trust, script: dict[str, Action | list[Action]]) -> None:
    receipt, server = told(trust, script, login=LOGIN)
    assert isinstance(receipt, NotSent)
    assert server.said == ["ehlo [127.0.0.1]", *["STARTTLS"][: script["ehlo"] == OFFERS]]


def test_a_server_that_cannot_prove_its_name_gets_nothing(trust: Trust) -> None:
    receipt, server = told(trust, {"ehlo": OFFERS}, believed=False)
    assert isinstance(receipt, NotSent)
    assert "certificate verify failed" in receipt.reason
    assert server.said == ["ehlo [127.0.0.1]", "STARTTLS"]


def test_what_was_said_before_tls_counts_for_nothing(trust: Trust) -> None:
    offers = "250-sink\r\n250-AUTH PLAIN\r\n250 STARTTLS"
    said_too_early = "220 go on\r\n250-sink\r\n250 AUTH PLAIN"
    receipt, server = told(trust, {"ehlo": [offers, "250 sink"], "starttls": said_too_early}, login=LOGIN)
    assert isinstance(receipt, NotSent)
    assert "no way to log in that we know: none at all" in receipt.reason
    assert not [line for line in server.said if line.startswith("AUTH")]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("454 4.7.0 not now", NotSent), ("421 4.3.2 closing", NotSent), ("550 no", Refused), ("530 5.7.0 no", Refused)],
)
def test_a_log_in_that_fails_for_now_stops_no_route(trust: Trust, answer: str, kind: type[Receipt]) -> None:
    receipt, server = told(trust, {"ehlo": "250-sink\r\n250-AUTH PLAIN\r\n250 STARTTLS", "auth": answer}, login=LOGIN)
    assert isinstance(receipt, kind)
    assert not isinstance(receipt, Refused) or smtp(receipt) is Blame.ACCOUNT
    proof = b64encode(f"\0{LOGIN.user}\0{LOGIN.password}".encode()).decode("ascii")
    assert server.said[3] == f"AUTH PLAIN {proof}"
    assert server.mails == []


def test_a_password_without_tls_is_refused_before_anything_is_connected() -> None:
    with pytest.raises(ValueError, match="over TLS only"):
        Relay("127.0.0.1", 25, "none", LOGIN)
