"""The few statements that sending stands on, as text, once for each database; all that is SQL in words stands here.

Many rows travel as one JSON array. Each arrow out of `claimed` or `handed` names the delivery's id and its epoch, so
that a worker that lost its lease writes nothing; a positive answer alone wins whoever brings it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import sqlalchemy as sa

# Read as far as it says: "{...}" are the few words in which the databases differ, ":name" is a value.

# Live: with nothing but a rehearsal going on, always; system mails as soon as any campaign is.
_LIVE = """(NOT {live_needed} OR c.live_at IS NOT NULL
    OR c.system AND EXISTS (SELECT 1 FROM campaigns AS any_one WHERE any_one.live_at IS NOT NULL))"""
_RUNNING = f"""c.version IS NOT NULL AND c.paused_at IS NULL AND {_LIVE}
    AND NOT EXISTS (SELECT 1 FROM engine AS g WHERE g.paused_at IS NOT NULL)"""  # noqa: S608
# System mails know neither slots nor a person's pause; people who have not confirmed get what is meant for them only.
_PERSON = """(d.system OR s.paused_until IS NULL OR s.paused_until <= :now) AND (s.state = 'active' OR c.to_pending)"""
_SLOT = "(d.system OR d.hand_overs > 0 OR d.closes_at > :now)"
_SUPPRESSED = """EXISTS (SELECT 1 FROM suppressions AS n
    WHERE n.address = s.address AND n.lifted_at IS NULL AND n.scope IN ('', d.campaign)
    AND (NOT d.system OR n.reason IN ('bounced', 'complained')))"""
_OURS = "d.owner = :owner AND {same_boot} AND d.lease_until > {lease_now}"
# In the words of the index of leases, so that both databases see that it serves.
_LEASED = "d.state IN ('claimed', 'handed') AND d.lease_until IS NOT NULL"
_UNDER_WAY = """EXISTS (SELECT 1 FROM deliveries AS o WHERE o.subscriber = d.subscriber
    AND o.state IN ('claimed', 'handed') AND NOT o.system AND o.id <> d.id)"""
# What a delivery that nobody works on any more does not keep.
_FREE = "claimed_from = NULL, owner = NULL, boot = NULL, lease_until = NULL"
# It went out before the restore if at all: the earliest that it can have is the beginning of its slot.
_RESTORED_ROW = "d.state = 'uncertain' AND d.reason = 'restored'"

_HEADS = f"""
SELECT c.id, c.system, c.priority, (SELECT min(q.next_try_at) FROM due AS q WHERE q.campaign = c.id) AS head
FROM campaigns AS c WHERE {_RUNNING}
ORDER BY c.system DESC, c.priority DESC, head, c.id"""  # noqa: S608

# PostgreSQL: whoever holds the person's row claims for her, and the others look past her. They also look past rows that
# somebody is changing: a claim waits for nobody, so that it cannot wait in a circle.
_HEAD = f"""
SELECT d.id, d.enrollment, d.subscriber, d.step, d.state, d.system, d.due_at, d.closes_at, d.slot_date, d.zone,
    d.next_try_at, d.hand_overs, s.paused_until,
    CASE WHEN d.system THEN {{no}} ELSE {_UNDER_WAY} END AS under_way,
    s.state <> 'active' AND NOT (SELECT c.to_pending FROM campaigns AS c WHERE c.id = :campaign) AS unconfirmed
FROM due AS q JOIN deliveries AS d ON d.id = q.delivery JOIN subscribers AS s ON s.id = d.subscriber
WHERE q.campaign = :campaign AND q.next_try_at <= :now
ORDER BY q.next_try_at, q.delivery LIMIT :most {{lock_head}}"""  # noqa: S608

_CLAIM = f"""
UPDATE deliveries AS d SET state = 'claimed', claimed_from = d.state, epoch = d.epoch + 1,
    owner = :owner, boot = :boot, lease_until = {{lease_now}} + :length,
    version = CASE WHEN d.hand_overs = 0 THEN c.version ELSE d.version END
