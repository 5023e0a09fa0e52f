"""The pictures of an article: copied under readable names with their texts, or told about; never in the way."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from backmail import article as articles
from backmail.campaign import copies_in
from backmail.desk.beside import as_data, files_of, shown_from
from backmail.desk.given import given
from backmail.desk.images import MOST, MOST_BYTES, NotCopied, copies
from backmail.model.article import Article, UnitKind
from backmail.model.campaign import PictureFile
from backmail.pixels import Pixels, pixels
from tests.article.word import docx, p, picture
from tests.desk.workbench import Said, tree

PROSE = "A clay pot dries faster than one of plastic, and herbs of the south like that very much indeed. " * 8


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a picture of that size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((x * y) % 251 for x in range(width)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b08001e002801011100ffd9")
GIF = b"GIF89a" + struct.pack("<HH", 40, 30) + bytes(20)
WEBP = {
    b"VP8X": b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (39).to_bytes(3, "little") + (29).to_bytes(3, "little"),
    b"VP8L": b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (39 | 29 << 14).to_bytes(4, "little"),
    b"VP8 ": b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0" + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 40, 30),
}


@pytest.mark.parametrize(
    ("data", "ending"),
    [(png(), "png"), (JPEG, "jpg"), (GIF, "gif"), *((data, "webp") for data in WEBP.values())],
)
def test_kind_and_size_are_told_by_the_bytes(data: bytes, ending: str) -> None:
    assert pixels(data) == Pixels(ending, 40, 30)


@over(st.binary(max_size=80), st.sampled_from([b"", png()[:20], JPEG[:20], GIF[:7], WEBP[b"VP8X"][:16]]))
def test_any_bytes_are_a_picture_or_none(data: bytes, begins: bytes) -> None:
    found = pixels(begins + data)
    assert found is None or found.width >= 0


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"BM", b""])
def test_what_mail_programs_do_not_show_is_none(data: bytes) -> None:
    assert pixels(data) is None


def article(text: str) -> Article:
    return articles.understand(articles.read_text(text.encode(), "pots.md"))


def markdown(*pictures: str) -> str:
    return f"# Pots\n\n{PROSE}\n\n## Choose a pot\n\n{PROSE}\n\n" + "\n\n".join(pictures) + f"\n\n{PROSE}\n"


def copied(text: str, opens: Callable[[str], bytes | None] = lambda address: png()) -> tuple[list[str], str, list[str]]:
    """Return the names of the copies, the Markdown of the article with them, and what is told."""
    made = copies(article(text), opens)
    raw = "\n".join(unit.raw for block in made.article.blocks for unit in block.units)
    return list(made.files), raw, list(made.faults)


def test_a_picture_is_named_after_its_block_and_keeps_its_text() -> None:
    names, raw, told = copied(markdown('![A *clay* pot\\]](clay.png "old")'))
    assert names == ["images/choose-a-pot.png"]
    assert "![A *clay* pot\\]](images/choose-a-pot.png)" in raw
    assert told == []


def test_further_pictures_of_a_block_are_named_after_their_texts() -> None:
    pictures = {"a": png(10, 10), "b": png(11, 10), "c": png(12, 10), "d": png(13, 10)}
    names, _, _ = copied(markdown("![](a)", "![Old clay](b)", "![Old clay](c)", "![](d)"), pictures.__getitem__)
    assert [name.removeprefix("images/") for name in names] == [
        "choose-a-pot.png", "old-clay.png", "old-clay-2.png", "choose-a-pot-2.png",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("![pot](<a b.png>)", "![pot](images/choose-a-pot.png)"),
        ("![pot][ref]\n\n[ref]: a.png", "![pot](images/choose-a-pot.png)"),
        ("[![pot](a.png)](https://example.org)", "[![pot](images/choose-a-pot.png)](https://example.org)"),
        ('<img src="a.png" alt="a &amp; b">', "![a & b](images/choose-a-pot.png)"),
        ("Look ![pot](a(1).png) here", "Look ![pot](images/choose-a-pot.png) here"),
        ("`![x](y)` is ![pot](a.png)", "`![x](y)` is ![pot](images/choose-a-pot.png)"),
        ("- ![pot](a.png) clay", "- ![pot](images/choose-a-pot.png) clay"),
    ],
)
def test_a_picture_is_found_however_it_is_written(written: str, expected: str) -> None:
    names, raw, _ = copied(markdown(written))
    assert names == ["images/choose-a-pot.png"]
    assert expected in raw


def test_the_same_picture_is_copied_once() -> None:
    names, raw, _ = copied(markdown("![one](a.png)", "![two](a.png)", "![three](b.png)"))
    assert len(names) == 1
    assert raw.count("(images/choose-a-pot.png)") == 3


def test_what_counts_readers_is_left_out() -> None:
    names, raw, told = copied(markdown("![](https://count.example/p.gif)"), lambda address: png(1, 1))
    assert (names, told) == ([], [])
    assert "count.example" not in raw


def _missing(address: str) -> bytes:
    raise NotCopied("there is no such file")


@pytest.mark.parametrize(
    ("opens", "why"),
    [
        (_missing, "there is no such file"),
        (lambda address: b"<svg/>", "no PNG, JPEG, GIF or WebP"),
        (lambda address: png() + bytes(MOST_BYTES), "bigger than 5 MB"),
    ],
)
def test_a_picture_that_cannot_be_copied_is_told_and_stays_as_it_is(
    opens: Callable[[str], bytes | None], why: str
) -> None:
    names, raw, [told] = copied(markdown("![pot](a.png)"), opens)
    assert names == []
    assert "![pot](a.png)" in raw
    assert "a.png" in told
    assert why in told


def test_there_is_a_most_of_pictures() -> None:
    pictures = [f"![](p{number}.png)" for number in range(MOST + 2)]
    names, _, told = copied(markdown(*pictures), lambda address: png(10 + int(address[1:-4]), 10))
    assert len(names) == MOST
    assert len(told) == 2


def test_all_pictures_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backmail.desk.images.MOST_IN_ALL", len(png()) + 10)
    names, _, [told] = copied(markdown("![](a)", "![](b)"), lambda address: png() + address.encode())
    assert len(names) == 1
    assert "together" in told


# From files.


def test_pictures_beside_the_article_are_opened_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    folder = tmp_path / "blog"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a pot.png").write_bytes(png())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "a.md").write_text(markdown("x"), encoding="utf-8")
    opens = given(folder / "a.md").opens
    assert opens("img/a%20pot.png?w=1") == png()
    assert opens("./img/a%20pot.png") == png()
    assert opens("https://example.org/a.png") is None
    assert opens("//example.org/a.png") is None
    for address in ("../secret.png", "link.png", "none.png", "img", "a\0b.png", "ftp://example.org/a.png", "x" * 5000):
        with pytest.raises(NotCopied):
            opens(address)


def test_pictures_that_a_browser_saved_beside_a_page_are_found(tmp_path: Path) -> None:
    (tmp_path / "Pots_files").mkdir()
    (tmp_path / "Pots_files" / "clay.png").write_bytes(png())
    (tmp_path / "a.md").write_text(markdown("x"), encoding="utf-8")
    assert given(tmp_path / "a.md").opens("https://example.org/blog/Pots_files/clay.png") == png()


def test_pictures_in_the_article_itself_are_lifted_out_of_its_text(tmp_path: Path) -> None:
    data = base64.b64encode(png()).decode()
    (tmp_path / "a.md").write_text(markdown(f"![pot](data:image/png;base64,{data})"), encoding="utf-8")
    it = given(tmp_path / "a.md")
    assert data not in it.source.text
    made = copies(articles.understand(it.source), it.opens)
    assert list(made.files.values()) == [png()]


def test_a_google_document_as_markdown_keeps_its_pictures_and_headings(tmp_path: Path) -> None:
    data = base64.b64encode(png()).decode()
    text = f"# **Herbs in pots**\n\n{PROSE}\n\n## **Choose a pot** {{#choose-a-pot}}\n\n{PROSE}\n\n"
    text += f"![][image1]\n\n{PROSE}\n\n"
    (tmp_path / "a.md").write_text(f"{text}[image1]: <data:image/png;base64,{data}>\n", encoding="utf-8")
    it = given(tmp_path / "a.md")
    made = copies(articles.understand(it.source), it.opens)
    assert made.article.title == "Herbs in pots"
    assert list(made.files.values()) == [png()]
    assert any("(images/choose-a-pot" in unit.raw for block in made.article.blocks for unit in block.units)


def test_a_google_document_as_text_has_its_bullets(tmp_path: Path) -> None:
    text = f"Herbs in pots\r\n\r\n\r\n{PROSE}\r\n\r\n\r\n* clay\r\n* plastic\r\n   * old\r\n\r\n\r\n{PROSE}\r\n"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    made = articles.understand(given(tmp_path / "a.txt").source)
    items = [unit.text for block in made.blocks for unit in block.units if unit.kind is UnitKind.ITEM]
    assert items == ["clay", "plastic", "old"]


def test_a_google_document_as_a_page_has_headings_bold_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "image1.png").write_bytes(png())
    style = "<style type='text/css'>.c3{font-weight:700}.c1{color:#000}</style>"
    link = "https://www.google.com/url?q=https://example.org/soil&amp;sa=D&amp;source=editors"
    (tmp_path / "Herbs.html").write_text(
        f'<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type">{style}</head>'
        '<body class="doc-content">'
        f'<p class="title"><span>Herbs in pots</span></p><p><span class="c1">{PROSE}</span></p>'
        f'<p><span class="c3">Choose a pot</span></p><p><span>{PROSE}</span><a href="{link}">soil</a></p>'
        f'<p><span><img alt="A pot" src="images/image1.png" style="width: 300px"></span></p><p>{PROSE}</p>'
        "</body></html>",
        encoding="utf-8",
    )
    it = given(tmp_path / "Herbs.html")
    made = copies(articles.understand(it.source), it.opens)
    assert made.article.title == "Herbs in pots"
    assert list(made.files) == ["images/choose-a-pot.png"]
    raw = "\n".join(unit.raw for block in made.article.blocks for unit in block.units)
    assert "](https://example.org/soil)" in raw
    assert "![A pot](images/choose-a-pot.png)" in raw


def test_a_short_stand_in_stays_what_it_is() -> None:
    text = "![](data:image/gif;base64,R0lGODlhAQABAAAAACw=)"
    assert articles.read_text(text.encode(), "a.md").text == text


# The whole way.


@pytest.fixture
def pots(project: Path) -> Path:
    pictures = {"a.png": png(), "b.png": png(50, 20)}
    blocks = [p("Herbs in pots", "Titel"), p(PROSE * 2)]
    for number, heading in enumerate(["Choose the pot", "Mix the soil", "Water by weight"], 1):
        blocks += [p(heading, "Overskrift1"), p(PROSE * 2)]
        blocks += [p("", inner=picture(f"p{number}", f"It shows: {heading}"))] if number < 3 else []
    (project / "pots.docx").write_bytes(docx(*blocks, media=pictures))
    return project


def test_a_word_document_becomes_mails_with_its_pictures(pots: Path, backmail: Callable[..., Said]) -> None:
    code, _, err = backmail("new", "pots.docx", "--name", "pots")
    assert code == 0, err
    assert "2 pictures copied into images/" in err
    folder = pots / "campaigns" / "pots"
    assert sorted(tree(folder / "images")) == ["choose-the-pot.png", "mix-the-soil.png"]
    assert (folder / "images" / "mix-the-soil.png").read_bytes() == png(50, 20)
    said = "".join(file.read_text("utf-8") for file in folder.glob("0*.md"))
    assert "![It shows: Choose the pot](images/choose-the-pot.png)" in said
    found = json.loads(backmail("check", "pots", "--json")[1])["findings"]
    assert not [each for each in found if each["id"] in ("img-missing", "link-missing", "a11y-img-alt", "text-changed")]


def test_rendered_mails_have_their_pictures_beside_them(pots: Path, backmail: Callable[..., Said]) -> None:
    backmail("new", "pots.docx", "--name", "pots")
    assert backmail("render", "pots", "--out", "out")[0] == 0
    assert (pots / "out" / "images" / "choose-the-pot.png").read_bytes() == png()
    assert any('src="images/choose-the-pot.png"' in file.read_text("utf-8") for file in (pots / "out").glob("*.html"))


def test_the_preview_shows_the_pictures(pots: Path, backmail: Callable[..., Said]) -> None:
    backmail("new", "pots.docx", "--name", "pots")
    assert backmail("preview", "pots", "--export", "shared")[0] == 0
    inside = base64.b64encode(png()).decode()
    shown = [file for file in (pots / "shared").rglob("light-own.html") if inside in file.read_text("utf-8")]
    assert shown


def test_a_correction_keeps_the_pictures(pots: Path, backmail: Callable[..., Said]) -> None:
    backmail("new", "pots.docx", "--name", "pots")
    images = tree(pots / "campaigns" / "pots" / "images")
    assert backmail("outline", "pots", "--set", "Water by weight=other")[0] == 0
    assert tree(pots / "campaigns" / "pots" / "images") == images
    said = "".join(file.read_text("utf-8") for file in (pots / "campaigns" / "pots").glob("0*.md"))
    assert "(images/mix-the-soil.png)" in said


def test_pictures_are_written_with_all_files_or_not_at_all(
    pots: Path, backmail: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backmail.campaign.folder.os.fsync", full)
    before = tree(pots)
    assert backmail("new", "pots.docx", "--name", "pots")[0] != 0
    assert tree(pots) == before


def test_only_pictures_of_the_folder_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a&b.png").write_bytes(png())
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "secret.png").write_bytes(png())
    html = (
        '<img alt="x" src="images/a&amp;b.png"><img src="../secret.png"><img src="notes.txt"><img src="/etc/hosts">'
        '<img src="https://example.org/images/a.png"><img src="none.png"><img src="">'
    )
    found = files_of(html, folder, {})
    assert list(found) == ["images/a&b.png"]
    assert as_data(found["images/a&b.png"]).startswith("data:image/png;base64,")


def test_a_picture_is_known_by_the_hash_in_its_address(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a?b#1.png").write_bytes(png())
    digest = hashlib.sha256(png()).hexdigest()
    pictures = {"images/a?b#1.png": PictureFile(digest)}
    address = f"https://links.example.org/media/{digest}/a%3Fb%231.png"
    html = f'<p><img alt="x" src="{address}"><img src="https://x.example/media/{"0" * 64}/a.png"></p>'
    found = files_of(html, tmp_path, pictures)
    assert {each: path.name for each, path in found.items()} == {address: "a?b#1.png"}
    assert shown_from(html, {address: "a&b"}) == html.replace(address, "a&amp;b")


# Where readers see them.

ON_THE_WEB = "https://shop.example.org/img/pot.png?w=800&h=600"
PAGE = f"""<html lang="en"><head><link rel="canonical" href="https://shop.example.org/blog/pots"></head><body><article>
<h1>Herbs in pots</h1><p>{PROSE * 2}</p>
<h2>Choose the pot</h2><p>{PROSE * 2}</p><img src="{{source}}" alt="A pot of clay">
<h2>Mix the soil</h2><p>{PROSE * 2}</p></article></body></html>"""
RELAY = "transport:\n  kind: smtp\n  host: relay.example.org\n"


def page(project: Path, source: str, file: str) -> Path:
    """Write a page that shows a picture, and the picture's file beside it; return the folder of its campaign."""
    (project / "pots.html").write_text(PAGE.format(source=source.replace("&", "&amp;")), encoding="utf-8")
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_bytes(png())
    return project / "campaigns" / "pots"


