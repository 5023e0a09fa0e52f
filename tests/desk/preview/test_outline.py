"""The outline: what a block is and where it goes, a word of the marketer's, and what would be written anew by it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backmail import campaign as campaigns
from backmail.campaign.coverage import generated
from backmail.config import Project
from backmail.desk import new, workshop
from backmail.desk.preview import outline
from backmail.desk.preview.outline import OutlineBlock, OutlineView
from backmail.desk.workshop import Understood
from backmail.errors import ArticleError, CampaignError, PlanRefused
from backmail.model.campaign import Campaign
from tests.desk.preview.conftest import Desk
from tests.desk.workbench import ARTICLE, Said, tree

Call = Callable[..., Said]
FAQ = "How often should I do the"


def read(desk: Desk) -> Campaign:
    return campaigns.read(desk.folder, project=desk.project)


def seen(desk: Desk) -> OutlineView:
    return outline.outlined(read(desk), desk.project)


def block(desk: Desk, words: str) -> OutlineBlock:
    return next(each for each in seen(desk).blocks if each.words.startswith(words))


def correct(desk: Desk, words: str, kind: str) -> None:
    outline.correct(read(desk), desk.project, words, kind)


def test_every_line_of_the_article_stands_in_a_block_and_every_block_in_its_mail(desk: Desk) -> None:
    view = seen(desk)
    lines = [int(number) for each in view.blocks for number in re.findall(r"\d+", each.where)]
    assert lines == sorted(lines)
    assert lines[-1] == len((desk.folder / "article.txt").read_text("utf-8").rstrip("\n").split("\n"))
    held = {each.id: mail.number for mail in view.mails for each in mail.blocks}
    assert {each.id: each.mail for each in view.blocks if each.mail} == held
    assert [mail.number for mail in view.mails] == list(range(1, len(desk.files) + 1))
    text = " ".join((desk.folder / "article.txt").read_text("utf-8").split())
    for each in view.blocks:
        assert all(part in text for part in (each.heading, *each.text))
        assert each.reasons
    assert (view.title, view.file, view.rewrite, view.refused, view.stale) == (
        "Stiff shoulders and wrists", "article.txt", None, (), ()
    )  # fmt: skip


def test_a_correction_is_written_and_offers_what_would_be_written_anew(desk: Desk) -> None:
    before = {path.name: path.read_bytes() for path in desk.files}
    correct(desk, FAQ, "other")
    text = (desk.folder / "outline.yaml").read_text("utf-8")
    assert f"overrides:\n  - block: {FAQ}\n    kind: other\n" in text
    assert {path.name: path.read_bytes() for path in desk.files} == before
    corrected = block(desk, FAQ)
    assert corrected.kind == "other"
    assert [each.sentence for each in corrected.decided] == ["You said: this is other"]
    offered = seen(desk).rewrite
    assert offered is not None
    assert offered.by_hand == ()
    assert offered.anew
    outline.rewrite(read(desk), desk.project)
    after = {path.name: path.read_bytes() for path in desk.files}
    assert {name for name, data in after.items() if before.get(name) != data} == set(offered.anew)
    assert {*before} - {*after} == set(offered.gone)
    assert seen(desk).rewrite is None
    assert generated(desk.folder)


def test_what_the_command_line_writes_is_the_same(desk: Desk, backmail: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(desk.folder)
    correct(desk, FAQ, "other")
    outline.rewrite(read(desk), desk.project)
    ours = tree(desk.folder)
    for path in desk.folder.iterdir():
        path.unlink()
    for name, data in before.items():
        (desk.folder / name).write_bytes(data)
    monkeypatch.chdir(desk.root)
    assert backmail("outline", desk.slug, "--set", f"{FAQ}=other")[0] == 0
    assert tree(desk.folder) == ours


def test_a_second_word_on_a_block_takes_the_place_of_the_first(desk: Desk) -> None:
    correct(desk, FAQ, "other")
    correct(desk, "How often should I do the exercises?", "how-to")
    text = (desk.folder / "outline.yaml").read_text("utf-8")
    assert text.count("- block:") == 1
    assert block(desk, FAQ).kind == "how-to"
    correct(desk, "Who can do these", "other")
    assert (desk.folder / "outline.yaml").read_text("utf-8").count("- block:") == 2


def test_what_was_decided_can_be_taken_back(desk: Desk) -> None:
    before = (desk.folder / "outline.yaml").read_bytes()
    correct(desk, FAQ, "other")
    [decision] = block(desk, FAQ).decided
    outline.take_back(read(desk), desk.project, decision.words, decision.what)
    assert (desk.folder / "outline.yaml").read_bytes() == before
    assert seen(desk).rewrite is None
    with pytest.raises(ArticleError, match="nothing was decided"):
        outline.take_back(read(desk), desk.project, decision.words, decision.what)


def test_edited_mails_are_not_written_anew_and_the_correction_is_kept(desk: Desk) -> None:
    desk.change(desk.files[0], "subject: ", "subject: My ")
    assert seen(desk).rewrite is None  # an edit alone offers nothing
    correct(desk, FAQ, "other")
    offered = seen(desk).rewrite
    assert offered is not None
    assert offered.by_hand == (desk.files[0].name,)
    with pytest.raises(CampaignError, match="edited by hand"):
        outline.rewrite(read(desk), desk.project)
    assert block(desk, FAQ).kind == "other"


def test_words_that_name_no_block_are_refused(desk: Desk) -> None:
    before = (desk.folder / "outline.yaml").read_bytes()
    for words, kind, said in (
        ("Nothing begins so", "faq", "no block begins"),
        ("w", "faq", "blocks begin with"),
        (FAQ, "exercize", "did you mean 'exercise'"),
    ):
        with pytest.raises(ArticleError, match=said):
            correct(desk, words, kind)
    assert (desk.folder / "outline.yaml").read_bytes() == before


def test_an_outline_that_gives_no_series_is_told_and_kept(desk: Desk) -> None:
    desk.change(desk.folder / "outline.yaml", "weeks: 7", "weeks: 52")
    view = seen(desk)
    assert view.mails == ()
    assert view.blocks
    assert view.refused
    assert view.rewrite is None
    with pytest.raises(PlanRefused):
        outline.rewrite(read(desk), desk.project)


def test_decisions_of_all_kinds_are_told_and_stale_ones_too(desk: Desk) -> None:
    mine = """overrides:
  - {block: Who can do these, week: 3}
  - {block: How soon will I, drop: sold out}
  - {block: Your set-up plays, kind: intro}
  - {block: Gone with the wind, kind: faq}
  - {block: What should I do, split_at: 999}
