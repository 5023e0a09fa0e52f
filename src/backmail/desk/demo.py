"""`backmail demo`: the whole way from an article to mails delivered in rehearsal, in a folder of its own."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backmail import campaign as campaigns
from backmail import rendering
from backmail.config import Project, find_project, sample_campaigns
from backmail.desk import check, gallery, new, render, summary
from backmail.desk.portable import portable
from backmail.desk.rehearsed import Rehearsed
from backmail.errors import Fault, Place, UsageError
from backmail.model.campaign import Campaign, Finding
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.shipped import shipped

MARK = "summary.json"  # what an earlier demo left behind: only such a folder, or an empty one, is written over

# Delivers a campaign to made-up people, the mails of one of them into the outbox of the project.
Deliver = Callable[[Project, rendering.Setting], Rehearsed]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a demo made. `folder` holds campaigns/, gallery/ and outbox/."""

    folder: Path
    campaign: Campaign
    made: new.Made
    findings: tuple[Finding, ...]
    rehearsed: Rehearsed
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def gallery(self) -> Path:
        """The gallery's page."""
        return self.folder / "gallery" / "index.html"

    @property
    def outbox(self) -> Path:
        """The page of the outbox."""
        return self.folder / "outbox" / "index.html"


def demo(out: Path, deliver: Deliver, article: Path | None = None) -> Shown:
    """Make a campaign of `article` (of the sample that ships) in `out`, check it, deliver it, and show its mails.

    Args:
        out: the folder to work in.
        deliver: delivers the series in rehearsal; the room that can do that stands above this one.
        article: instead of the sample's.

    Raises:
        UsageError: `out` has other things in it.
        ArticleError, PlanRefused, SafetyStop: the article cannot become a series.
    """
    _clear(out)
    path, wishes = (article, new.Wishes(adapt="all")) if article else sample()
    try:
        _write(out / MARK, "{}\n")  # so that one that was stopped is written over, too
        project = _begun(out, with_products=article is None)
        made = new.new(path, project, wishes)
        campaign = campaigns.read(made.folder, project=project)
        findings = tuple(check.check(campaign, project))
        setting = render.Renderer(project, campaign).setting
        rehearsed = deliver(project, replace(setting, campaign=portable(campaign, project.root)))
        shown = _exhibited(project, Shown(project.root, campaign, made, findings, rehearsed))
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise
    _write(out / MARK, json.dumps(as_json(shown), ensure_ascii=False, indent=1) + "\n")
    return shown


def sample() -> tuple[Path, new.Wishes]:
    """Return the article of the campaign that ships, and the wishes that the campaign was made with."""
    folder = sample_campaigns()[0]
    return folder / "article.txt", new.Wishes(slug=folder.name, adapt="all")


def _begun(out: Path, *, with_products: bool) -> Project:
    """Begin a project in `out` with the settings and people of a new one; it needs no secrets, for nothing is sent.

    The products of a new project are those of the sample.
    """
    own = shipped("templates") / "project"
    shutil.copytree(own / "people", out / "people")
    for name in ("config.yaml", "catalog.yaml") if with_products else ("config.yaml",):
        shutil.copy(own / name, out / name)
    return find_project(out, out)


def _clear(out: Path) -> None:
    """Make way for a new demo where an earlier one stands."""
    if not out.exists():
        return
    if not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file()):
        hint = "name another folder: --out DIR"
        raise UsageError(
            Fault("this is not the folder of an earlier demo, and a demo writes over it", Place(str(out)), hint)
        )
    shutil.rmtree(out)


def _exhibited(project: Project, shown: Shown) -> Shown:
    """Render the mails for everybody of people/, and write the gallery's page."""
    renderer = render.Renderer(project, shown.campaign)
    folder = shown.gallery.parent
    first, *others = render.people_of(project)
    rendered = {subscriber.name: render.messages(renderer, subscriber) for subscriber in (first, *others)}
    render.write(rendered[first.name], folder, shown.campaign)
    for other in others:
        render.write(rendered[other.name], folder / other.name, shown.campaign)
    mails = _mails(shown.made, rendered[first.name])
    _write(shown.gallery, gallery.page(_exhibition(shown, mails, first, others)))
    return replace(shown, sizes={mail.name: mail.size for mail in mails})


def _mails(made: new.Made, messages: dict[str, Message]) -> list[gallery.Shown]:
    return [
        gallery.Shown(
            name=name,
            number=step.week,
            subject=message.part("subject"),
            preheader=message.part("preheader"),
            text=message.part("text"),
            words=step.words,
            size=len(message.part("html").encode()),
        )
        for step, (name, message) in zip(made.plan.steps, messages.items(), strict=True)
    ]


def _exhibition(
    shown: Shown, mails: list[gallery.Shown], first: Subscriber, others: list[Subscriber]
) -> gallery.Exhibition:
    article, plan = shown.made.article, shown.made.plan
    facts = [
        ("made", summary.sentence_about(article, plan)),
        ("kept", summary.kept_of(article, plan)),
        ("safety", summary.safety_of(article, plan)),
    ]
    return gallery.Exhibition(
        campaign=shown.campaign,
        article=article,
        mails=mails,
        person=first,
        others=others,
        findings=shown.findings,
        changed=json.loads(shown.made.files["coverage.json"])["changed"],
        flagged=[caution for caution in article.cautions if caution.proposal is None],
        facts=[(term, text) for term, text in facts if text],
        rehearsed=shown.rehearsed,
    )


def as_json(shown: Shown) -> dict[str, Any]:
    """Return what summary.json says."""
    article, plan = shown.made.article, shown.made.plan
    coverage = json.loads(shown.made.files["coverage.json"])
    return {
        "schema": 1,
        "article": Path(article.source.name).name,
        "title": article.title,
        "words": article.words,
        "campaign": shown.campaign.slug,
        "mails": [
            {"file": f"{name}.html", "subject": step.subject, "words": step.words, "bytes": shown.sizes[name]}
            for step, name in zip(plan.steps, shown.sizes, strict=True)
        ],
        "changed": len(coverage["changed"]),
        "moved": len(coverage["moved"]),
        "dropped": len(coverage["dropped"]),
        "flagged": [
            {"id": caution.id, "line": caution.start, "message": caution.message}
            for caution in article.cautions
            if caution.proposal is None
        ],
        "findings": check.counts(shown.findings),
        **_counted(shown.rehearsed),
        "sent": 0,
        "gallery": "gallery/index.html",
    }


def _counted(rehearsed: Rehearsed) -> dict[str, Any]:
    """Return what the tables say of the rehearsal."""
    done = rehearsed.done
    return {
        "people": done.people,
        "planned": done.planned,
        "accepted": done.accepted,
        "lost": done.lost,
        "duplicates": rehearsed.duplicates,
        "weeks": [{step: week[step] for step in done.steps if week[step]} for week in done.weeks],
        "zones": len(done.zones),
        "first": _utc(done.first),
        "last": _utc(done.last),
        "outbox": "outbox/index.html",
    }


def _utc(at: dt.datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
