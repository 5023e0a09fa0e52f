""".env files: what they may hold, what is said of a line that is none, and that nothing of it is ever shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.config.dotenv import read_dotenv
from backmail.errors import ConfigError, Fault

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)
# What a person may have as a password, a line break in it included.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=40)


def told(folder: Path, data: bytes) -> dict[str, str]:
    """Return what a .env of these bytes says."""
    (folder / ".env").write_bytes(data)
    return {name: value.text for name, value in read_dotenv(folder / ".env").items()}


def refused(folder: Path, data: bytes) -> list[str]:
    """Return the faults of a .env of these bytes."""
    with pytest.raises(ConfigError) as caught:
        told(folder, data)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("export A=b", "b"),
        ("  export\tA = b c  ", "b c"),
        ("A=b # a remark", "b"),
        ("A=b#c", "b#c"),
        ("A=#b", "#b"),
        ("A=it's", "it's"),
        ("A=b=c==", "b=c=="),
        ("A=$HOME/\\n", "$HOME/\\n"),
        ("A='b # c'", "b # c"),
        ("A = 'b'  # a remark", "b"),
        ("A='a\\n$b\"'", 'a\\n$b"'),
        ('A="b # c"', "b # c"),
        ('A="a \\"b\\" \\\\ \\n\\t\\$ \\x `"', 'a "b" \\ \n\t$ \\x `'),
        ('A="" ', None),
        ("A=", None),
        ("A= # nothing", None),
    ],
)
def test_a_value_is_read_as_it_was_meant(tmp_path: Path, line: str, value: str | None) -> None:
    assert told(tmp_path, f"{line}\n".encode()).get("A") == value


def test_a_file_of_any_editor_is_read(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf# secrets\r\n\r\n   # of ours\r\nA=1 \r\nB='\xc3\xa6'"
    assert told(tmp_path, data) == {"A": "1", "B": "æ"}
    assert told(tmp_path, b"") == {}


def test_a_value_knows_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\n# x\nA=1\n")
    assert str(read_dotenv(tmp_path / ".env")["A"].place) == f"{tmp_path}/.env:3"


def test_every_line_that_is_none_is_told_at_once_and_not_shown(tmp_path: Path) -> None:
    secret = "hunter2"
    lines = [
        secret, f"MY-KEY={secret}", f"1A={secret}", f"A='{secret}", f'B="{secret}', f"C='{secret}'x", f'D="{secret}\\"',
        "E=a", f"E={secret}", f"F={secret}\0", f"export {secret}",
    ]  # fmt: skip
    faults = refused(tmp_path, "\n".join(lines).encode())
    assert [fault.split(" ")[0] for fault in faults] == [f".env:{line}:" for line in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11)]
    assert "this line is neither NAME=value nor a comment\n  hint: a name has letters, digits and _ alone" in faults[0]
    assert "the quotes around the value of A do not close at its end" in faults[3]
    assert "E stands here with another value than on line 8" in faults[7]
    assert "the value of F holds a character of code 0" in faults[8]
    assert secret not in "".join(faults)


def test_the_same_value_twice_and_an_empty_one_are_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path, b"A=1\nA='1'\nA=\nB=\nB=2\n") == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("data", "said"), [(b"A=hunter2\nB=hunter2\xe6\n", ".env:2:10: byte 0xe6 is not UTF-8"), (b"\xff\xfeA", "UTF-16")]
)
def test_a_file_that_is_no_text_is_told_and_not_shown(tmp_path: Path, data: bytes, said: str) -> None:
    (fault,) = refused(tmp_path, data)
    assert said in fault
    assert "hunter2" not in fault


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigError, match="this is a folder, and a file is needed"):
        read_dotenv(tmp_path / ".env")


@given(st.dictionaries(NAMES, TEXTS, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_stands_in_double_quotes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, str], end: str, export: bool
) -> None:
    head = "export " if export else ""
    lines = [f'{head}{name}="{_quoted(text)}" # remark' for name, text in values.items()]
    folder = tmp_path_factory.mktemp("env")
    assert told(folder, (end.join(lines) + end).encode()) == values


@given(NAMES, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="'\r\n\0"), min_size=1))
def test_whatever_stands_in_single_quotes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, text: str
) -> None:
    assert told(tmp_path_factory.mktemp("env"), f"{name}='{text}'\n".encode()) == {name: text}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_read_or_refused_line_by_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_bytes(text.encode())
    faults: tuple[Fault, ...] = ()
    try:
        read_dotenv(path)
    except ConfigError as error:
        faults = error.faults
    assert all(fault.place and fault.place.line and not fault.source for fault in faults)


def _quoted(text: str) -> str:
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text
