"""XML made safe to read: UTF-8, well formed, without a document type and so without entities of its own."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from xml.parsers import expat

from portico.errors import InputError
from portico.lake.found import Member, Workshop
from portico.lake.sniff import encoding
from portico.messages import Finding, Message, Place, Severity

_DEEPEST = 200
_BLOCK = 1 << 20
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")
_PLAIN = b'<?xml version="1.0"?>'
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")


def prepared(path: Path, member: Member, shop: Workshop, ending: str) -> tuple[Path, tuple[Finding, ...]]:
    """Return the XML at ``path`` as UTF-8 under its own name in the workshop, and what must be said of it.

    Raises InputError where it declares a document type or entities, is not well formed (with line and column) or is
    nested too deep.
    """
    stated = _stated(path)
    written = encoding.survey(path, shop.told.encoding or stated, shop.country)
    target = shop.place(ending)
    issues: tuple[Finding, ...] = ()
    if written.encoding == "utf-8" and not written.nothings:
        _copy(path, target)
    else:
        encoding.transcode(path, written, target)
        if not stated and not written.encoding.startswith("utf"):
            values = {"file": member.name, "encoding": written.encoding.removeprefix(encoding.MIXED)}
            message = Message("encoding-country", {**values, "byte": written.invalid_at})
            issues = (Finding(message, Place(member.name), "", Severity.WARNING),)
    _redeclare(target)
    check(target, member.name)
    return target, issues


def _stated(path: Path) -> str:
    """Return the encoding an XML declares, nothing where it declares none, UTF-8 or one that nobody knows."""
    with path.open("rb") as file:
        head = file.read(400).removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(head)
    found = _ENCODING.search(declaration.group()) if declaration else None
    name = found.group(1).decode("ascii") if found else ""
    try:
        known = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    # What says UTF-8 and is not, was saved by a careless program: its bytes decide. Latin-1 is mostly cp1252.
    return {"utf-8": "", "utf-16": "", "iso8859-1": "cp1252", "ascii": ""}.get(known, known)


def _copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as out:
        while block := source.read(_BLOCK):
            out.write(block)


def _redeclare(path: Path) -> None:
    """Make the declaration one that names no encoding, in as many bytes: XML is UTF-8 then."""
    with path.open("r+b") as file:
        head = file.read(400)
        start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        found = _DECLARATION.match(head[start:])
        if found and len(found.group()) >= len(_PLAIN):
            file.seek(start)
            file.write(_PLAIN + re.sub(rb"[^\r\n]", b" ", found.group()[len(_PLAIN) :]))


def parser(name: str) -> expat.XMLParserType:
    """Return a parser that refuses document types: they are how a small file becomes a large one, or reads others."""
    made = expat.ParserCreate("utf-8")
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise InputError("xml-doctype", file=name)

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    made.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return made


def run(made: expat.XMLParserType, path: Path, name: str) -> None:
    """Read the file at ``path`` through a parser; raise InputError where it is not well formed."""
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                made.Parse(block)
            made.Parse(b"", True)  # noqa: FBT003 - the end, as expat says it
    except expat.ExpatError as error:
        raise InputError(
            "xml-broken", file=name, line=error.lineno, column=error.offset + 1, detail=expat.ErrorString(error.code)
        ) from error


def check(path: Path, name: str) -> None:
    """Raise InputError where the XML at ``path`` is not well formed, declares a type or is nested too deep."""
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise InputError("xml-too-deep", file=name, limit=_DEEPEST)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    made = parser(name)
    made.StartElementHandler = start
    made.EndElementHandler = end
    run(made, path, name)
