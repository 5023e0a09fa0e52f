"""What a marketer decided always wins, is shown as such, and is never lost silently."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article import mark, read_text, understand
from backmail.errors import UsageError
from backmail.model.article import Article, Kind, Override, Remembered
from backmail.model.campaign import Catalog, Product
from tests.article.texts import PASTED, called, md, shape, txt


def with_overrides(*overrides: Override, text: str = PASTED, **how: Any) -> Article:
    return txt(text, overrides=overrides, **how)


def test_a_kind() -> None:
    article = with_overrides(Override("Why the  NECK grows", kind=Kind.SAFETY))
    block = called(article, "why the neck grows stiff")
    assert (block.kind, block.role, block.confidence, block.reasons) == ("safety", None, 1.0, ("override",))
    assert article.cautions == tuple(each for each in article.cautions if each.id != "stale-override")


def test_a_kind_takes_a_block_out_of_the_page() -> None:
    text = "Bees fly when it is warm.\nThe Water\nWet.\nRelated articles\n- Wasps\n- Ants"
    assert txt(text).blocks[-1].role == "related"
    block = with_overrides(Override("related articles", kind=Kind.OTHER), text=text).blocks[-1]
    assert (block.role, block.in_mails) == ("body", True)


def test_an_exercise_gets_its_dose_and_loses_it() -> None:
    assert "repeats" in called(with_overrides(), "slow nods").dose
    assert "repeats" not in called(with_overrides(Override("slow nods", kind=Kind.HOW_TO)), "slow nods").dose
    block = called(with_overrides(Override("when to stop", kind=Kind.EXERCISE)), "when to stop")
    assert block.kind == "exercise"


def test_week_and_drop() -> None:
    article = with_overrides(Override("slow nods", week=3), Override("side bends", drop_because="too hard"))
    assert called(article, "slow nods").locked_week == 3
    assert called(article, "side bends").dropped_because == "too hard"
    assert not called(article, "side bends").in_mails


def test_a_split() -> None:
    article = with_overrides(Override("frequently asked", split_at=15))
    assert [each.id for each in article.cautions].count("stale-override") == 1
    article = with_overrides(Override("Kilder", split_at=22))
    assert [block.id for block in article.blocks][-2:] == ["b12", "b13"]
    assert shape(article)[-2:] == [(20, 21, "sources", None), (22, 22, "sources", None)]
    assert article.blocks[-1].reasons == ("override",)


def test_a_part_with_a_heading_of_its_own_is_judged() -> None:
    text = "Bees.\n\n## Water\n\n### How to dig\n\nTake a spade."
    assert shape(md(text))[1:] == [(3, 3, "other", "heading"), (5, 7, "how-to", None)]
    merged = [Override("Water", merge_with="How to dig")]
    assert shape(md(text, overrides=merged))[1:] == [(3, 7, "how-to", None)]
    assert shape(md(text, overrides=[*merged, Override("Water", split_at=5)]))[1:] == [
        (3, 3, "other", "heading"),
        (5, 7, "how-to", None),
    ]


def test_what_is_split_off_goes_by_its_own_words() -> None:
    article = with_overrides(
        Override("- Lind", kind=Kind.INTRO), Override("Kilder", split_at=22), Override("Lind, C.", kind=Kind.CONCLUSION)
    )
    assert shape(article)[-1] == (22, 22, "conclusion", None)
    assert [each.text for each in article.cautions if each.id == "stale-override"] == ["- Lind"]


def test_a_merge() -> None:
    article = with_overrides(Override("slow nods", merge_with="side bends"))
    assert (9, 12, "exercise", None) in shape(article)
    article = with_overrides(Override("movements for", merge_with="slow nods"))
    assert (7, 10, "exercise", None) in shape(article)


@pytest.mark.parametrize(
    ("override", "why"),
    [
        (Override("no such words", kind=Kind.FAQ), "no block begins with these words"),
        (Override("", week=1), "no block begins with these words"),
        (Override("slow nods", split_at=12), "no paragraph of it begins at 12"),
        (Override("slow nods", split_at=9), "no paragraph of it begins at 9"),
        (Override("slow nods", merge_with="when to stop"), "is not the next one"),
        (Override("slow nods", merge_with="gone"), "no block below it"),
    ],
)
def test_one_that_does_not_fit_any_more_is_a_caution(override: Override, why: str) -> None:
    article = with_overrides(override)
    (caution,) = [each for each in article.cautions if each.id == "stale-override"]
    assert why in caution.message
    assert shape(article) == shape(txt(PASTED))


def test_marking_a_whole_block() -> None:
    article = txt(PASTED)
    assert mark(article, "13-14=how-to") == (Override("when to stop Stop at once", kind=Kind.HOW_TO),)
    assert called(with_overrides(*mark(article, "13-14=how-to")), "when to stop").kind == "how-to"


def test_marking_a_part_splits_it_off() -> None:
    text = (
        "Bees fly when it is warm.\n\nThe Water\n\nIt is wet.\n\nIt is deep.\n\nIt is cold.\n\nThe Hive\n\nIt is dry."
    )
    marked = with_overrides(*mark(txt(text), "7=safety"), text=text)
    assert shape(marked) == [
        (1, 1, "intro", None),
        (3, 5, "other", "body"),
        (7, 7, "safety", None),
        (9, 9, "other", "body"),
        (11, 13, "other", "body"),
    ]


def test_marking_a_part_that_begins_like_its_block() -> None:
    text = "Bees.\n\n---\n\nIt is old and it is deep and dark.\n\nIt is old and it is deep and cold."
    marked = mark(md(text), "7=safety")
    assert shape(md(text, overrides=marked))[1:] == [(5, 5, "other", "body"), (7, 7, "safety", None)]


def test_marking_lines_of_several_blocks_marks_each() -> None:
    marked = with_overrides(*mark(txt(PASTED), " 9 - 12 = HOW-TO "))
    assert [block.kind for block in marked.blocks if block.start in (9, 11)] == ["how-to", "how-to"]


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("safety", "cannot be understood"),
        ("9-12", "cannot be understood"),
        ("9-12=safty", "did you mean 'safety'?"),
        ("9-12=zebra", "the kinds are intro, exercise"),
        ("90=safety", "the article has lines 1-22"),
        ("12-9=safety", "no text begins on lines 12-9"),
    ],
)
def test_a_mark_that_cannot_be_used(marked: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        mark(txt(PASTED), marked)
    assert said in str(caught.value)


def test_a_mark_may_not_cut_through_a_paragraph() -> None:
    wrapped = (
        "Bees fly when it is warm outside and\nthey come home before the rain begins\nto fall on the roof of the hive."
    )
    with pytest.raises(UsageError, match=r"write 1-3=safety"):
        mark(txt(wrapped), "1-2=safety")


BLOCKS = ["slow nods", "side bends", "Kilder", "frequently", "gone", "", "Gardeners", "Kneeler", "Cold wind"]
OVERRIDES = st.builds(
    lambda block, what: Override(block, **what),
    st.sampled_from(BLOCKS),
    st.one_of(
        st.fixed_dictionaries({"kind": st.sampled_from(Kind)}),
        st.fixed_dictionaries({"split_at": st.integers(0, 25)}),
        st.fixed_dictionaries({"merge_with": st.sampled_from(BLOCKS)}),
    ),
)


@given(st.lists(OVERRIDES, max_size=5))
def test_no_override_loses_a_line(overrides: list[Override]) -> None:
    article = with_overrides(*overrides)
    assert [line for block in article.blocks for line in range(block.start, block.end + 1)] == list(range(1, 23))


def test_a_heading_of_ones_own() -> None:
    block = called(with_overrides(Override("slow nods", heading="Nod, slowly")), "Nod, slowly")
    assert (block.renamed, block.kind, block.units[0].text) == (True, "exercise", "slow nods")


def test_a_product_of_the_catalogue_and_none() -> None:
    catalog = Catalog((Product("mat", "Garden Mat"),))
    attached = with_overrides(Override("why the neck", product="mat"), catalog=catalog)
    assert [(block.kind, block.sku) for block in attached.blocks if block.sku] == [("product", "mat")]
    teaser = next(block for block in txt(PASTED).blocks if block.kind == "product")
    taken = with_overrides(Override(teaser.heading, product="none"))
    assert next(block for block in taken.blocks if block.start == teaser.start).kind != "product"
    (decision,) = with_overrides(Override("why the neck", product="mad"), catalog=catalog).decisions
    assert decision.stale == "the catalogue has no product 'mad'; did you mean 'mat'?"


def test_a_split_at_the_first_words_of_a_paragraph() -> None:
    assert shape(with_overrides(Override("Kilder", split_at="Lind, C.")))[-1] == (22, 22, "sources", None)
    (decision,) = with_overrides(Override("Kilder", split_at="Nobody")).decisions
    assert "begins with 'Nobody'" in decision.stale


def kept(*overrides: Override, text: str = PASTED, **how: Any) -> list[Override]:
    """Return the overrides as they are remembered after they were applied once."""
    decisions = with_overrides(*overrides, text=text, **how).decisions
    assert [each.stale for each in decisions] == [""] * len(overrides)
    return [each.override for each in decisions]


def test_it_is_found_again_by_its_text_after_a_small_edit() -> None:
    [kind] = kept(Override("Gardeners spend hours", kind=Kind.SAFETY))
    edited = PASTED.replace("Gardeners spend hours", "A gardener spends hours")
    article = with_overrides(kind, text=edited)
    (decision,) = article.decisions
    assert decision.stale == ""
    assert article.blocks[0].kind == "safety"
    assert decision.override.block.startswith("A gardener spends")  # the words are those of the text as it is now
    assert decision.override.key != with_overrides(kind).decisions[0].override.key


def test_a_section_that_grew_is_found_by_its_heading() -> None:
    [kind] = kept(Override("when to stop", kind=Kind.HOW_TO))
    more = PASTED.replace("was ever hurt.\n", "was ever hurt. " + "Take a rest of a few days after a fall. " * 4 + "\n")
    assert called(with_overrides(kind, text=more), "when to stop").kind == "how-to"


_WATER = "Water the pots in the evening and let the soil dry a little before you water them again the next week."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"# Pots\n\n## Water\n\n{_WATER}\n",
            f"# Pots\n\n## How to water\n\n{_WATER}\n".replace("dry a", "dry only a"),
        ),
        (
            f"# Pots\n\n## Care\n\n### Water\n\n{_WATER}\n",
            f"# Pots\n\n## All summer long\n\n### Water\n\n{_WATER}\n".replace("evening", "late evening"),
        ),
        (
            f"# Pots\n\n## Care\n\n### Water\n\n{_WATER}\n",
            f"# Pots\n\n## All summer\n\n### Watering\n\n{_WATER}\n".replace("again", "once again"),
        ),
    ],
)
def test_it_is_found_below_a_heading_that_was_renamed(before: str, after: str) -> None:
    light = "\n## Light\n\nA pot in the shade needs little, and a pot in the sun asks for more of everything.\n"
    start = md(before + light, overrides=(Override("Water", kind=Kind.SAFETY),))
    again = md(after + light, overrides=tuple(each.override for each in start.decisions))
    (decision,) = again.decisions
    assert not decision.stale
    assert "let the soil" in again.block(decision.block).text


def test_below_a_renamed_heading_it_is_no_guess() -> None:
    start = md(f"# Pots\n\n## Water\n\n{_WATER}\n", overrides=(Override("Water", kind=Kind.SAFETY),))
    near = "".join(f"\n## {name}\n\n{_WATER.replace('dry', f'dry {name}')}\n" for name in ("up", "in"))
    other = "\n## Sun\n\nWater the pots in the evening, says the neighbour, who has none himself.\n"
    for text in (near, other):
        again = md(f"# Pots\n{text}", overrides=tuple(each.override for each in start.decisions))
        assert again.decisions[0].stale


def test_what_was_rewritten_is_stale_and_changes_nothing() -> None:
    [kind] = kept(Override("when to stop", kind=Kind.HOW_TO))
    before, _, after = PASTED.partition("Stop at once if you feel dizzy.")
    after = after.partition("\n")[2]
    other = f"{before}Gloves keep the hands warm on a windy day, and good boots are worth what they cost.\n{after}"
    article = with_overrides(kind, text=other)
    assert "was rewritten" in article.decisions[0].stale
    assert shape(article) == shape(txt(other))
    assert article.decisions[0].override == kind


TWICE = "Bees fly.\n\n## Hive\n\n### Care\n\nLook at it once a week in summer.\n\n## Nest\n\n### Care\n\nLook at it once a week in summer."  # noqa: E501


def test_the_same_text_below_two_headings_is_told_apart_and_else_ambiguous() -> None:
    (decision,) = md(TWICE, overrides=[Override("Care Look at it", week=2)]).decisions
    assert decision.stale == "2 blocks begin with these words: write more of them"
    known = [Remembered("Care Look at it once a week in summer.", "Care", ("Nest",))]
    article = md(TWICE, overrides=[Override("Care", week=2, known=each) for each in known])
    assert [block.start for block in article.blocks if block.locked_week] == [11]
    gone = md(TWICE.replace("## Nest\n\n", "## House\n\n"), overrides=[Override("Care", week=2, known=known[0])])
    assert gone.decisions[0].stale == "2 blocks are like the text that this was decided about"


def test_a_split_and_a_merge_follow_their_paragraphs() -> None:
    split, merge = kept(Override("Kilder", split_at=22), Override("slow nods", merge_with="side bends"))
    above = "A word before all else, for those who hurry through this page.\n" + PASTED
    article = with_overrides(split, merge, text=above.replace("Tilt your head", "Lean your head"))
    assert [each.stale for each in article.decisions] == ["", ""]
    assert (23, 23, "sources", None) in shape(article)
    assert (10, 13, "exercise", None) in shape(article)
    assert article.decisions[0].override.split_at == 23


DECIDED = (
    Override("slow nods", kind=Kind.HOW_TO), Override("side bends", week=3), Override("Kilder", split_at=22),
    Override("Lind, C.", drop_because="old"), Override("when to stop", heading="Stop!"),
    Override("why the neck", merge_with="Kneeler Deluxe"),
)  # fmt: skip
SECTIONS = [
    "why the neck grows stiff\n", "movements for the shed\n", "slow nods\n", "side bends\n", "when to stop\n",
    "frequently asked questions\n", "Kilder\n",
]  # fmt: skip


def what_is_decided(article: Article) -> list[tuple[str, ...]]:
    """Return what the overrides made of the blocks that they are about, in the order of the overrides."""
    assert [each.stale for each in article.decisions] == [""] * len(article.decisions)
    blocks = [article.block(each.block) for each in article.decisions]
    return [
        (block.text, str(block.kind), str(block.locked_week), block.dropped_because, block.heading) for block in blocks
    ]


@given(
    st.permutations(["slow nods\n", "side bends\n", "when to stop\n"]),
    st.lists(st.sampled_from(range(len(SECTIONS))), max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sets(st.sampled_from(["movements for the shed\n", "frequently asked questions\n"])),
)
def test_overrides_survive_another_version_of_the_article(
    order: list[str], added: list[int], ends: str, mark_in_front: bool, without: set[str]
) -> None:
    known = kept(*DECIDED)
    bounds = [PASTED.index(heading) for heading in SECTIONS] + [len(PASTED)]
    parts = {h: PASTED[a:b] for h, a, b in zip(SECTIONS, bounds, bounds[1:], strict=False)}
    names = [*SECTIONS[:2], *order, *SECTIONS[5:]]
    text = PASTED[: bounds[0]]
    for number, heading in enumerate(names):
        if number in added:
            text += (
                f"a new part {number}\nNobody had written this paragraph {number} before, and it says little more.\n"
            )
        text += "" if heading in without else parts[heading]
    data = ("\ufeff" * mark_in_front + text.replace("\n", ends)).encode()
    now = understand(read_text(data, "article.txt"), overrides=known)
    assert what_is_decided(now) == what_is_decided(with_overrides(*known))


@given(st.lists(OVERRIDES, max_size=4))
def test_applying_again_changes_nothing_and_taking_all_back_restores_the_article(overrides: list[Override]) -> None:
    once = with_overrides(*overrides)
    again = with_overrides(*(each.override for each in once.decisions))
    assert shape(again) == shape(once)
    assert [each.block for each in again.decisions] == [each.block for each in once.decisions]
    assert [each.override for each in again.decisions] == [each.override for each in once.decisions]
    assert with_overrides() == txt(PASTED)
