"""Whatever a person hands in: a clear error with the right exit code, nothing half written, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.campaign import read_catalog
from tests.desk.workbench import ARTICLE, SAMPLE, Said, tree

Call = Callable[..., Said]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n\t\n", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 40, "text"),
        ("huge.txt", b"A line of words that goes on and on and on.\n" * 120_000, "MB"),
        ("latin.txt", "Øvelser for ryggen, når den gør ondt.\n".encode("latin-1") * 3, "UTF-8"),
        ("article.pdf", b"%PDF-1.7\n", "pdf"),
    ],
)
def test_an_article_that_cannot_be_read(name: str, data: bytes, said: str, project: Path, backmail: Call) -> None:
    (project / name).write_bytes(data)
    before = tree(project)
    code, out, err = backmail("new", name)
    assert (code, out) == (3, "")
    assert said.casefold() in err.casefold()
    assert name in err
    assert tree(project) == before


def test_a_latin_1_article_names_line_and_column(project: Path, backmail: Call) -> None:
    (project / "a.txt").write_bytes(b"One line.\nNext: caf\xe9.\n")
    assert backmail("new", "a.txt")[2].startswith("a.txt:2:10: ")


def test_an_article_that_is_not_there(project: Path, backmail: Call) -> None:
    code, _, err = backmail("new", "nowhere.txt")
    assert code == 3
    assert "nowhere.txt" in err


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r").encode(),
    ],
)
def test_line_ends_and_a_byte_order_mark_change_nothing(
    changed: Callable[[str], bytes], project: Path, backmail: Call
) -> None:
    assert backmail("new", "pots.txt", "--name", "plain")[0] == 0
    (project / "changed.txt").write_bytes(changed(ARTICLE))
    assert backmail("new", "changed.txt", "--name", "changed")[0] == 0
    steps = {path.name: path.read_text(encoding="utf-8") for path in (project / "campaigns/plain").glob("0*.md")}
    again = {path.name: path.read_text(encoding="utf-8") for path in (project / "campaigns/changed").glob("0*.md")}
    assert steps == again


def test_signs_for_machines_do_not_reach_a_reader(project: Path, backmail: Call) -> None:
    text = "# Ponds\n\n<!-- more -->\n\nPonds freeze in winter, and fish need a hole.\n\n{{< figure src='x' >}}\n"
    (project / "ponds.md").write_text(text, encoding="utf-8")
    assert backmail("new", "ponds.md", "--name", "ponds")[0] == 0
    assert backmail("check", "ponds")[0] == 0
    assert backmail("render", "ponds", "--out", "out")[0] == 0
    made = "".join(path.read_text(encoding="utf-8") for path in (project / "out").glob("*.txt"))
    assert "Ponds freeze in winter" in made
    assert "more" not in made.partition("Unsubscribe")[0].replace("more than", "")
    assert "figure" not in made


def test_a_short_article_becomes_one_mail_and_that_is_said(project: Path, backmail: Call) -> None:
    (project / "short.txt").write_text(ARTICLE.split("\n")[0] * 2 + "\n", encoding="utf-8")
    code, out, _ = backmail("new", "short.txt", "--name", "short")
    assert code == 0
    assert "1 mail from short.txt" in out
    assert len(list((project / "campaigns/short").glob("0*.md"))) == 1


def test_exercises_without_safety_stop_and_name_the_answers(project: Path, backmail: Call) -> None:
    lines = ARTICLE.split("\n")
    at = lines.index("safety first")
    (project / "unsafe.txt").write_text("\n".join(lines[:at] + lines[at + 2 :]), encoding="utf-8")
    before = tree(project)
    code, out, err = backmail("new", "unsafe.txt")
    assert (code, out) == (5, "")
    for answer in ("--mark", "--safety", "--no-safety"):
        assert answer in err
    assert tree(project) == before
    assert backmail("new", "unsafe.txt", "--name", "said", "--no-safety", "only light stretches")[0] == 0
    (project / "safety.txt").write_text("safety\nStop at once if it hurts. Ask your doctor first.\n", encoding="utf-8")
    assert backmail("new", "unsafe.txt", "--name", "added", "--safety", "safety.txt")[0] == 0
    for slug in ("said", "added"):
        code, out, err = backmail("check", slug)
        assert code == 0, out + err


@pytest.mark.parametrize("name", ["signs.md", "signs.txt"])
def test_signs_of_templates_and_of_pages_in_an_article_are_words(name: str, project: Path, backmail: Call) -> None:
    heading = "## " if name.endswith("md") else ""
    (project / name).write_text(
        f"{heading[1:]}{{{{ 7*7 }}}} Clean <script>alert(1)</script> pots\n\n"
        "Every pot needs [a saucer](javascript:alert(1)) and a bit\u200b of [shade][x] in the warm weeks of July.\n\n"
        f"{heading}Use {{{{ 7*7 }}}} Pots Well\n\n"
        "Write {% raw %} on the first pot, and {{ name }} on the last of them, and think of *rain* and <b>sun</b>.\n",
        encoding="utf-8",
    )
    assert backmail("new", name, "--name", "signs", "--weeks", "1")[0] == 0
    code, out, err = backmail("check", "signs")
    assert code == 0, out + err
    for rule in ("text-changed", "merge-unfilled", "text-leak"):
        assert rule not in out + err
    (mail,) = (project / "campaigns/signs").glob("01*.md")
    said = mail.read_text(encoding="utf-8").split("---")[1]
    assert "](" not in said
    assert "][" not in said
    settings = project / "campaigns/signs/campaign.yaml"
    named = re.sub("^name: .*", 'name: "Dear {{ reader }}"', settings.read_text(encoding="utf-8"), flags=re.M)
    settings.write_text(named, encoding="utf-8")
    assert "merge-unfilled" in "".join(backmail("check", "signs")[1:])


def test_a_catalogue_of_another_place_is_taken_over(project: Path, backmail: Call) -> None:
    teaser = "Clay Saucer™ - Large\nEn stor underskål af brændt ler til alle dine krukker.\n"
    (project / "pots.txt").write_text(ARTICLE.replace("safety first\n", teaser + "safety first\n"), encoding="utf-8")
    (project / "shop.yaml").write_text(
        "products:\n  - sku: s-7\n    name: Clay Saucer - Large\n    link: https://example.org/s-7\n"
        '    price: 90 kr.\n    price_as_of: "2027-01-04"\n    available: false\n',
        encoding="utf-8",
    )
    before = (project / "shop.yaml").read_bytes()
    assert backmail("new", "pots.txt", "--name", "pots", "--catalog", "shop.yaml")[0] == 0
    code, out, _ = backmail("check", "pots")
    assert code == 0, out
    product = read_catalog(project / "catalog.yaml").get("s-7")
    assert product is not None
    assert (product.link, product.price, product.available) == ("https://example.org/s-7", "90 kr.", False)
    assert (project / "shop.yaml").read_bytes() == before


def test_weeks_that_do_not_work_are_refused_with_a_number_that_does(project: Path, backmail: Call) -> None:
    before = tree(project)
    code, _, err = backmail("new", "pots.txt", "--weeks", "40")
    assert code == 3
    assert "work" in err
    assert tree(project) == before


def test_a_campaign_that_exists_is_not_written_over(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    before = tree(project)
    code, _, err = backmail("new", "pots.txt", "--name", "pots")
    assert code == 3
    assert "--name" in err
    assert tree(project) == before


def spoiled(project: Path, name: str, old: str, new: str) -> Path:
    """Change one spot of a file of the sample campaign."""
    path = project / "campaigns" / SAMPLE.name / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


FIRST = min(SAMPLE.glob("0*.md")).name


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("campaign.yaml", "theme:", "thme:", "did you mean 'theme'"),
        ("campaign.yaml", "kind: drip", "kind: drip\nkind: drip", "kind"),
        ("campaign.yaml", "audience: all", "audience: &a [*a]", "itself"),
        ("campaign.yaml", "theme: weekly", "theme: weakly", "did you mean 'weekly'"),
        (FIRST, "after: 0", "aftr: 0", "did you mean 'after'"),
    ],
)
def test_a_file_with_a_fault_is_named_with_its_line(
    name: str, old: str, new: str, said: str, project: Path, backmail: Call
) -> None:
    path = spoiled(project, name, old, new)
    for verb in (["check", SAMPLE.name], ["render", SAMPLE.name, "--out", "out"]):
        code, out, err = backmail(*verb)
        told = out + err
        assert code in {1, 3}
        assert said in told
        assert f"{path.relative_to(project)}:" in told or "theme" in said or "weekly" in said
    assert not (project / "out").exists()


def test_all_faults_of_all_files_are_told_at_once(project: Path, backmail: Call) -> None:
    spoiled(project, "campaign.yaml", "theme:", "thme:")
    spoiled(project, FIRST, "after: 0", "aftr: 0")
    code, _, err = backmail("check", SAMPLE.name)
    assert code == 3
    assert "thme" in err
    assert "aftr" in err
    assert "2 problems" in err


def test_an_undefined_name_in_a_step_is_named_with_its_line(project: Path, backmail: Call) -> None:
    path = project / "campaigns" / SAMPLE.name / FIRST
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n\nBye {{ subscriber.frist_name }}!\n"
    path.write_text(text, encoding="utf-8")
    line = text.split("\n").index("Bye {{ subscriber.frist_name }}!") + 1
    code, out, _ = backmail("check", SAMPLE.name)
    assert code == 1
    assert f"{path.relative_to(project)}:{line}" in out
    assert "first_name" in out
    code, _, err = backmail("render", SAMPLE.name, "--out", "out")
    assert code == 3
    assert f":{line}" in err
    assert not (project / "out").exists()


def test_a_theme_that_extends_itself(project: Path, backmail: Call) -> None:
    theme = project / "templates/email/weekly"
    theme.mkdir(parents=True)
    (theme / "mail.html.jinja").write_text('{% extends "mail.html.jinja" %}\n', encoding="utf-8")
    code, _, err = backmail("render", SAMPLE.name, "--out", "out")
    assert code == 3
    assert "mail.html.jinja" in err
    assert "itself" in err
    assert not (project / "out").exists()


def test_a_missing_image_is_found(project: Path, backmail: Call) -> None:
    path = project / "campaigns" / SAMPLE.name / FIRST
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n![A hand on a table](images/hand.jpg)\n"
    path.write_text(text, encoding="utf-8")
    code, out, _ = backmail("check", SAMPLE.name)
    assert code == 1
    assert f"{path.relative_to(project)}:{len(text.splitlines())}" in out
    assert "images/hand.jpg" in out


def test_line_breaks_in_a_name_are_refused(project: Path, backmail: Call) -> None:
    (project / "people/anna.yaml").write_text(
        'email: anna@example.org\nfirst_name: "Anna\\r\\nBcc: all@example.org"\n', encoding="utf-8"
    )
    code, _, err = backmail("render", SAMPLE.name, "--out", "out")
    assert code == 3
    assert "people/anna.yaml:2" in err
    assert not (project / "out").exists()


def test_a_person_that_is_not_there(project: Path, backmail: Call) -> None:
    code, _, err = backmail("render", SAMPLE.name, "--out", "out", "--as", "ana")
    assert code == 3
    assert "did you mean 'anna'" in err


def test_a_campaign_that_is_not_there(project: Path, backmail: Call) -> None:
    for verb in (["check", "nothing"], ["render", "nothing", "--out", "o"], ["outline", "nothing"]):
        code, _, err = backmail(*verb)
        assert code == 3
        assert SAMPLE.name in err