"""
    desk.change(desk.folder / "outline.yaml", "overrides: []\n", mine)
    view = seen(desk)
    said = {each.words: each.sentence for one in view.blocks for each in one.decided}
    assert said == {
        "Who can do these": "You put it in mail 3",
        "How soon will I": "You left it out: sold out",
        "Your set-up plays": "You said: this is intro",
    }
    assert [(each.words, each.stale) for each in view.stale] == [
        ("Gone with the wind", "no block begins with these words"),
        ("What should I do", "no paragraph of it begins at 999"),
    ]
    assert block(desk, "How soon will I").dropped == "sold out"
    for each in [*view.stale, *(one for every in view.blocks for one in every.decided)]:
        outline.take_back(read(desk), desk.project, each.words, each.what)
    assert "overrides: []" in (desk.folder / "outline.yaml").read_text("utf-8")


def test_what_is_known_is_not_worked_out_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(desk)
    calls = []
    real = new.anew

    def counted(understood: Understood, campaign: Campaign, project: Project) -> new.Made:
        calls.append(1)
        return real(understood, campaign, project)

    monkeypatch.setattr(new, "anew", counted)
    assert seen(desk) == seen(desk)
    assert not calls
    desk.change(desk.folder / "article.txt", "It often begins", "It mostly begins")
    assert seen(desk).blocks[0].words.startswith("It mostly begins")
    desk.change(desk.folder / "campaign.yaml", "theme:", "source_url: https://example.org/article\ntheme:")
    assert seen(desk).rewrite is not None
    assert len(calls) == 2


def test_a_campaign_read_before_its_file_was_saved_is_not_taken_for_the_newer_one(desk: Desk) -> None:
    campaign = read(desk)
    desk.change(desk.folder / "campaign.yaml", "theme:", "source_url: https://example.org/article\ntheme:")
    assert outline.outlined(campaign, desk.project).rewrite is None
    assert seen(desk).rewrite is not None


MINE = """\
# MY NOTE: asked Dr. Smith on 3 May
adapt: all   # she agreed
weeks: 7

