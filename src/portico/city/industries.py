"""What is wrong with the tables of industries: areas that overlap, numbers that cannot be, pairs that come twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portico.city.facts import Facts, Row, iterate, words
from portico.city.tables import TOTAL
from portico.messages import Finding, Message

Tables = Mapping[str, Facts]
_DIVISION = re.compile(r"\d{2}(\.?\d{1,2})?")
_NEARLY = 1e-9  # of rounding in a share


def check(facts: Tables) -> Iterator[Finding]:
    """Yield what is wrong with areas, employment and skill relatedness, across rows."""
    yield from _areas(facts)
    yield from _employment(facts)
    yield from _sums(facts)
    yield from _relatedness(facts)


def code(division: object) -> str:
    """Return a division or group of NACE without its dot, as it is compared.

    >>> code("29.1"), code("total")
    ('291', 'total')
    """
    return str(division or "").replace(".", "")


def is_division(text: str) -> bool:
    """Say whether ``text`` is written as a division, group or class of NACE.

    >>> is_division("29"), is_division("29.10"), is_division("C"), is_division("2910")
    (True, True, False, True)
    """
    return _DIVISION.fullmatch(text) is not None


def municipalities_of(row: Row) -> tuple[str, ...]:
    """Return the municipalities of an area: those it lists, else the one of its own name (in either language)."""
    listed = words(row.get("municipalities"))
    return listed or tuple(dict.fromkeys(str(row[name]) for name in ("name", "name_it") if row.get(name)))


def _areas(facts: Tables) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    wholes = {row["reference"] for _, row in iterate(facts, "areas")}
    for index, row in iterate(facts, "areas"):
        place = facts["areas"].place
        if row["reference"] == row["id"]:
            yield Finding(Message("area-its-own-reference"), place(index, "reference"), str(row["id"]))
        for column, least in (("area_km2", 0.0), ("population", -1.0)):
            if row[column] is not None and float(row[column] or 0.0) <= least:
                yield Finding(_impossible(column, row[column]), place(index, column), str(row[column]))
        for municipality in municipalities_of(row) if row["id"] not in wholes else ():
            other = taken.setdefault(municipality, str(row["id"]))
            if other != row["id"]:
                values = {"municipality": municipality, "other": other}
                yield Finding(Message("areas-overlap", values), place(index, "municipalities"), municipality)


def _employment(facts: Tables) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for index, row in iterate(facts, "employment"):
        table = facts["employment"]
        division = str(row["division"])
        if division != TOTAL and not is_division(division):
            yield Finding(Message("division-form", {"total": TOTAL}), table.place(index, "division"), division)
        first = seen.setdefault((str(row["area"]), code(division)), index)
        if first != index:
            values = {"pair": f"{row['area']} / {division}", "first": table.lines[first]}
            yield Finding(Message("industries-pair-twice", values), table.place(index, "division"), division)
        for column in _odd(row):
            yield Finding(_impossible(column, row[column]), table.place(index, column), str(row[column]))


def _odd(row: Row) -> Iterator[str]:
    """Yield the columns whose number cannot be."""
    employment, firms, share = (row[name] for name in ("employment", "firms", "herfindahl"))
    for name, value in (("employment", employment), ("firms", firms)):
        if value is not None and float(value) < 0:
            yield name
    if firms == 0 and float(employment or 0.0) > 0:
        yield "firms"
    if share is not None:
        least = 1.0 / float(firms) if firms is not None and float(firms) > 0 else 0.0
        if not least * (1 - _NEARLY) <= float(share) <= 1.0 or float(share) == 0.0:
            yield "herfindahl"


def _sums(facts: Tables) -> Iterator[Finding]:
    """Yield the divisions that are larger than all divisions together, or than the same in the area of reference."""
    reference = {str(row["id"]): str(row["reference"] or "") for _, row in iterate(facts, "areas")}
    number = {
        (str(row["area"]), code(row["division"]), column): float(row[column] or 0.0)
        for _, row in iterate(facts, "employment")
        for column in ("employment", "firms")
        if row[column] is not None
    }
    for index, row in iterate(facts, "employment"):
        area, division = str(row["area"]), code(row["division"])
        for column in ("employment", "firms"):
            own = number.get((area, division, column))
            for whole in ((area, TOTAL, column), (reference.get(area, ""), division, column)):
                if own is not None and own > number.get(whole, own):
                    values = {"column": column, "area": whole[0], "division": whole[1], "most": number[whole]}
                    place = facts["employment"].place(index, column)
                    yield Finding(Message("part-above-whole", values), place, f"{own:g}")


def _relatedness(facts: Tables) -> Iterator[Finding]:
    seen: dict[frozenset[str], int] = {}
    for index, row in iterate(facts, "skill_relatedness"):
        table = facts["skill_relatedness"]
        ends = [str(row["division"]), str(row["other"])]
        for column, division in zip(("division", "other"), ends, strict=True):
            if not is_division(division):
                yield Finding(Message("division-form", {"total": "–"}), table.place(index, column), division)
        if code(ends[0]) == code(ends[1]):
            yield Finding(Message("related-to-itself"), table.place(index, "other"), ends[1])
        first = seen.setdefault(frozenset(map(code, ends)), index)
        if first != index:
            values = {"pair": " / ".join(ends), "first": table.lines[first]}
            yield Finding(Message("industries-pair-twice", values), table.place(index, "other"), ends[1])
        if not -1.0 <= float(row["relatedness"] or 0.0) <= 1.0:
            yield Finding(
                _impossible("relatedness", row["relatedness"]),
                table.place(index, "relatedness"),
                str(row["relatedness"]),
            )


def _impossible(column: str, value: object) -> Message:
    return Message(f"number-impossible.{column}", {"value": value})
