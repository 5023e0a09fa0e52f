"""The studio's site: every address answers, with words where nothing is there, and a look changes nothing."""

import hashlib
import json
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.config import Project
from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import Look, Pictures
from backmail.web.studio.addresses import SCREENS, VIEWS, Served, View
from backmail.web.studio.events import Events
from backmail.web.studio.pages import Pages
from backmail.web.studio.site import site
from tests.web.counter import Client
from tests.web.studio.conftest import HERE, SLUG

FIRST = "shoulders-wrists-grow-stiff"
MAIL = View("email", SLUG, FIRST)
TOP = f"/studio/c/{SLUG}"
RAW = f"/studio/raw/{SLUG}/{FIRST}"
PAGES = [TOP, f"{TOP}/inbox", f"{TOP}/checks", f"{TOP}/outline", f"{TOP}/e/{FIRST}"]


@contextmanager
def looking(drafts: Drafts, **more: Any) -> Iterator[Client]:
    """Open a browser that looks at drafts."""
    with closing(Client(site(drafts, **more), HERE)) as client:
        yield client


def token_of(answer: httpx.Response) -> str:
    """Return what the forms of a page bring back."""
    found = lxml.html.document_fromstring(answer.text).xpath("//input[@name='token']/@value")
    return str(found[0])


@pytest.mark.parametrize(("path", "to"), [("/", "/studio"), ("/studio/", "/studio"), ("/studio", TOP)])
def test_the_way_in_leads_to_the_one_campaign(browser: Client, path: str, to: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, to)


def test_the_sheet_of_all_exercises_is_a_page_alone(browser: Client) -> None:
    answer = browser.get(f"{RAW}.sheet.html?as=anna")
    assert answer.status_code == 200
    assert "Slow shoulder rolls" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_the_way_in_keeps_the_person(browser: Client) -> None:
    assert browser.get("/studio?as=misaki").headers["location"] == f"{TOP}?as=misaki"


def test_it_says_that_it_stands(browser: Client) -> None:
    assert browser.get("/healthz").json() == {"ok": True}


