"""Two to five sites side by side: what is known of each, how near it is to each kind of place, and what differs.

A difference is named only where the ranges leave no doubt: a site is nearer when its most minutes are fewer than the
least of every other. What is not known of a site is said, never taken for a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portico.city.register import Site
from portico.dossier import plain
from portico.dossier.site_sheet import Line, site_sheet
from portico.errors import UsageError
from portico.figures import Figure, Statement
from portico.messages import Message, Text
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import Near, minutes_to_nearest
from portico.territory.selection import Selection
from portico.translation import Translator

LEAST_SITES, MOST_SITES = 2, 5
_LAYERS = ("transport", "institutions")
_LEFT_OUT = ("description",)
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One thing stated of the sites, a line for each of them (nothing where it was not stated), and what differs."""

    name: str
    label: Message
    lines: tuple[Line | None, ...]
    verdict: Message
    differs: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """The minutes from a site to the nearest place of a kind, and that place."""

    minutes: Figure
    near: Near | None


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """The nearest place of a kind by one mode, for each of the sites; ``nearer`` is the one that clearly is."""

    kind: str
    mode: Mode
    cells: tuple[Nearest, ...]
    verdict: Message
    nearer: Site | None

    @property
    def is_known(self) -> bool:
        """Whether the minutes from any of the sites are known."""
        return any(cell.minutes.is_known for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sites side by side. ``unstated`` are the attributes that nobody stated of any of them."""

    sites: tuple[Site, ...]
    as_of: date
    attributes: tuple[AttributeRow, ...]
    unstated: tuple[Message, ...]
    minutes: tuple[MinutesRow, ...]

    @property
    def kinds(self) -> tuple[tuple[str, tuple[MinutesRow, ...]], ...]:
        """The rows of minutes by kind of place."""
        names = dict.fromkeys(row.kind for row in self.minutes)
        return tuple((kind, tuple(row for row in self.minutes if row.kind == kind)) for kind in names)

    def nearer(self, site: Site) -> tuple[tuple[str, tuple[Mode, ...]], ...]:
        """Return the kinds of place to which ``site`` is clearly nearer than the others, and by which modes."""
        found: dict[str, list[Mode]] = {}
        for row in self.minutes:
            if row.nearer is site:
                found.setdefault(row.kind, []).append(row.mode)
        return tuple((kind, tuple(modes)) for kind, modes in found.items())


def named_in(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the ids in ``asked``, each of which may hold several with commas between them, each once.

    >>> named_in(["a,b", "c", "a"])
    ('a', 'b', 'c')
    """
    return tuple(dict.fromkeys(part.strip() for text in asked for part in text.split(",") if part.strip()))


def sites_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the ids in ``asked``. Raises UsageError for fewer than two or more than five."""
    found = named_in(asked)
    if not LEAST_SITES <= len(found) <= MOST_SITES:
        raise UsageError("compare-how-many", count=len(found), low=LEAST_SITES, high=MOST_SITES)
    return found


def comparison(territory: Territory, identifiers: Sequence[str], as_of: date) -> Comparison:
    """Compose the comparison; raises UnknownNameError for an unknown site."""
    sheets = [site_sheet(territory, identifier, as_of) for identifier in identifiers]
    sites = tuple(sheet.site for sheet in sheets)
    rows, unstated = [], []
    by_sheet = [{(line.name, line.basis): line for line in sheet.lines} for sheet in sheets]
    keys = dict.fromkeys(key for lines in by_sheet for key in lines if key[0] not in _LEFT_OUT)
    for key in _without_empty(keys, by_sheet):
        lines = tuple(found.get(key) for found in by_sheet)
        label = next(line.label for line in lines if line is not None)
        if any(_is_known(line) for line in lines):
            rows.append(_attribute(key[0], label, lines, sites))
        else:
            unstated.append(label)
    minutes = tuple(_minutes(territory, sites))
    return Comparison(sites, as_of, tuple(rows), tuple(unstated), minutes)


def _without_empty(
    keys: dict[tuple[str, str], None], by_sheet: Sequence[dict[tuple[str, str], Line]]
) -> Iterator[tuple[str, str]]:
    """Yield attributes and their bases; a row without a basis only where none has one."""
    with_basis = {name for name, basis in keys if basis}
    for name, basis in keys:
        stands_for_nothing = not basis and name in with_basis
        if not stands_for_nothing or any(
            (line := found.get((name, basis))) is not None and line.is_known for found in by_sheet
        ):
            yield name, basis


def _attribute(name: str, label: Message, lines: tuple[Line | None, ...], sites: tuple[Site, ...]) -> AttributeRow:
    silent = [site.name for site, line in zip(sites, lines, strict=True) if not _is_known(line)]
    if silent:
        return AttributeRow(name, label, lines, _unknown(silent), differs=False)
    found = [(site, line.found) for site, line in zip(sites, lines, strict=True) if line is not None]
    figures = [(site, one) for site, one in found if isinstance(one, Figure)]
    if figures:
        verdict, differs = _of_figures(figures)
        return AttributeRow(name, label, lines, verdict, differs=differs)
    said = [tuple(sorted(one.values)) for _, one in found if isinstance(one, Statement)]
    if not said:
        return AttributeRow(name, label, lines, Message("compare-in-words"), differs=False)
    differs = len(set(said)) > 1
    return AttributeRow(name, label, lines, Message("compare-differs" if differs else "compare-same"), differs=differs)


def _unknown(silent: Sequence[Text]) -> Message:
    return Message("compare-unknown", {"sites": silent})


def _is_known(line: Line | None) -> bool:
    """Say whether a line tells anything: that something is unknown may be stated too."""
    if line is None or not line.is_known:
        return False
    return not (isinstance(line.found, Statement) and line.found.values == (_UNKNOWN,))


def _of_figures(figures: Sequence[tuple[Site, Figure]]) -> tuple[Message, bool]:
    """Return what can be said of numbers: the same, one clearly the largest, or ranges that overlap."""
    ranked = sorted(figures, key=lambda one: one[1].low or 0.0, reverse=True)
    (site, most), rest = ranked[0], [figure for _, figure in ranked[1:]]
    if all((one.value, one.low, one.high) == (most.value, most.low, most.high) for one in rest):
        return Message("compare-same"), False
    others = [one.high for one in rest]
    if most.low is None or any(high is None or high >= most.low for high in others):
        return Message("compare-overlap"), False
    return Message("compare-most", {"site": site.name}), True


def _minutes(territory: Territory, sites: tuple[Site, ...]) -> Iterator[MinutesRow]:
    open_places = (place for layer in _LAYERS for place in territory.places if place.layer == layer and place.is_open)
    for kind in dict.fromkeys(place.kind for place in open_places):
        for mode in Mode:
            cells = tuple(_nearest(territory, site, kind, mode) for site in sites)
            yield MinutesRow(kind, mode, cells, *_nearer(sites, cells))


def _nearest(territory: Territory, site: Site, kind: str, mode: Mode) -> Nearest:
    figure, near = minutes_to_nearest(territory, site.position, Selection(kinds=(kind,)), mode)
    return Nearest(figure.resting_also_on(site.evidence), near)


def _nearer(sites: tuple[Site, ...], cells: tuple[Nearest, ...]) -> tuple[Message, Site | None]:
    silent = [site.name for site, cell in zip(sites, cells, strict=True) if not cell.minutes.is_known]
    if silent:
        return Message("compare-unknown-all") if len(silent) == len(sites) else _unknown(silent), None
    ranked = sorted(zip(sites, cells, strict=True), key=lambda one: one[1].minutes.value or 0.0)
    (site, first), others = ranked[0], [cell.minutes.low or 0.0 for _, cell in ranked[1:]]
    most = first.minutes.high
    if most is None or min(others) <= most:
        return Message("compare-overlap"), None
    return Message("compare-nearer", {"site": site.name, "by": round(min(others) - most, 1)}), site


def to_dict(found: Comparison, say: Translator) -> dict[str, Any]:
    """Return the comparison as plain data."""
    return {
        "as_of": found.as_of.isoformat(),
        "sites": [plain.site(site, say) for site in found.sites],
        "attributes": [
            {
                "attribute": row.name,
                "label": say(row.label),
                "differs": row.differs,
                "verdict": say(row.verdict),
                "of": {site.id: _line(row.name, line, say) for site, line in zip(found.sites, row.lines, strict=True)},
            }
            for row in found.attributes
        ],
        "unstated": [say(label) for label in found.unstated],
        "nearest": [
            {
                "kind": row.kind,
                "mode": row.mode.value,
                "nearer": row.nearer.id if row.nearer else None,
                "verdict": say(row.verdict),
                "from": {
                    site.id: {
                        "minutes": plain.figure(cell.minutes),
                        "place": plain.near(cell.near, say) if cell.near else None,
                    }
                    for site, cell in zip(found.sites, row.cells, strict=True)
                },
            }
            for row in found.minutes
        ],
    }


def _line(name: str, line: Line | None, say: Translator) -> dict[str, Any] | None:
    if line is None:
        return None
    if isinstance(line.found, Text):
        return {"text": say(line.found), "evidence": [one.to_dict() for one in line.evidence]}
    return plain.found(line.found, name, say)
