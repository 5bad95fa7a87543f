"""How much an opportunity counts at a given cost: weights between 0 and 1 over minutes.

Every function is of the form f(c), c the minutes of the declared mode, window and percentile. What is not reached has
no cost and never comes here. A comparison of the forms: Kwan, *Space-time and integral measures of individual
accessibility*, Geographical Analysis 30(3), 1998; Geurs and van Wee, *Accessibility evaluation of land-use and
transport strategies*, Journal of Transport Geography 12, 2004.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portico.errors import UsageError
from portico.figures import Scalar

Floats = NDArray[np.float64]


class Decay(Protocol):
    """A weight for every cost. ``reach_minutes`` is where it ends: beyond it nothing counts; infinite for most."""

    @property
    def reach_minutes(self) -> float:
        """The minutes beyond which the weight is nothing."""

    @property
    def parameters(self) -> dict[str, Scalar]:
        """What it is and how it was set, as it stands in the evidence of a figure."""

    def __call__(self, minutes: Floats) -> Floats:
        """Return the weights of ``minutes``."""


@dataclass(frozen=True, slots=True)
class Within:
    """All or nothing: f(c) = 1 where c ≤ T, else 0.

    The weight of cumulative opportunities: Wachs and Kumagai, *Physical accessibility as a social indicator*,
    Socio-Economic Planning Sciences 7, 1973; of the two-step floating catchment: Luo and Wang 2003.

    >>> Within(30)(np.array([10.0, 30.0, 30.1])).tolist()
    [1.0, 1.0, 0.0]
    """

    minutes: float

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("minutes", self.minutes)

    @property
    def reach_minutes(self) -> float:
        """The limit itself."""
        return self.minutes

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The limit."""
        return {"decay": "within", "within_minutes": self.minutes}

    def __call__(self, minutes: Floats) -> Floats:
        """Return 1 or 0."""
        return (minutes <= self.minutes).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Zones:
    """Steps: f(c) = W_r where c lies in zone r, that is T_(r-1) < c ≤ T_r (the first from 0), else 0.

    Luo and Qi, *An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial accessibility to
    primary care physicians*, Health & Place 15(4), 2009.

    >>> Zones((10, 20, 30), (1.0, 0.68, 0.22))(np.array([0.0, 10.0, 10.5, 30.0, 31.0])).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0]
    """

    until_minutes: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse zones that do not end later and later, and weights that rise or lie outside 0 and 1."""
        ends, weights = list(self.until_minutes), list(self.weights)
        rising = bool(ends) and ends == sorted(set(ends)) and ends[0] > 0 and math.isfinite(ends[-1])
        falling = weights == sorted(weights, reverse=True) and all(0 <= weight <= 1 for weight in weights)
        if len(ends) != len(weights) or not rising or not falling:
            zones, said = (", ".join(f"{one:g}" for one in many) for many in (ends, weights))
            raise UsageError("zones-unfit", zones=zones or "–", weights=said or "–")

    @property
    def reach_minutes(self) -> float:
        """Where the last zone ends."""
        return self.until_minutes[-1]

    @property
    def parameters(self) -> dict[str, Scalar]:
        """Zones and weights, in order."""
        zones, weights = (", ".join(f"{one:g}" for one in many) for many in (self.until_minutes, self.weights))
        return {"decay": "zones", "zones_until_minutes": zones, "weights": weights}

    def __call__(self, minutes: Floats) -> Floats:
        """Return the weight of the zone."""
        weights = np.array([*self.weights, 0.0])
        found: Floats = weights[np.searchsorted(self.until_minutes, minutes, side="left")]
        return found


SLOW_ZONES = Zones((10.0, 20.0, 30.0), (1.0, 0.68, 0.22))
"""The zones and the slow decay of Luo and Qi 2009; also the default of pysal/access."""
FAST_ZONES = Zones((10.0, 20.0, 30.0), (1.0, 0.42, 0.09))
"""Their fast decay, as it is commonly cited; not compared with the paper itself."""


@dataclass(frozen=True, slots=True)
class Exponential:
    """Negative exponential: f(c) = exp(-β c), β per minute.

    Wilson, *A family of spatial interaction models, and associated developments*, Environment and Planning A 3(1),
    1971; one of the forms of Handy and Niemeier, *Measuring accessibility*, Environment and Planning A 29, 1997.

    >>> Exponential.halving_every(20)(np.array([0.0, 20.0, 40.0])).round(3).tolist()
    [1.0, 0.5, 0.25]
    """

    rate_per_minute: float

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("rate_per_minute", self.rate_per_minute)

    @classmethod
    def halving_every(cls, minutes: float) -> Exponential:
        """Return the decay that halves every so many ``minutes``."""
        _positive("minutes", minutes)
        return cls(math.log(2) / minutes)

    @property
    def reach_minutes(self) -> float:
        """It never ends."""
        return math.inf

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The rate."""
        return {"decay": "exponential", "rate_per_minute": self.rate_per_minute}

    def __call__(self, minutes: Floats) -> Floats:
        """Return exp(-β c)."""
        return np.exp(-self.rate_per_minute * minutes)


