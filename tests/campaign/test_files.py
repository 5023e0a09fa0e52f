"""An article and its plan become the files of a campaign, and reading them gives the same campaign back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backmail.campaign import Outline, compare, files
from backmail.campaign.names import one_line
from backmail.clock import Span
from backmail.errors import CampaignError
from backmail.markup import containers, fold
from backmail.model.article import Article, Block, Kind, Source, Unit, UnitKind
from backmail.model.campaign import Action, Catalog, Sender
from backmail.model.plan import Plan, PlannedStep
from tests.campaign import sample
from tests.markup.texts import hostile

ARTICLE = sample.article()
PLAN = sample.plan(ARTICLE)


def test_a_new_folder_has_these_files_in_this_order() -> None:
    made = files(ARTICLE, PLAN, sample.settings(ARTICLE))
    assert list(made) == [
        "campaign.yaml",
        "article.txt",
        "outline.yaml",
        "01-why-balance.md",
        "02-the-first-exercise.md",
        "03-heel-lifts.md",
        "04-walk-a-line.md",
        "05-keep-going.md",
        "coverage.json",
        "base.json",
    ]
    assert made["article.txt"] == ARTICLE.source.text
    assert made == files(ARTICLE, PLAN, sample.settings(ARTICLE))


def test_a_step_file_reads_like_this() -> None:
    text = files(ARTICLE, PLAN, sample.settings(ARTICLE))["03-heel-lifts.md"]
    assert text.startswith(
        "---\n"
        "id: heel-lifts\n"
        'subject: "Mail 3: heel-lifts"\n'
        "preheader: What is inside of mail 3, in one line.\n"
        "after: 1w\n"
        "action:\n"
        "  text: Put it in my calendar\n"
        "  kind: calendar\n"
        'teaser: "Next time: heel-lifts."\n'
        "---\n"
        "::: note id=b08 repeats=the-first-exercise\n"
        "Stop at once if you feel dizzy.\n"
        ":::\n"
        "\n"
        '::: exercise id=b05 position="Stand behind a chair" repeats="12 times"\n'
        "## Heel lifts & “toes”\n"
        "\n"
        "1. Stand behind a chair.\n"
    )
    assert text.endswith("do not mind a gap.\n:::\n")


def test_the_folder_is_read_back_as_the_plan_has_it(tmp_path: Path) -> None:
    campaign = sample.folder(tmp_path, ARTICLE, PLAN)
    assert (campaign.id, campaign.slug, campaign.name) == ("c-abc234", "steady", "Steady on your feet")
    assert [step.id for step in campaign.steps] == [step.slug for step in PLAN.steps]
    assert [step.after for step in campaign.steps] == [Span(0, "h"), *[Span(1, "w")] * 4]
    for step, planned in zip(campaign.steps, PLAN.steps, strict=True):
        assert (step.subject, step.preheader, step.teaser) == (planned.subject, planned.preheader, planned.teaser)
        assert step.action == Action("Put it in my calendar", "calendar")
        held = [each.id for each in containers(step.body, step.file, step.body_line) if each.name != "note"]
        assert held == [block for block in planned.blocks if ARTICLE.block(block).kind not in sample.PLAIN_KINDS]
    assert campaign.article == "article.txt"
    assert campaign.disclaimer.startswith("General information")
    assert campaign.signature == campaign.sender.name == "Anna at Acme"


def test_the_sender_is_the_project_s_or_a_marked_example() -> None:
    assert "# an example: put your own sender here" in files(ARTICLE, PLAN, sample.settings(ARTICLE))["campaign.yaml"]
    ours = replace(sample.settings(ARTICLE), sender=Sender("Bo", "bo@example.org", "answers@example.org"), name="Feet")
    text = files(ARTICLE, PLAN, ours)["campaign.yaml"]
    assert "an example" not in text
    assert "from:\n  name: Bo\n  email: bo@example.org\n  reply_to: answers@example.org\n" in text
    assert "name: Feet\n" in text
    assert "signature: Bo\n" in text


def test_texts_are_in_the_campaign_s_language() -> None:
    danish = replace(ARTICLE, language="da")
    text = files(danish, PLAN, sample.settings(danish))["campaign.yaml"]
    assert "with_name: Hej {{ subscriber.first_name }},\n  without: Hej," in text
    assert "ikke lægelig rådgivning" in text
    greenlandic = replace(ARTICLE, language="kl")
    assert "without: Hello," in files(greenlandic, PLAN, sample.settings(greenlandic))["campaign.yaml"]


def test_a_campaign_without_exercises_has_no_disclaimer() -> None:
    made = sample.article(sample.GIVEN[:2])
    assert "disclaimer" not in files(made, sample.plan(made, (("b02",),)), sample.settings(made))["campaign.yaml"]


def test_a_link_leads_to_the_article() -> None:
    action = replace(PLAN.steps[0].action, kind="link", text="Read all of it")
    plan = replace(PLAN, steps=(replace(PLAN.steps[0], action=action), *PLAN.steps[1:]))
    made = files(ARTICLE, plan, replace(sample.settings(ARTICLE), source_url="https://example.org/feet"))
    assert "kind: link\n  url: https://example.org/feet\n" in made["01-why-balance.md"]
    assert "source_url: https://example.org/feet\n" in made["campaign.yaml"]


def test_jinja_signs_in_a_subject_are_text() -> None:
    steps = (replace(PLAN.steps[0], subject="How {{ x }} works", teaser="On {{ x }}."), *PLAN.steps[1:])
    text = files(ARTICLE, replace(PLAN, steps=steps), sample.settings(ARTICLE))["01-why-balance.md"]
    assert "subject: How {% raw %}{{ x }}{% endraw %} works\n" in text
    assert "teaser: On {{ x }}.\n" in text  # no template: it is shown as it stands


def test_an_added_safety_text_stands_beside_the_article() -> None:
    added = Source("/somewhere/stop.markdown", "md", "Stop.\n")
    made = files(ARTICLE, PLAN, replace(sample.settings(ARTICLE), added_safety=added))
    assert made["safety.md"] == "Stop.\n"
    assert "safety: safety.md\n" in made["outline.yaml"]
    assert "somewhere" not in "".join(made.values())


def test_links_of_a_markdown_article_lead_somewhere_in_every_mail() -> None:
    lines = ("See [the page][1] and [another](https://b.example).", "[1]: https://a.example", "[2]: https://c.example")
    text = Unit(UnitKind.PARAGRAPH, "See the page and another.", lines[0], 1, 1)
    links = Unit(UnitKind.LINK_DEFINITION, "", "\n".join(lines[1:]), 3, 4)
    blocks = (Block("b01", Kind.INTRO, (text,)), Block("b02", Kind.OTHER, (links,), role="link-definitions"))
    made = Article(Source("a.md", "md", "\n".join(lines)), "A", True, "en", blocks)
    step = files(made, sample.plan(made, (("b01",),)), sample.settings(made))["01-why-balance.md"]
    assert step.endswith("---\nSee [the page][1] and [another](https://b.example).\n\n[1]: https://a.example\n")


def test_coverage_says_where_every_line_went() -> None:
    adapted = sample.settings(ARTICLE, Outline(adapt="all"))
    data = json.loads(files(ARTICLE, PLAN, adapted)["coverage.json"])
    assert data["schema"] == 1
    assert data["steps"][1] == {
        "file": "02-the-first-exercise.md",
        "id": "the-first-exercise",
        "subject": "Mail 2: the-first-exercise",
        "subjects": [],
        "preheader": "What is inside of mail 2, in one line.",
        "cta": "Put it in my calendar",
        "week": 2,
        "blocks": ["b08", "b03", "b04"],
        "lines": [[4, 7], [14, 15]],
        "words": PLAN.steps[1].words,
        "repeats": [],
    }
    assert data["steps"][2]["repeats"] == ["b08"]
    assert data["dropped"] == [{"block": "b01", "lines": [1, 1], "reason": "title"}]
    assert data["moved"] == [{"block": "b08", "reason": "safety comes before the first exercise"}]
    assert data["invariants"] == [{"id": "covered", "ok": True, "detail": "every line stands once"}]
    assert data["changed"][:2] == [
        {
            "block": "b02",
            "what": "medium-words",
            "from": "In this post you will learn how 10 minutes a day can help.",
            "to": "You will learn how 10 minutes a day can help.",
        },
        {"block": "b03", "what": "heading-case", "from": "three ways to begin", "to": "Three ways to begin"},
    ]
    lines = {line for step in data["steps"] for start, end in step["lines"] for line in range(start, end + 1)}
    dropped = {line for each in data["dropped"] for line in range(each["lines"][0], each["lines"][1] + 1)}
    assert lines | dropped == set(range(1, len(ARTICLE.source.lines)))
    assert not lines & dropped


def test_without_adaptations_only_headings_change() -> None:
    made = files(ARTICLE, PLAN, sample.settings(ARTICLE))
    assert {each["what"] for each in json.loads(made["coverage.json"])["changed"]} == {"heading-case"}
    assert "In this post you will learn" in made["01-why-balance.md"]


def test_a_product_that_the_catalogue_lacks_is_an_error() -> None:
    with pytest.raises(CampaignError, match="the catalogue has no product"):
        files(ARTICLE, PLAN, replace(sample.settings(ARTICLE), catalog=Catalog()))


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, Plan]:
    """Return any article of 1 to 6 blocks, safety first, each block in a week of its own or with the one before."""
    kinds = draw(st.lists(st.sampled_from([Kind.INTRO, Kind.EXERCISE, Kind.FAQ, Kind.OTHER, Kind.SOURCES]), max_size=5))
    blocks: list[Block] = []
    line = 1
    for number, kind in enumerate([Kind.SAFETY, *kinds], 1):
        texts = draw(st.lists(hostile.map(lambda text: fold(f"{text} and so on")), min_size=1, max_size=3))
        headed = draw(st.booleans()) and len(texts) > 1
        units = tuple(
            Unit(
                UnitKind.HEADING if headed and at == 0 else draw(st.sampled_from([UnitKind.PARAGRAPH, UnitKind.ITEM])),
                text,
                text,
                line + at,
                line + at,
            )
            for at, text in enumerate(texts)
        )
        line += len(units)
        language = draw(st.sampled_from(["en", "da"]))
        blocks.append(Block(f"b{number:02}", kind, units, texts[0] if headed else "", language=language))
    text = "\n".join(unit.raw for block in blocks for unit in block.units)
    weeks: list[tuple[str, ...]] = [("b01",)]
    for block in blocks[1:]:
        if draw(st.booleans()) and len(weeks) < 7:
            weeks.append((block.id,))
        else:
            weeks[-1] = (*weeks[-1], block.id)
    steps = tuple(
        PlannedStep(
            week,
            ids,
            sum(each.words for each in blocks if each.id in ids),
            f"step-{week}",
            draw(hostile.map(lambda text: one_line(f"{text}!"))) + draw(st.sampled_from(["", "\x07"])),
            draw(hostile.map(fold)),
            "",
            sample.plan(ARTICLE).steps[0].action,
        )
        for week, ids in enumerate(weeks, 1)
    )
    return Article(Source("a.txt", "txt", text), "A", True, "en", tuple(blocks)), Plan(steps, (), (), (), 0.0)


@given(articles())
@settings(max_examples=25)
def test_any_article_is_read_back_and_has_no_finding(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Article, Plan]
) -> None:
    article, plan = made
    campaign = sample.folder(tmp_path_factory.mktemp("any"), article, plan)
    written = files(article, plan, sample.settings(article))
    assert [step.file for step in campaign.steps] == [name for name in written if name[0].isdigit()]
    for step, planned in zip(campaign.steps, plan.steps, strict=True):
        assert written[step.file].endswith(f"---\n{step.body}")
        assert step.id == planned.slug
    too_long = {finding.id for finding in compare(campaign, article, plan, Outline())}
    assert too_long == set()
