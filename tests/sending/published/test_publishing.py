"""Publishing: what is written down, when nothing is, and the campaign's row beside it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.errors import CampaignError, TemplateError
from backmail.model.campaign import Step
from backmail.model.states import OnUncertain
from backmail.rendering import Setting
from backmail.rendering.confined import Confined
from backmail.rendering.theme import Theme, load_theme
from backmail.sending.published import newest, prepare, published_as
from backmail.store.engine import reading
from backmail.store.tables import campaigns, composed, contents, version_files, versions
from tests.rendering.conftest import BRAND, MINIMAL, write_theme
from tests.sending.published.samples import NOW, changed, loaded, mail, put, series, setting


def rows(store: sa.Engine, table: sa.Table) -> list[Any]:
    """Return all rows of a table."""
    with reading(store) as tx:
        return list(tx.execute(sa.select(table)))


def count(store: sa.Engine) -> list[int]:
    """Return how many rows the tables of versions have."""
    return [len(rows(store, table)) for table in (versions, contents, version_files, composed)]


def test_a_version_comes_back_as_it_was(store: sa.Engine, minimal: Theme) -> None:
    made = setting(minimal)
    assert put(store, made) == 1
    version = loaded(store)
    assert version.number == 1
    assert (version.campaign, version.brand, version.company) == (made.campaign, made.brand, made.company)
    assert version.theme == minimal.files
    assert version.safety_steps == {"stop"}
    assert version.exposed == {"rolls"}
    assert dict(version.stored) == prepare(made).stored
    [row] = rows(store, versions)
    assert (row.published_at, row.published_by) == (NOW, "ann")


def test_what_did_not_change_is_not_written_again(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    before = count(store)
    assert put(store, setting(minimal)) == 1
    assert count(store) == before


@pytest.mark.parametrize("what", ["step", "place", "brand", "theme", "slug"])
def test_whatever_changed_makes_the_next_version(what: str, store: sa.Engine, minimal: Theme, tmp_path: Path) -> None:
    put(store, setting(minimal))
    made = series()
    if what == "step":
        made = changed(made, "last", body="Thank you.\n")
    elif what == "place":
        made = changed(made, "last", body_line=10)
    elif what == "slug":
        made = replace(made, slug="looser")
    write_theme(tmp_path, "minimal", MINIMAL | {"mail.txt.jinja": "{{ body }}\n\n{{ links.unsubscribe }}\n"})
    looks = setting(load_theme("minimal", [tmp_path]) if what == "theme" else minimal, made)
    assert put(store, replace(looks, brand=replace(BRAND, accent="#000000")) if what == "brand" else looks) == 2
    with reading(store) as tx:
        assert newest(tx, made.id) == 2
    assert loaded(store, 1).campaign == series()


def test_files_of_two_versions_are_kept_once(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    kept = len(rows(store, contents))
    put(store, setting(minimal, changed(series(), "last", body="Thank you.\n")))
    assert len(rows(store, contents)) == kept
    assert len(rows(store, version_files)) == 2 * len(minimal.files)


def test_the_campaigns_row_follows(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    put(store, setting(minimal, series(slug="looser", priority=9, on_uncertain=OnUncertain.HOLD)))
    [row] = rows(store, campaigns)
    assert (row.id, row.slug, row.version, row.priority, row.on_uncertain) == ("c-7f3k2q", "looser", 2, 9, "hold")
    assert (row.system, row.to_pending, row.live_at) == (False, False, None)


def test_backmails_own_mails_may_go_to_who_has_not_confirmed(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal, series(slug="_confirm")))
    [row] = rows(store, campaigns)
    assert (row.system, row.to_pending) == (True, True)


def test_a_name_belongs_to_one_campaign(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    before = count(store)
    with pytest.raises(
        CampaignError, match=r"another campaign \(its id is c-7f3k2q\) is published under the name 'loose'"
    ):
        put(store, setting(minimal, series(id="c-other")))
    assert count(store) == before


def test_what_cannot_be_rendered_is_not_published(store: sa.Engine, minimal: Theme) -> None:
    broken = changed(series(), "last", body="{{ subscriber.nmae }}\n")
    with pytest.raises(TemplateError, match=r"last\.md:9:\d+: subscriber has no 'nmae'"):
        put(store, setting(minimal, broken))
    assert rows(store, campaigns) == []


def test_a_template_that_may_run_on_is_composed_where_that_is_stopped(
    store: sa.Engine, minimal: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def compose(_self: Confined, _setting: Setting, step: Step, *_: object) -> None:
        asked.append(step.id)
        raise TemplateError("it takes longer than 2 seconds")

    monkeypatch.setattr(Confined, "compose", compose)
    endless = changed(series(), "last", body="{% for a in range(9) %}{% for b in range(9) %}{% endfor %}{% endfor %}")
    with pytest.raises(TemplateError, match="it takes longer"):
        put(store, setting(minimal, endless))
    assert asked == ["last"]  # the steps before it end by their syntax


def test_whether_it_is_published_is_seen_without_composing(
    store: sa.Engine, minimal: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(store) as tx:
        assert not published_as(tx, setting(minimal))
    put(store, setting(minimal))
    monkeypatch.setattr("backmail.rendering.variants.compose", None)
    with reading(store) as tx:
        assert published_as(tx, setting(minimal))
        assert not published_as(tx, setting(minimal, changed(series(), "last", subject="Bye")))


def test_each_variant_is_stored_under_its_own_name(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    names = [(row.step, row.variant) for row in rows(store, composed)]
    assert len(set(names)) == len(names)
    safe = [(step, name) for step, name in names if name.startswith("with-safety")]
    assert {step for step, _ in safe} == {"rolls"}
    assert mail(loaded(store), "rolls", with_safety=True).composed.variant in {name for _, name in safe}
