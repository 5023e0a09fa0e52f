"""One connection to an SMTP relay, which carries one mail after another and knows how far each one came."""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from backmail.model.delivery import Accepted, NotSent, Receipt, Refused, Stage, Unknown
from backmail.transports.relay import Login, Relay
from backmail.transports.smtp_answer import CLOSING, GO_AHEAD, MORE, Answer, answer_of
from backmail.transports.transport import LEASE_OVER

_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one transaction carries: to one recipient, so that every answer is about that one. Its lines end in CRLF."""

    sender: str
    recipient: str
    data: bytes


class _EndedError(Exception):
    """The mail's way ends here. `usable`: whether the connection may carry another."""

    def __init__(self, receipt: Receipt, *, usable: bool = False) -> None:
        super().__init__(str(receipt))
        self.receipt = receipt
        self.usable = usable


class Line:
    """A connection, opened when it is first used. It blocks: one thread uses it at a time, and any may cut it."""

    def __init__(self, relay: Relay, context: ssl.SSLContext | None, mails: int) -> None:
        """Make a line that is not open yet; after `mails` mails it makes a new connection.

        Args:
            relay: the other end.
            context: whom TLS believes; None for the authorities that this machine believes.
            mails: how many go over one connection.
        """
        self._relay = relay
        self._context = context
        self._mails = mails
        self._client: smtplib.SMTP | None = None
        self._socket: socket.socket | None = None
        self._carried = 0
        self._cut = False
        self._busy = threading.Lock()
        self._may_write: Callable[[], bool] = lambda: True

    @property
    def usable(self) -> bool:
        """Whether it may carry another mail without a new connection."""
        return self._client is not None and not self._cut

    def cut(self) -> None:
        """End it now, from whatever thread: who waits for an answer gets none, and nothing more is written."""
        self._cut = True
        connected = self._socket
        if connected is not None:
            with suppress(OSError):
                # The plain socket's own: SSLSocket's forgets TLS, and the reader would take ciphertext for an answer.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def try_out(self) -> NotSent | Refused | None:
        """Connect and log in as for a mail, say good-bye, and return what stood in the way, None when nothing did."""
        with self._busy:
            try:
                self._ready()
            except _EndedError as ended:
                # The other receipts are of a mail, and none was begun.
                return ended.receipt if isinstance(ended.receipt, NotSent | Refused) else None
            except (OSError, UnicodeError) as error:
                return NotSent(f"{self._relay}: no connection: {_why(error)}")
            finally:
                self._leave()
        return None

    def close(self) -> None:
        """Say good-bye, and close."""
        with self._busy:
            self._leave()

    def carry(self, parcel: Parcel, may_write: Callable[[], bool]) -> Receipt:
        """Carry one mail, on a new connection where there is none.

        Args:
            parcel: the mail.
            may_write: asked before each write.
        """
        with self._busy:
            self._may_write = may_write
            try:
                return self._carry(parcel)
            except _EndedError as ended:
                if not ended.usable:
                    self._drop()
                return ended.receipt
            except BaseException:
                self._drop()
                raise

    def _carry(self, parcel: Parcel) -> Receipt:
        try:
            client = self._ready()
        except (OSError, UnicodeError) as error:  # UnicodeError: a host that can be no name
            raise self._over(f"no connection: {_why(error)}") from error
        try:
            self._hand_over(client, parcel)
        except OSError as error:
            raise self._over(f"the line was lost before the mail was complete: {_why(error)}") from error
        try:
            answer = self._heard(client, self._relay.time_outs.final)
        except OSError as error:
            raise _EndedError(Unknown(f"{self._relay}: the line was lost before the answer: {_why(error)}")) from error
        if answer.taken:
            return Accepted(answer.words)
        self._judge(answer, Stage.MESSAGE)
        raise _EndedError(Unknown(f"{self._relay} answered the mail with {answer}"))

    def _hand_over(self, client: smtplib.SMTP, parcel: Parcel) -> None:
        """Do the whole transaction but for hearing the last answer."""
        size = f" SIZE={len(parcel.data)}" if client.has_extn("size") else ""
        self._ask(client, f"MAIL FROM:<{parcel.sender}>{size}", Stage.SENDER)
        self._ask(client, f"RCPT TO:<{parcel.recipient}>", Stage.RECIPIENT)
        self._ask(client, "DATA", Stage.MESSAGE, wanted=GO_AHEAD)
        self._write(client, _DOT.sub(b"..", parcel.data))
        # The dot goes on its own, so that whatever happens before it is certain.
        if self._hung_up():
            raise self._over("the line was lost before the mail was complete")
        self._write(client, b".\r\n")

    def _ready(self) -> smtplib.SMTP:
        """Return the open connection with nothing left of the mail before, or a new one."""
        if self._client is not None and self._carried < self._mails:
            with suppress(OSError):  # it was closed over there in the meantime, or says so now
                if self._say(self._client, "RSET").taken:
                    self._carried += 1
                    return self._client
        self._leave()
        self._carried = 1
        return self._connect()

    def _connect(self) -> smtplib.SMTP:
        relay = self._relay
        self._allowed()
        self._socket = socket.create_connection((relay.host, relay.port), timeout=relay.time_outs.connect)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = self._client = smtplib.SMTP(local_hostname=relay.hello or _literal(self._socket))
        client.sock = self._socket
        if relay.security == "tls":
            self._encrypt(client, self._socket)
        self._want(self._heard(client, relay.time_outs.answer), "the connection")
        self._greet(client)
        if relay.security == "starttls":
            if not client.has_extn("starttls"):
                raise self._over("it offers no STARTTLS, and nothing goes there without TLS")
            self._want(self._say(client, "STARTTLS"), "STARTTLS")
            self._encrypt(client, self._socket)
            self._greet(client)  # RFC 3207, 4.2: what was offered without TLS may have been offered by anybody
        if relay.login:
            self._log_in(client, relay.login)
        return client

    def _encrypt(self, client: smtplib.SMTP, plain: socket.socket) -> None:
        self._allowed()
        if client.file is not None:
            client.file.close()
        client.file = None  # with it goes all that was said too early, by somebody who is not the relay
        plain.settimeout(self._relay.time_outs.connect)
        context = self._context or ssl.create_default_context()
        client.sock = self._socket = context.wrap_socket(
            plain, server_hostname=self._relay.host, do_handshake_on_connect=False
        )
        client.sock.do_handshake()

    def _greet(self, client: smtplib.SMTP) -> None:
        self._allowed()
        self._patience(client, self._relay.time_outs.answer)
        self._want(answer_of(*client.ehlo()), "EHLO")

    def _log_in(self, client: smtplib.SMTP, login: Login) -> None:
        """Say who we are. smtplib's own way refuses a password that is not ASCII, and tries the weaker one first.

        Raises:
            _EndedError: the relay does not know us, or knows no way that we know.
        """
        offered = client.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            answer = self._say(client, f"AUTH PLAIN {_base64(chr(0).join(['', login.user, login.password]))}")
        elif "LOGIN" in offered:
            answer = self._say(client, "AUTH LOGIN")
            for word in (login.user, login.password):
                if answer.code == MORE:
                    answer = self._say(client, _base64(word))
        else:
            raise self._over(f"it offers no way to log in that we know: {' '.join(offered) or 'none at all'}")
        if answer.permanent:
            raise _EndedError(answer.refused(Stage.LOGIN))
        self._want(answer, "AUTH")

    def _ask(self, client: smtplib.SMTP, command: str, stage: Stage, wanted: int = 0) -> None:
        """Say a command of a transaction and go on when it is taken, or when it is answered with the code `wanted`."""
        answer = self._say(client, command)
        if answer.code == wanted or (answer.taken and not wanted):
            return
        self._judge(answer, stage)
        raise self._over(f"it answered {command.partition(':')[0]} with {answer}")

    def _judge(self, answer: Answer, stage: Stage) -> None:
        """End the mail's way where the answer is a no."""
        if answer.code == CLOSING:
            raise self._over(f"it closes: {answer}")
        if answer.permanent or answer.passing:
            raise _EndedError(answer.refused(stage), usable=True)

    def _want(self, answer: Answer, what: str) -> None:
        """End the mail's way where a step that is not about any mail was not taken."""
        if not answer.taken:
            raise self._over(f"it answered {what} with {answer}")

    def _say(self, client: smtplib.SMTP, command: str) -> Answer:
        self._write(client, f"{command}\r\n".encode("ascii"))
        return self._heard(client, self._relay.time_outs.answer)

    def _write(self, client: smtplib.SMTP, data: bytes) -> None:
        self._allowed()
        self._patience(client, self._relay.time_outs.data)
        client.send(data)

    def _heard(self, client: smtplib.SMTP, patience: float) -> Answer:
        self._patience(client, patience)
        return answer_of(*client.getreply())

    def _patience(self, client: smtplib.SMTP, seconds: float) -> None:
        if client.sock is not None:
            client.sock.settimeout(seconds)

    def _hung_up(self) -> bool:
        """Say whether the other end has closed, as far as this machine has heard."""
        if self._socket is None:
            return True
        try:
            self._socket.settimeout(0)
            # The plain socket's own, as for `cut`: only whether there is anything at all.
            return not socket.socket.recv(self._socket, 1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _allowed(self) -> None:
        """Let a write go on, if we may still write at all."""
        if self._cut:
            raise self._over("it took too long, or was stopped")
        if not self._may_write():
            raise _EndedError(NotSent(LEASE_OVER))

    def _over(self, reason: str) -> _EndedError:
        return _EndedError(NotSent(f"{self._relay}: {reason}"))

    def _leave(self) -> None:
        """Close politely. The answer to QUIT is not waited for: all mails have their answers by then."""
        if self._client is not None and not self._cut:
            with suppress(OSError):
                self._patience(self._client, self._relay.time_outs.answer)
                self._client.putcmd("QUIT")
        self._drop()

    def _drop(self) -> None:
        """Close at once; the server forgets a mail that is not complete."""
        client, connected = self._client, self._socket
        self._client = self._socket = None
        if client is not None:
            client.close()
        if connected is not None:
            connected.close()


def _why(error: Exception) -> str:
    """Return what the system said, without its number."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return said[:1].lower() + said[1:]


def _literal(connected: socket.socket) -> str:
    """Return our own address as EHLO takes it where there is no name (RFC 5321, 4.1.3)."""
    address = connected.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
