"""Every way in which a hand may change a campaign: of each block a sentence, a digit, its place, its container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign.adapt import rewordings
from backmail.campaign.body import CONTAINED, Writing, written
from backmail.config import Project, find_project
from backmail.desk import workshop
from backmail.model.article import Block, Kind
from backmail.model.campaign import Campaign, Finding
from backmail.model.plan import Plan


@dataclass(frozen=True)
class Mutation:
    """One change: the new text of files by name, and where it must be found (the first and last line that will do)."""

    name: str
    texts: dict[str, str]
    file: str
    lines: tuple[int, int]


class Bench:
    """A campaign that was made from an article, with what each of its blocks reads like in its step's file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project: Project = find_project(folder)
        self.campaign: Campaign = campaigns.read(folder, project=self.project)
        self.understood = workshop.article_of(self.campaign, self.project)
        self.plan: Plan = self.understood.plan(self.campaign.source_url)
        self.files = {
            step.week: Path(each.file).name for step, each in zip(self.plan.steps, self.campaign.steps, strict=True)
        }
        self.texts = {name: (folder / name).read_text(encoding="utf-8") for name in self.files.values()}
        article = self.understood.article
        catalog = self.campaign.catalog
        products = {
            block.id: campaigns.find(catalog, block.heading) for block in article.blocks if block.kind is Kind.PRODUCT
        }
        self._writing = Writing(
            format=article.source.format,
            safety_format="",
            language=article.language,
            sentences=articles.sentences,
            instructs=articles.instructs,
            rewordings={block.id: rewordings(article, block) for block in article.blocks}
            if self.understood.outline.adapt == "all"
            else {},
            skus={key: product.sku for key, product in products.items() if product},
        )

    def findings(self, mutation: Mutation) -> list[Finding]:
        """Return what is found with a mutation in the folder; the folder is left as it was."""
        try:
            for name, text in mutation.texts.items():
                (self.folder / name).write_text(text, encoding="utf-8")
            campaign = campaigns.read(self.folder, project=self.project)
            return campaigns.compare(campaign, self.understood.article, self.plan, self.understood.outline)
        finally:
            for name in mutation.texts:
                (self.folder / name).write_text(self.texts[name], encoding="utf-8")

    def mutations(self) -> Iterator[Mutation]:
        """Yield every mutation of every block."""
        for step in self.plan.steps:
            for each in step.blocks:
                block = self.understood.article.block(each)
                yield from self._of(block, self.files[step.week], self.files[step.week % self.plan.weeks + 1])

    def _of(self, block: Block, file: str, other: str) -> Iterator[Mutation]:
        whole = written(block, self._writing)
        text = self.texts[file]
        start = text.index(whole)
        line = text[:start].count("\n") + 1
        span = (max(line - 2, 1), line + whole.count("\n") + 2)
        body = whole.partition("\n")[2] if block.kind in CONTAINED else whole
        for number, sentence in enumerate(_sentences(body)):
            changed = whole.replace(sentence, "", 1)
            yield Mutation(f"{block.id} sentence {number}", {file: text.replace(whole, changed)}, file, span)
        digit = next((found for found in re.finditer(r"\d", body) if not _is_number_of_item(body, found.start())), None)
        if digit:
            at = len(whole) - len(body) + digit.start()
            changed = whole[:at] + str((int(digit[0]) + 1) % 10) + whole[at + 1 :]
            yield Mutation(f"{block.id} digit", {file: text.replace(whole, changed)}, file, span)
        if file != other:
            rest = text.replace(whole, "").rstrip("\n") + "\n"
            longer = self.texts[other].rstrip("\n") + "\n\n" + whole + "\n"
            where = (self.texts[other].count("\n"), longer.count("\n") + 1)
            yield Mutation(f"{block.id} moved", {file: rest, other: longer}, other, where)
        if block.kind in CONTAINED:
            bare = "\n".join(whole.split("\n")[1:-1])
            yield Mutation(f"{block.id} container", {file: text.replace(whole, bare)}, file, span)


def _sentences(body: str) -> list[str]:
    """Return the sentences of a block as its file has them, each one only once in it."""
    lines = [re.sub(r"^(?:\d+\. |- |## )", "", line) for line in body.split("\n") if not line.startswith(":::")]
    found = [sentence.strip() for line in lines for sentence in re.split(r"(?<=[.!?]) ", line)]
    return [sentence for sentence in found if sentence and body.count(sentence) == 1]


def _is_number_of_item(body: str, at: int) -> bool:
    line = body[body.rfind("\n", 0, at) + 1 :]
    return bool(re.match(r"\d+\. ", line)) and at < body.rfind("\n", 0, at) + 1 + line.index(".")
