"""Foreign templates in a process of their own: the same mails as here, and no template that takes it with it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backmail.errors import AddressError, ConfigError, TemplateError
from backmail.model.campaign import Brand
from backmail.model.people import Subscriber
from backmail.rendering import Variants, load_theme
from backmail.rendering import variants as room
from backmail.rendering.cell import send
from backmail.rendering.confined import Confined
from backmail.shipped import shipped

ANNA = Subscriber("anna@example.org", "Anna", tags=("vip", "oslo"))
NOBODY = Subscriber("nobody@example.org")
# Sends a template to the other process, and prints nothing.
FOREIGN = "{% set foreign = 1 %}"
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.fixture(scope="module")
def confined() -> Iterator[Confined]:
    made = Confined()
    yield made
    made.close()


def away(workshop: Any, confined: Confined) -> Any:
    """Return a workshop whose foreign templates are composed in the other process."""
    workshop.variants = Variants(workshop.variants._setting, confined)
    return workshop


@pytest.fixture
def foreign(minimal_mail: Any, confined: Confined, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workshop with the body that is given, whose mails are composed in the other process and never here."""
    monkeypatch.setattr(room, "compose", lambda *_: pytest.fail("it was composed in this process"))
    return lambda body, **given: away(minimal_mail(body, **given), confined)


@pytest.mark.parametrize("subscriber", [ANNA, NOBODY])
def test_the_mail_is_the_one_that_is_made_here(minimal_mail: Any, confined: Confined, subscriber: Subscriber) -> None:
    body = FOREIGN + "Hi {{ subscriber.first_name | default('you') }} é😀{% if 'vip' in subscriber.tags %}!{% endif %}"
    here, there = minimal_mail(body), away(minimal_mail(body), confined)
    assert there.mail(subscriber) == here.mail(subscriber)
    step = here.campaign.steps[0]
    assert there.variants.all(step) == here.variants.all(step)


def test_what_ends_by_its_syntax_needs_no_other_process(minimal_mail: Any) -> None:
    workshop = minimal_mail("{% for tag in subscriber.tags %}{{ tag | upper }}{% endfor %}")
    nowhere = Confined()
    assert "VIPOSLO" in away(workshop, nowhere).mail(ANNA).part("text")
    assert nowhere._process is None


def test_a_theme_of_a_project_is_foreign_and_one_that_ships_is_not(
    sample: Any, confined: Confined, tmp_path: Path
) -> None:
    text = (shipped("templates") / "email/weekly/parts/plain.html.jinja").read_text(encoding="utf-8")
    home = tmp_path / "email" / "weekly" / "parts" / "plain.html.jinja"
    home.parent.mkdir(parents=True)
    home.write_text(FOREIGN + text, encoding="utf-8")
    asked: list[str] = []

    class Noting(Confined):
        def compose(self, *given: Any) -> Any:
            asked.append("compose")
            return confined.compose(*given)

    for theme, times in ((load_theme("weekly"), 0), (load_theme("weekly", [tmp_path]), 1)):
        assert "Two calm exercises" in away(sample(theme), Noting()).mail().part("html")
        assert len(asked) == times


def test_an_error_there_is_told_as_here(foreign: Any) -> None:
    with pytest.raises(TemplateError) as error:
        foreign(f"{FOREIGN}\n\nHi {{{{ subscriber.frist_name | default('x') }}}}").mail()
    assert str(error.value).splitlines()[0] == "rolls.md:11:18: subscriber has no 'frist_name'"
    assert "did you mean 'first_name'?" in str(error.value)


def test_a_brand_that_cannot_be_used_is_the_same_error(foreign: Any) -> None:
    workshop = foreign(f"{FOREIGN}x")
    setting = workshop.variants._setting
    workshop.variants = Variants(replace(setting, brand=Brand(accent="red")), workshop.variants._confined)
    with pytest.raises(ConfigError, match="accent"):
        workshop.mail()


def test_a_question_that_cannot_be_answered_is_raised_here_and_the_next_is_served(foreign: Any) -> None:
    with pytest.raises(AddressError, match=r"cannot compare subscriber\.tags with 'a'"):
        foreign(f"{FOREIGN}{{% if subscriber.tags > 'a' %}}b{{% endif %}}").mail(ANNA)
    assert "fine" in foreign(f"{FOREIGN}fine").mail().part("text")


def test_the_other_process_has_nothing_of_this_ones_environment(
    minimal_mail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "canary-5f0c2a")
    own = Confined()
    away(minimal_mail(f"{FOREIGN}x"), own).mail()
    assert own._process is not None
    environ = Path(f"/proc/{own._process.pid}/environ")
    if environ.exists():
        assert b"canary-5f0c2a" not in environ.read_bytes()
    own.close()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ 'a' * 10**9 }}", "is too long for any mail"),
        ("{{ 'a'.center(10000000000) }}", "it needs more memory than a mail may"),
        ("{% set n = namespace(x='ab') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "more memory"),
        ("{% for a in range(99999) %}{{ 'abcdefghijk' }}{% endfor %}", "it prints more than 1,000,000 characters"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "includes or extends itself without end"),
        ("{% for a in [1] %}" * 25 + "{% endfor %}" * 25, "too many statically nested blocks"),
        (f"{{{{ {'(' * 3000}1{')' * 3000} }}}}", "too many parts in one another"),
    ],
)
def test_a_template_that_takes_too_much_is_told_with_its_place(foreign: Any, body: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message) as error:
        foreign(f"One.\n\n{body}\n").mail()
    place = error.value.faults[0].place
    assert place is not None
    assert (place.file, place.line) in {("rolls.md", 11), ("rolls.md", None)}


