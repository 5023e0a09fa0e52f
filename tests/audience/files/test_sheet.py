"""Whatever a spreadsheet program writes is read; a row that cannot be read stops no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.audience.files import sheet_of
from backmail.audience.files.formulas import harmless, restored
from backmail.errors import InputError

TEXT = "email,first_name\næøå@example.org,Søren Ågård\n"


def cells(data: bytes) -> list[tuple[str, ...]]:
    """Return the cells of the rows of a file."""
    return [row.cells for row in sheet_of(data, "people.csv").rows]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_recognised_and_said(data: bytes, encoding: str) -> None:
    read = sheet_of(data, "people.csv")
    assert (read.encoding, read.header) == (encoding, ("email", "first_name"))
    assert [row.cells for row in read.rows] == [("æøå@example.org", "Søren Ågård")]


def test_a_byte_that_is_no_text_stays_in_its_row() -> None:
    data = "email,first_name\na@example.org,Sør\nb@example.org,Bo\n".encode().replace("Sør".encode(), b"S\xf8r\xc3\xb8")
    assert cells(data) == [("a@example.org", "S\udcf8rø"), ("b@example.org", "Bo")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this file is empty"),
        (b"\xef\xbb\xbf \r\n\n", "this file is empty"),
        (b"sep=;\n", "this file is empty"),
        (b"PK\x03\x04rest of a workbook", "a workbook or an archive, not CSV"),
        (b"\xff\xfee\x00m\x00a", "not whole UTF-16"),
        (b"email\n\x81\x8d@example.org\n", "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"name,phone\nAnna,1\n", "no column is called 'email'"),
        (b"E-Mail Address,name\n", "call the column 'E-Mail Address' 'email'"),
        (
            b'email,"name\na@example.org,Anna\n',
            "the names of the columns cannot be read: a quote that opens in this row",
        ),
        (b"email," + b",".join(b"c%d" % number for number in range(1000)), "1,001 columns, and 1,000 are too many"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        sheet_of(data, "people.csv")
    assert str(refused.value).startswith("people.csv")


def test_a_file_that_is_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backmail.audience.files.sheet.MOST_BYTES", 2_000_000)
    with pytest.raises(InputError, match="larger than 2 MB"):
        sheet_of(b"email\n" + b"a" * 2_000_000, "people.csv")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_sign_between_columns_is_recognised(sign: str, end: str) -> None:
    lines = (("name", "email"), ('"Bo; the, ""tall""\tone"', "b@example.org"), ("", ""), ("Anna", "a@example.org"))
    data = end.join(sign.join(line) for line in lines).encode()
    assert cells(data) == [('Bo; the, "tall"\tone', "b@example.org"), ("Anna", "a@example.org")]


def test_the_column_that_is_wanted_decides_between_signs() -> None:
    read = sheet_of(b"email;a,b,c,d\na@example.org;1\n", "people.csv")
    assert (read.separator, read.header) == ("semicolon", ("email", "a,b,c,d"))


def test_what_excel_notes_for_itself_is_passed_over() -> None:
    read = sheet_of(b"\nsep=;\r\nemail;a,b\r\na@example.org;1\r\n", "people.csv")
    assert (read.separator, read.header, read.rows[0].line) == ("semicolon", ("email", "a,b"), 4)


def test_a_line_break_within_quotes_belongs_to_its_cell() -> None:
    read = sheet_of(b'email,note,x\na@example.org,"two\nlines",=1\nb@example.org,one,2\n', "people.csv")
    assert [(row.line, row.cells[1]) for row in read.rows] == [(2, "two\nlines"), (4, "one")]
    place, source = read.place(read.rows[0], 2)
    assert (str(place), source) == ("people.csv:3:8", 'lines",=1')
    assert str(read.place(read.rows[0], 1)[0]) == "people.csv:2:15"
    assert str(read.place(read.rows[1], 0)[0]) == "people.csv:4:1"
    assert str(read.place(read.rows[1], -1)[0]) == "people.csv:4"
    assert str(read.place(read.rows[1], 9)[0]) == "people.csv:4"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('a@example.org,"Anna', "is never closed"),
        ('a@example.org,"Anna" Berg', "text goes on after a closing quote"),
        ('a@example.org,"' + "x" * 140_000 + '"', "far too long"),
    ],
)
def test_a_broken_row_costs_no_other(broken: str, words: str) -> None:
    read = sheet_of(f"email,name\nb@example.org,Bo\n{broken}\nc@example.org,Cy\n".encode(), "people.csv")
    assert [row.cells for row in read.rows if not row.broken] == [("b@example.org", "Bo"), ("c@example.org", "Cy")]
    assert [row.line for row in read.rows] == [2, 3, 4]
    assert words in read.rows[1].broken


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for each in (data, b"email,a\n" + data, b"\xff\xfe" + "email\n".encode("utf-16-le") + data):
        try:
            read = sheet_of(each, "people.csv")
        except InputError:
            continue
        assert all(row.broken or row.cells for row in read.rows)


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+45 12", "-1", "@SUM(A1)", "\t=1", "\r", "＝1", "'=1", "''+x"])
def test_a_formula_is_written_harmless_and_read_as_it_was(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert restored(harmless(text)) == text


@given(st.text(alphabet="'=+-@\t\r\nab＝", max_size=6))
def test_every_cell_comes_back_as_it_was(text: str) -> None:
    assert restored(harmless(text)) == text
    assert not harmless(text) or harmless(text)[0] not in "=+-@\t\r\n＝"
    if text[:1] not in set("'=+-@\t\r\n＝"):
        assert harmless(text) == restored(text) == text


def test_an_apostrophe_of_her_own_stays() -> None:
    assert restored("=1") == "=1"
    assert harmless("'t Hooft") == restored("'t Hooft") == "'t Hooft"