FROM (SELECT w.id FROM (
        SELECT o.id, row_number() OVER (
            PARTITION BY CASE WHEN o.system THEN -o.id ELSE o.subscriber END ORDER BY o.due_at, o.id) AS n
        FROM {{rows:id}} AS r JOIN deliveries AS o ON o.id = r.id) AS w
    WHERE w.n = 1) AS p, campaigns AS c, subscribers AS s
WHERE d.id = p.id AND c.id = d.campaign AND s.id = d.subscriber
    AND d.state IN ('planned', 'deferred') AND d.next_try_at <= :now
    AND {_RUNNING} AND {_PERSON} AND {_SLOT} AND (d.system OR NOT {_UNDER_WAY})
RETURNING d.id, d.epoch, d.version, d.campaign, d.next_try_at"""  # noqa: S608

# Its time may lie ahead again: the clock was set back since the claim.
_HAND_OVER = f"""
UPDATE deliveries AS d SET state = 'handed', claimed_from = NULL, hand_overs = d.hand_overs + 1,
    variant = CASE WHEN d.hand_overs = 0 THEN r.variant ELSE d.variant END,
    first_handed_at = coalesce(d.first_handed_at, :now)
FROM {{rows:id,epoch,variant}} AS r, campaigns AS c, subscribers AS s, enrollments AS e
WHERE d.id = r.id AND d.epoch = r.epoch AND c.id = d.campaign AND s.id = d.subscriber AND e.id = d.enrollment
    AND d.state = 'claimed' AND {_OURS} AND e.state = 'active' AND d.next_try_at <= :now
    AND {_RUNNING} AND {_PERSON} AND {_SLOT} AND NOT {_SUPPRESSED}
RETURNING d.id"""  # noqa: S608

# The first that holds, in the order in which it matters to the person.
_WHY = f"""
SELECT d.id, CASE WHEN NOT ({_OURS}) THEN 'lease' WHEN {_SUPPRESSED} THEN 'suppressed'
    WHEN e.state <> 'active' THEN 'exited' WHEN NOT ({_SLOT}) THEN 'closed'
    WHEN NOT ({_RUNNING}) OR NOT ({_PERSON}) THEN 'paused' ELSE 'nothing' END
FROM {{rows:id,epoch}} AS r JOIN deliveries AS d ON d.id = r.id JOIN campaigns AS c ON c.id = d.campaign
    JOIN subscribers AS s ON s.id = d.subscriber JOIN enrollments AS e ON e.id = d.enrollment
WHERE d.epoch = r.epoch AND d.state = 'claimed'"""  # noqa: S608

# Only those that the worker works on: what it lost sight of, when the database failed amidst it, is to run out.
_RENEW = f"""
UPDATE deliveries AS d SET lease_until = {{lease_now}} + :length
FROM (SELECT d.id FROM {{rows:id}} AS r JOIN deliveries AS d ON d.id = r.id
    WHERE {_LEASED} AND {_OURS} ORDER BY d.id {{lock_delivery}}) AS p
WHERE d.id = p.id AND {_LEASED} AND {_OURS}
RETURNING d.id"""  # noqa: S608

_ACCEPTED = f"""
UPDATE deliveries AS d SET state = 'accepted', reason = NULL, accepted_at = :now, provider_id = r.provider_id, {_FREE},
    hand_overs = CASE WHEN d.hand_overs = 0 THEN 1 ELSE d.hand_overs END,
    first_handed_at = coalesce(d.first_handed_at, CASE WHEN {_RESTORED_ROW} THEN d.due_at ELSE :now END)
FROM {{rows:id,provider_id}} AS r
WHERE d.id = r.id AND d.state IN ('planned', 'deferred', 'claimed', 'handed', 'uncertain')
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