def test_a_loop_without_end_is_stopped_while_other_mails_are_made(minimal_mail: Any, confined: Confined) -> None:
    raised: list[TemplateError] = []
    endless = away(minimal_mail(f"One.\n\n{ENDLESS}\n"), confined)

    def look() -> None:
        with pytest.raises(TemplateError) as error:
            endless.mail()
        raised.append(error.value)

    looking = threading.Thread(target=look)
    looking.start()
    made = 0
    while looking.is_alive():
        away(minimal_mail("Two."), confined).mail()
        made += looking.is_alive()
        looking.join(0.05)
    assert str(raised[0]).splitlines()[0] == "rolls.md:11: it takes longer than 2 seconds of the processor"
    assert made > 1  # were they made after one another, the first would come when the other one is stopped
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confined, "_answered", lambda *_: pytest.fail("it is known by now how long that takes"))
        look()
    assert "fine" in away(minimal_mail(f"{FOREIGN}fine"), confined).mail().part("text")


def test_what_takes_too_long_for_one_reader_is_made_for_the_others(
    foreign: Any, confined: Confined, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = foreign(f"{{% if subscriber.first_name == 'Anna' %}}{ENDLESS}{{% endif %}}fine")
    with pytest.raises(TemplateError, match="it takes longer than"):
        workshop.mail(ANNA)
    assert "fine" in workshop.mail(NOBODY).part("text")
    monkeypatch.setattr(confined, "_answered", lambda *_: pytest.fail("it is known by now how long that takes"))
    with pytest.raises(TemplateError, match="it takes longer than"):
        workshop.mail(ANNA)


def test_an_operation_that_never_comes_back_is_ended_by_the_kernel_and_told_with_its_line(foreign: Any) -> None:
    body = "One.\n\n{{ 1 | round(1000000000, 'ceil') }}\n"
    with pytest.raises(TemplateError) as error:
        foreign(body).mail()
    assert str(error.value).splitlines()[0] == "rolls.md:11: it takes longer than 2 seconds of the processor"
    assert "fine" in foreign(f"{FOREIGN}fine").mail().part("text")  # another process was started


def test_where_there_is_no_limit_of_the_processor_the_clock_ends_it(minimal_mail: Any) -> None:
    own = Confined(seconds=0.6)
    workshop = away(minimal_mail(ENDLESS), own)
    own._started()  # not counted
    with pytest.raises(TemplateError, match="it takes longer than"):
        workshop.mail()
    own.close()


@pytest.mark.parametrize("times", [1, 2])
def test_a_process_that_somebody_ends_is_started_again_once(
    minimal_mail: Any, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    own, sent = Confined(), list[int]()

    def sending(stream: Any, data: bytes) -> None:
        assert own._process is not None
        sent.append(own._process.pid)
        if len(sent) <= times:
            own._process.kill()
            own._process.wait()
        send(stream, data)

    monkeypatch.setattr("backmail.rendering.confined.send", sending)
    workshop = away(minimal_mail(f"{FOREIGN}fine"), own)
    if times == 2:
        with pytest.raises(TemplateError, match=r"was ended twice \(9\)"):
            workshop.mail()
    assert "fine" in workshop.mail().part("text")  # it is not the template's fault, and not kept as that
    assert len(set(sent)) == times + 1
    own.close()


def test_a_planted_hole_is_found(foreign: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Were every template thought to end, an endless one would be composed here.
    monkeypatch.setattr(room, "bounded", lambda *_: True)
    with pytest.raises(pytest.fail.Exception, match="composed in this process"):
        foreign(ENDLESS).mail()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ subscriber.tags | map('format', 1) | join }}", "map cannot put 'format' on readers' values"),
        ("{{ subscriber.tags | map(attribute='__class__') | join }}", "attribute cannot be given to a filter"),
        ("{{ progress.number | round(1000000000, 'ceil') }}", "round takes a small number of places"),
    ],
)
def test_filters_on_readers_values_are_looked_at_when_they_are_written(
    minimal_mail: Any, body: str, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        minimal_mail(body).mail(ANNA)


@pytest.mark.parametrize(
    "value",
    [
        "subscriber.email" + " | replace('a', 'aaaaaaaaaa')" * 12,
        f"subscriber.tags | join('{'-' * 100_000}')",
        f"subscriber.tags | map('replace', 'o', '{'o' * 60_000}') | join",
    ],
)
def test_filters_cannot_grow_a_readers_value_without_end(minimal_mail: Any, value: str) -> None:
    with pytest.raises(AddressError, match="longer than 100,000 characters"):
        minimal_mail(f"{{{{ {value} }}}}").mail(ANNA)
