"""The names that are the same for all readers: campaign, step, products, brand, company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backmail.model.campaign import Brand, Campaign, Company, Product, Step
from backmail.rendering.refused import UNKNOWN, Refused, suggestion


class Names:
    """A closed set of named values for templates; an unknown name is an error also where it is tested or defaulted."""

    __slots__ = ("_title", "_values")

    def __init__(self, title: str, values: Mapping[str, Any]) -> None:
        """Take what it is called in a template, and its values."""
        self._title, self._values = title, dict(values)

    def child(self, name: object) -> Any:
        """Return the value of that name.

        Raises:
            Refused: there is none.
        """
        if isinstance(name, str) and name in self._values:
            return self._values[name]
        raise Refused(f"{self._title} has no {name!r}", suggestion(str(name), self._values), UNKNOWN)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __str__(self) -> str:
        raise Refused(f"{self._title} is no text", f"take one of {', '.join(self._values)}")

    __html__ = __str__


def of_campaign(campaign: Campaign) -> Names:
    """Return `campaign` as templates see it."""
    values = {
        "id": campaign.id,
        "name": campaign.name,
        "kind": str(campaign.kind),
        "system": campaign.system,
        "language": campaign.language,
        "sender": campaign.sender.name,
        "reply_to": campaign.sender.reply_to or campaign.sender.email,
        "signature": campaign.signature,
        "disclaimer": campaign.disclaimer,
        "source_url": campaign.source_url,
    }
    return Names("campaign", values)


def of_step(step: Step, written: Mapping[str, Any]) -> Names:
    """Return `step` as templates see it; `written` are its texts so far as they are rendered already."""
    return Names("step", {"id": step.id, "teaser": step.teaser, **written})


def of_products(campaign: Campaign) -> Names:
    """Return `products`, by sku."""
    products = {each.sku: of_product(each, campaign.language) for each in campaign.catalog.products}
    return Names("products", products)


def of_product(product: Product, language: str) -> Names:
    """Return one product; its blurb is the one in the campaign's language, or "" where it has none in that."""
    values = {
        "sku": product.sku,
        "name": product.name,
        "blurb": product.blurb.get(language, ""),
        "image": product.image,
        "link": product.link,
        "price": product.price,
        "price_as_of": product.price_as_of,
        "available": product.available,
        "until": product.until,
    }
    return Names(f"products[{product.sku!r}]", values)


def of_brand(brand: Brand, campaign: Campaign, company: Company) -> Names:
    """Return `brand`; without a name of its own it has the company's, else the sender's."""
    values = {
        "name": brand.name or company.name or campaign.sender.name,
        "logo": brand.logo,
        "logo_width": brand.logo_width,
        "radius": brand.radius,
        "fonts": brand.fonts,
    }
    return Names("brand", values)


def of_company(company: Company) -> Names:
    """Return `company`: the legal lines of the footer."""
    values = {
        "name": company.name,
        "address": company.address,
        "email": company.email,
        "phone": company.phone,
        "company_no": company.company_no,
    }
    return Names("company", values)
