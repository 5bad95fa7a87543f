"""``match BRIEF --where``: the same brief over every cell of the territory, for places nobody listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from portico.build import lake_of
from portico.build import where as layers
from portico.cli.cells_shown import show_survey_of, watched
from portico.cli.common import Common
from portico.cli.match_where_shown import as_plain, show
from portico.cli.show import as_json, err, out
from portico.errors import UsageError
from portico.lake import exports
from portico.match.asked_weights import weights_in
from portico.match.methods.stated import OrderAs
from portico.match.model import Brief
from portico.messages import Message
from portico.territory.layers import territory


@Parameter(name="*")
@dataclass(frozen=True)
class WhereAsked:
    """What ``--where`` takes."""

    where: Annotated[
        bool, Parameter(negative="", help="Answer for every cell of the territory, for places nobody listed.")
    ] = False
    resolution: Annotated[
        int | None,
        Parameter(help="With --where: the size of the cells, 9 is some 0.1 km²; else the finest with 20,000 at most."),
    ] = None
    area: Annotated[
        str, Parameter(help="With --where: the territory, DATASET[@VERSION][/ROW] of areas; else the city's extent.")
    ] = ""
    best: Annotated[int, Parameter(help="With --where: how many of the best places to list.")] = 10
    publish: Annotated[
        bool, Parameter(negative="", help="With --where: publish the answer as a layer with versions.")
    ] = False
    dataset: Annotated[str, Parameter(help="With --where --publish: the id of the dataset it becomes.")] = ""

    def refuse_alone(self) -> None:
        """Raise UsageError where an option of ``--where`` is given without it."""
        for name in ("resolution", "area", "best", "publish", "dataset"):
            if getattr(self, name) != getattr(NOWHERE, name):
                raise UsageError("where-option-alone", option=f"--{name}")

    def refuse_beside(self, *, method: str | None, since: str, weights: str) -> None:
        """Raise UsageError for what is asked of a shortlist only, and for a layer by other weights than the brief's."""
        for name, given in (("method", method), ("since", since)):
            if given:
                raise UsageError("where-not-beside", option=f"--{name}", other="--where")
        if weights and self.publish:
            raise UsageError("where-not-beside", option="--weights", other="--publish")


NOWHERE = WhereAsked()
_MOST_LISTED = 1_000


def with_weights(brief: Brief, text: str) -> Brief:
    """Return ``brief`` with other weights, a number for each want with commas; as it is where none are given."""
    if not text:
        return brief
    numbers = weights_in(text, len(brief.wants))
    wants = tuple(replace(want, weight=float(one), order=None) for want, one in zip(brief.wants, numbers, strict=True))
    return replace(brief, wants=wants, total=None, order_as=OrderAs.CONSTRAINT)


def match_where(
    brief: Brief, asked: WhereAsked, as_of: date, output: Path | None, common: Common, *, full: bool = False
) -> int:
    """Answer ``brief`` for every cell: say how many there are, measure, show, write and publish what was asked."""
    if not 0 <= asked.best <= _MOST_LISTED:
        raise UsageError("out-of-range", key="--best", low=0, high=_MOST_LISTED)
    if output is not None:
        _refuse_unwritable(output)
    city = common.open()
    lake, console, say = lake_of(city), err(), common.say
    surveyed = layers.survey(city, lake, brief, asked.resolution, asked.area)
    name = layers.dataset_of(brief, surveyed.resolution, asked.area, asked.dataset)
    show_survey_of(asked.area, surveyed.about, surveyed.resolution, city, say, console)
    known = territory(city, lake)
    made = layers.derived(surveyed, brief, known, as_of) if asked.publish or output else None
    standing = layers.standing(lake, name, made) if asked.publish and made else None
    with watched(say, console) as progress:
        cells = surveyed.about
        where = layers.answer(
            surveyed, brief, known, as_of, lambda done, of: progress(done * cells // max(1, of), cells)
        )
    layer = None
    if asked.publish and made:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        layer = (
            layers.Layer(standing, is_new=False)
            if standing is not None
            else layers.publish(city, lake, where, made, name, at=at)
        )
    if output is not None and made:
        layers.write(city, lake, where, made, name, output, language=common.lang)
        values = {"file": str(output), "count": len(where.cells)}
        console.print(say(Message("where-file-written", values)), markup=False)
    if common.json:
        as_json(as_plain(where, known, asked.best, layer, output, say))
    else:
        show(where, known, asked.best, layer, say, out(), full=full)
    return 0


def _refuse_unwritable(output: Path) -> None:
    if output.is_dir():
        raise UsageError("where-file-exists-as-folder", file=str(output))
    exports.format_of(output.suffix)
    if not output.parent.is_dir():
        raise UsageError("where-no-folder", folder=str(output.parent), file=output.name)
