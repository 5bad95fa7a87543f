"""Any register whatever: its rows fit the tables, no cell is lost, and the same records again change nothing."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.city.attributes import fault
from portico.city.exchange.cells import escaped
from portico.city.exchange.incoming import layout_of, position_cells, read_record
from portico.city.exchange.merging import Merging
from portico.city.exchange.model import Kind, Origin, Placed
from portico.city.facts import faults_of
from portico.city.tables import table

HEADINGS = (
    *("OrganisationURI", "SiteReference", "SiteNameAddress", "GeoX", "GeoY", "CoordinateReferenceSystem", "Hectares"),
    *(
        "OwnershipStatus",
        "PermissionDate",
        "IF PERMISSIONED",
        "NetDwellingsRangeFrom",
        "MinNetDwellings",
        "Deliverable",
    ),
    *("Notes", "FirstAddedDate", "LastUpdatedDate", "EndDate", "Ward", "Owner phone", "contact-email", "municipality"),
    *("area@buildable", "utility@water", "consent", "status", ""),
)
TODAY = date(2026, 11, 23)
NOTHING = {"sites": (), "site_attributes": (), "site_contacts": (), "site_rejects": ()}
LIKELY = st.sampled_from(
    [
        "",
        " ",
        "N/A",
        "yes",
        "1",
        "-1",
        "2,5",
        "51.5",
        "31/12/2017",
        "43100",
        "2099-01-01",
        "public ownership",
        "WGS84",
        "http://a.example/id/borgo",
        "A/1",
        "A 1",
        "available",
        "connected",
        "given",
        'x "y", z',
        "two\nlines",
        "\x1b[31m",
        "x" * 20_000,
        "\x01" * 6_000,
    ]
)
CELL = LIKELY | st.text(max_size=12)
RECORDS = st.lists(st.lists(CELL, min_size=len(HEADINGS), max_size=len(HEADINGS)), max_size=6)


def _merged(records, tables, **about):
    """Take ``records`` into ``tables``; return what was done, and the tables as they shall be."""
    layout = layout_of(HEADINGS, register="file")
    new = []
    merging = Merging(
        tables, Origin("f.csv", "0" * 64, TODAY.isoformat()), lambda name, row: new.append((name, row)), complete=False
    )
    for row, cells in enumerate(records, start=2):
        placed = Placed(basis=position_cells(layout, cells), **about)
        merging.take(read_record(layout, row, cells, TODAY), placed, "|".join(cells))
    merging.absent()
    made = {name: [] for name in NOTHING}
    for name, row in (*merging.standing(), *new):
        made[name].append(row)
    return merging, made


def _holds(text, row):
    return escaped(text) in (row.get("value"), row.get("original"))


@settings(max_examples=40)
@given(RECORDS)
def test_every_row_fits_its_table_and_no_cell_is_lost(records):
    merging, made = _merged(records, NOTHING)
    for name, rows in made.items():
        for row in rows:
            assert faults_of(table(name), row) == []
        assert len({row["id"] for row in rows}) == len(rows)
    for row in made["site_attributes"]:
        assert fault(row["attribute"], row["basis"], row["value"], row["unit"]) is None
    sites = {change.row: change.site for change in merging.changes}
    rejected = {}
    for row in made["site_rejects"]:
        key = int(row["row"]), row["column"]
        rejected[key] = rejected.get(key, "") + row["value"]
    for number, cells in enumerate(records, start=2):
        if number not in sites:
            assert rejected[number, ""] == escaped("|".join(cells)) or not "".join(cells).strip()
            continue
        stated = [row for row in made["site_attributes"] if row["site"] == sites[number]]
        [site] = [row for row in made["sites"] if row["id"] == sites[number]]
        contacts = [row for row in made["site_contacts"] if row["site"] == sites[number]]
        for at, (written, cell) in enumerate(zip(HEADINGS, cells, strict=True), start=1):
            heading, text = written or f"column {at}", cell.strip()
            kept = (
                not text
                or any(row["field"] == heading and _holds(text, row) for row in stated)
                or rejected.get((number, heading)) == escaped(text)
                or f"{heading}={escaped(text)}" in site["coord_basis"]
                or text in (site["name"], site["municipality"])
                or (heading == "contact-email" and contacts)
            )
            assert kept, (heading, text)


@settings(max_examples=25)
@given(RECORDS)
def test_the_same_records_again_change_nothing(records):
    first, made = _merged(records, NOTHING)
    second, again = _merged(records, made)
    assert not second.has_changes
    assert second.counts[Kind.UNCHANGED] == first.counts[Kind.ADDED]
    assert again == made


@settings(max_examples=25)
@given(RECORDS, RECORDS)
def test_nothing_that_was_there_is_ever_dropped(records, others):
    _, before = _merged(records, NOTHING)
    kept = {name: {row["id"]: dict(row) for row in rows} for name, rows in before.items()}
    _, after = _merged(others, before)
    for name, rows in kept.items():
        found = {row["id"]: row for row in after[name]}
        assert set(rows) <= set(found)
        if name == "site_attributes":
            for identifier, row in rows.items():
                assert found[identifier]["value"] == row["value"]
                assert not row.get("until") or found[identifier]["until"] == row["until"]
