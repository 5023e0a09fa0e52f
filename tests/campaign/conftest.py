"""The campaign that the tests of the comparison change by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.model.campaign import Campaign
from tests.campaign import sample
from tests.campaign.desk import ARTICLE, PLAN, Desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The campaign as it was made, once."""
    return sample.folder(tmp_path_factory.mktemp("made"), ARTICLE, PLAN)


@pytest.fixture
def desk(made: Campaign, tmp_path: Path) -> Desk:
    """A copy of it."""
    folder = shutil.copytree(made.folder, tmp_path / "campaigns" / "steady")
    shutil.copy(made.folder.parents[1] / "catalog.yaml", tmp_path)
    return Desk(replace(made, folder=folder), tmp_path)
