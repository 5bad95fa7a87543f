"""The location quotient: how much more of an area's employment an industry has than of all employment."""

from __future__ import annotations

from portico.errors import InputError
from portico.indicators.clusters.counts import RULE_OF_THREE, Count


def location_quotient(local: float, area: float, industry: float, everybody: float) -> float:
    """Return LQ = (e_ij / e_j) / (E_i / E): 1 where the area has as much of the industry as the universe.

    ``local`` e_ij is the employment of the industry in the area, ``area`` e_j all of the area, ``industry`` E_i the
    industry in the universe, ``everybody`` E all of it. Balassa, *Trade liberalisation and 'revealed' comparative
    advantage*, The Manchester School 33(2), 1965; Farhauer and Kröll, *Standorttheorien*, 2014.

    Raises InputError where nobody works in the area or in the industry, and where a part is more than its whole.

    >>> round(location_quotient(1714, 79006, 879213, 15593224), 7)
    0.3847623
    """
    if area <= 0:
        raise InputError("area-without-employment")
    if industry <= 0:
        raise InputError("industry-without-employment")
    if local > min(area, industry) or max(area, industry) > everybody or local < 0:
        raise InputError("employment-part-above-whole")
    return (local / area) / (industry / everybody)


def quotient_range(local: Count, area: float, industry: Count, everybody: float) -> tuple[float, float | None]:
    """Return between what the quotient lies (95 %) by the number of firms of the industry in the area.

    The universe is taken as it is. No upper end where nobody counted the firms. Errors are those of the quotient.

    >>> [round(one, 2) for one in quotient_range(Count(200.0, 50), 1000.0, Count(5000.0, 1000), 50_000.0)]
    [1.52, 2.64]
    """
    value = location_quotient(local.employment, area, industry.employment, everybody)
    if local.employment == 0 and industry.firms:
        few = RULE_OF_THREE * industry.employment / industry.firms
        return 0.0, location_quotient(min(few, area, industry.employment), area, industry.employment, everybody)
    factors = local.factors()
    return (value * factors[0], value * factors[1]) if factors else (0.0, None)
