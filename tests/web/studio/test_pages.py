"""The studio's pages: every screen for everybody, nothing in them acts or leads astray, and nobody is left alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import lxml.html
import pytest

from backmail.config import find_project, sample_campaigns, start_project
from backmail.desk.editing import form_of
from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import Look, Pictures
from backmail.errors import CampaignError, UnknownName, UsageError
from backmail.shipped import shipped
from backmail.web.studio import assets
from backmail.web.studio.addresses import VIEWS, WIDTHS, Served, View
from backmail.web.studio.asking import asked
from backmail.web.studio.filed import Filed, Shelf
from backmail.web.studio.pages import Pages

SLUG = sample_campaigns()[0].name
PEOPLE = ("anna", "kiritimati", "long-danish-name", "misaki", "no-first-name")
STUDIO = shipped("templates") / "studio"
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'`"
ADDRESS = re.compile(
    r"/studio(?:/c/(?P<campaign>[^/]+)(?:/e/(?P<step>[^/]+)|/(?P<screen>inbox|checks|outline))?)?|"
    r"/studio/raw/(?P<of>[^/]+)/(?P<mail>[^/]+?)\.(?:sheet\.html|html|txt|eml|json)"
)


def begun(folder: Path) -> Drafts:
    """Begin a project with the sample campaign, and return its drafts."""
    start_project(folder)
    return Drafts(find_project(folder, folder))


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    """The drafts of a project with the sample campaign, which is checked."""
    made = begun(tmp_path_factory.mktemp("pages") / "project")
    made.check(SLUG)
    return made


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Drafts]:
    """A campaign that a test may change, and its drafts."""
    drafts = begun(tmp_path / "project")
    return tmp_path / "project" / "campaigns" / SLUG, drafts


def page(drafts: Drafts, view: View) -> lxml.html.HtmlElement:
    """Return a served page."""
    return lxml.html.document_fromstring(Pages(drafts, Served(), "secret-token").html(view))


def filed(drafts: Drafts, view: View) -> lxml.html.HtmlElement:
    """Return an exported page."""
    addresses = Filed(Shelf((SLUG,), PEOPLE[0]), "c/page.html")
    return lxml.html.document_fromstring(Pages(drafts, addresses).html(view))


def text(element: lxml.html.HtmlElement) -> str:
    """Return what a page says, white space folded."""
    return " ".join(str(element.text_content()).split())


def screens(drafts: Drafts, person: str = "") -> Iterator[View]:
    """Yield a view of every screen, and of every form of a mail."""
    steps = [each.step.id for each in drafts.draft(SLUG).steps if each.step]
    yield View(person=person)
    for screen in ("sequence", "inbox", "checks", "outline"):
        yield View(screen, SLUG, person=person)
    yield View("checks", SLUG, step=steps[2], level="warning")
    for step in steps:
        yield View("email", SLUG, step=step, person=person)
    for view in VIEWS:
        yield View("email", SLUG, step=steps[0], person=person, view=view)
    yield View("email", SLUG, steps[3], person, "misaki", "html", Look.INVERTED, Pictures.ALL, 600, editing=True)


def inert(element: lxml.html.HtmlElement) -> None:
    """Assert that nothing in a page acts by itself: no style, no script and no handler in it."""
    assert not element.xpath("//@style | //style | //script[not(@src)] | //script[node()]")
    assert not element.xpath("//@*[starts-with(name(), 'on')]")
    assert not [each for each in element.xpath("//@href | //@src | //@action") if each.startswith("javascript")]


@pytest.mark.parametrize("person", ["", *PEOPLE])
def test_every_screen_is_there_for_everybody(drafts: Drafts, person: str) -> None:
    for view in screens(drafts, person):
        made = page(drafts, view)
        inert(made)
        assert len(made.xpath("//h1")) == 1, view
        ids = made.xpath("//@id")
        assert len(ids) == len(set(ids)), view


def test_every_address_leads_to_what_it_says(drafts: Drafts) -> None:
    found = set()
    for view in screens(drafts, "misaki"):
        made = page(drafts, view)
        found.update(made.xpath("//main//@href | //header//@href | //iframe/@src | //@action | //@hx-get"))
    assert len(found) > 100
    for address in found:
        leads_somewhere(drafts, address)


def leads_somewhere(drafts: Drafts, address: str) -> None:
    """Assert that an address is one of the table, and says nothing that is not known."""
    parts = urlsplit(address)
    if not parts.path:
        return  # within the page
    matched = ADDRESS.fullmatch(parts.path.removesuffix("/move"))
    assert matched, address
    named = {name: unquote(value) for name, value in matched.groupdict().items() if value}
    path = {"campaign": named.get("campaign", named.get("of", "")), "step": named.get("step", named.get("mail", ""))}
    screen = named.get("screen") or ("email" if path["step"] else "sequence" if path["campaign"] else "campaigns")
    wanted = asked(drafts, screen, {name: value for name, value in path.items() if value}, dict(parse_qsl(parts.query)))
    assert wanted.problem is None, address
    assert wanted.view.campaign == path["campaign"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_choice_changes_nothing_else(drafts: Drafts, width: int) -> None:
    step = drafts.draft(SLUG).steps[1].step
    assert step is not None
    view = View("email", SLUG, step.id, "misaki", look=Look.DARK, width=width)
    made = page(drafts, view)
    current = made.xpath("//*[@id='choice-width']//a[@aria-current]")
    assert [text(each) for each in current] == [str(width) if width else "Full"]
    assert made.xpath(f"//*[contains(@class, 'stage') and contains(@class, 'w{width or 'full'}')]")
    light = made.xpath("//*[@id='choice-look']//a[.='Light']/@href")
    assert light == [Served().page(replace(view, look=Look.LIGHT))]
    frames = made.xpath("//iframe")
    assert [frame.get("sandbox") for frame in frames] == ["allow-same-origin"]
    assert "look=dark" in frames[0].get("src")


def test_two_people_stand_side_by_side(drafts: Drafts) -> None:
    step = drafts.draft(SLUG).steps[0].step
    assert step is not None
    made = page(drafts, View("email", SLUG, step.id, "anna", "misaki"))
    assert [text(each) for each in made.xpath("//figcaption")] == ["Anna Holm", "美咲 佐藤"]
    assert ["as=anna" in src for src in made.xpath("//iframe/@src")] == [True, False]


def test_a_frame_has_another_address_when_the_mail_is_another(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    before = page(drafts, View("sequence", SLUG)).xpath("//iframe/@src")
    file = next(campaign.glob("02*.md"))
    file.write_text(file.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    drafts.refresh()
    after = page(drafts, View("sequence", SLUG)).xpath("//iframe/@src")
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, *[True] * 5]


def test_the_first_page_waits_for_no_mail_and_the_next_knows_all_about_them(own: tuple[Path, Drafts]) -> None:
    _, drafts = own
    draft, anna = drafts.draft(SLUG), drafts.person("")
    steps = [each.step.id for each in draft.steps if each.step]
    first = page(drafts, View("sequence", SLUG))
    assert not any(draft.has(step, anna) for step in steps)
    assert " kB" not in text(first)
    assert [each.get("src") is not None for each in first.xpath("//iframe")] == [True] * 7
    for step in steps:
        draft.mail(step, anna)
    second = page(drafts, View("sequence", SLUG))
    assert text(second).count(" kB") == 7
    assert second.xpath("//iframe/@src") == first.xpath("//iframe/@src")


def test_after_a_save_the_page_knows_the_changed_mail_at_once(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    drafts.check(SLUG)
    file = next(campaign.glob("02*.md"))
    file.write_text(file.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    drafts.refresh()
    assert drafts.draft(SLUG).findings is None
    assert text(page(drafts, View("sequence", SLUG))).count(" kB") == 7


def test_a_subject_that_only_the_mail_knows_is_waited_for(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    file = next(campaign.glob("02*.md"))
    said = re.sub(r"(?m)^subject: .*$", 'subject: "A word, {{ subscriber.first_name }}"', file.read_text("utf-8"))
    file.write_text(said, "utf-8")
    drafts.refresh()
    assert "A word, Anna" in text(page(drafts, View("sequence", SLUG)))


def test_what_is_written_in_files_is_only_text(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    file = next(campaign.glob("02*.md"))
    said = file.read_text("utf-8")
    quoted = HOSTILE.replace("'", "''")
    file.write_text(re.sub(r"(?m)^(subject|preheader|teaser):.*$", rf"\1: '{quoted}'", said), "utf-8")
    whole = campaign / "campaign.yaml"
    whole.write_text(re.sub(r"(?m)^name:.*$", f"name: '{quoted}'", whole.read_text("utf-8")), "utf-8")
    anna = campaign.parents[1] / "people" / "anna.yaml"
    anna.write_text(re.sub(r"(?m)^last_name:.*$", f"last_name: '{quoted}'", anna.read_text("utf-8")), "utf-8")
    file.rename(file.with_name("02-\"><script>alert(3)</script '.md".replace("/", "")))
    drafts.refresh()
    drafts.check(SLUG)
    name = drafts.draft(SLUG).campaign
    assert name is not None
    assert name.name == HOSTILE
    for view in (*screens(drafts), *screens(drafts, "anna")):
        made = page(drafts, view)
        inert(made)
        assert not made.xpath("//img | //script[not(starts-with(@src, '/studio/static/'))]")
        inert(filed(drafts, replace(view, editing=False)))


def test_a_fault_with_marks_in_it_is_only_text(drafts: Drafts) -> None:
    problem = UsageError(f"`code` and {HOSTILE}")
    made = lxml.html.document_fromstring(Pages(drafts, Served()).html(View(), problem=problem))
    inert(made)
    assert [text(each) for each in made.xpath("//main//code")] == ["code"]
    assert "onerror=alert(2)" in text(made)


def test_the_last_good_mail_stays_below_the_fault(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    step = drafts.draft(SLUG).steps[3].step
    assert step is not None
    view = View("email", SLUG, step.id)
    page(drafts, view)
    file = campaign / step.file
    file.write_text(file.read_text("utf-8").replace("after: 1w", "after: soon"), "utf-8")
    drafts.refresh()
    made = page(drafts, view)
    alert = made.xpath("//*[@role='alert']")
    assert len(alert) == 1
    assert f"campaigns/{SLUG}/{step.file}:5:8" in text(alert[0])
    assert "5 | after: soon" in text(alert[0])
    assert "as it was when its files were last good" in text(alert[0])
    assert made.xpath("//*[contains(@class, 'stale')]//iframe")
    assert str(campaign.parents[1]) not in text(made)
    cards = page(drafts, View("sequence", SLUG)).xpath("//li[contains(@class, 'is-broken')]")
    assert [f"{step.file}:5:8" in text(card) for card in cards] == [True]


def test_a_mail_that_never_was_good_is_a_page_all_the_same(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    (campaign / "08-new.md").write_text("---\nid: new\nsubjct: A\n---\nText.\n", "utf-8")
    drafts.refresh()
    for screen in ("sequence", "inbox", "checks", "outline"):
        assert "08-new.md" in text(page(drafts, View(screen, SLUG))) or screen == "outline"
    made = page(drafts, View("email", SLUG, "08-new"))
    assert "did you mean" in text(made.xpath("//*[@role='alert']")[0])
    assert not made.xpath("//iframe")


def test_a_campaign_that_cannot_be_read_at_all_is_told(own: tuple[Path, Drafts]) -> None:
    campaign, _ = own
    (campaign / "campaign.yaml").write_text("name: [\n", "utf-8")
    drafts = Drafts(find_project(campaign, campaign.parents[1]))
    for view in (View(), *(View(screen, SLUG) for screen in ("sequence", "inbox", "checks", "outline"))):
        made = page(drafts, view)
        inert(made)
        assert SLUG in text(made)


def test_a_name_that_is_not_there_leads_on(drafts: Drafts) -> None:
    made = page(drafts, View("email", SLUG, "stop-ask-hlep"))
    assert "did you mean 'stop-ask-help'?" in text(made)
    assert Served().page(View("sequence", SLUG)) in made.xpath("//main//@href")
    made = page(drafts, View("sequence", "freer-shoulder"))
    assert "/studio" in made.xpath("//main//@href")
    assert page(drafts, View("sequence", SLUG, person="ana")).xpath("//h1")[0].text == "This is not there"


def test_an_empty_project_says_what_to_type(tmp_path: Path) -> None:
    made = page(
        Drafts(find_project(tmp_path, tmp_path)) if (tmp_path / "config.yaml").exists() else empty(tmp_path), View()
    )
    assert "backmail new ARTICLE" in text(made)


def empty(folder: Path) -> Drafts:
    """Return the drafts of a project without any."""
    (folder / "config.yaml").write_text("{}\n", "utf-8")
    return Drafts(find_project(folder, folder))


def test_what_was_typed_is_there_again_when_it_could_not_be_saved(own: tuple[Path, Drafts]) -> None:
    _, drafts = own
    draft = drafts.draft(SLUG)
    step = draft.steps[1]
    assert step.step is not None
    typed = replace(form_of(draft, step), subject="What I typed")
    problem = CampaignError("it was changed underneath")
    view = View("email", SLUG, step.step.id, editing=True, look=Look.DARK)
    made = lxml.html.document_fromstring(
        Pages(drafts, Served(), "secret-token").html(view, problem=problem, form=typed)
    )
    assert made.xpath("//form//*[@name='subject']/@value") == ["What I typed"]
    assert set(made.xpath("//form//input[@name='token']/@value")) == {"secret-token"}
    form = made.get_element_by_id("fields")
    assert form.get("action") == Served().page(view)  # where the page then stands is where these fields are
    assert "hx-morph-skip" in form.attrib
    assert "it was changed underneath" in text(made)


def test_the_other_subjects_that_were_proposed_can_be_taken(own: tuple[Path, Drafts]) -> None:
    folder, drafts = own
    step = drafts.draft(SLUG).steps[1]
    said = json.loads((folder / "coverage.json").read_text("utf-8"))
    for each in said["steps"]:
        each["subjects"] = [each["subject"], "One <b>more</b>", 'A "third"'] if each["id"] == step.name else []
    (folder / "coverage.json").write_text(json.dumps(said), "utf-8")
    made = page(drafts, View("email", SLUG, step.name, editing=True))
    assert made.xpath("//input[@name='subject']/@list") == ["l-subject"]
    assert made.xpath("//datalist[@id='l-subject']/option/@value") == ["One <b>more</b>", 'A "third"']
    assert 'Also proposed: One <b>more</b>, A "third"' in text(made)
    (folder / "coverage.json").write_text("[]", "utf-8")
    assert not page(drafts, View("email", SLUG, step.name, editing=True)).xpath("//datalist | //input/@list")


def test_what_was_typed_into_a_mail_that_is_gone_can_be_copied(drafts: Drafts) -> None:
    typed = replace(form_of(drafts.draft(SLUG), drafts.draft(SLUG).steps[0]), subject="Mine", body="\n<b>My text")
    problem = UnknownName("there is no such step")
    html = Pages(drafts, Served()).html(View("sequence", SLUG), problem=problem, form=typed)
    made = lxml.html.document_fromstring(html)
    assert "there is no such step" in text(made)
    assert made.get_element_by_id("f-subject").get("value") == "Mine"
    assert made.get_element_by_id("f-body").text == "\n\n<b>My text"  # browsers pass over the first line end


def test_exported_pages_show_nothing_of_a_file_that_cannot_be_read(own: tuple[Path, Drafts]) -> None:
    folder, drafts = own
    path = next(folder.glob("02-*.md"))
    path.write_text(path.read_text("utf-8").replace("subject:", "subjekt: Between us, "), "utf-8")
    drafts.refresh()
    for view in (View("email", SLUG, drafts.draft(SLUG).steps[1].name), View("checks", SLUG)):
        served, exported = page(drafts, view), filed(drafts, view)
        assert served.xpath("//*[@class='fault']/pre")
        assert exported.xpath("//*[@class='fault']")
        assert not exported.xpath("//*[@class='fault']/pre")
        assert ("Between us" in text(served), "Between us" in text(exported)) == (True, False)


def test_exported_pages_ask_nobody(drafts: Drafts) -> None:
    for view in screens(drafts, "anna"):
        made = filed(drafts, replace(view, editing=False, beside=""))
        inert(made)
        assert not made.xpath("//form | //script | //@hx-get | //button")
        assert not [each for each in made.xpath("//@href | //@src") if each.startswith("/")]
        assert made.xpath("//meta[@http-equiv='Content-Security-Policy']")


def test_exported_looks_and_widths_are_chosen_within_the_page(drafts: Drafts) -> None:
    step = drafts.draft(SLUG).steps[0].step
    assert step is not None
    made = filed(drafts, View("email", SLUG, step.id))
    names = {f"{kind}-{value}" for kind, values in (("look", Look), ("width", WIDTHS)) for value in values}
    assert set(made.xpath("//input[@type='radio']/@id")) == names
    assert set(made.xpath("//label/@for")) == names
    assert len(made.xpath("//iframe")) == len(Look)
    style = (STUDIO / "studio.css").read_text("utf-8")
    assert all(f"#{name}:checked" in style for name in names)


def test_a_very_long_mail_is_cut_on_the_page_and_whole_beside_it(own: tuple[Path, Drafts]) -> None:
    campaign, drafts = own
    file = next(campaign.glob("02*.md"))
    file.write_text(file.read_text("utf-8") + "\n" + "Ein langer Satz mit vielen Worten. " * 20_000, "utf-8")
    drafts.refresh()
    html = Pages(drafts, Served()).html(View("email", SLUG, "stop-ask-help", view="source"))
    assert len(html) < 600_000
    made = lxml.html.document_fromstring(html)
    assert "more characters: all of it" in text(made)
    assert made.xpath("//a[.='all of it']/@href") == [f"/studio/raw/{SLUG}/stop-ask-help.html"]
    assert made.xpath("//ol[contains(@class, 'code')]//details")


def test_the_page_about_a_link_does_nothing(drafts: Drafts) -> None:
    for target in ("javascript:alert(1)", HOSTILE, "https://example.org/?a=1&b=<2>"):
        made = lxml.html.document_fromstring(Pages(drafts, Served()).link(target, "opens a page"))
        inert(made)
        assert not made.xpath("//a")
        assert made.xpath("//code")[0].text_content() == target
    mail = View("email", SLUG, "stop-ask-help", "misaki")
    made = lxml.html.document_fromstring(Pages(drafts, Served()).link("https://example.org/", "", mail))
    assert made.xpath("//a/@href") == [Served().raw(mail, "html", looked_at=True)]


def test_what_is_not_ours_is_what_its_table_says() -> None:
    table = (STUDIO / "vendor" / "README.md").read_text("utf-8")
    files = {each.name for each in (STUDIO / "vendor").iterdir()}
    told = re.findall(r"^\| `([^`]+)` .*\| ([0-9.]+) \| 0BSD \(`([^`]+)`\) \| `([0-9a-f]{64})` \|$", table, re.M)
    assert {"README.md", *(name for name, *_ in told), *(licence for *_, licence, _ in told)} == files
    for name, version, _, digest in told:
        data = (STUDIO / "vendor" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        assert f'"{version}"'.encode() in data or f"'{version}'".encode() in data or f"`{version}`".encode() in data


def test_the_page_loads_no_more_than_its_own_three_files(drafts: Drafts) -> None:
    made = page(drafts, View("sequence", SLUG))
    loaded = [*made.xpath("//link[@rel='stylesheet']/@href"), *made.xpath("//script/@src")]
    assert [urlsplit(each).path.removeprefix("/studio/static/") for each in loaded] == [
        "studio.css",
        "vendor/htmx.min.js",
        "studio.js",
    ]
    assert all(assets.found(urlsplit(each).path.removeprefix("/studio/static/")) for each in loaded)
    assert not re.search(r"url\(|@import|https?:", (STUDIO / "studio.css").read_text("utf-8"))
    assert (STUDIO / "studio.js").read_text("utf-8").count("\n") <= 170
