"""Which type a column is, decided by all of its values.

A sample proposes, the whole column decides. A type is taken where every value fits, or all but one in a hundred (one
alone in twenty or more); what does not fit is a reject, with its row and raw text. A misfit of a kind that the type
forbids (a leading zero, a letter behind a number) rules the type out, however rare it is: the column holds codes.
Where nothing is taken the column is text, as it stood; where a type nearly was, that is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from portico.lake.columns import TYPES, ColumnType
from portico.lake.columns.base import Convention
from portico.lake.columns.headers import fold, unit_of
from portico.lake.columns.number import NUMBER
from portico.lake.found import Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.marks import Marks, marks_of
from portico.lake.model import Type

MISSING = (
    "N/D", "n/d", "N.D.", "n.d.", "ND", "nd", "N/A", "n/a", "NA", "na", "n.a.", "N.A.", "NaN", "nan", "NULL", "null",
    "#N/D", "#N/A", "-", "--", "---", "..", "...", "….", "n.p.", "N.P.", "n.c.", "N.C.",
)  # fmt: skip
"""What people write for a value that is not there. In a column of text these stay as they are."""

_BLANKS = " \t\r\n\u00a0"
_SQL_TYPES = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.INSTANT: "TIMESTAMPTZ",
    Type.TIME: "TIME",
}
_COORDINATES = ("deg", "m")
_SAMPLE_ROWS = 2_000
_AGAINST = 60
_DISTINCT = 300
_FIRST_LOOK = 24
_LOOKS_LIKE = 0.9
_TOLERANCE = 0.01
_ONE_IN = 20
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type in one of its conventions."""

    type: ColumnType
    convention: Convention


@dataclass(frozen=True, slots=True)
class Decision:
    """What a column is. ``candidate`` is None for plain text and for what the format states itself.

    ``filled`` counts cells that hold something, ``missing`` those that say there is nothing ("N/D"), ``misfits`` those
    that do not fit the type. ``refused`` is the type that nearly fitted, with the first value that spoke against it.
    ``assumed`` says that the convention is the country's, the values leaving it open. ``low`` and ``high``
    are the ends of a column of coordinates.
    """

    column: str
    logical: Type
    candidate: Candidate | None = None
    unit: str = ""
    meaning: str = ""
    format: str = ""
    filled: int = 0
    missing: int = 0
    misfits: int = 0
    refused: str = ""
    refused_by: str = ""
    assumed: bool = False
    stated: bool = False
    trim: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def confidence(self) -> float:
        """How sure this is, 0 to 1: the share of values that fit, by the rule of succession; half where assumed."""
        if self.stated:
            return 1.0
        values = self.filled - self.missing
        share = (values - self.misfits + 1) / (values + 2)
        return round(share / 2 if self.assumed else share, 3)

    def sql(self, cell: str) -> str:
        """Return the SQL of the typed value, where ``cell`` is the SQL of ``cell_of`` this column."""
        if self.stated:
            return cell
        if self.candidate is None:
            name = quoted(self.column)
            return f"CASE WHEN NOT (starts_with({name}, ' ') AND trim({name}) = '') THEN {name} END"
        writings = self.candidate.convention.writings
        if len(writings) == 1 and not self.misfits and not self.missing:
            # Every cell was seen to be written so: there is nothing left to ask.
            return writings[0].sql(cell)[1]
        return self.candidate.convention.sql(cell)

    def cast(self, cell: str) -> str:
        """Return the SQL of the typed value in the engine's type; numbers are never minus nothing."""
        sql = self.sql(cell)
        if self.logical is Type.NUMBER:
            return f"({sql})::DOUBLE + 0.0"
        return f"({sql})::{_SQL_TYPES[self.logical]}"

    @property
    def cell_of(self) -> str:
        """Return the SQL of a cell as a type reads it: without the blanks around it, where any have some."""
        name = quoted(self.column)
        return f"nullif(trim({name}, '{_BLANKS}'), '')" if self.trim else name


def typed_relation(parsed: Parsed, decisions: Sequence[Decision], more: Sequence[str] = ()) -> str:
    """Return the SQL, to stand after FROM, of a parsed table with the columns of ``decisions`` typed.

    ``more`` names further columns of the relation that are to be there as they are.
    """
    cells = [f"{one.cell_of} AS _c{n}" for n, one in enumerate(decisions) if one.trim]
    whole = f"(SELECT *, {', '.join(cells)} FROM {parsed.relation})" if cells else parsed.relation
    typed = [
        f"{one.cast(f'_c{n}' if one.trim else quoted(one.column))} AS {quoted(one.column)}"
        for n, one in enumerate(decisions)
    ]
    typed += [quoted(name) for name in more]
    return f"(SELECT {', '.join(typed)} FROM {whole})"


