"""A campaign to publish: a safety text, an exercise, and a last word that asks about the reader."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.links import INVALID_URL, TEST_KEY, Links
from backmail.model.campaign import Campaign
from backmail.model.message import Message, Reader
from backmail.model.people import Subscriber
from backmail.rendering import Setting, address
from backmail.rendering.theme import Theme
from backmail.sending.published import Published, load, publish
from backmail.store.engine import durable, reading
from tests.rendering.conftest import ANNA, BODY, BRAND, COMPANY, SAFETY, campaign, step

NOW = dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
LINKS = Links(TEST_KEY, INVALID_URL)
LAST = """\
{% if 'vip' in subscriber.tags %}Dear friend,{% endif %} thank you, {{ subscriber.first_name | default('you') }}.
"""
PRODUCT = "\n::: product id=b03 sku=rest\n## Wrist Rest™ - Grey\n\nIt rests.\n:::\n"


def series(**given: Any) -> Campaign:
    """Return the campaign; `given` replaces fields of it."""
    return campaign(step("stop", SAFETY), step("rolls", BODY + PRODUCT), step("last", LAST), **given)


def setting(theme: Theme, made: Campaign | None = None) -> Setting:
    """Return the campaign with its looks."""
    return Setting(made or series(), theme, BRAND, COMPANY)


def put(store: sa.Engine, what: Setting) -> int:
    """Publish something, and return the number of the version."""
    with durable(store) as tx:
        return publish(tx, what, now=NOW, by="ann")


def loaded(store: sa.Engine, number: int = 1, id_: str = "c-7f3k2q") -> Published:
    """Return a version from the tables."""
    with reading(store) as tx:
        return load(tx, id_, number)


def reader(version: Published, step_id: str, subscriber: Subscriber = ANNA, *had: str) -> Reader:
    """Return the reader of a step who was handed other steps before."""
    return version.reader(step_id, subscriber, LINKS, {each: f"d-{each}" for each in (*had, step_id)})


def mail(version: Published, step_id: str, subscriber: Subscriber = ANNA, *had: str, **how: Any) -> Message:
    """Return a step's mail."""
    hers = reader(version, step_id, subscriber, *had)
    return address(version.compose(step_id, hers, **how), hers, "d1", LINKS)


def changed(made: Campaign, step_id: str, **given: Any) -> Campaign:
    """Return a campaign with one step changed."""
    steps = tuple(replace(each, **given) if each.id == step_id else each for each in made.steps)
    return replace(made, steps=steps)


@pytest.fixture
def published(store: sa.Engine, minimal: Theme) -> Published:
    """The first version of the campaign, loaded."""
    put(store, setting(minimal))
    return loaded(store)
