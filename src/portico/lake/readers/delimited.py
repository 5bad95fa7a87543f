"""Delimited text: what was sniffed is checked against the whole file before a single cell is believed.

The engine reads a regular file in place, at full speed. It is believed where it reads to the end without a complaint,
where the delimiters of the file are exactly those between its cells and those inside quoted ones, and where no header
stands among the data. Any other file is read record by record (``records``), which is slower and loses nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from portico.errors import InputError, UsageError
from portico.lake.found import Dialect, Member, Parsed, RejectWriter, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_COLUMNS
from portico.lake.readers import fixed_width, records
from portico.lake.sniff import dialect, encoding, sample, shape
from portico.lake.sniff.dialect import Proposal
from portico.lake.sniff.encoding import MIXED, Written
from portico.lake.sniff.sample import Sample
from portico.lake.sniff.shape import Shape
from portico.messages import Finding, Message, Place, Severity

_SAMPLED = 1_000
_BLOCK = 1 << 22
_UNUSED = "\x1f"


@dataclass(frozen=True, slots=True)
class Layout:
    """A prepared file (UTF-8) and where the data stand in it: from byte ``start`` to byte ``end``.

    The header begins at byte ``header_start``, in ``header_row``, and its first row has ``header_cells``.
    """

    path: Path
    written: Written
    proposal: Proposal
    shape: Shape
    width: int
    start: int
    end: int
    first_row: int
    footers: int
    header_start: int
    header_row: int
    header_cells: int


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one table of a text file; none where there is nothing in it.

    Raises InputError where the text is no table: one line beyond every limit, more columns than any table has.
    """
    glanced = encoding.glance(member.path) if not shop.told.encoding else None
    if glanced is None:
        return _slowly(member, shop)
    taken = sample.take(member.path, member.name)
    if not any(line.strip() for line in (*taken.head, *taken.tail)):
        return _slowly(member, shop)
    layout = _layout(member.path, glanced, taken, shop, member.name)
    at_once = _in_place(layout, taken, member, shop) if layout.proposal.splitter.delimiter else None
    if at_once is None:
        return _slowly(member, shop, (taken, layout))
    return [replace(_with_header(at_once, layout, shop), issues=_said(layout, member.name))]


def _slowly(member: Member, shop: Workshop, glimpsed: tuple[Sample, Layout] | None = None) -> list[Parsed]:
    """Return the table of a file that is not plain, regular UTF-8 at first glance.

    ``glimpsed`` is what that glance made of it: where the file is plain all the same, its layout is what it was.
    """
    written = encoding.survey(member.path, shop.told.encoding, shop.country)
    is_refused = False
    if written.is_plain and glimpsed:
        taken, before = glimpsed
        layout = replace(before, written=written)
        has_one = written.has_one_newline == before.written.has_one_newline
        is_refused = has_one and bool(before.proposal.splitter.delimiter)
    else:
        path = member.path
        if not written.is_plain:
            path = shop.place(".txt")
            encoding.transcode(member.path, written, path)
        taken = sample.take(path, member.name)
        if not any(line.strip() for line in (*taken.head, *taken.tail)):
            return []
        layout = _layout(path, written, taken, shop, member.name)
    if not layout.proposal.splitter.delimiter:
        fixed = fixed_width.read(shop, layout.path, taken, written)
        if fixed is not None:
            return [fixed]
    at_once = None if is_refused else _in_place(layout, taken, member, shop)
    parsed = at_once or records.read(layout, member, shop)
    issues = (*_spoken(written, member.name), *_said(layout, member.name), *parsed.issues)
    return [replace(_with_header(parsed, layout, shop), issues=issues)]


def _with_header(parsed: Parsed, layout: Layout, shop: Workshop) -> Parsed:
    """Keep a header whose names belong to no column as a reject: it is lost otherwise."""
    if layout.shape.is_aligned:
        return parsed
    with RejectWriter(shop.place(".rejects.csv")) as rejects:
        rejects.add(layout.header_row, "", _header(layout), "row-header-width")
    if parsed.rejects is not None:
        with rejects.path.open("ab") as out, parsed.rejects.open("rb") as others:
            shutil.copyfileobj(others, out)
    return replace(parsed, rejects=rejects.path, reject_count=parsed.reject_count + 1)


def _header(layout: Layout) -> str:
    """Return the header as it stands in the file."""
    with layout.path.open("rb") as file:
        file.seek(layout.header_start)
        return file.read(layout.start - layout.header_start).decode("utf-8", "replace").strip("\ufeff\r\n")


