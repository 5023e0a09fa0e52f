"""What one more reader costs: a composed step addressed to her, and written as MIME bytes.

Peers: the same mail as a precompiled jinja template with autoescape (HTML and text), and the standard library's
EmailMessage writing the same two parts as quoted-printable. All three must give the same HTML and text first.
"""

from __future__ import annotations

import datetime as dt
from html import unescape

from jinja2 import Environment, Template

from backmail import rendering
from backmail.model.message import Context, Message, Slot
from benchmarks.measure import interleaved, table
from benchmarks.mime import read, standard
from benchmarks.studio import Studio

DATE = dt.datetime(2027, 1, 5, 8, 0, tzinfo=dt.UTC)
CALLS = 300


def template(pieces: tuple[str | Slot, ...], numbers: dict[Slot, int], *, escaping: bool) -> Template:
    """Return the pieces as a jinja template whose values are v0, v1, ..."""
    source = "".join(
        f"{{% raw %}}{piece}{{% endraw %}}" if isinstance(piece, str) else f"{{{{ v{numbers[piece]} }}}}"
        for piece in pieces
    )
    environment = Environment(autoescape=escaping, keep_trailing_newline=True)  # noqa: S701  # off for the text part
    return environment.from_string(source)


def plain(slot: Slot, value: str) -> str:
    """Return a slot's value as it was before it was escaped for its place."""
    return unescape(value) if slot.context in (Context.TEXT, Context.ATTRIBUTE, Context.URL) else value


def main() -> None:
    """Measure and print."""
    studio = Studio()
    step = studio.steps[len(studio.steps) // 2]
    reader = studio.reader(step)
    composed = rendering.Variants(studio.setting).of(step, reader)
    identity = studio.ids(reader.subscriber.name)[step.id]

    def addressed() -> Message:
        return rendering.address(composed, reader, identity, studio.links)

    message = addressed()
    numbers = {slot: number for number, slot in enumerate(message.values)}
    values = {f"v{number}": plain(slot, message.values[slot]) for slot, number in numbers.items()}
    html, text = template(composed.html, numbers, escaping=True), template(composed.text, numbers, escaping=False)
    parts = [message.part("html"), message.part("text")]
    assert [html.render(values), text.render(values)] == parts
    assert read(rendering.wire(message, DATE)) == read(standard(message)) == [part.rstrip("\n") for part in parts]
    ways = {
        "jinja renders HTML and text": lambda: (html.render(values), text.render(values)),
        "EmailMessage writes MIME": lambda: standard(message),
        "backmail address": addressed,
        "backmail address, HTML and text": lambda: [addressed().part(name) for name in ("html", "text")],
        "backmail address, MIME bytes": lambda: rendering.wire(addressed(), DATE),
    }
    slots = sum(isinstance(piece, Slot) for piece in composed.html + composed.text)
    notes = [f"{len(parts[0]) / 1024:.0f} KiB of HTML, {slots} places for values, {len(values)} values"]
    table("One more reader", interleaved(ways, calls=CALLS), "jinja renders HTML and text", "us", 1e6, notes)


if __name__ == "__main__":
    main()
