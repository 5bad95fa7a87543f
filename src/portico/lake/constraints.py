"""Whether a typed table keeps to its description: types, limits, allowed values, patterns, keys, references.

Every rule becomes one condition that a faulty cell fulfils; all conditions of a table are counted in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from portico.lake.described import Field, ForeignKey, Schema
from portico.lake.identity import quoted
from portico.lake.model import Column, Type
from portico.lake.profile import numbered, relation
from portico.messages import Finding, Message, Place, Severity

_AT_ONCE = 40
_LONGEST = 200
_SQL = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.TIME: "TIME",
}
# Declared and found types that need no look at the values.
_ALIKE = {
    (Type.NUMBER, Type.INTEGER),
    (Type.DATETIME, Type.DATE),
    (Type.DATETIME, Type.INSTANT),
    (Type.INSTANT, Type.DATETIME),
}
_UNFIT = {
    (Type.INTEGER, Type.NUMBER): "{c} <> floor({c})",
    (Type.DATE, Type.DATETIME): "{c} <> {c}::DATE",
    (Type.BOOLEAN, Type.INTEGER): "{c} NOT IN (0, 1)",
    (Type.INTEGER, Type.TEXT): "NOT regexp_full_match(trim({c}), '[+-]?[0-9]+')",
    (Type.NUMBER, Type.TEXT): "TRY_CAST(replace(trim({c}), ',', '.') AS DOUBLE) IS NULL",
    (Type.BOOLEAN, Type.TEXT): "TRY_CAST(trim({c}) AS BOOLEAN) IS NULL",
    (Type.DATE, Type.TEXT): "TRY_CAST(trim({c}) AS DATE) IS NULL",
    (Type.DATETIME, Type.TEXT): "TRY_CAST(trim({c}) AS TIMESTAMP) IS NULL",
    (Type.INSTANT, Type.TEXT): "TRY_CAST(trim({c}) AS TIMESTAMPTZ) IS NULL",
    (Type.TIME, Type.TEXT): "TRY_CAST(trim({c}) AS TIME) IS NULL",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table looked at: its file and columns, what it is called in findings, the number of its first row there."""

    cursor: duckdb.DuckDBPyConnection
    file: Path
    columns: tuple[Column, ...]
    name: str
    first_row: int

    def one(self, query: str) -> tuple[Any, ...]:
        """Return the one row of a query."""
        return tuple(self.cursor.execute(query).fetchone() or ())

    def find(self, message: Message, column: str = "", row: int | None = None, value: object = None) -> Finding:
        """Return a finding; ``row`` counts from 0 in the Parquet file."""
        at = self.at(row) if row is not None else 0
        shown = "" if value is None else str(value)[:_LONGEST]
        return Finding(message, Place(self.name, at, column), shown, Severity.WARNING)

    def at(self, row: int) -> int:
        """Return the number that a row of the Parquet file has for people."""
        return row + self.first_row


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that faulty cells of a column fulfil, and the message about them; ``limit`` is what was asked."""

    id: str
    column: str
    wrong: str
    limit: str = ""


def declared(sheet: Sheet, schema: Schema, others: Mapping[str, Path]) -> Iterator[Finding]:
    """Yield where the table does not keep to ``schema``. ``others`` are the tables that it may refer to, by name."""
    if not schema.fields:
        return
    fields = schema.matched(tuple(column.name for column in sheet.columns))
    yield from _names(sheet, schema, fields)
    rules: list[Rule] = []
    for column in sheet.columns:
        if column.name in fields:
            yield from _rules(sheet, column, fields[column.name], rules)
    yield from broken(sheet, rules)
    by_field = {field.name: column for column, field in reversed(fields.items())}
    for column in sheet.columns:
        if column.name in fields and fields[column.name].constraints.unique and not column.is_geometry:
            yield from repeated(sheet, "check-unique", (column.name,))
    if schema.primary_key and all(name in by_field for name in schema.primary_key):
        key = tuple(by_field[name] for name in schema.primary_key)
        yield from broken(sheet, [Rule("check-required", name, f"{quoted(name)} IS NULL") for name in key])
        yield from repeated(sheet, "check-primary-key", key)
    for reference in schema.foreign_keys:
        if all(name in by_field for name in reference.fields):
            yield from _referring(sheet, reference, tuple(by_field[name] for name in reference.fields), others)


def _names(sheet: Sheet, schema: Schema, fields: Mapping[str, Field]) -> Iterator[Finding]:
    there = {field.name for field in fields.values()}
    for field in schema.fields:
        if field.name not in there:
            yield sheet.find(Message("check-column-absent", {"column": field.name}), field.name)
    more = [column.name for column in sheet.columns if column.name not in fields and not column.is_geometry]
    if more:
        shown = ", ".join(more[:20]) + (", …" if len(more) > 20 else "")  # noqa: PLR2004
        yield sheet.find(Message("check-columns-undeclared", {"columns": shown}), more[0])


def _rules(sheet: Sheet, column: Column, field: Field, rules: list[Rule]) -> Iterator[Finding]:
    """Add to ``rules`` what ``field`` asks of ``column``; yield what it asks in a way that cannot be understood."""
    cell, asked = _cell(column, field), field.constraints
    if asked.required:
        rules.append(Rule("check-required", column.name, f"{cell} IS NULL"))
    if column.is_geometry:
        return
    unfit = _unfit(sheet, column, field)
    if unfit:
        declared_type = field.type.value if field.type else ""
        rules.append(Rule("check-type-unmet", column.name, unfit.replace("{c}", cell), declared_type))
    if field.type not in (None, column.type, Type.TEXT) and column.type is Type.TEXT:
        return  # what limits mean for a column that is not of its declared type is not known
    for message, sign, limit in (("check-minimum", "<", asked.minimum), ("check-maximum", ">", asked.maximum)):
        if limit and column.type not in (Type.TEXT, Type.BOOLEAN):
            literal = _literal(sheet, column.type, limit)
            if literal is None:
                yield sheet.find(
                    Message("check-limit-unreadable", {"column": column.name, "limit": limit}), column.name
                )
            else:
                rules.append(Rule(message, column.name, f"{cell} {sign} {literal}", limit))
    if asked.enum:
        literals = [_literal(sheet, column.type, one) for one in asked.enum]
        allowed = ", ".join(one for one in literals if one is not None)
        shown = ", ".join(asked.enum[:10]) + (", …" if len(asked.enum) > 10 else "")  # noqa: PLR2004
        wrong = f"{cell} NOT IN ({allowed})" if allowed else f"{cell} IS NOT NULL"
        rules.append(Rule("check-enum", column.name, wrong, shown))
    if column.type is Type.TEXT:
        yield from _text_rules(sheet, column, field, cell, rules)


def _text_rules(sheet: Sheet, column: Column, field: Field, cell: str, rules: list[Rule]) -> Iterator[Finding]:
    asked = field.constraints
    if asked.pattern:
        detail = _fault_of(sheet, f"regexp_full_match('', {_text(asked.pattern)})")
        if detail:
            values = {"column": column.name, "pattern": asked.pattern[:_LONGEST], "detail": detail}
            yield sheet.find(Message("check-pattern-invalid", values), column.name, value=asked.pattern)
        else:
            wrong = f"NOT regexp_full_match({cell}, {_text(asked.pattern)})"
            rules.append(Rule("check-pattern", column.name, wrong, asked.pattern[:_LONGEST]))
    if asked.min_length:
        rules.append(
            Rule("check-min-length", column.name, f"length({cell}) < {asked.min_length}", str(asked.min_length))
        )
    if asked.max_length is not None:
        rules.append(
            Rule("check-max-length", column.name, f"length({cell}) > {asked.max_length}", str(asked.max_length))
        )


def _cell(column: Column, field: Field) -> str:
    """Return the SQL of a cell, NULL where it holds a declared word for nothing."""
    words = [word for word in field.missing_values if word]
    if column.type is not Type.TEXT or not words:
        return quoted(column.name)
    return f"CASE WHEN {quoted(column.name)} NOT IN ({', '.join(map(_text, words))}) THEN {quoted(column.name)} END"


def _unfit(sheet: Sheet, column: Column, field: Field) -> str:
    """Return the condition over ``{c}`` that a value is not of the declared type, empty where all are."""
    pair = (field.type, column.type)
    if field.type in (None, column.type, Type.TEXT, Type.POINT, Type.GEOMETRY) or pair in _ALIKE:
        return ""
    if column.type is Type.TEXT and field.format and not _fault_of(sheet, f"try_strptime('', {_text(field.format)})"):
        return f"try_strptime(trim({{c}}), {_text(field.format)}) IS NULL AND {{c}} IS NOT NULL"
    unfit = _UNFIT.get((field.type, column.type)) if field.type else None
    return f"{unfit} AND {{c}} IS NOT NULL" if unfit else "{c} IS NOT NULL"


def _literal(sheet: Sheet, kind: Type, limit: str) -> str | None:
    """Return a limit as SQL of the type of a column, None where it cannot be read as one."""
    if kind is Type.TEXT:
        return _text(limit)
    sql = "DOUBLE" if kind is Type.INTEGER and not re.fullmatch("[+-]?[0-9]{1,18}", limit) else _SQL[kind]
    literal = f"TRY_CAST({_text(limit)} AS {sql})"
    return literal if sheet.one(f"SELECT {literal} IS NOT NULL")[0] else None


def _fault_of(sheet: Sheet, expression: str) -> str:
    """Return what the engine has against an expression, empty where nothing."""
    try:
        sheet.cursor.execute(f"SELECT {expression}").fetchone()
    except duckdb.Error as error:
        return str(error).splitlines()[0][:_LONGEST]
    return ""


def broken(sheet: Sheet, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield a finding for each rule that cells break: how many, the first row, its value."""
    source, row = numbered(sheet.file, sheet.columns)
    for start in range(0, len(rules), _AT_ONCE):
        some = rules[start : start + _AT_ONCE]
        asked = ", ".join(
            f"count(*) FILTER ({rule.wrong}), min({row}) FILTER ({rule.wrong}), "
            f"arg_min({_shown(sheet, rule.column)}, {row}) FILTER ({rule.wrong})"
            for rule in some
        )
        found = sheet.one(f"SELECT {asked} FROM {source}")
        for place, rule in enumerate(some):
            count, first, value = found[3 * place : 3 * place + 3]
            if count:
                yield sheet.find(_said(rule, count, sheet.at(first), value), rule.column, first, value)


