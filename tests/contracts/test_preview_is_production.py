"""What the preview shows is what goes out: the bytes that it offers are those that the pump hands to a transport."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail import rendering, transports
from backmail.app.carriers import bytes_of
from backmail.audience import subscribers
from backmail.config import find_project, start_project
from backmail.desk import render
from backmail.desk.preview.drafts import Draft, Drafts
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.rendering.reader import reader_for
from backmail.sending.published import prepare, publish
from tests.store.world import in_memory
from tests.town import KEY, PEPPER, Clock, Town

_DATE = re.compile(rb"^Date: [^\r\n]*\r\n", re.MULTILINE)
_CONDITIONS = """\
{% if subscriber.first_name %}
Well done, {{ subscriber.first_name }}.
{% endif %}
{% if progress.next %}
Next: {{ progress.next.subject }}.
{% endif %}

"""


def dateless(mail: bytes) -> bytes:
    """Return a mail without the one header that time writes."""
    found, count = _DATE.subn(b"", mail, count=1)
    assert count == 1
    return found


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """The drafts of a new project, with conditions on the reader in one of its steps."""
    root = tmp_path / "project"
    start_project(root)
    [folder] = (root / "campaigns").glob("[!_.]*")
    step = sorted(folder.glob("*.md"))[1]
    head, body = step.read_text(encoding="utf-8").split("\n---\n", 1)
    head = re.sub(r"^subject: .*$", "subject: \"Stop, {{ subscriber.first_name or 'you' }}\"", head, flags=re.MULTILINE)
    step.write_text(f"{head}\n---\n{_CONDITIONS}{body}", encoding="utf-8")
    return Drafts(find_project(root))


def walked(store: sa.Engine, drafts: Drafts, draft: Draft, people: list[Subscriber], outbox: Path) -> Town:
    """Walk people through the published campaign, with the folder that takes their mails."""
    clock = Clock()
    town = Town(store, drafts.project.root, transports.FolderTransport(outbox, bytes_of(clock), clock), clock)
    assert draft.campaign is not None
    with town.backmail.durable() as tx:
        setting = render.Renderer(drafts.project, draft.campaign).setting
        number = publish(tx, prepare(setting), now=clock.now(), by="test")
        town.published = town.backmail.shelf.get(tx, draft.campaign.id, number)
        ids = [subscribers.add(tx, each, PEPPER, now=clock.now(), state=SubscriberState.ACTIVE) for each in people]
    town.enroll(ids)
    town.run()
    return town


def test_the_preview_shows_what_the_transport_is_handed(
    drafts: Drafts, sqlite_upgraded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = next(slug for slug in drafts.slugs if not slug.startswith("_"))
    people = [drafts.person(name) for name in ("anna", "no-first-name", "misaki")]
    town = walked(in_memory(sqlite_upgraded), drafts, drafts.draft(slug), people, tmp_path / "outbox")
    mails = {path.stem.rpartition("-")[2]: path.read_bytes() for path in (tmp_path / "outbox").glob("*.eml")}
    enrollments = town.enrollments()
    assert len(enrollments) == len(people)
    monkeypatch.setattr(render, "TEST_KEY", KEY)
    for person, enrollment in zip(people, enrollments, strict=True):
        # The same key and ids as the engine's, which no preview knows: nothing else is changed.
        ids = {row.step: str(row.id) for row in town.deliveries(enrollment=enrollment.id)}
        beside = (enrollment.id, enrollment.subscriber)
        with monkeypatch.context() as patch:
            patch.setattr(render, "delivery_id", lambda campaign, step, person, ids=ids: ids[step])
            patch.setattr(rendering, "reader_for", partial(reader_for, beside=beside), raising=False)
            draft = Drafts(drafts.project).draft(slug)
            assert [each.name for each in draft.steps] == list(ids)
            for step, id_ in ids.items():
                assert dateless(draft.mail(step, person).eml) == dateless(mails[id_])
