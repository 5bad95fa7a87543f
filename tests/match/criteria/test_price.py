"""What is asked for a square metre, on the basis asked for and on no other."""

from __future__ import annotations

import pytest

from portico.city.model import Uncertainty
from portico.city.register import Site, register
from portico.figures import Evidence
from portico.match.criteria import PRICE_PER_M2
from portico.match.model import Asked


def price(basis, *stated):
    rows = [
        {"id": f"a{at}", "site": "mill", "attribute": name, "basis": on, "value": value, "as_of": day}
        for at, (name, on, value, day) in enumerate(stated)
    ]
    site: Site
    [site] = register(
        [{"id": "mill", "name": "Mill"}],
        rows,
        lambda table, row: Evidence(dataset=table, row=str(row["id"])),
        Uncertainty(),
    )
    return PRICE_PER_M2.measure(None, site, Asked(criterion="price-per-m2", basis=basis)).found


ASKED = ("asking-price", "", "1000000..1200000", "2025")


def test_the_price_is_divided_by_the_area_on_its_basis():
    found = price("offered", ASKED, ("area", "offered", "10000", "2026"))
    assert (found.low, found.value, found.high) == (100, 110, 120)
    assert str(found.as_of) == "2025"
    assert [one.row for one in found.evidence] == ["", "a0", "a1"]
    found = price("offered", ASKED, ("area", "offered", "8000..10000", "2026"))
    assert (found.low, found.high) == (100, 150)
    found = price("existing", ASKED, ("floor-area", "usable", "5000", "2026"))
    assert found.value == pytest.approx(220)


def test_a_larger_whole_bounds_it_from_below():
    found = price("buildable", ASKED, ("area", "offered", "10000", "2026"))
    assert (found.value, found.low, found.high) == (None, 100, None)
    assert found.note.id == "area-unknown"


def test_what_is_not_stated_is_not_made_up():
    assert price("offered", ("area", "offered", "10000", "2026")).note.id == "price-or-area-unknown"
    assert price("existing", ASKED).note.id == "area-unknown"
    nothing = price("offered", ASKED, ("area", "offered", "0", "2026"))
    assert (nothing.value, nothing.low) == (None, None)


def test_a_price_by_the_square_metre_is_that_of_what_is_offered():
    stated = ("asking-price-per-m2", "", "140", "2026")
    assert price("offered", stated).value == 140
    assert price("buildable", stated).value is None