def of_pictures(said: Said) -> list[tuple[str, str]]:
    """Return id and severity of what a check says about pictures."""
    found = json.loads(said[1])["findings"]
    return [(each["id"], each["severity"]) for each in found if each["id"].startswith("img-")]


def test_mails_show_a_picture_from_the_site_of_the_sender(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, ON_THE_WEB, "img/pot.png")
    code, _, err = backmail("new", "pots.html", "--name", "pots")
    assert code == 0, err
    assert (folder / "images" / "choose-the-pot.png").is_file()
    assert "](images/choose-the-pot.png)" in "".join(file.read_text("utf-8") for file in folder.glob("0*.md"))
    assert backmail("render", "pots", "--out", "out")[0] == 0
    mails = "".join(file.read_text("utf-8") for file in (project / "out").glob("*.html"))
    assert 'src="images/choose-the-pot.png" alt="A pot of clay"' in mails, "beside the file"
    assert (project / "out" / "images" / "choose-the-pot.png").read_bytes() == png()
    address = f"https://links.example.invalid/media/{hashlib.sha256(png()).hexdigest()}/choose-the-pot.png"
    sent = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (project / "out").glob("*.eml")]
    parts = [part.get_content() for mail in sent if (part := mail.get_body(("html",)))]
    assert any(f'src="{address}"' in part for part in parts)
    assert not any(ON_THE_WEB.replace("&", "&amp;") in part for part in parts)
    assert of_pictures(backmail("check", "pots", "--json")) == [("img-retina", "warning")], "40 pixels are few"


