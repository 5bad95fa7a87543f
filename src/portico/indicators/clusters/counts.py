"""How many firms a number of employment rests on, and what that leaves open.

One firm that comes or goes moves the number of a small place by a lot: tiny units top rankings. So no value is told
under a least number of firms, and each comes with an interval.

The interval is a choice of this project, after Moineddin, Beyene and Boyle, *On the location quotient confidence
interval*, Geographical Analysis 35(3), 2003, with the firm in place of the person as what comes or goes: firms arrive
like a Poisson process with the sizes they have, so that the relative standard error of their employment is √H, H the
Herfindahl of their sizes (Σ z_k², at least 1 / number of firms). The interval is e · exp(±1.96 √H). With no firm at
all up to three of the usual size are as likely as the same 95 % allow (rule of three).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

LEAST_FIRMS = 5
"""Fewer firms than these give an interval and no value."""
NORMAL_95 = 1.959963984540054
RULE_OF_THREE = 3.0


@dataclass(frozen=True, slots=True)
class Count:
    """The employment of an industry in an area, its firms, and the Herfindahl of their sizes where that is known."""

    employment: float
    firms: int | None = None
    herfindahl: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not (math.isfinite(self.employment) and self.employment >= 0) or (self.firms is not None and self.firms < 0):
            text = f"employment and firms are counted from 0 up: {self.employment}, {self.firms}"
            raise ValueError(text)

    @property
    def is_enough(self) -> bool:
        """Whether it rests on enough firms to tell a value."""
        return self.firms is not None and self.firms >= LEAST_FIRMS

    @property
    def least_herfindahl(self) -> float | None:
        """The Herfindahl of the firms, or the least it can be: all of one size. Nothing where nobody counted firms."""
        if self.herfindahl is not None:
            return self.herfindahl
        return 1.0 / self.firms if self.firms else None

    @property
    def most_herfindahl(self) -> float | None:
        """The Herfindahl of the firms, or the most it can be: one has all but one person in each of the others."""
        if self.herfindahl is not None:
            return self.herfindahl
        if not self.firms or self.employment <= 0:
            return None
        others = min(self.firms - 1.0, self.employment)  # whoever has less than a person has nobody to spare
        return ((self.employment - others) ** 2 + others) / self.employment**2

    def factors(self) -> tuple[float, float] | None:
        """Return by what the employment may be multiplied, from least to most; nothing where nobody counted firms.

        >>> [round(one, 2) for one in Count(300.0, 100).factors()]
        [0.82, 1.22]
        """
        share = self.least_herfindahl
        if share is None:
            return None
        return math.exp(-NORMAL_95 * math.sqrt(share)), math.exp(NORMAL_95 * math.sqrt(share))


def together(counts: list[Count]) -> Count:
    """Return several industries, or one in several areas, as one: H = Σ (e_c / e)² H_c.

    Firms or their Herfindahl are not known where one of the parts does not tell them.

    >>> together([Count(50.0, 2, 0.5), Count(50.0, 2, 0.5)])
    Count(employment=100.0, firms=4, herfindahl=0.25)
    """
    employment = sum(one.employment for one in counts)
    firms = [one.firms for one in counts if one.firms is not None]
    parts = [
        (one.employment / employment) ** 2 * one.herfindahl
        for one in counts
        if employment > 0 and one.herfindahl is not None
    ]
    told = sum(one.employment == 0 or one.herfindahl is not None for one in counts) == len(counts)
    return Count(
        employment,
        sum(firms) if len(firms) == len(counts) else None,
        min(1.0, sum(parts)) if told and parts else None,
    )
