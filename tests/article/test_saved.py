"""Markdown that was saved from a web site: what is the page's is no part of a mail."""

from __future__ import annotations

from backmail.article import understand
from backmail.model.article import Article, Source

MENU = "\n".join(f"* [{name}](https://shop.example/{name})" for name in ("Soil", "Seeds", "Tools", "Pots", "Gifts"))
PROSE = "A pot that is too large stays wet for days, and roots that stand in water begin to rot before spring comes."
ARTICLE = f"# Potting herbs\n\n{PROSE}\n\n## The right pot\n\n{PROSE}\n"


def _read(text: str) -> Article:
    return understand(Source("a.md", "md", text), language="en")


def _mailed(text: str) -> str:
    return "\n".join(block.text for block in _read(text).blocks if block.in_mails)


def test_menus_above_the_title_are_no_part_of_the_article() -> None:
    here = "You are here:\n\n1. [Home](https://a.example)"
    shown = _mailed(f"Green Shop\n==========\n\nChoose a region:\n\n{MENU}\n\n{here}\n\n{ARTICLE}")
    assert not [each for each in ("Seeds", "region", "Home") if each in shown]
    assert shown.count(PROSE) == 2


def test_every_line_of_a_saved_page_is_in_one_block() -> None:
    text = f"{MENU}\n\n{ARTICLE}\n## More on shop.example\n\n{MENU}\n"
    held = [n for block in _read(text).blocks for unit in block.units for n in range(unit.start, unit.end + 1)]
    told = [number for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    assert sorted(held) == told


def test_a_menu_at_the_foot_of_a_saved_page_is_left_out() -> None:
    assert "Gifts" not in _mailed(f"{MENU}\n\n{ARTICLE}\n## Our departments\n\n{MENU}\n")


def test_links_that_close_an_article_of_its_own_are_kept() -> None:
    assert "Gifts" in _mailed(f"{ARTICLE}\n## Where to buy\n\n{MENU}\n")


def test_prose_above_the_title_is_the_articles() -> None:
    assert PROSE in _mailed(f"{PROSE}\n\n{MENU}\n\n# Potting herbs\n\nShort.\n")


def test_a_link_to_a_place_on_the_page_is_for_its_readers_alone() -> None:
    assert "Jump" not in _mailed(f"# Potting herbs\n\n[Jump to the pots](#pots)\n\n{PROSE}\n\n## Pots\n\n{PROSE}\n")