def _layout(path: Path, written: Written, taken: Sample, shop: Workshop, name: str) -> Layout:
    lines = (*taken.head[:_SAMPLED], *taken.middle[:_SAMPLED], *taken.tail[-_SAMPLED:])
    proposal = dialect.propose(lines, shop.told.delimiter, shop.told.quote)
    head, ends = _head_records(taken, proposal)
    if proposal.width > MAX_COLUMNS:
        raise InputError("too-many-columns", file=name, count=proposal.width, limit=MAX_COLUMNS)
    if not 0 <= shop.told.header_row <= len(head):
        raise UsageError("header-row-outside", row=shop.told.header_row, count=len(head))
    found, width = _shaped(head, proposal.width, shop.told.header_row)
    above = found.preamble + found.header
    top = taken.starts[0] if taken.starts else 0
    start = ends[above - 1] if above else top
    header = ends[found.preamble - 1] if found.preamble else top
    first_row = _line_of(taken, start) if above else 1
    footers, end = _footers(taken, proposal, width, start)
    cells = len(head[found.preamble]) if found.preamble < len(head) else 0
    header_row = _line_of(taken, header)
    return Layout(path, written, proposal, found, width, start, end, first_row, footers, header, header_row, cells)


def _head_records(taken: Sample, proposal: Proposal) -> tuple[list[list[str]], list[int]]:
    """Return the first records, blank ones too, and the offset behind each."""
    splitter = proposal.splitter
    found: list[list[str]] = []
    ends: list[int] = []
    bounds = [*taken.starts[1:], taken.head_end]
    index, lines = 0, taken.head[:_SAMPLED]
    while index < len(lines):
        cells, used = dialect.one_record(lines, index, splitter, proposal.width)
        index += used
        found.append(cells)
        ends.append(bounds[index - 1])
    return found, ends


def _shaped(head: Sequence[Sequence[str]], width: int, header_row: int) -> tuple[Shape, int]:
    """Return the shape of the table and its width: a delimiter at the end of every line makes no column."""
    found = shape.shape_of(head, width, header_row)
    if not found.header or width < 3:  # noqa: PLR2004 - a second column, though empty, is a column
        return found, width
    first = head[found.preamble]
    rows = [record for record in head[found.preamble + found.header :] if len(record) == width]
    if (
        len(first) == width
        and not first[-1].strip()
        and len(rows) > 1
        and not any(record[-1].strip() for record in rows)
    ):
        narrow = shape.shape_of([record[: width - 1] for record in head], width - 1, header_row)
        return narrow, width - 1
    return found, width


def _line_of(taken: Sample, offset: int) -> int:
    """Return the number of the line that starts at ``offset``, from 1."""
    return next(
        (number for number, start in enumerate(taken.starts, start=1) if start >= offset), len(taken.starts) + 1
    )


def _footers(taken: Sample, proposal: Proposal, width: int, start: int) -> tuple[int, int]:
    """Return how many lines below the data are notes, and the offset at which the data end."""
    lines, starts = taken.last
    below = [(line, at) for line, at in zip(lines, starts, strict=True) if at >= start]
    below = below[-60:]
    cells = []
    for line, _ in below:
        split = proposal.splitter.strict(line)
        cells.append(split.cells if split and not split.open else ["?"] * width)
    if len(cells) < 2:  # noqa: PLR2004 - a single row is data
        return 0, taken.size
    count = min(shape.footer_rows(cells, width), len(cells) - 1)
    return (count, below[len(below) - count][1]) if count else (0, taken.size)


def _in_place(layout: Layout, taken: Sample, member: Member, shop: Workshop) -> Parsed | None:
    """Return the table as the engine reads it from the file itself, or nothing where the file is not regular."""
    splitter = layout.proposal.splitter
    delimiter = splitter.delimiter or _UNUSED
    if len(delimiter) > 1 or splitter.escape != splitter.quote or layout.footers or not layout.written.has_one_newline:
        return None
    if layout.width != layout.proposal.width or layout.shape.preamble or layout.first_row > 2:  # noqa: PLR2004
        return None
    names = layout.shape.names
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    relation = (
        f"read_csv({_text(str(layout.path))}, delim={_text(delimiter)}, quote={_text(splitter.quote)}, "
        f"escape={_text(splitter.escape)}, header=false, skip={layout.first_row - 1}, auto_detect=false, "
        f"strict_mode=true, columns={{{columns}}})"
    )
    checked = _checked(relation, layout, shop)
    if checked is None:
        return None
    rows, filled = checked
    return Parsed(
        name="",
        relation=relation,
        columns=names,
        rows=rows,
        format=member.format,
        headers=layout.shape.headers,
        dialect=dialect_of(layout),
        first_row=layout.first_row,
        filled=filled,
        sample=_further_on(layout, taken),
    )


