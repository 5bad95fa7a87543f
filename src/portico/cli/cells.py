"""``cells MEASURE``: a measure for every cell of a territory, published as a layer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from portico.build import lake_of
from portico.build.cells import carry_out, plan, survey
from portico.build.cells_asked import MINUTES, Kind, Wanted
from portico.cli.access_asked import DecayText, Way, decay_of
from portico.cli.cells_shown import show_measured, show_planned, show_survey, watched
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import err
from portico.cli.travel_asked import MODES, ModeName
from portico.territory.cells import RESOLUTION
from portico.territory.travel.model import Direction

Within = Annotated[float, Parameter(name=["--within", "--minutes"], help="Minutes beyond which nothing counts.")]
WayOption = Annotated[
    Way, Parameter(help="outbound: from each cell to what there is; inbound: from there to the cell.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """How one travels, what there is to reach, and which cells."""

    mode: Annotated[ModeName, Parameter(help="How one travels.")] = "walk"
    of: Annotated[
        str, Parameter(help="What there is to reach: DATASET or DATASET@VERSION; the cells themselves by default.")
    ] = ""
    amount: Annotated[str, Parameter(help="The column of how much there is; else each row counts as one.")] = ""
    empty_at_most: Annotated[
        float | None, Parameter(help="What an empty amount is at most; 0: nothing is there. Else nothing bounds it.")
    ] = None
    area: Annotated[
        str, Parameter(help="The territory: DATASET[@VERSION][/ROW] of areas; the city's extent by default.")
    ] = ""
    resolution: Annotated[int, Parameter(help="The size of the cells: 9 is some 0.1 km², one less seven times.")] = (
        RESOLUTION
    )
    dataset: Annotated[str, Parameter(help="The id of the dataset it becomes, instead of one made of the rest.")] = ""
    dry_run: Annotated[bool, Parameter(negative="", help="Only say how many cells and what they would reach.")] = False

    def wanted(self, kind: Kind, **more: Any) -> Wanted:  # noqa: ANN401 - what sets one measure apart from the others
        """Return what is asked. Raises UsageError for what cannot be."""
        return Wanted(
            kind,
            MODES[self.mode],
            resolution=self.resolution,
            of=self.of,
            amount=self.amount,
            empty_at_most=self.empty_at_most,
            area=self.area,
            name=self.dataset,
            **more,
        )


USUAL = Asked()


def cumulative(
    *,
    asked: Asked = USUAL,
    within: Within = MINUTES,
    direction: WayOption = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Count what lies within so many minutes of each cell, and publish it as a layer."""
    wanted = asked.wanted(Kind.CUMULATIVE, within_minutes=within, direction=Direction(direction))
    return _carried_out(wanted, common, dry_run=asked.dry_run)


def gravity(
    *,
    decay: DecayText,
    asked: Asked = USUAL,
    up_to: float = 0.0,
    direction: WayOption = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Add up what is in reach of each cell, the farther the less, and publish it as a layer.

    Parameters
    ----------
    up_to
        Nothing counts beyond so many minutes; 0 for no such limit.
    """
    said = f"{decay} up to {up_to:g}" if up_to else decay
    weight = decay_of(decay, up_to)
    wanted = asked.wanted(Kind.GRAVITY, decay=weight, decay_text=said, direction=Direction(direction))
    return _carried_out(wanted, common, dry_run=asked.dry_run)


def catchment(*, asked: Asked = USUAL, within: Within = MINUTES, common: Common = DEFAULTS) -> int:
    """Count the people who can be at each cell within so many minutes, and publish it as a layer."""
    return _carried_out(asked.wanted(Kind.CATCHMENT, within_minutes=within), common, dry_run=asked.dry_run)


def nearest(
    *,
    asked: Asked = USUAL,
    k: float = 1.0,
    direction: WayOption = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Say the minutes from each cell to the nearest, or the k-th nearest, and publish it as a layer.

    Parameters
    ----------
    k
        The how many nearest; of amounts, how much must be in reach.
    """
    wanted = asked.wanted(Kind.NEAREST, k=k, direction=Direction(direction))
    return _carried_out(wanted, common, dry_run=asked.dry_run)


def _carried_out(wanted: Wanted, common: Common, *, dry_run: bool) -> int:
    city = common.open()
    lake, console = lake_of(city), err()
    surveyed = survey(city, lake, wanted)
    show_survey(surveyed, city, wanted, common.say, console)
    planned = plan(city, lake, wanted, surveyed)
    if dry_run:
        show_planned(planned, common)
        return 0
    if planned.standing is None and not common.json:
        show_planned(planned, common, console)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with watched(common.say, console) as progress:
        measured = carry_out(city, lake, planned, at=at, progress=progress)
    show_measured(planned, measured, lake, common)
    return 0
