"""An exported preview: files that need nobody, lead to each other, and say nothing of the machine they were made on."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from backmail.config import find_project, sample_campaigns, start_project
from backmail.desk.preview.drafts import Drafts
from backmail.errors import InputError, UsageError
from backmail.web.studio import export as exporting
from backmail.web.studio.export import MARK, export

SLUG = sample_campaigns()[0].name
PEOPLE = ["anna", "kiritimati", "long-danish-name", "misaki", "no-first-name"]
OWN = {f"{name}@example.org" for name in ("anna", "tebau", "ingeborg", "misaki", "reader", "news", "hello")}
# What leads somewhere, or is loaded: attribute by attribute.
LEADS = "//@href | //@src | //@action | //@formaction | //@poster | //@data | //@background"


def drafts_in(folder: Path) -> Drafts:
    """Return the drafts of a project."""
    return Drafts(find_project(folder, folder))


def small(folder: Path) -> Path:
    """Begin a project of two mails and two people in a folder, and return the campaign's."""
    start_project(folder)
    campaign = folder / "campaigns" / SLUG
    steps = sorted(campaign.glob("0*.md"))
    people = [folder / "people" / f"{name}.yaml" for name in PEOPLE[1:-1]]
    for path in (
        *steps[2:],
        *people,
        *campaign.glob("article.*"),
        campaign / "outline.yaml",
        campaign / "coverage.json",
    ):
        path.unlink()
    return campaign


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample campaign."""
    folder = tmp_path_factory.mktemp("export") / "project"
    start_project(folder)
    return folder


@pytest.fixture(scope="module")
def one_mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of one mail and two people."""
    folder = tmp_path_factory.mktemp("one") / "project"
    sorted(small(folder).glob("0*.md"))[1].unlink()
    return folder


@pytest.fixture(scope="module")
def one_exported(one_mail: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an export of it, to be copied."""
    return export(drafts_in(one_mail), tmp_path_factory.mktemp("one-exported") / "preview").parent


@pytest.fixture(scope="module")
def exported(project: Path) -> Path:
    """The folder of an export of the sample."""
    return export(drafts_in(project), project / "shared" / "preview").parent


def within(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pages(folder: Path) -> Iterator[tuple[Path, lxml.html.HtmlElement]]:
    """Yield the studio's pages, and the mails as they are looked at; not the very bytes, which are somebody's mail."""
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if not re.fullmatch(r"raw/[^/]+/[^/]+/[^/]+\.html", name):
            yield path, lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return the ids of a page."""
    return frozenset(map(str, lxml.html.document_fromstring(path.read_bytes()).xpath("//@id")))


def test_there_is_a_page_for_each_screen_mail_person_and_view(exported: Path) -> None:
    steps = [path.stem.partition("-")[2] for path in sample_campaigns()[0].glob("0*.md")]
    names = set(within(exported))
    assert {"index.html", MARK, "static/studio.css"} <= names
    assert {f"c/{SLUG}/{screen}.html" for screen in ("inbox", "checks", "outline")} <= names
    for person in PEOPLE:
        for step in steps:
            views = {
                f"c/{SLUG}/e/{step}/{person}/{view}.html" for view in ("html", "text", "source", "mime", "headers")
            }
            looks = {f"raw/{SLUG}/{step}/{person}/{look}-own.html" for look in ("light", "dark", "inverted")}
            whole = {f"raw/{SLUG}/{step}/{person}.{ending}" for ending in ("html", "txt", "eml", "json")}
            assert views | looks | whole <= names
    assert not [name for name in names if name.endswith(".js")]


def test_the_sheet_of_all_exercises_is_beside_the_last_mail(exported: Path) -> None:
    sheets = sorted(exported.rglob("*.sheet.html"))
    [last] = {path.parent.name for path in sheets}
    assert sorted(sample_campaigns()[0].glob("0*.md"))[-1].stem.endswith(last)
    assert [path.name.partition(".")[0] for path in sheets] == sorted(PEOPLE)
    assert "Slow shoulder rolls" in sheets[0].read_text(encoding="utf-8")
    page = (exported / f"c/{SLUG}/e/{last}/{PEOPLE[0]}/html.html").read_text(encoding="utf-8")
    assert f"{last}/{PEOPLE[0]}.sheet.html" in page


def test_every_link_leads_to_a_file_that_is_there(exported: Path) -> None:
    counted = 0
    for path, page in pages(exported):
        for link in map(str, page.xpath(LEADS)):
            counted += 1
            if link == "data:,":  # no icon, which is not to be asked for
                continue
            parts = urlsplit(link)
            assert not parts.scheme, (path, link)
            assert not parts.netloc, (path, link)
            assert not parts.query, (path, link)
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert to.is_file(), (path, link)
            assert to.is_relative_to(exported), (path, link)
            assert not parts.fragment or parts.fragment in anchors(to), (path, link)
    assert counted


def test_no_page_has_a_script_a_form_or_a_style_of_its_own_and_each_has_a_policy(exported: Path) -> None:
    for path, page in pages(exported):
        policies = page.xpath("//head/meta[translate(@http-equiv, 'CSP', 'csp')='content-security-policy']/@content")
        assert [policy for policy in policies if "default-src 'none'" in policy], path
        assert page.xpath("//script | //form | //base | //*[@hx-get or @*[starts-with(name(), 'on')]]") == [], path
        if not path.is_relative_to(exported / "raw"):
            assert page.xpath("//style | //@style") == [], path
            assert page.xpath("//iframe[not(@sandbox='allow-same-origin')]") == [], path


def test_nobody_stands_in_it_but_the_sample_people_and_the_sender(exported: Path) -> None:
    text = b"\n".join(data for name, data in within(exported).items() if not name.startswith("static/")).decode()
    text = re.sub(r"(?<=[<;])[a-z2-7]{24}@example\.org|\\n", " ", text)  # a Message-ID; a line's end in JSON
    assert set(re.findall(r"[\w.+-]+@[\w.-]+\w", text)) == OWN


def test_it_knows_neither_the_day_nor_the_machine(exported: Path, project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    start_project(copy)
    again = export(drafts_in(copy), tmp_path / "preview").parent
    assert within(again) == within(exported)
    for name, data in within(exported).items():
        assert str(project).encode() not in data, name


def test_an_earlier_export_is_replaced_and_what_is_none_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    small(project)
    drafts = drafts_in(project)
    folder = tmp_path / "preview"
    folder.mkdir()
    export(drafts, folder)
    (project / "people" / "no-first-name.yaml").unlink()
    (folder / ".DS_Store").write_bytes(b"which a Mac leaves where somebody looked")
    page = folder / "index.html"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))  # as git does on Windows
    export(drafts_in(project), folder)
    assert not list(folder.rglob("*no-first-name*"))
    assert not (folder / ".DS_Store").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["preview", "project"]
    for other in (project, project / "config.yaml"):
        with pytest.raises(UsageError, match="--export"):
            export(drafts, other)
    assert (project / "config.yaml").is_file()


