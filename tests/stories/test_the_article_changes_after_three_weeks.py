"""A series is on its way; its article changes, and its outline, and nothing that anybody wrote or read is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backmail import campaign as campaigns
from backmail.app import opened
from backmail.audience import subscribers
from backmail.campaign.merge import MINE, NEW
from backmail.config import find_project
from backmail.desk import saving
from backmail.desk.preview import outline
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState
from backmail.sending.enrollment import enroll
from backmail.simulate.virtual import VirtualClock
from backmail.transports import MemoryTransport
from tests.desk.workbench import SAMPLE, Said, tree

Call = Callable[..., Said]

FOLDER = Path("campaigns/shoulders")
MONDAY = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
JAW = "Sit at a table and rest your forearm on it"
TIP = "Our therapist adds: your chin stays where it is."
ANGELS = """wall angels
Wall angels open your chest. Stand with your back against a wall and lift both arms. Slide them up and down 10 times."""


@pytest.fixture
def series(project: Path, backmail: Call) -> Path:
    """A series of seven mails, made from the sample's article."""
    (project / "article.txt").write_bytes((SAMPLE / "article.txt").read_bytes())
    _, *others = sorted((project / "people").glob("*.yaml"))
    for person in others:  # what goes wrong in a mail for one of several readers is not what these stories tell
        person.unlink()
    assert backmail("new", "article.txt", "--name", "shoulders")[0] == 0
    return project / FOLDER


def step(number: int) -> Path:
    """Return the file of a step by its number."""
    return sorted(FOLDER.glob("[0-9]*.md"))[number - 1]


def holding(words: str) -> Path:
    """Return the one step that holds some words."""
    (found,) = [path for path in FOLDER.glob("[0-9]*.md") if words in path.read_text(encoding="utf-8")]
    return found


def named(path: Path) -> Path:
    """Return the step that had this file, whatever number its file has now."""
    (found,) = FOLDER.glob(f"*{path.name[2:]}")
    return found