def _said(rule: Rule, count: int, row: int, value: object) -> Message:
    values = {"column": rule.column, "count": count, "row": row}
    shown = {**values, "limit": rule.limit, "value": "" if value is None else str(value)[:_LONGEST]}
    return {
        "check-required": Message("check-required", values),
        "check-type-unmet": Message("check-type-unmet", shown),
        "check-minimum": Message("check-minimum", shown),
        "check-maximum": Message("check-maximum", shown),
        "check-enum": Message("check-enum", shown),
        "check-pattern": Message("check-pattern", shown),
        "check-min-length": Message("check-min-length", shown),
        "check-max-length": Message("check-max-length", shown),
        "check-geometry-invalid": Message("check-geometry-invalid", values),
        "check-geometry-outside": Message("check-geometry-outside", values),
    }[rule.id]


def _shown(sheet: Sheet, name: str) -> str:
    """Return the SQL of the text of a value as it is shown; a geometry is not."""
    column = next(one for one in sheet.columns if one.name == name)
    if column.is_geometry:
        return "''"
    plain = f"make_timestamp(epoch_us({quoted(name)}))" if column.type is Type.INSTANT else quoted(name)
    return f"left({plain}::VARCHAR, {_LONGEST})"


def repeated(sheet: Sheet, kind: str, names: Sequence[str]) -> Iterator[Finding]:
    """Yield how many rows repeat another's values in the columns ``names``; rows with an empty one are left out."""
    source, row = numbered(sheet.file, sheet.columns)
    key = ", ".join(map(quoted, names))
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in names)
    groups = (
        f"SELECT count(*) AS n, max({row}) AS latest FROM {source} WHERE {filled} GROUP BY {key} HAVING count(*) > 1"
    )
    count, at = sheet.one(f"SELECT coalesce(sum(n - 1), 0)::BIGINT, min(latest) FROM ({groups})")
    if not count:
        return
    cells = " || ' | ' || ".join(_shown(sheet, name) for name in names)
    (value,) = sheet.one(f"SELECT {cells} FROM {source} WHERE {row} = {at}")
    values = {"column": ", ".join(names), "count": int(count), "row": sheet.at(at), "value": str(value)[:_LONGEST]}
    message = Message("check-unique", values) if kind == "check-unique" else Message("check-primary-key", values)
    yield sheet.find(message, names[0], at, value)


