"""Which type a column is, decided by all of its values.

A sample proposes, the whole column decides. A type is taken where every value fits, or all but one in a hundred (one
alone in twenty or more); what does not fit is a reject, with its row and raw text. A misfit of a kind that the type
forbids (a leading zero, a letter behind a number) rules the type out, however rare it is: the column holds codes.
Where nothing is taken the column is text, as it stood; where a type nearly was, that is said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from portico.lake.columns import TYPES, ColumnType
from portico.lake.columns.headers import fold, unit_of
from portico.lake.decisions import BLANKS, Candidate, Decision, is_missing
from portico.lake.found import Parsed, Workshop
from portico.lake.marks import marks_of
from portico.lake.model import Type
from portico.lake.trials import DISTINCT, Trial, formats, spread, unit_in

_COORDINATES = ("deg", "m")
_SAMPLE_ROWS = 2_000
_AGAINST = 60
_TOLERANCE = 0.01
_ONE_IN = 20
_AT_ONCE = 100


def decide(parsed: Parsed, shop: Workshop, expected: Mapping[str, Decision] | None = None) -> tuple[Decision, ...]:
    """Return what each column of ``parsed`` is, in order, by all of its values.

    ``expected`` are decisions that were proved already, and are taken over.
    """
    proved = expected or {}
    names = [name for name in _open_columns(parsed) if name not in proved]
    cursor = shop.cursor()
    try:
        found = _Deciding(parsed, names, shop, cursor).settled() if names else {}
    finally:
        cursor.close()
    return _in_order(parsed, {**found, **proved})


def expect(parsed: Parsed, shop: Workshop) -> tuple[Decision, ...] | None:
    """Return what the sample alone says of each column; nothing where it leaves a choice that all values must make.

    To be proved by writing the table: each column must then hold as many values as the file has filled cells.
    """
    names = _open_columns(parsed)
    if parsed.filled is None or not parsed.sample or not names:
        return None
    cursor = shop.cursor()
    try:
        found = _Deciding(parsed, names, shop, cursor).expected()
    finally:
        cursor.close()
    return None if found is None else _in_order(parsed, found)


def _open_columns(parsed: Parsed) -> list[str]:
    return [name for name in parsed.columns if name not in parsed.stated and name != parsed.geometry]


def _in_order(parsed: Parsed, found: dict[str, Decision]) -> tuple[Decision, ...]:
    for name, type_ in parsed.stated.items():
        unit = parsed.units.get(name, "") or unit_of(name)
        found[name] = Decision(name, type_, unit=unit, meaning=_named(name, type_), stated=True)
    return tuple(found[name] for name in parsed.columns if name != parsed.geometry)


class _Deciding:
    """Tries the candidates of every column against the whole table, all columns in one pass, until each is settled."""

    def __init__(self, parsed: Parsed, names: Sequence[str], shop: Workshop, cursor: duckdb.DuckDBPyConnection) -> None:
        self._parsed, self._shop, self._cursor = parsed, shop, cursor
        headers = dict(zip(parsed.columns, parsed.headers or parsed.columns, strict=True))
        self._trials = {}
        for name in names:
            self._trials[name] = Trial(name, headers[name] or name, fold(headers[name] or name), [])
        self._sample()
        self._marks = marks_of(
            [trial.values for trial in self._trials.values()],
            parsed.dialect.delimiter,
            shop.told,
            shop.country,
        )
        for trial in self._trials.values():
            trial.propose(self._marks)

    def _sample(self) -> None:
        """Take distinct values of each column from the first rows; of a column empty there, from further on."""
        cells = ", ".join(trial.cell for trial in self._trials.values())
        rows = self._rows(f"SELECT {cells} FROM {self._parsed.relation} LIMIT {_SAMPLE_ROWS}")
        rows += [row for row in self._sampled_further() if len(row) == len(self._trials)]
        columns = list(zip(*rows, strict=True)) or [()] * len(self._trials)
        for trial, values in zip(self._trials.values(), columns, strict=True):
            trial.trim = any(value is not None and value != value.strip(BLANKS) for value in values)
            trial.values = spread(values)
            if not trial.values and self._parsed.rows > _SAMPLE_ROWS:
                later = f"SELECT {trial.cell} AS c FROM {self._parsed.relation}"
                found = self._rows(f"SELECT c FROM ({later}) WHERE c IS NOT NULL AND NOT {is_missing('c')} LIMIT 500")
                trial.values = spread(value for (value,) in found)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._cursor.execute(query).fetchall()

    def _sampled_further(self) -> list[tuple[str | None, ...]]:
        """Return the cells of the records that the reader took from further on."""
        places = [self._parsed.columns.index(name) for name in self._trials]
        return [tuple(record[place] or None for place in places) for record in self._parsed.sample]

    def expected(self) -> dict[str, Decision] | None:
        """Return what the sample says, where it says one thing of every column."""
        found = {}
        for name, trial in self._trials.items():
            rivals = trial.rivals
            is_open = bool(rivals) and self._marks.is_open(rivals[0].type, trial.values)
            if len(rivals) > 1 or not trial.values or trial.trim or is_open:
                return None
            filled = (self._parsed.filled or {}).get(name, 0)
            if not rivals:
                found[name] = Decision(name, Type.TEXT, filled=filled)
                continue
            numbers = self._numbers(trial, rivals[0]) if rivals[0].type.unit in _COORDINATES else []
            found[name] = Decision(
                name,
                rivals[0].type.logical,
                rivals[0],
                unit=unit_in(rivals[0], trial),
                meaning=_meaning(rivals[0].type),
                format=formats(rivals[0], trial.values),
                filled=filled,
                low=min(numbers, default=None),
                high=max(numbers, default=None),
            )
        return found

    def _numbers(self, trial: Trial, rival: Candidate) -> list[float]:
        """Return the values of a column of coordinates in the sample."""
        texts = "unnest(from_json_strict(?::JSON, '[\"VARCHAR\"]'))"
        query = f"SELECT ({rival.convention.sql('c')})::DOUBLE FROM (SELECT {texts} AS c)"
        rows = self._cursor.execute(query, [json.dumps(trial.values)]).fetchall()
        return [value for (value,) in rows if value is not None]

    def settled(self) -> dict[str, Decision]:
        """Return the decision on every column."""
        found: dict[str, Decision] = {}
        while self._trials:
            for name, counted in self._counted(list(self._trials.values())).items():
                decision = self._judged(self._trials[name], counted)
                if decision is None:
                    self._rule_out(self._trials[name])
                else:
                    del self._trials[name]
                    found[name] = decision
        return found

    def _trimmed_helps(self, trial: Trial, chosen: Candidate) -> bool:
        """Say whether some misfit has blanks around it."""
        edge = f"regexp_matches(c, '^[{BLANKS}]|[{BLANKS}]$')"
        return bool(self._rows(f"SELECT 1 {self._misfits(trial, chosen)} AND {edge} LIMIT 1"))

    def _counted(self, trials: Sequence[Trial]) -> dict[str, dict[str, Any]]:
        """Count, for every column on trial, what fits its rivals; one pass over the table for a hundred columns."""
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(trials), _AT_ONCE):
            found |= self._counted_at_once(trials[start : start + _AT_ONCE])
        return found

    def _counted_at_once(self, trials: Sequence[Trial]) -> dict[str, dict[str, Any]]:
        inner, wanted, keys = [], [], []
        for number, (name, trial) in enumerate((one.name, one) for one in trials):
            cell, rivals = f"c{number}", trial.rivals
            inner.append(f"{trial.cell} AS {cell}")
            wanted.append(f"count({cell})")
            keys.append((name, "filled"))
            readings = [rival.convention.sql(cell) for rival in rivals]
            if rivals and rivals[0].type.unit in _COORDINATES:
                wanted += [f"min(({readings[0]})::DOUBLE)", f"max(({readings[0]})::DOUBLE)"]
                keys += [(name, "low"), (name, "high")]
            for index, reading in enumerate(readings):
                wanted.append(f"count({reading})")
                keys.append((name, f"fit{index}"))
                if index:
                    wanted.append(f"count(*) FILTER (({reading}) IS DISTINCT FROM ({readings[0]}))")
                    keys.append((name, f"differ{index}"))
        query = f"SELECT {', '.join(wanted)} FROM (SELECT {', '.join(inner)} FROM {self._parsed.relation})"
        row = self._rows(query)[0]
        found: dict[str, dict[str, Any]] = {trial.name: {} for trial in trials}
        for (name, key), value in zip(keys, row, strict=True):
            found[name][key] = value
        return found

    def _judged(self, trial: Trial, counted: Mapping[str, Any]) -> Decision | None:
        """Return the decision on a column, or nothing where its candidate is to be ruled out."""
        filled, rivals = counted["filled"], trial.rivals
        if not rivals:
            return Decision(
                trial.name,
                Type.TEXT,
                unit="",
                filled=filled,
                refused=trial.refused,
                refused_by=trial.refused_by,
                trim=trial.trim,
            )
        fits = [counted[f"fit{index}"] for index in range(len(rivals))]
        best = max(range(len(rivals)), key=lambda index: (fits[index], -index))
        if trial.narrow and max(fits) < filled:
            trial.narrow = False
            return self._judged(trial, self._counted([trial])[trial.name])
        chosen = rivals[best]
        missing, misfits = self._odd(trial, chosen, filled - fits[best])
        if misfits and not trial.trim and self._trimmed_helps(trial, chosen):
            trial.trim = True
            return self._judged(trial, self._counted([trial])[trial.name])
        if filled == missing or not _tolerable(misfits, filled - missing) or self._forbidden(trial, chosen, misfits):
            return None
        equal = [index for index in range(len(rivals)) if fits[index] == fits[best] and index != best]
        differ = any(counted.get(f"differ{index}", 0) for index in (*equal, best)) if equal else False
        one = chosen.type
        return Decision(
            trial.name,
            one.logical,
            chosen,
            unit=unit_in(chosen, trial),
            meaning=_meaning(one),
            format=formats(chosen, trial.values),
            filled=filled,
            missing=missing,
            misfits=misfits,
            refused=trial.refused,
            refused_by=trial.refused_by,
            assumed=(differ and not self._marks.is_told(one, self._shop.told))
            or self._marks.is_open(one, trial.values),
            trim=trial.trim,
            low=counted.get("low"),
            high=counted.get("high"),
        )

    def _odd(self, trial: Trial, chosen: Candidate, odd: int) -> tuple[int, int]:
        """Return how many of the ``odd`` cells say that nothing is there, and how many do not fit."""
        if not odd:
            return 0, 0
        missing = self._rows(f"SELECT count(*) {self._misfits(trial, chosen)} AND {is_missing('c')}")[0][0]
        return int(missing), odd - int(missing)

    def _forbidden(self, trial: Trial, chosen: Candidate, misfits: int) -> bool:
        """Say whether some misfit is of a kind that the type never goes with."""
        never = " OR ".join(f"regexp_full_match(c, {_text(one)})" for one in chosen.type.never_with)
        if not misfits or not never:
            return False
        return bool(self._rows(f"SELECT 1 {self._misfits(trial, chosen)} AND ({never}) LIMIT 1"))

    def _misfits(self, trial: Trial, chosen: Candidate) -> str:
        inner = f"SELECT {trial.cell} AS c FROM {self._parsed.relation}"
        return f"FROM ({inner}) WHERE c IS NOT NULL AND ({chosen.convention.sql('c')}) IS NULL"

    def _rule_out(self, trial: Trial) -> None:
        """Rule the candidate out, and let the values that spoke against it make new proposals."""
        rival = trial.candidates[0]
        against = f"SELECT DISTINCT c {self._misfits(trial, rival)} AND NOT {is_missing('c')} LIMIT {_AGAINST}"
        values = sorted(value for (value,) in self._rows(against))
        trial.gone.add(rival.type.name)
        if values and not trial.refused:
            trial.refused, trial.refused_by = rival.type.name, values[0]
        trial.values = list(dict.fromkeys([*values, *trial.values]))[: DISTINCT + _AGAINST]
        trial.propose(self._marks)


def _tolerable(misfits: int, values: int) -> bool:
    return misfits <= values * _TOLERANCE or (misfits == 1 and values >= _ONE_IN)


def _named(name: str, type_: Type) -> str:
    """Return what a column of stated numbers is by its name alone, where that is a coordinate."""
    if type_ is not Type.NUMBER:
        return ""
    folded = fold(name)
    named = (one for one in TYPES if one.unit in _COORDINATES and one.logical is type_ and one.named_by(folded))
    return next((one.meaning or one.name for one in named), "")


def _meaning(one: ColumnType) -> str:
    return one.meaning or (one.name if one.logical is Type.TEXT else "")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
