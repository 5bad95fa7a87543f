"""What the sections of the dossier of a shortlist share: the answer, the numbers of its sites, how many are shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from portico.dossier.document.notes import Notes
from portico.dossier.document.parts import short
from portico.match.model import Entry, Shortlist
from portico.territory.layers import Territory
from portico.translation import Translator

QUALIFIED_IN_FULL, TO_VERIFY_IN_FULL = 12, 6
"""Sites that are shown with all their reasons. The workbook has every one in full."""
LISTED, NEAR_SHOWN, EXCLUDED_SHOWN = 40, 40, 150
"""Sites in the table of the order, in that of near misses, in that of the other excluded ones."""


@dataclass(slots=True)
class Told:
    """What the sections of one dossier share; ``signs`` are the numbers of sites on the map and in the tables."""

    answer: Shortlist
    territory: Territory
    say: Translator
    notes: Notes
    signs: dict[str, str] = field(default_factory=dict)

    @property
    def listed(self) -> tuple[Entry, ...]:
        """The sites that are not excluded, in their order."""
        return (*self.answer.qualified, *self.answer.to_verify)

    @property
    def in_full(self) -> tuple[Entry, ...]:
        """The sites that are shown with all their reasons."""
        return (*self.answer.qualified[:QUALIFIED_IN_FULL], *self.answer.to_verify[:TO_VERIFY_IN_FULL])


def rank_of(entry: Entry, say: Translator) -> str:
    """Return the rank of a site, or its range."""
    if entry.rank is None:
        return say("not-ranked")
    low, high = entry.rank.low, entry.rank.high
    return str(low) if low == high else f"{low}–{high}"


def score_of(entry: Entry, say: Translator) -> str:
    """Return the score of a site, or its range."""
    low, high = say.number(entry.score_low, 2), say.number(entry.score_high, 2)
    return low if low == high else f"{low}–{high}"


def name_of(entry: Entry, say: Translator) -> str:
    """Return the name of a site for a table, else its id."""
    return short(say(entry.site.name) or entry.site.id)
