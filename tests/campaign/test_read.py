"""A campaign's folder is read whole; all that is wrong with any of its files is told at once, with file and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from backmail.campaign import read, read_all, taken_ids
from backmail.clock import Span
from backmail.config import Project
from backmail.errors import CampaignError, Place, UnknownName
from backmail.model.campaign import Action, CampaignKind, Greeting, Schedule, Sender, Utm

CAMPAIGN = """format: 1
id: c-abc234
name: Stronger back
kind: drip
from: {name: Anna at Acme, email: anna@news.example.org}
"""
STEP = """---
id: why
subject: Why we move
---
Hello.

::: faq id=b01
Why?
:::
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def made(project: Project, files: dict[str, str], slug: str = "back") -> Path:
    """Write a campaign's folder and return it."""
    folder = project.campaigns / slug
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"campaign.yaml": CAMPAIGN, "01-why.md": STEP, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(project: Project, files: dict[str, str]) -> list[str]:
    """Return what is wrong with a campaign of these files."""
    folder = made(project, files)
    with pytest.raises(CampaignError) as caught:
        read(folder, project=project)
    return [str(fault).replace(str(folder), "back") for fault in caught.value.faults]


def test_everything_but_five_keys_has_a_default(project: Project) -> None:
    folder = made(project, {})
    campaign = read(folder, project=project)
    assert campaign.sender == Sender("Anna at Acme", "anna@news.example.org")
    assert (campaign.slug, campaign.kind, campaign.language) == ("back", CampaignKind.DRIP, "en")
    assert campaign.greeting == Greeting("Hello {{ subscriber.first_name }},", "Hello,")
    assert (campaign.signature, campaign.disclaimer, campaign.source_url) == ("Anna at Acme", "", "")
    assert (campaign.theme, campaign.audience, campaign.zone, campaign.article) == ("weekly", "all", None, "")
    assert campaign.schedule == Schedule((1,), dt.time(9, 0), None, Span(2, "h"), ())
    (step,) = campaign.steps
    assert (step.id, step.file, step.subject) == ("why", "01-why.md", "Why we move")
    assert (step.preheader, step.teaser) == ("", "")
    assert (step.after, step.action, step.schedule) == (Span(0, "h"), Action("", "none"), None)
    assert (step.body_line, step.body.split("\n")[0]) == (5, "Hello.")
    assert step.places["subject"] == Place(str(folder / "01-why.md"), 3, 10)
    assert campaign.places["from.email"] == Place(str(folder / "campaign.yaml"), 5, 35)


def test_everything_can_be_set(project: Project) -> None:
    campaign = CAMPAIGN.replace("}", ", reply_to: hi@example.org}") + (
        "language: da\ngreeting: {with_name: 'Kære {{ subscriber.first_name }},', without: 'Kære læser,'}\n"
        "signature: ''\ndisclaimer: Ingen rådgivning.\nsource_url: https://example.org/blog\ntheme: plain\n"
        "audience: 'tag:back'\nzone: Europe/Copenhagen\n"
        "schedule: {days: [Friday, tue], between: ['08:00', '18:00'], late: 30m, skip: [weekends, '2027-12-24']}\n"
        "x-note: ours\n"
    )
    step = (
        "---\nid: b\nsubject: '{{ 1 }}'\npreheader: p\nafter: 3h\ndays: any\nat: '07:30'\n"
        "action: {text: Buy, kind: link, url: 'https://example.org'}\nteaser: t\n---\n"
    )
    folder = made(project, {"campaign.yaml": campaign, "2-b.md": step, "article.md": "# A", "README.md": "notes"})
    campaign_ = read(folder, project=project)
    assert campaign_.sender.reply_to == "hi@example.org"
    assert campaign_.greeting.without == "Kære læser,"
    assert (campaign_.signature, campaign_.zone, campaign_.article) == ("", "Europe/Copenhagen", "article.md")
    assert campaign_.schedule == Schedule(
        (1, 4), None, (dt.time(8), dt.time(18)), Span(30, "m"), ("weekends", "2027-12-24")
    )
    second = campaign_.steps[1]
    assert second.action == Action("Buy", "link", "https://example.org")
    assert (second.after, second.teaser) == (Span(3, "h"), "t")
    assert second.schedule == Schedule(tuple(range(7)), dt.time(7, 30), None, Span(30, "m"), ("weekends", "2027-12-24"))


