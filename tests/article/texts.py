"""Small articles of our own for the tests of reading and understanding."""

from __future__ import annotations

from typing import Any

from backmail.article import read_text, understand
from backmail.model.article import Article, Block

# A shop's article pasted as text: small headings, no blank lines, a teaser in another language, a title left behind.
PASTED = """\
Gardeners spend hours bent over their beds, and by the evening the neck is stiff. A little care each day keeps it supple, and it costs no more than a few minutes.
why the neck grows stiff
The head is heavy, and a gardener looks down most of the day. The muscles of the neck hold it up without a pause, and they tire as any muscle does.
Kneeler Deluxe™ - Green
Blød knæpude, der gør det lettere at luge i lang tid.
Cold wind adds to it, as every gardener knows from the first days of spring.
movements for the shed
These movements need no more room than a shed has. Here they are, one by one:
slow nods
Sit on a stool with both feet flat on the floor. Lower your chin to your chest and hold for 10 seconds. Repeat 5 times.
side bends
Stand tall with your arms by your sides. Tilt your head toward one shoulder, hold for 10-15 seconds and switch sides.
when to stop
Stop at once if you feel dizzy. Talk to your doctor before you begin if your neck was ever hurt.
frequently asked questions
How often should I do them?
Once in the morning and once in the evening is enough for most gardeners.
Can I do them with a cold?
Wait until you feel well again.
Kilder
- Holm, B. (2019). "Necks at work." Journal of Gardens.
- Lind, C. (2021). "Rest." https://example.org/rest
"""  # noqa: E501


def txt(text: str, **how: Any) -> Article:
    """Return the article that a plain text holds."""
    return understand(read_text(text.encode(), "article.txt"), **how)


def md(text: str, **how: Any) -> Article:
    """Return the article that a Markdown text holds."""
    return understand(read_text(text.encode(), "article.md"), **how)


def shape(article: Article) -> list[tuple[int, int, str, str | None]]:
    """Return start, end, kind and role of every block."""
    return [(block.start, block.end, block.kind.value, block.role) for block in article.blocks]


def called(article: Article, heading: str) -> Block:
    """Return the block with that heading."""
    return next(block for block in article.blocks if block.heading == heading)
