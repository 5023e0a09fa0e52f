"""The campaign that ships is as its article says, and whatever is changed in it by hand is found where it was made."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

import pytest

from backmail import article as articles
from backmail.campaign import Outline, compare, read, read_outline
from backmail.config import Project, sample_campaigns
from backmail.markup import containers
from backmail.model.article import Article
from backmail.model.campaign import Campaign, Finding, Step
from backmail.model.plan import Plan

FOLDER = sample_campaigns()[0]
SHORTEST = 3  # words: less is no sentence


@dataclass(frozen=True)
class Sample:
    """The campaign that ships, with what it was made from."""

    campaign: Campaign
    article: Article
    plan: Plan
    outline: Outline

    def findings(self, *bodies: tuple[Step, str]) -> list[Finding]:
        """Compare the campaign with other bodies for some of its steps."""
        changed = {step.id: replace(step, body=body) for step, body in bodies}
        steps = tuple(changed.get(step.id, step) for step in self.campaign.steps)
        return compare(replace(self.campaign, steps=steps), self.article, self.plan, self.outline)


@cache
def sample() -> Sample:
    """Return the campaign that ships, its article understood anew."""
    campaign = read(FOLDER, project=Project(FOLDER.parents[1]))
    outline = read_outline(FOLDER)
    article = articles.understand(articles.read(FOLDER / campaign.article), overrides=outline.overrides)
    plan = articles.arrange(article, outline.weeks, source_url=campaign.source_url)
    return Sample(campaign, article, plan, outline)


def held() -> list[tuple[Step, int, int]]:
    """Return the containers of all mails: the step, and the first and last line of each (from 0) in its body."""
    return [
        (step, each.start - step.body_line, each.end - step.body_line)
        for step in sample().campaign.steps
        for each in containers(step.body, step.file, step.body_line)
        if each.name != "note"
    ]


def texts() -> list[tuple[Step, int]]:
    """Return the lines of text of all mails, by step and number (from 0); headings and fences are left out."""
    return [
        (step, number)
        for step in sample().campaign.steps
        for number, line in enumerate(step.body.split("\n"))
        if len(line.split()) >= SHORTEST and not line.startswith(("#", ":::"))
    ]


def near(findings: list[Finding], what: set[str], step: Step, line: int) -> bool:
    """Whether one of the findings is of that kind, in that step's file, at that line of its body or next to it."""
    file, there = str(FOLDER / step.file), line + step.body_line
    places = [each.place for each in findings if each.id in what]
    return any(place and place.file == file and abs((place.line or 0) - there) <= 2 for place in places)


def test_the_sample_is_as_its_article_says() -> None:
    assert sample().findings() == []


def test_it_has_enough_to_be_changed() -> None:
    assert len(texts()) > 30
    assert len(held()) > 10


@pytest.mark.parametrize("at", range(0, 60, 2))
def test_a_deleted_sentence_is_found(at: int) -> None:
    step, number = texts()[at % len(texts())]
    lines = step.body.split("\n")
    cut = re.split(r"(?<=[.!?:]) (?=[A-Z])", lines[number])
    lines[number] = " ".join(cut[:-1])
    findings = sample().findings((step, "\n".join(lines)))
    assert near(findings, {"text-missing", "safety-repeat-changed", "block-missing"}, step, number), findings


def test_every_changed_number_is_found() -> None:
    for step, number in texts():
        lines = step.body.split("\n")
        for found in re.finditer(r"(?<!^)\d+", lines[number]):
            changed = f"{lines[number][: found.start()]}{int(found[0]) + 1}{lines[number][found.end() :]}"
            body = "\n".join([*lines[:number], changed, *lines[number + 1 :]])
            findings = sample().findings((step, body))
            assert near(findings, {"number-changed"}, step, number), (changed, findings)


def test_every_container_without_its_fences_is_found() -> None:
    for step, start, end in held():
        lines = step.body.split("\n")
        body = "\n".join([*lines[:start], *lines[start + 1 : end], *lines[end + 1 :]])
        assert near(sample().findings((step, body)), {"container-missing"}, step, start)


def test_every_container_moved_to_another_mail_is_found() -> None:
    steps = sample().campaign.steps
    for step, start, end in held():
        lines = step.body.split("\n")
        other = steps[(steps.index(step) + 1) % len(steps)]
        moved = f"{other.body}\n" + "\n".join(lines[start : end + 1])
        rest = "\n".join([*lines[:start], *lines[end + 1 :]])
        findings = sample().findings((step, rest), (other, moved))
        assert near(findings, {"block-moved"}, other, other.body.count("\n") + 1)
