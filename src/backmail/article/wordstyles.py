"""Makes plain in a Word document what its styles say: headings, titles, items of lists, and text that is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["prepared"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Documents that are "strict" (ISO 29500) have other names for the same.
_STRICT = b"http://purl.oclc.org/ooxml/"
_SAME = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/picture", b"http://schemas.openxmlformats.org/drawingml/2006/picture"),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
)  # fmt: skip
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NOWHERE = "backmail-nowhere"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Word calls its own styles by English names whatever its language; other programs translate them.
_HEADING = re.compile(
    r"(?:heading|header|überschrift|overskrift|rubrik|titre|título|titulo|titolo|kop|encabezado|otsikko|nagłówek)"
    r"\s*([1-9])",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:title|titel|tittel|titre|título|titulo|titolo|titre principal|hauptüberschrift)", re.IGNORECASE
)
# What stands around text and is shown as the text alone: fields, directions of writing, tags of other programs.
_WRAPPERS = tuple(f"{_W}{name}" for name in ("fldSimple", "bdo", "dir", "smartTag", "customXml", "rubyBase", "ruby"))
_NO_TEXT = tuple(f"{_W}{name}" for name in ("smartTagPr", "customXmlPr", "fldData", "rubyPr", "rt"))
_WITH_TEXT = ("word/document", "word/footnotes", "word/endnotes")
_OFF = ("0", "false", "off")
_BODY = 9  # an outline level that is none
_DEEPEST = 6
_INHERITED = 20  # styles upon styles: more is a circle


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str
    outline: int | None
    list: str


def prepared(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a document with each paragraph's level and list said in the paragraph itself.

    Headings are told by the names of built-in styles in several languages, by outline levels, and by what a style is
    based upon. Text boxes that only newer programs know are brought where older ones look for them.
    """
    done = {path: _transitional(data) for path, data in parts.items()}
    known = done.get("word/styles.xml", b"")
    styles, hidden = _styles(known), _hidden(known)
    for path, data in list(done.items()):
        if path.startswith(_WITH_TEXT):
            relations = f"word/_rels/{path.removeprefix('word/')}.rels"
            listed = _relations(done.get(relations, b""))
            done[relations] = _serialised(listed)
            done[path] = _document(data, styles, hidden, frozenset(each.get("Id", "") for each in listed))
    return done


def _transitional(data: bytes) -> bytes:
    if _STRICT in data:
        for strict, usual in _SAME:
            data = data.replace(strict, usual)
    return data


def _parsed(data: bytes) -> _Element:
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError("this is no XML") from error


def _styles(data: bytes) -> dict[str, _Style]:
    """Return the paragraph styles by their ids."""
    if not data:
        return {}
    found = {}
    for style in _parsed(data).iter(f"{_W}style"):
        if style.get(f"{_W}type", "paragraph") != "paragraph":
            continue
        level = _value(style, f"{_W}pPr/{_W}outlineLvl")
        found[style.get(f"{_W}styleId", "")] = _Style(
            name=_value(style, f"{_W}name"),
            base=_value(style, f"{_W}basedOn"),
            outline=int(level) if level.isdecimal() else None,
            list=_value(style, f"{_W}pPr/{_W}numPr/{_W}numId"),
        )
    return found