def other_file(folder: Path) -> None:
    """Somebody keeps notes among the pages."""
    (folder / "c" / "notes.txt").write_text("mine", encoding="utf-8")


def other_folder(folder: Path) -> None:
    """Somebody keeps the pages in git."""
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main", encoding="utf-8")


def other_words(folder: Path) -> None:
    """Somebody wrote a page of ours anew."""
    page = folder / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</h1>", " (for Kim)</h1>"), encoding="utf-8")


def other_link(folder: Path) -> None:
    """Somebody put a link in the place of a page, though it leads to the same."""
    page = folder / "index.html"
    page.symlink_to(page.rename(folder.parent / "kept.html"))


def other_place(folder: Path) -> None:
    """Somebody put a link in the place of a folder of ours."""
    pages = folder / "c"
    pages.symlink_to(pages.rename(folder.parent / "kept"), target_is_directory=True)


def other_mark(folder: Path) -> None:
    """Another program has files of that name."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / MARK).write_text('{"schema": 1, "storybook": true}', encoding="utf-8")


OTHERS = [
    (other_file, "c/notes.txt"),
    (other_folder, ".git/"),
    (other_words, "index.html"),
    (other_link, "index.html"),
    (other_place, "c"),
    (other_mark, MARK),
]


@pytest.mark.parametrize(("change", "named"), OTHERS)
def test_what_somebody_else_put_there_is_named_and_kept(
    change: Callable[[Path], None], named: str, one_mail: Path, one_exported: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(one_exported, tmp_path / "preview")
    change(folder)
    before = within(folder)
    with pytest.raises(UsageError, match=rf"left it: {re.escape(named)}\n.*take that out"):
        export(drafts_in(one_mail), folder)
    assert within(folder) == before


def test_what_cannot_be_looked_into_is_kept(
    one_mail: Path, one_exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(one_exported, tmp_path / "preview")
    scanned = os.scandir

    def closed(path: str) -> object:
        if Path(path) == folder / "c":
            raise PermissionError(13, "Permission denied", path)
        return scanned(path)

    drafts = drafts_in(one_mail)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", closed)
        with pytest.raises(PermissionError):
            export(drafts, folder)
    assert within(folder) == within(one_exported)


def test_what_somebody_puts_there_meanwhile_is_kept(
    one_mail: Path, one_exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(one_exported, tmp_path / "preview")

    def slowly(new: Path, drafts: Drafts) -> None:
        new.mkdir()
        other_file(folder)

    monkeypatch.setattr(exporting, "_fill", slowly)
    with pytest.raises(UsageError, match=r"preview: not all.*: c/notes\.txt"):
        export(drafts_in(one_mail), folder)
    assert (folder / "c" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["preview"]


def test_of_much_that_is_in_the_way_the_first_are_named(one_mail: Path, tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"{number}\x1b.txt").touch()
    with pytest.raises(UsageError, match=r": 0\ufffd\.txt, .*4\ufffd\.txt and 2 more\n"):
        export(drafts_in(one_mail), tmp_path)


@pytest.mark.parametrize("name", ["people/zoe.yaml", "config.yaml"])
def test_nothing_is_shared_while_a_file_is_broken_that_may_hold_what_is_private(name: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    small(project)
    drafts = drafts_in(project)
    (project / name).write_text("emial: zoe.private@example.net\n", encoding="utf-8")
    (project / "people" / "yan.yaml").write_text("emial: yan.private@example.net\n", encoding="utf-8")
    drafts.refresh()
    with pytest.raises(InputError, match="emial") as caught:
        export(drafts, tmp_path / "preview")
    assert caught.value.exit_code == 3
    assert {Path(fault.place.file).name for fault in caught.value.faults if fault.place} == {
        "yan.yaml",
        Path(name).name,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_broken_file_of_a_campaign_is_told_without_its_words(tmp_path: Path) -> None:
    broken = sorted(small(tmp_path).glob("0*.md"))[1]
    broken.write_text("---\nsubjekt: what nobody was to see\n---\n", encoding="utf-8")
    folder = export(drafts_in(tmp_path), tmp_path / "preview").parent
    assert "subjekt" in (folder / f"c/{SLUG}/checks.html").read_text(encoding="utf-8")
    assert not [name for name, data in within(folder).items() if b"what nobody was to see" in data]


def test_no_two_files_are_one_where_files_are_found_in_any_case(one_mail: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(one_mail, project)
    for name in ("Anna", "con", "anna.html"):
        shutil.copyfile(project / "people" / "anna.yaml", project / "people" / f"{name}.yaml")
    folder = export(drafts_in(project), tmp_path / "preview").parent
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if re.search(r"(^|/)con(\.|/|$)", name)]
    assert len(list(folder.rglob("*.eml"))) == 5
    test_every_link_leads_to_a_file_that_is_there(folder)


def test_the_outline_asks_for_nothing_where_nobody_answers(exported: Path) -> None:
    outline = (exported / f"c/{SLUG}/outline.html").read_text(encoding="utf-8")
    assert "was understood" in outline
    assert "say so" not in outline


def test_an_export_that_fails_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path / "project")
    drafts = drafts_in(tmp_path / "project")
    folder = export(drafts, tmp_path / "preview").parent
    before = within(folder)
    written = exporting._write

    def full(path: Path, data: bytes) -> None:
        if path.name == MARK:
            raise OSError(28, "No space left on device")
        written(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "_write", full)
        with pytest.raises(OSError, match="No space left"):
            export(drafts, folder)
    assert within(folder) == before

    renamed = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "Permission denied")
        return renamed(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        export(drafts, folder)
    assert within(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["preview", "project"]


def test_a_step_that_cannot_be_read_is_told_and_holds_back_no_other(tmp_path: Path) -> None:
    broken = sorted(small(tmp_path).glob("0*.md"))[1]
    broken.write_text("---\nsubject: [\n---\n", encoding="utf-8")
    folder = export(drafts_in(tmp_path), tmp_path / "preview").parent
    assert broken.name in (folder / "index.html").read_text(encoding="utf-8")
    assert len(list(folder.rglob("*.eml"))) == 2
    test_every_link_leads_to_a_file_that_is_there(folder)


def test_names_of_all_kinds_and_several_campaigns_lead_to_each_other(tmp_path: Path) -> None:
    campaign = small(tmp_path)
    shutil.copytree(campaign, campaign.with_name("på tværs #2"))
    settings = campaign.with_name("på tværs #2") / "campaign.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("\nid: c-", "\nid: c-x"), encoding="utf-8")
    (tmp_path / "people" / "anna.yaml").rename(tmp_path / "people" / "Åse? 100%.yaml")
    folder = export(drafts_in(tmp_path), tmp_path / "preview").parent
    assert len(list(folder.rglob("*.eml"))) == 8
    test_every_link_leads_to_a_file_that_is_there(folder)