def test_own_sites_are_named_by_their_domains(project: Project) -> None:
    text = f"{CAMPAIGN}utm: {{source: news letter, domains: [Example.org, smørrebrød.dk, example.org.]}}\n"
    campaign = read(made(project, {"campaign.yaml": text}), project=project)
    assert campaign.utm == Utm("news letter", ("example.org", "smørrebrød.dk"))
    assert read(made(project, {}), project=project).utm is None


@pytest.mark.parametrize("domain", ["https://example.org", "example.org/shop", "localhost", "a b.org", "-a.org", "@"])
def test_what_is_no_domain_is_told(project: Project, domain: str) -> None:
    [fault] = told(project, {"campaign.yaml": f"{CAMPAIGN}utm: {{source: news, domains: [{domain!r}]}}\n"})
    assert fault.startswith("back/campaign.yaml:6:31: ")
    assert f"{domain!r} is not the name of a domain" in fault


def test_a_step_may_free_its_time(project: Project) -> None:
    step = STEP.replace("---\nHello", "at: any\n---\nHello")
    campaign = read(made(project, {"01-why.md": step}), project=project)
    assert campaign.steps[0].schedule == Schedule((1,), None, None)


def test_steps_come_in_the_order_of_their_numbers_a_week_apart(project: Project) -> None:
    steps = {f"{number}-x.md": STEP.replace("id: why", f"id: s{number}") for number in ("10", "2", "03")}
    campaign = read(made(project, steps), project=project)
    assert [step.id for step in campaign.steps] == ["why", "s2", "s03", "s10"]
    assert [str(step.after) for step in campaign.steps] == ["0", "1w", "1w", "1w"]


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("aftr: 1w", "6:1", "'aftr' is not a setting here"),
        ("langauge: da", "6:1", "did you mean 'language'?"),
        ("zone: Europe/Kobenhavn", "6:7", "did you mean 'Europe/Copenhagen'?"),
        ("theme: ../secret", "6:8", "cannot be a name here"),
        ("source_url: example.org", "6:13", "it begins with https://"),
        ('disclaimer: "a\\nb"', "6:13", "U+000A"),
        ("schedule: {days: [tuseday]}", "6:18", "did you mean 'tuesday'?"),
        ("schedule: {days: []}", "6:18", "a list of weekdays"),
        ("schedule: {at: 9}", "6:16", 'write "09:00"'),
        ("schedule: {at: '25:00'}", "6:16", "is not a time of day"),
        ("schedule: {at: '09:00', between: ['08:00', '09:00']}", "6:11", "not both"),
        ("schedule: {between: ['08:00']}", "6:21", "two times of day"),
        ("schedule: {between: ['08:00', '08:00']}", "6:21", "at the same time"),
        ("schedule: {late: 2}", "6:18", "is not a span of time"),
        ("schedule: {skip: [holidays]}", "6:19", "'holidays' is not a date"),
        ("language: Danish", "6:11", "is not a language tag"),
    ],
)
def test_what_is_wrong_in_campaign_yaml_is_told_with_its_place(
    project: Project, line: str, place: str, message: str
) -> None:
    faults = told(project, {"campaign.yaml": f"{CAMPAIGN}{line}\n"})
    assert len(faults) == 1
    assert faults[0].startswith(f"back/campaign.yaml:{place}: ")
    assert message in faults[0]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("format: 1\n", "", "1:1", "'format' is missing"),
        ("format: 1", "format: 2", "1:9", "takes 1, not 2"),
        ("id: c-abc234\n", "", "1:1", "'id' is missing"),
        ("kind: drip", "kind: dirp", "4:7", "did you mean 'drip'?"),
        ("anna@news.example.org", "anna", "5:35", "'anna' is not an email address"),
        ("name: Anna at Acme", 'name: "Anna\\r\\nBcc: x@example.org"', "5:14", "U+000D"),
    ],
)
def test_a_key_that_is_needed(project: Project, old: str, new: str, place: str, message: str) -> None:
    (fault,) = told(project, {"campaign.yaml": CAMPAIGN.replace(old, new)})
    assert fault.startswith(f"back/campaign.yaml:{place}: ")
    assert message in fault


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("id: why\n", "", "2:1", "'id' is missing"),
        ("subject: Why we move", "subject: ''", "3:10", "must not be empty"),
        ("subject:", "subjekt:", "3:1", "did you mean 'subject'?"),
        ("subject: Why we move", "subject: x\nafter: soon", "4:8", "is not a span of time"),
        ("subject: Why we move", "subject: x\nafter: true", "4:8", "takes a span of time"),
        ("subject: Why we move", "subject: x\nat: '09:00'\nbetween: ['08:00', '18:00']", "2:1", "not both"),
        ("subject: Why we move", "subject: x\naction: {text: Buy, kind: link}", "4:9", "needs a url"),
        (
            "subject: Why we move",
            "subject: x\naction: {text: a, kind: print, url: 'http://a.b'}",
            "4:9",
            "has no url",
        ),
        ("subject: Why we move", "subject: x\naction: {text: '', kind: reply}", "4:9", "a button needs a text"),
        ("---\nid: why\nsubject: Why we move\n---\n", "", "1:1", "begins with its settings between two lines ---"),
        ("::: faq id=b01", "::: fqa id=b01", "7:5", "did you mean 'faq'?"),
        ("::: faq id=b01", "::: faq", "7:1", "faq needs id"),
    ],
)
def test_what_is_wrong_in_a_step_is_told_with_its_place(
    project: Project, old: str, new: str, place: str, message: str
) -> None:
    faults = told(project, {"01-why.md": STEP.replace(old, new)})
    assert faults[0].startswith(f"back/01-why.md:{place}: ")
    assert message in faults[0]


