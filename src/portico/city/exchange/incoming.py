"""A record of another register as a site and what it states; every cell of it is a statement, kept, or a reject."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from portico.city.attributes import KINDS, Form
from portico.city.exchange.cells import MAX_TEXT, Cell, escaped, legible, plain_number, read_cell
from portico.city.exchange.coordinates import Pair
from portico.city.exchange.fields import Field, Role, field_of, is_personal
from portico.dates import PartialDate
from portico.messages import has_controls

AS_REGISTERED = "as-registered"
_DEGREES = "WGS84"
REASONS = (
    *("not-a-number", "not-a-date", "word-unknown", "text-too-long", "personal-data", "control-characters"),
    *("reference-missing", "reference-twice", "name-missing", "site-unknown", "attribute-unknown", "statement-wrong"),
)
"""Why a cell or row is refused, where it was not the reader of the file that could not use it."""
_MEANT = (Role.STATED, Role.ID, Role.NAME, Role.MUNICIPALITY, Role.ADDRESS, Role.CONTACT)
_WHERE = (Role.X, Role.Y, Role.CRS)
_LONGEST_PLACE = 500
_REMEMBERED = 5_000
_QUOTES = re.compile(r'"(.+)"|“(.+)”|\'(.+)\'', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rejected:
    """What could not be read: the row, the column ("": the whole row), the raw text, and why."""

    row: int
    column: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a cell states: ``field`` is its heading, ``original`` how it was written where that was otherwise."""

    attribute: str
    basis: str
    value: str
    field: str
    original: str = ""

    @property
    def unit(self) -> str:
        """The unit of a number."""
        return KINDS[self.attribute].unit


@dataclass(slots=True)
class Incoming:
    """A record read: its register and reference, the site it describes, what it states of it, what was refused."""

    row: int
    register: str = ""
    reference: str = ""
    id: str = ""
    name: str = ""
    municipality: str = ""
    address: str = ""
    as_of: str = ""
    statements: list[Stated] = field(default_factory=list)
    contact: dict[str, str] = field(default_factory=dict)
    rejects: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Column:
    at: int
    heading: str
    field: Field
    month_first: bool
    comma: bool
    seen: dict[str, Cell]

    def read(self, text: str) -> Cell:
        """Return what a cell says; the words and dates of a column are few, and read once."""
        found = self.seen.get(text)
        if found is None:
            found = read_cell(self.field, text, month_first=self.month_first, comma=self.comma)
            if len(self.seen) < _REMEMBERED and KINDS[self.field.attribute].form is not Form.TEXT:
                self.seen[text] = found
        return found


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file, each with what it is; those that state the same stand together, the best one first."""

    headings: tuple[str, ...]
    groups: tuple[tuple[_Column, ...], ...]
    register: str = ""

    def of(self, role: Role) -> tuple[_Column, ...]:
        """Return the columns of a role, the best one first."""
        return next((group for group in self.groups if group[0].field.role is role), ())

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings that nobody knows: their cells are kept as they are."""
        return tuple(
            one.heading for group in self.groups for one in group if one.field.role is Role.KEPT and one.heading
        )


def layout_of(
    headings: Sequence[str],
    month_first: Iterable[str] = (),
    register: str = "",
    told: Mapping[str, Field] | None = None,
    commas: Iterable[str] = (),
) -> Layout:
    """Return what each column of a file is.

    ``month_first`` are the headings of dates written so, ``commas`` those of numbers with decimals behind a comma.

    ``register`` names the register of records that do not say themselves; ``told`` says what some columns are.
    """
    reversed_dates, with_commas = set(month_first), set(commas)
    groups: dict[tuple[object, ...], list[_Column]] = {}
    for at, written in enumerate(headings):
        known = (told or {}).get(written) or field_of(written)
        heading = written.strip() or f"column {at + 1}"
        key = (known.role, known.attribute, known.basis, at if known.role is Role.KEPT else 0)
        groups.setdefault(key, []).append(
            _Column(at, heading, known, written in reversed_dates, written in with_commas, {})
        )
    ordered = (tuple(sorted(group, key=_by_name)) for group in groups.values())
    return Layout(tuple(headings), tuple(ordered), register)


def _by_name(column: _Column) -> tuple[bool, bool, int]:
    """A geometry first, then the standard's own heading, then the other ones in the order in which they are listed."""
    others = [one.casefold() for one in column.field.others]
    name = column.heading.casefold()
    is_other = name != column.field.name.casefold()
    return not column.field.is_degrees, is_other, others.index(name) if name in others else len(others)


def pair_of(layout: Layout, row: int, cells: Sequence[str]) -> Pair:
    """Return the coordinates of a record as they are written."""
    x, y, crs = (_first(layout.of(role), cells) for role in (Role.X, Role.Y, Role.CRS))
    is_geometry = x[0] is not None and x[0].field.is_degrees
    return Pair(row, register_of(layout, cells), x[1], y[1], _DEGREES if is_geometry else crs[1])


def register_of(layout: Layout, cells: Sequence[str]) -> str:
    """Return the register a record belongs to: as it says itself, else the one of the file."""
    for group in layout.groups:
        if group[0].field.attribute == "register" and group[0].field.role is Role.STATED:
            return legible(_first(group, cells)[1]) or layout.register
    return layout.register