@dataclass(frozen=True, slots=True)
class Power:
    """Inverse power: f(c) = max(c, c₀)^(-b); c₀, one minute by default, keeps what is at the door from being infinite.

    Hansen, *How accessibility shapes land use*, Journal of the American Institute of Planners 25(2), 1959.

    >>> Power(2)(np.array([0.0, 1.0, 2.0, 10.0])).tolist()
    [1.0, 1.0, 0.25, 0.01]
    """

    exponent: float
    least_minutes: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("exponent", self.exponent)
        _positive("least_minutes", self.least_minutes)

    @property
    def reach_minutes(self) -> float:
        """It never ends."""
        return math.inf

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The exponent, and the minutes that less than these count as."""
        return {"decay": "power", "exponent": self.exponent, "least_minutes": self.least_minutes}

    def __call__(self, minutes: Floats) -> Floats:
        """Return max(c, c₀)^(-b)."""
        found: Floats = np.maximum(minutes, self.least_minutes) ** -self.exponent
        return found


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Gaussian: f(c) = exp(-c² / (2 σ²)), σ in minutes. With β = 2 σ² it is the form exp(-c² / β).

    Ingram, *The concept of accessibility: a search for an operational form*, Regional Studies 5(2), 1971.

    >>> Gaussian(20)(np.array([0.0, 20.0, 40.0])).round(4).tolist()
    [1.0, 0.6065, 0.1353]
    """

    deviation_minutes: float

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("deviation_minutes", self.deviation_minutes)

    @property
    def reach_minutes(self) -> float:
        """It never ends."""
        return math.inf

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The deviation σ."""
        return {"decay": "gaussian", "deviation_minutes": self.deviation_minutes}

    def __call__(self, minutes: Floats) -> Floats:
        """Return exp(-c² / (2 σ²))."""
        found: Floats = np.exp(-0.5 * (minutes / self.deviation_minutes) ** 2)
        return found


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic: f(c) = 1 / (1 + exp(π (c - μ) / (σ √3))): half at μ, the steeper the smaller σ.

    The share of people who would accept so many minutes, where what they accept follows a logistic distribution of
    mean μ and standard deviation σ: the form of Conveyal R5 and r5r (Pereira et al., *r5r: rapid realistic routing on
    multimodal transport networks with R5 in R*, Findings, 2021). At no minutes it is a little under 1.

    >>> Logistic(30, 10)(np.array([0.0, 30.0, 60.0])).round(4).tolist()
    [0.9957, 0.5, 0.0043]
    """

    middle_minutes: float
    deviation_minutes: float

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("middle_minutes", self.middle_minutes)
        _positive("deviation_minutes", self.deviation_minutes)

    @property
    def reach_minutes(self) -> float:
        """It never ends."""
        return math.inf

    @property
    def parameters(self) -> dict[str, Scalar]:
        """Where it is half, and the deviation σ."""
        middle, deviation = self.middle_minutes, self.deviation_minutes
        return {"decay": "logistic", "middle_minutes": middle, "deviation_minutes": deviation}

    def __call__(self, minutes: Floats) -> Floats:
        """Return the logistic weight; by way of the hyperbolic tangent, which does not overflow."""
        steepness = math.pi / (self.deviation_minutes * math.sqrt(3.0))
        found: Floats = 0.5 * (1.0 - np.tanh(0.5 * steepness * (minutes - self.middle_minutes)))
        return found


@dataclass(frozen=True, slots=True)
class UpTo:
    """Another decay, and nothing beyond a limit: f(c) = g(c) where c ≤ T, else 0.

    As in the weighted two-step floating catchment of pysal/access (``max_cost``).

    >>> UpTo(Power(1), 60)(np.array([2.0, 60.0, 61.0])).round(4).tolist()
    [0.5, 0.0167, 0.0]
    """

    decay: Decay
    minutes: float

    def __post_init__(self) -> None:
        """Refuse what is not above nothing."""
        _positive("minutes", self.minutes)

    @property
    def reach_minutes(self) -> float:
        """The limit, or where the other one ends before it."""
        return min(self.minutes, self.decay.reach_minutes)

    @property
    def parameters(self) -> dict[str, Scalar]:
        """Those of the other, and the limit."""
        return {**self.decay.parameters, "up_to_minutes": self.minutes}

    def __call__(self, minutes: Floats) -> Floats:
        """Return the other's weight up to the limit."""
        found: Floats = np.where(minutes <= self.minutes, self.decay(minutes), 0.0)
        return found


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise UsageError("number-not-positive", name=name, value=f"{value:g}")
