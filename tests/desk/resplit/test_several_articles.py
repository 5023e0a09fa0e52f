"""The mails of a series of several articles are made anew: each article in its own place, and what was sent stays."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail import campaign as campaigns
from backmail.campaign.chapters import below, home_of, record_folders
from backmail.config import Project, find_project, start_project
from backmail.desk import check, into, new, together
from backmail.desk.given import given
from backmail.desk.preview import outline
from backmail.desk.reached import Reached
from backmail.desk.resplit import remaking, resplitting
from backmail.errors import CampaignError
from backmail.model.campaign import Campaign
from tests.desk.workbench import ARTICLE, Said, tree

Call = Callable[..., Said]

FOLDER = Path("campaigns/garden")
BULBS = """Bulbs that are planted in autumn flower before anything else does, and they ask for little more than a hole.
how to plant a bulb
Dig a hole three times as deep as the bulb is high. Put it in with the tip up. Then fill the hole. Water once, and wait.
where bulbs do well
Choose a place that is dry in summer, such as the foot of a hedge. Bulbs rot where water stands for long.
frequently asked questions
Can I leave them in the ground?
Most of them, for five years or more. Tulips flower less from the second year on.
"""
HANDS = (Path(__file__).parents[1] / "hands.txt").read_text(encoding="utf-8")
SAUCER = "Then empty the saucer, because roots that stand in water begin to rot."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a series of three articles, of four, two and two mails; made once."""
    root = tmp_path_factory.mktemp("several") / "project"
    start_project(root)
    (root / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    (root / "hands.txt").write_text(HANDS, encoding="utf-8")
    (root / "bulbs.txt").write_text(BULBS, encoding="utf-8")
    project = find_project(root, root)
    new.new(root / "pots.txt", project, new.Wishes(slug="garden", weeks=4))
    into.into(given(root / "hands.txt"), "garden", project, new.Wishes(weeks=2))
    into.into(given(root / "bulbs.txt"), "garden", project, new.Wishes(weeks=2))
    return root


@pytest.fixture
def series(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of that series, in a project of the test's own that is stood in."""
    shutil.copytree(made, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project" / FOLDER


def project() -> Project:
    return find_project(Path())


def read(folder: Path) -> Campaign:
    return campaigns.read(folder, project=project())


def mails(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9]*.md"))}


def order(folder: Path) -> str:
    """Return the letters of the articles of the mails, in their order."""
    said = [json.loads((home / "coverage.json").read_text(encoding="utf-8")) for home in record_folders(folder)]
    letters = {step["id"]: step["blocks"][0][0] for each in said for step in each["steps"]}
    return "".join(letters[step.id] for step in read(folder).steps)


def holding(folder: Path, words: str) -> str:
    (found,) = [name for name, text in mails(folder).items() if words in text]
    return found


def edit(path: Path, before: str, after: str, *, every: bool = False) -> None:
    text = path.read_text(encoding="utf-8")
    assert every or text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def retitle(path: Path) -> None:
    """Give a mail a subject of one's own."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^subject: .*", f"subject: Anna writes {path.stem}", text, flags=re.M), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    return [each.message for each in check.against_the_article(read(folder), project())]


def sent(monkeypatch: pytest.MonkeyPatch, folder: Path, people: int, *words: str) -> None:
    """Let some people have got the mails that hold some words; one more has got none of them."""
    ids = {re.search(r"^id: (\S+)", mails(folder)[holding(folder, each)], re.M)[1] for each in words}  # type: ignore[index]
    far = Reached(dict.fromkeys(ids, people), frozenset(ids), ((frozenset(ids), people), (frozenset(["other"]), 1)))
    for module in (resplitting, remaking):
        monkeypatch.setattr(module, "reached", lambda *_: far)


def test_nothing_changed_means_that_nothing_is_written(series: Path, backmail: Call) -> None:
    before = tree(series)
    assert backmail("resplit", "garden")[:2] == (0, "nothing changed\n")
    mine = {holding(series, words) for words in (SAUCER, "Thumb slide", "Dig a hole")}
    for name in mine:
        edit(series / name, ":::\n\n", ":::\n\nAnna says hello.\n\n", every=True)
        retitle(series / name)
    assert backmail("resplit", "garden")[1] == "nothing changed\n"
    assert {name for name, data in tree(series).items() if data != before[name]} == mine


@pytest.mark.parametrize(
    ("article", "words"),
    [("article.txt", SAUCER), ("article-2/article.txt", "Wash them"), ("article-3/article.txt", "Water once")],
)
def test_a_sentence_of_any_article_touches_its_mail(series: Path, backmail: Call, article: str, words: str) -> None:
    before = mails(series)
    edit(series / article, words, f"Mind this. {words}")
    assert backmail("resplit", "garden")[0] == 0
    after = mails(series)
    assert list(after) == list(before)
    (touched,) = [name for name in after if after[name] != before[name]]
    assert "Mind this." in after[touched]
    assert faults(series) == []
    assert backmail("resplit", "garden")[1] == "nothing changed\n"


def test_more_mails_of_one_article_leave_those_of_the_others_where_they_are(series: Path, backmail: Call) -> None:
    before = read(series).steps
    assert order(series) == "bbbbccdd"
    code, _, err = backmail("resplit", "garden", "--weeks", "3")
    assert code == 3
    assert "--of 2: article-2/article.txt" in err
    code, _, err = backmail("resplit", "garden", "--weeks", "3", "--of", "2")
    assert code == 0, err
    assert order(series) == "bbbbcccdd"
    after = read(series).steps
    assert {each.id for each in before} < {each.id for each in after}
    assert [each.body for each in after[-2:]] == [each.body for each in before[-2:]]
    weeks = [step["week"] for step in json.loads((series / "article-3/coverage.json").read_text())["steps"]]
    assert weeks == [8, 9]
    assert faults(series) == []
    assert campaigns.generated(series)


def test_a_mail_of_another_article_between_them_stays_there(series: Path, backmail: Call) -> None:
    (series / holding(series, "Dig a hole")).rename(series / "02-a.md")
    assert order(series) == "bdbbbccd"
    edit(series / "article.txt", SAUCER, f"Mind this. {SAUCER}")
    edit(series / "article-3/article.txt", "Water once", "Mind that. Water once")
    assert backmail("resplit", "garden")[0] == 0
    assert order(series) == "bdbbbccd"
    assert "Mind this." in "".join(mails(series).values())
    assert "Mind that." in (series / "02-a.md").read_text(encoding="utf-8")


def test_a_block_that_she_moved_to_a_mail_of_another_article_takes_its_changes_there(
    series: Path, backmail: Call
) -> None:
    was = series / holding(series, SAUCER)
    text = was.read_text(encoding="utf-8")
    (block,) = re.findall(r"^::: how-to id=b06.*?\n:::\n", text, re.M | re.S)
    was.write_text(text.replace(block, ""), encoding="utf-8")
    to = series / holding(series, "Dig a hole")
    to.write_text(to.read_text(encoding="utf-8") + f"\n{block}", encoding="utf-8")
    edit(series / "article.txt", SAUCER, f"Mind this. {SAUCER}")
    assert backmail("resplit", "garden")[0] == 0
    assert "Mind this." in to.read_text(encoding="utf-8")


def test_a_subject_that_she_wrote_ahead_is_not_proposed_behind_it(series: Path, backmail: Call) -> None:
    gloves = ("outline", "garden", "--set", "how to choose gloves", "--week", "1")
    assert backmail(*gloves)[0] == 0
    proposed = read(series).steps[4].subject
    assert backmail("outline", "garden", "--forget", "how to choose gloves")[0] == 0
    assert read(series).steps[4].subject != proposed
    first = series / next(iter(mails(series)))
    first.write_text(re.sub(r"^subject: .*", f'subject: "{proposed}"', first.read_text(), flags=re.M))
    assert backmail(*gloves)[0] == 3
    assert backmail("resplit", "garden")[0] == 0
    after = read(series).steps
    assert "c05" in after[4].body
    assert after[0].subject == proposed != after[4].subject


def test_mails_of_her_own_and_a_safety_text_that_she_moved_count_for_what_follows(series: Path, backmail: Call) -> None:
    first, second = (series / name for name in list(mails(series))[:2])
    (safety,) = re.findall(r"^::: safety id=b05.*?\n:::\n", first.read_text(), re.M | re.S)
    edit(first, safety, "")
    edit(second, "\n---\n", f"\n---\n{safety}\n")
    text = (
        "---\nid: hello\nsubject: A word of mine\npreheader: It is short, and it is from me.\nafter: 1w\n---\nHello.\n"
    )
    (series / "04-zz.md").write_text(text)
    assert backmail("resplit", "garden")[0] == 0
    weeks = [step["week"] for step in json.loads((series / "article-2/coverage.json").read_text())["steps"]]
    assert weeks == [6, 7]
    notes = "".join(mails(series)[name] for name in mails(series) if name.startswith(("05", "06", "07")))
    assert set(re.findall(r"repeats=(\S+)\n", notes)) == {read(series).steps[1].id}


def test_a_correction_is_of_the_article_that_has_the_block(series: Path, backmail: Call) -> None:
    before, all_before = mails(series), tree(series)
    gloves = ("outline", "garden", "--set", "how to choose gloves", "--week", "1")
    code, out, _ = backmail(*gloves, "--dry-run")
    assert code == 0
    assert "“How to choose gloves” comes from" in out
    assert tree(series) == all_before
    code, _, err = backmail(*gloves)
    assert (code, "made anew, 8 mails" in err) == (0, True), err
    after = tree(series)
    outlines = [name for name in after if name.endswith("outline.yaml") and after[name] != all_before[name]]
    assert outlines == ["article-2/outline.yaml"]
    assert holding(series, "How to choose gloves").startswith("05")
    assert {name for name, text in mails(series).items() if before.get(name) != text} <= {
        name for name in mails(series) if name[:2] in ("05", "06")
    }
    assert faults(series) == []


def test_words_that_several_articles_have_want_a_number(series: Path, backmail: Call) -> None:
    before = tree(series)
    code, _, err = backmail("outline", "garden", "--set", "frequently asked questions=other")
    assert code == 3
    assert "--of 1: article.txt, --of 2: article-2/article.txt" in err
    code, _, err = backmail("outline", "garden", "--of", "4", "--set", "seated twist=faq")
    assert (code, "there is no article 4" in err) == (3, True)
    code, _, err = backmail("outline", "garden", "--set", "thumb slied=other")
    assert (code, "thumb slide" in err) == (3, True)
    assert backmail("outline", "garden", "--of", "2")[0] == 2
    assert backmail("resplit", "garden", "--of", "2")[0] == 2
    assert tree(series) == before
    assert backmail("outline", "garden", "--of", "2", "--set", "frequently asked questions=other")[0] == 0
    after = tree(series)
    assert "article-2/outline.yaml" in {name for name in after if after[name] != before[name]}


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (("--heading", "finger fan=The open hand"), "## The open hand"),
        (("--split-at", "Both moves need"), "split_at: Both moves need"),
        (("--merge", "finger fan", "thumb slide"), "merge_with: thumb slide"),
        (("--product", "how to choose gloves=none"), "product: none"),
    ],
)
def test_every_correction_works(series: Path, backmail: Call, correction: tuple[str, ...], said: str) -> None:
    code, _, err = backmail("outline", "garden", *correction)
    assert code == 0, err
    outlined = (series / "article-2/outline.yaml").read_text(encoding="utf-8")
    assert said in "".join(mails(series).values()) + outlined
    assert faults(series) == []


def test_what_is_forgotten_restores_the_mails(series: Path, backmail: Call) -> None:
    before = mails(series)
    assert backmail("outline", "garden", "--drop", "finger fan", "--because", "out of date")[0] == 0
    assert "Finger fan" not in "".join(mails(series).values())
    assert backmail("outline", "garden", "--forget", "finger fan")[0] == 0
    bodies = [text.partition("\n---\n")[2] for text in mails(series).values()]
    assert bodies == [text.partition("\n---\n")[2] for text in before.values()]


def test_where_mails_were_edited_the_right_outline_is_kept(series: Path, backmail: Call) -> None:
    first = series / next(iter(mails(series)))
    retitle(first)
    before = tree(series)
    code, _, err = backmail("outline", "garden", "--set", "how to choose gloves=other")
    assert code == 3
    assert "kept in article-2/outline.yaml" in err
    assert first.name in err
    assert [name for name, data in tree(series).items() if data != before[name]] == ["article-2/outline.yaml"]
    assert backmail("resplit", "garden")[0] == 0
    assert "subject: Anna writes" in first.read_text(encoding="utf-8")
    assert "::: how-to id=c05" not in "".join(mails(series).values())
    assert faults(series) == []


def test_an_article_that_is_given_takes_the_place_of_its_own(series: Path, backmail: Call) -> None:
    Path("again.md").write_text(f"# Hands\n\n{HANDS}\n\nA last word on hands.\n", encoding="utf-8")
    assert backmail("resplit", "garden", "--article", "again.md")[0] == 3
    assert backmail("resplit", "garden", "--article", "again.md", "--of", "2")[0] in (0, 1)
    assert read(series).articles == ("article.txt", "article-2/article.md", "article-3/article.txt")
    assert not (series / "article-2/article.txt").exists()
    assert "A last word on hands." in "".join(mails(series).values())


def test_what_somebody_got_stays_in_its_mail(series: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(monkeypatch, series, 3, "Finger fan")
    file, before = holding(series, "Finger fan"), mails(series)
    code, _, err = backmail("outline", "garden", "--set", "finger fan", "--week", "2")
    assert (code, f"“Finger fan” stays in {file}, which 3 people got" in err) == (0, True), err
    assert mails(series)[file] == before[file]


def test_what_is_left_out_of_a_mail_that_was_sent_is_named_with_its_readers(
    series: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(monkeypatch, series, 3, "How to choose gloves")
    file = holding(series, "How to choose gloves")
    drop = ("outline", "garden", "--drop", "how to choose gloves", "--because", "out of date")
    code, out, _ = backmail(*drop, "--dry-run")
    assert code == 0
    assert f"{file}: “How to choose gloves” goes: left out, out of date" in out
    assert f"3 people got {file} as it was; whoever gets it later (1 person on the way so far) reads it without" in out
    assert backmail(*drop)[0] == 0
    assert "How to choose gloves" not in "".join(mails(series).values())


def test_a_changed_sentence_of_a_sent_mail_is_named_too(
    series: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(monkeypatch, series, 2, SAUCER)
    file = holding(series, SAUCER)
    edit(series / "article.txt", SAUCER, f"Mind this. {SAUCER}")
    out = backmail("resplit", "garden")[1]
    assert f"{file}: “How to water in the morning” follows the article\n" in out
    assert f"2 people got {file} as it was; whoever gets it later (1 person on the way so far) reads it with ano" in out


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_base_that_is_gone_is_found_again_or_named(series: Path, backmail: Call, number: int) -> None:
    home = series / home_of(number)
    file = series / holding(series, {1: SAUCER, 2: "Finger fan", 3: "Dig a hole"}[number])
    retitle(file)
    (home / "base.json").unlink()
    before = mails(series)
    assert backmail("resplit", "garden")[0] == 0
    assert mails(series) == before
    assert (home / "base.json").is_file()
    edit(home / "article.txt", {1: SAUCER, 2: "Wash", 3: "Water once"}[number], "Mind this.")
    (home / "base.json").unlink()
    code, _, err = backmail("resplit", "garden")
    assert code == 3
    assert f"{below(number, 'base.json')} is gone" in err


def test_a_merge_that_was_stopped_is_brought_to_its_end(
    series: Path, backmail: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(series / "article-2/article.txt", "Wash", "Mind this. Wash")
    with monkeypatch.context() as patch:
        patch.setattr(together, "_do", lambda *_: None)
        assert backmail("resplit", "garden")[0] == 0
    assert (series / ".merge.json").exists()
    assert backmail("resplit", "garden")[0] == 0
    assert not (series / ".merge.json").exists()
    assert "Mind this." in mails(series)[holding(series, "Wash")]
    assert faults(series) == []


@pytest.mark.parametrize(
    "name",
    [
        "article-2/../../pots.txt",
        "article-9/base.json",
        "article-2/01-x.md",
        "/outline.yaml",
        "article-1/base.json",
        "images/article.txt",
    ],
)
def test_a_note_of_a_merge_that_leads_elsewhere_is_not_followed(series: Path, name: str) -> None:
    (series / "images").mkdir()
    (series / ".merge.json").write_text(json.dumps({"schema": 1, "files": [[name, "", "mine"]]}))
    with pytest.raises(CampaignError, match="cannot be read"):
        together.finish(series)


def test_nor_one_that_leads_through_a_link(series: Path, tmp_path: Path) -> None:
    (series / "article-2").rename(tmp_path / "elsewhere")
    (series / "article-2").symlink_to(tmp_path / "elsewhere")
    (series / ".merge.json").write_text(json.dumps({"schema": 1, "files": [["article-2/base.json", "", None]]}))
    with pytest.raises(CampaignError, match="cannot be read"):
        together.finish(series)


def test_a_copy_of_the_series_can_be_made_anew_too(series: Path, backmail: Call) -> None:
    assert backmail("copy", "garden", "again")[0] == 0
    assert backmail("resplit", "again")[:2] == (0, "nothing changed\n")
    assert backmail("outline", "again", "--set", "how to choose gloves", "--week", "1")[0] == 0
    assert faults(series.with_name("again")) == []


def test_the_preview_corrects_and_writes_each_article(series: Path) -> None:
    outline.correct(read(series), project(), "how to choose gloves", "other", 2)
    view = outline.outlined(read(series), project())
    (block,) = [each for each in view.blocks if each.heading == "how to choose gloves"]
    assert (block.of, [each.of for each in block.decided]) == (2, [2])
    assert view.rewrite is not None
    assert {name[:2] for name in view.rewrite.anew} <= {"05", "06"}
    outline.rewrite(read(series), project())
    assert outline.outlined(read(series), project()).rewrite is None
    assert faults(series) == []
    outline.take_back(read(series), project(), block.decided[0].words, "kind", 2)
    outline.rewrite(read(series), project())
    assert faults(series) == []
    with pytest.raises(CampaignError, match="there is no article 4"):
        outline.correct(read(series), project(), "finger fan", "other", 4)