# decisions
overrides:   # from the meeting
    # too short
    - {block: 'Who can do these', week: 3}  # she asked
    - block: "How soon will I"
      kind: faq
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_somebody_wrote_into_the_outline_stays(desk: Desk, ends: str) -> None:
    path = desk.folder / "outline.yaml"
    _, _, blocks = path.read_text("utf-8").partition("overrides: []\n")
    path.write_bytes((MINE + blocks).replace("\n", ends).encode())
    correct(desk, FAQ, "other")
    text = path.read_bytes().decode()
    added = re.escape((MINE + f"    - block: {FAQ}\n      kind: other\n      key: ").replace("\n", ends))
    assert re.match(rf'{added}"?[0-9a-f]{{8}}"?{ends}{ends}# From here', text)
    assert text.replace(ends, "").count("\r") == text.replace(ends, "").count("\n") == 0
    assert block(desk, FAQ).kind == "other"
    outline.take_back(read(desk), desk.project, "How soon will I", "kind")
    text = path.read_bytes().decode().replace(ends, "\n")
    assert "she asked\n    - block: How often" in text
    outline.rewrite(read(desk), desk.project)
    assert path.read_bytes().decode().replace(ends, "\n") == text


def test_an_outline_saved_by_somebody_else_meanwhile_is_not_written_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = desk.folder / "outline.yaml", workshop.understand

    def slow(*args: Any, **known: Any) -> Understood:
        understood = real(*args, **known)
        path.write_bytes(path.read_bytes() + b"# theirs\n")
        return understood

    seen(desk)
    monkeypatch.setattr(workshop, "understand", slow)
    acts: list[Callable[[], None]] = [
        lambda: correct(desk, FAQ, "other"),
        lambda: outline.rewrite(read(desk), desk.project),
    ]
    for act in acts:
        before = tree(desk.folder)
        with pytest.raises(CampaignError, match="saved by somebody else"):
            act()
        assert tree(desk.folder) == {**before, "outline.yaml": before["outline.yaml"] + b"# theirs\n"}


def test_an_outline_that_was_taken_away_is_written_whole(desk: Desk) -> None:
    (desk.folder / "outline.yaml").unlink()
    correct(desk, FAQ, "other")
    assert "This first part is yours" in (desk.folder / "outline.yaml").read_text("utf-8")


def test_files_whose_names_are_no_text_are_no_part_of_it(desk: Desk) -> None:
    before = seen(desk)
    desk.write(Path(os.fsdecode(os.fsencode(desk.folder) + b"/caf\xe9.txt")), "x")
    assert seen(desk) == before


def test_a_campaign_without_an_article_has_no_outline(desk: Desk) -> None:
    (desk.folder / "article.txt").unlink()
    with pytest.raises(ArticleError, match="not made from an article"):
        seen(desk)


def test_an_added_safety_text_is_shown(desk: Desk) -> None:
    (desk.root / "pots.txt").write_text(ARTICLE.replace("safety first", "by the way"), "utf-8")
    (desk.root / "stop.txt").write_text("Stop at once\n\nStop if it hurts, and ask a doctor.\n", "utf-8")
    made = new.new(desk.root / "pots.txt", desk.project, new.Wishes(slug="pots", safety=desk.root / "stop.txt"))
    view = outline.outlined(campaigns.read(made.folder, project=desk.project), desk.project)
    assert [(each.kind, each.added) for each in view.blocks if each.added] == [("safety", True)]
    assert view.rewrite is None
