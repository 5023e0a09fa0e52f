"""A file is read as an article, or refused with the place and what to do."""

from pathlib import Path

import pytest

from backmail.article import read, read_text
from backmail.article.reading import MAX_BYTES
from backmail.errors import ArticleError
from tests.article.word import docx, p


def refused(data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(ArticleError) as caught:
        read_text(data, name)
    return str(caught.value)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_kind_are_one(ends: str) -> None:
    source = read_text(ends.join(["one", "two", "", "three"]).encode(), "a.txt")
    assert source.lines == ["one", "two", "", "three"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_text("one".encode("utf-8-sig"), "a.txt").text == "one"


def test_other_line_separators_do_not_move_the_line_numbers() -> None:
    assert read_text("one\u2028two\x0bthree\x85four\nfive".encode(), "a.txt").lines[1] == "five"


@pytest.mark.parametrize(
    ("name", "format_"), [("a.txt", "txt"), ("A.MD", "md"), ("b.markdown", "md"), ("notes", "txt")]
)
def test_the_ending_tells_the_format(name: str, format_: str) -> None:
    assert read_text(b"text", name).format == format_


@pytest.mark.parametrize("data", [b"", b" \n\t\n", "\ufeff\n".encode()])
def test_a_blank_file_is_no_article(data: bytes) -> None:
    assert "a.txt: the article is empty" in refused(data)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.pdf", "a PDF"),
        ("a.odt", "an OpenDocument text"),
        ("a.xyz", "of an unknown kind (.xyz)"),
    ],
)
def test_another_format_is_refused_and_the_ones_that_are_read_are_named(name: str, what: str) -> None:
    said = refused(b"text", name)
    assert f"this is {what}" in said
    assert "plain text (.txt), Markdown (.md), HTML (.html) and Word (.docx)" in said


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 ...", "a Word document"),
        (b"<!DOCTYPE html><p>x", "an HTML page"),
        (b"\n <html><p>x", "an HTML page"),
    ],
)
def test_another_format_under_a_texts_name_is_seen(data: bytes, what: str) -> None:
    assert f"this is {what}" in refused(data)


@pytest.mark.parametrize("name", ["a.docx", "A.DOCX", "a.docm", "really-new.doc"])
def test_a_word_document_is_read_as_html(name: str) -> None:
    source = read_text(docx(p("Pots", "Titel")), name)
    assert source.format == "docx"
    assert "<h1>Pots</h1>" in source.text


@pytest.mark.parametrize("name", ["a.doc", "a.docx"])
def test_an_old_word_document_is_refused_with_the_way_out(name: str) -> None:
    assert "save it as .docx" in refused(b"\xd0\xcf\x11\xe0" + bytes(600), name)


def test_bytes_that_are_not_utf8_are_shown_with_line_and_column_and_the_command_that_converts() -> None:
    said = refused("first line\r\nen kop the på terrassen".encode("latin-1"), "my tea.txt")
    assert "my tea.txt:2:13: byte 0xe5 is not UTF-8" in said
    assert "2 | en kop the på terrassen" in said
    assert "iconv -f WINDOWS-1252 -t UTF-8 'my tea.txt' > 'my tea-utf8.txt'" in said


def test_utf16_is_named() -> None:
    assert "UTF-16" in refused("text".encode("utf-16"))


def test_a_nul_byte_is_no_text() -> None:
    assert "a.txt:2:3: this is no text" in refused(b"one\ntw\0o")


def test_binary_bytes_are_no_text() -> None:
    assert "this is no text" in refused(bytes(range(256)) * 4)


def test_what_is_too_big_is_refused_before_it_is_read(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(5_000_000_000)  # a sparse file: to read it would take long
    with pytest.raises(ArticleError, match="bigger than 1 MB"):
        read(big)
    assert "bigger" in refused(b"x" * (MAX_BYTES + 1))
    assert read_text(b"x" * MAX_BYTES, "a.txt").text


def test_a_missing_file_names_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "tomatoes.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"no such file(?s:.)*did you mean 'tomatoes.txt'"):
        read(tmp_path / "tomatos.txt")
    with pytest.raises(ArticleError, match="there is no folder"):
        read(tmp_path / "gone" / "a.txt")


def test_a_folder_is_no_article(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="this is a folder"):
        read(tmp_path)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"# Tea\r\n\r\nHot.")
    source = read(path)
    assert (source.name, source.format, source.text) == (str(path), "md", "# Tea\n\nHot.")