def test_all_faults_of_all_files_are_told_at_once(project: Project) -> None:
    project.catalog.write_text("products: 3", encoding="utf-8")
    faults = told(
        project,
        {
            "campaign.yaml": "a: [1\n",
            "01-why.md": STEP.replace("subject", "subjekt").replace("faq id", "fqa id"),
            "2-b.md": "no settings",
            "outline.yaml": "weks: 3",
            "welcome.md": "a mail without a number",
        },
    )
    assert [fault.rpartition("/")[2].split(":")[0] for fault in faults] == [
        "catalog.yaml",
        "outline.yaml",
        "welcome.md",
        "01-why.md",
        "01-why.md",
        "01-why.md",
        "2-b.md",
        "campaign.yaml",
    ]


def test_a_file_that_is_no_text_is_told(project: Project) -> None:
    folder = made(project, {})
    (folder / "02-b.md").write_bytes(b"---\nid: \xe6\n")
    with pytest.raises(CampaignError, match=r"02-b.md:2:5: byte 0xe6 is not UTF-8"):
        read(folder, project=project)


def test_a_campaign_needs_a_step(project: Project) -> None:
    folder = made(project, {})
    (folder / "01-why.md").unlink()
    with pytest.raises(CampaignError, match="needs at least one step"):
        read(folder, project=project)


def test_a_file_name_without_a_number_is_told(project: Project) -> None:
    (fault,) = told(project, {"welcome.md": STEP})
    assert fault == "back/welcome.md: a step's file name begins with its number\n  hint: number it: 02-welcome.md"


def test_two_steps_with_one_id_are_told(project: Project) -> None:
    (fault,) = told(project, {"02-b.md": STEP})
    assert fault.startswith("back/02-b.md:2:5: the id 'why' is also that of 01-why.md")


def test_a_note_that_names_no_step_is_told(project: Project) -> None:
    (fault,) = told(project, {"02-b.md": STEP.replace("why", "b").replace("faq id=b01", "note id=b01 repeats=wy")})
    assert fault.startswith("back/02-b.md:7:1: this note repeats a step 'wy', and there is none of that id")
    assert "did you mean 'why'?" in fault


def test_a_newsletter_has_one_step(project: Project) -> None:
    files = {"campaign.yaml": CAMPAIGN.replace("drip", "newsletter"), "02-b.md": STEP.replace("id: why", "id: b")}
    (fault,) = told(project, files)
    assert fault.startswith("back/campaign.yaml:4:7: a newsletter has one step, and this folder has 2")