def _value(element: _Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get(f"{_W}val", "")


def _hidden(data: bytes) -> frozenset[str]:
    """Return the ids of the styles, of paragraphs or of letters, whose text is hidden."""
    if not data:
        return frozenset()
    said: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in _parsed(data).iter(f"{_W}style"):
        name = style.get(f"{_W}styleId", "")
        based[name] = _value(style, f"{_W}basedOn")
        if (vanish := style.find(f"{_W}rPr/{_W}vanish")) is not None:
            said[name] = _is_on(vanish)
    found = set()
    for name in based:
        above, steps = name, 0
        while above in based and above not in said and steps < _INHERITED:
            above, steps = based[above], steps + 1
        if said.get(above):
            found.add(name)
    return frozenset(found)


def _is_on(switch: _Element) -> bool:
    return switch.get(f"{_W}val", "1").casefold() not in _OFF


def _relations(data: bytes) -> _Element:
    """Return what a part is related to, with a relation to nowhere among it."""
    from lxml import etree

    root = _parsed(data) if data else etree.Element(f"{{{_PACKAGE}}}Relationships")
    etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", Id=_NOWHERE, Type=f"{_R[1:-1]}/image", Target="nowhere")
    return root


def _document(data: bytes, styles: Mapping[str, _Style], hidden: frozenset[str], related: frozenset[str]) -> bytes:
    root = _parsed(data)
    for run in list(root.iter(f"{_W}r")):
        if _is_hidden(run, hidden):
            _emptied(run)
    for formula in [each for each in root.iter(f"{_M}oMath") if next(each.iterancestors(f"{_M}oMath"), None) is None]:
        _as_text(formula)
    for wrapper in reversed(list(root.iter(*_WRAPPERS, f"{_M}oMathPara"))):
        _unwrapped(wrapper)
    for alternative in list(root.iter(f"{_MC}AlternateContent")):
        _with_fallback(alternative)
    for paragraph in root.iter(f"{_W}p"):
        _made_plain(paragraph, styles)
    for element in root.iter("{*}blip", "{*}imagedata", f"{_W}hyperlink", "{*}hlinkClick"):
        _related(element, related)
    return _serialised(root)


def _serialised(root: _Element) -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _related(element: _Element, known: frozenset[str]) -> None:
    """Let a picture whose relation is missing stand nowhere; the text of such a link is text."""
    for name in (f"{_R}id", f"{_R}embed", f"{_R}link"):
        if element.get(name, _NOWHERE) in known:
            continue
        if str(element.tag).endswith(("}blip", "}imagedata")):
            element.set(name, _NOWHERE)
        else:
            del element.attrib[name]


def _is_hidden(run: _Element, hidden: frozenset[str]) -> bool:
    """Say whether a run is not shown: by itself, by the style of its letters, or by that of its paragraph."""
    own = run.find(f"{_W}rPr/{_W}vanish")
    if own is not None:
        return _is_on(own)
    if not hidden:
        return False
    around = next(run.iterancestors(f"{_W}p"), None)
    return _value(run, f"{_W}rPr/{_W}rStyle") in hidden or (
        around is not None and _value(around, f"{_W}pPr/{_W}pStyle") in hidden
    )


def _emptied(run: _Element) -> None:
    """Take the text out of a run; the signs in it that open and close a field are needed behind it."""
    for held in list(run):
        if held.tag not in (f"{_W}rPr", f"{_W}fldChar", f"{_W}instrText"):
            run.remove(held)


def _as_text(formula: _Element) -> None:
    """Put the text of a formula in its place, as one writes it in a line: a/b, x^2."""
    from lxml import etree

    parent = formula.getparent()
    if parent is None:
        return
    run = etree.Element(f"{_W}r")
    text = etree.SubElement(run, f"{_W}t")
    text.text = _formula(formula)
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    parent.replace(formula, run)


def _formula(element: _Element) -> str:
    if element.tag == f"{_M}t":
        return element.text or ""
    signs = {f"{_M}den": "/", f"{_M}sup": "^", f"{_M}sub": "_", f"{_M}deg": ""}
    parts = ((signs.get(str(each.tag), ""), _formula(each)) for each in element)
    return "".join(sign + part for sign, part in parts if part)


def _unwrapped(wrapper: _Element) -> None:
    """Put what an element holds in its place."""
    parent = wrapper.getparent()
    if parent is None:
        return
    for held in list(wrapper):
        if held.tag not in _NO_TEXT:
            wrapper.addprevious(held)
    parent.remove(wrapper)


def _with_fallback(alternative: _Element) -> None:
    """Give a text box for older programs where there is only the one for newer ones."""
    from lxml import etree

    if alternative.find(f"{_MC}Fallback") is not None:
        return
    boxes = [box for choice in alternative.findall(f"{_MC}Choice") for box in choice.iter(f"{_W}txbxContent")]
    drawings = [each for choice in alternative.findall(f"{_MC}Choice") for each in choice.iter(f"{_W}drawing")]
    fallback = etree.SubElement(alternative, f"{_MC}Fallback")
    if boxes:
        fallback = etree.SubElement(fallback, f"{_W}pict")
    for held in boxes or drawings:
        fallback.append(held)


def _made_plain(paragraph: _Element, styles: Mapping[str, _Style]) -> None:
    """Write the style of its level into a paragraph, and the list that its style puts it in."""
    properties = paragraph.find(f"{_W}pPr")
    chain = _chain(_value(paragraph, f"{_W}pPr/{_W}pStyle"), styles)
    direct = _value(paragraph, f"{_W}pPr/{_W}outlineLvl")
    level = int(direct) + 1 if direct.isdecimal() and int(direct) < _BODY else _level(chain)
    if properties is None:
        return
    if level is not None:
        _styled(properties, "Title" if level == 0 else f"Heading{min(level, _DEEPEST)}")
        numbering = properties.find(f"{_W}numPr")  # a numbered heading is a heading
        if numbering is not None:
            properties.remove(numbering)
    elif properties.find(f"{_W}numPr") is None:
        listed = next((style.list for style in chain if style.list), "")
        if listed and listed != "0":
            _in_list(properties, listed)


def _chain(style_id: str, styles: Mapping[str, _Style]) -> list[_Style]:
    """Return a style and those that it is based upon."""
    chain: list[_Style] = []
    while style_id in styles and len(chain) < _INHERITED:
        chain.append(styles[style_id])
        style_id = chain[-1].base
    return chain


def _level(chain: list[_Style]) -> int | None:
    """Return the level of a style's heading; 0 for the title of the document, None for text."""
    for style in chain:
        if heading := _HEADING.fullmatch(style.name.strip()):
            return int(heading[1])
        if _TITLE.fullmatch(style.name.strip()):
            return 0
        if style.outline is not None:
            return style.outline + 1 if style.outline < _BODY else None
    return None


def _styled(properties: _Element, name: str) -> None:
    from lxml import etree

    style = properties.find(f"{_W}pStyle")
    if style is None:
        style = etree.SubElement(properties, f"{_W}pStyle")
    style.set(f"{_W}val", name)


def _in_list(properties: _Element, number: str) -> None:
    from lxml import etree

    numbering = etree.SubElement(properties, f"{_W}numPr")
    etree.SubElement(numbering, f"{_W}ilvl").set(f"{_W}val", "0")
    etree.SubElement(numbering, f"{_W}numId").set(f"{_W}val", number)
