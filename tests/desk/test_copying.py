"""A campaign once more: the same files, another id, and never over what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.workbench import Said, tree

Call = Callable[..., Said]


@pytest.fixture
def pots(project: Path, backmail: Call) -> Path:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    return project / "campaigns/pots"


def test_a_copy_has_all_that_stands_in_the_folder_and_an_id_of_its_own(pots: Path, backmail: Call) -> None:
    (pots / "images").mkdir()
    (pots / "images/pot.png").write_bytes(b"png")
    code, out, _ = backmail("copy", "pots", "pots-2028", "--name", "Pots once more")
    mine, theirs = tree(pots), tree(pots.with_name("pots-2028"))
    assert code == 0
    assert set(mine) == set(theirs)
    assert [name for name in mine if mine[name] != theirs[name]] == ["campaign.yaml"]
    text = theirs["campaign.yaml"].decode()
    assert "name: Pots once more\n" in text
    assert f"id: {out.split()[-1]}\n" in text
    assert re.search(r"^id: \S+\n", mine["campaign.yaml"].decode(), re.MULTILINE)[0] not in text  # type: ignore[index]
    assert backmail("check", "pots", "pots-2028")[0] == 0
    assert backmail("resplit", "pots-2028")[1] == "nothing changed\n"


def test_what_is_over_is_listed_and_left_as_it_is(pots: Path, backmail: Call) -> None:
    step = next(pots.glob("0*.md"))
    text = step.read_text(encoding="utf-8").replace("subject: ", "subject: Our 2019 list - ")
    step.write_text(text, encoding="utf-8")
    code, out, _ = backmail("copy", "pots", "again")
    assert code == 0
    assert f"{step.name}:3:" in out
    assert "year-past" in out
    assert (pots.with_name("again") / step.name).read_text(encoding="utf-8") == text


def test_a_folder_that_is_there_is_left_alone(pots: Path, backmail: Call) -> None:
    other = pots.with_name("other")
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = backmail("copy", "pots", "other")
    assert code == 3
    assert "already" in err
    assert tree(other) == {"mine.txt": b"mine"}
    assert backmail("copy", "pots", "Not A Name")[0] == 2
    assert backmail("copy", "nothing", "there")[0] == 3
