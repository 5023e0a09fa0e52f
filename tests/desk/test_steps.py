"""The order of mails: files are renamed, ids and rhythm stay, and a move that is killed is brought to its end."""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail import campaign as campaigns
from backmail.campaign.lint import judge_files
from backmail.campaign.names import MOVE
from backmail.config import Project, find_project
from backmail.desk import steps
from backmail.errors import CampaignError, InputError, UnknownName
from tests.desk.test_editing import run
from tests.desk.workbench import Said

Call = Callable[..., Said]

CAMPAIGN = "format: 1\nid: c-aaaaaa\nname: Test\nkind: drip\nfrom: {name: Anna, email: anna@example.org}\n"


@pytest.fixture
def series(tmp_path: Path) -> Callable[..., Project]:
    """Make a campaign `test` of files with their waiting times: `series({"01-a.md": "0", ...})`; "" for none."""

    def make(files: dict[str, str]) -> Project:
        (tmp_path / "config.yaml").write_text("", encoding="utf-8")
        folder = tmp_path / "campaigns" / "test"
        folder.mkdir(parents=True)
        (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
        for file, after in files.items():
            id_ = file.removesuffix(".md").strip("0123456789-") or f"n{file.removesuffix('.md')}"
            waits = f"after: {after}   # said\r\n" if after else ""
            text = f"---\r\nid: {id_}\r\nsubject: About {id_}\r\n{waits}---\r\n{file}\r\n"
            (folder / file).write_bytes(text.encode())
        return find_project(tmp_path)

    return make


WAITS = ["0", "1d", "2d", "3d"]
THREE = {"01-a.md": "0", "02-b.md": "3d", "03-c.md": "2w"}


def stands(project: Project) -> list[tuple[str, str, str]]:
    return [(each.file, each.id, str(each.after)) for each in steps.listed("test", project).steps]


@pytest.mark.parametrize(
    ("step", "after", "order"),
    [("c", None, "cab"), ("a", "c", "bca"), ("a", "b", "bac"), ("c", "a", "acb"), ("02-b", None, "bac")],
)
def test_the_order_changes_and_the_rhythm_stays_with_the_places(
    series: Callable[..., Project], step: str, after: str | None, order: str
) -> None:
    project = series(THREE)
    done = steps.move(steps.listed("test", project), step, after, project)
    waits = ["0", "3d", "2w"]
    assert stands(project) == [(f"{n:02}-{id_}.md", id_, waits[n - 1]) for n, id_ in enumerate(order, start=1)]
    assert "".join(each.id for each in done.steps) == order
    assert done.rhythm
    for path in (project.campaigns / "test").glob("*.md"):
        data = path.read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") == 6
        assert b"   # said\r\n" in data
    assert not (project.campaigns / "test" / MOVE).exists()


def test_where_it_stood_nothing_is_written(series: Callable[..., Project]) -> None:
    project = series(THREE)
    before = {path: path.stat().st_ino for path in project.campaigns.rglob("*")}
    done = steps.move(steps.listed("test", project), "b", "a", project)
    assert (done.renamed, done.rhythm) == ((), False)
    assert {path: path.stat().st_ino for path in project.campaigns.rglob("*")} == before


def test_nine_and_ten_and_gaps_get_numbers_of_two_digits(series: Callable[..., Project]) -> None:
    files = {f"{number}-{letter}.md": "" for number, letter in zip([1, 3, *range(5, 14)], "abcdefghijk", strict=True)}
    project = series(files)
    steps.move(steps.listed("test", project), "b", "k", project)
    assert [file for file, *_ in stands(project)] == [
        f"{n:02}-{id_}.md" for n, id_ in enumerate("acdefghijkb", start=1)
    ]


def test_files_that_are_called_alike_get_their_ids_as_names(series: Callable[..., Project]) -> None:
    project = series({"1.md": "", "2.md": "", "3.md": ""})
    steps.move(steps.listed("test", project), "n3", None, project)
    assert stands(project) == [("01-n3.md", "n3", "0"), ("02-n1.md", "n1", "1w"), ("03-n2.md", "n2", "1w")]


def test_a_file_that_was_made_in_between_is_not_lost(series: Callable[..., Project]) -> None:
    project = series(THREE)
    folder = project.campaigns / "test"
    plan = [["03-c.md", "01-c.md", 0], ["01-a.md", "02-a.md", "3d"]]
    (folder / MOVE).write_text(json.dumps({"schema": 1, "steps": plan}), "utf-8")
    (folder / "01-c.md").write_text("somebody's own", "utf-8")
    with pytest.raises(CampaignError, match="a file stands here"):
        steps.listed("test", project)
    assert (folder / "01-c.md").read_text("utf-8") == "somebody's own"
    assert (folder / "03-c.md").exists()
    (folder / "01-c.md").unlink()
    assert [id_ for _, id_, _ in stands(project)] == list("cab")


def test_names_are_helped_with(series: Callable[..., Project]) -> None:
    project = series({"01-welcome.md": "", "02-stretch.md": ""})
    campaign = steps.listed("test", project)
    with pytest.raises(UnknownName, match="did you mean 'stretch'"):
        steps.move(campaign, "strech", None, project)
    with pytest.raises(UnknownName, match="did you mean 'welcome'"):
        steps.move(campaign, "stretch", "welcom", project)
    with pytest.raises(CampaignError, match="behind itself"):
        steps.move(campaign, "stretch", "stretch", project)


def test_one_place_earlier_or_later(series: Callable[..., Project]) -> None:
    campaign = steps.listed("test", series(THREE))
    assert steps.after_a_move(campaign, "b", earlier=True) is None
    assert steps.after_a_move(campaign, "c", earlier=True) == "a"
    assert steps.after_a_move(campaign, "a", earlier=False) == "b"
    with pytest.raises(CampaignError, match="first mail already"):
        steps.after_a_move(campaign, "a", earlier=True)
    with pytest.raises(CampaignError, match="last mail already"):
        steps.after_a_move(campaign, "c", earlier=False)


def test_wherever_a_move_is_killed_the_next_call_ends_it_and_nothing_is_lost(
    series: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = series(
        {f"{n}-{id_}.md": after for n, (id_, after) in enumerate(zip("abcd", WAITS, strict=True), start=1)}
    )
    folder = project.campaigns / "test"
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = {name[2:-3]: data.split(b"---\r\n")[2] for name, data in whole.items() if name.endswith(".md")}
    real, linked = os.replace, os.link
    for dies in itertools.count(1):
        for path in folder.iterdir():
            path.unlink()
        for name, data in whole.items():
            (folder / name).write_bytes(data)
        calls = itertools.count(1)

        def replace(source: Path, target: Path, *, dies: int = dies, calls: itertools.count[int] = calls) -> None:
            if next(calls) == dies:
                raise KeyboardInterrupt
            real(source, target)

        def link(source: Path, target: Path, *, dies: int = dies, calls: itertools.count[int] = calls) -> None:
            if next(calls) == dies:
                raise KeyboardInterrupt
            linked(source, target)

        campaign = steps.listed("test", project)
        monkeypatch.setattr(os, "replace", replace)
        monkeypatch.setattr(os, "link", link)
        try:
            steps.move(campaign, "d", "a", project)
        except KeyboardInterrupt:
            monkeypatch.setattr(os, "replace", real)
            assert not list(folder.glob(".*.partial")), dies
            bodies = sorted(path.read_bytes().split(b"---\r\n")[2] for path in folder.glob("*.md"))
            assert bodies == sorted(said.values()), dies
            assert ("move-unfinished" in found(project)) == (dies > 1), dies
            if dies == 1:  # nothing was begun
                assert [id_ for _, id_, _ in stands(project)] == list("abcd")
                continue
        monkeypatch.setattr(os, "replace", real)
        assert [id_ for _, id_, _ in stands(project)] == list("adbc"), dies
        assert [_after(folder / file) for file, *_ in stands(project)] == WAITS, dies
        assert {path.name[3:-3]: path.read_bytes().split(b"---\r\n")[2] for path in folder.glob("*.md")} == said
        assert not (folder / MOVE).exists()
        if next(calls) <= dies:
            break
    assert dies > 5


def found(project: Project) -> set[str]:
    """Return the rules that the files of the campaign break, as `check` and `apply` see them."""
    campaign = campaigns.read(project.campaigns / "test", project=project)
    return {finding.id for finding in judge_files(campaign, project.config.company)}


def _after(path: Path) -> str:
    return path.read_text("utf-8").partition("after: ")[2].split()[0]


@pytest.mark.parametrize(
    "note",
    [
        "{",
        "[" * 200_000,
        '{"steps": [["../victim.md", "01-v.md", null]]}',
        '{"steps": [["01-a.md", "../01-v.md", null]]}',
        '{"steps": [["01-a.md", "/tmp/01-v.md", null]]}',
        '{"steps": [["01-a.md", "1/../../v.md", null]]}',
        '{"steps": [["01-a.md", "1\\\\v.md", null]]}',
        '{"steps": [["01-a.md", "campaign.yaml", null]]}',
        '{"steps": [["01-a.md", "01-\\ud800.md", null]]}',
        '{"steps": [["01-a.md", "01-v.md\\u0000", null]]}',
        '{"steps": [["01-a.md", "\\u00b2-v.md", null]]}',
        '{"steps": [["01-a.md", 7, null]]}',
        '{"steps": [["01-a.md", "01-v.md", ["1w"]]]}',
        '{"steps": [["01-a.md", "01-v.md"]]}',
    ],
)
def test_a_note_of_a_move_that_is_none_of_ours_is_told_and_not_followed(
    series: Callable[..., Project], note: str
) -> None:
    project = series(THREE)
    folder = project.campaigns / "test"
    victim = project.campaigns / "victim.md"
    victim.write_text("---\nid: v\n---\n", "utf-8")
    (folder / MOVE).write_text(note, encoding="utf-8")
    before = sorted(project.campaigns.rglob("*"))
    with pytest.raises(CampaignError, match="this note of a move cannot be read"):
        steps.listed("test", project)
    assert sorted(project.campaigns.rglob("*")) == before
    assert victim.read_text("utf-8") == "---\nid: v\n---\n"


@pytest.mark.parametrize("there", [True, False])
def test_a_note_of_a_move_that_is_a_link_is_not_followed(series: Callable[..., Project], there: bool) -> None:
    project = series(THREE)
    elsewhere = project.campaigns / "elsewhere.json"
    if there:
        elsewhere.write_text('{"steps": []}', "utf-8")
    (project.campaigns / "test" / MOVE).symlink_to(elsewhere)
    with pytest.raises(CampaignError, match="cannot be read"):
        steps.listed("test", project)
    campaign = campaigns.read(project.campaigns / "test", project=project)
    with pytest.raises(CampaignError, match="another move of these mails is under way"):
        steps.move(campaign, "c", None, project)
    assert elsewhere.exists() is there


def refused(project: Project, *, error: type[Exception], said: str) -> None:
    """See that the last step cannot become the first, and that nothing was done."""
    campaign, folder = steps.listed("test", project), project.campaigns / "test"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(error, match=said):
        steps.move(campaign, campaign.steps[-1].id, None, project)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "move-unfinished" not in found(project)


def test_a_file_that_only_a_person_can_change_stops_a_move_before_it_begins(series: Callable[..., Project]) -> None:
    project = series({**THREE, "04-d.md": "1d"})
    path = project.campaigns / "test" / "03-c.md"
    path.write_bytes(path.read_bytes().replace(b"after: 2w", b"after: &w 2w\r\nteaser: *w"))
    refused(project, error=InputError, said="'after' cannot be changed for you here")


def test_a_file_that_is_read_only_stops_a_move_before_it_begins(series: Callable[..., Project]) -> None:
    project = series(THREE)
    (project.campaigns / "test" / "03-c.md").chmod(0o444)
    refused(project, error=PermissionError, said="the file is read-only")


def test_a_move_beside_that_of_another_program_is_refused(series: Callable[..., Project]) -> None:
    fcntl = pytest.importorskip("fcntl")
    project = series(THREE)
    handle = os.open(project.campaigns / "test", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        refused(project, error=CampaignError, said="another backmail is changing the files")
    finally:
        os.close(handle)
    assert "".join(each.id for each in steps.move(steps.listed("test", project), "c", None, project).steps) == "cab"


def test_a_note_of_another_move_is_not_written_over(series: Callable[..., Project]) -> None:
    project = series(THREE)
    campaign, note = steps.listed("test", project), project.campaigns / "test" / MOVE
    note.write_text('{"schema": 1, "steps": []}', "utf-8")
    with pytest.raises(CampaignError, match="another move of these mails is under way"):
        steps.move(campaign, "c", None, project)
    assert [path.name for path in note.parent.iterdir() if path.name.startswith(".")] == [MOVE]
    assert note.read_text("utf-8") == '{"schema": 1, "steps": []}'
    assert [id_ for _, id_, _ in stands(project)] == list("abc")


def test_a_disk_on_which_a_file_has_one_name_moves_as_well(
    series: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    project = series(THREE)
    monkeypatch.setattr(os, "link", link)
    test_a_note_of_another_move_is_not_written_over(lambda _: project)
    assert "".join(each.id for each in steps.move(steps.listed("test", project), "c", None, project).steps) == "cab"


def test_two_moves_at_once_come_one_after_another(series: Callable[..., Project]) -> None:
    project = series(
        {f"{n}-{id_}.md": after for n, (id_, after) in enumerate(zip("abcd", WAITS, strict=True), start=1)}
    )
    seen = steps.listed("test", project)  # by both, before either moves
    start, told = threading.Barrier(2), list[Exception]()

    def later(step: str, after: str) -> None:
        start.wait()
        try:
            steps.move(seen, step, after, project)
            steps.listed("test", project)
        except Exception as error:
            told.append(error)

    threads = [threading.Thread(target=later, args=each) for each in (("a", "c"), ("b", "d"))]
    run(threads)
    assert told == []
    stood = stands(project)
    assert "".join(id_ for _, id_, _ in stood) in ("cadb", "cdba")  # whichever was the first
    assert [waits for *_, waits in stood] == WAITS
    assert [file for file, *_ in stood] == [f"{n:02}-{id_}.md" for n, (_, id_, _) in enumerate(stood, start=1)]
    assert not (project.campaigns / "test" / MOVE).exists()


def test_the_verb_shows_and_moves(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots", "--weeks", "3")[0] == 0
    code, out, _ = backmail("steps", "pots")
    assert code == 0
    ids = [line.split()[1] for line in out.splitlines()[1:]]
    assert out.splitlines()[0].split() == ["step", "after", "subject"]
    code, out, err = backmail("steps", "pots", "move", ids[0], "--after", ids[-1])
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()[1 : len(ids) + 1]] == [*ids[1:], ids[0]]
    assert f"01-{ids[0]}.md -> {len(ids):02}-{ids[0]}.md" in err
    assert "waiting times stay" in err
    assert "backmail check pots" in err
    assert "(safety-late)" in out
    code, out, _ = backmail("steps", "pots", "move", ids[0], "--after", "")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()[1:]] == ids


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["move"], 2, "which step?"),
        (["move", "x"], 2, "say where to"),
        (["move", "x", "--first", "--after", "y"], 2, "say where to"),
        (["--first"], 2, "belong to"),
        (["remove", "x"], 2, "move"),
        (["move", "x", "--first"], 3, "there is no step 'x'"),
    ],
)
def test_the_verb_says_what_is_missing(
    project: Path, backmail: Call, arguments: list[str], code: int, said: str
) -> None:
    name = next((project / "campaigns").glob("[!_]*")).name
    got, _, err = backmail("steps", name, *arguments)
    assert got == code
    assert said in err
