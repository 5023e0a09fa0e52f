"""What the bytes of one more mail cost, for many readers in turn, beside two ways that everybody has.

Peers, in the same rounds: jinja rendering HTML and text from templates compiled before, which gives no MIME yet; and
the standard library's EmailMessage writing both parts as quoted-printable. What all three say is compared first.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from backmail import rendering
from backmail.model.message import Message, Slot
from benchmarks.address import DATE, plain, template
from benchmarks.measure import interleaved, table
from benchmarks.mime import read, standard
from benchmarks.studio import Studio

READERS = 40
WIRE, EMAIL, JINJA = "backmail wire bytes", "EmailMessage writes quoted-printable", "jinja renders HTML and text"


def messages(studio: Studio) -> list[Message]:
    """Return the same mail for many readers, composed once."""
    step = studio.steps[len(studio.steps) // 2]
    first = studio.reader(step)
    variants = rendering.Variants(studio.setting)
    made = []
    for number in range(READERS):
        person = replace(first.subscriber, email=f"reader{number}@example.org", first_name=f"Reader {number}")
        reader = rendering.reader_for(studio.setting.campaign, step, person, studio.links, studio.ids(f"r{number}"))
        identity = studio.ids(f"r{number}")[step.id]
        made.append(rendering.address(variants.of(step, reader), reader, identity, studio.links))
    return made


def main() -> None:
    """Measure and print."""
    mails = messages(Studio())
    composed = mails[0].composed
    assert all(mail.composed is composed for mail in mails)
    numbers = {slot: number for number, slot in enumerate(mails[0].values)}
    values = [{f"v{n}": plain(slot, mail.values[slot]) for slot, n in numbers.items()} for mail in mails]
    html, text = template(composed.html, numbers, escaping=True), template(composed.text, numbers, escaping=False)
    for mail, given in zip(mails, values, strict=True):
        rendered = [html.render(given), text.render(given)]
        assert rendered == [mail.part("html"), mail.part("text")]
        assert read(rendering.wire(mail, DATE)) == read(standard(mail)) == [part.rstrip("\n") for part in rendered]
    room = sys.modules["backmail.rendering.wire"]  # `rendering.wire` is the function

    def bytes_of_all() -> list[bytes]:
        room._header.cache_clear()  # every reader is a new one
        return [rendering.wire(mail, DATE) for mail in mails]

    ways = {
        EMAIL: lambda: [standard(mail) for mail in mails],
        JINJA: lambda: [(html.render(given), text.render(given)) for given in values],
        WIRE: bytes_of_all,
    }
    seconds = {name: each / READERS for name, each in interleaved(ways).items()}
    wire, email, jinja = (seconds[name] for name in (WIRE, EMAIL, JINJA))
    slots = sum(isinstance(piece, Slot) for piece in composed.html + composed.text)
    notes = [
        f"{len(bytes_of_all()[0]) / 1000:.0f} kB each, {slots} places for values, {READERS} readers",
        f"EmailMessage / wire bytes = {email / wire:.0f} x (wanted: 100 x or more)",
        f"wire bytes / jinja = {wire / jinja:.2f} x (wanted: 1.5 x or less)",
    ]
    table("The bytes of one more mail", seconds, WIRE, "us", 1e6, notes)


if __name__ == "__main__":
    main()
