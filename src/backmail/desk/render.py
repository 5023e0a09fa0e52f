"""`backmail render`: the mails of a campaign as files, as one person reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from backmail import campaign as campaigns
from backmail import rendering
from backmail.config import Project
from backmail.desk.beside import files_of, shown_from
from backmail.errors import UnknownName
from backmail.links import INVALID_URL, TEST_KEY, Links, delivery_id
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Message, Reader
from backmail.model.people import Subscriber
from backmail.shipped import shipped

# Files are rendered under one date, so that the same campaign gives the same bytes on every day.
DATE = dt.datetime(2027, 1, 5, 8, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Renderer:
    """A campaign with its theme (loaded when it is needed, where it is not given), ready to be rendered for anybody."""

    project: Project
    campaign: Campaign
    theme: rendering.Theme | None = None

    @cached_property
    def links(self) -> Links:
        """The links of files that are only looked at: signed with the public test key."""
        return Links(TEST_KEY, self.project.config.site.public_url or INVALID_URL)

    @cached_property
    def setting(self) -> rendering.Setting:
        """The campaign with its looks."""
        config = self.project.config
        campaign, folders = self.campaign, [self.project.templates]
        theme = self.theme or rendering.load_theme(campaign.theme, folders, campaign.places.get("theme"))
        return rendering.Setting(campaign, theme, config.brand, config.company)

    @cached_property
    def variants(self) -> rendering.Variants:
        """The composed steps, each kept once it was needed; others' templates are kept from running on."""
        return rendering.Variants(self.setting, rendering.shared())

    def message(self, step: Step, subscriber: Subscriber) -> Message:
        """Return a step as `subscriber` gets it.

        Raises:
            TemplateError: the theme or the step's jinja cannot be rendered.
        """
        ids, reader = self._reader(step, subscriber)
        return rendering.address(self.variants.of(step, reader), reader, ids[step.id], self.links)

    def sheet(self, subscriber: Subscriber) -> str:
        """Return the page with all exercises, for somebody who got every mail; "" where the series has none.

        Raises:
            TemplateError: the page or a step's jinja cannot be rendered.
        """
        from backmail.rendering.routine import with_exercises  # most commands do without jinja

        if not with_exercises(self.campaign):
            return ""
        last = self.campaign.steps[-1]
        ids, reader = self._reader(last, subscriber)
        looks = replace(self.setting, theme=rendering.load_sheet([self.project.templates]))
        setting, step = rendering.sheet_of(looks, last.id, reader.progress.had)
        composed = rendering.Variants(setting, rendering.shared()).of(step, reader)
        return rendering.address(composed, reader, ids[last.id], self.links).part("html")

    def _reader(self, step: Step, subscriber: Subscriber) -> tuple[dict[str, str], Reader]:
        """Return the ids of all deliveries to somebody, and her as the reader of a step."""
        ids = {each.id: delivery_id(self.campaign.id, each.id, subscriber.name) for each in self.campaign.steps}
        return ids, rendering.reader_for(self.campaign, step, subscriber, self.links, ids)


def people_of(project: Project) -> tuple[Subscriber, ...]:
    """Return the sample people of the project; those that ship where it has none.

    Raises:
        CampaignError: a file of people/ cannot be used.
    """
    return campaigns.read_people(project.people) or shipped_people()


def shipped_people() -> tuple[Subscriber, ...]:
    """Return the sample people that ship with backmail."""
    return campaigns.read_people(shipped("templates") / "project" / "people")


def person_of(project: Project, name: str | None) -> Subscriber:
    """Return one of them by the stem of the file; the first by name where none is asked for.

    Raises:
        UnknownName: there is none of that name.
    """
    people = people_of(project)
    return campaigns.person(people, name) if name else people[0]


def write(messages: Mapping[str, Message], folder: Path, campaign: Campaign) -> None:
    """Write each message as NAME.html, NAME.txt and NAME.eml into a folder, made if it is not there.

    The pictures of the campaign's folder that they show are put beside them, and NAME.html shows these. NAME.eml is
    what leaves, and has the addresses that readers see them under.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = campaign.folder.resolve()
    for name, message in messages.items():
        files = files_of(message.part("html"), campaign.folder, campaign.pictures)
        beside = {address: quote(path.relative_to(root).as_posix()) for address, path in files.items()}
        html = shown_from(message.part("html"), beside)
        (folder / f"{name}.html").write_text(html, encoding="utf-8", newline="\n")
        (folder / f"{name}.txt").write_text(message.part("text"), encoding="utf-8", newline="\n")
        (folder / f"{name}.eml").write_bytes(rendering.wire(message, DATE))
        for picture in files.values():
            copy = folder / picture.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(picture.read_bytes())


def messages(renderer: Renderer, subscriber: Subscriber) -> dict[str, Message]:
    """Return all mails of a campaign as one person gets them, by the stem of their files, in order.

    Raises:
        TemplateError: the theme or a step's jinja cannot be rendered.
    """
    return {Path(step.file).stem: renderer.message(step, subscriber) for step in renderer.campaign.steps}


def render(renderer: Renderer, people: Sequence[Subscriber], out: Path) -> Iterator[Path]:
    """Write the mails for one person into `out`, for several into a folder each; yield the folders written.

    Everything is rendered before the first file is written.

    Raises:
        TemplateError: the theme or a step's jinja cannot be rendered.
    """
    if not people:
        raise UnknownName("there are no people to render for")
    rendered = [(subscriber, messages(renderer, subscriber)) for subscriber in people]
    for subscriber, mails in rendered:
        folder = out / subscriber.name if len(rendered) > 1 else out
        write(mails, folder, renderer.campaign)
        yield folder