def test_a_campaign_that_is_not_there_is_told_with_the_nearest(project: Project) -> None:
    with pytest.raises(UnknownName, match="next: backmail new ARTICLE"):
        read(project.campaigns / "bakc", project=project)
    made(project, {})
    with pytest.raises(UnknownName, match="did you mean 'back'"):
        read(project.campaigns / "bakc", project=project)
    (project.campaigns / "other").mkdir()
    with pytest.raises(UnknownName, match=r"'other' is not a campaign: it has no campaign.yaml"):
        read(project.campaigns / "other", project=project)


def test_all_campaigns_of_a_project_are_read_in_order(project: Project) -> None:
    assert read_all(project) == ()
    made(project, {"campaign.yaml": CAMPAIGN.replace("c-abc234", "c-other1")}, "b")
    made(project, {}, "a")
    made(project, {"campaign.yaml": "broken: ["}, ".b.partial")
    assert [campaign.slug for campaign in read_all(project)] == ["a", "b"]


def test_an_id_belongs_to_one_folder(project: Project) -> None:
    made(project, {}, "a")
    made(project, {}, "copy")
    with pytest.raises(CampaignError, match=r"copy/campaign.yaml:2:5: the id 'c-abc234' is also that of 'a'"):
        read_all(project)


def test_ids_are_known_also_of_campaigns_that_cannot_be_used(project: Project) -> None:
    made(project, {"campaign.yaml": "id: c-one111\nkind: 3\n"}, "a")
    made(project, {"campaign.yaml": "broken: ["}, "b")
    made(project, {"campaign.yaml": "- a list"}, "c")
    assert taken_ids(project.campaigns) == frozenset({"c-one111"})
    assert taken_ids(project.root / "nowhere") == frozenset()


def test_texts_can_be_read_in_the_place_of_files(project: Project) -> None:
    folder = made(project, {"02-how.md": STEP.replace("why", "how")})
    instead = {"01-why.md": STEP.replace("Why we move", "Why not").replace("\n", "\r\n")}
    campaign = read(folder, project=project, instead=instead)
    assert [step.subject for step in campaign.steps] == ["Why not", "Why we move"]
    assert campaign.steps[0].body == read(folder, project=project).steps[0].body
    assert [step.subject for step in read(folder, project=project).steps] == ["Why we move", "Why we move"]


def test_a_file_can_be_read_as_if_it_were_not_there_or_were(project: Project) -> None:
    folder = made(
        project, {"02-how.md": "broken", "outline.yaml": "weeks: none", "notes.md": "", "article.md": "Text."}
    )
    instead = {"02-how.md": None, "outline.yaml": None, "notes.md": None, "article.md": None}
    campaign = read(folder, project=project, instead=instead)
    assert ([step.id for step in campaign.steps], campaign.article) == (["why"], "")
    added = {**instead, "03-what.md": STEP.replace("why", "what"), "article.txt": "Text.", "outline.yaml": "weeks: 2"}
    campaign = read(folder, project=project, instead=added)
    assert ([step.file for step in campaign.steps], campaign.article) == (["01-why.md", "03-what.md"], "article.txt")
    with pytest.raises(UnknownName, match=r"it has no campaign\.yaml"):
        read(folder, project=project, instead={"campaign.yaml": None})


def test_another_catalogue_can_be_read_in_its_place(project: Project) -> None:
    folder = made(project, {})
    project.catalog.write_text("products: 3", encoding="utf-8")
    products = "products:\n- {sku: mat, name: Mat}\n"
    assert read(folder, project=project, instead={"catalog.yaml": None}).catalog.products == ()
    assert read(folder, project=project, instead={"catalog.yaml": products}).catalog.get("mat")


def test_faults_of_such_texts_are_told_as_those_of_the_files(project: Project) -> None:
    folder = made(project, {})
    instead = {"01-why.md": "---\nid: why\nsubjekt: x\n---\n", "campaign.yaml": "name: [", "outline.yaml": "weeks: 0"}
    with pytest.raises(CampaignError) as caught:
        read(folder, project=project, instead=instead)
    files = {fault.place.file for fault in caught.value.faults if fault.place}
    assert files == {str(folder / name) for name in instead}
