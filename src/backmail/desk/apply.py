"""`backmail apply`: what the files say now becomes what is sent; people on their way go on from where they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import sqlalchemy as sa

from backmail import rendering
from backmail.config import Project
from backmail.desk import check, workshop
from backmail.desk.media import media
from backmail.desk.portable import portable
from backmail.desk.render import people_of
from backmail.desk.system import system_settings
from backmail.errors import SafetyStop
from backmail.links import INVALID_URL, TEST_KEY, Links, delivery_id
from backmail.model.campaign import Campaign, Finding, Step
from backmail.model.people import Subscriber
from backmail.model.states import DeliveryState
from backmail.rendering.lint import distinct, judge
from backmail.sending.operations.diary import note
from backmail.sending.published import Prepared, Shelf, load, newest, prepare, publish
from backmail.sending.replanning import replan, walking
from backmail.store.engine import durable
from backmail.store.tables import deliveries

__all__ = ["Applied", "Ready", "apply", "ready", "rehearse"]


@dataclass(frozen=True, slots=True)
class Ready:
    """A campaign that was judged, and composed as far as nothing is wrong with it; `prepared` is None otherwise."""

    campaign: Campaign
    findings: Sequence[Finding]
    prepared: Prepared | None


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a campaign does, people first.

    Attributes:
        slug: its name.
        number: the version that is published by it; `before` the one until then, None for the first.
        people: who is on the way through it.
        another: of these, those whose next mail is another one; `moved`: it is the same one, at another time;
            `finished`: nothing more comes for them; `held`: their next mail may have gone out before the database was
            restored, and somebody has to decide.
        added, removed, changed: ids of steps.
    """

    slug: str
    number: int
    before: int | None
    people: int
    another: int = 0
    moved: int = 0
    finished: int = 0
    held: int = 0
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether the files say anything else than what is published."""
        return self.number != self.before

    @property
    def touched(self) -> int:
        """How many people it means something to: all on their way, as soon as anything differs."""
        return self.people if self.anything else 0


def ready(campaign: Campaign, project: Project) -> Ready:
    """Judge a campaign as `check` does, and compose it, the variants with the safety text above included.

    Raises:
        InputError: a file beside the campaign cannot be used.
    """
    findings = check.check(campaign, project)
    if check.bad(findings, "error"):
        return Ready(campaign, findings, None)
    config = project.config
    theme = rendering.load_theme(campaign.theme, [project.templates], campaign.places.get("theme"))
    setting = rendering.Setting(portable(campaign, project.root), theme, config.brand, config.company)
    prepared = prepare(setting, media(setting.campaign, project.root))
    told = {(finding.id, finding.message) for finding in findings}
    more = [each for each in _with_safety(prepared, campaign, project) if (each.id, each.message) not in told]
    return Ready(campaign, [*findings, *more], None if check.bad(more, "error") else prepared)


def rehearse(store: sa.Engine, prepared: Sequence[Prepared], *, now: dt.datetime, zone: str) -> list[Applied]:
    """Return what `apply` would do now, and leave everything as it is.

    Raises:
        CampaignError: a campaign's name is taken, or somebody's next mail finds no slot.
    """
    found: list[Applied] = []
    with suppress(_TakenBack), durable(store) as tx:
        found += [_applied(tx, each, now=now, zone=zone, by="") for each in prepared]
        raise _TakenBack
    return found


def apply(
    store: sa.Engine,
    project: Project,
    prepared: Sequence[Prepared],
    *,
    now: dt.datetime,
    by: str,
    expected: int | None = None,
) -> list[Applied]:
    """Publish campaigns, and backmail's own mails with them, and let them take effect: in one transaction, or not.

    Who is on the way gets a step that was added ahead, and none that was added behind. A waiting mail whose step was
    removed is taken back and the next one planned; another delay or schedule moves it. What was handed over once stays
    as it is. Edits only move forward (rules of sending, A 7).

    Args:
        store: the database.
        project: whose settings count.
        prepared: of each campaign, as `ready` composed it.
        now: the present instant, UTC.
        by: who applies them.
        expected: how many people it may touch, None for any number.

    Raises:
        SafetyStop: it would touch another number of people than expected.
        CampaignError: a campaign's name is taken, or somebody's next mail finds no slot.
        ConfigError: config.yaml names no sender for backmail's own mails.
    """
    own = composed_system(project)
    with durable(store) as tx:
        for each in own:
            publish(tx, each, now=now, by=by)
        done = [_applied(tx, each, now=now, zone=project.config.zone, by=by) for each in prepared]
        touched = sum(each.touched for each in done)
        if expected is not None and touched != expected:
            raise SafetyStop(f"{touched} people are on their way by now, {expected} were expected: nothing was done")
    return done


def composed_system(project: Project) -> list[Prepared]:
    """Return backmail's own mails, composed: the one that asks whether an address is meant.

    Raises:
        ConfigError: config.yaml names no sender for them.
    """
    return [prepare(setting, media(setting.campaign, project.root)) for setting in system_settings(project)]


class _TakenBack(Exception):  # noqa: N818  # it says what happened
    """What was done in a transaction was only tried."""


def _applied(tx: sa.Connection, prepared: Prepared, *, now: dt.datetime, zone: str, by: str) -> Applied:
    """Publish one campaign, let it take effect, and return what that did."""
    campaign = prepared.setting.campaign
    before = newest(tx, campaign.id)
    steps = load(tx, campaign.id, before).campaign.steps if before else ()
    number = publish(tx, prepared, now=now, by=by)
    people = walking(tx, campaign=campaign.id)
    if number == before:
        return Applied(campaign.slug, number, before, len(people))
    note(tx, "applied", campaign.id, now=now, by=by, version=number)
    waited = _waiting(tx, campaign.id)
    # A shelf of its own: when this transaction is taken back, the version that it saw was never there.
    replanned = replan(tx, Shelf(), people, now=now, zone=zone)
    for fault in replanned.stuck.values():
        raise fault
    waits = _waiting(tx, campaign.id)
    both = waited.keys() & waits.keys()
    return Applied(
        campaign.slug,
        number,
        before,
        len(people),
        another=sum(waited.get(each, _NOTHING)[0] != waits[each][0] for each in waits),
        moved=sum(waited[each][0] == waits[each][0] and waited[each] != waits[each] for each in both),
        finished=len(replanned.finished),
        held=len(replanned.held),
        **_differences(steps, campaign.steps),
    )


_NOTHING = ("", None)


def _waiting(tx: sa.Connection, campaign: str) -> dict[int, tuple[str, dt.datetime]]:
    """Return step and slot of what waits, by the enrollment."""
    query = sa.select(deliveries.c.enrollment, deliveries.c.step, deliveries.c.due_at).where(
        deliveries.c.campaign == campaign, deliveries.c.state.in_((DeliveryState.PLANNED, DeliveryState.DEFERRED))
    )
    return {row.enrollment: (row.step, row.due_at) for row in tx.execute(query)}


def _differences(before: Sequence[Step], after: Sequence[Step]) -> dict[str, tuple[str, ...]]:
    """Return the ids of steps that are new, gone, and not as they were; where a line stands is no difference."""
    old, new = ({step.id: replace(step, places={}, body_line=0) for step in steps} for steps in (before, after))
    return {
        "added": tuple(id_ for id_ in new if id_ not in old),
        "removed": tuple(id_ for id_ in old if id_ not in new),
        "changed": tuple(id_ for id_ in new if id_ in old and new[id_] != old[id_]),
    }


def _with_safety(prepared: Prepared, campaign: Campaign, project: Project) -> list[Finding]:
    """Return what is wrong with the mails that hold the safety text above, as the sample people get them."""
    config = project.config
    links = Links(TEST_KEY, config.site.public_url or INVALID_URL)
    found: list[Finding] = []
    for step in campaign.steps:
        if step.id not in prepared.composer.exposed:
            continue
        for subscriber in (*people_of(project), Subscriber("a@example.org", name="nobody-known")):
            ids = {each.id: delivery_id(campaign.id, each.id, subscriber.name) for each in campaign.steps}
            reader = rendering.reader_for(campaign, step, subscriber, links, ids)
            composed = prepared.composer.of(step.id, reader, safe=True)
            message = rendering.address(composed, reader, ids[step.id], links)
            judged = prepared.composer.step(step.id, safe=True)
            of_mail = judge(
                message,
                judged,
                campaign.folder,
                company=config.company,
                article=lambda: workshop.text_of(campaign),
                campaign=campaign,
            )
            found += check.as_far_as_sent(of_mail, project)
    return [replace(finding, campaign=campaign.slug) for finding in distinct(found)]