def in_week(words: str, week: int) -> None:
    """Decide by hand in which mail a block stands."""
    path = FOLDER / "outline.yaml"
    override = f"overrides:\n  - block: {words}\n    week: {week}\n"
    path.write_text(
        re.sub(r"^overrides:.*\n", override, path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8"
    )


def edit(path: Path, before: str, after: str) -> None:
    """Change a text that stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def mails() -> dict[str, bytes]:
    """Return the steps with their bytes."""
    return {path.name: path.read_bytes() for path in sorted(FOLDER.glob("[0-9]*.md"))}


def article() -> Path:
    return FOLDER / "article.txt"


def read_by(names: list[str], days: int) -> None:
    """Let people begin the series as it is applied, and get what is due within some days."""
    clock = VirtualClock(MONDAY)
    with opened(find_project(Path()), clock=clock, transport=MemoryTransport()) as app:
        with app.durable() as tx:
            ids = [
                subscribers.add(
                    tx, Subscriber(f"{name}@example.org"), app.pepper, now=MONDAY, state=SubscriberState.ACTIVE
                )
                for name in names
            ]
            published = app.shelf.newest(tx, re.findall(r"^id: (\S+)", (FOLDER / "campaign.yaml").read_text(), re.M)[0])
            assert published
            enroll(tx, published, ids, now=MONDAY, zone="UTC")
        while (at := app.next_look(clock.now())) is not None and at <= MONDAY + dt.timedelta(days=days):
            clock.jump(max(at, clock.now() + dt.timedelta(seconds=1)))
            while asyncio.run(app.tick()).busy:
                pass


@pytest.mark.usefixtures("series")
def test_nothing_changed_means_that_nothing_is_written(backmail: Call) -> None:
    before = tree(FOLDER)
    assert backmail("resplit", "shoulders")[:2] == (0, "nothing changed\n")
    assert tree(FOLDER) == before


@pytest.mark.usefixtures("series")
def test_another_sentence_in_the_article_touches_one_mail(backmail: Call) -> None:
    edit(step(3), "\n:::\n\n::: exercise", f"\n\n{TIP}\n:::\n\n::: exercise")
    before = mails()
    edit(article(), JAW, f"{JAW}, barefoot if you like")
    code, out, _ = backmail("resplit", "shoulders")
    after = mails()
    changed = [name for name in after if after[name] != before.get(name)]
    assert code == 0
    assert list(after) == list(before)
    assert changed == [name for name in out.split(":")[0].splitlines() if name in after]
    assert len(changed) == 1
    assert "barefoot" in after[changed[0]].decode()
    assert backmail("resplit", "shoulders")[1] == "nothing changed\n"


@pytest.mark.usefixtures("series")
def test_a_new_section_leaves_the_ids_of_the_others_as_they_are(backmail: Call) -> None:
    before = mails()
    edit(article(), "\nopen book on the floor\n", f"\n{ANGELS}\nopen book on the floor\n")
    assert backmail("resplit", "shoulders")[0] == 0
    after = mails()
    (changed,) = [name for name in after if after[name] != before.get(name)]
    assert "## Wall angels" in after[changed].decode()
    assert backmail("check", "shoulders")[0] == 0


@pytest.mark.usefixtures("series")
def test_an_edit_goes_where_its_block_goes(backmail: Call) -> None:
    path = holding("## Slow shoulder rolls")
    edit(path, "\n:::\n\n::: exercise", f"\n\n{TIP}\n:::\n\n::: exercise")
    edit(path, "subject: ", "subject: My own word - ")
    in_week("slow shoulder rolls", 5)
    code, out, _ = backmail("resplit", "shoulders")
    assert code == 0, out
    moved = holding("## Slow shoulder rolls")
    assert moved != named(path)
    assert TIP in moved.read_text(encoding="utf-8")
    assert "subject: My own word - " in named(path).read_text(encoding="utf-8")
    assert f"“Slow shoulder rolls” comes from {path.name}" in out
    assert "your subject stays" in out


@pytest.mark.usefixtures("series")
def test_words_around_the_blocks_stay_in_their_mail(backmail: Call) -> None:
    path = holding("## Slow shoulder rolls")
    head, _, body = path.read_text(encoding="utf-8").rpartition("---\n")
    path.write_text(f"{head}---\nA word from Anna first.\n\n{body.rstrip()}\n\nUntil next week!\n", encoding="utf-8")
    in_week("slow shoulder rolls", 5)
    assert backmail("resplit", "shoulders")[0] == 0
    text = named(path).read_text(encoding="utf-8")
    assert "---\nA word from Anna first.\n\n" in text
    assert text.endswith("\n\nUntil next week!\n")


@pytest.mark.usefixtures("series")
def test_what_both_changed_is_marked_and_stops_everything(backmail: Call) -> None:
    path = holding("## Slow shoulder rolls")
    edit(path, "Do this 8 times", "Do this 30 times")
    edit(article(), "Do this 8 times", "Do this 5 times")
    before = mails()
    code, out, _ = backmail("resplit", "shoulders")
    text = path.read_text(encoding="utf-8")
    marked = text.index(MINE)
    at = text[:marked].count("\n") + 1
    assert code == 1
    assert f"{FOLDER / path.name}:{at}: conflict" in out
    assert re.search(f"{re.escape(MINE)}\n.*30 times.*\n=======\n.*5 times.*\n{NEW}\n", text)
    assert [name for name, data in mails().items() if data != before[name]] == [path.name]
    code, out, _ = backmail("check", "shoulders")
    assert code == 1
    assert re.search(rf"{path.name}:{at}: error: .*\(merge-conflict\)", out) or f"{path.name}:{at}:" in out
    assert backmail("apply", "shoulders", "--yes")[0] == 1
    code, _, err = backmail("resplit", "shoulders")
    assert code == 3
    assert f"{path.name}:{at}" in err


@pytest.mark.usefixtures("series")
def test_a_dry_run_says_the_same_and_writes_nothing(backmail: Call) -> None:
    edit(step(3), "subject: ", "subject: My own word - ")
    edit(article(), "\nopen book on the floor\n", f"\n{ANGELS}\nopen book on the floor\n")
    before = tree(FOLDER)
    said = backmail("resplit", "shoulders", "--dry-run")[1]
    assert tree(FOLDER) == before
    assert backmail("resplit", "shoulders")[1] == said
    assert tree(FOLDER) != before


@pytest.mark.usefixtures("series")
def test_an_article_that_is_given_takes_the_place_of_the_former(backmail: Call) -> None:
    text = article().read_text(encoding="utf-8").replace(JAW, f"{JAW}, barefoot if you like")
    Path("new.txt").write_text(text, encoding="utf-8")
    assert backmail("resplit", "shoulders", "--article", "new.txt")[0] == 0
    assert article().read_text(encoding="utf-8") == text
    assert any("barefoot" in data.decode() for data in mails().values())
    assert backmail("check", "shoulders")[0] == 0


@pytest.mark.usefixtures("series")
def test_what_somebody_got_stays_in_its_mail(backmail: Call) -> None:
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    read_by(["ann", "bea", "cid"], days=24)  # three mails, and the first at once
    path = holding("## Slow shoulder rolls")
    in_week("slow shoulder rolls", 5)
    before = mails()
    code, out, err = backmail("resplit", "shoulders")
    assert code == 0, err
    assert "“Slow shoulder rolls” stays" in out
    assert "3 people" in out
    assert "read twice" in out
    assert "@" not in out
    assert mails()[path.name] == before[path.name]


@pytest.mark.usefixtures("series")
def test_who_misses_a_new_section_is_said(backmail: Call) -> None:
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    read_by(["ann", "bea"], days=38)
    edit(article(), "\nopen book on the floor\n", f"\n{ANGELS}\nopen book on the floor\n")
    code, out, _ = backmail("resplit", "shoulders")
    assert code == 0
    assert "will not read “Wall angels”" in out


@pytest.mark.usefixtures("series")
def test_a_campaign_of_an_earlier_backmail_is_merged_by_its_hashes(backmail: Call) -> None:
    (FOLDER / "base.json").unlink()
    edit(step(3), "subject: ", "subject: My own word - ")
    Path("new.txt").write_bytes(article().read_bytes().replace(JAW.encode(), f"{JAW}, barefoot if you like".encode()))
    before = mails()
    assert backmail("resplit", "shoulders", "--article", "new.txt")[0] == 0
    assert sum(data != before[name] for name, data in mails().items()) == 1
    assert (FOLDER / "base.json").exists()


@pytest.mark.usefixtures("series")
def test_what_cannot_be_merged_is_said_and_left_alone(backmail: Call) -> None:
    (FOLDER / "base.json").unlink()
    edit(step(3), "subject: ", "subject: My own word - ")
    edit(article(), JAW, f"{JAW}, barefoot if you like")
    before = tree(FOLDER)
    code, _, err = backmail("resplit", "shoulders")
    assert code == 3
    assert step(3).name in err
    assert tree(FOLDER) == before


@pytest.mark.usefixtures("series")
def test_a_base_that_is_gone_is_said_to_be_gone(backmail: Call) -> None:
    (FOLDER / "base.json").unlink()
    edit(step(3), "subject: ", "subject: My own word - ")
    edit(article(), JAW, f"{JAW}, barefoot if you like")
    err = backmail("resplit", "shoulders")[2]
    assert "base.json is gone" in err
    assert "earlier" not in err


def _of_another_form(data: dict[str, Any]) -> None:
    data["schema"] = 99


def _without_mails(data: dict[str, Any]) -> None:
    data["steps"] = []


def _of_other_mails(data: dict[str, Any]) -> None:
    for each in data["steps"]:
        each["id"] += "-2"
        each["file"] = f"9{each['file']}"


def _of_an_earlier_time(data: dict[str, Any]) -> None:
    data["steps"][2]["parts"][0]["text"][-1] += " And once more."


@pytest.mark.usefixtures("series")
@pytest.mark.parametrize("spoil", [_of_another_form, _without_mails, _of_other_mails, _of_an_earlier_time])
@pytest.mark.parametrize("covered", [True, False])
def test_a_base_that_is_of_no_mails_here_is_refused(
    backmail: Call, spoil: Callable[[dict[str, Any]], None], *, covered: bool
) -> None:
    if not covered:
        if spoil is _of_an_earlier_time:
            return  # nothing says otherwise
        (FOLDER / "coverage.json").unlink()
    data = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))
    spoil(data)
    (FOLDER / "base.json").write_text(json.dumps(data), encoding="utf-8")
    edit(article(), JAW, f"{JAW}, barefoot if you like")
    before = tree(FOLDER)
    code, _, err = backmail("resplit", "shoulders")
    assert code == 3
    assert "base.json" in err
    assert "version control" in err
    assert tree(FOLDER) == before


@pytest.mark.usefixtures("series")
def test_mails_that_were_moved_taken_away_or_added_are_no_fault_of_the_base(backmail: Call) -> None:
    step(6).unlink()
    moved, behind = (step(number).stem.split("-", 1)[1] for number in (2, 4))
    assert backmail("steps", "shoulders", "move", moved, "--after", behind)[0] == 0
    edit(article(), JAW, f"{JAW}, barefoot if you like")
    assert backmail("resplit", "shoulders")[0] in (0, 1)


@pytest.mark.usefixtures("series")
@pytest.mark.parametrize("verb", ["resplit", "check", "outline"])
def test_without_a_safety_text_each_verb_names_answers_that_it_has(backmail: Call, verb: str) -> None:
    assert backmail("check", "shoulders")[0] == 0
    path = FOLDER / "outline.yaml"
    outlined = path.read_text(encoding="utf-8")
    words = re.findall(r"words: (.+)\n +kind: safety", outlined)
    decided = "overrides:" + "".join(f"\n  - block: {each}\n    kind: other\n    key: abcdef01" for each in words)
    if verb != "outline":
        path.write_text(re.sub(r"^overrides:.*$", lambda found: decided, outlined, flags=re.M), encoding="utf-8")
        code, out, err = backmail(verb, "shoulders")
    else:
        others = [part for each in words for part in ("--set", f"{each}=other")]
        code, out, err = backmail("outline", "shoulders", *others)
    said = out + err
    assert code != 0
    assert "backmail outline shoulders --set " in said
    assert "=safety" in said
    assert ("--forget" in said) is (verb != "outline")
    for option in ("--mark", "--safety", "--no-safety"):
        assert option not in said


@pytest.mark.usefixtures("series")
def test_a_correction_that_does_nothing_is_refused_and_not_kept(backmail: Call) -> None:
    before = tree(FOLDER)
    code, _, err = backmail("outline", "shoulders", "--merge", "slow shoulder rolls", "open book on the floor")
    assert code == 3
    assert "not the next one" in err
    assert tree(FOLDER) == before
    assert backmail("outline", "article.txt", "--merge", "slow shoulder rolls", "open book on the floor")[0] == 3


@pytest.mark.usefixtures("series")
def test_a_page_that_cannot_be_written_is_called_by_its_own_name(backmail: Call, tmp_path: Path) -> None:
    wanted = tmp_path / "nowhere" / "page.html"
    code, _, err = backmail("outline", "shoulders", "--html", str(wanted))
    assert code == 3
    assert str(wanted) in err
    assert ".partial" not in err


@pytest.mark.usefixtures("series")
def test_a_merge_that_was_stopped_is_brought_to_its_end(backmail: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(article(), "\nopen book on the floor\n", f"\n{ANGELS}\nopen book on the floor\n")
    real = saving.put
    done: list[str] = []

    def put(path: Path, data: bytes, *, new: bool = False) -> None:
        if len(done) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        done.append(path.name)
        real(path, data, new=new)

    monkeypatch.setattr(saving, "put", put)
    assert backmail("resplit", "shoulders")[0] == 3
    monkeypatch.setattr(saving, "put", real)
    assert ".merge.json" in "".join(backmail("check", "shoulders")[1:])
    backmail("resplit", "shoulders")
    assert any("## Wall angels" in data.decode() for data in mails().values())
    assert backmail("check", "shoulders")[0] == 0
    assert backmail("resplit", "shoulders")[1] == "nothing changed\n"


@pytest.mark.usefixtures("series")
def test_the_records_say_what_stands_in_the_folder(backmail: Call) -> None:
    edit(article(), "\nopen book on the floor\n", f"\n{ANGELS}\nopen book on the floor\n")
    assert backmail("resplit", "shoulders")[0] == 0
    coverage = json.loads((FOLDER / "coverage.json").read_text(encoding="utf-8"))
    assert [each["file"] for each in coverage["steps"]] == list(mails())
    assert "wall angels" in (FOLDER / "outline.yaml").read_text(encoding="utf-8").lower()
    assert backmail("outline", "shoulders", "--set", "wall angels=exercise")[0] == 0  # nobody edited anything


@pytest.mark.usefixtures("series")
@pytest.mark.parametrize("dry", [True, False])
def test_a_correction_takes_nothing_out_of_a_mail_that_somebody_got(backmail: Call, *, dry: bool) -> None:
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    read_by(["ann", "bea", "cid"], days=24)
    path, before, all_before = holding("## Slow shoulder rolls"), mails(), tree(FOLDER)
    week = ("outline", "shoulders", "--set", "slow shoulder rolls", "--week", "5", *(["--dry-run"] if dry else []))
    code, out, err = backmail(*week)
    assert code == 0, err
    said = out if dry else err
    assert "“Slow shoulder rolls” stays" in said
    assert "3 people" in said
    assert mails()[path.name] == before[path.name]
    assert (tree(FOLDER) == all_before) is dry


@pytest.mark.usefixtures("series")
def test_a_correction_before_the_first_mail_makes_all_anew(backmail: Call) -> None:
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    path = holding("## Slow shoulder rolls")
    code, _, err = backmail("outline", "shoulders", "--set", "slow shoulder rolls", "--week", "5")
    assert code == 0, err
    assert "made anew" in err
    assert holding("## Slow shoulder rolls").name != path.name


@pytest.mark.usefixtures("series")
def test_the_studio_takes_nothing_out_of_such_a_mail_either(backmail: Call) -> None:
    assert backmail("apply", "shoulders", "--yes")[0] == 0
    read_by(["ann"], days=24)
    path, before = holding("## Slow shoulder rolls"), mails()
    in_week("slow shoulder rolls", 5)
    project = find_project(Path())
    outline.rewrite(campaigns.read(FOLDER, project=project), project)
    assert mails()[path.name] == before[path.name]
    assert outline.outlined(campaigns.read(FOLDER, project=project), project).rewrite is None
