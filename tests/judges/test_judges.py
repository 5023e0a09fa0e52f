"""The judges find what was planted, and one that is not there is left out and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judges import __main__ as judges
from tests.judges import documents, inliner
from tests.judges.verdict import Absent, Verdict, table

BEFORE = "<html><head><style>p { color: #112233; margin: 0 }</style></head><body><p>One</p></body></html>"


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("color:#112233; margin:0px", ""),
        ("color:#112234; margin:0", "<p> color: ours #112234, css-inline #112233"),
        ("margin:0", "<p> color: ours None, css-inline #112233"),
    ],
)
def test_the_other_inliner_finds_a_style_that_is_not_the_same(style: str, told: str) -> None:
    assert inliner.differences(BEFORE, f'<html><body><p style="{style}">One</p></body></html>') == told


def test_the_other_inliner_finds_an_element_that_is_not_there() -> None:
    assert inliner.differences(BEFORE, "<html><body></body></html>") == "the elements are not the same"


def test_documents_of_others_are_fixtures_or_whole_mails(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("<p>One</p>")
    (tmp_path / "one.css").write_text("p { color: #112233 }")
    (tmp_path / "one.out").write_text('<p style="color: #112233;">One</p>')
    (tmp_path / "two.html").write_text("<p>Two</p>")
    (tmp_path / "two.css").write_text("p { color: #112233 }")
    (tmp_path / "two.out").write_text('<p style="color: #999999;">Two</p>')
    (tmp_path / "mail.html").write_text(
        "<html><head><style>@media print { p { color: #000000 } }</style></head>"
        "<body><!--[if mso]><p>Outlook</p><![endif]--><p>Mail</p></body></html>"
    )
    found = [(each.subject, each.good, each.told) for each in documents.judge(tmp_path)]
    assert found == [
        ("whole mails: nothing lost", True, ""),
        ("fixtures, ours", True, ""),
        ("fixtures, css-inline", True, ""),
        ("fixtures, ours", False, "two.html"),
        ("fixtures, css-inline", False, "two.html"),
    ]


def test_a_table_counts_what_is_good_and_tells_of_the_rest_once() -> None:
    verdicts = [Verdict("weekly", True), Verdict("weekly", False, "too faint"), Verdict("weekly", False, "too faint")]
    first, second = table(verdicts)
    assert first.split() == ["weekly", "1", "of", "3", "NO"]
    assert second.strip() == "too faint"


def test_a_judge_that_is_not_here_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    def absent() -> list[Verdict]:
        raise Absent("no SpamAssassin: apt-get install spamassassin")

    assert judges._told("spam", absent)
    assert "left out: no SpamAssassin" in capsys.readouterr().out
    assert not judges._told("axe", lambda: [Verdict("weekly", False, "image-alt")])


def test_a_judge_that_nobody_knows_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert judges.main(["--only", "outlook"]) == 2
    assert "there are inliner" in capsys.readouterr().err
