"""Briefs read from TOML and JSON: every fault at once, with its line and advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portico.city.opening import City, read_toml
from portico.errors import InputError, RejectedError, UnknownNameError, UsageError
from portico.match import json_document
from portico.match.criteria import criterion
from portico.match.faults import asked_faults, faults_of, size_faults, text_faults
from portico.match.model import Brief, Must, Want
from portico.match.names import Names, name_faults, names_of
from portico.messages import Finding, Message, Place, did_you_mean
from portico.settings import Document, Reader, read_document, read_into

SUFFIX = ".toml"
_READ = (SUFFIX, ".json")
_M2_IN_HA = 10_000.0


def names(city: City) -> tuple[str, ...]:
    """Return the names of the city's briefs."""
    return tuple(sorted(path.stem for path in city.briefs_folder.glob(f"*{SUFFIX}")))


def find(city: City, name: str) -> Path:
    """Return the file of a brief: a path, or a name in the city's ``briefs/``."""
    given = Path(name)
    return given if given.suffix in _READ and given.is_file() else find_named(city, name)


def find_named(city: City, name: str) -> Path:
    """Return the file of a brief in the city's ``briefs/``; never one outside it. Raises UnknownNameError."""
    if name in names(city):
        return city.briefs_folder / f"{name}{SUFFIX}"
    raise UnknownNameError("brief-unknown", name=name, advice=did_you_mean(name, names(city)))


def read(city: City, name: str) -> Brief:
    """Read a brief; raise RejectedError with all that is wrong with it."""
    path = find(city, name)
    document = read_toml(city, path) if path.suffix == SUFFIX else document_of(path)
    return replace(check(document, names_of(city)), id=path.stem)


def document_of(path: Path) -> Document:
    """Return the file of a brief, TOML or JSON by the ending of its name.

    Raises UsageError where there is none, InputError where it cannot be read.
    """
    if not path.is_file():
        raise UsageError("file-missing", file=str(path))
    if path.suffix != ".json":
        return read_document(path, path.name)
    if path.stat().st_size > json_document.MAX_BYTES:
        raise InputError("file-too-large", file=path.name, limit=json_document.MAX_BYTES)
    return json_document.read_json(path.read_bytes(), path.name)


def check(document: Document, known: Names | None = None) -> Brief:
    """Return the brief in ``document``; raise RejectedError with all that is wrong with it (see ``interpret``)."""
    brief, findings = interpret(document, known)
    if brief is None or findings:
        raise RejectedError("brief-rejected", tuple(findings), file=document.name)
    return brief


def findings(city: City) -> list[Finding]:
    """Return what is wrong with any brief of the city."""
    found: list[Finding] = []
    for name in names(city):
        try:
            found.extend(interpret(read_toml(city, find_named(city, name)), names_of(city))[1])
        except InputError as error:
            found.append(Finding(Message.of(error), Place(f"{city.briefs_folder.name}/{name}{SUFFIX}")))
    return found


def interpret(document: Document, known: Names | None = None) -> tuple[Brief | None, list[Finding]]:
    """Return the brief in ``document`` and what is wrong with it; with ``known`` also names that a city has not."""
    data = dict(document.data)
    told = [*size_faults(data)]
    if told:
        return None, [Finding(message, document.place(path), value) for path, message, value in told]
    findings = [Finding(message, document.place(path), value) for path, message, value in text_faults(data)]
    brief = read_into(Brief, document, findings)
    if brief is None:
        return None, [*findings, *_faults_of_parts(document)]
    made = replace(brief, musts=tuple(in_own_unit(must) for must in brief.musts))
    faults = [*faults_of(made), *(name_faults(made, known) if known else ())]
    findings += [Finding(message, document.place(path), value) for path, message, value in faults]
    return made, findings


def _faults_of_parts(document: Document) -> Iterator[Finding]:
    """Yield what is wrong with those musts and wants that could be read, where the brief as a whole could not."""
    for name, kind in (("musts", Must), ("wants", Want)):
        group = document.data.get(name)
        for number, part in enumerate(group if isinstance(group, list) else ()):
            unread: list[Finding] = []
            asked = Reader(document, unread).read(kind, part, f"{name}.{number}")
            if not unread:
                read = in_own_unit(asked) if isinstance(asked, Must) else asked
                for path, message, value in asked_faults(f"{name}.{number}", read):
                    yield Finding(message, document.place(path), value)


def in_own_unit(must: Must) -> Must:
    """Return the must in the unit of its criterion: hectares become square metres, a date no days after it."""
    known = criterion(must.criterion)
    if must.by is not None and must.at_least is None and must.at_most is None:
        must = replace(must, at_most=0.0)
    if must.unit == "ha":
        scaled = {name: getattr(must, name) for name in ("at_least", "at_most") if getattr(must, name) is not None}
        return replace(must, unit="m2", **{name: value * _M2_IN_HA for name, value in scaled.items()})
    return must if must.unit or known is None else replace(must, unit=known.unit)
