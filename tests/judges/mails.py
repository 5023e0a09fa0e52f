"""The mails that are judged: every theme over every article, as the person with the longest name gets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backmail import campaign as campaigns
from backmail import rendering
from backmail.config import Project, find_project, start_project
from backmail.desk import new
from backmail.desk.demo import sample
from backmail.desk.render import DATE, Renderer, people_of
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.shipped import shipped


@dataclass(frozen=True)
class Mail:
    """One finished mail: a theme, the campaign of an article, a step."""

    theme: str
    article: str
    step: str
    message: Message

    @property
    def name(self) -> str:
        """What tables and files call it."""
        return f"{self.theme}-{self.article}-{self.step}"

    @property
    def series(self) -> str:
        """What it belongs to."""
        return f"{self.theme}, {self.article}"

    @property
    def html(self) -> str:
        """Its HTML."""
        return self.message.part("html")

    @property
    def text(self) -> str:
        """Its plain text."""
        return self.message.part("text")

    @property
    def wire(self) -> bytes:
        """Its bytes as they are handed to a relay."""
        return rendering.wire(self.message, DATE)


def themes() -> list[str]:
    """Return the names of the themes that ship."""
    return sorted(path.name for path in (shipped("templates") / "email").iterdir() if path.is_dir())


def mails(folder: Path, articles: Sequence[Path] = (), only: Sequence[str] = ()) -> Iterator[Mail]:
    """Make a campaign of the sample's article and of each further one, and give its mails in every theme.

    Args:
        folder: an empty one to work in.
        articles: files beside the sample's article.
        only: names of themes; all that ship when there are none.
    """
    start_project(folder)
    project = find_project(folder, folder)
    own, wishes = sample()
    for article, wished in [
        (own, replace(wishes, slug="sample")),
        *((each, new.Wishes(adapt="all")) for each in articles),
    ]:
        made = new.new(article, project, wished)
        yield from _of(project, made.folder, only or themes())


def _of(project: Project, folder: Path, names: Sequence[str]) -> Iterator[Mail]:
    """Give the mails of a campaign's folder in each theme."""
    campaign = campaigns.read(folder, project=project)
    person = max(people_of(project), key=_length)
    for theme in names:
        renderer = Renderer(project, replace(campaign, theme=theme))
        for step in campaign.steps:
            yield Mail(theme, campaign.slug, step.id, renderer.message(step, person))


def _length(person: Subscriber) -> int:
    return len(person.first_name or "") + len(person.last_name or "")
