"""``access MEASURE``: what can be reached, from a matrix of minutes and lists of what there is. No city is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from portico.cli.access_asked import (
    Asked,
    DecayText,
    Limits,
    Read,
    Shared,
    Way,
    decay_of,
    numbers,
    read,
    read_minutes,
    read_shared,
)
from portico.cli.access_shown import Answer, Run, show
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out
from portico.indicators.access import floating, reach
from portico.indicators.access.decay import Zones
from portico.indicators.access.nearest import nearest as to_nearest
from portico.lake.lake import open_engine


def cumulative(
    *,
    asked: Asked,
    opportunities: Path,
    amount: str = "",
    within: Limits = "30",
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Count what lies within so many minutes of each place (cumulative opportunities).

    Parameters
    ----------
    opportunities
        CSV or Parquet with id and columns of amounts; without any each place listed counts as one.
    amount
        The columns to take, with commas between them; else the only one of numbers.
    direction
        outbound: from each place to what there is; inbound: from there to the place.
    """
    limits, found = numbers(within, "--within"), read(asked, direction, opportunities, amount)
    runs = [
        Run({"amount": one.column, "within_minutes": limit}, reach.cumulative(found.costs, one.amounts, limit))
        for one in found.lists
        for limit in limits
    ]
    return _say("cumulative", found, runs, common)


def gravity(
    *,
    asked: Asked,
    opportunities: Path,
    decay: DecayText,
    amount: str = "",
    up_to: float = 0.0,
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Add up what is in reach of each place, the farther the less (gravity, potential of Hansen).

    Parameters
    ----------
    opportunities
        CSV or Parquet with id and columns of amounts; without any each place listed counts as one.
    amount
        The columns to take, with commas between them; else the only one of numbers.
    up_to
        Nothing counts beyond so many minutes; 0 for no such limit.
    direction
        outbound: from each place to what there is; inbound: from there to the place.
    """
    weight, found = decay_of(decay, up_to), read(asked, direction, opportunities, amount)
    runs = [Run({"amount": one.column}, reach.gravity(found.costs, one.amounts, weight)) for one in found.lists]
    return _say("gravity", found, runs, common)


def nearest(
    *,
    asked: Asked,
    opportunities: Path,
    amount: str = "",
    k: str = "1",
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Say the minutes to the k-th nearest, and the mean of the k nearest.

    Parameters
    ----------
    opportunities
        CSV or Parquet with id and columns of amounts; without any each place listed counts as one.
    amount
        The columns to take, with commas between them; else the only one of numbers.
    k
        The how many nearest, with commas between several.
    direction
        outbound: from each place to what there is; inbound: from there to the place.
    """
    counts, found = numbers(k, "--k"), read(asked, direction, opportunities, amount)
    runs = []
    for one in found.lists:
        for count in counts:
            minutes = to_nearest(found.costs, one.amounts, count)
            runs.append(Run({"amount": one.column, "k": count}, minutes.to_kth, minutes.mean))
    return _say("nearest", found, runs, common)


def catchment(
    *,
    asked: Asked,
    opportunities: Annotated[Path, Parameter(name=["--opportunities", "--workers"])],
    amount: str = "",
    within: Limits = "30,45,60",
    common: Common = DEFAULTS,
) -> int:
    """Count the workers who can be at each place within so many minutes (labour catchment); always inbound.

    Parameters
    ----------
    opportunities
        CSV or Parquet with id and a column of workers for each skill.
    amount
        The columns of skills, with commas between them; else the only one of numbers.
    """
    limits, found = numbers(within, "--within"), read(asked, "inbound", opportunities, amount)
    workers = {one.column: one.amounts for one in found.lists}
    every = reach.labour_catchment(found.costs, workers, limits)
    runs = [Run({"amount": one.skill, "within_minutes": one.minutes}, one.scores) for one in every]
    return _say("catchment", found, runs, common)


def two_step_floating(
    *,
    asked: Asked,
    shared: Shared,
    within: Limits = "30",
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Share what there is among the people who reach it within so many minutes (2SFCA, Luo and Wang).

    Parameters
    ----------
    direction
        outbound: people go to what there is; inbound: it comes to them.
    """
    limits, found = numbers(within, "--within"), read_shared(asked, direction, shared)
    runs = [
        Run({"within_minutes": limit}, floating.two_step(found.costs, found.supply, found.population, limit))
        for limit in limits
    ]
    return _say("2sfca", found, runs, common)


def enhanced_floating(
    *,
    asked: Asked,
    shared: Shared,
    zones: str = "10,20,30",
    weights: str = "1,0.68,0.22",
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Share what there is by zones that count less and less (E2SFCA, Luo and Qi).

    Parameters
    ----------
    zones
        The minutes at which zones end.
    weights
        What each zone counts, from 1 to 0.
    direction
        outbound: people go to what there is; inbound: it comes to them.
    """
    steps = Zones(numbers(zones, "--zones"), numbers(weights, "--weights"))
    found = read_shared(asked, direction, shared)
    scores = floating.enhanced_two_step(found.costs, found.supply, found.population, steps)
    return _say("e2sfca", found, [Run({}, scores)], common)


def competition(
    *,
    asked: Asked,
    shared: Shared,
    decay: DecayText,
    up_to: float = 0.0,
    demand_column: str = "",
    demand_decay: DecayText = "",
    direction: Way = "outbound",
    common: Common = DEFAULTS,
) -> int:
    """Share what there is among all who reach it, the farther the less (gravity with competition, Joseph and Bantock).

    Parameters
    ----------
    up_to
        Nothing counts beyond so many minutes; 0 for no such limit.
    demand_column
        The minutes that count when what there is is shared out, where they are others.
    demand_decay
        The decay that counts there, where it is another.
    direction
        outbound: people go to what there is; inbound: it comes to them.
    """
    weight = decay_of(decay, up_to)
    first = decay_of(demand_decay, up_to, "--demand-decay") if demand_decay else None
    found = read_shared(asked, direction, shared)
    what = (found.costs, found.supply, found.population, weight)
    if not demand_column and first is None:
        scores = floating.competition(*what)
    else:
        other = read_minutes(asked, demand_column, direction, open_engine()).costs if demand_column else None
        scores = floating.floating_catchment(*what, demand_costs=other, demand_decay=first)
    return _say("competition", found, [Run({}, scores)], common)


def _say(measure: str, found: Read, runs: Sequence[Run], common: Common) -> int:
    answer = Answer(measure, found.matrix, found.lists, tuple(runs))
    if common.json:
        as_json(answer.to_dict(common.say))
    else:
        show(answer, common.say, out())
    return 0
