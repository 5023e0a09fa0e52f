"""A further article's mails stand behind those of a series, and all that is proved of one article is proved of both."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backmail import campaign as campaigns
from backmail.config import Project, find_project, start_project
from backmail.desk import check, into, new
from backmail.desk.given import given as given_by
from backmail.desk.preview import outline
from backmail.desk.reached import Reached
from backmail.model.campaign import Campaign, Finding, Severity
from tests.desk.workbench import ARTICLE, SAMPLE, Said, tree

Call = Callable[..., Said]

FOLDER = Path("campaigns/shoulders")
HANDS = Path(__file__).with_name("hands.txt").read_text(encoding="utf-8")
DANISH = """Tomater på altanen vil have vand hver dag, og de fleste dør af tørst i den første varme uge.
sådan vander du
Vand tidligt om morgenen, før solen når potterne. Hæld langsomt, og vent fem minutter. Tøm så underskålen.
"""
PLAIN = "Plants on a balcony want water each day.\nhow to water\nPour slowly, and wait five minutes.\n"
SECOND = "Soil in a pot gets tired within a year.\nhow to renew it\nTake out the upper half, and fill in compost.\n"
THIRD = "Most pots are too small for what grows in them.\nhow to repot\nLift the plant out, and loosen its roots.\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000080000000808020000004b6d29dc0000001249444154789c63f8cfc0801561171d4a12006a4e3fc1"
    "4ec0a2d40000000049454e44ae426082"
)
STOP = "Stop immediately if you feel a sharp pain."


@pytest.fixture
def series(project: Path) -> Path:
    """A series of seven mails with exercises and their safety text; two further articles lie beside it."""
    (project / "article.txt").write_bytes((SAMPLE / "article.txt").read_bytes())
    (project / "hands.txt").write_text(HANDS, encoding="utf-8")
    shutil.copytree(SAMPLE, project / FOLDER)
    return project / FOLDER


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same series with one further article, made once: projects by the name of that article."""
    found = {}
    for name, text in (("pots", ARTICLE), ("hands", HANDS)):
        root = tmp_path_factory.mktemp(name) / "project"
        start_project(root)
        (root / f"{name}.txt").write_text(text, encoding="utf-8")
        shutil.copytree(SAMPLE, root / FOLDER)
        wishes = new.Wishes(weeks=2 if name == "pots" else None)
        into.into(given_by(root / f"{name}.txt"), "shoulders", find_project(root, root), wishes)
        found[name] = root
    return found


@pytest.fixture
def with_pots(made: dict[str, Path], project: Path) -> Path:
    """The series with the article about pots behind it; that about hands lies beside it."""
    shutil.copytree(made["pots"], project, dirs_exist_ok=True)
    (project / "hands.txt").write_text(HANDS, encoding="utf-8")
    return project / FOLDER


@pytest.fixture
def with_hands(made: dict[str, Path], project: Path) -> Path:
    """The series with the article about hands behind it, which has exercises and no safety text of its own."""
    shutil.copytree(made["hands"], project, dirs_exist_ok=True)
    return project / FOLDER


def read(folder: Path) -> Campaign:
    return campaigns.read(folder, project=find_project(folder.parents[1], folder.parents[1]))


def numbered(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("[0-9]*.md"))


