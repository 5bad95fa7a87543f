"""The parts of a workbook that are the same for every table: styles, relations, the list of sheets; its alphabet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from portico.lake.model import Type

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOLD = 1
STYLES = {Type.DATE: 2, Type.DATETIME: 3, Type.INSTANT: 4, Type.TIME: 5}
_ODD = {code: f"_x{code:04X}_" for code in (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)}
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]")
_LOOKS_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}")

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_FORMATS = (r"yyyy\-mm\-dd", r"yyyy\-mm\-dd\ hh:mm:ss", r"yyyy\-mm\-dd\ hh:mm:ss\Z", "hh:mm:ss")
_FIRST_FORMAT = 164


def letters(place: int) -> str:
    """Return the letters of the column at ``place``, counted from 0.

    >>> letters(0), letters(25), letters(26), letters(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    found = ""
    while place >= 0:
        found = chr(ord("A") + place % 26) + found
        place = place // 26 - 1
    return found


def text_cell(at: str, text: str, style: int) -> str:
    """Return a cell that holds ``text``."""
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t></is></c>'


def xml_text(text: str) -> str:
    r"""Return ``text`` as a workbook writes it.

    >>> xml_text("a < b\x07"), xml_text("_x0041_")
    ('a &lt; b_x0007_', '_x005F_x0041_')
    """
    if _LOOKS_ESCAPED.search(text):
        text = text.replace("_x", "_x005F_x")
    return without_controls(escape(text))


def without_controls(xml: str) -> str:
    """Return ``xml`` with the characters that no XML may hold written as ``_x0007_``, so too the carriage return."""
    return xml.translate(_ODD) if _CONTROLS.search(xml) else xml


def fixed(names: Sequence[str], title: str, description: str) -> dict[str, str]:
    """Return the parts around sheets called ``names``, in their order, each part without the head of XML."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    worksheets = [(f"{_OFFICE}/worksheet", f"worksheets/sheet{number + 1}.xml") for number in range(len(names))]
    return {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{xml_text(title)}</dc:title><dc:description>{xml_text(description)}</dc:description>"
            "</cp:coreProperties>"
        ),
        "xl/workbook.xml": (f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'),
        "xl/_rels/workbook.xml.rels": _relations(*worksheets, (f"{_OFFICE}/styles", "styles.xml")),
        "xl/styles.xml": _styles(),
    }


def _content_types(sheets: int) -> str:
    named = {
        "/xl/workbook.xml": f"{_TYPE}.sheet.main+xml",
        **{f"/xl/worksheets/sheet{number + 1}.xml": f"{_TYPE}.worksheet+xml" for number in range(sheets)},
        "/xl/styles.xml": f"{_TYPE}.styles+xml",
        "/docProps/core.xml": _CORE,
    }
    parts = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{_FIRST_FORMAT + number}" formatCode={quoteattr(one)}/>'
        for number, one in enumerate(_FORMATS)
    )
    dated = "".join(
        f'<xf numFmtId="{_FIRST_FORMAT + number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in range(len(_FORMATS))
    )
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(_FORMATS)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(_FORMATS)}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f'<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>{dated}</cellXfs></styleSheet>'
    )
