"""What a template can reach: nothing but the names it is given; each promise is seen broken by a planted hole."""

import os
import tomllib
from collections.abc import Callable
from typing import Any

import jinja2
import pytest
from packaging.version import Version

from backmail.errors import TemplateError
from backmail.model.campaign import Action, Greeting
from backmail.rendering import sandbox
from backmail.rendering.refused import Refused
from backmail.rendering.sandbox import Sandbox, markdown_environment, plain_environment, theme_environment
from tests.house.project import ROOT

SECRET = "canary-5f0c2a"

# Roads to the environment, to files and to other classes that template engines were broken on.
PAYLOADS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ()['__class__']['__base__'] }}",
    "{{ [].__class__.__base__.__subclasses__()[80].__init__.__globals__ }}",
    "{{ {}.__class__.__bases__ }}",
    "{{ 1.__class__ }}",
    "{{ (1).__class__.__mro__ }}",
    "{{ none.__class__ }}",
    "{{ true.__class__.__base__ }}",
    "{{ self }}",
    "{{ self.__dict__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').environ }}",
    "{{ lipsum.__globals__['os'].environ }}",
    "{{ lipsum() }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ joiner.__init__.__globals__.os.environ }}",
    "{{ namespace.__init__.__globals__.os.environ }}",
    "{{ range.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ dict.__base__ }}",
    "{{ dict.__subclasses__() }}",
    "{{ dict.fromkeys.__self__.__base__ }}",
    "{{ cycler('a').__init__.__func__ }}",
    "{{ namespace(a=1).__class__ }}",
    "{{ joiner(',').__class__.__init__.__globals__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ ''[['__cl', 'ass__']|join] }}",
    "{{ [''] | map(attribute='__class__') | list }}",
    "{{ [''] | groupby('__class__') }}",
    "{{ [''] | sum(attribute='__class__', start='') }}",
    "{{ [''] | selectattr('__class__') | list }}",
    "{{ [''] | sort(attribute='__class__.__mro__') }}",
    "{{ [''] | unique(attribute='__class__') | list }}",
    "{{ [''] | min(attribute='__class__') }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{a.__class__}'.format(a='') }}",
    "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(cycler) }}",
    "{{ '{0.__globals__[os].environ}'.format(cycler.next) }}",
    "{{ ('{0.__class__}' | safe).format('') }}",
    "{{ '%s' | format(cycler.__init__) }}",
    "{{ ['{0.__class__}'.format] | map('list') | list }}",
    "{% set f = '{0.__class__}'.format %}{{ f('') }}",
    "{% for f in ['{0.__class__}'.format] %}{{ f('') }}{% endfor %}",
    "{{ ('{0.__class__}'|attr('format'))('') }}",
    "{% set x = [] %}{{ x.append(1) }}{{ x }}",
    "{{ {}.update({'a': 1}) }}",
    "{{ {}.setdefault('a', 1) }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../etc/passwd' %}",
    "{% import 'os' as os %}{{ os.environ }}",
    "{% extends '/proc/self/environ' %}",
    "{{ caller.__closure__ }}",
    "{% macro m() %}{{ caller }}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{{ environment }}",
    "{{ context.environment }}",
    "{{ env('CANARY') }}",
    "{{ expandenv('$CANARY') }}",
    "{{ config }}{{ request }}{{ session }}{{ get_flashed_messages.__globals__ }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ loop.__class__ }}",
    "{% for a in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{{ campaign.__class__ }}{{ campaign._values }}",
    "{{ subscriber._build }}",
]
WITHOUT_LIMITS: list[Callable[..., jinja2.Environment]] = [plain_environment, markdown_environment]


def leaks(environment: jinja2.Environment, payload: str, **names: Any) -> bool:
    """Whether a template comes by anything that no mail shows."""
    try:
        shown = environment.from_string(payload).render(names)
    except (jinja2.TemplateError, Refused, TypeError, ValueError, AttributeError):
        return False
    return any(word in shown for word in (SECRET, "<class", "<function", "<module", "built-in", "object at", "root:"))


@pytest.fixture(autouse=True)
def canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", SECRET)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_template_comes_by_what_it_was_not_given(payload: str) -> None:
    environments = [plain_environment(), markdown_environment(), theme_environment(jinja2.DictLoader({}))]
    assert not any(leaks(each, payload) for each in environments)


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "subject": lambda text: {"subject": text},
    "preheader": lambda text: {"preheader": text},
    "action text": lambda text: {"action": Action(text, "link", "https://example.org")},
    "action address": lambda text: {"action": Action("Go", "link", f"https://example.org/{text}")},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "payload", ["{{ ''.__class__ }}", "{{ lipsum.__globals__ }}", "{{ '{0.__class__}'.format('') }}"]
)
def test_no_place_of_a_step_lets_a_template_out(minimal_mail: Any, place: str, payload: str) -> None:
    with pytest.raises(TemplateError):
        minimal_mail("x", **PLACES[place](payload)).mail()


