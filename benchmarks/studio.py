"""A campaign made from the sample article, with its theme and a reader, for the benchmarks of rendering."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from backmail import campaign as campaigns
from backmail import rendering
from backmail.config import find_project
from backmail.desk import new
from backmail.links import TEST_KEY, Links, delivery_id
from backmail.model.campaign import Step
from backmail.model.message import Reader
from backmail.shipped import shipped
from benchmarks.measure import empty_project


@dataclass
class Studio:
    """What rendering the sample needs."""

    @cached_property
    def setting(self) -> rendering.Setting:
        """A campaign made from the sample's article, with the theme that ships."""
        with empty_project() as folder:
            project = find_project(folder, environ={})
            made = new.new(folder / "article.txt", project, new.Wishes())
            campaign = campaigns.read(made.folder, project=project)
        theme = rendering.load_theme(campaign.theme, [shipped("templates")])
        return rendering.Setting(campaign, theme, project.config.brand, project.config.company)

    @cached_property
    def links(self) -> Links:
        """Links under the public test key."""
        return Links(TEST_KEY, "https://news.example.org")

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the sample."""
        return self.setting.campaign.steps

    def ids(self, person: str) -> dict[str, str]:
        """Return the delivery id of each step for a person."""
        return {step.id: delivery_id(self.setting.campaign.id, step.id, person) for step in self.steps}

    def reader(self, step: Step) -> Reader:
        """Return the first sample person as the reader of a step."""
        person = campaigns.read_people(shipped("templates") / "project" / "people")[0]
        return rendering.reader_for(self.setting.campaign, step, person, self.links, self.ids(person.name))