@pytest.mark.parametrize("path", PAGES)
def test_each_screen_is_a_page(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-cache"
    assert browser.request("HEAD", path).status_code == 200


@pytest.mark.parametrize("view", VIEWS)
def test_a_mail_is_shown_in_each_form(browser: Client, view: str) -> None:
    assert browser.get(f"{TOP}/e/{FIRST}?view={view}").status_code == 200


def test_every_address_of_a_page_answers(browser: Client, drafts: Drafts) -> None:
    steps = [step.step.id for step in drafts.draft(SLUG).steps if step.step]
    seen: set[str] = set()
    for page in [*PAGES, *(Served().page(View("email", SLUG, step)) for step in steps[1:])]:
        document = lxml.html.document_fromstring(browser.get(page).text)
        for found in document.xpath("//@href | //@src | //form[not(@method='post')]/@action"):
            address = str(found).partition("#")[0]
            if address.startswith("/"):
                seen.add(address)
    assert len(seen) > 40
    assert not [address for address in seen if browser.get(address).is_error]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "no such page"),
        ("/studio/nowhere", 404, "no such page"),
        ("/studio/static/../../pyproject.toml", 404, "no such page"),
        ("/studio/static/%2e%2e/%2e%2e/pyproject.toml", 404, "no such page"),
        ("/studio/static/layout.html.jinja", 404, "no such page"),
        ("/studio/c/freer-sholders", 404, f"did you mean &#39;{SLUG}&#39;?"),
        (f"{TOP}/e/shoulders-wrists", 404, f"did you mean &#39;{FIRST}&#39;?"),
        (f"{TOP}/e/{FIRST}?as=ana", 404, "did you mean &#39;anna&#39;?"),
        (f"{TOP}/e/{FIRST}?look=drak", 400, "did you mean &#39;dark&#39;?"),
        (f"{TOP}/checks?level=<script>", 400, "level=&lt;script&gt; is not known"),
    ],
)
def test_what_is_not_there_is_told_on_a_page_that_leads_back(
    browser: Client, path: str, status: int, words: str
) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert 'href="/studio' in answer.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{RAW}.pdf", 404, "html, txt, eml, json"),
        (f"/studio/raw/{SLUG}/{FIRST}", 404, "html, txt, eml, json"),
        (f"/studio/raw/{SLUG}/shoulders.html", 404, "has no step 'shoulders'"),
        ("/studio/raw/nothing/x.html", 404, "no campaign 'nothing'"),
        (f"{RAW}.html?look=drak", 400, "did you mean 'dark'?"),
        (f"{RAW}.html?as=ana", 404, "did you mean 'anna'?"),
    ],
)
def test_a_mail_that_is_not_there_is_told_in_its_frame(browser: Client, path: str, status: int, words: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert words in answer.text


def test_a_mail_alone_is_its_very_bytes(browser: Client, drafts: Drafts) -> None:
    mail = drafts.draft(SLUG).mail(FIRST, drafts.person("misaki"))
    assert browser.get(f"{RAW}.html?as=misaki").content == mail.html.encode()
    assert browser.get(f"{RAW}.txt?as=misaki").content == mail.text.encode()
    for query in ("", "&look=dark"):  # colours are a matter of looking at HTML
        assert browser.get(f"{RAW}.eml?as=misaki{query}").content == mail.eml
    assert browser.get(f"{RAW}.json?as=misaki").json() == mail.json
    assert browser.get(f"{RAW}.html?as=misaki&look=light").content != mail.html.encode()


@pytest.mark.parametrize(
    ("query", "pictures"),
    [
        ("", "'self' data:"),
        ("?look=light", "'self' data:"),
        ("?look=light&img=off", "'none'"),
        ("?look=dark&img=all", "'self' data: https: http:"),
        ("?img=all", "'self' data:"),  # the very bytes are opened by themselves: nothing is asked of others
    ],
)
def test_nothing_in_a_mail_may_act(browser: Client, query: str, pictures: str) -> None:
    headers = browser.get(f"{RAW}.html{query}").headers
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules == {
        "sandbox": "allow-same-origin",
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": pictures,
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_mail_is_kept_as_a_file_on_demand(browser: Client) -> None:
    assert "content-disposition" not in browser.get(f"{RAW}.eml").headers
    answer = browser.get(f"{RAW}.eml?download=1")
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="01-{FIRST}.eml"; ')


def test_a_mail_that_is_known_is_not_sent_again(browser: Client) -> None:
    tags = set()
    for path in (
        f"{RAW}.html",
        f"{RAW}.txt",
        f"{RAW}.html?look=light",
        f"{RAW}.html?look=dark",
        f"{RAW}.html?as=misaki",
    ):
        tag = browser.get(path).headers["etag"]
        tags.add(tag)
        again = browser.get(path, headers={"If-None-Match": f'"x", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert "sandbox" in again.headers["content-security-policy"]
        assert browser.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    assert len(tags) == 5


def test_links_of_a_looked_at_mail_lead_to_a_page_that_tells(browser: Client, drafts: Drafts) -> None:
    mail = drafts.draft(SLUG).mail(FIRST, drafts.person(""))
    ours = next(link for link in mail.links if link.does)
    document = lxml.html.document_fromstring(browser.get(f"{RAW}.html?look=light").text)
    addresses = {str(each) for each in document.xpath("//a/@href")}
    assert addresses
    assert all(address.startswith("/studio/link?to=") for address in addresses)
    pages = [browser.get(address).text for address in sorted(addresses)]
    assert any(ours.does in lxml.html.document_fromstring(page).text_content() for page in pages)


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,<script>x</script>", "\"><script>alert(1)</script>", "", "//x"]
)  # fmt: skip
def test_a_link_is_told_about_and_never_followed(browser: Client, target: str) -> None:
    answer = browser.get(f"/studio/link?{urlencode({'to': target})}")
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    document = lxml.html.document_fromstring(answer.text)
    assert target in document.text_content()
    assert not document.xpath("//script | //*[@onclick]")
    assert target not in document.xpath("//@href | //@src")


def test_a_link_of_a_mail_that_is_gone_is_told_about(browser: Client) -> None:
    answer = browser.get("/studio/link?to=https://example.org&c=gone&e=gone&as=gone")
    assert answer.status_code == 200
    assert "https://example.org" in answer.text


def test_a_style_sheet_is_kept_as_long_as_it_is_the_same(browser: Client) -> None:
    address = Served().asset("studio.css")
    answer = browser.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    for other in ("/studio/static/studio.css", "/studio/static/studio.css?v=0"):
        again = browser.get(other)
        assert again.content == answer.content
        assert again.headers["cache-control"] == "no-cache"
        assert browser.get(other, headers={"If-None-Match": again.headers["etag"]}).status_code == 304


def test_no_name_of_others_is_answered(browser: Client) -> None:
    for path in ("/", "/healthz", "/studio/events", RAW + ".html", *PAGES):
        answer = browser.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 403
        assert SLUG not in answer.text


def test_a_form_is_taken_from_our_page_alone(project: Project) -> None:
    with looking(Drafts(project)) as at:
        page = at.get(TOP)
        form = {"token": token_of(page), "direction": "later"}
        move = f"{TOP}/e/{FIRST}/move"
        before = snapshot(project.root)
        own = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
        for headers, data, status in (
            ({}, form, 403),
            ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, form, 403),
            (own, {**form, "token": "x"}, 422),
            (own, {"direction": "later"}, 422),
        ):
            assert at.post(move, headers=headers, data=data).status_code == status
            assert snapshot(project.root) == before
        assert at.post(move, headers=own, data=form).status_code == 303
        assert snapshot(project.root) != before


def test_a_form_of_an_earlier_run_is_told_so_on_a_page(browser: Client) -> None:
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    answer = browser.post(f"{TOP}/e/{FIRST}", headers=headers, data={"token": "of yesterday"})
    assert answer.status_code == 422
    assert "started anew" in answer.text


def test_each_run_has_a_token_of_its_own(project: Project) -> None:
    drafts = Drafts(project)
    with looking(drafts) as one, looking(drafts) as other:
        assert token_of(one.get(TOP)) != token_of(other.get(TOP))


def snapshot(folder: Path) -> dict[str, tuple[int, str]]:
    """Return every file and folder below one, with what is in it and when it was changed."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in folder.rglob("*")
    }


def test_a_look_changes_nothing(project: Project) -> None:
    with looking(Drafts(project)) as at:
        before = snapshot(project.root)
        paths = [
            *PAGES,
            f"{TOP}/e/{FIRST}?edit=1&with=misaki&as=anna",
            *(f"{RAW}.{ending}" for ending in ("html?look=dark", "txt", "eml?download=1", "json")),
            f"{TOP}/e/{FIRST}/move",
            f"{TOP}/e/{FIRST}?subject=x&token=x",
            f"{TOP}/outline?do=rewrite",
            "/studio/link?to=x",
            "/studio/nowhere",
        ]
        for path in paths:
            at.get(path)
            at.request("HEAD", path)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            assert at.request(method, TOP, headers={"Origin": HERE}).status_code == 405
        assert snapshot(project.root) == before


def test_who_looks_at_a_campaign_is_noted(project: Project) -> None:
    noted: list[str] = []

    @contextmanager
    def noting(campaign: str) -> Iterator[None]:
        noted.append(campaign)
        yield
        noted.append("done")

    with looking(Drafts(project), looking=noting) as at:
        for path in (f"{TOP}/checks", f"{RAW}.html"):
            at.get(path)
        assert noted == [SLUG, "done"] * 2


def test_a_folder_without_campaigns_says_how_to_begin(tmp_path: Path) -> None:
    with looking(Drafts(Project(tmp_path))) as at:
        answer = at.get("/studio")
        assert answer.status_code == 200
        assert "backmail new" in answer.text
        assert list(tmp_path.iterdir()) == []


def test_of_several_campaigns_all_are_shown(project: Project) -> None:
    copy(project, "another")
    with looking(Drafts(project)) as at:
        answer = at.get("/studio")
        assert answer.status_code == 200
        assert {f"/studio/c/{slug}" for slug in (SLUG, "another")} <= set(
            lxml.html.document_fromstring(answer.text).xpath("//a/@href")
        )


def copy(project: Project, slug: str) -> None:
    """Copy the sample under another name and id."""
    folder = project.campaigns / slug
    folder.mkdir()
    for file in (project.campaigns / SLUG).iterdir():
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^id: c-.*$", "id: c-222222", text) if file.name == "campaign.yaml" else text
        (folder / file.name).write_text(text, encoding="utf-8")


def test_a_step_that_was_never_good_is_told_everywhere(project: Project) -> None:
    file = next((project.campaigns / SLUG).glob("01-*.md"))
    file.write_text("---\nsubject: [\n---\n", encoding="utf-8")
    with looking(Drafts(project)) as at:
        for path in PAGES[:4]:
            assert at.get(path).status_code == 200
        name = file.stem
        page = at.get(f"{TOP}/e/{name}")
        assert file.name in page.text
        assert page.status_code in (200, 422)
        alone = at.get(f"/studio/raw/{SLUG}/{name}.html?look=light")
        assert alone.status_code == 422
        assert f"{file.name}:3" in alone.text


def test_a_step_that_breaks_is_shown_as_it_was_last_good(project: Project) -> None:
    drafts = Drafts(project)
    with looking(drafts) as at:
        good = at.get(f"{RAW}.html").content
        file = next((project.campaigns / SLUG).glob("01-*.md"))
        file.write_text(file.read_text(encoding="utf-8") + "\n\n{{ nobody.knows }}\n", encoding="utf-8")
        drafts.refresh()
        assert at.get(f"{RAW}.html").content == good
        page = at.get(f"{TOP}/e/{FIRST}")
        assert page.status_code == 200
        assert "nobody" in page.text


def test_a_fault_of_ours_is_told_without_what_it_says(
    drafts: Drafts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("anna@example.org")

    with looking(drafts) as at:
        monkeypatch.setattr(Pages, "html", broken)
        answer = at.get(TOP)
        assert answer.status_code == 500
        assert "nothing was changed" in answer.text
        assert "anna" not in answer.text + caplog.text
        assert "RuntimeError at " in caplog.text


def test_the_studio_ends_its_streams(drafts: Drafts) -> None:
    events = Events()
    with looking(drafts, events=events) as at:
        events.close()
        answer = at.get("/studio/events")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text.startswith("retry:")
        assert at.request("HEAD", "/studio/events").status_code == 200


NAMES = st.one_of(st.text(max_size=30), st.sampled_from([SLUG, FIRST, "anna", "dark", "full", "1", "mime", "error"]))
QUERIES = st.dictionaries(
    st.sampled_from(["as", "with", "look", "w", "view", "img", "edit", "level", "step", "block", "to", "c", "e", "v"]),
    NAMES,
    max_size=6,
)


@given(
    screen=st.sampled_from(["", "/inbox", "/checks", "/outline", "/e/", "/x"]),
    campaign=NAMES,
    step=NAMES,
    query=QUERIES,
)
def test_no_address_is_a_fault_of_ours(
    browser: Client, screen: str, campaign: str, step: str, query: dict[str, str]
) -> None:
    written = "?" + urlencode(query)
    path = f"/studio/c/{quote(campaign, safe='')}{screen}{quote(step, safe='') if screen == '/e/' else ''}"
    for address in (path + written, "/studio/link" + written, "/studio" + written):
        assert browser.get(address).status_code < 500
    for ending in ("html", "eml"):
        alone = f"/studio/raw/{quote(campaign, safe='')}/{quote(step, safe='')}.{ending}{written}"
        assert browser.get(alone).status_code < 500


@given(path=st.text(string.printable, max_size=40), query=st.text(string.printable, max_size=40))
def test_no_path_is_a_fault_of_ours(browser: Client, path: str, query: str) -> None:
    answer = browser.get(f"/studio/{quote(path, safe='/')}?{quote(query, safe='=&%')}")
    assert answer.status_code < 500


@pytest.mark.parametrize("screen", SCREENS)
def test_every_look_is_offered_on_every_screen(browser: Client, screen: str) -> None:
    for look in Look:
        for pictures in Pictures:
            view = View(screen, "" if screen == "campaigns" else SLUG, FIRST, look=look, pictures=pictures)
            assert browser.get(Served().page(view)).status_code in (200, 307)


FIRST_PAGE = """
import json, sys
from pathlib import Path
from backmail.config import find_project
from backmail.desk.preview.drafts import Drafts
from backmail.web.studio.addresses import Served, View
from backmail.web.studio.pages import Pages
from backmail.web.studio.site import site
from backmail.web.studio.watching import Watching

drafts = Drafts(find_project(Path(sys.argv[1]), Path(sys.argv[1])))
site(drafts)
assert "<iframe" in Pages(drafts, Served()).html(View("sequence", sys.argv[2]))
print(json.dumps(sorted(sys.modules)))
"""


def test_the_first_page_loads_nothing_that_it_does_not_need(project: Project) -> None:
    command = [sys.executable, "-c", FIRST_PAGE, str(project.root), SLUG]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert {"starlette", "backmail.desk.preview.drafts"} <= loaded
    slow = {
        "sqlalchemy",
        "premailer",
        "cssutils",
        "lxml",
        "py3langid",
        "numpy",
        "backmail.article",
        "backmail.desk.new",
    }
    assert not slow & loaded
