"""A project whose drafts are looked at, and a hand that changes its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backmail.config import Project, find_project, start_project
from backmail.desk.preview.drafts import Draft, Drafts
from backmail.model.people import Subscriber


@dataclass
class Desk:
    """A project on disk, its drafts, and the campaign that came with it."""

    root: Path
    slug: str
    drafts: Drafts = field(init=False)

    def __post_init__(self) -> None:
        self.drafts = Drafts(self.project)

    @property
    def project(self) -> Project:
        """The project as it is read anew."""
        return find_project(self.root)

    @property
    def folder(self) -> Path:
        """The campaign's folder."""
        return self.root / "campaigns" / self.slug

    @property
    def draft(self) -> Draft:
        """The campaign's newest draft."""
        return self.drafts.draft(self.slug)

    @property
    def anna(self) -> Subscriber:
        """The first of the sample people."""
        return self.drafts.person("anna")

    @property
    def files(self) -> list[Path]:
        """The step files in their order."""
        return sorted(self.folder.glob("[0-9]*.md"))

    def change(self, path: Path, old: str, new: str) -> tuple[str, ...]:
        """Write another text into a file, and return what `refresh` says."""
        text = path.read_text(encoding="utf-8")
        assert old in text
        return self.write(path, text.replace(old, new, 1))

    def write(self, path: Path, text: str) -> tuple[str, ...]:
        """Write a file, and return what `refresh` says."""
        path.write_text(text, encoding="utf-8")
        return self.drafts.refresh()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A new project."""
    root = tmp_path / "project"
    start_project(root)
    [folder] = (root / "campaigns").glob("[!_.]*")
    return Desk(root, folder.name)
