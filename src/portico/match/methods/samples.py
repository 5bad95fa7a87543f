"""Stored samples of weights and of values, so that a result can be repeated exactly: read and written.

Weights: a column for each criterion, a row a draw. Values, in the units of the table: ``draw``, the alternative's id,
a column for each criterion; what is left out or empty is as in the table. Or arrays of numpy (``.npy``): draws ×
criteria, draws × alternatives × criteria, in the order of spec and table.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from portico.errors import InputError, UnknownNameError, UsageError
from portico.lake.arrays import Arrays, arrays_of
from portico.lake.engine import Engine
from portico.match.methods.drawing import Drawn, How
from portico.match.methods.scales import FARTHEST, Floats
from portico.match.methods.spec import Spec
from portico.match.methods.table import ID, Table
from portico.match.methods.uncertain import Values
from portico.messages import did_you_mean

DRAW = "draw"
_ARRAY = ".npy"
_SUM = 1e-6


def read_weights(file: Path, spec: Spec, engine: Engine) -> Drawn:
    """Return stored weights. Raises InputError, with the row, where they are below zero or their sum is not 1."""
    ids = [one.id for one in spec.criteria]
    if file.suffix == _ARRAY:
        found, first = _array(file, (len(ids),)), 1
    else:
        with arrays_of(file, engine) as arrays:
            found, first = np.stack([arrays.numbers(one) for one in ids], axis=1), arrays.row_of(0)
    wrong = np.flatnonzero(~((found >= 0).all(axis=1) & (np.abs(found.sum(axis=1) - 1) <= _SUM)))
    if len(wrong):
        row = int(wrong[0])
        raise InputError("weights-stored-unsound", file=file.name, row=first + row, sum=float(found[row].sum()))
    return Drawn(found, How.STORED)


def read_values(file: Path, spec: Spec, table: Table, engine: Engine) -> Values:
    """Return the values of ``table`` with those draws of its cells that ``file`` stores.

    Bounds stay the table's where a cell was uncertain there; a cell that was not takes those of its draws. Raises
    InputError where a draw lacks an alternative, or an uncertain cell of the table has no draws.
    """
    whole = _whole_array(file, spec, table) if file.suffix == _ARRAY else _whole_table(file, spec, table, engine)
    if (np.abs(whole) > FARTHEST).any():
        raise InputError("draws-too-large", file=file.name)
    known = Values.of(table.low, table.high, table.scales)
    uncertain = np.zeros(table.low.shape, dtype=bool)
    uncertain[known.row, known.column] = True
    missing = np.isnan(whole)
    if (missing.any(axis=0) & uncertain).any() or (missing.any(axis=0) & ~missing.all(axis=0)).any():
        row, column = np.argwhere(missing.any(axis=0) & (uncertain | ~missing.all(axis=0)))[0].tolist()
        raise InputError("draws-missing", file=file.name, name=table.names[row], criterion=spec.criteria[column].id)
    given = ~missing.all(axis=0)
    varied = given & ~uncertain & (np.where(missing, 0.0, whole) != np.where(given, table.low, 0.0)).any(axis=0)
    column, row = np.nonzero((uncertain | varied).T)
    least, most = known.least.copy(), known.most.copy()
    for i, k in np.argwhere(varied).tolist():
        drawn = table.scales[k].values(whole[:, i, k])
        least[i, k], most[i, k] = drawn.min(), drawn.max()
    stored = np.ascontiguousarray(whole[:, row, column])
    ends = (stored.min(axis=0), stored.max(axis=0)) if len(row) else (np.empty(0), np.empty(0))
    return replace(known, least=least, most=most, row=row, column=column, start=ends[0], end=ends[1], stored=stored)


def _array(file: Path, shape: tuple[int, ...]) -> Floats:
    try:
        with file.open("rb") as opened:
            found = np.load(opened, allow_pickle=False)
    except FileNotFoundError:
        raise UsageError("file-missing", file=str(file)) from None
    except (ValueError, OSError, EOFError) as error:
        raise InputError("broken-file", file=file.name, detail=str(error).splitlines()[0]) from error
    sound = isinstance(found, np.ndarray) and found.dtype.kind in "fiu" and found.shape[1:] == shape and len(found)
    if not sound:
        wanted = " × ".join(str(one) for one in shape)
        raise InputError("array-shape", file=file.name, wanted=wanted)
    return np.asarray(found, dtype=np.float64)


def _whole_array(file: Path, spec: Spec, table: Table) -> Floats:
    found = _array(file, (len(table.names), len(spec.criteria)))
    return np.ascontiguousarray(found[:, table.record])


def _whole_table(file: Path, spec: Spec, table: Table, engine: Engine) -> Floats:
    """Return draws × alternatives × criteria, NaN where the file says nothing."""
    place = {name: row for row, name in enumerate(table.names)}
    with arrays_of(file, engine) as arrays:
        column = spec.id or ID
        named, draw = arrays.named(column), arrays.numbers(DRAW)
        rows = np.array([_row(place, named.names[code] if code >= 0 else "", arrays) for code in named.codes.tolist()])
        known = {one.name for one in arrays.columns}
        asked = [(k, one.id) for k, one in enumerate(spec.criteria) if one.id in known]
        if not asked:
            advice = did_you_mean(spec.criteria[0].id, known)
            raise UnknownNameError("column-unknown", name=spec.criteria[0].id, dataset=arrays.file, advice=advice)
        numbers = [(k, arrays.numbers(name)) for k, name in asked]
    if np.isnan(draw).any():
        raise InputError("cells-empty", file=file.name, column=DRAW)
    different, index = np.unique(draw, return_inverse=True)
    if len(np.unique(index.astype(np.int64) * len(place) + rows)) != len(rows):
        raise InputError("draws-twice", file=file.name)
    made = np.full((len(different), len(place), len(spec.criteria)), np.nan)
    for k, column_of in numbers:
        made[index, rows, k] = column_of
    return made


def _row(place: dict[str, int], name: str, arrays: Arrays) -> int:
    if name not in place:
        raise InputError("sample-of-stranger", file=arrays.file, name=name, advice=did_you_mean(name, place))
    return place[name]


def write_weights(file: Path, spec: Spec, weights: Floats) -> None:
    """Write weights as a table, each number with all of its digits."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow([one.id for one in spec.criteria])
        writer.writerows(weights.tolist())


def write_values(file: Path, spec: Spec, table: Table, values: Values, drawn: Floats) -> None:
    """Write the drawn values of the uncertain cells as a table; alternatives that are known whole are left out."""
    rows = np.unique(values.row)
    columns = np.unique(values.column)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow([DRAW, spec.id or ID, *(spec.criteria[k].id for k in columns)])
        at = {cell: number for number, cell in enumerate(zip(values.row.tolist(), values.column.tolist(), strict=True))}
        for draw, some in enumerate(drawn.tolist(), start=1):
            for row in rows.tolist():
                cells = [at.get((row, k)) for k in columns.tolist()]
                writer.writerow([draw, table.names[row], *("" if cell is None else some[cell] for cell in cells)])
