"""One draft: a campaign as its files stood at one moment, and its mails."""

from __future__ import annotations

from pathlib import Path

from backmail.desk.preview.bench import Bench
from backmail.desk.preview.findings import Findings
from backmail.desk.preview.folder import DraftStep
from backmail.desk.preview.mail import Mail
from backmail.desk.preview.matter import Matter
from backmail.desk.render import Renderer
from backmail.errors import CampaignError, Fault, InputError, UnknownName, did_you_mean
from backmail.model.campaign import Campaign
from backmail.model.message import Message
from backmail.model.people import Subscriber

__all__ = ["Draft"]


class Draft:
    """One campaign as its files stood at one moment. It is never changed: `Drafts` has a new one after each change.

    Attributes:
        slug: the name of its folder.
        folder: where it is.
        version: grows by one with every change of it.
        campaign: what was read, broken files as they were last good; None where campaign.yaml never was.
        steps: all step files in their order, broken ones among them.
        faults: what is wrong with files that are no step's: campaign.yaml, outline.yaml, catalog.yaml, config.yaml,
            people/.
    """

    slug: str
    folder: Path
    version: int
    campaign: Campaign | None
    steps: tuple[DraftStep, ...]
    faults: tuple[Fault, ...]

    def __init__(self, folder: Path, version: int, matter: Matter, good: dict[str, Bench]) -> None:
        """Take what was read; nothing is rendered.

        Args:
            folder: where it is.
            version: its number.
            matter: what was read.
            good: for each step the bench that it was last rendered on; this draft writes there too.
        """
        self.slug, self.folder, self.version = matter.slug, folder, version
        self.campaign, self.steps = matter.reading.campaign, matter.reading.steps
        self.faults = (*matter.faults, *matter.reading.faults)
        self.matter = matter
        self._good = good
        self._mails: dict[tuple[str, str], Mail] = {}
        self._findings: Findings | None = None

    def step(self, name: str) -> DraftStep:
        """Return a step by its id, or, where it has none to be read, by the stem of its file.

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        for each in self.steps:
            if each.name == name:
                return each
        hint = did_you_mean(name, [each.name for each in self.steps])
        raise UnknownName(Fault(f"{self.slug} has no step {name!r}", hint=hint))

    def mail(self, name: str, subscriber: Subscriber) -> Mail:
        """Return a step as one person gets it; where it cannot be rendered now, as it was rendered last, with faults.

        Composed once and kept; a change of another step's body does not compose it anew.

        Raises:
            UnknownName: there is no such step.
            InputError: it cannot be rendered, and never could be: all faults.
        """
        kept = self._mails.get((name, subscriber.name))
        if kept is None or kept.subscriber != subscriber:
            kept = self._mails[name, subscriber.name] = self._mail(self.step(name), subscriber)
        return kept

    def sheet(self, subscriber: Subscriber) -> str:
        """Return the page with all exercises of the series as one person gets it; "" where its mails lead to none.

        Raises:
            InputError: it cannot be rendered, or campaign.yaml never could be read.
        """
        if self.campaign is None:
            raise CampaignError(self.faults)
        theme = self.matter.themes.get(self.campaign.theme)
        return Renderer(self.matter.project, self.campaign, theme).sheet(subscriber)

    def has(self, name: str, subscriber: Subscriber) -> bool:
        """Whether a step's mail for one person is there already, so that nobody has to wait while it is composed."""
        bench = self.matter.benches.get(name)
        return (name, subscriber.name) in self._mails or (bench is not None and bench.has(subscriber))

    def digest(self, name: str, subscriber: Subscriber) -> str:
        """Return some letters and digits for what a step's mail is made of: for another mail, others."""
        bench = self.matter.benches.get(name)
        return bench.digest(subscriber) if bench is not None else ""

    def _mail(self, step: DraftStep, subscriber: Subscriber) -> Mail:
        faults, bench, message = step.faults, self.matter.benches.get(step.name), None
        if bench is not None:
            try:
                message = bench.message(subscriber)
                self._good[step.name] = bench
            except InputError as error:
                faults = (*faults, *error.faults)
        if message is None:
            message, bench = self._last_good(step, subscriber)
        if message is None or bench is None:
            raise CampaignError(faults or self.faults)
        return Mail(step.number, len(self.steps), bench.step, subscriber, message, faults, self.folder, bench.pictures)

    def _last_good(self, step: DraftStep, subscriber: Subscriber) -> tuple[Message | None, Bench | None]:
        """Return the mail made of the last files that gave one, with the bench that it was made on."""
        bench = self._good.get(step.name)
        try:
            return (bench.message(subscriber), bench) if bench is not None else (None, None)
        except InputError:
            return None, None

    @property
    def findings(self) -> Findings | None:
        """What `check` finds, and how heavy the mails get; None while it is being worked out."""
        return self._findings

    def found(self, found: Findings) -> None:
        """Take the findings, once they are worked out."""
        self._findings = found
        for name, bench in self.matter.benches.items():
            if name in found.heaviest:  # somebody's mail could be made of it
                self._good[name] = bench
