"""Invented sites with numbers that are known, known as a range or not known, and briefs over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from portico.city.model import Uncertainty
from portico.city.register import Site, register
from portico.figures import Evidence
from portico.match.model import Activity, Brief, Want
from portico.messages import Text

AS_OF = date(2026, 11, 23)
COLUMNS = (("area", "offered"), ("floor-area", "existing"), ("electric-power", ""))
SCALE = ((0.0, 0.0), (40.0, 1.0))
NUMBER = st.integers(1, 39)
RANGE = st.tuples(NUMBER, NUMBER).map(lambda ends: tuple(sorted(ends)))
KNOWN = NUMBER.map(lambda one: (one, one))
SPREAD = st.one_of(st.none(), RANGE, KNOWN)
WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)


def sites(numbers: dict[str, tuple[tuple[int, int] | None, ...]], *, backwards: bool = False) -> tuple[Site, ...]:
    """Sites that can be had, each with a range (or nothing) in each of the ``COLUMNS``."""
    rows = [{"id": f"{name}-s", "site": name, "attribute": "status", "value": "available"} for name in numbers]
    rows += [
        {"id": f"{name}-{k}", "site": name, "attribute": attribute, "basis": basis, "value": f"{ends[0]}..{ends[1]}"}
        for name, every in numbers.items()
        for k, ((attribute, basis), ends) in enumerate(zip(COLUMNS, every, strict=True))
        if ends is not None
    ]
    dated = [{**row, "as_of": "2026"} for row in rows]
    identities = [{"id": name, "name": name.title(), "municipality": "Borgo"} for name in numbers]
    turn = (lambda one: one[::-1]) if backwards else (lambda one: one)
    return register(turn(identities), turn(dated), _cite, Uncertainty())


def _cite(table: str, row: dict[str, str]) -> Evidence:
    return Evidence(dataset=table, row=str(row["id"]), confidence="verified")


def brief(weights, **more) -> Brief:
    """A brief that wants much of everything; ``weights`` are numbers or ranges."""
    wants = tuple(
        Want(criterion=name, basis=basis, scale=SCALE, weight=weight)
        for (name, basis), weight in zip(COLUMNS, weights, strict=True)
    )
    return Brief(title=Text(en="Invented"), activity=Activity.PLANT, sector="food", wants=wants, **more)


def land(territory, register_of):
    """The territory with other sites."""
    return replace(territory, sites=register_of)


def registers(cell=SPREAD, least=2, most=6):
    """Registers of a few sites."""
    row = st.tuples(cell, cell, cell)
    return st.lists(row, min_size=least, max_size=most).map(
        lambda rows: {f"site-{chr(97 + number)}": row for number, row in enumerate(rows)}
    )
