"""``match BRIEF``: the reasoned shortlist in the terminal, as JSON, or as a page to keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico.build import lake_of
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.match_shown import show, show_changes, show_firmness, show_method
from portico.cli.match_where import NOWHERE, WhereAsked, match_where, with_weights
from portico.cli.show import as_json, err, out
from portico.dossier.answer import to_dict
from portico.dossier.by_method import to_dict as method_to_dict
from portico.dossier.changed import to_dict as changes_to_dict
from portico.dossier.report import write_report
from portico.match import briefs
from portico.match.asked_weights import weights_in
from portico.match.outranking import Method, by_method
from portico.match.robustness import robustness
from portico.match.shortlist import reweighed, shortlist
from portico.match.since import changes_since, moment_of
from portico.messages import Message
from portico.territory.layers import territory

Methods = Literal["additive", "topsis", "promethee"]


@Parameter(name="*")
@dataclass(frozen=True)
class Also:
    """What may be asked of an answer beyond the shortlist itself."""

    weights: Annotated[
        str, Parameter(help="Other weights than the brief's: a number for each want, in their order, with commas.")
    ] = ""
    method: Annotated[
        Methods | None, Parameter(help="The order also by another method; what it does not see is said.")
    ] = None
    since: Annotated[
        str, Parameter(help="Also what changed since a day (YYYY-MM-DD) or a publication (DATASET@NUMBER), and why.")
    ] = ""


ALSO = Also()


def match(
    brief: str,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    full: bool = False,
    also: Also = ALSO,
    as_of: AsOf = None,
    where: WhereAsked = NOWHERE,
    common: Common = DEFAULTS,
) -> int:
    """Answer a brief: qualified sites, sites to verify with the next question, and why the others are left out.

    Parameters
    ----------
    brief
        A file, or a name in the city's briefs/.
    output
        Also write the answer as one HTML file that needs nothing else; with --where as .geojson, .csv, .parquet, .gpkg.
    full
        Give reasons for every site, not only the first five of each group.
    """
    city = common.open()
    read = briefs.read(city, brief)
    if where.where:
        where.refuse_beside(method=also.method, since=also.since, weights=also.weights)
        weighed = with_weights(read, also.weights)
        return match_where(weighed, where, today(as_of), output, common, full=full)
    where.refuse_alone()
    lake, day = lake_of(city), today(as_of)
    land = territory(city, lake)
    answer = shortlist(read, land, day)
    if also.weights:
        answer = reweighed(answer, weights_in(also.weights, len(read.wants)), land)
    moment = moment_of(city, lake, also.since, day) if also.since else None
    changed = changes_since(city, lake, answer.brief, moment, land, day) if moment else None
    if output:
        write_report(answer, city.settings, lake, common.say, output)
        err().print(common.say(Message("report-written", {"file": str(output)})), markup=False)
    firm = robustness(answer)
    other = by_method(answer, Method(also.method)) if also.method else None
    if common.json:
        told = to_dict(answer, firm, common.say)
        told |= {"by_method": method_to_dict(other, common.say)} if other else {}
        told |= {"changes": changes_to_dict(changed, common.say)} if changed else {}
        as_json(told)
        return 0
    show(answer, common.say, out(), full=full)
    show_firmness(firm, common.say, out())
    if other:
        show_method(other, common.say, out())
    if changed:
        show_changes(changed, common.say, out())
    return 0