def position_cells(layout: Layout, cells: Sequence[str]) -> str:
    """Return the cells that say where a site is, each with its heading: what its position was taken from."""
    chosen = [_first(layout.of(role), cells) for role in _WHERE]
    told = (f"{one.heading}={text}" for one, text in chosen if one and len(text) <= _LONGEST_PLACE)
    return escaped("; ".join(told))


def _first(group: Sequence[_Column], cells: Sequence[str]) -> tuple[_Column | None, str]:
    """Return the first column of a group in which something stands, and that."""
    for column in group:
        text = cells[column.at].strip()
        if text:
            return column, text
    return None, ""


def read_record(layout: Layout, row: int, cells: Sequence[str], today: date) -> Incoming:
    """Return a record read; ``today`` is the day after which nothing can have been stated."""
    found = Incoming(row, register_of(layout, cells))
    for group in layout.groups:
        filled = [(column, text) for column in group if (text := cells[column.at].strip())]
        taken = False
        for column, text in filled:
            if not taken and column.field.role in _MEANT:
                taken = _take(found, column, text)
            elif column.field.role in _WHERE and len(text) > _LONGEST_PLACE:
                _refuse(found, column.heading, text, "text-too-long")
            elif column.field.role in _WHERE and (not taken or _is_same(text, filled[0][1])):
                taken = True  # kept whole with the position
            else:
                _keep(found, column.heading, text)
    found.as_of = _day(found, today)
    if not found.reference:
        found.reference = found.id
    return found


def _is_same(text: str, other: str) -> bool:
    """Say whether two cells hold the same coordinate."""
    number = plain_number(text)
    return number is not None and number == plain_number(other)


def _take(found: Incoming, column: _Column, text: str) -> bool:
    """Take a cell for what its column means; say whether it said anything of that."""
    role = column.field.role
    if role is not Role.STATED:
        if _is_too_long(text):
            _refuse(found, column.heading, text, "text-too-long")
            return False
        return _identify(found, column, text)
    cell = column.read(text)
    if cell.reason:
        _refuse(found, column.heading, text, cell.reason)
    elif not cell.value:
        _keep(found, column.heading, text)
    else:
        one = column.field
        original = escaped(text) if text != cell.value else ""
        found.statements.append(Stated(one.attribute, one.basis, cell.value, column.heading, original))
        if one.attribute == "reference":
            found.reference = cell.value
    return bool(cell.value)


def _identify(found: Incoming, column: _Column, text: str) -> bool:
    """Take a cell for the site's identity or its contact; say whether anything legible stood in it."""
    role = column.field.role
    clean = " ".join(legible(text).split())
    if role is Role.NAME:
        quoted = _QUOTES.fullmatch(clean)
        clean = next((part for part in quoted.groups() if part), clean).strip() if quoted else clean
        found.name = clean
    elif role is Role.ID:
        found.id = clean
    elif role is Role.MUNICIPALITY:
        found.municipality = clean
    elif role is Role.ADDRESS:
        found.address = clean
    else:
        found.contact[column.field.attribute] = clean
    if clean != text and role is not Role.CONTACT:
        _keep(found, column.heading, text)
    return bool(clean)


def _is_too_long(text: str) -> bool:
    return len(text) > MAX_TEXT // 4 and len(escaped(text)) > MAX_TEXT


def _keep(found: Incoming, heading: str, text: str) -> None:
    """Keep a cell under its own heading; what no table of facts can hold, or nobody may publish, is a reject."""
    if _is_too_long(text):
        _refuse(found, heading, text, "text-too-long")
    elif is_personal(heading, text):
        _refuse(found, heading, text, "personal-data")
    elif not legible(text):
        _refuse(found, heading, text, "control-characters")
    else:
        original = escaped(text) if has_controls(text) else ""
        found.statements.append(Stated(AS_REGISTERED, heading, legible(text), heading, original))


def _refuse(found: Incoming, heading: str, text: str, reason: str) -> None:
    found.rejects.append(Rejected(found.row, heading, text, reason))


def _day(found: Incoming, today: date) -> str:
    """Return the day of a record: when it was last updated, else first added, where that is not to come."""
    for name in ("last-updated", "first-added"):
        for one in found.statements:
            if one.attribute == name and PartialDate.parse(one.value).earliest <= today:
                return one.value
    return ""


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Return ``text`` as it can stand in an id.

    >>> slug("P2013/1089/FUL"), slug("Città – 5")
    ('p2013-1089-ful', 'citta-5')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-")


def short_name(register: str) -> str:
    """Return the last part of a register's address, or its name, as it can stand in an id.

    >>> short_name("http://opendatacommunities.org/id/district-council/new-forest"), short_name("Fylde Council")
    ('new-forest', 'fylde-council')
    """
    return slug(register.rstrip("/").rpartition("/")[2]) or slug(register)


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that a table of facts can hold.

    >>> [len(one) for one in pieces("x" * 20_000)]
    [15000, 5000]
    """
    for start in range(0, len(text), MAX_TEXT):
        yield text[start : start + MAX_TEXT]