def holding(folder: Path, words: str) -> Path:
    """Return the one mail that holds some words."""
    (found,) = [path for path in folder.glob("[0-9]*.md") if words in path.read_text(encoding="utf-8")]
    return found


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, (path, before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def findings(folder: Path) -> list[Finding]:
    """Return what is wrong with a series by its articles; no mail is rendered for it, which takes seconds."""
    project = find_project(folder.parents[1], folder.parents[1])
    return check.against_the_article(read(folder), project)


def places(folder: Path) -> Counter[str]:
    """Return how often each block of a series is written down as shown or left out."""
    counted: Counter[str] = Counter()
    for file in (folder / "coverage.json", *sorted(folder.glob("article-*/coverage.json"))):
        said = json.loads(file.read_text(encoding="utf-8"))
        counted.update(block for step in said["steps"] for block in step["blocks"])
        counted.update(drop["block"] for drop in said["dropped"])
    return counted


def test_what_stands_there_stays_and_the_weeks_count_on(series: Path, backmail: Call) -> None:
    before = tree(series)
    code, out, err = backmail("new", "pots.txt", "--into", "shoulders", "--weeks", "2")
    after = tree(series)
    assert code == 0
    assert {name: after[name] for name in before} == before
    added = sorted(set(after) - set(before))
    assert [name for name in added if name.startswith("article-2/")] == [
        "article-2/article.txt", "article-2/base.json", "article-2/coverage.json", "article-2/outline.yaml"
    ]  # fmt: skip
    assert [name[:3] for name in added if "/" not in name] == ["08-", "09-"]
    assert all(name in out for name in added if "/" not in name)
    assert "they follow the 7 mails that stand there" in err
    campaign = read(series)
    assert campaign.added == ("article-2/article.txt",)
    assert [str(step.after) for step in campaign.steps[7:]] == ["1w", "1w"]
    assert len({step.subject.casefold() for step in campaign.steps}) == 9
    assert len({step.preheader.casefold() for step in campaign.steps}) == 9
    weeks = [step["week"] for step in json.loads(after["article-2/coverage.json"])["steps"]]
    assert weeks == [8, 9]


def test_every_block_of_both_stands_once_and_the_check_is_green(with_pots: Path, backmail: Call) -> None:
    counted = places(with_pots)
    assert set(counted.values()) == {1}
    assert {block[0] for block in counted} == {"b", "c"}
    found = json.loads(backmail("check", "shoulders", "--json")[1])["findings"]  # all rules, over the finished mails
    assert [each for each in found if each["id"] != "sender-example"] == []


def test_exercises_without_a_safety_text_repeat_that_of_the_series(with_hands: Path) -> None:
    series = with_hands
    assert findings(series) == []
    mail = holding(series, "spread all fingers")
    (note,) = re.findall(r"^::: note id=(b\d+) repeats=(\S+)\n(.+)\n:::", mail.read_text(encoding="utf-8"), re.M)
    campaign = read(series)
    told = campaign.step(note[1])
    assert told is not None
    assert f"id={note[0]}" in told.body
    assert " ".join(note[2].split()) in " ".join(told.body.split())
    edit(mail, note[2], "Have fun.")
    assert {"safety-repeat-changed"} <= {each.id for each in findings(series)}
    text = re.sub(r"::: note.*?\n:::\n\n", "", mail.read_text(encoding="utf-8"), flags=re.S)
    mail.write_text(text, encoding="utf-8")
    assert [each.id for each in findings(series)] == ["safety-repeat-missing"]


def test_exercises_before_the_safety_text_of_the_series_are_found(with_hands: Path) -> None:
    mail = holding(with_hands, "spread all fingers")
    mail.rename(mail.with_name("00-" + mail.name))
    assert "safety-late" in {each.id for each in findings(with_hands)}


def test_exercises_without_any_safety_text_are_refused(project: Path, backmail: Call) -> None:
    (project / "plain.txt").write_text(PLAIN, encoding="utf-8")
    (project / "hands.txt").write_text(HANDS, encoding="utf-8")
    assert backmail("new", "plain.txt", "--name", "plain")[0] == 0
    before = tree(project)
    code, _, err = backmail("new", "hands.txt", "--into", "plain")
    assert code == 5
    assert "--no-safety" in err
    assert tree(project) == before
    assert backmail("new", "hands.txt", "--into", "plain", "--no-safety", "my readers are physicians")[0] == 0
    assert findings(project / "campaigns/plain") == []


def test_a_safety_text_can_be_put_beside_the_further_article(project: Path, backmail: Call) -> None:
    (project / "plain.txt").write_text(PLAIN, encoding="utf-8")
    (project / "hands.txt").write_text(HANDS, encoding="utf-8")
    (project / "stop.txt").write_text(f"safety first\n{STOP} Ask your doctor if it stays.\n", encoding="utf-8")
    assert backmail("new", "plain.txt", "--name", "plain")[0] == 0
    assert backmail("new", "hands.txt", "--into", "plain", "--safety", "stop.txt")[0] == 0
    folder = project / "campaigns/plain"
    assert (folder / "article-2/safety.txt").is_file()
    assert "::: safety id=cs01" in holding(folder, "Ask your doctor").read_text(encoding="utf-8")
    assert findings(project / "campaigns/plain") == []


def test_edited_mails_are_no_hindrance_and_stay(series: Path, backmail: Call) -> None:
    first = series / numbered(series)[0]
    edit(first, "subject: ", "subject: Anna - ")
    text = first.read_bytes()
    assert backmail("new", "pots.txt", "--into", "shoulders")[0] == 0
    assert first.read_bytes() == text
    assert findings(series) == []


def test_a_change_of_the_further_mails_is_found_in_its_place(with_pots: Path) -> None:
    series = with_pots
    mail = holding(series, "Hold for 20 seconds")
    edit(mail, "Hold for 20 seconds", "Hold for 90 seconds")
    (found,) = findings(series)
    assert found.message.startswith("dose changed by hand: 20 -> 90")
    assert found.place
    assert found.place.file.endswith(mail.name)
    edit(mail, "Hold for 90 seconds", "Hold for 20 seconds")
    water = holding(series, "Pour slowly")
    text = re.sub(r"::: how-to.*?\n:::\n", "", water.read_text(encoding="utf-8"), count=1, flags=re.S)
    water.write_text(text, encoding="utf-8")
    (missing,) = [each for each in findings(series) if each.id == "block-missing"]
    assert "in article-2/outline.yaml" in missing.hint


def test_a_decision_in_its_own_outline_counts(with_pots: Path, backmail: Call) -> None:
    series = with_pots
    edit(series / "article-2/outline.yaml", "overrides: []", "overrides:\n  - block: safety first\n    kind: hat")
    code, _, err = backmail("check", "shoulders")
    assert code == 3
    assert "article-2/outline.yaml" in err
    edit(series / "article-2/outline.yaml", "kind: hat", "kind: other")
    assert findings(series) != []
    edit(series / "article-2/outline.yaml", "block: safety first\n    kind: other", "block: no such words\n    drop: x")
    (stale,) = findings(series)
    assert stale.id == "stale-override"
    assert stale.place
    assert stale.place.file.endswith("article-2/outline.yaml")


def test_a_third_article_has_ids_and_a_folder_of_its_own(with_pots: Path, backmail: Call) -> None:
    series = with_pots
    assert backmail("new", "hands.txt", "--into", "shoulders")[0] == 0
    assert read(series).added == ("article-2/article.txt", "article-3/article.txt")
    counted = places(series)
    assert set(counted.values()) == {1}
    assert {block[0] for block in counted} == {"b", "c", "d"}
    assert findings(series) == []


def test_a_copy_has_all_articles(with_pots: Path, backmail: Call) -> None:
    assert backmail("copy", "shoulders", "again")[0] == 0
    assert read(with_pots.with_name("again")).added == ("article-2/article.txt",)
    assert findings(with_pots.with_name("again")) == []


def test_the_outline_shows_all_articles(series: Path, backmail: Call) -> None:
    alone = json.loads(backmail("outline", "shoulders", "--json")[1])
    assert "added" not in alone
    assert backmail("new", "pots.txt", "--into", "shoulders")[0] == 0
    both = json.loads(backmail("outline", "shoulders", "--json")[1])
    (added,) = both.pop("added")
    assert both == alone
    assert [each["id"] for each in added["blocks"]] == [f"c{number:02}" for number in range(1, 11)]
    assert "\n├─ c02 " in backmail("outline", "shoulders")[1]
    assert backmail("outline", "shoulders", "--html", "page.html")[0] == 0
    assert Path("page-2.html").is_file()
    view = outline.outlined(read(series), find_project(Path()))
    assert {each.id[0] for each in view.blocks} == {"b", "c"}
    assert [mail.number for mail in view.mails] == list(range(1, len(numbered(series)) + 1))
    assert view.refused == ()


def by_hand(folder: Path) -> None:
    for path in (folder / "article.txt", folder / "base.json"):
        path.unlink(missing_ok=True)


def a_newsletter(folder: Path) -> None:
    for name in numbered(folder)[1:]:
        (folder / name).unlink()
    edit(folder / "campaign.yaml", "kind: drip", "kind: newsletter")


@pytest.mark.parametrize(
    ("prepare", "article", "said"),
    [
        (by_hand, "pots.txt", "written by hand"),
        (a_newsletter, "pots.txt", "a newsletter has one mail"),
        (lambda folder: None, "article.txt", "stands in the series already"),
        (lambda folder: None, "danish.txt", "the article is in 'da', and the series in 'en'"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    series: Path, backmail: Call, prepare: Callable[[Path], None], article: str, said: str
) -> None:
    (series.parents[1] / "danish.txt").write_text(DANISH, encoding="utf-8")
    prepare(series)
    before = tree(series)
    code, _, err = backmail("new", article, "--into", "shoulders")
    assert code == 3
    assert said in err
    assert tree(series) == before


def test_a_name_of_its_own_makes_no_sense(series: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--into", "shoulders", "--name", "pots")[0] == 2
    code, _, err = backmail("new", "pots.txt", "--into", "sholders")
    assert code == 3
    assert "shoulders" in err
    assert numbered(series)[-1].startswith("07-")


@pytest.mark.parametrize("at", ["fsync", "rename"])
def test_a_disk_that_fails_leaves_all_as_it_was(series: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    project, before = find_project(Path()), tree(series.parent)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if at == "fsync" else Path, at, fails)
        with pytest.raises(OSError, match="No space"):
            into.into(given_by("pots.txt"), "shoulders", project, new.Wishes())
    assert {name: data for name, data in tree(series.parent).items() if not name.startswith(".")} == before
    into.into(given_by("pots.txt"), "shoulders", project, new.Wishes())
    assert not any(name.startswith(".") for name in tree(series.parent))


def test_one_killed_between_the_old_folder_and_the_new_is_brought_back(series: Path, backmail: Call) -> None:
    series.rename(series.with_name(".shoulders.old"))
    assert backmail("new", "pots.txt", "--into", "shoulders")[0] == 0
    assert findings(series) == []


def test_a_picture_gets_a_name_that_no_other_has(series: Path, backmail: Call) -> None:
    (series / "images").mkdir(exist_ok=True)
    (series / "images/watering.png").write_bytes(b"mine")
    Path("can.png").write_bytes(PNG)
    text = "# Pots\n\nPots on a balcony dry out fast in the sun.\n\n## Watering\n\n![A can](can.png)\n\nPour slowly.\n"
    Path("pots.md").write_text(text, encoding="utf-8")
    assert backmail("new", "pots.md", "--into", "shoulders")[0] == 0
    assert (series / "images/watering.png").read_bytes() == b"mine"
    assert (series / "images/watering-2.png").read_bytes() == PNG
    assert "images/watering-2.png" in holding(series, "Pour slowly").read_text(encoding="utf-8")
    assert [each for each in findings(series) if each.severity is Severity.ERROR] == []


def test_a_published_series_says_whom_the_mails_reach(
    project: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("plain.txt", PLAIN), ("second.txt", SECOND), ("third.txt", THIRD)):
        (project / name).write_text(text, encoding="utf-8")
    assert backmail("new", "plain.txt", "--name", "plain", "--weeks", "1")[0] == 0
    assert "have finished" not in backmail("new", "second.txt", "--into", "plain", "--weeks", "1")[2]
    # tests/stories/test_a_second_article_follows.py publishes one indeed
    monkeypatch.setattr(into, "reached", lambda *_: Reached(published=frozenset(["any"])))
    err = backmail("new", "third.txt", "--into", "plain", "--weeks", "1")[2]
    assert "those who had its last mail have finished" in err
    assert "apply plain" in err


WORDS = st.sampled_from(["soil", "water", "light", "seed", "root", "leaf", "stem", "bloom", "frost", "shade", "rain"])
SENTENCES = st.lists(WORDS, min_size=6, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
SECTIONS = st.lists(
    st.tuples(st.lists(WORDS, min_size=2, max_size=4, unique=True), st.lists(SENTENCES, min_size=2, max_size=5)),
    min_size=1,
    max_size=7,
)


@given(one=SECTIONS, other=SECTIONS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_block_of_any_two_articles_stands_once(
    one: list[tuple[list[str], list[str]]],
    other: list[tuple[list[str], list[str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("series") / "project"
    start_project(root)
    project: Project = find_project(root, root)
    for name, sections in (("one.md", one), ("other.md", other)):
        text = "\n\n".join(f"## {' '.join(head)}\n\n{' '.join(body)}" for head, body in sections)
        (root / name).write_text(f"# Growing {name[:-3]}\n\n{text}\n", encoding="utf-8")
    first = new.new(root / "one.md", project, new.Wishes(slug="series"))
    made = into.into(given_by(root / "other.md"), "series", project, new.Wishes()).made
    campaign = campaigns.read(first.folder, project=project)
    counted = places(first.folder)
    assert set(counted.values()) == {1}
    assert set(counted) == {block.id for each in (first.article, made.article) for block in each.blocks}
    assert len({step.subject.casefold() for step in campaign.steps}) == len(campaign.steps)
    found = check.against_the_article(campaign, project)
    assert [each for each in found if each.severity is Severity.ERROR] == []
