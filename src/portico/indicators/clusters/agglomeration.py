"""Whether an industry gathers in areas more than the sizes of its plants alone would make it: Ellison and Glaeser.

    γ = [G − (1 − Σ_j x_j²) H] / [(1 − Σ_j x_j²)(1 − H)],    G = Σ_j (s_j − x_j)²

with s_j the share of area j in the industry, x_j in all employment, H = Σ_k z_k² the Herfindahl of plants. Near 0:
plants lie as if thrown at random in proportion to employment; above 0.05 the authors call an industry very localised.
Ellison and Glaeser, *Geographic concentration in U.S. manufacturing industries: a dartboard approach*, Journal of
Political Economy 105(5), 1997.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portico.errors import InputError
from portico.indicators.clusters.counts import Count

Floats = NDArray[np.float64]


def shares(amounts: Sequence[float] | Floats) -> Floats:
    """Return parts as shares of their total; raises InputError where there is nothing, or less."""
    found = np.asarray(amounts, dtype=np.float64)
    if not np.isfinite(found).all() or (found < 0).any():
        raise InputError("employment-negative")
    total = found.sum()
    if total <= 0:
        raise InputError("industry-without-employment")
    divided: Floats = found / total
    return divided


def concentration(industry: Sequence[float] | Floats, everybody: Sequence[float] | Floats) -> float:
    """Return G = Σ_j (s_j − x_j)², from the employment of the industry and of all industries in each area.

    >>> concentration([10, 0], [50, 50])
    0.5
    """
    return float(((shares(industry) - shares(everybody)) ** 2).sum())


def herfindahl(plants: Sequence[float] | Floats) -> float:
    """Return H = Σ_k z_k² of the plants' employment.

    >>> herfindahl([50, 50])
    0.5
    """
    return float((shares(plants) ** 2).sum())


def ellison_glaeser(
    industry: Sequence[float] | Floats, everybody: Sequence[float] | Floats, plants_herfindahl: float
) -> float:
    """Return γ of an industry; ``industry`` and ``everybody`` are employment by area, in the same order.

    Raises InputError for one area only (there is nothing to compare), a single plant (H = 1), an industry or areas
    without employment, and a Herfindahl that is none.

    >>> plants = [[200, 650, 12000, 100, 50], [16000, 13000, 1500, 1500], [25000]]
    >>> by_area = [sum(one) for one in plants]
    >>> round(ellison_glaeser(by_area, [500000, 400000, 100000], herfindahl(sum(plants, []))), 8)
    0.05990628
    """
    spread = 1.0 - float((shares(everybody) ** 2).sum())
    if len(industry) != len(everybody):
        text = f"one number an area: {len(industry)} and {len(everybody)}"
        raise ValueError(text)
    if spread <= 1e-12:  # noqa: PLR2004 - rounding of one share that is all
        raise InputError("universe-of-one-area")
    if plants_herfindahl == 1.0:
        raise InputError("industry-of-one-plant")
    if not 0 < plants_herfindahl < 1:
        raise InputError("herfindahl-unsound", value=plants_herfindahl)
    raw = concentration(industry, everybody) / spread
    return (raw - plants_herfindahl) / (1.0 - plants_herfindahl)


def ellison_glaeser_range(industry: Sequence[Count], everybody: Sequence[float] | Floats) -> tuple[float, float]:
    """Return the least and the most of γ where only the number of firms of each area is known.

    γ falls with H; H is least where all firms of an area are of one size, most where one has nearly everybody. Where
    each area tells its Herfindahl both are the same. A firm counts as a plant. Errors are those of ``ellison_glaeser``;
    InputError too where an area that has employment does not tell its firms.

    >>> found = ellison_glaeser_range([Count(90, 10), Count(10, 2)], [500, 500])
    >>> [round(one, 3) for one in found]
    [-0.075, 0.606]
    """
    total = sum(one.employment for one in industry)
    some = [one for one in industry if one.employment > 0]
    bounds = [(one.most_herfindahl, one.least_herfindahl) for one in some]
    if any(end is None for both in bounds for end in both):
        raise InputError("firms-not-counted")
    found = []
    for at in (0, 1):
        plants = sum((one.employment / total) ** 2 * (both[at] or 0.0) for one, both in zip(some, bounds, strict=True))
        found.append(ellison_glaeser([one.employment for one in industry], everybody, plants))
    return min(found), max(found)


def coagglomeration(
    first: Sequence[float] | Floats, second: Sequence[float] | Floats, everybody: Sequence[float] | Floats
) -> float:
    """Return γᶜ = Σ_m (s_m1 − x_m)(s_m2 − x_m) / (1 − Σ_m x_m²): whether two industries gather in the same areas.

    Ellison, Glaeser and Kerr, *What causes industry agglomeration?*, American Economic Review 100(3), 2010. Raises
    InputError for one area only and for industries without employment.

    >>> coagglomeration([10, 0], [0, 10], [50, 50])
    -1.0
    """
    whole = shares(everybody)
    spread = 1.0 - float((whole**2).sum())
    if spread <= 1e-12:  # noqa: PLR2004 - rounding of one share that is all
        raise InputError("universe-of-one-area")
    return float(((shares(first) - whole) * (shares(second) - whole)).sum()) / spread
