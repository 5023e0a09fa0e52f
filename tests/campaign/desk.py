"""A campaign's folder to do mischief in, and what each block of it looks like there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from backmail.campaign import Outline, compare, read
from backmail.campaign.body import Writing, written
from backmail.config import Project
from backmail.model.article import Article, Block
from backmail.model.campaign import Campaign, Finding
from backmail.model.plan import Plan
from tests.campaign import sample

ARTICLE = sample.article()
PLAN = sample.plan(ARTICLE)
HOME = {block: step for step in PLAN.steps for block in step.blocks}
BLOCKS = [block for block in ARTICLE.blocks if block.id in HOME]
WRITING = Writing("txt", "txt", "en", sample.sentences, sample.instructs, skus={"b06": "balance-pude-blaa"})


@dataclass
class Desk:
    """A campaign's folder to do mischief in."""

    campaign: Campaign
    root: Path
    article: Article = ARTICLE
    plan: Plan = PLAN
    outline: Outline = field(default_factory=Outline)

    def path(self, week: int) -> Path:
        """Return the file of a week's mail."""
        step = self.plan.steps[week - 1]
        return self.campaign.folder / f"{week:02}-{step.slug}.md"

    def change(self, week: int, old: str, new: str) -> int:
        """Put `new` for `old`, which stands there exactly once, and return the line where it stood."""
        text = self.path(week).read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        self.path(week).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, week: int, text: str) -> int:
        """Put `text` at the end of a week's mail and return its line."""
        before = self.path(week).read_text(encoding="utf-8")
        self.path(week).write_text(f"{before}\n{text}\n", encoding="utf-8")
        return before.count("\n") + 2

    def findings(self) -> list[Finding]:
        """Compare the folder as it stands."""
        campaign = read(self.campaign.folder, project=Project(self.root))
        return compare(campaign, self.article, self.plan, self.outline)

    def found(self, what: str, week: int, line: int, near: int = 1) -> Finding:
        """Return the finding `what` in that file, on that line or next to it; fail when there is none."""
        findings = self.findings()
        for finding in findings:
            place = finding.place
            here = place and place.file == str(self.path(week)) and abs((place.line or 0) - line) <= near
            if finding.id == what and here:
                assert finding.campaign == "steady"
                assert finding.step == self.plan.steps[week - 1].slug
                return finding
        raise AssertionError(f"no {what} near {self.path(week).name}:{line} among {findings}")


def text_of(block: Block) -> str:
    """Return a block as it stands in its file."""
    return written(block, WRITING)
