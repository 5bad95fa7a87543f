"""What an import would change: sites and statements added, changed, ended. Nothing is ever deleted.

A site is known again by its register and its reference there. Only what an import stated is an import's to end: what
an officer wrote by hand has no ``field`` and stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from portico.city.exchange.incoming import AS_REGISTERED, Incoming, Rejected, Stated, short_name, slug
from portico.city.exchange.keeping import Row
from portico.city.exchange.model import READ_AS, Change, Difference, Kind, Origin, Placed, register_in
from portico.city.exchange.rejecting import Rejecting

Write = Callable[[str, Row], None]
_SEVERAL = 2


@dataclass(slots=True)
class _Site:
    """A site as it stands: its row, its statements (their place in the table is kept), whether it is told of again."""

    row: Row
    statements: list[Row] = field(default_factory=list)
    is_seen: bool = False


class Merging:
    """Compares records with the register as it stands, and says row by row what it shall be.

    New sites go out through ``write`` as they come; ``finish`` writes those there were. ``changes`` lists what an
    import does; only the first thousands of them are listed, ``counts`` counts all.
    """

    def __init__(self, tables: Mapping[str, Iterable[Row]], origin: Origin, write: Write, *, complete: bool) -> None:
        """Compare with ``tables``. With ``complete`` a site that the file leaves out is ended."""
        self.changes: list[Change] = []
        self.counts: Counter[Kind] = Counter()
        self.statements = 0
        self.rejecting = Rejecting(tables["site_rejects"], origin)
        self._origin = origin
        self._write = write
        self._complete = complete
        self._sites = {row["id"]: _Site(row) for row in tables["sites"]}
        self._order = list(tables["site_attributes"])
        self._contacts = list(tables["site_contacts"])
        self._new_ids: set[str] = set()
        self._seen: dict[tuple[str, str], int] = {}
        self._registers: set[str] = set()
        self._touched = False
        for row in self._order:
            if row["site"] in self._sites:
                self._sites[row["site"]].statements.append(row)
        self._known = dict(self._references())

    def _references(self) -> Iterator[tuple[tuple[str, str], str]]:
        for identifier, site in self._sites.items():
            standing = {row["attribute"]: row["value"] for row in site.statements if not row.get("until")}
            if "reference" in standing:
                register = standing.get("register") or register_in(site.row.get("source", ""))
                yield (register, standing["reference"]), identifier

    # --- record by record ---

    def take(self, one: Incoming, placed: Placed, raw: str) -> None:
        """Take one record; ``raw`` is its whole text, kept where the record cannot be a site."""
        reason = self._refusal(one)
        if reason:
            self.rejecting.add(Rejected(one.row, "", raw, reason))
            return
        for rejected in one.rejects:
            self.rejecting.add(rejected)
        self._seen[(one.register, one.reference)] = one.row
        self._registers.add(one.register)
        known = self._known.get((one.register, one.reference)) or self._half_written(one) or self._own(one)
        if known:
            self._compare(known, one, placed)
        else:
            self._add(one, placed)

    def _refusal(self, one: Incoming) -> str:
        if not one.reference:
            return "reference-missing"
        if (one.register, one.reference) in self._seen:
            return "reference-twice"
        return ""

    def _half_written(self, one: Incoming) -> str:
        """Return the site of an import that was cut off between its tables: there, but nothing stated of it."""
        identifier = _identifier(one)
        site = self._sites.get(identifier)
        return identifier if site and not site.statements and site.row.get("source") == self._source(one) else ""

    def _own(self, one: Incoming) -> str:
        """Return the city's own site that is named by its id, as our own export names those without a reference."""
        site = self._sites.get(one.reference)
        is_own = site is not None and all(row["attribute"] != "reference" for row in site.statements)
        return one.reference if is_own else ""

    def _source(self, one: Incoming) -> str:
        return self._origin.source(one.register)

    def _add(self, one: Incoming, placed: Placed) -> None:
        identifier = self._free(_identifier(one))
        self._new_ids.add(identifier)
        self._write("sites", self._site_row(identifier, one, placed))
        self._state(identifier, one, [*one.statements, *_status_of(one)], set())
        self._contact(identifier, one)
        self._note(Change(Kind.ADDED, identifier, one.reference, one.row))

    def _free(self, wanted: str) -> str:
        identifier, number = wanted, _SEVERAL
        while identifier in self._sites or identifier in self._new_ids:
            identifier, number = f"{wanted}-{number}", number + 1
        return identifier

    def _site_row(self, identifier: str, one: Incoming, placed: Placed) -> Row:
        return {
            "id": identifier,
            "name": one.name or one.reference,
            "municipality": one.municipality,
            "address": one.address,
            "lon": placed.lon,
            "lat": placed.lat,
            "coord_basis": placed.basis,
            "source": self._source(one),
            "checked": self._origin.day,
            "precision": placed.precision,
            "confidence": "verified",
        }

    def _state(self, site: str, one: Incoming, stated: Iterable[Stated], taken: set[str]) -> None:
        for each in stated:
            identifier, number = _row_id(site, each), _SEVERAL
            while identifier in taken:
                identifier, number = f"{_row_id(site, each)}-{number}", number + 1
            taken.add(identifier)
            self._write("site_attributes", self._statement(identifier, site, each, one))
            self.statements += 1

    def _statement(self, identifier: str, site: str, each: Stated, one: Incoming) -> Row:
        return {
            "id": identifier,
            "site": site,
            "attribute": each.attribute,
            "basis": each.basis,
            "value": each.value,
            "unit": each.unit,
            "as_of": one.as_of,
            "source": self._source(one),
            "checked": self._origin.day,
            "confidence": "verified",
            "field": each.field,
            "original": each.original,
        }

    # --- a site that is there ---

    def _compare(self, identifier: str, one: Incoming, placed: Placed) -> None:
        site = self._sites[identifier]
        site.is_seen = True
        standing = [row for row in site.statements if row.get("field") and not row.get("until")]
        told = {(row["attribute"], row.get("basis", ""), row["field"]): row for row in standing}
        wanted = {(each.attribute, each.basis, each.field): each for each in one.statements}
        differences = list(self._site_differences(site, one, placed))
        by_hand = {_said(row["attribute"], row.get("basis", ""), row["value"]) for row in _by_hand(site)}
        by_hand.add(_said("reference", "", identifier))
        new: list[Stated] = []
        for key, each in wanted.items():
            row = told.get(key)
            if row is None and _said(each.attribute, each.basis, each.value) in by_hand:
                continue
            if row is None:
                new.append(each)
                differences.append(Difference(each.attribute, each.basis, "", each.value))
            elif (row["value"], row.get("original", "")) != (each.value, each.original):
                self._end(row, "superseded")
                new.append(each)
                differences.append(Difference(each.attribute, each.basis, row["value"], each.value))
            elif one.as_of > row.get("as_of", ""):
                row["as_of"] = one.as_of  # said again, on a later day
                self._touched = True
        for key, row in told.items():
            if key not in wanted:
                self._end(row, "no longer stated")
                differences.append(Difference(row["attribute"], row.get("basis", ""), row["value"], ""))
        ends = any(each.attribute == "end-date" for each in new)
        if ends or not any(row["attribute"] == "status" for row in site.statements):
            new = [*new, *_status_of(one)]
        self._state(identifier, one, new, {row["id"] for row in site.statements})
        self._contact(identifier, one)
        kind = Kind.CHANGED if differences else Kind.UNCHANGED
        self._note(Change(kind, identifier, one.reference, one.row, tuple(differences)))

    def _site_differences(self, site: _Site, one: Incoming, placed: Placed) -> Iterator[Difference]:
        """Yield what changes of the site's own row, where an import made it; what was there is kept, ended."""
        if register_in(site.row.get("source", "")) != one.register:
            return
        new = self._site_row(site.row["id"], one, placed)
        for name in ("name", "municipality", "address"):
            yield from self._replaced(site, new, (name,), one)
        repaired = site.row.get("coord_basis", "").partition(READ_AS)[0]
        if placed.lon or repaired != placed.basis:  # the same numbers, once repaired, stay repaired
            yield from self._replaced(site, new, ("lon", "lat", "coord_basis", "precision"), one)

    def _replaced(self, site: _Site, new: Row, columns: tuple[str, ...], one: Incoming) -> Iterator[Difference]:
        before = "; ".join(text for name in columns if (text := site.row.get(name, "")))
        after = "; ".join(text for name in columns if (text := new.get(name, "")))
        if before == after:
            return
        if before:
            kept = Stated(AS_REGISTERED, columns[0], before, columns[0])
            taken = {row["id"] for row in site.statements}
            identifier = next(
                name
                for number in range(1, len(taken) + _SEVERAL)
                if (name := f"{_row_id(site.row['id'], kept)}-{number}") not in taken
            )
            row = self._statement(identifier, site.row["id"], kept, one)
            self._end(row, "superseded")
            site.statements.append(row)
            self._write("site_attributes", row)
        site.row.update({name: new.get(name, "") for name in columns})
        yield Difference(AS_REGISTERED, columns[0], before, after)

    def _end(self, row: Row, why: str) -> None:
        row["until"] = self._origin.day
        row["until_reason"] = f"{why} in {self._origin.file}"
        self._touched = True

    # --- contacts ---

    def _contact(self, site: str, one: Incoming) -> None:
        if not one.contact:
            return
        standing = [row for row in self._contacts if row["site"] == site and not row.get("until")]
        if any(all(row.get(name, "") == value for name, value in one.contact.items()) for row in standing):
            return
        for row in standing:
            self._end(row, "superseded")
        number = sum(row["site"] == site for row in self._contacts) + 1
        evidence = {"source": self._source(one), "checked": self._origin.day, "confidence": "verified"}
        self._contacts.append({"id": f"{site}--contact-{number}", "site": site, **one.contact, **evidence})
        self._touched = True

    def _note(self, change: Change) -> None:
        self.counts[change.kind] += 1
        if change.kind is not Kind.UNCHANGED and len(self.changes) < _LISTED:
            self.changes.append(change)

    # --- the end ---

    def absent(self) -> None:
        """Note the sites that the file leaves out, of the registers it tells of; end them where it is complete."""
        for (register, reference), identifier in self._known.items():
            site = self._sites[identifier]
            if site.is_seen or register not in self._registers or self._has_ended(site):
                continue
            if self._complete:
                one = Incoming(0, register, reference, as_of=self._origin.day)
                ended = [Stated("end-date", "", self._origin.day, ""), Stated("status", "", "withdrawn", "")]
                for row in site.statements:
                    if row["attribute"] in ("status", "end-date") and not row.get("until"):
                        self._end(row, "left out")
                self._state(identifier, one, ended, {row["id"] for row in site.statements})
            self._note(Change(Kind.ENDED if self._complete else Kind.ABSENT, identifier, reference))

    @staticmethod
    def _has_ended(site: _Site) -> bool:
        return any(row["attribute"] == "end-date" and not row.get("until") for row in site.statements)

    @property
    def has_changes(self) -> bool:
        """Whether any table is another one than it was."""
        done = self.counts[Kind.ADDED] + self.counts[Kind.CHANGED] + self.counts[Kind.ENDED]
        return bool(done) or self._touched or self.rejecting.is_changed

    def standing(self) -> Iterator[tuple[str, Row]]:
        """Yield the rows that were there, changed where they are, in their order; then contacts and rejects."""
        for site in self._sites.values():
            yield "sites", site.row
        for row in self._order:
            yield "site_attributes", row
        for row in self._contacts:
            yield "site_contacts", row
        for row in self.rejecting.rows:
            yield "site_rejects", row


_LISTED = 5_000


def _by_hand(site: _Site) -> Iterator[Row]:
    return (row for row in site.statements if not row.get("field") and not row.get("until"))


def _said(attribute: str, basis: str, value: str) -> tuple[str, str, str]:
    """Return what is compared of a statement: the standard does not say which area of a site it means."""
    return attribute, "" if attribute == "area" else basis, value


def _identifier(one: Incoming) -> str:
    """Return the id of a site: of its own where its file gives one, else the register's name and the reference."""
    if one.id and slug(one.id) == one.id:
        return one.id
    name = slug(one.reference) or f"row-{one.row}"
    return "-".join(part for part in (short_name(one.register), name) if part)


def _row_id(site: str, each: Stated) -> str:
    basis = slug(each.basis) if each.basis else ""
    return f"{site}--{each.attribute}-{basis}" if basis else f"{site}--{each.attribute}"


def _status_of(one: Incoming) -> list[Stated]:
    """Return the status of a site whose record states none: withdrawn where it ended, unknown where nothing says."""
    stated = {each.attribute for each in one.statements}
    if "status" in stated:
        return []
    return [Stated("status", "", "withdrawn" if "end-date" in stated else "unknown", "")]
