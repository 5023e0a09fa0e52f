"""What a draft was made from, and the article that its campaign came from, understood once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backmail.config import Project
from backmail.desk.preview.bench import Bench, Themes
from backmail.desk.preview.folder import Content, Reading
from backmail.errors import Fault
from backmail.model.campaign import Campaign
from backmail.model.people import Subscriber

if TYPE_CHECKING:
    from backmail.desk import workshop

__all__ = ["Articles", "Matter"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a draft was made from.

    Attributes:
        slug: the campaign's.
        reading: what its folder gave.
        faults: what is wrong beside the folder: config.yaml, people/.
        project: the project, as it was last good.
        people: the sample people, as they were last good.
        benches: what its mails are made on, by step id.
        beside: what its article is understood by.
        themes: what its theme is one of.
    """

    slug: str
    reading: Reading
    faults: tuple[Fault, ...]
    project: Project
    people: tuple[Subscriber, ...]
    benches: Mapping[str, Bench]
    beside: Mapping[str, Content]
    themes: Themes


class Articles:
    """The articles of one campaign as they were understood last: that takes longer than all else that is compared."""

    def __init__(self) -> None:
        """Know none yet."""
        self._key: tuple[object, ...] = ()
        self._understood: tuple[workshop.Understood, ...] = ()

    def of(self, campaign: Campaign, matter: Matter) -> tuple[workshop.Understood, ...]:
        """Return the campaign's articles in order, understood as their outline.yaml say.

        Raises:
            InputError: an article, outline.yaml or catalog.yaml cannot be used.
        """
        from backmail.desk import workshop  # it understands articles, which takes long to import

        key = (campaign.articles, campaign.catalog, matter.beside)
        if not self._understood or key != self._key:
            self._understood = workshop.articles_of(campaign, matter.project)
            self._key = key
        return self._understood
