"""A rule pack read from its folder: typed, checked, every fault at once with file, row and advice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from portico.city.facts import Facts, Row, iterate, read_table, words
from portico.errors import InputError, RejectedError, UsageError
from portico.messages import Finding, Message, Place, Severity, Text, did_you_mean
from portico.permits.cells import answer, cell, day, text
from portico.permits.model import (
    Attribute,
    AttributeKind,
    Confidence,
    Contradiction,
    Days,
    Dependency,
    Group,
    Incentive,
    LayerRule,
    Link,
    Nature,
    Pack,
    PackNotes,
    Paper,
    Procedure,
    Source,
    Statement,
    Stop,
    Tacit,
    Term,
    Threshold,
    Trigger,
)
from portico.permits.pack_check import check
from portico.permits.tables import FOLDER, SETTINGS, TABLES
from portico.settings import read_document, read_into

T = TypeVar("T")
Tables = Mapping[str, Facts]


def has_pack(city_folder: Path) -> bool:
    """Say whether a city keeps rules of permits."""
    return (city_folder / FOLDER / SETTINGS).is_file()


def of_city(city_folder: Path) -> Pack:
    """Return the pack of a city. Raises UsageError where it keeps none, RejectedError with every fault."""
    if not has_pack(city_folder):
        raise UsageError("pack-none", folder=f"{city_folder.name}/{FOLDER}")
    return read(city_folder / FOLDER)


def read(folder: Path) -> Pack:
    """Return the pack in ``folder``. Raises UsageError where there is none, RejectedError with every fault."""
    pack, findings = interpret(folder)
    faults = tuple(one for one in findings if one.severity is Severity.ERROR)
    if pack is None or faults:
        raise RejectedError("pack-rejected", faults, file=folder.name)
    return pack


def interpret(folder: Path) -> tuple[Pack | None, list[Finding]]:
    """Return the pack in ``folder`` and all that is wrong with it; None where it cannot be put together at all.

    Raises UsageError where there is no ``pack.toml``.
    """
    if not (folder / SETTINGS).is_file():
        raise UsageError("pack-none", folder=folder.name)
    findings: list[Finding] = []
    notes = _notes(folder, findings)
    tables = _tables(folder, findings)
    pack = _assembled(notes, tables, _digest(folder)) if notes else None
    if pack:
        findings += check(pack, tables)
    return pack, sorted(findings, key=lambda one: one.place)


def _notes(folder: Path, findings: list[Finding]) -> PackNotes | None:
    try:
        return read_into(PackNotes, read_document(folder / SETTINGS, SETTINGS), findings)
    except InputError as error:
        findings.append(Finding(Message.of(error), Place(SETTINGS)))
        return None


def _tables(folder: Path, findings: list[Finding]) -> dict[str, Facts]:
    declared = {one.name: one for one in TABLES}
    found: dict[str, Facts] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem in declared:
            found[path.stem] = read_table(path, path.name, declared[path.stem], findings)
        else:
            advice = did_you_mean(path.stem, declared)
            findings.append(Finding(Message("unknown-table", {"advice": advice}), Place(path.name), path.stem))
    missing = [one.name for one in TABLES if one.required and one.name not in found]
    findings += [Finding(Message("missing-table", {"table": name}), Place(f"{name}.csv")) for name in missing]
    return found


def _digest(folder: Path) -> str:
    """Return what tells this pack from any other: a hash of its files."""
    whole = hashlib.sha256()
    for path in sorted((*folder.glob("*.csv"), folder / SETTINGS)):
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def _assembled(notes: PackNotes, tables: Tables, digest: str) -> Pack:
    labels: dict[str, dict[str, Text]] = {}
    for _, row in iterate(tables, "words"):
        labels.setdefault(str(row["of"]), {})[str(row["word"])] = text(row, "title")
    attributes = {one.name: one for one in _each(tables, "attributes", lambda row: _attribute(row, labels))}
    terms: dict[str, list[Term]] = {}
    for _, row in iterate(tables, "terms"):
        terms.setdefault(str(row["procedure_id"]), []).append(_term(row))
    for each in terms.values():
        each.sort(key=lambda one: one.valid_from or date.min)
    return Pack(
        notes,
        attributes,
        {one.id: one for one in _each(tables, "procedures", lambda row: _procedure(row, terms))},
        _each(tables, "triggers", _trigger),
        _each(tables, "dependencies", _dependency),
        _each(tables, "documents", _paper),
        _each(tables, "incentives", _incentive),
        _each(tables, "thresholds", _threshold),
        {one.id: one for one in _each(tables, "sources", _source)},
        digest,
        _each(tables, "contradictions", lambda row: Contradiction(cell(row, "condition"), text(row, "text"))),
        _each(tables, "statements", lambda row: _statement(row, attributes)),
        _each(tables, "layers", lambda row: _layer(row, attributes)),
        labels,
    )


def _each(tables: Tables, name: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    return tuple(make(row) for _, row in iterate(tables, name))


def _whole(row: Row, column: str) -> int | None:
    value = row.get(column)
    return value if isinstance(value, int) else None


def _number(row: Row, column: str) -> float | None:
    value = row.get(column)
    return float(value) if isinstance(value, float | int) else None


def _attribute(row: Row, labels: Mapping[str, Mapping[str, Text]]) -> Attribute:
    name, kind = cell(row, "name"), AttributeKind(cell(row, "kind"))
    bare = Attribute(
        name,
        kind,
        Group(cell(row, "group")),
        text(row, "question"),
        cell(row, "unit"),
        words(row["words"]),
        None,
        _number(row, "least"),
        _number(row, "most"),
        row["whole"] == "yes",
        labels.get("unit", {}).get(cell(row, "unit")) or Text({"": cell(row, "unit")}),
        labels.get(name, {}),
    )
    default = answer(bare, cell(row, "default"))
    return bare if default is None else replace(bare, default=default)


def _term(row: Row) -> Term:
    return Term(
        _whole(row, "days_min"),
        _whole(row, "days_max"),
        Days(cell(row, "day_type")),
        Stop(cell(row, "stop")),
        _whole(row, "stop_days"),
        Tacit(cell(row, "tacit")),
        day(row, "valid_from"),
        day(row, "valid_to"),
        cell(row, "basis"),
        Confidence(cell(row, "confidence")),
        text(row, "note"),
    )


def _procedure(row: Row, terms: Mapping[str, list[Term]]) -> Procedure:
    identifier = cell(row, "id")
    return Procedure(
        identifier,
        cell(row, "phase"),
        text(row, "title"),
        cell(row, "regime"),
        cell(row, "authority"),
        text(row, "starts"),
        text(row, "stops"),
        text(row, "life"),
        text(row, "cost"),
        cell(row, "basis"),
        day(row, "valid_from"),
        day(row, "valid_to"),
        words(row["source"]),
        Confidence(cell(row, "confidence")),
        text(row, "note"),
        tuple(terms.get(identifier, ())),
    )


def _trigger(row: Row) -> Trigger:
    return Trigger(
        cell(row, "procedure_id"),
        Nature(cell(row, "nature")),
        _whole(row, "stage") or 0,
        cell(row, "condition"),
        cell(row, "basis"),
        text(row, "note"),
    )


def _dependency(row: Row) -> Dependency:
    low, high = _whole(row, "lag_min"), _whole(row, "lag_max")
    lag = None if low is None or high is None else (low, high)
    return Dependency(
        cell(row, "procedure_id"),
        cell(row, "needs_procedure_id"),
        Link(cell(row, "kind")),
        cell(row, "basis"),
        lag,
        text(row, "why"),
    )


def _paper(row: Row) -> Paper:
    return Paper(cell(row, "procedure_id"), cell(row, "document_id"), text(row, "title"))


def _incentive(row: Row) -> Incentive:
    return Incentive(
        cell(row, "id"),
        text(row, "title"),
        cell(row, "condition"),
        text(row, "who"),
        text(row, "size"),
        text(row, "intensity"),
        cell(row, "basis"),
        text(row, "manager"),
        text(row, "status"),
        {"yes": True, "no": False}.get(cell(row, "is_open")),
        cell(row, "year"),
        cell(row, "source"),
        Confidence(cell(row, "confidence")),
        text(row, "note"),
        text(row, "reason"),
        day(row, "valid_from"),
        day(row, "valid_to"),
    )


def _threshold(row: Row) -> Threshold:
    return Threshold(
        cell(row, "attribute"),
        text(row, "value"),
        text(row, "what"),
        cell(row, "operator"),
        cell(row, "threshold"),
        text(row, "unit"),
        cell(row, "basis"),
        Confidence(cell(row, "confidence")),
    )


def _source(row: Row) -> Source:
    return Source(cell(row, "id"), text(row, "what"), cell(row, "url"), cell(row, "kind"), cell(row, "note"))


def _statement(row: Row, attributes: Mapping[str, Attribute]) -> Statement:
    name = cell(row, "attribute")
    found = (answer(attributes.get(name), raw) for raw in words(row["answers"]))
    return Statement(
        cell(row, "stated"),
        cell(row, "basis"),
        cell(row, "value"),
        name,
        tuple(one for one in found if one is not None),
        cell(row, "condition"),
        text(row, "note"),
    )


def _layer(row: Row, attributes: Mapping[str, Attribute]) -> LayerRule:
    name = cell(row, "attribute")
    return LayerRule(
        cell(row, "dataset"),
        cell(row, "column"),
        cell(row, "value"),
        name,
        answer(attributes.get(name), cell(row, "inside")),
        answer(attributes.get(name), cell(row, "outside")),
        text(row, "note"),
    )