def _further_on(layout: Layout, taken: Sample) -> tuple[tuple[str, ...], ...]:
    """Return records from the middle and the end of a large file."""
    splits = (layout.proposal.splitter.strict(line) for line in (*taken.middle, *taken.tail))
    return tuple(tuple(one.cells) for one in splits if one and not one.open and len(one.cells) == layout.width)


def _checked(relation: str, layout: Layout, shop: Workshop) -> tuple[int, dict[str, int]] | None:
    """Return how many rows ``relation`` has and how many cells of each column are filled; nothing if it is not all."""
    splitter, names = layout.proposal.splitter, layout.shape.names
    between, quotes = _counted(layout)
    wanted = ["count(*)"]
    if quotes and splitter.delimiter:
        cut = _text(splitter.delimiter)
        inside = " + ".join(
            f"coalesce(sum(CASE WHEN contains({name}, {cut}) "
            f"THEN strlen({name}) - strlen(replace({name}, {cut}, '')) END), 0)"
            for name in map(quoted, names)
        )
        wanted.append(f"({inside})::BIGINT")
    else:
        wanted.append("0")
    heads = [(name, head) for name, head in zip(names, layout.shape.headers, strict=True) if head][:3]
    same = " AND ".join(f"trim({quoted(name)}) = {_text(head.strip())}" for name, head in heads)
    wanted.append(f"count(*) FILTER (WHERE {same})" if layout.shape.header and heads else "0")
    if quotes:
        mark = _text(splitter.quote)
        literal = " + ".join(f"coalesce(contains({name}, {mark}), false)::INTEGER" for name in map(quoted, names))
        wanted.append(f"count(*) FILTER ({literal} > 1)")
    known = len(wanted)
    wanted += [f"count({quoted(name)})" for name in names]
    cursor = shop.cursor()
    try:
        counted = cursor.execute(f"SELECT {', '.join(wanted)} FROM {relation}").fetchone()
    except duckdb.Error:
        return None
    finally:
        cursor.close()
    if counted is None:
        return None
    rows, inside_count, *odd = (int(value) for value in counted[:known])
    expected = rows * (layout.width - 1) + inside_count
    if any(odd) or (splitter.delimiter and between != expected):
        return None
    return rows, dict(zip(names, map(int, counted[known:]), strict=True))


def _counted(layout: Layout) -> tuple[int, int]:
    """Return how many delimiters and quotes stand among the bytes of the data."""
    delimiter = layout.proposal.splitter.delimiter.encode()
    quote = layout.proposal.splitter.quote.encode()
    delimiters = quotes = 0
    with layout.path.open("rb") as file:
        file.seek(layout.start)
        while block := file.read(_BLOCK):
            delimiters += block.count(delimiter) if delimiter else 0
            quotes += block.count(quote)
    return delimiters, quotes


def dialect_of(layout: Layout) -> Dialect:
    """Return what was found of the dialect, for people."""
    splitter = layout.proposal.splitter
    return Dialect(
        encoding=layout.written.encoding.removeprefix(MIXED)
        if MIXED in layout.written.encoding
        else layout.written.encoding,
        delimiter=splitter.delimiter,
        quote=splitter.quote,
        escape=splitter.escape,
        newline=layout.written.newline,
        preamble_rows=layout.shape.preamble,
        header_rows=layout.shape.header,
        footer_rows=layout.footers,
    )


def _spoken(written: Written, name: str) -> tuple[Finding, ...]:
    """Return what must be said of the bytes."""
    found = []

    def say(message: str, **values: object) -> None:
        found.append(Finding(Message(message, {"file": name, **values}), Place(name), "", Severity.WARNING))

    if written.encoding.startswith(MIXED):
        say("encoding-mixed", encoding=written.encoding.removeprefix(MIXED))
    elif not written.encoding.startswith("utf"):
        say("encoding-country", encoding=written.encoding, byte=written.invalid_at)
    if written.nothings:
        say("text-nothings", count=written.nothings)
    if not written.has_one_newline:
        say("line-ends-mixed", crlf=written.crlf, lf=written.lf, cr=written.cr)
    return tuple(found)


def _said(layout: Layout, name: str) -> tuple[Finding, ...]:
    """Return what must be said of the table: a header that does not fit, a file that came out as one column."""
    shape_, found = layout.shape, []
    if not shape_.is_aligned:
        values = {"cells": layout.header_cells, "columns": layout.width}
        at = Place(name, layout.header_row)
        found.append(Finding(Message("header-width", values), at, _header(layout)[:500], Severity.WARNING))
    if not shape_.header:
        found.append(Finding(Message("header-none", {"file": name}), Place(name, 1), "", Severity.WARNING))
    if not layout.proposal.splitter.delimiter and any(mark in shape_.headers[0] for mark in ",;\t| "):
        found.append(Finding(Message("one-column", {"file": name}), Place(name), "", Severity.WARNING))
    return tuple(found)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
