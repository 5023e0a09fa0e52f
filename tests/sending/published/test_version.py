"""A published version at work: the right variant, always the same object, and nothing composed that was composed."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.errors import TemplateError, UnknownName
from backmail.model.people import Subscriber
from backmail.rendering import Variants, address, wire
from backmail.rendering.compose import compose
from backmail.rendering.theme import Theme
from backmail.sending.published import Published, Shelf
from backmail.store.engine import connect, reading
from tests.house.project import ROOT
from tests.rendering.conftest import ANNA, DATE, NOBODY, step
from tests.sending.published.samples import LINKS, changed, loaded, mail, put, reader, series, setting

VIP = replace(ANNA, tags=("vip",))


@pytest.fixture
def composing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the steps that are composed from here on."""
    seen: list[str] = []
    real = compose

    def counted(setting: Any, step: Any, *more: Any) -> Any:
        seen.append(step.id)
        return real(setting, step, *more)

    monkeypatch.setattr("backmail.rendering.variants.compose", counted)
    return seen


@pytest.mark.parametrize("who", [ANNA, NOBODY, VIP], ids=["anna", "nobody", "vip"])
@pytest.mark.parametrize("had", [(), ("stop",), ("stop", "rolls")])
def test_sending_composes_nothing_and_sends_what_was_composed(
    who: Subscriber, had: tuple[str, ...], published: Published, minimal: Theme, composing: list[str]
) -> None:
    hers = reader(published, "last", who, *had)
    composed = published.compose("last", hers)
    assert composing == []
    assert published.compose("last", hers) is composed
    fresh = Variants(setting(minimal)).of(series().steps[2], hers)
    assert fresh == composed


def test_a_variant_that_nobody_thought_of_is_composed_from_what_was_published(
    store: sa.Engine, minimal: Theme, composing: list[str]
) -> None:
    tags = "".join(f"{{% if 't{number}' in subscriber.tags %}}[{number}]{{% endif %}}" for number in range(9))
    made = setting(minimal, changed(series(), "last", body=tags))
    put(store, made)
    version = loaded(store)
    who = replace(NOBODY, tags=("t2", "t7"))
    composing.clear()
    odd = mail(version, "last", who, "stop")
    assert composing == ["last"]
    assert "[2][7]" in odd.part("text")
    assert mail(version, "last", who, "stop").composed is odd.composed
    assert composing == ["last"]
    hers = reader(version, "last", who, "stop")
    as_applied = address(Variants(made).of(made.campaign.steps[2], hers), hers, "d1", LINKS)
    assert wire(as_applied, DATE) == wire(odd, DATE)
    # Another process, and somebody who is not the same any more: what was handed over once is what it was.
    again = mail(loaded(store), "last", ANNA, "stop", variant=odd.composed.variant)
    assert again.composed == odd.composed


def test_what_was_handed_over_once_stays_whoever_she_is_by_now(published: Published, composing: list[str]) -> None:
    first = mail(published, "last", VIP, "stop")
    again = mail(published, "last", replace(NOBODY, tags=("x",)), "stop", variant=first.composed.variant)
    assert again.composed is first.composed
    assert composing == []


def test_who_never_got_the_safety_text_gets_it_above_everything(published: Published, composing: list[str]) -> None:
    plain, safe = mail(published, "rolls"), mail(published, "rolls", with_safety=True)
    assert composing == []
    assert "When to stop" not in plain.part("text")
    assert "Wrist Rest" in plain.part("text")
    text = safe.part("text")
    assert text.index("When to stop") < text.index("Sit well") < text.index("Slow shoulder rolls")
    assert "Wrist Rest" not in text
    assert safe.composed.variant.startswith("with-safety")
    assert mail(published, "rolls", with_safety=True).composed is safe.composed
    assert mail(published, "rolls", variant=safe.composed.variant).composed is safe.composed
    assert mail(published, "rolls", variant=plain.composed.variant, with_safety=True).composed is plain.composed


def test_steps_that_need_no_safety_text_go_as_they_are(published: Published) -> None:
    assert [published.needs_safety(each) for each in ("stop", "rolls", "last")] == [False, True, False]
    assert mail(published, "last", with_safety=True).composed is mail(published, "last").composed
    assert mail(published, "stop", with_safety=True).composed is mail(published, "stop").composed


def test_a_campaign_without_a_safety_text_has_no_such_variant(store: sa.Engine, minimal: Theme) -> None:
    made = replace(series(), steps=series().steps[1:])
    put(store, setting(minimal, made))
    version = loaded(store)
    assert not version.needs_safety("rolls")
    assert not any(name.startswith("with-safety") for _, name in version.stored)
    assert not mail(version, "rolls", with_safety=True).composed.variant.startswith("with-safety")


