"""What can be seen in a campaign's files is told with file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backmail import markup
from backmail.campaign.lint import judge_files
from backmail.clock import Span
from backmail.errors import Place
from backmail.model.campaign import (
    Action,
    Campaign,
    CampaignKind,
    Catalog,
    Company,
    Finding,
    Greeting,
    PictureFile,
    Product,
    Sender,
    Severity,
    Step,
)

PNG = b"\x89PNG\r\n\x1a\n"
COMPANY = Company("Acme", ("Vestergade 1", "8000 Aarhus C"), "hello@acme.dk")
E, W = Severity.ERROR, Severity.WARNING
BODY = """## Shoulder rolls

::: exercise id=b02
Sit tall and roll your shoulders, 8 times.
:::

::: product id=b03 sku=wrap lang=da
Se [varmeomslag til skuldre](https://acme.dk/wrap).
:::

Write to {{ campaign.sender.name }}, or see [the plan]({{ links.view }}) and
[{{ step.subject }}](https://acme.dk/plan).
"""


def step(name: str, body: str = BODY, **changed: Any) -> Step:
    """Return a step without fault, but for what is changed; its body begins on line 10."""
    file = f"calm-hands/{name}.md"
    keys = ("id", "subject", "preheader", "after", "action")
    good = Step(
        id=name[3:],
        file=f"{name}.md",
        subject=f"Two calm movements: {name}",
        preheader=f"They take a minute each, says {name}.",
        after=Span(0, "h") if name.startswith("01") else Span(1, "w"),
        action=Action("Put both in my calendar", "calendar"),
        body=body,
        body_line=10,
        places={key: Place(file, line, 1) for line, key in enumerate(keys, 2)},
    )
    return replace(good, **changed)


def campaign(*steps: Step, folder: Path = Path("calm-hands"), **changed: Any) -> Campaign:
    """Return a campaign without fault, but for what is changed."""
    good = Campaign(
        id="c-abc234",
        slug="calm-hands",
        name="Calm hands",
        kind=CampaignKind.DRIP,
        language="en",
        sender=Sender("Anna at Acme", "anna@acme.dk"),
        steps=steps or (step("01-rolls"), step("02-rest")),
        folder=folder,
        greeting=Greeting("Hello {{ subscriber.first_name }},", "Hello,"),
        disclaimer="Not medical advice.",
        catalog=Catalog((Product("wrap", "Shoulder wrap", link="https://acme.dk/wrap"), Product("bare", "Bare wrap"))),
        places={"name": Place("campaign.yaml", 3, 7), "from": Place("campaign.yaml", 5, 7)},
    )
    return replace(good, **changed)


def told(*steps: Step, company: Company = COMPANY, **changed: Any) -> list[tuple[str, Severity, str]]:
    """Return rule, severity and place of each finding."""
    findings = judge_files(campaign(*steps, **changed), company=company)
    return [(each.id, each.severity, str(each.place or "")) for each in findings]


def test_a_good_campaign_has_no_finding() -> None:
    assert judge_files(campaign(), company=COMPANY) == []


@pytest.mark.parametrize(
    ("changed", "rule", "severity", "line"),
    [
        ({"subject": " "}, "subj-empty", E, 3),
        ({"subject": "Two calm movements for anybody who has been sitting for too long"}, "subj-length", W, 3),
        ({"subject": "A cure for stiff hands"}, "claim-words", W, 3),
        ({"subject": "REST YOUR HANDS"}, "subj-caps", W, 3),
        ({"preheader": ""}, "pre-missing", W, 4),
        ({"preheader": "A minute each."}, "pre-length", W, 4),
        ({"preheader": "A minute each, and then again, " * 4}, "pre-length", W, 4),
        ({"preheader": "Two calm movements: 01-rolls, and more."}, "pre-dup-subject", W, 4),
        ({"preheader": "This works for everyone who sits all day."}, "claim-words", W, 4),
        ({"after": Span(3, "d")}, "seq-first-after", W, 5),
        ({"action": Action("", "none")}, "action-missing", W, 6),
        ({"action": Action("See the plan", "link", "")}, "action-missing", E, 6),
        ({"action": Action("Read more", "link", "https://acme.dk/plan")}, "a11y-link-text", W, 6),
        ({"action": Action("See the plan", "link", "http://acme.dk/plan")}, "link-scheme", W, 6),
    ],
)
def test_the_front_matter(changed: dict[str, Any], rule: str, severity: Severity, line: int) -> None:
    assert told(step("01-rolls", **changed)) == [(rule, severity, f"calm-hands/01-rolls.md:{line}:1")]


@pytest.mark.parametrize(
    ("body", "rule", "severity", "line"),
    [
        ("A\n\nsee [our page](http://acme.dk).", "link-scheme", W, 12),
        ("A\nsee\n[our page](http://acme.dk) and\nmore", "link-scheme", W, 12),
        ("A\nsee [our\npage](acme.dk/x)", "link-scheme", E, 11),
        ("> A\n> - [](https://acme.dk)", "a11y-link-text", E, 11),
        (
            "{# a\ncomment #}\n{% if subscriber.first_name %}\n[click *here*](https://acme.dk)\n{% endif %}",
            "a11y-link-text",
            W,
            13,
        ),
        ("::: how-to id=b1 lang=da\n[Læs mere](https://acme.dk)\n:::", "a11y-link-text", W, 11),
        ("| a | b |\n|---|---|\n| c | [here](https://acme.dk) |", "a11y-link-text", W, 12),
        ("[our page][1] and more\n\n[1]: http://acme.dk", "link-scheme", W, 10),
        ("A\n\n![](https://acme.dk/a.png)", "a11y-img-alt", W, 12),
        ("A\n\n![Shoulders](images/no.png)", "img-missing", E, 12),
        (f"![Shoulders](images/{'a' * 300}.png)", "img-missing", E, 10),
        ("A\n\n::: product id=b03 sku=wrapp\nSe den.\n:::", "sku-unknown", W, 12),
        ("::: product id=b03 sku=bare\nSe den.\n:::", "product-no-link", W, 10),
    ],
)
def test_the_body(body: str, rule: str, severity: Severity, line: int) -> None:
    assert told(step("01-rolls", body)) == [(rule, severity, f"calm-hands/01-rolls.md:{line}")]


@pytest.mark.parametrize(
    "body",
    [
        "Læs [mere om skuldre](https://acme.dk).",
        "[Læs mere](https://acme.dk)",  # Danish words in an English text are no English phrase
        "[{{ step.subject }}](https://acme.dk)",
        "[our page]({{ links.view }}?x=1)",
        "`[here](http://acme.dk)`",
        "    [here](http://acme.dk)",
        "Write " + markup.inert("{{ x }}") + " and " + markup.escape("[here](http://acme.dk)"),
        "<https://acme.dk/plan>",
        "[![Shoulders](https://acme.dk/a.png)](https://acme.dk)",
        "![Shoulders](//cdn.acme.dk/a.png)",
        "![Shoulders]({{ products.wrap.image }})",
    ],
)
def test_a_body_without_fault(body: str) -> None:
    assert told(step("01-rolls", body)) == []


def test_a_picture_of_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "two shoulders.png").write_bytes(PNG)
    body = "![Shoulders](images/two%20shoulders.png)\n\n![Shoulders](images)"
    pictures = {"images/two shoulders.png": PictureFile("ff")}
    assert told(step("01-rolls", body), folder=tmp_path, pictures=pictures) == [
        ("img-missing", E, f"{tmp_path}/01-rolls.md:12")
    ]


def test_a_name_that_is_nearly_right_is_proposed(tmp_path: Path) -> None:
    made = campaign(step("01-rolls", "![Shoulders](images/sholders.png)"), folder=tmp_path)
    made = replace(made, pictures={"images/shoulders.png": PictureFile("ff")})
    [finding] = judge_files(made, COMPANY)
    assert (finding.id, finding.hint) == ("img-missing", "did you mean 'images/shoulders.png'?")


def test_a_link_to_a_picture_elsewhere_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "else.png").write_bytes(PNG)
    (tmp_path / "campaign" / "images").mkdir(parents=True)
    (tmp_path / "campaign" / "images" / "rolls.png").symlink_to(tmp_path / "else.png")
    made = campaign(step("01-rolls", "## Rolls\n\nRoll."), folder=tmp_path / "campaign")
    [finding] = judge_files(made, COMPANY)
    assert finding.id == "img-format"
    assert finding.message.startswith("images/rolls.png is a link to another file")


@pytest.mark.parametrize(
    ("file", "picture", "expected"),
    [
        ("pelvic-tilts.png", PictureFile("ff"), []),  # named like a heading
        ("Pelvic Tilts.png", PictureFile("ff"), []),
        ("pelvic-tilts.png", None, [("img-format", W)]),  # no picture by what it holds
        ("pelvic-tilt.png", PictureFile("ff"), [("img-unused", W)]),
        ("other.png", None, [("img-unused", W)]),
        ("other.png", PictureFile("ff", copied=True), []),  # a copy of the article's
        ("shown.png", None, [("img-format", W)]),
    ],
)
def test_a_file_under_images_is_shown_by_a_mail(
    tmp_path: Path, file: str, picture: PictureFile | None, expected: list[tuple[str, Severity]]
) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / file).write_bytes(PNG)
    (tmp_path / "images" / ".DS_Store").write_bytes(b"")
    shown = "\n\n![Shown](images/shown.png)" if file == "shown.png" else ""
    pictures = {f"images/{file}": picture} if picture else {}
    made = campaign(step("01-rolls", f"## Pelvic *tilts*\n\nLie down.{shown}"), folder=tmp_path)
    found = judge_files(replace(made, pictures=pictures), COMPANY)
    assert [(each.id, each.severity) for each in found] == expected
    if file == "pelvic-tilt.png":
        assert found[0].hint == "did you mean 'pelvic-tilts'?"


def test_texts_with_jinja_are_left_to_the_finished_mail() -> None:
    subject = "{{ subscriber.first_name | default('Friend') }}, two calm movements for you"
    assert told(step("01-rolls", subject=subject, preheader="{{ x }}")) == []


def test_two_mails_with_one_subject_or_preheader() -> None:
    first = step("01-rolls")
    second = step("02-rest", subject=first.subject.upper().lower(), preheader=f" {first.preheader.upper()}")
    assert told(first, second) == [
        ("seq-duplicate-subject", W, "calm-hands/02-rest.md:3:1"),
        ("seq-duplicate-preheader", W, "calm-hands/02-rest.md:4:1"),
    ]
    messages = [each.message for each in judge_files(campaign(first, second), company=COMPANY)]
    assert all("01-rolls.md" in message for message in messages)


def test_two_empty_preheaders_are_no_twins() -> None:
    found = told(step("01-rolls", preheader=""), step("02-rest", preheader=""))
    assert [rule for rule, *_ in found] == ["pre-missing", "pre-missing"]


@pytest.mark.parametrize(
    ("changed", "company", "expected"),
    [
        ({}, Company("Acme", ()), [("footer-address", E, "")]),
        ({"sender": Sender("Anna", "no-reply@acme.dk")}, COMPANY, [("from-noreply", W, "campaign.yaml:5:7")]),
        ({"sender": Sender("Anna", "anna@news.example.org")}, COMPANY, [("sender-example", W, "campaign.yaml:5:7")]),
        (
            {"sender": Sender("Anna", "anna@acme.dk", "noreply@example.com")},
            COMPANY,
            [("from-noreply", W, "campaign.yaml:5:7"), ("sender-example", W, "campaign.yaml:5:7")],
        ),
        ({}, replace(COMPANY, email="a@acme.test"), [("sender-example", W, "campaign.yaml:5:7")]),
        ({"disclaimer": " "}, COMPANY, [("disclaimer-missing", W, "campaign.yaml:3:7")]),
        ({"disclaimer": "", "steps": (step("01-rolls", "::: safety id=b01\nRest.\n:::"),)}, COMPANY, []),
        ({"places": {}, "disclaimer": ""}, COMPANY, [("disclaimer-missing", W, "")]),
    ],
)
def test_the_campaign_and_its_sender(
    changed: dict[str, Any], company: Company, expected: list[tuple[str, Severity, str]]
) -> None:
    assert told(company=company, **changed) == expected


def test_a_finding_says_what_it_is_about_and_what_to_do() -> None:
    broken = step("01-rolls", "see [our page](http://acme.dk).", places={}, preheader="")
    missing, plain = judge_files(campaign(broken), company=COMPANY)
    assert missing.place == Place("calm-hands/01-rolls.md", 1)
    assert (plain.campaign, plain.step) == ("calm-hands", "rolls")
    assert plain.message.startswith("http://acme.dk is not encrypted")
    assert plain.hint == "use https"


def test_files_and_message_say_the_same_of_the_same_link() -> None:
    """So that `distinct` can tell it once."""
    from backmail.rendering.lint import distinct
    from tests.rendering.lint.mails import STEP, Mail, judged

    url = "http://acme.example.net/rolls"
    body = STEP.body.replace("[pictures](https://acme.example.net/rolls)", f"[here]({url})")
    spoilt = replace(STEP, body=body)
    mail = Mail().but("https://acme.example.net/rolls", url).but("pictures of the shoulder rolls", "here")
    both = [
        *judge_files(campaign(spoilt), company=COMPANY),
        *judged(mail.text_but("https://acme.example.net/rolls", url), step=spoilt, folder=Path("calm-hands")),
    ]
    about_link: list[Finding] = [each for each in distinct(both) if each.id in ("link-scheme", "a11y-link-text")]
    assert sorted(each.id for each in about_link) == ["a11y-link-text", "link-scheme"]


def test_example_addresses_are_told_together() -> None:
    sender = Sender("Anna", "anna@example.org", "hi@example.org")
    (finding,) = judge_files(campaign(sender=sender), replace(COMPANY, email="anna@example.org"))
    assert "(anna@example.org and hi@example.org)" in finding.message
