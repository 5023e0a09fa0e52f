"""Files from disk: front matter, encodings, and what is said of a file that cannot be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import InputError, Place
from backmail.yamlfile import dump, front_matter, load, read_text


def refused(path: Path) -> str:
    """Return what is said of a file, its folder left out."""
    with pytest.raises(InputError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_front_matter_and_body_keep_the_lines_of_the_file() -> None:
    document, body, line = front_matter("---\nid: a\n  \nsubject: b\n---\n\nHello\n", "s.md")
    assert document is not None
    assert document.data == {"id": "a", "subject": "b"}
    assert document.place(("subject",)) == Place("s.md", 4, 10)
    assert document.source(4) == "subject: b"
    assert (body, line) == ("\nHello\n", 6)


def test_front_matter_of_windows_is_the_same() -> None:
    document, body, line = front_matter("\ufeff--- \r\nid: a\r\n---\r\nHello\r\n", "s.md")
    assert document is not None
    assert document.data == {"id": "a"}
    assert (body, line) == ("Hello\r\n", 4)


@pytest.mark.parametrize("text", ["", "Hello\n---\n", " ---\nid: a\n---\n", "----\n"])
def test_a_text_that_does_not_begin_with_the_line_has_no_front_matter(text: str) -> None:
    assert front_matter(text, "s.md") == (None, text, 1)


def test_empty_front_matter_is_there() -> None:
    document, body, line = front_matter("---\n---", "s.md")
    assert document is not None
    assert document.data is None
    assert (body, line) == ("", 3)


def test_front_matter_without_its_end_is_told_where_it_begins() -> None:
    with pytest.raises(InputError, match=r"s\.md:1:1: a second line '---' is missing"):
        front_matter("---\nid: a\n", "s.md")


def test_faults_within_front_matter_stand_on_their_line() -> None:
    with pytest.raises(InputError, match=r"s\.md:3:1: 'id' is set twice, first on line 2\n  3 \| id: b"):
        front_matter("---\nid: a\nid: b\n---\n", "s.md")


@given(st.dictionaries(st.text(max_size=10), st.text()), st.text().filter(lambda text: "\r" not in text))
def test_front_matter_and_body_come_back_whole(data: dict[str, str], body: str) -> None:
    text = f"---\n{dump(data)}---\n{body}"
    document, rest, line = front_matter(text, "s.md")
    assert document is not None
    assert document.data == data
    assert rest == body
    assert text.split("\n")[line - 1 :] == body.split("\n")


def test_a_file_is_read_as_utf8_with_or_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffnavn: Søren\r\n".encode())
    assert load(path).data == {"navn": "Søren"}
    assert read_text(path) == "navn: Søren\n"


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").touch()
    assert (
        refused(tmp_path / "campain.yaml")
        == "campain.yaml: there is no such file\n  hint: did you mean 'campaign.yaml'?"
    )
    assert refused(tmp_path / "none" / "x.yaml") == "x.yaml: there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    assert refused(tmp_path / "x.yaml") == "x.yaml: this is a folder, and a file is needed"


def test_other_encodings_are_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    hint = "save it as UTF-8 (in most editors: Save as, Encoding)"
    path.write_bytes(b"a: b\r\nnavn: S\xf8ren\r\n")
    assert refused(path) == f"a.yaml:2:8: byte 0xf8 is not UTF-8\n  2 | navn: S\ufffdren\n{' ' * 13}^ {hint}"
    path.write_text("a: b", encoding="utf-16")
    assert refused(path) == f"a.yaml: this file is written as UTF-16\n  hint: {hint}"


def test_a_huge_file_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(10**10)  # sparse: it takes no room
    assert refused(path) == "a.yaml: longer than 4,000,000 bytes"


def test_a_file_that_may_not_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert refused(tmp_path / "a.yaml") == "a.yaml: cannot be read: Permission denied"
