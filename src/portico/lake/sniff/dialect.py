"""The dialect of a delimited file, from samples of all of it: delimiter, quote, escape.

Every candidate splits the samples; the one that cuts most lines into the same number of clean cells wins. What is
found here is checked later against every byte of the file (see ``readers.delimited``): this is a proposal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portico.lake.sniff.records import Splitter
from portico.lake.sniff.shape import is_typed

_DELIMITERS = (";", "\t", "|", ",", "^", "~", "\x1f", " ")
_WEAK = {" ": 0.6, "^": 0.95, "~": 0.95}
_FOREIGN = re.compile(r"[;\t|]")
_ENOUGH = 0.35
_JOINED = 200
NO_DELIMITER = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A splitter, how many cells most records have, and the share of sampled records that agree."""

    splitter: Splitter
    width: int
    agreement: float


def propose(lines: Sequence[str], delimiter: str = "", quote: str = "") -> Proposal:
    """Return the dialect in which ``lines`` (without their ends, blank ones too) make the best table."""
    wanted = [line for line in lines if line.strip()]
    delimiters = (delimiter,) if delimiter else _DELIMITERS
    best, best_score = Proposal(Splitter(NO_DELIMITER, quote or '"', quote or '"'), 1, 1.0), _ENOUGH
    for candidate in delimiters:
        found = _spaced(wanted, candidate) if not delimiter else candidate
        if not any(found in line for line in wanted):
            continue
        splitter = _splitter(wanted, found, quote)
        proposal, score = _score(wanted, splitter)
        if score > best_score:
            best, best_score = proposal, score
    if delimiter and not best.splitter.delimiter:
        return Proposal(_splitter(wanted, delimiter, quote), 1, 1.0)
    return best


def _spaced(lines: Sequence[str], delimiter: str) -> str:
    """Return ``delimiter`` with the blank that always follows it, where one does."""
    if delimiter not in ",;|":
        return delimiter
    every = sum(line.count(delimiter) for line in lines)
    spaced = sum(line.count(f"{delimiter} ") for line in lines)
    at_end = sum(line.endswith(delimiter) for line in lines)
    return f"{delimiter} " if every and spaced + at_end >= every * 0.98 and spaced > every / 2 else delimiter


def _splitter(lines: Sequence[str], delimiter: str, quote: str) -> Splitter:
    chosen = quote or _quote(lines, delimiter)
    if any(f"\\{chosen}" in line for line in lines):
        slashed, plain = Splitter(delimiter, chosen, "\\"), Splitter(delimiter, chosen, chosen)
        if _faults(lines, slashed) * 2 <= _faults(lines, plain) - 1:
            return slashed
    return Splitter(delimiter, chosen, chosen)


def _faults(lines: Sequence[str], splitter: Splitter) -> int:
    return sum(splitter.strict(line) is None for line in lines)


def _quote(lines: Sequence[str], delimiter: str) -> str:
    """Return the quote that stands most often at the borders of cells; the double quote where none does."""
    pairs = {mark: _borders(lines, delimiter, mark) for mark in ('"', "'")}
    return "'" if pairs["'"] > pairs['"'] and pairs["'"] > 1 else '"'


def _borders(lines: Sequence[str], delimiter: str, mark: str) -> int:
    opened = sum(line.count(delimiter + mark) + line.startswith(mark) for line in lines)
    closed = sum(line.count(mark + delimiter) + line.endswith(mark) for line in lines)
    return min(opened, closed)


def _score(lines: Sequence[str], splitter: Splitter) -> tuple[Proposal, float]:
    records = list(records_of(lines, splitter))
    widths = Counter(len(cells) for cells in records)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return Proposal(splitter, 1, 0.0), 0.0
    width = max(several, key=lambda one: (several[one], one))
    agreement = several[width] / len(records)
    cells = [cell for record in records if len(record) == width for cell in record]
    clean = 1 - sum(_FOREIGN.search(cell) is not None for cell in cells if cell) / max(len(cells), 1)
    weak = _WEAK.get(splitter.delimiter, 1.0)
    size = 1 - 0.3 / width
    return Proposal(splitter, width, agreement), agreement * (0.4 + 0.6 * clean) * weak * size


def records_of(lines: Sequence[str], splitter: Splitter) -> Iterator[list[str]]:
    """Yield the cells of each record; a cell over several lines is put together, a faulty line split leniently."""
    index = 0
    while index < len(lines):
        cells, used = one_record(lines, index, splitter, 0)
        index += used
        yield cells


def one_record(lines: Sequence[str], index: int, splitter: Splitter, expected: int) -> tuple[list[str], int]:
    """Return the cells of the record that begins in line ``index``, and how many lines it takes.

    A line with faulty quotes is read with ``expected`` cells where that is possible, else as it comes.
    """
    line = lines[index]
    split = splitter.strict(line)
    if split is not None and not split.open:
        if expected > 1 and len(split.cells) != expected:
            other = splitter.other(line, expected) or _by_blanks(lines, index, splitter, expected)
            return (other[0] if other else split.cells), 1
        return split.cells, 1
    if split is not None:
        joined = _join(lines, index, splitter)
        if joined is not None and (expected < 2 or len(joined[0]) == expected):  # noqa: PLR2004
            return joined
    cells = splitter.lenient(line, expected) if expected else None
    return cells if cells is not None else splitter.loose(line), 1


def _by_blanks(lines: Sequence[str], index: int, splitter: Splitter, expected: int) -> tuple[list[str], str] | None:
    """Return the cells of a header cut at blanks, where that gives ``expected`` cells and data stand right below."""
    split = Splitter(" ", splitter.quote, splitter.escape).strict(lines[index])
    if not split or split.open or len(split.cells) != expected or index + 1 >= len(lines):
        return None
    below = splitter.strict(lines[index + 1])
    fits = below is not None and len(below.cells) == expected and any(map(is_typed, below.cells))
    return (split.cells, " ") if fits and not any(map(is_typed, split.cells)) else None


def _join(lines: Sequence[str], index: int, splitter: Splitter) -> tuple[list[str], int] | None:
    """Return the cells of a record that begins in line ``index`` and goes on over the next ones, and their number."""
    text = lines[index]
    for used in range(1, min(_JOINED, len(lines) - index)):
        more = lines[index + used]
        text = f"{text}\n{more}"
        if splitter.quote not in more:
            continue
        split = splitter.strict(text)
        if split is None:
            return None
        if not split.open:
            return split.cells, used + 1
    return None
