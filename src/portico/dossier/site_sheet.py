"""The sheet of a site, composed once for page, terminal and paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portico.city.attributes import KINDS, Form
from portico.city.consent import Consent, Contact, consent, contact_of
from portico.city.readiness import Readiness, readiness
from portico.city.register import Attribute, Site
from portico.dates import PartialDate, is_stale, plausible
from portico.dossier import plain
from portico.dossier.ageing import Alarm, alarms
from portico.dossier.ageing import to_dict as alarm_to_dict
from portico.figures import Evidence, Figure, Statement, Status
from portico.match.answering import Answering
from portico.match.criteria.readiness import figure_of
from portico.match.model import Answerer
from portico.messages import Message, Text
from portico.territory.layers import Territory
from portico.territory.model import Mode
from portico.territory.queries import Near, minutes_to_nearest
from portico.territory.selection import Selection
from portico.translation import LANGUAGES, Translator

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
_BY_BASIS = frozenset({"utility"})
_AGELESS = frozenset({"former-use"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing known of a site, or said to be unknown. ``written`` is how another register writes it."""

    name: str
    basis: str
    found: Figure | Statement | Text
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]
    note: Text
    is_stale: bool
    written: Message | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything was stated."""
        return bool(self.found) if isinstance(self.found, Text) else self.found.is_known

    @property
    def label(self) -> Message:
        """What the line is called; a column that only another register has keeps its heading."""
        if KINDS[self.name].any_basis:
            return Message("as-written", {"text": self.basis})
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
    """Everything the city knows of a site, and what it does not.

    ``record`` tells of the entry itself: whose register it comes from, when it was added and verified. A ``contact`` is
    there only where the owner consents.
    """

    site: Site
    as_of: date
    description: Line | None
    lines: tuple[Line, ...]
    nearby: tuple[Reach, ...]
    who_answers: Answerer
    consent: Consent
    readiness: Readiness
    ageing: tuple[Alarm, ...]
    record: tuple[Line, ...] = ()
    contact: Contact | None = None


_NO_CONTACTS: Mapping[str, Contact] = {}


def site_sheet(
    territory: Territory, identifier: str, as_of: date, contacts: Mapping[str, Contact] = _NO_CONTACTS
) -> SiteSheet:
    """Compose the sheet of a site; raises UnknownNameError for an unknown one.

    ``contacts`` are those that the city keeps to itself; one is told only under the owner's consent.
    """
    plausible(as_of)
    site = territory.site(identifier)
    limit = territory.settings.staleness.limit_months
    lines = tuple(_lines(site, as_of, limit))
    answering = Answering(territory.settings.partners, territory.settings.calendar, as_of)
    return SiteSheet(
        site,
        as_of,
        next((line for line in lines if line.name == "description"), None),
        tuple(line for line in lines if line.name != "description" and not KINDS[line.name].is_record),
        tuple(_nearby(territory, site)),
        answering.who(site),
        consent(site, as_of),
        readiness(site, as_of, limit),
        alarms((site,), territory.settings, as_of),
        tuple(line for line in lines if KINDS[line.name].is_record),
        contact_of(site, contacts, as_of),
    )


def _lines(site: Site, as_of: date, limit: int) -> Iterator[Line]:
    stated = {(one.name, _basis(one)) for one in site.attributes}
    order = {name: place for place, name in enumerate((*EXPECTED, *KINDS))}
    missing = {(name, "") for name in EXPECTED if name not in {known for known, _ in stated}}
    for name, basis in sorted(stated | missing, key=lambda one: (order[one[0]], one[1])):
        yield _line(site, name, basis, as_of, limit)


def _basis(one: Attribute) -> str:
    """Return the basis that makes a statement another line; uses are one line whatever they rest on."""
    kind = KINDS[one.name]
    return one.basis if kind.is_number or kind.any_basis or one.name in _BY_BASIS else ""


def _written(stated: tuple[Attribute, ...]) -> Message | None:
    """Return how another register writes the newest statement, where that was put into other words here."""
    newest = stated[0] if stated else None
    if newest is None or not newest.field or not newest.original:
        return None
    return Message("written-in-register", {"field": newest.field, "text": newest.original})


def _line(site: Site, name: str, basis: str, as_of: date, limit: int) -> Line:
    stated = site.stated(name, basis)
    note = next((one.note for one in stated if any(one.note.values())), Text())
    written, form = _written(stated), KINDS[name].form
    if form is Form.NUMBER:
        figure = site.figure(name, basis)
        old = _old(figure.as_of, stated, as_of, limit)
        return Line(name, basis, figure, figure.as_of, figure.evidence, note, old, written)
    if form is Form.WORD and not basis:
        said = site.statement(name)
        old = _old(said.as_of, stated, as_of, limit)
        return Line(name, "", said, said.as_of, said.evidence, note, old, written)
    day, evidence = stated[0].as_of if stated else None, tuple(one.evidence for one in stated)
    old = name not in _AGELESS and not KINDS[name].is_record and _old(day, stated, as_of, limit)
    if form is Form.WORD:
        said = Statement((stated[0].value,), Status.DECLARED, day, evidence[:1])
        return Line(name, basis, said, day, said.evidence, note, old, written)
    found = _days(stated) if form is Form.DATE else _text(stated)
    return Line(name, basis, found, day, evidence, Text(), old, written)


def _old(day: PartialDate | None, stated: tuple[Attribute, ...], as_of: date, limit: int) -> bool:
    return bool(stated) and is_stale(day, as_of, limit)


def _days(stated: tuple[Attribute, ...]) -> Text:
    """Return the newest stated date in each language."""
    day = PartialDate.parse(stated[0].value)
    return Text({language: Translator(language).day(day) for language in LANGUAGES})


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
        "consent": consent_dict(sheet.consent, say),
        "contact": list(sheet.contact.parts) if sheet.contact else None,
        "readiness": readiness_dict(sheet.readiness, say),
        "ageing": [alarm_to_dict(one, say) for one in sheet.ageing],
        "record": [_line_dict(line, say) for line in sheet.record],
    }


def consent_dict(one: Consent, say: Translator) -> dict[str, Any]:
    """Return a consent as plain data."""
    return {
        "state": one.state.value,
        "words": say(one.words),
        "reported_by": one.reported_by,
        "by": one.by or None,
        "on": one.on.text if one.on else None,
        "until": one.until.text if one.until else None,
        "evidence": [piece.to_dict() for piece in one.evidence],
    }


def readiness_dict(one: Readiness, say: Translator) -> dict[str, Any]:
    """Return a level of readiness as plain data: the figure, the word, and every gap with who must close it."""
    return {
        "figure": plain.figure(figure_of(one)),
        "level": one.level,
        "words": say(one.words),
        "gaps": [
            {
                "level": gap.requirement.level,
                "requirement": gap.requirement.id,
                "lack": gap.lack.value,
                "words": say(gap.words),
                "who": gap.requirement.party.value,
                "who_words": say(gap.who),
                "as_of": gap.as_of.text if gap.as_of else None,
            }
            for gap in one.gaps
        ],
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
        "written": say(line.written) if line.written else "",
    }
