"""Sites side by side under a brief: what each must and each want came to on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portico.dossier import plain
from portico.match.model import Contribution, Decided, Entry, Must, Shortlist, Want
from portico.messages import Message, Text
from portico.translation import Translator

_SURE = 1e-9


@dataclass(frozen=True, slots=True)
class MustRow:
    """A must, and what became of it on each site."""

    must: Must
    cells: tuple[Decided, ...]

    @property
    def differs(self) -> bool:
        """Whether it came out alike on all."""
        return len({one.outcome for one in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class WantRow:
    """A want with its share of all weight, what it adds to the score of each site, and what can be said of that."""

    want: Want
    share: float
    cells: tuple[Contribution, ...]
    verdict: Message
    differs: bool


@dataclass(frozen=True, slots=True)
class ByBrief:
    """The entries of some sites in the answer to a brief, side by side."""

    answer: Shortlist
    entries: tuple[Entry, ...]
    musts: tuple[MustRow, ...]
    wants: tuple[WantRow, ...]


def by_brief(answer: Shortlist, identifiers: Sequence[str]) -> ByBrief:
    """Return the entries of the sites named, side by side: each of them stands in ``answer``."""
    known = {entry.site.id: entry for entry in answer.entries}
    entries = tuple(known[one] for one in identifiers)
    musts = tuple(MustRow(cells[0].must, cells) for cells in zip(*(one.musts for one in entries), strict=True))
    names = [one.site.name for one in entries]
    wants = tuple(_want(cells, names) for cells in zip(*(one.contributions for one in entries), strict=True))
    return ByBrief(answer, entries, musts, wants)


def _want(cells: tuple[Contribution, ...], names: Sequence[Text]) -> WantRow:
    """Say which site gains most by a want: only where its least is above the most of every other."""
    first = cells[0]
    best = max(range(len(cells)), key=lambda k: cells[k].low)
    rivals = [one.high for k, one in enumerate(cells) if k != best]
    if all((one.low, one.high) == (first.low, first.high) for one in cells) and first.low == first.high:
        verdict, differs = Message("compare-same"), False
    elif cells[best].low > max(rivals) + _SURE:
        gain = round(100 * first.share * (cells[best].low - max(rivals)), 1)
        verdict, differs = Message("compare-gains", {"site": names[best], "by": gain}), True
    else:
        verdict, differs = Message("compare-overlap"), False
    return WantRow(first.want, first.share, cells, verdict, differs)


def worth(one: Contribution, say: Translator) -> str:
    """Return what a want adds to a score, in parts of 100: a range where it is not known exactly."""
    low, high = (say.number(100 * one.share * bound, 0) for bound in (one.low, one.high))
    return low if low == high else f"{low}–{high}"


def to_dict(found: ByBrief, say: Translator) -> dict[str, Any]:
    """Return the sites side by side under the brief as plain data: entries as in a shortlist, and what differs."""
    return {
        "brief": plain.brief(found.answer.brief, say),
        "as_of": found.answer.as_of.isoformat(),
        "sites": [{"group": one.group.value, **plain.entry(one, say)} for one in found.entries],
        "differences": [
            {"label": plain.name_of(row.want, say), "weight": row.share, "verdict": say(row.verdict)}
            for row in found.wants
            if row.differs
        ],
    }
