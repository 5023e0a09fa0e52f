"""Annotations are read, and what is wrong with one is said: all of it, with its line."""

from pathlib import Path

import pytest

from backmail.errors import InputError
from benchmarks.article import OWN_SET
from benchmarks.article_gold import Gold, GoldBlock, read_gold, read_set

ARTICLE = "# Knots\n\nA rope is as good as its knot.\n\n---\n\nTie it twice.\n"
BLOCKS = "- {start: 1, end: 1, kind: other, role: title}\n- {start: 3, end: 7, kind: intro, alt: [other]}\n"


def written(folder: Path, blocks: str = BLOCKS, head: str = "format: md\nline_file: article.md\n") -> Path:
    """Write an annotated article and return its folder."""
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "gold.yaml").write_text(f"language: en\n{head}blocks:\n{blocks}", encoding="utf-8")
    return folder


def test_an_annotated_article_is_read_with_the_lines_that_hold_text(tmp_path: Path) -> None:
    gold = read_gold(written(tmp_path))
    assert gold.blocks == (GoldBlock(1, 1, "other", role="title"), GoldBlock(3, 7, "intro", ("other",)))
    assert gold.told == (1, 3, 7)
    assert gold.owner[3].allowed == {"intro", "other"}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ("- {start: 1, end: 3, kind: intro}\n", "line 7 stands in no block: Tie it twice."),
        ("- {start: 1, end: 7, kind: intro}\n- {start: 3, end: 3, kind: other}\n", "line 3 stands in 2 blocks"),
        ("- {start: 1, end: 9, kind: intro}\n", "lines 1-9: not within the 8 lines of the article"),
        ("- {start: 1, end: 7, kind: introo}\n", "line 1: 'introo' is no kind; did you mean 'intro'?"),
        ("- {start: 1, end: 7, kind: intro, alt: [lead]}\n", "line 1: 'lead' is no kind"),
    ],
)
def test_an_annotation_that_does_not_fit_is_refused(tmp_path: Path, blocks: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_gold(written(tmp_path, blocks))
    assert said in str(refused.value)


def test_what_is_not_set_or_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line_file is not set(?s:.)*format 'mdx' is none of txt, md"):
        read_gold(written(tmp_path, head="format: mdx\n"))
    with pytest.raises(InputError, match=r"there is no article\.html beside it(?s:.)*no lines\.txt"):
        read_gold(written(tmp_path, head="format: html\nline_file: lines.txt\n"))


def test_a_set_names_the_faults_of_all_its_articles(tmp_path: Path) -> None:
    (tmp_path / "set" / "a").mkdir(parents=True)
    (tmp_path / "set" / "b").mkdir()
    (tmp_path / "empty").mkdir()
    written(tmp_path / "set" / "a", "- {start: 1, end: 1, kind: intro}\n")
    written(tmp_path / "set" / "b", "- {start: 1, end: 7, kind: nothing}\n")
    with pytest.raises(InputError) as refused:
        read_set([tmp_path / "set", tmp_path / "empty"])
    said = str(refused.value)
    assert "line 3 stands in no block" in said
    assert "'nothing' is no kind" in said
    assert "no annotated article here" in said


def test_our_own_articles_are_annotated_line_by_line_and_cover_formats_languages_and_kinds() -> None:
    golds = read_set([OWN_SET])
    assert len(golds) >= 6
    assert {gold.format for gold in golds} >= {"md", "txt", "html"}
    assert {gold.language for gold in golds} == {"da", "de", "en", "es", "fr", "sv"}
    kinds = {block.kind for gold in golds for block in gold.blocks}
    assert kinds == {
        "intro", "exercise", "how-to", "safety", "faq-item", "product", "sources", "conclusion", "other",
    }  # fmt: skip


@pytest.mark.parametrize("gold", [gold for gold in read_set([OWN_SET]) if gold.format == "html"], ids=lambda g: g.name)
def test_the_lines_of_our_pages_are_those_of_the_page(gold: Gold) -> None:
    import lxml.html

    body = lxml.html.fromstring(gold.article.read_text(encoding="utf-8")).find("body")
    assert body is not None
    assert "".join(body.text_content().split()) == "".join("".join(gold.lines).split())
