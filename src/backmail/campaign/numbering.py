"""Ids of blocks that outlive a change of their article: a block that is there already keeps its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from backmail.markup import fold
from backmail.model.article import Article, Block

__all__ = ["numbers_of", "renumbered", "with_numbers"]

_SIGNS = 8  # hexadecimal: two of a thousand texts share a key in one of ten thousand articles
_ID = re.compile(r"([a-z]+)(\d+)")


def numbers_of(article: Article) -> list[tuple[str, str]]:
    """Return the id of each block with a key of its text, in the article's order."""
    return [(block.id, _key(block)) for block in article.blocks]


def with_numbers(article: Article, known: Sequence[tuple[str, str]]) -> Article:
    """Return an article whose blocks have the ids that their texts had before.

    A block whose text is another keeps its number in the article, where that is free, and else gets a new one.

    Args:
        article: as it is understood; its blocks are numbered in their order.
        known: the former ids with their keys, see `numbers_of`; none: nothing changes.
    """
    free: dict[str, list[str]] = {}
    for id_, key in known:
        free.setdefault(key, []).append(id_)
    ids: dict[str, str] = {}
    for block in article.blocks:
        of_text = free.get(_key(block), [])
        if of_text:
            ids[block.id] = of_text.pop(0)
    return renumbered(article, ids, [id_ for id_, _ in known])


def renumbered(article: Article, ids: Mapping[str, str], taken: Sequence[str] = ()) -> Article:
    """Return an article with other ids of its blocks.

    Args:
        article: an understood one.
        ids: the new ids by the present ones; a block without one keeps its own, unless another block gets that.
        taken: ids that were somebody's, which no block gets that needs a new one.
    """
    used = set(ids.values())
    last: dict[str, int] = {}
    for id_ in (*taken, *used, *(block.id for block in article.blocks)):
        found = _ID.fullmatch(id_)
        if found:
            last[found[1]] = max(last.get(found[1], 0), int(found[2]))
    made: dict[str, str] = {}
    for block in article.blocks:
        new = ids.get(block.id, block.id)
        if block.id not in ids and new in used:
            letters = block.id.rstrip("0123456789")
            last[letters] += 1
            new = f"{letters}{last[letters]:02}"
        made[block.id] = new
        used.add(new)
    if all(old == new for old, new in made.items()):
        return article
    blocks = tuple(_with_ids(block, made) for block in article.blocks)
    decisions = tuple(replace(each, block=made.get(each.block, each.block)) for each in article.decisions)
    return replace(article, blocks=blocks, decisions=decisions)


def _with_ids(block: Block, ids: Mapping[str, str]) -> Block:
    return replace(
        block,
        id=ids[block.id],
        continues=block.continues and ids.get(block.continues, block.continues),
        lead_for=tuple(ids.get(each, each) for each in block.lead_for),
    )


def _key(block: Block) -> str:
    return hashlib.sha256(fold(block.text).casefold().encode()).hexdigest()[:_SIGNS]