@pytest.mark.parametrize("payload", ["{{ ''.__class__ }}", "{{ lipsum.__globals__ }}"])
def test_neither_greeting_nor_theme_lets_a_template_out(sample: Any, minimal: Any, payload: str) -> None:
    with pytest.raises(TemplateError):
        sample(greeting=Greeting(payload, "Hello,")).mail()
    environment = minimal.environment
    assert not leaks(environment, payload)


def test_planted_holes_are_found() -> None:
    open_one = jinja2.Environment()  # noqa: S701  # as jinja comes
    assert leaks(open_one, "{{ lipsum.__globals__['os'].environ['CANARY'] }}")
    found = sum(leaks(open_one, payload) for payload in PAYLOADS)
    assert found > 30
    lent = Sandbox()
    lent.globals["env"] = os.environ.get
    assert leaks(lent, "{{ env('CANARY') }}")
    lent.filters["attr"] = jinja2.pass_environment(lambda _environment, value, name: getattr(value, name))
    assert leaks(lent, "{{ ''|attr('__class__') }}")


class Careless(Sandbox):
    """One that forgot what is safe."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return True


def test_a_sandbox_that_forgets_what_is_safe_is_found() -> None:
    assert leaks(Careless(), "{{ cycler.__init__.__globals__.os.environ['CANARY'] }}")


def test_filters_and_globals_are_those_that_were_chosen() -> None:
    for environment in (plain_environment(), markdown_environment(), theme_environment(jinja2.DictLoader({}))):
        assert set(environment.filters) == sandbox.FILTERS
        assert set(environment.globals) == sandbox.GLOBALS
    assert set(jinja2.Environment().filters) >= sandbox.FILTERS  # noqa: S701  # each of them is one of jinja's


def test_a_format_handed_to_a_filter_that_calls_stays_in_the_sandbox() -> None:
    # CVE-2024-56326: a filter of one's own called the str.format that it was given.
    environment = Sandbox()
    environment.filters["call"] = lambda function, *given: function(*given)
    for payload in (
        "{{ '{0.__class__}'.format | call('') }}",
        "{{ ('{a.__class__}' | safe).format_map | call({'a': ''}) }}",
    ):
        assert not leaks(environment, payload)
        environment.from_string(payload.replace(".__class__", "")).render()  # what is harmless goes through


def test_the_jinja_that_mended_its_sandbox_is_asked_for_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "jinja2>=3.1.6" in project["project"]["dependencies"]
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    version = locked.split("\njinja2==")[1].split()[0]
    assert Version(version) >= Version("3.1.6")


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 1000001 }}",
        "{{ 1000001 * 'a' }}",
        "{{ [1] * 2000000 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{% set n = namespace(x=9) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    ],
)
def test_what_grows_beyond_all_use_is_refused_before_it_is_made(template: str) -> None:
    with pytest.raises(Refused, match="too long for any mail"):
        plain_environment().from_string(template).render()


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ '-' * 20 }}", "-" * 20),
        ("{{ 3 * 4 }} {{ 2 ** 10 }}", "12 1024"),
        ("{{ '%03d' % 7 }}", "007"),
        ("{{ 7 % 4 }}", "3"),
    ],
)
def test_what_stays_small_is_worked_out(template: str, shown: str) -> None:
    assert plain_environment().from_string(template).render() == shown


def test_output_is_limited_and_told_with_its_line(minimal_mail: Any) -> None:
    body = "One.\n\n{% for a in range(9999) %}\n{% for b in range(99) %}abcdefghij{% endfor %}\n{% endfor %}\n"
    with pytest.raises(TemplateError, match="it prints more than 1,000,000 characters") as error:
        minimal_mail(body).mail()
    assert error.value.faults[0].place
    assert error.value.faults[0].place.line == 12


def test_nothing_of_a_template_is_worked_out_when_it_is_compiled() -> None:
    called: list[str] = []
    environment = Sandbox()
    real = environment.filters["replace"]

    @jinja2.pass_context
    def noted(*given: Any) -> Any:
        called.append("replace")
        return real(*given)

    environment.filters["replace"] = noted
    template = environment.from_string("{{ 'aa' | replace('a', 'bb') }}")
    assert called == []
    assert template.render() == "bbbb"
    assert called == ["replace"]
