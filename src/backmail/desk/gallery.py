"""The gallery: one page to leaf through all mails of a campaign, in frames as wide as a phone and a computer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from backmail.desk.picture import picture
from backmail.desk.rehearsed import Rehearsed
from backmail.model.article import Article, Caution
from backmail.model.campaign import Campaign, Finding
from backmail.model.people import Subscriber
from backmail.shipped import shipped


@dataclass(frozen=True, slots=True)
class Shown:
    """One mail of the gallery. `name`: stem of its files; `words`: those of the article; `size`: bytes of its HTML."""

    name: str
    number: int
    subject: str
    preheader: str
    text: str
    words: int
    size: int

    @property
    def kilobytes(self) -> str:
        """The size as a person reads it, in units of 1,024 bytes."""
        return f"{self.size / 1024:.1f}"


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else whose mails stand in a folder of their own beside the gallery."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Exhibition:
    """All that the gallery's page tells."""

    campaign: Campaign
    article: Article
    mails: Sequence[Shown]
    person: Subscriber
    others: Sequence[Subscriber]
    findings: Sequence[Finding]
    changed: Sequence[Mapping[str, str]]
    flagged: Sequence[Caution]
    facts: Sequence[tuple[str, str]]
    rehearsed: Rehearsed


def label(subscriber: Subscriber) -> str:
    """Return how a sample person is called in a list: the full name, else the name of her file."""
    return subscriber.mailbox.name or subscriber.name.replace("-", " ")


def page(exhibition: Exhibition) -> str:
    """Return the gallery as HTML: no script, nothing from elsewhere, the mails in sandboxed frames."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    studio = FileSystemLoader(shipped("templates") / "studio")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, loader=studio)
    return environment.get_template("gallery.html.jinja").render(
        campaign=exhibition.campaign,
        article_name=Path(exhibition.article.source.name).name,
        words=f"{exhibition.article.words:,}",
        mails=exhibition.mails,
        person=label(exhibition.person),
        others=[Other(other.name, label(other)) for other in exhibition.others],
        findings=exhibition.findings,
        changed=exhibition.changed,
        flagged=exhibition.flagged,
        where=exhibition.article.source.where,
        facts=exhibition.facts,
        picture=picture(exhibition.rehearsed.done),
        rehearsed=exhibition.rehearsed,
        subjects={step.id: step.subject for step in exhibition.campaign.steps},
        folder=Path(exhibition.campaign.folder).name,
        version=version("backmail"),
    )
