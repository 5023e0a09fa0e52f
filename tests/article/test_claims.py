"""Wordings that a marketer should see are found with a proposal, and nothing that is taken back."""

import pytest

from backmail.model.article import Caution
from tests.article.texts import md, txt


def wordings(text: str, **how: str) -> list[Caution]:
    return [each for each in txt(text, **how).cautions if each.id.endswith(("words", "claim"))]


@pytest.mark.parametrize(
    ("language", "text", "id_", "piece", "proposal"),
    [
        ("en", "In this blog post we dig.", "medium-words", "this blog post", "this series"),
        ("en", "This guide is long.", "medium-words", "This guide", "This series"),
        ("en", "As you read on, it grows.", "medium-words", "As you read on", "In the coming mails"),
        ("en", "So let’s dive into mud.", "medium-words", "let’s dive into", "let’s look at"),
        ("en", "It is described above.", "medium-words", "described above", None),
        ("da", "I dette blogindlæg graver vi.", "medium-words", "dette blogindlæg", "denne serie"),
        ("en", "Enjoy a pain-free spring.", "cure-claim", "pain-free", "more comfortable"),
        ("en", "It can cure your neck.", "cure-claim", "can cure your", None),
        ("en", "Results are guaranteed.", "cure-claim", "are guaranteed", None),
        ("en", "It gives instant relief.", "cure-claim", "instant relief", "relief"),
        ("da", "Bliv smertefri i dag.", "cure-claim", "smertefri", None),
        ("en", "It is safe for everyone.", "unconditional-claim", "safe for everyone", "safe for most people"),
        ("en", "Anyone can dig.", "unconditional-claim", "Anyone can", "Most people can"),
        ("da", "Alle kan grave.", "unconditional-claim", "Alle kan", "De fleste kan"),
        ("en", "More of it in the comments.", "medium-words", "in the comments", None),
        ("en", "Click here for the plan.", "medium-words", "Click here", None),
        ("da", "Klik her efter planen.", "medium-words", "Klik her", None),
        ("de", "In diesem Artikel graben wir.", "medium-words", "In diesem Artikel", "In dieser Serie"),
        ("de", "Dieser Beitrag ist lang.", "medium-words", "Dieser Beitrag", "Diese Serie"),
        ("de", "Mehr davon weiter unten.", "medium-words", "weiter unten", None),
        ("de", "Das Mittel heilt alle Leiden.", "cure-claim", "heilt alle", None),
        ("de", "Jeder kann graben.", "unconditional-claim", "Jeder kann", "Die meisten können"),
        ("sv", "I den här artikeln gräver vi.", "medium-words", "den här artikeln", "den här serien"),
        ("sv", "Det ger omedelbar lindring.", "cure-claim", "omedelbar lindring", "lindring"),
        ("sv", "Alla kan gräva.", "unconditional-claim", "Alla kan", "De flesta kan"),
        ("nb", "Dette innlegget er langt.", "medium-words", "Dette innlegget", "Denne serien"),
        ("nb", "Det gir umiddelbar lindring.", "cure-claim", "umiddelbar lindring", "lindring"),
        ("fr", "Dans cet article, on creuse.", "medium-words", "cet article", "cette série"),
        ("fr", "Cliquez ici pour le plan.", "medium-words", "Cliquez ici", None),
        ("fr", "Un soulagement immédiat vous attend.", "cure-claim", "soulagement immédiat", "soulagement"),
        ("es", "En este artículo cavamos.", "medium-words", "este artículo", "esta serie"),
        ("es", "Da un alivio inmediato.", "cure-claim", "alivio inmediato", "alivio"),
        ("es", "Cualquiera puede cavar.", "unconditional-claim", "Cualquiera puede", "La mayoría puede"),
    ],
)
def test_wordings(language: str, text: str, id_: str, piece: str, proposal: str | None) -> None:
    (caution,) = wordings(f"It is old.\n{text}", language=language)
    assert (caution.id, caution.text, caution.proposal) == (id_, piece, proposal)
    assert (caution.start, caution.sentence) == (2, text)
    assert repr(piece) in caution.message


@pytest.mark.parametrize(
    "text",
    [
        "We do not promise a pain-free spring.",
        "No spade can be guaranteed.",
        "It is generally safe for everyone.",
        "Let the glue cure for a day.",
        "There is something for everyone in it.",
        "The post is made of oak.",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert wordings(text) == []


def test_a_proposal_fits_its_place_word_for_word() -> None:
    text = "By the end of this post, you will dig. This article helps."
    for caution in wordings(text):
        assert caution.proposal is not None
        text = text.replace(caution.text, caution.proposal, 1)
    assert text == "By the end of this series, you will dig. This series helps."


def test_a_products_text_is_looked_at_in_its_own_language_and_never_changed() -> None:
    (caution,) = wordings("It is old.\nSpade™ - Black\nEn spade, der gør ryggen smertefri og er let at bruge.")
    assert (caution.id, caution.text, caution.proposal, caution.start) == ("product-claim", "smertefri", None, 3)
    assert "unchanged" in caution.message


def test_titles_of_sources_and_what_stands_in_no_mail_are_left_alone() -> None:
    text = "---\nx: this post\n---\nIt is old.\n\n`this post`\n\n## Sources\n\n- This Blog Post. (2020). x\n"
    assert not [each for each in md(text).cautions if each.id == "medium-words" and each.start != 6]
    assert not [each for each in md("Old.\n\n```\nthis post\n```").cautions if each.id == "medium-words"]


def test_the_line_of_a_piece_in_a_wrapped_paragraph() -> None:
    text = "Bees fly when it is warm outside and they\ncome home before the rain begins. This blog\npost says so."
    (caution,) = wordings(text)
    assert (caution.start, caution.text) == (2, "This blog post")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Es ist nicht garantiert."),
        ("de", "Die Seite des Beetes ist schmal."),
        ("sv", "Det är inte garanterat."),
        ("fr", "La garantie de 2 ans reste."),
        ("es", "No está garantizado."),
        ("nb", "Det er ikke garantert."),
    ],
)
def test_what_is_no_claim_in_other_languages(language: str, text: str) -> None:
    assert wordings(text, language=language) == []
