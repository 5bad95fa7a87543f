"""The sheet of a site, composed once for page, terminal and paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portico.city.attributes import KINDS
from portico.city.register import Attribute, Site
from portico.dates import PartialDate, is_stale, plausible
from portico.dossier import plain
from portico.figures import Evidence, Figure, Statement
from portico.match.answering import Answering
from portico.match.model import Answerer
from portico.messages import Message, Text
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import Near, minutes_to_nearest
from portico.territory.selection import Selection
from portico.translation import Translator

NEARBY: tuple[tuple[str, Mode], ...] = (
    ("motorway-junction", Mode.CAR),
    ("airport", Mode.CAR),
    ("intermodal-terminal", Mode.CAR),
    ("rail-station", Mode.CAR),
    ("metro-station", Mode.WALK),
    ("university", Mode.CAR),
    ("university", Mode.TRANSIT),
    ("research-centre", Mode.CAR),
    ("science-park", Mode.CAR),
)
EXPECTED = (
    "status",
    "area",
    "floor-area",
    "use",
    "condition",
    "ownership",
    "asking-price",
    "electric-power",
    "rail-siding",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing known of a site, or said to be unknown."""

    name: str
    basis: str
    found: Figure | Statement | Text
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]
    note: Text
    is_stale: bool

    @property
    def is_known(self) -> bool:
        """Whether anything was stated."""
        return bool(self.found) if isinstance(self.found, Text) else self.found.is_known

    @property
    def label(self) -> Message:
        """What the line is called."""
        basis = Message(f"basis.{self.basis}") if self.basis else ""
        return Message(
            "attribute-on-basis" if self.basis else "as-written",
            {"text": Message(f"attribute.{self.name}"), "basis": basis},
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the nearest place of a kind is by a mode."""

    kind: str
    mode: Mode
    minutes: Figure
    near: Near | None


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """Everything the city knows of a site, and what it does not."""

    site: Site
    as_of: date
    description: Line | None
    lines: tuple[Line, ...]
    nearby: tuple[Reach, ...]
    who_answers: Answerer


def site_sheet(territory: Territory, identifier: str, as_of: date) -> SiteSheet:
    """Compose the sheet of a site; raises UnknownNameError for an unknown one."""
    plausible(as_of)
    site = territory.site(identifier)
    limit = territory.settings.staleness.limit_months
    lines = tuple(_lines(site, as_of, limit))
    answering = Answering(territory.settings.partners, territory.settings.calendar, as_of)
    return SiteSheet(
        site,
        as_of,
        next((line for line in lines if line.name == "description"), None),
        tuple(line for line in lines if line.name != "description"),
        tuple(_nearby(territory, site)),
        answering.who(site),
    )


def _lines(site: Site, as_of: date, limit: int) -> Iterator[Line]:
    stated = {(one.name, one.basis if KINDS[one.name].is_number else "") for one in site.attributes}
    order = {name: place for place, name in enumerate((*EXPECTED, *KINDS))}
    missing = {(name, "") for name in EXPECTED if name not in {known for known, _ in stated}}
    for name, basis in sorted(stated | missing, key=lambda one: (order[one[0]], one[1])):
        yield _line(site, name, basis, as_of, limit)


def _line(site: Site, name: str, basis: str, as_of: date, limit: int) -> Line:
    stated = site.stated(name, basis)
    note = next((one.note for one in stated if any(one.note.values())), Text())
    if KINDS[name].is_number:
        figure = site.figure(name, basis)
        return Line(name, basis, figure, figure.as_of, figure.evidence, note, _old(figure.as_of, stated, as_of, limit))
    if KINDS[name].words:
        statement = site.statement(name)
        return Line(
            name, "", statement, statement.as_of, statement.evidence, note, _old(statement.as_of, stated, as_of, limit)
        )
    day = stated[0].as_of
    evidence = tuple(one.evidence for one in stated)
    return Line(
        name, "", _text(stated), day, evidence, Text(), name != "former-use" and _old(day, stated, as_of, limit)
    )


def _old(day: PartialDate | None, stated: tuple[Attribute, ...], as_of: date, limit: int) -> bool:
    return bool(stated) and is_stale(day, as_of, limit)


def _text(stated: tuple[Attribute, ...]) -> Text:
    """Return free text: English in the value, Italian beside it; several statements one after the other."""
    english = "; ".join(one.value for one in stated)
    italian = "; ".join(one.note.get("it") or one.value for one in stated)
    return Text({"en": english, "it": italian})


def _nearby(territory: Territory, site: Site) -> Iterator[Reach]:
    for kind, mode in NEARBY:
        minutes, near = minutes_to_nearest(territory, site.position, Selection(kinds=(kind,)), mode)
        yield Reach(kind, mode, minutes.resting_also_on(site.evidence), near)


def to_dict(sheet: SiteSheet, say: Translator) -> dict[str, Any]:
    """Return the sheet as plain data."""
    lines = (*([sheet.description] if sheet.description else []), *sheet.lines)
    return {
        **plain.site(sheet.site, say),
        "as_of": sheet.as_of.isoformat(),
        "attributes": [_line_dict(line, say) for line in lines],
        "nearby": [
            {
                "kind": reach.kind,
                "mode": reach.mode.value,
                "minutes": plain.figure(reach.minutes),
                "place": plain.near(reach.near, say) if reach.near else None,
            }
            for reach in sheet.nearby
        ],
        "who_answers": plain.answerer(sheet.who_answers, say),
    }


def _line_dict(line: Line, say: Translator) -> dict[str, Any]:
    if isinstance(line.found, Text):
        evidence = [piece.to_dict() for piece in line.evidence]
        body: dict[str, Any] = {
            "text": say(line.found),
            "as_of": line.as_of.text if line.as_of else None,
            "evidence": evidence,
        }
    else:
        body = plain.found(line.found, line.name, say)
    return {
        "attribute": line.name,
        "basis": line.basis,
        "label": say(line.label),
        **body,
        "stale": line.is_stale,
        "note": say(line.note),
    }