def is_missing(cell: str) -> str:
    """Return the SQL that says whether a cell says that nothing is there."""
    words = ", ".join(_text(word) for word in MISSING)
    return f"(strlen({cell}) <= {max(map(len, MISSING)) + 2} AND {cell} IN ({words}))"


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
        found[name] = Decision(name, type_, unit=parsed.units.get(name, "") or unit_of(name), stated=True)
    return tuple(found[name] for name in parsed.columns if name != parsed.geometry)


def candidates(values: Sequence[str], folded: str, marks: Marks) -> list[Candidate]:
    """Return the types that ``values`` look like, the likeliest first."""
    if not values:
        return []
    step = max(len(values) // _FIRST_LOOK, 1)
    look, found = values[::step], []
    for one in TYPES:
        if not one.wants(folded):
            continue
        for convention in marks.ordered(one):
            if _share(convention, look) < _LOOKS_LIKE - 0.15 or _share(convention, values) < _LOOKS_LIKE:
                continue
            found.append(Candidate(one, convention))
        if len(found) >= _CANDIDATES:
            break
    return marks.without_misreadings(found, values, NUMBER)


def _share(convention: Convention, values: Sequence[str]) -> float:
    return sum(convention.matches(value) for value in values) / len(values)


@dataclass(slots=True)
class _Trial:
    """A column on trial: the values that speak so far, the types they look like, what was ruled out."""

    name: str
    folded: str
    values: list[str]
    trim: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    refused: str = ""
    refused_by: str = ""
    gone: set[str] = field(default_factory=set)
    narrow: bool = True

    @property
    def cell(self) -> str:
        """The SQL of a cell: trimmed where the values, or a misfit, showed that this is needed."""
        return Decision(self.name, Type.TEXT, trim=self.trim).cell_of

    def propose(self, marks: Marks) -> None:
        """Look again at what the values look like; types ruled out stay out."""
        found = candidates(self.values, self.folded, marks)
        self.candidates = [one for one in found if one.type.name not in self.gone]
        self.narrow = True

    def tried(self, rival: Candidate) -> Candidate:
        """Return ``rival`` with the writings that the values show; with all of them once those were not enough."""
        if not self.narrow:
            return rival
        seen = {_writing(rival, value) for value in self.values}
        kept = tuple(one for one in rival.convention.writings if one in seen)
        return Candidate(rival.type, Convention(rival.convention.name, kept))

    @property
    def rivals(self) -> list[Candidate]:
        """The candidate to try, and those of its type in conventions that read some value otherwise."""
        if not self.candidates:
            return []
        first, found = self.candidates[0], []
        for one in self.candidates:
            if one.type is first.type and all(_differ(one, other, self.values) for other in found):
                found.append(one)
        return [self.tried(one) for one in found]


def _differ(one: Candidate, other: Candidate, values: Sequence[str]) -> bool:
    """Say whether two conventions of a type take some value for different writings."""
    return any(_writing(one, value) != _writing(other, value) for value in values)


def _writing(one: Candidate, value: str) -> object:
    return next((writing for writing in one.convention.writings if writing.matches(value)), None)


class _Deciding:
    """Tries the candidates of every column against the whole table, all columns in one pass, until each is settled."""

    def __init__(self, parsed: Parsed, names: Sequence[str], shop: Workshop, cursor: duckdb.DuckDBPyConnection) -> None:
        self._parsed, self._shop, self._cursor = parsed, shop, cursor
        headers = dict(zip(parsed.columns, parsed.headers or parsed.columns, strict=True))
        self._trials = {}
        for name in names:
            self._trials[name] = _Trial(name, fold(headers[name] or name), [])
        self._sample()
        self._marks = marks_of(
            [trial.values for trial in self._trials.values()],
            parsed.dialect.delimiter,
            shop.told.decimal,
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
            trial.trim = any(value is not None and value != value.strip(_BLANKS) for value in values)
            trial.values = _spread(values)
            if not trial.values and self._parsed.rows > _SAMPLE_ROWS:
                later = f"SELECT {trial.cell} AS c FROM {self._parsed.relation}"
                found = self._rows(f"SELECT c FROM ({later}) WHERE c IS NOT NULL AND NOT {is_missing('c')} LIMIT 500")
                trial.values = _spread(value for (value,) in found)

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
            if len(rivals) > 1 or not trial.values or trial.trim:
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
                unit=_unit(rivals[0], trial),
                meaning=_meaning(rivals[0].type),
                format=_formats(rivals[0], trial.values),
                filled=filled,
                low=min(numbers, default=None),
                high=max(numbers, default=None),
            )
        return found

    def _numbers(self, trial: _Trial, rival: Candidate) -> list[float]:
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

    def _trimmed_helps(self, trial: _Trial, chosen: Candidate) -> bool:
        """Say whether some misfit has blanks around it."""
        edge = f"regexp_matches(c, '^[{_BLANKS}]|[{_BLANKS}]$')"
        return bool(self._rows(f"SELECT 1 {self._misfits(trial, chosen)} AND {edge} LIMIT 1"))

    def _counted(self, trials: Sequence[_Trial]) -> dict[str, dict[str, Any]]:
        """Count, for every column on trial, what fits its rivals; one pass over the table."""
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

    def _judged(self, trial: _Trial, counted: Mapping[str, Any]) -> Decision | None:
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
            unit=_unit(chosen, trial),
            meaning=_meaning(one),
            format=_formats(chosen, trial.values),
            filled=filled,
            missing=missing,
            misfits=misfits,
            refused=trial.refused,
            refused_by=trial.refused_by,
            assumed=differ and not self._marks.is_told(one, self._shop.told),
            trim=trial.trim,
            low=counted.get("low"),
            high=counted.get("high"),
        )

    def _odd(self, trial: _Trial, chosen: Candidate, odd: int) -> tuple[int, int]:
        """Return how many of the ``odd`` cells say that nothing is there, and how many do not fit."""
        if not odd:
            return 0, 0
        missing = self._rows(f"SELECT count(*) {self._misfits(trial, chosen)} AND {is_missing('c')}")[0][0]
        return int(missing), odd - int(missing)

    def _forbidden(self, trial: _Trial, chosen: Candidate, misfits: int) -> bool:
        """Say whether some misfit is of a kind that the type never goes with."""
        never = " OR ".join(f"regexp_full_match(c, {_text(one)})" for one in chosen.type.never_with)
        if not misfits or not never:
            return False
        return bool(self._rows(f"SELECT 1 {self._misfits(trial, chosen)} AND ({never}) LIMIT 1"))

    def _misfits(self, trial: _Trial, chosen: Candidate) -> str:
        inner = f"SELECT {trial.cell} AS c FROM {self._parsed.relation}"
        return f"FROM ({inner}) WHERE c IS NOT NULL AND ({chosen.convention.sql('c')}) IS NULL"

    def _rule_out(self, trial: _Trial) -> None:
        """Rule the candidate out, and let the values that spoke against it make new proposals."""
        rival = trial.candidates[0]
        against = f"SELECT DISTINCT c {self._misfits(trial, rival)} AND NOT {is_missing('c')} LIMIT {_AGAINST}"
        values = sorted(value for (value,) in self._rows(against))
        trial.gone.add(rival.type.name)
        if values and not trial.refused:
            trial.refused, trial.refused_by = rival.type.name, values[0]
        trial.values = list(dict.fromkeys([*values, *trial.values]))[: _DISTINCT + _AGAINST]
        trial.propose(self._marks)


