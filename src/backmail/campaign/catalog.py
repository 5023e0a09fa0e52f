"""Reads catalog.yaml, and completes it with products that an article names; what the marketer wrote there stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from backmail import products, yamlfile
from backmail.campaign.gather import Faults
from backmail.campaign.names import one_line, slug
from backmail.campaign.schema import CatalogFile
from backmail.errors import CampaignError, Fault, InputError
from backmail.model.article import Article, Block, Kind
from backmail.model.campaign import Catalog, Product
from backmail.yamlfile import Document

_START = "# The shop's products. A product without a link is shown without a button.\n"
_EMPTY = re.compile(r"^products:[ \t]*(?:\[[ \t]*\]|null|~)?(?=[ \t]*(?:#|$))", re.MULTILINE)


def read_catalog(path: Path, text: str | None = None) -> Catalog:
    """Return the shop's products.

    Args:
        path: the file.
        text: what to read in its place.

    Raises:
        CampaignError: the file cannot be used, or two products have one sku.
    """
    faults = Faults()
    with faults.gathered():
        document = yamlfile.load(path) if text is None else yamlfile.parse(text, str(path))
        catalog = _catalog(document)
    faults.tell()
    return catalog


def _catalog(document: Document) -> Catalog:
    """Return the products of a file that was read."""
    catalog = Catalog(tuple(each.product() for each in yamlfile.bind(document, CatalogFile, CampaignError).products))
    first: dict[str, int] = {}
    faults: list[Fault] = []
    for index, product in enumerate(catalog.products):
        if product.sku in first:
            line = document.place(("products", first[product.sku], "sku")).line
            message = f"the sku {product.sku!r} is also that of the product on line {line}"
            faults.append(document.fault(message, ("products", index, "sku")))
        first.setdefault(product.sku, index)
    if faults:
        raise CampaignError(faults)
    return catalog


def find(catalog: Catalog, name: str) -> Product | None:
    """Return the product of that name or alias, also with a colour or size behind it; small slips do not matter."""
    if product := products.find(catalog, name):
        return product
    variant = products.find_variant(catalog, name)
    return variant[0] if variant else None


def product_name(block: Block) -> str:
    """Return what a block calls its product: its heading in the article, else its first paragraph."""
    return one_line((block.heading if not block.renamed else "") or block.units[0].text)


def products_of(article: Article) -> tuple[Product, ...]:
    """Return the products that the article's blocks name, with what it says of each, in the block's language."""
    found: list[Product] = []
    for block in article.blocks:
        if block.kind is not Kind.PRODUCT or not block.in_mails or block.sku:
            continue
        name = product_name(block)
        blurb = one_line(" ".join(unit.text for unit in block.units if one_line(unit.text) != name))
        found.append(Product(slug(name), name, blurb={block.language: blurb} if blurb else {}))
    return tuple(found)


def complete(text: str, named: Sequence[Product]) -> tuple[str, Catalog]:
    """Add products to the text of a catalog.yaml (it may be empty) that stand in it under no name.

    Returns:
        The text, unchanged but for what is added behind its products, and the catalogue that it holds now.

    Raises:
        CampaignError: the text cannot be used.
    """
    faults = Faults()
    with faults.gathered():
        document = yamlfile.parse(text, "catalog.yaml")
        catalog = _catalog(document)
    faults.tell()
    added: list[Product] = []
    for product in named:
        if find(Catalog((*catalog.products, *added)), product.name) is None:
            added.append(_with_free_sku(product, Catalog((*catalog.products, *added))))
    completed = Catalog((*catalog.products, *added))
    if added:
        text = _with_products(text, document, added)
        _prove(text, completed, document)
    return text, completed


def _prove(text: str, expected: Catalog, before: Document) -> None:
    """Refuse a catalogue written in a form that nothing can be put behind (all products in one line, for one)."""
    try:
        if _catalog(yamlfile.parse(text, before.file)) == expected:
            return
    except InputError:
        pass
    hint = "write each product below the other, each beginning with '- sku:'"
    raise CampaignError(before.fault("products cannot be added to a list of this form", ("products",), hint=hint))


def _with_free_sku(product: Product, catalog: Catalog) -> Product:
    """Return the product under a sku that no other has."""
    sku, count = product.sku, 1
    while catalog.get(sku):
        count += 1
        sku = f"{product.sku}-{count}"
    return replace(product, sku=sku)


def _with_products(text: str, document: Document, added: Sequence[Product]) -> str:
    """Return the text with products behind those that it has."""
    entries = [_entry(each) for each in added]
    if not document.has(("products",)):
        head = f"{text.rstrip()}\n\n" if text.strip() else _START
        return head + yamlfile.dump({"products": entries})
    if not document.has(("products", 0)):
        block = yamlfile.dump({"products": entries}).rstrip("\n")
        return _EMPTY.sub(lambda _: block, text, count=1)
    column = (document.place(("products", 0)).column or 1) - 1
    indent = " " * max(column - 2, 0)
    lines = text.splitlines()
    end = _end_of_products(document, lines)
    new = [indent + line if line else line for line in yamlfile.dump(entries).splitlines()]
    return "\n".join([*lines[:end], *new, *lines[end:]]) + "\n"


def _entry(product: Product) -> dict[str, Any]:
    """Return a product as the file has it: link and image, if only to be filled in, and whatever else is known."""
    said: dict[str, Any] = {"sku": product.sku, "name": product.name}
    if product.aliases:
        said["aliases"] = list(product.aliases)
    said |= {"blurb": dict(product.blurb), "link": product.link, "image": product.image}
    if product.price:
        said["price"] = product.price
    dates = {"price_as_of": product.price_as_of, "until": product.until}
    said |= {key: day.isoformat() for key, day in dates.items() if day}
    return said if product.available else {**said, "available": False}


def _end_of_products(document: Document, lines: Sequence[str]) -> int:
    """Return how many lines there are up to the last product's end; comments behind it stay behind."""
    data = document.data
    keys = list(data) if isinstance(data, dict) else []
    behind = keys[keys.index("products") + 1 :]
    end = (document.place((behind[0],), key=True).line or 1) - 1 if behind else len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end
