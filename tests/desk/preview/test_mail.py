"""A mail to be looked at is the mail that `render` writes, in all its forms."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

from backmail import rendering
from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.mail import Link
from backmail.desk.render import DATE, Renderer
from tests.desk.preview.conftest import Desk

CONDITIONS = """
{% if subscriber.first_name %}
For {{ subscriber.first_name }} alone.
{% else %}
For somebody.
{% endif %}
{% if progress.previous %}
After {{ progress.previous.subject }}.
{% endif %}
{% for tag in subscriber.tags %}
- {{ tag }}
{% endfor %}
"""


def test_each_mail_has_the_bytes_of_a_renderer_over_the_whole_campaign(desk: Desk) -> None:
    """A draft renders a step in a campaign whose other steps say nothing: nobody may see that."""
    desk.write(desk.files[3], desk.files[3].read_text(encoding="utf-8") + CONDITIONS)
    step = desk.draft.steps[2].step
    assert step is not None
    desk.change(desk.files[2], step.subject, "'For {{ subscriber.first_name | default(\"you\") }}'")
    draft = desk.draft
    assert draft.campaign is not None
    whole = Renderer(desk.project, draft.campaign)
    for subscriber in desk.drafts.people:
        for each in draft.campaign.steps:
            message = whole.message(each, subscriber)
            assert draft.mail(each.id, subscriber).eml == rendering.wire(message, DATE)


def test_the_parts_are_those_of_the_bytes(desk: Desk) -> None:
    mail = desk.draft.mail(desk.draft.steps[2].name, desk.drafts.person("long-danish-name"))
    parsed = message_from_bytes(mail.eml, policy=policy.default)
    html, text = parsed.get_body(("html",)), parsed.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == mail.html.rstrip("\n")
    assert text.get_content().replace("\r\n", "\n") == mail.text
    assert mail.preheader == mail.step.preheader
    assert mail.size == len(mail.html.encode())


def test_headers_are_unfolded_and_decoded_in_their_order(desk: Desk) -> None:
    step = desk.draft.steps[0].step
    assert step is not None
    subject = "Å bevæge seg er sunt, " * 6 + "ja"
    desk.change(desk.files[0], step.subject, subject)
    mail = desk.draft.mail(step.id, desk.drafts.person("misaki"))
    headers = dict(mail.headers)
    assert [name for name, _ in mail.headers][:4] == ["From", "To", "Reply-To", "Subject"]
    assert headers["Subject"] == subject == mail.subject
    assert headers["To"] == "美咲 佐藤 <misaki@example.org>"
    assert headers["List-Unsubscribe"].startswith("<https://links.example.invalid/u/")
    assert "\n" not in "".join(headers.values())


def test_links_say_what_they_would_do(desk: Desk) -> None:
    mail = desk.draft.mail(desk.draft.steps[2].name, desk.anna)
    by_text = {link.text: link for link in mail.links}
    assert len({link.target for link in mail.links}) == len(mail.links)
    assert by_text["Unsubscribe"].does == "opens a page with one button, which ends all mail to this reader"
    assert by_text["Read this mail in your browser"].does == "shows this mail in the browser"
    assert "calendar" in by_text["Put both in my calendar"].does
    assert "'stop-ask-help'" in by_text["Repeated from mail 2"].does
    assert by_text["See Wrist Rest Pro™ - Grey"] == Link(
        "See Wrist Rest Pro™ - Grey", "https://example.org/shop/wrist-rest-pro"
    )
    assert next(link for link in mail.links if link.target.startswith("mailto:")).does.startswith("begins a mail")


def test_a_picture_that_is_a_link_is_called_by_its_words(desk: Desk) -> None:
    body = (
        "\n[![A chair](https://example.org/c.png)](https://example.org/chair)\n\n[Chair](https://example.org/chair)\n"
    )
    desk.write(desk.files[0], desk.files[0].read_text(encoding="utf-8") + body)
    mail = desk.draft.mail(desk.draft.steps[0].name, desk.anna)
    [link] = [link for link in mail.links if link.target == "https://example.org/chair"]
    assert link.text == "A chair"


def test_the_digest_tells_mails_apart_and_no_more(desk: Desk) -> None:
    names = [each.name for each in desk.draft.steps]
    digests = {desk.draft.mail(name, who).digest for name in names for who in desk.drafts.people}
    assert len(digests) == len(names) * len(desk.drafts.people)
    again = Drafts(desk.project).draft(desk.slug).mail(names[0], desk.anna)
    assert again.digest == desk.draft.mail(names[0], desk.anna).digest
    assert again.digest.isalnum()


def test_minutes_are_those_of_the_words(desk: Desk) -> None:
    mail = desk.draft.mail(desk.draft.steps[0].name, desk.anna)
    assert mail.minutes == max(1, round(len(mail.text.split()) / 200))
    text = desk.files[0].read_text(encoding="utf-8")
    desk.write(desk.files[0], text + "\n" + "word " * 2000)
    assert desk.draft.mail(mail.step.id, desk.anna).minutes == mail.minutes + 10


def test_the_mail_as_data(desk: Desk) -> None:
    mail = desk.draft.mail(desk.draft.steps[0].name, replace(desk.anna, first_name='An"na'))
    assert list(mail.json) == [
        "schema", "campaign", "step", "person", "subject", "preheader", "from", "to", "headers", "html", "text", "size",
    ]  # fmt: skip
    assert (mail.json["schema"], mail.json["campaign"], mail.json["person"]) == (1, desk.slug, "anna")
    assert mail.json["to"] == '"An\\"na Holm" <anna@example.org>'
    assert {"name": "Subject", "value": mail.subject} in mail.json["headers"]
    assert (mail.json["html"], mail.json["text"], mail.json["size"]) == (mail.html, mail.text, mail.size)
