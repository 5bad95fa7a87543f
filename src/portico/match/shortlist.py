"""The match, read aloud: measure, decide, value, group, rank, ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from portico.city.register import Site
from portico.dates import plausible
from portico.errors import InputError
from portico.match.answering import Answering
from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion
from portico.match.labels import label
from portico.match.methods.stated import OrderAs
from portico.match.methods.weights import shares as shares_of
from portico.match.model import Brief, Contribution, Decided, Entry, Group, Must, Outcome, Question, Shortlist, Want
from portico.match.musts import decide
from portico.match.ranking import ranked
from portico.match.relaxing import relaxations
from portico.match.wants import contribute
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
    shares = brief.shares()
    entries = [
        _entry(
            site,
            tuple(_decide(must, territory, site, as_of) for must in musts),
            tuple(_contributions(brief.wants, shares, territory, site, as_of)),
            answering,
        )
        for site in territory.sites
    ]
    return _grouped(brief, as_of, entries)


def reweighed(answer: Shortlist, numbers: Sequence[float], territory: Territory) -> Shortlist:
    """Return ``answer`` with other weights, one for each want in proportion to ``numbers``: nothing is measured again.

    Raises InputError where ``numbers`` are no weights: fewer or more than wants, one below zero, or all zero.
    """
    given = shares_of(numbers)
    if len(given) != len(answer.brief.wants):
        raise InputError("weights-how-many", count=len(given), wants=len(answer.brief.wants))
    wants = tuple(
        replace(want, weight=float(share), order=None) for want, share in zip(answer.brief.wants, given, strict=True)
    )
    brief = replace(answer.brief, wants=wants, total=None, order_as=OrderAs.CONSTRAINT)
    answering = Answering(territory.settings.partners, territory.settings.calendar, answer.as_of)
    entries = [
        _entry(
            entry.site,
            entry.musts,
            tuple(
                replace(one, want=want, share=share)
                for one, want, share in zip(entry.contributions, wants, brief.shares(), strict=True)
            ),
            answering,
        )
        for entry in answer.entries
    ]
    return _grouped(brief, answer.as_of, entries)


def _grouped(brief: Brief, as_of: date, entries: Sequence[Entry]) -> Shortlist:
    groups = {group: [one for one in entries if one.group is group] for group in Group}
    excluded = sorted(groups[Group.EXCLUDED], key=_by_nearness)
    return Shortlist(
        brief,
        as_of,
        ranked(groups[Group.QUALIFIED]),
        ranked(groups[Group.TO_VERIFY]),
        tuple(excluded),
        relaxations((AVAILABLE, *brief.musts), excluded),
    )


def _by_nearness(entry: Entry) -> tuple[bool, int, float, str]:
    """Near misses first, then by how many musts failed, then by score."""
    return (not entry.is_near_miss, len(entry.failed), -entry.score_mid, entry.site.id)


def _entry(
    site: Site, decided: tuple[Decided, ...], contributions: tuple[Contribution, ...], answering: Answering
) -> Entry:
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
    return decide(
        must, known, known.measured(territory, site, must, as_of), as_of, territory.settings.staleness.limit_months
    )


def _contributions(
    wants: Sequence[Want], shares: Sequence[float], territory: Territory, site: Site, as_of: date
) -> Iterator[Contribution]:
    for want, share in zip(wants, shares, strict=True):
        known = _known(want.criterion)
        measured = known.measured(territory, site, want, as_of)
        yield contribute(want, known, measured, share, as_of, territory.settings.staleness)


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
                "found": _known(one.must.criterion).spoken_found(one.measured.found),
                "as_of": one.measured.found.as_of or Message("undated"),
                "label": label(one.must, _known(one.must.criterion)),
            }
            words = Message(f"question.{one.must.criterion}.{one.outcome.value}", values)
            yield Question(one.must.criterion, words, who.partner, who.by, decides=True)
    for other in contributions:
        key = (other.want.criterion, other.want.basis)
        if not other.is_known and key not in asked and other.share > 0:
            who = answering.who(site, other.want.criterion)
            words = Message("question.want", {"label": label(other.want, _known(other.want.criterion))})
            yield Question(other.want.criterion, words, who.partner, who.by, decides=False)