_DEFERRED = f"""
UPDATE deliveries AS d SET state = 'deferred', next_try_at = r.next_try_at, reason = r.reason, {_FREE},
    deferrals = d.deferrals + 1, deferred_since = coalesce(d.deferred_since, :now)
FROM {{rows:id,epoch,next_try_at,reason}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state = 'handed'
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

# It certainly did not leave: attempt, first hand-over and pinned version are as before the claim.
_NOT_SENT = f"""
UPDATE deliveries AS d SET state = 'deferred', next_try_at = r.next_try_at, reason = r.reason, {_FREE},
    hand_overs = d.hand_overs - 1,
    first_handed_at = CASE WHEN d.hand_overs = 1 THEN NULL ELSE d.first_handed_at END,
    policy_deferrals = d.policy_deferrals + r.policy,
    policy_since = CASE WHEN r.policy > 0 THEN coalesce(d.policy_since, :now) ELSE d.policy_since END
FROM {{rows:id,epoch,next_try_at,reason,policy}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state = 'handed'
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

# From `claimed` when it could not be rendered, from `handed` when it was refused.
_FAILED = f"""
UPDATE deliveries AS d SET state = 'failed', reason = r.reason, {_FREE} FROM {{rows:id,epoch,reason}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state IN ('claimed', 'handed')
RETURNING d.id, d.epoch"""  # noqa: S608

_SKIPPED = f"""
UPDATE deliveries AS d SET state = 'skipped', reason = r.reason, {_FREE} FROM {{rows:id,epoch,reason}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state = 'claimed'
RETURNING d.id, d.epoch"""  # noqa: S608

_UNCERTAIN = f"""
UPDATE deliveries AS d SET state = 'uncertain', reason = r.reason, next_try_at = r.next_try_at, {_FREE},
    unknowns = d.unknowns + 1
FROM {{rows:id,epoch,next_try_at,reason}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state = 'handed'
RETURNING d.id, d.epoch"""  # noqa: S608

# What a restored database cannot know. Tickets of before the restore, which may name any epoch since the backup, open
# nothing any more.
_RESTORED = f"""
UPDATE deliveries AS d SET state = 'uncertain', reason = 'restored', next_try_at = NULL, {_FREE},
    epoch = d.epoch + 1000000
FROM {{rows:id}} AS r WHERE d.id = r.id AND d.state IN ('planned', 'deferred', 'claimed', 'handed', 'uncertain')
RETURNING d.id, d.epoch"""  # noqa: S608

_RELEASE = f"""
UPDATE deliveries AS d SET state = d.claimed_from, {_FREE} FROM {{rows:id,epoch}} AS r
WHERE d.id = r.id AND d.epoch = r.epoch AND d.state = 'claimed'
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

_SWEEP_CLAIMED = f"""
UPDATE deliveries AS d SET state = d.claimed_from, {_FREE} WHERE {_LEASED} AND d.state = 'claimed' AND {{lease_over}}
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

# Its owner died with it, which is never counted; when to try again is for those to say who know the campaign.
_SWEEP_HANDED = f"""
UPDATE deliveries AS d SET state = 'uncertain', reason = 'lease', next_try_at = NULL, {_FREE}
WHERE {_LEASED} AND d.state = 'handed' AND {{lease_over}}
RETURNING d.id, d.campaign"""  # noqa: S608

_WAITED = """
SELECT d.id, d.campaign FROM deliveries AS d WHERE d.state = 'uncertain' AND d.next_try_at <= :now
ORDER BY d.next_try_at, d.id LIMIT :most"""

_RESEND = """
UPDATE deliveries AS d SET state = 'deferred', next_try_at = r.next_try_at FROM {rows:id,next_try_at} AS r
WHERE d.id = r.id AND d.state = 'uncertain'
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""

_SETTLE = """
UPDATE deliveries AS d SET state = r.state, reason = r.reason, next_try_at = NULL FROM {rows:id,state,reason} AS r
WHERE d.id = r.id AND d.state = 'uncertain' AND r.state IN ('failed', 'skipped')
RETURNING d.id, d.epoch"""

_LOCK_ACTIVE = """
SELECT e.id FROM {rows:id} AS r JOIN enrollments AS e ON e.id = r.id WHERE e.state = 'active'
ORDER BY e.id {lock_enrollment}"""

# The rows are numbered in their order; ids are given in the order of planning.
_PLAN = """
INSERT INTO deliveries
    (enrollment, subscriber, campaign, system, step, due_at, closes_at, slot_date, zone, next_try_at)
SELECT e.id, e.subscriber, e.campaign, c.system, r.step, r.due_at, r.closes_at, r.slot_date, r.zone, r.next_try_at
FROM {rows:place,enrollment,step,due_at,closes_at,slot_date,zone,next_try_at} AS r
    JOIN enrollments AS e ON e.id = r.enrollment JOIN campaigns AS c ON c.id = e.campaign
WHERE e.state = 'active' ORDER BY r.place
ON CONFLICT (enrollment, step) DO NOTHING
RETURNING id, epoch, campaign, next_try_at"""

_LOCK_WAITING = """
SELECT d.id, d.epoch, d.campaign, d.next_try_at FROM {rows:id} AS r JOIN deliveries AS d ON d.id = r.id
WHERE d.state IN ('planned', 'deferred') ORDER BY d.id {lock_delivery}"""

# A slot is moved only as long as nothing was handed over in it: who moves it may have looked a moment too early.
_MOVE = """
UPDATE deliveries AS d SET
    due_at = CASE WHEN d.hand_overs = 0 THEN coalesce(r.due_at, d.due_at) ELSE d.due_at END,
    closes_at = CASE WHEN d.hand_overs = 0 THEN coalesce(r.closes_at, d.closes_at) ELSE d.closes_at END,
    slot_date = CASE WHEN d.hand_overs = 0 THEN coalesce(r.slot_date, d.slot_date) ELSE d.slot_date END,
    zone = CASE WHEN d.hand_overs = 0 THEN coalesce(r.zone, d.zone) ELSE d.zone END,
    next_try_at = CASE WHEN r.due_at IS NULL OR d.hand_overs = 0 THEN r.next_try_at ELSE d.next_try_at END
FROM {rows:id,due_at,closes_at,slot_date,zone,next_try_at} AS r
WHERE d.id = r.id AND d.state IN ('planned', 'deferred')
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""

# By id, so that two of these cannot wait for one another. A person's pause leaves system mails alone, and what came
# back after she had left: nothing would put that into the queue again, where it finds its end.
_LOCK_OPEN = """
SELECT d.id, d.epoch, d.campaign, d.next_try_at FROM enrollments AS e JOIN deliveries AS d ON d.enrollment = e.id
WHERE e.subscriber = :subscriber AND :scope IN ('', e.campaign) AND d.state IN ('planned', 'deferred', 'claimed')
    AND NOT (:pause AND (d.system OR e.state <> 'active'))
ORDER BY d.id {lock_delivery}"""

_SKIP_OPEN = f"""
UPDATE deliveries AS d SET state = 'skipped', reason = :reason, {_FREE} FROM {{rows:id}} AS r
WHERE d.id = r.id AND d.state IN ('planned', 'deferred', 'claimed')
RETURNING d.id, d.epoch"""  # noqa: S608

_WITHHOLD = f"""
UPDATE deliveries AS d SET state = coalesce(d.claimed_from, d.state), next_try_at = NULL, {_FREE}
FROM {{rows:id}} AS r WHERE d.id = r.id AND d.state IN ('planned', 'deferred', 'claimed')
RETURNING d.id, d.epoch"""  # noqa: S608

_DELETE = """
DELETE FROM deliveries WHERE state IN ('planned', 'deferred') AND hand_overs = 0
    AND id IN (SELECT r.id FROM {rows:id} AS r)
RETURNING id"""

_REVIVE = f"""
UPDATE deliveries AS d SET reason = NULL, {_FREE},
    state = CASE WHEN d.hand_overs = 0 THEN 'planned' ELSE 'deferred' END,
    due_at = r.due_at, closes_at = r.closes_at, slot_date = r.slot_date, zone = r.zone, next_try_at = r.next_try_at
FROM {{rows:id,due_at,closes_at,slot_date,zone,next_try_at}} AS r
WHERE d.id = r.id AND d.state IN ('skipped', 'failed')
RETURNING d.id, d.epoch, d.campaign, d.next_try_at"""  # noqa: S608

_ENQUEUE = """
INSERT INTO due (campaign, next_try_at, delivery)
SELECT r.campaign, r.next_try_at, r.id FROM {rows:campaign,next_try_at,id} AS r
WHERE r.next_try_at IS NOT NULL
ON CONFLICT DO NOTHING"""

_DEQUEUE = """
DELETE FROM due WHERE (campaign, next_try_at, delivery) IN
    (SELECT r.campaign, r.next_try_at, r.id FROM {rows:campaign,next_try_at,id} AS r)"""

_DISAGREEMENTS = """
SELECT q.campaign, q.next_try_at, q.delivery, 1 AS stray FROM due AS q LEFT JOIN deliveries AS d
    ON d.id = q.delivery AND d.campaign = q.campaign AND d.next_try_at = q.next_try_at
    AND d.state IN ('planned', 'deferred')
WHERE d.id IS NULL
UNION ALL
SELECT d.campaign, d.next_try_at, d.id, 0 FROM deliveries AS d LEFT JOIN due AS q
    ON q.campaign = d.campaign AND q.next_try_at = d.next_try_at AND q.delivery = d.id
WHERE d.state IN ('planned', 'deferred') AND d.next_try_at IS NOT NULL AND q.delivery IS NULL
ORDER BY 3, 4"""

# Who walks, as the calendar wants to know her.
_WALKERS = """
SELECT e.id, e.subscriber, e.campaign, e.started_at, e.at_once, c.version, c.system, s.zone, s.days, s.at, s.pace,
    (SELECT m.value FROM meta AS m WHERE m.key = 'restored_at') AS restored_at
FROM {rows:id} AS r JOIN enrollments AS e ON e.id = r.id JOIN campaigns AS c ON c.id = e.campaign
    JOIN subscribers AS s ON s.id = e.subscriber
WHERE e.state = 'active' ORDER BY e.id"""

_HISTORY = """
SELECT d.enrollment, d.id, d.step, d.state, d.reason, d.hand_overs, d.first_handed_at, d.slot_date, d.due_at
FROM {rows:id} AS r JOIN deliveries AS d ON d.enrollment = r.id ORDER BY d.id"""

_FINISH = """
UPDATE enrollments AS e SET state = 'finished', ended_at = :now FROM {rows:id} AS r
WHERE e.id = r.id AND e.state = 'active' RETURNING e.id"""

# What a claimed delivery needs to become a message.
_LETTERS = """
SELECT d.id, d.enrollment, d.subscriber, d.campaign, d.step, d.version, d.variant, d.hand_overs,
    s.email, s.first_name, s.last_name, s.language, s.zone, s.attributes
FROM {rows:id} AS r JOIN deliveries AS d ON d.id = r.id JOIN subscribers AS s ON s.id = d.subscriber ORDER BY d.id"""

_TAGS = """
SELECT t.subscriber, t.tag FROM {rows:id} AS r JOIN tags AS t ON t.subscriber = r.id ORDER BY t.subscriber, t.tag"""

# The values of rows that are numbers, for the database that wants to know; all others are texts.
_NUMBERS = frozenset({"id", "epoch", "enrollment", "next_try_at", "due_at", "closes_at", "place", "policy"})


@dataclass(frozen=True, slots=True)
class Hot:
    """The statements of one database, ready for `exec_driver_sql`."""

    heads: str
    head: str
    claim: str
    hand_over: str
    why: str
    renew: str
    accepted: str
    deferred: str
    not_sent: str
    failed: str
    skipped: str
    uncertain: str
    restored: str
    release: str
    sweep_claimed: str
    sweep_handed: str
    waited: str
    resend: str
    settle: str
    lock_active: str
    plan: str
    lock_waiting: str
    move: str
    lock_open: str
    skip_open: str
    withhold: str
    delete: str
    revive: str
    enqueue: str
    dequeue: str
    disagreements: str
    walkers: str
    history: str
    finish: str
    letters: str
    tags: str


def _sqlite(text: str) -> str:
    def rows(found: re.Match[str]) -> str:
        names = enumerate(found[1].split(","))
        kinds = {name: "integer" if name in _NUMBERS else "text" for name in found[1].split(",")}
        columns = ", ".join(f"CAST(json_extract(value, '$[{n}]') AS {kinds[name]}) AS {name}" for n, name in names)
        return f"(SELECT {columns} FROM json_each(:rows))"  # noqa: S608

    # One writer at a time: nothing needs a lock of its own. The monotonic clock means something only until the machine
    # stops, and a row of before that is over; so is any other's, where a lock on a file says that we are alone.
    words = {
        "live_needed": ":live_needed",
        "lease_now": ":tick",
        "same_boot": "d.boot = :boot",
        "lease_over": "(d.boot <> :boot OR d.lease_until <= :tick OR (:alone AND d.owner <> :owner))",
        "no": "0",
        "lock_head": "",
        "lock_enrollment": "",
        "lock_delivery": "",
    }
    # What a change gives back is a column of its table, which SQLite knows there by no other name.
    text = re.sub(r"RETURNING .*", lambda found: re.sub(r"\b[de]\.", "", found[0]), text)
    return re.sub(r"\{rows:([a-z_,]+)\}", rows, text).format_map(words)


def _postgresql(text: str) -> str:
    def rows(found: re.Match[str]) -> str:
        names = enumerate(found[1].split(","))
        kinds = {name: "bigint" if name in _NUMBERS else "text" for name in found[1].split(",")}
        columns = ", ".join(f"CAST(value ->> {n} AS {kinds[name]}) AS {name}" for n, name in names)
        return f"(SELECT {columns} FROM json_array_elements(CAST(:rows AS json)))"  # noqa: S608

    # Leases go by the database's clock, which all workers share, on whatever machine they are.
    words = {
        "live_needed": "CAST(:live_needed AS boolean)",
        "lease_now": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
        "same_boot": "d.boot = :boot",
        "no": "false",
        "lock_head": "FOR NO KEY UPDATE OF q, d, s SKIP LOCKED",
        "lock_enrollment": "FOR NO KEY UPDATE OF e",
        "lock_delivery": "FOR NO KEY UPDATE OF d",
    }
    # The clock that stands still within a statement: an index can be asked for what is before it. (A hand-over may have
    # to wait for a row, and looks at the clock that goes on.)
    words["lease_over"] = f"d.lease_until <= {words['lease_now'].replace('clock_', 'statement_')}"
    text = re.sub(r"\{rows:([a-z_,]+)\}", rows, text).format_map(words)
    return re.sub(r":([a-z_]+)", r"%(\1)s", text)


def _all() -> dict[str, str]:
    return {field.name: globals()[f"_{field.name.upper()}"] for field in fields(Hot)}


_OF = {
    "sqlite": Hot(**{name: _sqlite(text) for name, text in _all().items()}),
    "postgresql": Hot(**{name: _postgresql(text) for name, text in _all().items()}),
}


def hot(tx: sa.Connection) -> Hot:
    """Return the statements in the words of the database that the transaction is in."""
    return _OF[tx.dialect.name]


_NAMES = {dialect: {getattr(of, field.name): field.name for field in fields(Hot)} for dialect, of in _OF.items()}


def named(tx: sa.Connection, statement: str) -> str:
    """Return the name of one of the statements: that of its field."""
    return _NAMES[tx.dialect.name][statement]
