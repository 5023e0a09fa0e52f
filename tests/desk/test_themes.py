"""The themes that ship, judged with a whole campaign; and `backmail theme`."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backmail import campaign as campaigns
from backmail import rendering
from backmail.cli import theme as cli
from backmail.config import Project, find_project, start_project
from backmail.desk import check, themes
from backmail.desk.render import DATE, Renderer
from backmail.model.campaign import Campaign, Severity
from tests.desk.workbench import SAMPLE, Said, tree

Backmail = Callable[..., Said]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Campaign]:
    """A project, and its sample campaign with a picture and a price for what it advertises."""
    folder = tmp_path_factory.mktemp("project")
    start_project(folder)
    catalog = folder / "catalog.yaml"
    shown = 'image: https://example.org/rest.jpg\n    price: 199 kr.\n    price_as_of: "2027-01-04"'
    catalog.write_text(catalog.read_text(encoding="utf-8").replace('image: ""', shown, 1), encoding="utf-8")
    project = find_project(folder)
    return project, campaigns.read(folder / "campaigns" / SAMPLE.name, project=project)


@pytest.mark.parametrize("name", themes.shipped_themes())
def test_every_theme_is_fit_for_the_barest_and_the_longest_reader(name: str, shop: tuple[Project, Campaign]) -> None:
    project, campaign = shop
    renderer = Renderer(project, replace(campaign, theme=name))
    for reader in check.readers(()):
        found = [each for step in campaign.steps for each in check.of_mail(renderer, step, reader)]
        assert [each for each in found if each.severity is not Severity.INFO] == []
    for step in campaign.steps:
        message = renderer.message(step, check.LONG)
        assert len(message.part("html").encode()) < 90_000
        assert len(rendering.wire(message, DATE)) < 90_000


def test_a_colour_of_the_brand_that_cannot_be_read_is_told_with_the_one_that_can(
    project: Path, backmail: Backmail
) -> None:
    config = project / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert '"#1f5f4a"' in text
    config.write_text(text.replace("#1f5f4a", "#ffe600"), encoding="utf-8")
    code, out, err = backmail("check", SAMPLE.name)
    assert code == 0, err
    assert "brand.accent #ffe600 cannot be read well as links: mails show #7a6e00" in out
    assert 'for it everywhere, write accent: "#7a6e00"' in out
    assert "contrast" not in out  # what mails show instead has nothing against it


def test_what_the_help_says_of_the_themes_that_ship_is_of_those_that_there_are() -> None:
    assert list(cli.SHIPPED) == themes.shipped_themes()


def test_themes_are_listed(project: Path, backmail: Backmail) -> None:
    code, out, _ = backmail("theme", "list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == themes.shipped_themes()
    backmail("theme", "new", "ours", "--from", "letter")
    footer = project / "templates" / "email" / "weekly" / "parts" / "footer.html.jinja"
    footer.parent.mkdir(parents=True)
    footer.write_text('{% extends "shipped/parts/footer.html.jinja" %}', encoding="utf-8")
    lines = {line.split()[0]: line for line in backmail("theme", "list")[1].splitlines()}
    assert lines["ours"].endswith("files in templates/email/ours)")
    assert lines["weekly"].endswith("(1 file in templates/email/weekly)")


@pytest.mark.parametrize(
    ("arguments", "above"),
    [(("ours",), "weekly"), (("weekly",), "shipped"), (("letter",), "shipped"), (("o2", "--from", "shop"), "weekly")],
)
def test_a_new_theme_holds_what_differs_and_can_be_used_at_once(
    arguments: tuple[str, ...], above: str, project: Path, backmail: Backmail
) -> None:
    name = arguments[0]
    code, out, err = backmail("theme", "new", *arguments)
    assert code == 0
    written = [project / line for line in out.splitlines()]
    assert written == sorted((project / "templates" / "email" / name).rglob("*.jinja"))
    assert any(f'extends "{above}/' in path.read_text(encoding="utf-8") for path in written)
    assert ("theme: ours" in err) == (name == "ours")
    before = rendering.load_theme(arguments[-1] if arguments[-1] in cli.SHIPPED else "weekly")
    after = rendering.load_theme(name, [project / "templates"])
    assert {file for file in after.files if "/" not in file} >= {file for file in before.files if "/" not in file}
    here = find_project(project)
    campaign = replace(campaigns.read(project / "campaigns" / SAMPLE.name, project=here), theme=name)
    mails = [
        Renderer(here, campaign, theme).message(campaign.steps[0], check.LONG).part("html") for theme in (before, after)
    ]
    assert "{#" not in mails[1]
    # Only the rule that it shows how to write is another one.
    was, now = (re.sub(r"letter-spacing:[^;\"]*;?|\s", "", mail) for mail in mails)
    assert now == was


def test_a_theme_that_is_there_is_not_written_again(project: Path, backmail: Backmail) -> None:
    assert backmail("theme", "new", "ours")[0] == 0
    before = tree(project)
    code, _, err = backmail("theme", "new", "ours", "--from", "shop")
    assert code == 3
    assert "there is a theme 'ours' of yours already" in err
    assert tree(project) == before


def test_a_theme_wants_a_name_that_can_be_written_anywhere(project: Path, backmail: Backmail) -> None:
    before = tree(project)
    for arguments in (("Our theme",), ("../x",), ("shipped",), ("weekly", "--from", "shop"), ("x", "--from", "nosuch")):
        assert backmail("theme", "new", *arguments)[0] == 2, arguments
    assert tree(project) == before


def test_nothing_is_left_of_a_theme_that_could_not_be_written(
    project: Path, backmail: Backmail, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(project)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    code, _, err = backmail("theme", "new", "ours")
    assert code == 3
    assert "no space left" in err
    assert tree(project) == before
