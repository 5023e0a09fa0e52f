"""The standard library as a writer and reader of MIME, for the benchmarks to compare with."""

import email
import email.message
import email.policy

from backmail.model.message import Message


def read(raw: bytes) -> list[str]:
    """Return the HTML and the text of a message, without line ends at the end, where the standard library adds one."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    bodies = [message.get_body((kind,)) for kind in ("html", "plain")]
    return [str(body.get_content()).replace("\r\n", "\n").rstrip("\n") for body in bodies if body is not None]


def standard(message: Message) -> bytes:
    """Return the message as the standard library writes it."""
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    for name, value in message.headers.items():
        made[name] = value
    made.set_content(message.part("text"), cte="quoted-printable")
    made.add_alternative(message.part("html"), subtype="html", cte="quoted-printable")
    return made.as_bytes(policy=email.policy.SMTP.clone(max_line_length=998))