def test_the_safety_text_above_a_variant_that_nobody_thought_of(store: sa.Engine, minimal: Theme) -> None:
    tags = "".join(f"{{% if 't{number}' in subscriber.tags %}}[{number}]{{% endif %}}" for number in range(9))
    made = changed(series(), "rolls", body=tags + series().steps[1].body)
    put(store, setting(minimal, made))
    who = replace(NOBODY, tags=("t2", "t8"))
    odd = mail(loaded(store), "rolls", who, with_safety=True)
    assert "When to stop" in odd.part("text")
    assert "[2][8]" in odd.part("text")
    version = loaded(store)
    assert (odd.composed.step, odd.composed.variant) not in version.stored
    assert mail(version, "rolls", NOBODY, variant=odd.composed.variant).composed == odd.composed


def test_an_unknown_step_is_told_with_the_known_ones(published: Published) -> None:
    with pytest.raises(UnknownName, match=r"version 1 of loose has no step 'roll'\n.*did you mean 'rolls'"):
        mail(published, "roll")
    with pytest.raises(UnknownName, match="no step 'roll'"):
        published.compose("roll", reader(published, "rolls"))


def test_a_fault_that_only_sending_meets_names_file_and_line(store: sa.Engine, minimal: Theme) -> None:
    tags = "".join(f"{{% if 't{number}' in subscriber.tags %}}{{% endif %}}" for number in range(9))
    odd = "{% if 't0' in subscriber.tags and 't1' not in subscriber.tags %}{{ subscriber.attributes.odd }}{% endif %}"
    put(store, setting(minimal, changed(series(), "last", body=f"{tags}\n{odd}\n")))
    with pytest.raises(TemplateError, match=r"last\.md:10: not every reader has subscriber\.attributes\.odd"):
        mail(loaded(store), "last", replace(NOBODY, tags=("t0",)))


def test_a_shelf_loads_a_version_once(store: sa.Engine, minimal: Theme) -> None:
    put(store, setting(minimal))
    put(store, setting(minimal, changed(series(), "last", body="Bye.\n")))
    shelf = Shelf(most=2)
    with reading(store) as tx:
        second = shelf.newest(tx, "c-7f3k2q")
        assert second.number == 2
        assert shelf.get(tx, "c-7f3k2q", 2) is second
        first = shelf.get(tx, "c-7f3k2q", 1)
        assert shelf.get(tx, "c-7f3k2q", 2) is second
        assert first.campaign != second.campaign
        with pytest.raises(UnknownName, match="no version 3 of the campaign 'c-7f3k2q'"):
            shelf.get(tx, "c-7f3k2q", 3)
        with pytest.raises(UnknownName, match="'c-none' was never applied"):
            shelf.newest(tx, "c-none")


def test_a_full_shelf_lets_go_of_what_was_not_used_for_longest(store: sa.Engine, minimal: Theme) -> None:
    for id_ in ("c-1", "c-2", "c-3"):
        put(store, setting(minimal, replace(series(), id=id_, slug=id_, steps=(step("only", "Hi.\n"),))))
    shelf = Shelf(most=2)
    with reading(store) as tx:
        one, two = shelf.newest(tx, "c-1"), shelf.newest(tx, "c-2")
        assert shelf.newest(tx, "c-1") is one
        shelf.newest(tx, "c-3")
        assert shelf.newest(tx, "c-1") is one
        assert shelf.newest(tx, "c-2") is not two


_SEND = """
import sys
from backmail.links import INVALID_URL, TEST_KEY, Links
from backmail.model.people import Subscriber
from backmail.rendering import address
from backmail.sending.published import Shelf
from backmail.store.engine import connect, reading
links = Links(TEST_KEY, INVALID_URL)
with reading(connect(sys.argv[1])) as tx:
    version = Shelf().newest(tx, "c-7f3k2q")
    reader = version.reader("rolls", Subscriber("a@example.org", "Anna"), links, {"rolls": "d1"})
    assert address(version.compose("rolls", reader, with_safety=True), reader, "d1", links).part("html")
print(sorted({"jinja2", "markdown_it", "premailer", "pydantic"} & set(sys.modules)))
"""


def test_sending_does_not_wait_for_what_only_composing_needs(
    shared_sqlite: str, minimal: Theme, tmp_path: Path
) -> None:
    made = connect(shared_sqlite)
    put(made, setting(minimal))
    made.dispose()
    command = [sys.executable, "-c", _SEND, shared_sqlite]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("[]\n", "")
