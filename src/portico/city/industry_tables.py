"""The tables of industries: areas of statistics, employment by division, relatedness of skills."""

from __future__ import annotations

from portico.city.columns import AS_OF, ID, NAME, NOTE, POSITION, Column, FactTable, Kind, evidence

TOTAL = "total"
"""What ``employment`` calls all divisions together."""
INDUSTRY_TABLES = (
    FactTable(
        "areas",
        (
            ID,
            *NAME,
            Column("municipalities", Kind.LIST),
            Column("reference", Kind.ID, refers=("areas",)),
            Column("area_km2", Kind.NUMBER, unit="km2"),
            Column("population", Kind.INTEGER),
            AS_OF,
            *POSITION,
            NOTE,
            *evidence(),
        ),
    ),
    FactTable(
        "employment",
        (
            ID,
            Column("area", Kind.ID, required=True, refers=("areas",)),
            Column("division", required=True),
            Column("employment", Kind.NUMBER),
            Column("firms", Kind.INTEGER),
            Column("herfindahl", Kind.NUMBER),
            AS_OF,
            NOTE,
            *evidence(),
        ),
    ),
    FactTable(
        "skill_relatedness",
        (
            ID,
            Column("division", required=True),
            Column("other", required=True),
            Column("relatedness", Kind.NUMBER, required=True),
            AS_OF,
            NOTE,
            *evidence(),
        ),
    ),
)