def _referring(
    sheet: Sheet, reference: ForeignKey, names: tuple[str, ...], others: Mapping[str, Path]
) -> Iterator[Finding]:
    """Yield how many rows refer to a row that the other table does not have."""
    file = _other(sheet, reference.resource, others)
    there = _columns_of(sheet, file) if file is not None else ()
    if file is None or not set(reference.reference) <= set(there):
        values = {"column": ", ".join(names), "resource": reference.resource or sheet.name}
        yield sheet.find(Message("check-reference-unchecked", values), names[0])
        return
    source, row = numbered(sheet.file, sheet.columns)
    filled = " AND ".join(f"t.{quoted(name)} IS NOT NULL" for name in names)
    # As text: a code may have been read as a number in one of the tables, and only there.
    same = " AND ".join(
        f"t.{quoted(name)}::VARCHAR = o.{quoted(other)}::VARCHAR"
        for name, other in zip(names, reference.reference, strict=True)
    )
    orphans = f"{source} t ANTI JOIN {relation(file)} o ON {same}"
    count, at = sheet.one(f"SELECT count(*), min({row}) FROM {orphans} WHERE {filled}")
    if count:
        cells = " || ' | ' || ".join(_shown(sheet, name) for name in names)
        (value,) = sheet.one(f"SELECT {cells} FROM {source} WHERE {row} = {at}")
        told: dict[str, object] = {
            "column": ", ".join(names),
            "count": count,
            "row": sheet.at(at),
            "value": str(value)[:_LONGEST],
            "resource": reference.resource or sheet.name,
        }
        yield sheet.find(Message("check-reference", told), names[0], at, value)


def _other(sheet: Sheet, resource: str, others: Mapping[str, Path]) -> Path | None:
    """Return the file of the table called ``resource``, with or without an ending; the table itself has no name."""
    if not resource:
        return sheet.file
    stems = {PurePosixPath(name).stem.casefold(): path for name, path in others.items()}
    return others.get(resource) or stems.get(PurePosixPath(resource).stem.casefold())


def _columns_of(sheet: Sheet, file: Path) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in sheet.cursor.execute(f"DESCRIBE SELECT * FROM {relation(file)}").fetchall())


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
