"""Stamps: which folders are looked through, and that no link leads far."""

from pathlib import Path

import pytest

from backmail.desk.preview import stamps
from backmail.desk.preview.stamps import below, folders


def test_files_are_found_in_folders_and_what_editors_keep_is_not(tmp_path: Path) -> None:
    for name in ("a.md", "in/b.md", "in/further/c.md", ".git/d.md", "in/e.md~"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list(below(tmp_path)) == ["a.md", "in/b.md", "in/further/c.md"]
    assert list(folders(tmp_path)) == [tmp_path, tmp_path / "in", tmp_path / "in" / "further"]
    assert below(tmp_path / "gone") == {}
    assert list(folders(tmp_path / "gone")) == []


def test_links_to_folders_are_followed_where_that_is_wanted(tmp_path: Path) -> None:
    top, shared = tmp_path / "top", tmp_path / "shared"
    for folder in (top, shared):
        folder.mkdir()
    (shared / "mail.html.jinja").touch()
    for name in ("one", "two"):
        (top / name).symlink_to(shared)
    assert list(below(top, links=True)) == ["one/mail.html.jinja", "two/mail.html.jinja"]
    assert below(top) == {}
    (tmp_path / "itself").symlink_to(shared)
    assert list(below(tmp_path / "itself")) == ["mail.html.jinja"]


@pytest.mark.parametrize("target", ["/", "..", ".", "../.."])
def test_a_link_to_a_folder_that_it_stands_in_is_not_followed(tmp_path: Path, target: str) -> None:
    inner = tmp_path / "top" / "inner"
    inner.mkdir(parents=True)
    (inner / "all").symlink_to(target)
    (inner / "a.md").touch()
    assert list(folders(tmp_path / "top")) == [tmp_path / "top", inner]
    assert list(below(tmp_path / "top", links=True)) == ["inner/a.md"]


def test_behind_a_link_no_more_is_looked_at_than_a_theme_could_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    big, top = tmp_path / "big", tmp_path / "top"
    for number in range(20):
        (big / str(number) / "1" / "2" / "3" / "4").mkdir(parents=True)
    (top / "zz").mkdir(parents=True)
    (top / "big").symlink_to(big)
    monkeypatch.setattr(stamps, "_LINKED_FOLDERS", 12)
    found = [each.relative_to(top).as_posix() for each in folders(top)]
    assert found[:5] == [".", "big", "big/0", "big/0/1", "big/0/1/2"]
    assert "big/0/1/2/3" not in found
    assert len(found) == 1 + 12 + 1
    assert found[-1] == "zz"  # its own are never too many
