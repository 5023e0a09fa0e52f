"""Messages to send, made without rendering anything, and what becomes of them."""

from collections.abc import Sequence

from backmail.errors import AddressError
from backmail.model.delivery import Receipt
from backmail.model.message import Composed, Message
from backmail.model.people import Mailbox
from backmail.transports import Transport

COMPOSED = Composed(
    "c-1", "first", "", "en", Mailbox("anna@news.example.org"), "", ("Hello",), (), ("<p>Hi</p>",), ("Hi",), {}, (), ()
)
BODY = b"Hi there,\r\n\r\n.a line that begins with a dot\r\n.\r\n..\r\n" + b"x" * 998 + b"\r\nthe end\r\n"


def mail(
    name: str = "you", domain: str = "example.org", sender: str = "b@news.example.org", subject: str = ""
) -> Message:
    """Return a message to name@domain whose delivery id is `d-name`."""
    mailbox = Mailbox(f"{name}@{domain}", "")
    headers = {"To": mailbox.email, "Subject": subject or f"For {name}"}
    return Message(f"d-{name}", mailbox, sender, headers, COMPOSED, {})


def mails(count: int) -> list[Message]:
    """Return messages to so many people."""
    return [mail(f"p{number}") for number in range(count)]


def wire(message: Message) -> bytes:
    """Return a message as bytes; one whose subject is "unfit" has none."""
    if message.headers["Subject"] == "unfit":
        raise AddressError("the header Subject cannot be written")
    head = "".join(f"{name}: {value}\r\n" for name, value in message.headers.items())
    return head.encode("ascii") + b"\r\n" + BODY


async def sent(transport: Transport, group: Sequence[Message]) -> dict[str, Receipt]:
    """Send a group and return the receipts by delivery id, of which each must have exactly one."""
    receipts = [each async for each in transport.send(group)]
    assert sorted(id for id, _ in receipts) == sorted(message.delivery_id for message in group)
    return dict(receipts)


async def one(transport: Transport, message: Message) -> Receipt:
    """Send one message and return its receipt."""
    return (await sent(transport, [message]))[message.delivery_id]
