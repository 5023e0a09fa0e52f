"""Pictures of mails: kept by the hash of their bytes as long as any version, given to whoever has the address."""

import hashlib
import re
from dataclasses import replace
from functools import cache

import pytest
import sqlalchemy as sa

from backmail.campaign import read
from backmail.config import Project, sample_campaigns
from backmail.model.campaign import PictureFile
from backmail.rendering import Setting, load_theme
from backmail.sending.published import Prepared, prepare, publish
from backmail.shipped import shipped
from backmail.store.tables import contents, version_files, versions
from tests.desk.test_images import JPEG, png
from tests.web.counter import PUBLIC, Counter, config

OLD, NEW = png(), png(41, 30)
CAMPAIGN = "c-pics22"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def mail(data: bytes) -> Prepared:
    """Return a mail that shows one picture; another of its folder is shown by none."""
    sample = read(sample_campaigns()[0], project=Project(shipped("campaigns").parent))
    files = {"images/two pots.png": data, "images/unused.jpg": JPEG}
    known = {name: PictureFile(digest(each), "png", 1040, 780, len(each)) for name, each in files.items()}
    step = replace(sample.steps[0], body="Look: ![Two pots](images/two%20pots.png)")
    campaign = replace(sample, id=CAMPAIGN, slug="pics", steps=(step,), pictures=known)
    settings = config()
    return prepare(Setting(campaign, load_theme(campaign.theme), settings.brand, settings.company), files)


def published(at: Counter, data: bytes) -> int:
    with at.backmail.durable() as tx:
        return publish(tx, mail(data), now=at.clock.at, by="ann")


def path(data: bytes, name: str = "two%20pots.png") -> str:
    return f"/media/{digest(data)}/{name}"


def test_a_picture_of_a_sent_mail_is_given_for_ever(at_both: Counter) -> None:
    at = at_both
    published(at, OLD)
    reader = at.enrolled(at.person(), CAMPAIGN)
    at.clock.at = at.delivery(reader)["due_at"]
    at.tick()
    [source] = re.findall(r'<img[^>]*src="([^"]*/media/[^"]*)"', at.transport.carried[-1].message.part("html"))
    assert source == PUBLIC + path(OLD)
    assert published(at, NEW) == 2
    answer = at.client.get(path(OLD))
    assert (answer.status_code, answer.content) == (200, OLD)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["etag"] == f'"{digest(OLD)}"'
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin", "webmail shows it on its own pages"
    assert at.client.get(path(NEW)).content == NEW


def test_who_has_it_already_is_told_so(at: Counter) -> None:
    published(at, OLD)
    for said in (f'"{digest(OLD)}"', f'W/"{digest(OLD)}"', f'"x", "{digest(OLD)}"', "*"):
        answer = at.client.get(path(OLD), headers={"If-None-Match": said})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == f'"{digest(OLD)}"'
    assert at.client.get(path(OLD), headers={"If-None-Match": f'"{digest(NEW)}"'}).status_code == 200
    head = at.client.request("HEAD", path(OLD))
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(OLD)), b"")


@pytest.mark.parametrize(
    "wanted",
    [
        path(NEW),  # of no version
        path(JPEG, "unused.jpg"),  # of the folder, and no mail shows it
        path(OLD, "other.png"),
        path(OLD, "..%2Ftwo%20pots.png"),
        f"/media/{digest(OLD).upper()}/two%20pots.png",
        f"/media/{digest(OLD)[:63]}/two%20pots.png",
        f"/media/{digest(OLD)}/",
        "/media/../healthz",
        "/media/%2e%2e/%2e%2e%2fetc%2fpasswd",
        f"/media/{digest(OLD)}/two%20pots.png/x",
    ],
)
def test_nothing_else_is_given(wanted: str, at: Counter) -> None:
    published(at, OLD)
    answer = at.client.get(wanted)
    assert answer.status_code == (200 if wanted.endswith("/healthz") else 404)
    assert "image" not in answer.headers["content-type"]


def test_a_file_of_the_theme_is_no_picture(at: Counter) -> None:
    published(at, OLD)
    with at.backmail.reading() as tx:
        theme = tx.scalars(sa.select(version_files.c.hash).where(version_files.c.path.like("theme/%"))).first()
    assert at.client.get(f"/media/{theme}/mail.html.jinja").status_code == 404


def test_the_same_picture_is_kept_once_and_nothing_is_written_for_no_change(at: Counter) -> None:
    assert published(at, OLD) == published(at, OLD) == 1
    assert published(at, NEW) == 2
    assert published(at, OLD) == 3
    with at.backmail.reading() as tx:
        held = tx.scalar(sa.select(sa.func.count()).where(contents.c.hash.in_([digest(OLD), digest(NEW)])))
        kept = tx.scalar(sa.select(sa.func.count()).select_from(versions).where(versions.c.campaign == CAMPAIGN))
    assert (held, kept) == (2, 3)


def test_a_version_has_its_theme_apart_from_its_pictures(at: Counter) -> None:
    published(at, OLD)
    with at.backmail.reading() as tx:
        theme = at.backmail.shelf.newest(tx, CAMPAIGN).theme
    assert "mail.html.jinja" in theme
    assert not any("pots" in file for file in theme)