def test_the_preview_shows_the_copy_of_a_picture_on_the_web(project: Path, backmail: Callable[..., Said]) -> None:
    page(project, ON_THE_WEB, "img/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    assert backmail("preview", "pots", "--export", "shared")[0] == 0
    inside = base64.b64encode(png()).decode()
    assert any(inside in file.read_text("utf-8") for file in (project / "shared").rglob("light-own.html"))


def test_a_page_that_a_browser_saved_says_nothing_of_the_web(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, "./pots_files/pot.png", "pots_files/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    assert (folder / "images" / "choose-the-pot.png").is_file()
    backmail("render", "pots", "--out", "out")
    mails = "".join(file.read_text("utf-8") for file in (project / "out").glob("*.html"))
    assert 'src="images/choose-the-pot.png"' in mails
    assert "img-not-public" not in dict(of_pictures(backmail("check", "pots", "--json")))


def test_no_reader_gets_a_mail_whose_picture_nobody_sees(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, "pots_files/pot.png", "pots_files/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    (folder / "images" / "choose-the-pot.png").rename(folder / "pot.png")
    for file in folder.glob("0*.md"):
        file.write_text(file.read_text("utf-8").replace("images/choose-the-pot.png", "pot.png"), encoding="utf-8")
    assert ("img-not-public", "warning") in of_pictures(backmail("check", "pots", "--json")), "nobody is reached"
    config = project / "config.yaml"
    config.write_text(
        "".join(re.sub(r"(?ms)^transport:.*?(?=^\S|\Z)", "", config.read_text("utf-8"))) + RELAY, encoding="utf-8"
    )
    assert ("img-not-public", "error") in of_pictures(backmail("check", "pots", "--json"))
    code, out, _ = backmail("apply", "pots", "--yes")
    assert code == 1
    assert "pot.png has no public address yet" in out


def test_apply_puts_the_pictures_of_mails_into_the_database(pots: Path, backmail: Callable[..., Said]) -> None:
    backmail("new", "pots.docx", "--name", "pots")
    folder = pots / "campaigns" / "pots"
    (folder / "images" / "water-by-weight.png").write_bytes(png(60, 60))  # named like a heading
    (folder / "images" / "nobody.png").write_bytes(png(70, 70))
    code, out, err = backmail("apply", "pots", "--yes")
    assert code == 0, out + err
    query = "SELECT path, bytes FROM version_files JOIN contents USING (hash) WHERE path LIKE 'pictures/%'"
    with closing(sqlite3.connect(pots / ".backmail" / "backmail.db")) as database:
        held = dict(database.execute(query))
    assert held == {
        "pictures/images/choose-the-pot.png": png(),
        "pictures/images/mix-the-soil.png": png(50, 20),
        "pictures/images/water-by-weight.png": png(60, 60),
    }


def test_what_is_no_picture_in_the_place_of_a_copy_is_told(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, ON_THE_WEB, "img/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    (folder / "images" / "choose-the-pot.png").write_bytes(b"<svg/>")
    found = dict(of_pictures(backmail("check", "pots", "--json")))
    assert found == {"img-format": "warning", "img-not-public": "warning"}


def test_a_correction_keeps_where_pictures_are_from(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, ON_THE_WEB, "img/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    copies = json.loads((folder / "coverage.json").read_text("utf-8"))["copies"]
    assert [each["address"] for each in copies.values()] == [ON_THE_WEB]
    assert backmail("outline", "pots", "--set", "Mix the soil=how-to")[0] == 0
    assert json.loads((folder / "coverage.json").read_text("utf-8"))["copies"] == copies


@pytest.mark.parametrize("text", ["", "{", "[]", '{"copies": 3}', '{"copies": {"a.png": "b"}}', '{"copies": null}'])
def test_what_is_no_record_of_copies_has_none(text: str) -> None:
    assert copies_in(text) == {}


def test_an_article_that_is_given_brings_its_pictures(project: Path, backmail: Callable[..., Said]) -> None:
    folder = page(project, ON_THE_WEB, "img/pot.png")
    backmail("new", "pots.html", "--name", "pots")
    text = (project / "pots.html").read_text("utf-8")
    end = f'<img src="img/soil.png" alt="Three heaps"><p>{PROSE}</p></article>'
    (project / "other.html").write_text(text.replace("</article>", end), encoding="utf-8")
    (project / "img" / "soil.png").write_bytes(png(60, 60))
    code, out, err = backmail("resplit", "pots", "--article", "other.html")
    assert code == 0, err
    assert "1 picture copied into images/" in out
    assert sorted(tree(folder / "images")) == ["choose-the-pot.png", "mix-the-soil.png"]
    said = "".join(file.read_text("utf-8") for file in folder.glob("0*.md"))
    assert "![Three heaps](images/mix-the-soil.png)" in said
    copied = json.loads((folder / "coverage.json").read_text("utf-8"))["copies"]
    assert {name: each["address"] for name, each in copied.items()} == {
        "images/choose-the-pot.png": ON_THE_WEB,
        "images/mix-the-soil.png": "",
    }
    assert backmail("resplit", "pots")[1] == "nothing changed\n"
    assert of_pictures(backmail("check", "pots", "--json")) == [("img-retina", "warning")] * 2, "40 and 60 pixels"
