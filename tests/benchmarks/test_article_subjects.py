"""Subjects are compared within a series and between articles, but not between two versions of one article."""

from dataclasses import replace

from backmail.model.article import Article, Block, Kind, Source, Unit, UnitKind
from backmail.model.plan import Plan, PlannedStep, ProposedAction
from benchmarks.article_subjects import Subjects, subjects_of

ROPE = ("Tie the rope around the post", "Splice the rope at its end")


def series(subjects: tuple[str, ...], texts: tuple[str, ...]) -> tuple[Article, Plan]:
    """Return an article with a block for each text, and a plan with a step for each block."""
    blocks = tuple(
        Block(f"b{n}", Kind.OTHER, (Unit(UnitKind.PARAGRAPH, text, text, n, n),)) for n, text in enumerate(texts, 1)
    )
    steps = tuple(
        PlannedStep(n, (f"b{n}",), 5, "slug", subject, "", "", ProposedAction("", "none"))
        for n, subject in enumerate(subjects, 1)
    )
    return Article(Source("a.md", "md", ""), "", False, "en", blocks), Plan(steps, (), (), (), 0.0)


def test_subjects_are_counted_with_those_that_have_a_word_of_their_own() -> None:
    seen = subjects_of([series(("Tie the rope", "Splice the rope"), ROPE)])
    assert seen == Subjects(2, (), (), own=2, rare=2)
    assert subjects_of([series(("The rope", "Splice the rope"), ROPE)]).own == 1


def test_a_word_that_another_steps_text_holds_is_not_rare() -> None:
    seen = subjects_of([series(("The post", "Splice the rope"), (ROPE[0], ROPE[1] + " near the post"))])
    assert (seen.own, seen.rare) == (2, 1)


def test_subjects_that_are_shared_or_long_are_named() -> None:
    twice = series(("Tie it", "tie it"), ROPE)
    assert subjects_of([twice]).shared == ("Tie it", "tie it")
    assert subjects_of([series(("x" * 51, "Splice"), ROPE)]).long == ("x" * 51,)


def test_two_articles_may_not_share_a_subject_but_two_versions_of_one_do() -> None:
    one = series(("Tie the rope", "Splice the rope"), ROPE)
    version = (replace(one[0], title="The same"), one[1])
    other = series(("Tie the rope", "Feed the cat"), ("Bread wants water and flour", "A cat wants meat"))
    assert subjects_of([one, version]).shared == ()
    assert subjects_of([one, other]).shared == ("Tie the rope",)
