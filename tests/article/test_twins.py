"""An article is understood alike as Markdown and as a plain text with small headings and no blank lines."""

import re

import pytest

from backmail.model.article import Article
from tests.article.texts import md, txt

SHED = """\
# Turn an old pallet into a bench

A pallet costs nothing, and an afternoon is enough to make a bench of it. You need no workshop, only a dry place and
a helper for half an hour.

## Why pallets

Pallets are made of cheap pine, but they are built to carry a ton. That is why a bench made of one will outlast most
of what the shops sell.

## What you need

- one pallet
- a saw
- sandpaper

## Cut the boards

You should saw along the middle block, not through it. It is best to keep the cut a little too long.

## Sand and oil

Sand the edges first. Then oil the boards twice and let them dry for a night.

## Stay safe

Wear gloves and goggles. Never burn painted pallets, for the smoke is poisonous. See a doctor if a splinter goes deep.

## Questions from readers

### Which pallets are safe to use?

Those with the letters HT.

They were heated, not sprayed.

### Can it stay outside?

Yes, with fresh oil every spring.

## Off to the garden

Now you have a bench. Enjoy your evenings in the sun!

*Anna Holm is a writer. She lives in Odense with two goats.*
"""

DEG = """\
# Pizza i hemmaugnen

Pizza blir krispig även utan stenugn. Det viktiga är att degen får tid och att plåten är riktigt het.

## Degen

Man ska arbeta degen i tio minuter. Sedan bör den vila i kylen över natten.

## Gräddningen

Plåten ska vara het innan pizzan läggs på. Grädda i åtta minuter längst ner i ugnen.

## Var försiktig

Plåten är mycket het, och det finns risk för brännskador. Använd grytlappar och håll barnen borta från ugnen.

## Vanliga frågor

### Kan jag frysa degen?

Ja, i upp till tre månader.

### Varför blir den seg?

Ugnen var för kall.

## Sammanfattning

Kall deg och het plåt ger en krispig pizza.
"""


def flat(markdown: str) -> str:
    """Return a Markdown text without its signs and blank lines, its headings but the title in small letters."""
    lines = re.sub(r"(?<=[^\n])\n(?=[^\n#-])", " ", markdown).split("\n")
    lines = [re.sub(r"^##+ (.*)", lambda found: found[1].lower(), line) for line in lines if line.strip()]
    return "\n".join(line.removeprefix("# ").strip("*") for line in lines)


def told(article: Article) -> list[tuple[str, str | None, str]]:
    return [(block.kind.value, block.role, block.heading.casefold()) for block in article.blocks]


@pytest.mark.parametrize("text", [SHED, DEG])
def test_twins(text: str) -> None:
    assert told(txt(flat(text))) == told(md(text))


def test_what_the_first_one_holds() -> None:
    assert [(kind, role) for kind, role, _ in told(md(SHED))] == [
        ("other", "title"),
        ("intro", None),
        ("other", "background"),
        ("other", "ingredients"),
        ("how-to", None),
        ("how-to", None),
        ("safety", None),
        ("other", "heading"),
        ("faq", None),
        ("faq", None),
        ("conclusion", None),
        ("other", "chrome"),
    ]
