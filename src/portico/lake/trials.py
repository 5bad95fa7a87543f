"""What a column looks like: the types that its values propose, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portico.lake.columns import TYPES
from portico.lake.columns.base import Convention
from portico.lake.columns.headers import unit_of
from portico.lake.columns.number import NUMBER
from portico.lake.decisions import BLANKS, MISSING, Candidate, Decision
from portico.lake.marks import Marks
from portico.lake.model import Type

DISTINCT = 300
_FIRST_LOOK = 24
_LOOKS_LIKE = 0.9
_CANDIDATES = 8


def candidates(values: Sequence[str], folded: str, marks: Marks) -> list[Candidate]:
    """Return the types that ``values`` look like, the likeliest first."""
    if not values:
        return []
    step = max(len(values) // _FIRST_LOOK, 1)
    look, found = values[::step], []
    for one in TYPES:
        if not one.wants(folded):
            continue
        for convention in marks.ordered(one):
            if _share(convention, look) < _LOOKS_LIKE - 0.15 or _share(convention, values) < _LOOKS_LIKE:
                continue
            found.append(Candidate(one, convention))
        if len(found) >= _CANDIDATES:
            break
    return marks.without_misreadings(found, values, NUMBER)


def _share(convention: Convention, values: Sequence[str]) -> float:
    return sum(convention.matches(value) for value in values) / len(values)


@dataclass(slots=True)
class Trial:
    """A column on trial: the values that speak so far, the types they look like, what was ruled out."""

    name: str
    header: str
    folded: str
    values: list[str]
    trim: bool = False
    candidates: list[Candidate] = field(default_factory=list)
    refused: str = ""
    refused_by: str = ""
    gone: set[str] = field(default_factory=set)
    narrow: bool = True

    @property
    def cell(self) -> str:
        """The SQL of a cell: trimmed where the values, or a misfit, showed that this is needed."""
        return Decision(self.name, Type.TEXT, trim=self.trim).cell_of

    def propose(self, marks: Marks) -> None:
        """Look again at what the values look like; types ruled out stay out."""
        found = candidates(self.values, self.folded, marks)
        self.candidates = [one for one in found if one.type.name not in self.gone]
        self.narrow = True

    def tried(self, rival: Candidate) -> Candidate:
        """Return ``rival`` with the writings that the values show; with all of them once those were not enough."""
        if not self.narrow:
            return rival
        seen = {_writing(rival, value) for value in self.values}
        kept = tuple(one for one in rival.convention.writings if one in seen)
        return Candidate(rival.type, Convention(rival.convention.name, kept))

    @property
    def rivals(self) -> list[Candidate]:
        """The candidate to try, and those of its type in conventions that read some value otherwise."""
        if not self.candidates:
            return []
        first = self.candidates[0]
        found: list[Candidate] = []
        for one in self.candidates:
            if one.type is first.type and all(_differ(one, other, self.values) for other in found):
                found.append(one)
        return [self.tried(one) for one in found]


def _differ(one: Candidate, other: Candidate, values: Sequence[str]) -> bool:
    """Say whether two conventions of a type take some value for different writings."""
    return any(_writing(one, value) != _writing(other, value) for value in values)


def _writing(one: Candidate, value: str) -> object:
    return next((writing for writing in one.convention.writings if writing.matches(value)), None)


def spread(values: Iterable[str | None]) -> list[str]:
    """Return some of the distinct values that say something, from everywhere among them."""
    missing = frozenset(MISSING)
    bare = (value.strip(BLANKS) for value in values if value is not None)
    kept = list(dict.fromkeys(value for value in bare if value and value not in missing))
    return kept[:: max(len(kept) // DISTINCT, 1)]


def unit_in(chosen: Candidate, trial: Trial) -> str:
    """Return the unit of a column: of its type, of the one currency seen in it, else what its name says."""
    stated = {writing.unit for writing in chosen.convention.writings if any(map(writing.matches, trial.values))} - {""}
    if chosen.type.unit or len(stated) == 1:
        return chosen.type.unit or next(iter(stated))
    return unit_of(trial.header) if chosen.type.logical in (Type.INTEGER, Type.NUMBER) else ""


def formats(chosen: Candidate, values: Sequence[str]) -> str:
    """Return the writings seen, for people."""
    seen = [writing.format for writing in chosen.convention.writings if any(map(writing.matches, values))]
    return ", ".join(dict.fromkeys(seen))