def _spread(values: Iterable[str | None]) -> list[str]:
    """Return some of the distinct values that say something, from everywhere among them."""
    missing = frozenset(MISSING)
    bare = (value.strip(_BLANKS) for value in values if value is not None)
    kept = list(dict.fromkeys(value for value in bare if value and value not in missing))
    return kept[:: max(len(kept) // _DISTINCT, 1)]


def _tolerable(misfits: int, values: int) -> bool:
    return misfits <= values * _TOLERANCE or (misfits == 1 and values >= _ONE_IN)


def _meaning(one: ColumnType) -> str:
    return one.meaning or (one.name if one.logical is Type.TEXT else "")


def _unit(chosen: Candidate, trial: _Trial) -> str:
    stated = {writing.unit for writing in chosen.convention.writings if any(map(writing.matches, trial.values))} - {""}
    if chosen.type.unit or len(stated) == 1:
        return chosen.type.unit or next(iter(stated))
    return unit_of(trial.name) if chosen.type.logical in (Type.INTEGER, Type.NUMBER) else ""


def _formats(chosen: Candidate, values: Sequence[str]) -> str:
    """Return the writings seen, for people."""
    seen = [writing.format for writing in chosen.convention.writings if any(map(writing.matches, values))]
    return ", ".join(dict.fromkeys(seen))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
