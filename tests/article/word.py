"""Word documents for tests, written by hand: the few parts that a program reads, and whatever a test puts into them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000020806000000"
    "72b60d240000000b49444154789c63600002000005000160d0b4a10000000049454e44ae426082"
)

_TYPES = f"""<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = f"""<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""

# Ids as a Danish, a German and a home-made template have them; built-in names are English in Word.
STYLES = f"""<?xml version="1.0"?><w:styles {W}>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="Überschrift 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Afsnit"><w:name w:val="Afsnit"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>
</w:style>
<w:style w:type="paragraph" w:styleId="House"><w:name w:val="House Head"/><w:basedOn w:val="Overskrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Points"><w:name w:val="Points"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
</w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>
</w:styles>"""
NUMBERING = f"""<?xml version="1.0"?><w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""


def run(text: str, *, bold: bool = False) -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{"<w:b/>" if bold else ""}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(text: str, style: str = "", *, inner: str = "", properties: str = "", bold: bool = False) -> str:
    """Return a paragraph: a text in a style, `inner` behind it, `properties` beside the style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{run(text, bold=bold) if text else ''}{inner}</w:p>"


def item(text: str, *, numbered: bool = False, depth: int = 0) -> str:
    """Return a paragraph of a list."""
    number = 2 if numbered else 1
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def picture(relation: str, alt: str = "") -> str:
    """Return a run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{escape(alt)}"/><a:graphic><a:graphicData>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def table(*rows: tuple[str, ...]) -> str:
    """Return a table."""
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def core(**said: str) -> str:
    """Return the properties: title, language, created, modified."""
    of = {"title": "dc:title", "language": "dc:language", "created": "dcterms:created", "modified": "dcterms:modified"}
    inner = "".join(f"<{of[name]}>{escape(text)}</{of[name]}>" for name, text in said.items())
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    return f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" {spaces}>{inner}</cp:coreProperties>'


def body(*blocks: str) -> str:
    """Return word/document.xml."""
    return f'<?xml version="1.0"?><w:document {W}{_MORE}><w:body>{"".join(blocks)}</w:body></w:document>'


def docx(
    *blocks: str, parts: Mapping[str, str | bytes] | None = None, media: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a document of some blocks; `parts` are put beside or in place of the usual ones, `media` by its name.

    The n-th picture has the relation "pn".
    """
    pictures = "".join(
        f'<Relationship Id="p{number}" Type="{OFFICE}/image" Target="media/{name}"/>'
        for number, name in enumerate(media or {}, 1)
    )
    written: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": body(*blocks),
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/_rels/document.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        f"{pictures}</Relationships>",
        **{f"word/media/{name}": data for name, data in (media or {}).items()},
        **(parts or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in written.items():
            archive.writestr(name, text)
    return made.getvalue()
