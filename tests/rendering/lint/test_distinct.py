"""Of many messages, each cause is told once."""

from dataclasses import replace

from backmail.errors import Place
from backmail.model.campaign import Finding, Severity
from backmail.model.message import Context, Field, Slot
from backmail.rendering.lint import distinct
from tests.rendering.lint.mails import UNSUBSCRIBE, Mail, judged

E, W = Severity.ERROR, Severity.WARNING
LINK = Finding(
    "link-scheme", W, "http://a.example.net is not encrypted", "calm-hands", "rolls", Place("02.md", 12), "use https"
)


def test_two_readers_of_a_step_make_one_finding() -> None:
    assert distinct([LINK, LINK]) == [LINK]


def test_two_lines_make_two_findings() -> None:
    other = replace(LINK, place=Place("02.md", 14))
    assert distinct([LINK, other, LINK]) == [LINK, other]


def test_a_fault_of_the_theme_is_one_finding_about_no_step() -> None:
    fault = Finding("a11y-title", E, "the mail's page has no title", "calm-hands", "rolls")
    assert distinct([fault, fault]) == [fault]
    assert distinct([fault, replace(fault, step="rest")]) == [replace(fault, step="")]


def test_what_was_found_in_a_file_is_not_told_again_of_the_message() -> None:
    assert distinct([replace(LINK, place=None), LINK]) == [LINK]
    assert distinct([replace(LINK, place=Place("campaign.yaml", 3), step=""), replace(LINK, place=None)]) == [
        replace(LINK, place=Place("campaign.yaml", 3), step="")
    ]


def test_of_a_measured_thing_the_worst_of_each_step_is_told() -> None:
    light = Finding("size-clip-gmail", W, "the mail weighs 91 KB", "calm-hands", "rolls")
    heavy = replace(light, severity=E, message="the mail weighs 101 KB")
    assert distinct([light, heavy, replace(light, message="the mail weighs 92 KB")]) == [heavy]
    assert distinct([light, replace(light, step="rest")]) == [light, replace(light, step="rest")]


def test_other_campaigns_keep_their_own() -> None:
    assert len(distinct([LINK, replace(LINK, campaign="other")])) == 2


def test_a_link_of_the_readers_own_is_called_by_its_name() -> None:
    """Else each reader's token would make a finding of its own."""

    def reader(token: str, site: str) -> list[Finding]:
        url = f"{site}/u/{token}?a=1&b=2"
        values = {Slot(Field(("links", "unsubscribe")), Context.URL): url.replace("&", "&amp;")}
        return judged(Mail(values=values).but(UNSUBSCRIBE, url.replace("&", "&amp;")))

    both = distinct([*reader("one", "http://localhost"), *reader("two", "http://localhost")])
    told = [(finding.id, finding.message.partition(" ")[0]) for finding in both if finding.id == "link-scheme"]
    assert told == [("link-scheme", "http://localhost/"), ("link-scheme", "http://localhost/")]
    lacking = [finding.message for finding in both if "the text part lacks" in finding.message]
    assert lacking == ["the text part lacks the link links.unsubscribe"]


def test_the_same_weak_colours_in_two_mails_are_one_finding() -> None:
    weak = '<p style="color:#999999">{}</p>'
    both = judged(Mail().plus(weak.format("One"))) + judged(Mail().plus(weak.format("Two")))
    assert len(distinct(each for each in both if each.id == "a11y-contrast-light")) == 1
