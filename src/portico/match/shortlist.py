"""The match, read aloud: measure, decide, value, group, rank, ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from portico.city.register import Site
from portico.dates import plausible
from portico.figures import Figure
from portico.match.answering import Answering
from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion
from portico.match.model import Brief, Contribution, Decided, Entry, Group, Must, Outcome, Question, Shortlist
from portico.match.musts import decide
from portico.match.ranking import ranked
from portico.match.relaxing import relaxations
from portico.match.wants import contribute, label
from portico.messages import Message
from portico.territory.layers import Territory

AVAILABLE = Must(
    criterion="availability", any_of=("available",), none_of=("sold", "in-redevelopment", "withdrawn")
)  # always there, always shown


def shortlist(brief: Brief, territory: Territory, as_of: date) -> Shortlist:
    """Answer ``brief`` on ``as_of``: every site of ``territory`` stands in exactly one of the three groups."""
    plausible(as_of)
    musts = (AVAILABLE, *brief.musts)
    answering = Answering(territory.settings.partners, territory.settings.calendar, as_of)
    entries = [_entry(brief, musts, territory, site, as_of, answering) for site in territory.sites]
    groups = {group: [one for one in entries if one.group is group] for group in Group}
    excluded = sorted(groups[Group.EXCLUDED], key=_by_nearness)
    return Shortlist(
        brief,
        as_of,
        ranked(groups[Group.QUALIFIED]),
        ranked(groups[Group.TO_VERIFY]),
        tuple(excluded),
        relaxations(musts, excluded),
    )


def _by_nearness(entry: Entry) -> tuple[bool, int, float, str]:
    """Near misses first, then by how many musts failed, then by score."""
    return (not entry.is_near_miss, len(entry.failed), -entry.score_mid, entry.site.id)


def _entry(
    brief: Brief, musts: Sequence[Must], territory: Territory, site: Site, as_of: date, answering: Answering
) -> Entry:
    decided = tuple(_decide(must, territory, site, as_of) for must in musts)
    contributions = tuple(_contributions(brief, territory, site, as_of))
    return Entry(
        site,
        group_of(decided),
        sum(one.share * one.low for one in contributions),
        sum(one.share * one.high for one in contributions),
        contributions,
        decided,
        tuple(_questions(decided, contributions, site, answering)),
        answering.who(site),
    )


def group_of(decided: Sequence[Decided]) -> Group:
    """Return where a site stands: excluded by any fail, to verify by any doubt, else qualified."""
    outcomes = {one.outcome for one in decided}
    if Outcome.FAIL in outcomes:
        return Group.EXCLUDED
    return Group.TO_VERIFY if outcomes - {Outcome.PASS} else Group.QUALIFIED


def _known(identifier: str) -> Criterion:
    found = criterion(identifier)
    if found is None:
        raise KeyError(identifier)  # a brief that was read names known criteria only
    return found


def _decide(must: Must, territory: Territory, site: Site, as_of: date) -> Decided:
    known = _known(must.criterion)
    return decide(must, known, known.measure(territory, site, must), as_of, territory.settings.staleness.limit_months)


def _contributions(brief: Brief, territory: Territory, site: Site, as_of: date) -> Iterator[Contribution]:
    total = sum(want.weight for want in brief.wants)
    for want in brief.wants:
        known = _known(want.criterion)
        measured = known.measure(territory, site, want)
        yield contribute(want, known, measured, want.weight / total, as_of, territory.settings.staleness)


def _questions(
    decided: Sequence[Decided], contributions: Sequence[Contribution], site: Site, answering: Answering
) -> Iterator[Question]:
    """Yield what to ask next: first what decides whether the site qualifies, then what would sharpen its place."""
    asked = set()
    for one in decided:
        if one.outcome in (Outcome.UNKNOWN, Outcome.STALE):
            asked.add((one.must.criterion, one.must.basis))
            who = answering.who(site, one.must.criterion)
            values = {
                "found": _found(one),
                "as_of": one.measured.found.as_of or Message("undated"),
                "label": label(one.must, _known(one.must.criterion)),
            }
            words = Message(f"question.{one.must.criterion}.{one.outcome.value}", values)
            yield Question(one.must.criterion, words, who.partner, who.by, decides=True)
    for other in contributions:
        key = (other.want.criterion, other.want.basis)
        if not other.is_known and key not in asked and other.want.weight > 0:
            who = answering.who(site, other.want.criterion)
            words = Message("question.want", {"label": label(other.want, _known(other.want.criterion))})
            yield Question(other.want.criterion, words, who.partner, who.by, decides=False)


def _found(decided: Decided) -> object:
    found = decided.measured.found
    if isinstance(found, Figure) or not found.is_known:
        return found
    return tuple(Message(f"{decided.must.criterion}.{word}") for word in found.values)
