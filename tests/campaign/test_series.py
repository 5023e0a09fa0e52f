"""The hard rules of a series are proved again on what stands in the folder."""

from __future__ import annotations

from pathlib import Path

from backmail.campaign import Outline
from backmail.model.article import Kind
from backmail.model.campaign import Severity
from tests.campaign import sample
from tests.campaign.desk import ARTICLE, Desk, text_of


def test_a_safety_text_behind_the_first_exercise_is_found(desk: Desk) -> None:
    safety = text_of(ARTICLE.block("b08"))
    desk.change(2, safety, "")
    line = desk.add(2, safety)
    assert desk.found("safety-late", 2, line, near=0).severity is Severity.ERROR


def test_exercises_without_any_safety_text_are_found(desk: Desk) -> None:
    line = desk.change(2, text_of(ARTICLE.block("b08")), "")
    assert desk.found("safety-absent", 2, line + 7, near=2)
    desk.outline = Outline(without_safety="the readers are trainers")
    assert "safety-absent" not in {each.id for each in desk.findings()}


def test_a_product_in_the_first_mail_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(1, product)
    assert desk.found("product-first", 1, line, near=0)


def test_a_product_beside_a_safety_text_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(2, product)
    assert desk.found("product-beside-safety", 2, line, near=0)


def test_a_product_with_too_large_a_share_is_found(desk: Desk) -> None:
    product = text_of(ARTICLE.block("b06"))
    desk.change(3, product, "")
    line = desk.add(5, product)
    assert "a fifth at most" in desk.found("product-share", 5, line, near=0).message


def test_two_products_in_a_mail_are_found(tmp_path: Path) -> None:
    lamp = sample.Given(Kind.PRODUCT, ("Lampe Lys", "En lampe."), language="da")
    made = sample.article((*sample.GIVEN, lamp))
    plan = sample.plan(made, (*sample.WEEKS[:-1], (*sample.WEEKS[-1], "b15")))
    desk = Desk(sample.folder(tmp_path, made, plan), tmp_path, made, plan)
    text = "::: product id=b15 sku=lampe-lys lang=da\n## Lampe Lys\n\nEn lampe.\n:::\n"
    desk.change(5, text, "")
    line = desk.add(3, text)
    assert desk.found("products-two", 3, line, near=0)


def test_too_many_words_in_a_mail_are_found(tmp_path: Path) -> None:
    long = [sample.Given(Kind.OTHER, (f"part {name}", f"{name} " * 260)) for name in ("one", "two", "three")]
    made = sample.article((*sample.GIVEN[:2], *long))
    plan = sample.plan(made, (("b02", "b03"), ("b04",), ("b05",)))
    desk = Desk(sample.folder(tmp_path, made, plan), tmp_path, made, plan)
    assert desk.findings() == []
    moved = "## Part two\n\n" + ("two " * 260).strip()
    desk.change(2, moved, "Nothing.")
    desk.add(1, moved)
    assert {each.id for each in desk.findings()} == {"block-moved", "too-long"}


def test_a_lead_in_parted_from_what_it_introduces_is_found(desk: Desk) -> None:
    desk.change(4, "## Questions & answers\n", "")
    line = desk.add(4, "## Questions & answers")
    assert desk.found("lead-in-parted", 4, line, near=0).severity is Severity.ERROR
