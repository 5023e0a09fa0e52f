"""Ids of blocks outlive a change of their article."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.numbering import numbers_of, renumbered, with_numbers
from backmail.model.article import Article, Block, Kind, Source, Unit, UnitKind

WORDS = st.lists(st.sampled_from(["sit", "stand", "roll", "rest", "hold", "lift"]), min_size=1, max_size=6, unique=True)


def article(texts: list[str]) -> Article:
    blocks = [
        Block(f"b{n:02}", Kind.OTHER, (Unit(UnitKind.PARAGRAPH, text, text, n, n),)) for n, text in enumerate(texts, 1)
    ]
    return Article(Source("a.txt", "txt", "\n".join(texts)), "", False, "en", tuple(blocks))


def ids(made: Article) -> dict[str, str]:
    return {block.text: block.id for block in made.blocks}


@given(WORDS, WORDS)
def test_a_text_that_stays_keeps_its_id_and_each_id_is_of_one_block(before: list[str], after: list[str]) -> None:
    known = numbers_of(article(before))
    made = ids(with_numbers(article(after), known))
    former = ids(article(before))
    assert len(set(made.values())) == len(after)
    assert all(made[text] == former[text] for text in after if text in before)


def test_without_a_record_nothing_changes() -> None:
    made = article(["sit", "stand"])
    assert with_numbers(made, []) is made


def test_what_points_to_a_block_goes_on_pointing_to_it() -> None:
    one, two, three = article(["sit", "stand", "roll"]).blocks
    made = Article(
        Source("a.txt", "txt", ""),
        "",
        False,
        "en",
        (
            Block(one.id, Kind.OTHER, one.units, role="lead", lead_for=(two.id, three.id)),
            two,
            Block(three.id, Kind.OTHER, three.units, continues=two.id),
        ),
    )
    again = renumbered(made, {"b02": "b07"})
    assert [block.id for block in again.blocks] == ["b01", "b07", "b03"]
    assert again.blocks[0].lead_for == ("b07", "b03")
    assert again.blocks[2].continues == "b07"
