"""The studio for the tests of this folder: a project with the sample campaign, and a browser without a screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backmail.config import Project, find_project, sample_campaigns, start_project
from backmail.desk.preview.drafts import Drafts
from backmail.web.studio.site import site
from tests.web.counter import Client

HERE = "http://127.0.0.1:8025"
SLUG = sample_campaigns()[0].name


def project_in(folder: Path) -> Project:
    """Begin a project in a folder."""
    start_project(folder)
    return find_project(folder, folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of this test's own."""
    return project_in(tmp_path / "project")


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    """Drafts that no test of a module changes."""
    return Drafts(project_in(tmp_path_factory.mktemp("studio") / "project"))


@pytest.fixture(scope="module")
def browser(drafts: Drafts) -> Iterator[Client]:
    """A browser that looks at them."""
    client = Client(site(drafts), HERE)
    yield client
    client.close()
