"""Word documents: what is read out of them, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article import read_text, understand
from backmail.article.docx import html_of, missing_pictures, pictures_of
from backmail.errors import ArticleError
from tests.article.word import OFFICE, PACKAGE, PNG, STYLES, W, body, core, docx, item, p, picture, run, table


def read(*blocks: str, **more: object) -> str:
    """Return what stands in the <article> of a document, without line ends between elements."""
    page = html_of(docx(*blocks, **more), "a.docx")  # type: ignore[arg-type]
    return re.sub(r"\s*\n\s*", "", page.partition("<article>")[2].partition("</article>")[0])


def refusal(data: bytes) -> str:
    with pytest.raises(ArticleError) as caught:
        html_of(data, "a.docx")
    assert caught.value.faults[0].hint
    return str(caught.value)


@pytest.mark.parametrize(
    ("style", "tag"),
    [
        ("Overskrift1", "h1"),  # the id is Danish, the name is Word's own
        ("berschrift2", "h2"),  # a translated name
        ("Afsnit", "h2"),  # a style of one's own, with an outline level
        ("House", "h1"),  # one based upon a heading
        ("Titel", "h1"),
        ("Round", "p"),  # based upon itself
        ("Nowhere", "p"),
    ],
)
def test_a_heading_is_told_by_its_style(style: str, tag: str) -> None:
    assert read(p("Pots", style)) == f"<{tag}>Pots</{tag}>"


def test_an_outline_level_makes_a_heading_without_any_style() -> None:
    assert read(p("Pots", properties='<w:outlineLvl w:val="2"/>')) == "<h3>Pots</h3>"
    assert read(p("Pots", properties='<w:outlineLvl w:val="9"/>')) == "<p>Pots</p>"


def test_a_numbered_heading_is_no_item() -> None:
    numbering = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    assert read(p("Pots", "Overskrift1", properties=numbering)) == "<h1>Pots</h1>"


def test_chapters_of_the_first_level_go_below_the_title() -> None:
    said = read(p("Herbs", "Titel"), p("Pots", "Overskrift1"), p("Small", "Afsnit"))
    assert said == "<h1>Herbs</h1><h2>Pots</h2><h3>Small</h3>"


def test_chapters_of_the_first_level_go_down_where_there_is_no_title() -> None:
    assert read(p("Pots", "Overskrift1"), p("Soil", "Overskrift1")) == "<h2>Pots</h2><h2>Soil</h2>"


def test_lists_keep_numbers_bullets_and_depth() -> None:
    said = read(item("a"), item("b", depth=1), item("c", numbered=True))
    assert said == "<ul><li>a<ul><li>b</li></ul></li></ul><ol><li>c</li></ol>"


def test_a_style_may_put_its_paragraphs_in_a_list() -> None:
    assert read(p("a", "Points")) == "<ul><li>a</li></ul>"


def test_a_table_is_a_table() -> None:
    said = read(table(("Pot", "Size"), ("Clay", "20 cm")))
    assert re.findall(r"<p>(.*?)</p>", said) == ["Pot", "Size", "Clay", "20 cm"]
    assert said.startswith("<table>")


def test_bold_is_kept() -> None:
    assert read(p("Pots", bold=True)) == "<p><strong>Pots</strong></p>"


def test_what_was_deleted_is_gone_and_what_was_added_stands() -> None:
    changed = f"<w:del><w:r><w:delText>20</w:delText></w:r></w:del><w:ins>{run('30')}</w:ins>"
    moved = f"<w:moveFrom>{run('gone')}</w:moveFrom><w:moveTo>{run(' here')}</w:moveTo>"
    assert read(p("Wait ", inner=changed + moved)) == "<p>Wait 30 here</p>"


def test_comments_and_headers_are_left_out() -> None:
    comments = f'<w:comments {W}><w:comment w:id="0">{p("Really?")}</w:comment></w:comments>'
    said = read(
        p("Pots", inner='<w:r><w:commentReference w:id="0"/></w:r>'),
        parts={"word/comments.xml": comments, "word/header1.xml": f"<w:hdr {W}>{p('Page 1')}</w:hdr>"},
    )
    assert said == "<p>Pots</p>"


def test_notes_stand_at_the_end_behind_a_rule_without_jumps() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="7">{p("Hansen, 2020.")}</w:footnote></w:footnotes>'
    said = read(p("Pots", inner='<w:r><w:footnoteReference w:id="7"/></w:r>'), parts={"word/footnotes.xml": notes})
    assert said.startswith("<p>Pots<sup>[1]</sup></p><hr>")
    assert "Hansen, 2020." in said
    assert "↑" not in said
    assert "<a" not in said


def test_a_text_box_is_read_where_only_new_programs_know_it() -> None:
    box = f"<wps:wsp><wps:txbx><w:txbxContent>{p('Water at once.')}</w:txbxContent></wps:txbx></wps:wsp>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    assert read(p("Pots", inner=drawn)) == "<p>Pots</p><p>Water at once.</p>"


def test_links_are_kept_and_jumps_are_text() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="l" Type="x/hyperlink" Target="https://example.org/soil" TargetMode="External"/>'
        "</Relationships>"
    )
    linked = f'<w:hyperlink r:id="l">{run("soil")}</w:hyperlink><w:hyperlink w:anchor="top">{run(" up")}</w:hyperlink>'
    said = read(p("", inner=linked), parts={"word/_rels/document.xml.rels": rels})
    assert said == '<p><a href="https://example.org/soil">soil</a> up</p>'


def test_a_picture_has_its_alternative_text_and_its_bytes_a_name() -> None:
    data = docx(p("Pots", inner=picture("p1", "A clay pot")), media={"image1.png": PNG})
    [(address, found)] = pictures_of(data, "a.docx").items()
    assert found == PNG
    assert f'<img alt="A clay pot" src="{address}">' in html_of(data, "a.docx")
    again = docx(p("", inner=picture("p1", "A clay pot")), media={"other.png": PNG})
    assert address in pictures_of(again, "b.docx")


def test_a_picture_that_is_not_there_is_left_out() -> None:
    assert read(p("Pots", inner=picture("p1")), parts={"word/_rels/document.xml.rels": _dangling()}) == "<p>Pots</p>"


def _dangling() -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="p1" Type="x/image" Target="media/none.png"/></Relationships>'
    )


def test_the_properties_say_title_language_and_dates() -> None:
    said = core(title="Herbs & pots", language="da-DK", created="2024-05-01T10:00:00Z")
    page = html_of(docx(p("Pots"), parts={"docProps/core.xml": said}), "a.docx")
    assert "<title>Herbs &amp; pots</title>" in page
    assert '<html lang="da-DK">' in page
    assert 'content="2024-05-01T10:00:00Z"' in page


@pytest.mark.parametrize("title", ["Document1", "Microsoft Word - pots.doc", "Unbenannt 1", "pots.docx"])
def test_a_title_that_a_program_wrote_is_none(title: str) -> None:
    assert "<title>" not in html_of(docx(p("Pots"), parts={"docProps/core.xml": core(title=title)}), "a.docx")


def test_the_title_in_the_text_counts_more_than_the_properties() -> None:
    page = html_of(docx(p("Herbs < pots", "Titel"), parts={"docProps/core.xml": core(title="Old")}), "a.docx")
    assert "<title>Herbs &lt; pots</title>" in page


def test_strict_documents_are_read() -> None:
    strict = body(p("Pots", "Overskrift1")).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read(parts={"word/document.xml": strict}) == "<h1>Pots</h1>"


def test_macros_are_never_looked_at() -> None:
    assert read(p("Pots"), parts={"word/vbaProject.bin": b"\0" * 100}) == "<p>Pots</p>"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    from lxml import html

    page = html.document_fromstring(html_of(docx(p("|" + text + "|")), "a.docx"))
    assert page.find(".//article").text_content().strip() == f"|{text}|"  # type: ignore[union-attr]


# What is refused.


def test_an_old_or_protected_document_is_refused_with_the_way_out() -> None:
    assert "save it as .docx" in refusal(b"\xd0\xcf\x11\xe0" + bytes(600))


@pytest.mark.parametrize("cut", [4, 60, 500, -30])
def test_a_broken_archive_is_refused(cut: int) -> None:
    assert "damaged" in refusal(docx(p("Pots"))[:cut])


def test_another_archive_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert "no Word document" in refusal(made.getvalue())


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "_rels/.rels"])
def test_broken_xml_is_refused(part: str) -> None:
    assert "broken" in refusal(docx(p("Pots"), parts={part: "<a><b></a>"}))


def test_a_part_that_unpacks_to_far_more_is_refused() -> None:
    assert "unpacks to far more" in refusal(docx(p("Pots"), parts={"word/document.xml": b" " * 25_000_000}))


def test_what_the_file_says_of_its_size_is_not_believed() -> None:
    data = docx(p("Pots"), parts={"word/document.xml": b" " * 25_000_000})
    assert "damaged" in refusal(data.replace((25_000_000).to_bytes(4, "little"), (400).to_bytes(4, "little")))


def test_pictures_that_unpack_to_far_more_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backmail.article.docx._MAX_PICTURES", 1_000)
    assert "unpacks to far more" in refusal(docx(media={"a.png": bytes(600), "b.png": bytes(600)}))


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backmail.article.docx._MAX_ENTRIES", 20)
    assert "parts" in refusal(docx(parts={f"x/{number}.xml": "" for number in range(30)}))


BOMB = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


def _bombs() -> Iterator[bytes]:
    usual = body(p("&b;"))
    yield usual.replace('<?xml version="1.0"?>', BOMB).encode()
    yield ('<?xml version="1.0" encoding="utf-16"?>' + BOMB + body(p("Pots"))[21:]).encode("utf-16")


@pytest.mark.parametrize("document", [*_bombs()], ids=["utf-8", "utf-16"])
def test_entities_are_refused(document: bytes) -> None:
    assert "entities" in refusal(docx(parts={"word/document.xml": document}))


def test_entities_are_refused_in_any_part() -> None:
    assert "entities" in refusal(docx(p("Pots"), parts={"word/styles.xml": BOMB + STYLES[21:]}))


def test_a_document_nested_without_end_is_refused() -> None:
    deep = "<w:smartTag>" * 3_000 + run("Pots") + "</w:smartTag>" * 3_000
    assert re.search("nested too deep|broken", refusal(docx(f"<w:p>{deep}</w:p>")))


MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (f'<w:fldSimple w:instr="PAGE">{run("12")}</w:fldSimple>', "Wait 12"),
        (f'<w:bdo w:val="rtl">{run("twelve")}</w:bdo>', "Wait twelve"),
        (f'<w:dir w:val="rtl">{run("twelve")}</w:dir>', "Wait twelve"),
        (f"<w:smartTag><w:smartTagPr/>{run('twelve')}</w:smartTag>", "Wait twelve"),
        (f"<w:customXml><w:customXmlPr/><w:dir>{run('twelve')}</w:dir></w:customXml>", "Wait twelve"),
        (f"<w:sdt><w:sdtContent>{run('twelve')}</w:sdtContent></w:sdt>", "Wait twelve"),
        (f"<w:r><w:ruby><w:rt>{run('ju')}</w:rt><w:rubyBase>{run('十')}</w:rubyBase></w:ruby></w:r>", "Wait 十"),
        (f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>x+1</m:t></m:r></m:oMath>', "Wait x+1"),
        (
            f'<m:oMathPara xmlns:m="{MATH}"><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:sSup><m:e>'
            "<m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:den></m:f></m:oMath>"
            "</m:oMathPara>",
            "Wait 1/x^2",
        ),
    ],
    ids=["field", "bdo", "dir", "smart-tag", "custom", "control", "ruby", "formula", "fraction"],
)
def test_what_stands_in_a_wrapper_is_read(inner: str, said: str) -> None:
    assert read(p("Wait ", inner=inner)) == f"<p>{said}</p>"


def test_a_block_in_a_wrapper_is_read() -> None:
    assert read(
        f"<w:customXml>{p('Wait')}</w:customXml>", f"<w:sdt><w:sdtContent>{p('Go')}</w:sdtContent></w:sdt>"
    ) == ("<p>Wait</p><p>Go</p>")


HIDING = STYLES.replace(
    "</w:styles>",
    '<w:style w:type="character" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Inner"><w:basedOn w:val="Note"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Aside"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Again"><w:basedOn w:val="Aside"/><w:rPr><w:vanish w:val="0"/></w:rPr>'
    "</w:style></w:styles>",
)


@pytest.mark.parametrize(
    ("properties", "style", "shown"),
    [
        ("<w:vanish/>", "", False),
        ('<w:vanish w:val="true"/>', "", False),
        ('<w:vanish w:val="0"/>', "", True),
        ('<w:rStyle w:val="Inner"/>', "", False),
        ('<w:rStyle w:val="Inner"/><w:vanish w:val="false"/>', "", True),
        ("", "Aside", False),
        ("", "Again", True),
    ],
)
def test_hidden_text_is_not_read(properties: str, style: str, shown: bool) -> None:
    inner = f"<w:r><w:rPr>{properties}</w:rPr><w:t>price list</w:t></w:r>"
    said = read(p("", style, inner=inner), p("Wait"), parts={"word/styles.xml": HIDING})
    assert ("price list" in said) is shown
    assert "Wait" in said


def test_what_a_picture_shows_stands_for_one_that_cannot_be_opened() -> None:
    away = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="p9" Type="{OFFICE}/image" '
        'Target="file:///pots.png" TargetMode="External"/></Relationships>'
    )
    parts = {"word/_rels/document.xml.rels": away}
    linked = [picture("p9", alt).replace("r:embed", "r:link") for alt in ("Two clay pots", "IMG_2210.jpeg")]
    assert read(p("Look:", inner=linked[0]), parts=parts) == "<p>Look: Two clay pots </p>"
    assert read(p("Look:", inner=linked[1]), parts=parts) == "<p>Look:</p>"


@pytest.mark.parametrize("attribute", ["r:embed", "r:link"])
def test_a_picture_without_a_relation_is_told_and_skipped(attribute: str) -> None:
    data = docx(p("Look:", inner=picture("gone", "Two clay pots").replace("r:embed", attribute)), p("Water them."))
    page = html_of(data, "a.docx")
    assert "<p>Look: Two clay pots </p>" in page
    assert missing_pictures(page) == 1
    article = understand(read_text(data, "a.docx"))
    assert [each.message for each in article.cautions if each.id == "picture-missing"] == [
        "a picture of the document is not in its file, and its description stands in its place"
    ]


def test_a_link_without_a_relation_is_text() -> None:
    linked = f'<w:hyperlink r:id="gone">{run("soil")}</w:hyperlink>'
    old = '<w:r><w:pict><v:shape><v:imagedata r:id="gone"/></v:shape></w:pict></w:r>'
    data = docx(p("Mix ", inner=linked + old), parts={"word/_rels/document.xml.rels": ""})
    assert "<p>Mix soil</p>" in html_of(data, "a.docx")


def test_a_document_with_all_its_pictures_misses_none() -> None:
    page = html_of(docx(p("Pots", inner=picture("p1", "A pot")), media={"image1.png": PNG}), "a.docx")
    assert missing_pictures(page) == 0


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_part_that_is_packed_as_no_document_is_is_refused(packing: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(p("Wait")))) as old, zipfile.ZipFile(packed, "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    data = bytearray(packed.getvalue())
    start = data.find(b"[Content_Types].xml") + 28
    data[start : start + 40] = b"\xff" * 40
    assert "packed in a way that no Word document is" in refusal(bytes(data))


@pytest.mark.parametrize("name", ["word/other.xml", "/word/document.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_there_twice_is_refused(name: str) -> None:
    data = io.BytesIO(docx(p("Wait")))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "<a/>")
        if name[0] != "/":
            archive.writestr(name, "<a/>")
    assert "a part twice" in refusal(data.getvalue())


@pytest.mark.parametrize("blocks", [(), (p(""),), (p("", inner=picture("p1")),)], ids=["none", "blank", "picture"])
def test_a_document_without_text_is_refused(blocks: tuple[str, ...]) -> None:
    assert "holds no text" in refusal(docx(*blocks, media={"a.png": PNG}))
