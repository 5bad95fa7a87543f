"""``industries``: whether industries gather, and which share skills, from files alone. No city is needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.show import as_json, err, out, table
from portico.errors import UsageError
from portico.figures import Figure
from portico.files import write_whole
from portico.indicators.clusters.counts import LEAST_FIRMS
from portico.indicators.clusters.files import (
    Industry,
    Pair,
    measured,
    read_employment,
    read_relatedness,
    relatedness_columns,
)
from portico.lake.arrays import arrays_of
from portico.lake.lake import open_engine
from portico.messages import Message
from portico.translation import Translator

_SHOWN = 40


def gather(employment: Path, *, universe: str = "", division: str = "", common: Common = DEFAULTS) -> int:
    """Say how industries stand in areas: location quotient, cluster index, agglomeration, with intervals.

    Parameters
    ----------
    employment
        A table with area, division and employment; if it has them firms, herfindahl, area_km2, population. The division
        "total" is all together.
    universe
        The area that the others are compared with; else the sum of all.
    division
        Only this division.
    """
    with arrays_of(employment, open_engine()) as arrays:
        known = read_employment(arrays, universe)
    found = [one for one in measured(known) if division in ("", one.division)]
    say = common.say
    if common.json:
        told = {"source": known.areas[0].evidence.to_dict(), "universe": universe or None}
        as_json(told | {"least_firms": LEAST_FIRMS, "industries": [_industry(one, say) for one in found]})
        return 0
    grounded = any(area.cluster_index.low is not None for one in found for area in one.areas)
    heads = ("division", "area", "firms", "quotient", *(("cluster",) if grounded else ()))
    rows = [row[: len(heads)] for one in found for row in _rows(one, say)]
    out().print(table([say(f"industries-head.{name}") for name in heads], rows, numbers=(2, 3, 4)))
    for one in found:
        values = {"division": one.division, "value": _shown(one.agglomeration, say)}
        out().print(say(Message("industries-agglomeration", values)), markup=False)
    return 0


def related(
    moves: Path,
    *,
    column: str = "moves",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    source: str = "",
    as_of: AsOf = None,
    common: Common = DEFAULTS,
) -> int:
    """Say which industries share skills, from people who change jobs between them, or from a matrix as published.

    Parameters
    ----------
    moves
        A table with from, to (divisions or groups of NACE) and moves; or SR in the column that --column names.
    column
        moves, or the column that holds SR as published.
    output
        Write the pairs there as a city's facts/skill_relatedness.csv; --source is then needed.
    source
        Whose matrix it is, of which country and years.
    """
    if output and not source.strip():
        raise UsageError("relatedness-without-source")
    with arrays_of(moves, open_engine()) as arrays:
        pairs = read_relatedness(arrays, column)
    if output:
        _write(output, pairs, source.strip(), today(as_of).isoformat())
        err().print(common.say(Message("pairs-written", {"count": len(pairs), "file": str(output)})), markup=False)
    if common.json:
        as_json({"pairs": [{"division": a.division, "other": a.other, "relatedness": a.relatedness} for a in pairs]})
        return 0
    most = sorted(pairs, key=lambda one: (-one.relatedness, one.division, one.other))[:_SHOWN]
    heads = [common.say(f"industries-head.{name}") for name in ("division", "other", "relatedness")]
    rows = [(one.division, one.other, common.say.number(one.relatedness, 3)) for one in most]
    out().print(table(heads, rows, numbers=(2,)))
    out().print(common.say(Message("pairs-found", {"count": len(pairs), "shown": len(most)})), markup=False)
    return 0


def _write(file: Path, pairs: tuple[Pair, ...], source: str, day: str) -> None:
    names = [column.name for column in relatedness_columns()]
    written = io.StringIO()
    writer = csv.DictWriter(written, names, restval="", lineterminator="\n")
    writer.writeheader()
    for one in pairs:
        ends = {"division": one.division, "other": one.other}
        name = "-".join(end.replace(".", "-") for end in ends.values())
        said = {"source": source, "checked": day, "precision": "exact", "confidence": "verified"}
        writer.writerow({"id": name, **ends, "relatedness": f"{one.relatedness:.6g}", **said})
    write_whole(file, written.getvalue())


def _rows(one: Industry, say: Translator) -> Iterator[tuple[str, ...]]:
    for area in one.areas:
        firms = "" if area.count is None or area.count.firms is None else say.number(area.count.firms)
        yield one.division, area.area, firms, _shown(area.quotient, say), _shown(area.cluster_index, say)


def _shown(figure: Figure, say: Translator) -> str:
    """Return a value with its interval, an interval alone, or why there is neither."""
    bounds = [None if end is None else say.number(end, 2) for end in (figure.low, figure.high)]
    around = f"({bounds[0]}–{bounds[1] or '…'})" if bounds[0] else ""
    if figure.value is None:
        return around or (say(figure.note) if figure.note else say("unknown"))
    return f"{say.number(figure.value, 2)} {around}".strip()


def _industry(one: Industry, say: Translator) -> dict[str, Any]:
    return {
        "division": one.division,
        "agglomeration": _figure(one.agglomeration, say),
        "areas": [
            {
                "area": area.area,
                "employment": area.count.employment if area.count else None,
                "firms": area.count.firms if area.count else None,
                "location_quotient": _figure(area.quotient, say),
                "cluster_index": _figure(area.cluster_index, say),
            }
            for area in one.areas
        ],
    }


def _figure(figure: Figure, say: Translator) -> dict[str, Any]:
    told = {"value": figure.value, "low": figure.low, "high": figure.high, "status": figure.status.value}
    return told | ({"note": say(figure.note)} if figure.note else {})
