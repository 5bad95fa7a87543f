"""What is found in every cell at once is what a criterion finds at a site in the middle of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.cities import AS_OF, LAQUILA_AS_OF

from portico.city.register import Site
from portico.dates import is_stale
from portico.figures import Evidence, Figure
from portico.match import briefs
from portico.match.criteria import CRITERIA, criterion
from portico.match.criteria.base import is_given
from portico.match.model import Asked
from portico.match.where.answer import everywhere
from portico.messages import Text
from portico.territory.cells import cells_of_box
from portico.territory.many.positions import Positions
from portico.territory.model import Mode

CAR, WALK, TRANSIT, BICYCLE = Mode.CAR, Mode.WALK, Mode.TRANSIT, Mode.BICYCLE
ASKED = [
    Asked(criterion="minutes-to-nearest", mode=CAR, kinds=("university", "hospital")),
    Asked(criterion="minutes-to-nearest", mode=CAR, nth=3),
    Asked(criterion="minutes-to-nearest", mode=TRANSIT, kinds=("university",), inbound=True),
    Asked(criterion="minutes-to-nearest", mode=WALK, nth=2),
    Asked(criterion="minutes-to-nearest", mode=CAR, nth=1000),
    Asked(criterion="minutes-to-nearest", mode=CAR, kinds=("port",), fields=("nothing",)),
    Asked(criterion="places-within", mode=CAR, within_minutes=20),
    Asked(criterion="places-within", mode=BICYCLE, within_minutes=15, kinds=("university", "rail-station")),
    Asked(criterion="places-within", mode=WALK, within_minutes=0),
    Asked(criterion="places-within", mode=CAR, within_minutes=30, kinds=("nothing",)),
    Asked(criterion="opportunities-within", mode=CAR, within_minutes=30, quantity="students"),
    Asked(criterion="opportunities-within", mode=CAR, within_minutes=20, quantity="residents", inbound=True),
    Asked(criterion="opportunities-within", mode=WALK, within_minutes=20, quantity="students", kinds=("university",)),
    Asked(criterion="opportunities-within", mode=CAR, within_minutes=30, quantity="unicorns"),
    Asked(criterion="gravity", mode=CAR, half_minutes=10, quantity="students"),
    Asked(criterion="gravity", mode=CAR, half_minutes=10, kinds=("university", "research-centre")),
    Asked(criterion="gravity", mode=BICYCLE, half_minutes=5),
    Asked(criterion="floating-catchment", mode=CAR, within_minutes=20, quantity="students"),
    Asked(criterion="floating-catchment", mode=CAR, within_minutes=20, quantity="unicorns"),
    Asked(criterion="know-how", mode=CAR, half_minutes=15, fields=("automotive",)),
    Asked(criterion="know-how", mode=CAR, half_minutes=15, fields=("biomedical",), divisions=("29",), inbound=True),
]


def _named(asked):
    given = (name for name in ("mode", "kinds", "quantity", "nth", "inbound") if is_given(asked, name))
    return "-".join((asked.criterion, *(str(getattr(asked, name)) for name in given)))


def _cells(known, resolution, count, uncertainty_m):
    """Return positions over the whole extent, and many in the middle of it."""
    lon, lat = cells_of_box(known.settings.extent.box, resolution).centres
    at = [site.position.point for site in known.sites if site.position]
    middle = (np.median([one.lon for one in at]), np.median([one.lat for one in at]))
    near = np.argsort(np.hypot(lon - middle[0], lat - middle[1]))
    chosen = np.unique(np.concatenate((near[:count], near[:: max(1, len(near) // count)])))
    return Positions(lon[chosen], lat[chosen], uncertainty_m)


def _agree(known, starts, asked, as_of):
    """Compare every cell; return how many are known."""
    one = criterion(asked.criterion)
    spread = one.over(known, starts, asked)
    assert len(spread) == len(starts)
    stale = spread.stale(as_of, 24)
    for at in range(len(starts)):
        site = Site("cell", Text(), "", "", starts.position(at), Evidence(), ())
        figure = one.measured(known, site, asked, as_of).found
        assert isinstance(figure, Figure)
        for name in ("low", "mid", "high"):
            expected = getattr(figure, "value" if name == "mid" else name)
            found = getattr(spread, name)[at]
            assert found == pytest.approx(np.nan if expected is None else expected, rel=1e-9, abs=1e-9, nan_ok=True)
        if one.ages and figure.is_known:
            assert stale[at] == is_stale(figure.as_of, as_of, 24)
    return int((~np.isnan(spread.mid)).sum())


@pytest.mark.parametrize("asked", ASKED, ids=_named)
def test_in_the_reference_city_by_estimates(torino_territory, asked):
    found = _agree(torino_territory, _cells(torino_territory, 7, 10, 481.0), asked, AS_OF)
    is_nothing = asked.quantity == "unicorns" or asked.fields == ("nothing",) or asked.nth == 1000
    assert bool(found) is not is_nothing


@pytest.mark.parametrize("asked", ASKED[:1] + ASKED[2:4] + ASKED[6:8] + ASKED[15:17], ids=_named)
def test_in_the_second_city_over_its_streets(laquila_territory, asked):
    assert _agree(laquila_territory, _cells(laquila_territory, 8, 8, 400.0), asked, LAQUILA_AS_OF)


def test_a_rough_cell_knows_no_minutes_on_foot(torino_territory):
    starts = _cells(torino_territory, 6, 5, 3400.0)
    assert _agree(torino_territory, starts, ASKED[3], AS_OF) == 0


def test_the_day_decides_what_is_stale(torino_territory):
    """A figure from before the limit is stale in a cell as it is at a site."""
    asked = replace(ASKED[14], half_minutes=20.0)
    spread = criterion("gravity").over(torino_territory, _cells(torino_territory, 7, 5, 481.0), asked)
    assert spread.stale(date(2040, 1, 1), 24).all()
    assert not spread.stale(date(2000, 1, 1), 24)[spread.days >= 0].any()


def test_every_criterion_of_the_territory_is_compared_here():
    assert {one.criterion for one in ASKED} == {one.id for one in CRITERIA if one.over is not None}


def test_cells_without_a_street_are_counted(laquila, laquila_territory, torino, torino_territory):
    """Their minutes are estimates; a city without streets has none but these."""
    brief = briefs.read(laquila, "laboratory")
    cells = cells_of_box(laquila.settings.extent.box, 6)
    found = everywhere(brief, laquila_territory, LAQUILA_AS_OF, cells)
    assert 0 < found.off_streets < len(cells)
    brief = briefs.read(torino, "food-production")
    there = everywhere(brief, torino_territory, AS_OF, cells_of_box(torino.settings.extent.box, 5))
    assert there.off_streets is None
