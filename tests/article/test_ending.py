"""What stands at the end of an article is sorted: closing words, the author, disclosures, teasers of other pages."""

import pytest

from backmail.article.drafts import Draft, section
from backmail.article.ending import ended
from backmail.article.markdown import markdown_units
from backmail.model.article import Unit
from tests.article.texts import called, md, shape, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."
TOP = f"{BODY}\n\n## The hive\n\n{BODY}\n\n## The year\n\n{BODY}\n\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("*Anna Holm is a beekeeper and a writer. She lives in Odense.*", "chrome.author"),
        ("This post contains affiliate links.", "chrome.disclosure"),
        ("Sign up for our newsletter and never miss a swarm.", "chrome.disclosure"),
        ("© 2024 Holm Bees. All rights reserved.", "chrome.disclosure"),
    ],
)
def test_lines_about_the_page_stay_out_of_mails(line: str, reason: str) -> None:
    block = md(TOP + line).blocks[-1]
    assert (block.kind, block.role, block.reasons, block.in_mails) == ("other", "chrome", (reason,), False)
    flat = txt(TOP.replace("\n\n", "\n").replace("## The", "the") + line.strip("*")).blocks[-1]
    assert (flat.role, flat.start) == ("chrome", 6)


@pytest.mark.parametrize(
    "line",
    [
        "Vitamin C is good for bees.",
        "Ask your doctor before you follow us on this path.",
        "Honey sells well on markets, and bees sell themselves.",
    ],
)
def test_what_is_said_of_the_topic_stays(line: str) -> None:
    assert shape(md(TOP + line))[-1][:2] == (7, 11)


def test_a_disclosure_at_the_top_is_no_introduction() -> None:
    article = md(f"This post contains affiliate links.\n\n{TOP}")
    assert shape(article)[:2] == [(1, 1, "other", "chrome"), (3, 3, "intro", None)]


def test_a_part_about_the_author() -> None:
    article = md(f"{TOP}## About the author\n\n{BODY} {BODY} {BODY}")
    assert shape(article)[-1] == (11, 13, "other", "chrome")


def test_closing_words_without_a_heading_are_the_conclusion() -> None:
    article = md(f"{TOP}In short, give them water and leave them alone.")
    assert shape(article)[-2:] == [(7, 9, "other", "body"), (11, 11, "conclusion", None)]


def test_closing_words_behind_the_last_answer() -> None:
    article = md(f"{TOP}## FAQ\n\n**Do they sting?**\n\nRarely.\n\nAll in all, bees are easy to keep.")
    assert shape(article)[-2:] == [(13, 15, "faq", None), (17, 17, "conclusion", None)]


def test_teasers_of_other_pages() -> None:
    teasers = "### [Honey](/honey)\n\nSweet.\n\n### [Wax](/wax)\n\nHard."
    assert [role for *_, role in shape(md(TOP + teasers))[-2:]] == ["related", "related"]


def test_a_list_of_links_in_the_middle_is_a_part_of_the_article() -> None:
    first = "## [Honey](/honey)\n\nSweet.\n\n## [Wax](/wax)\n\nHard.\n\n"
    assert called(md(f"{BODY}\n\n{first}## The hive\n\n{BODY}"), "Honey").role != "related"


def test_a_section_is_not_put_together_anew_for_each_of_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    whole = Draft.body

    def counted(draft: Draft) -> tuple[Unit, ...]:
        reads.append(len(draft.units))
        return whole.__get__(draft)  # type: ignore[no-any-return]

    monkeypatch.setattr(Draft, "body", property(counted))
    times = []
    for lines in (20, 200):
        text = "## The water\n\n" + "\n\n".join(f"Line {number} tells of water." for number in range(lines))
        drafts = [section(markdown_units(text))]
        reads.clear()
        ended(drafts, "en")
        times.append(len(reads))
    assert times[0] == times[1]


def test_a_heading_above_nothing_but_a_call_for_a_newsletter_is_the_pages() -> None:
    call = "Sign up for our newsletter and get one recipe a week."
    article = md(
        f"# Bees\n\nThey fly.\n\n## The water\n\nGive it.\n\n## Never miss a recipe\n\n{call}\n\n## Food\n\nHoney."
    )
    assert (called(article, "Never miss a recipe").role, called(article, "Food").role) == ("chrome", "body")
    above = md(
        f"# Bees\n\nBees fly far.\n\n## The water\n\n{call}\n\n### In summer\n\nGive them more of it each day.\n"
    )
    assert called(above, "The water").role != "chrome"


DISCLAIMER = "*Disclaimer: Stop if you are stung and it swells. Ask your doctor if you have an allergy.*"


@pytest.mark.parametrize(
    "end",
    [
        f"## Related pages\n\n- [Wasps](/wasps)\n- [Ants](/ants)\n\n{DISCLAIMER}",
        f"## The winter\n\n{BODY}\n\n---\n\n*Last reviewed: May 2024*\n\n{DISCLAIMER}",
        f"## The winter\n\n{BODY}\n\n{DISCLAIMER.strip('*')}\n".replace("\n\nDisclaimer", "\n\n---\n\nDisclaimer"),
    ],
)
def test_a_disclaimer_at_the_end_is_safety_text(end: str) -> None:
    last = md(TOP + end).blocks[-1]
    assert (last.kind, last.reasons[0], last.text.startswith("Disclaimer")) == ("safety", "safety.disclaimer", True)


def test_a_warning_among_other_paragraphs_stays_in_its_section() -> None:
    last = md(f"{TOP}## The winter\n\n{BODY}\n\n{BODY} Ask your doctor if you are stung.").blocks[-1]
    assert (last.heading, last.kind) == ("The winter", "other")


@pytest.mark.parametrize("line", ["*Last reviewed: May 2024*", "Word count 412", "Words: 312", "PPPPP", "*THE END*"])
def test_lines_that_are_left_over_at_the_end_stay_out_of_mails(line: str) -> None:
    last = md(f"{TOP}## The winter\n\n{BODY}\n\n{line}").blocks[-1]
    assert (last.role, last.text) == ("chrome", line.strip("*"))


@pytest.mark.parametrize("line", ["By Monday the bees are out.", "Photo: A. Holm", "Ooh"])
def test_a_last_line_of_the_article_stays(line: str) -> None:
    assert md(f"{TOP}## The winter\n\n{BODY}\n\n{line}").blocks[-1].role != "chrome"
