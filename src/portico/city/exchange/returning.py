"""Our own form, a statement a row, taken back: what is there already stays, what is new is added.

It carries the rows of the tables as they are, so that a register can be handed from one city folder to another and
back. A row without an attribute is the site itself. Nothing is ended because a file leaves it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from portico.city.attributes import KINDS, fault
from portico.city.exchange.incoming import Rejected
from portico.city.exchange.keeping import Row, columns_of
from portico.city.exchange.model import Change, Difference, Kind, Origin
from portico.city.exchange.rejecting import Rejecting
from portico.city.facts import MAX_CELL, faults_of
from portico.city.tables import table
from portico.geo import Box, Point

SITE_COLUMNS = ("name", "name_it", "municipality", "address", "lon", "lat", "coord_basis")
CONTACT = "contact"
"""What stands for an attribute in the row of a contact."""
_SAME = ("attribute", "basis", "value", "unit", "as_of", "note", "source", "field", "original")
_ENDS = ("until", "until_reason")


class Returning:
    """Compares rows of our own form with the tables as they stand, and says what the tables shall be."""

    def __init__(self, tables: Mapping[str, Iterable[Row]], origin: Origin, extent: Box | None) -> None:
        """Compare with ``tables``. A row that names no source rests on ``origin``; sites lie in ``extent``."""
        self._origin = origin
        self._extent = extent
        self.tables = {name: list(rows) for name, rows in tables.items()}
        self.changes: dict[str, Change] = {}
        self.rejecting = Rejecting(tables["site_rejects"], origin)
        self.statements = 0
        self._sites = {row["id"]: row for row in self.tables["sites"]}
        self._ids = {row["id"]: row for row in (*self.tables["site_attributes"], *self.tables["site_contacts"])}
        self._said = {_saying(row) for row in self.tables["site_attributes"]}

    def take(self, number: int, cells: Mapping[str, str], raw: str) -> None:
        """Take one row of the file, which stands at ``number``."""
        row = {**self._evidence, **{name: text.strip() for name, text in cells.items() if text.strip()}}
        reason = self._refusal(row)
        if reason:
            self.rejecting.add(Rejected(number, "", raw, reason))
        elif not row.get("attribute"):
            self._site(row, number)
        elif row["attribute"] == CONTACT:
            self._contact(row, number)
        else:
            self._statement(row, number)

    @property
    def _evidence(self) -> Row:
        return {"source": self._origin.file, "checked": self._origin.day, "confidence": "verified"}

    def _refusal(self, row: Row) -> str:
        attribute = row.get("attribute", "")
        if not row.get("site"):
            return "reference-missing"
        if not attribute and not row.get("name"):
            return "name-missing"
        if attribute and row["site"] not in self._sites:
            return "site-unknown"
        if attribute not in (*KINDS, CONTACT, ""):
            return "attribute-unknown"
        return "" if self._fits(row, attribute) else "statement-wrong"

    def _fits(self, row: Row, attribute: str) -> bool:
        """Say whether the tables can hold a row."""
        name = {"": "sites", CONTACT: "site_contacts"}.get(attribute, "site_attributes")
        declared = table(name)
        cells = {**row, "id": row.get("id") or row["site"]} if attribute else {**row, "id": row["site"]}
        if declared is None or faults_of(declared, cells) or any(len(text) > MAX_CELL for text in row.values()):
            return False
        if not attribute:
            return self._is_here(row)
        if bool(row.get("until")) != bool(row.get("until_reason")):
            return False
        if attribute == CONTACT:
            return True
        return fault(attribute, row.get("basis", ""), row.get("value", ""), row.get("unit", "")) is None

    def _is_here(self, row: Row) -> bool:
        """Say whether a site has no position, or a whole one in the extent, of which it says how exact it is."""
        lon, lat = row.get("lon", ""), row.get("lat", "")
        if not lon and not lat:
            return True
        if not lon or not lat or not row.get("precision"):
            return False
        return self._extent is None or Point(float(lon), float(lat)) in self._extent

    def _site(self, row: Row, number: int) -> None:
        known = self._sites.get(row["site"])
        new = {"id": row["site"], **{name: row.get(name, "") for name in columns_of("sites") if name != "id"}}
        if known is None:
            self._sites[row["site"]] = new
            self.tables["sites"].append(new)
            self._note(Kind.ADDED, row["site"], number)
            return
        for name in SITE_COLUMNS:
            before, after = known.get(name, ""), new.get(name, "")
            if after and before != after:
                self._note(Kind.CHANGED, row["site"], number, Difference(name, "", before, after))
                known[name] = after

    def _statement(self, row: Row, number: int) -> None:
        new = {name: row.get(name, "") for name in columns_of("site_attributes")}
        known = self._ids.get(new["id"])
        if known is not None and all(known.get(name, "") == new[name] for name in _SAME):
            if new["until"] and not known.get("until"):
                known.update({name: new[name] for name in _ENDS})
                self._note(
                    Kind.CHANGED, row["site"], number, Difference(new["attribute"], new["basis"], new["value"], "")
                )
            return
        if _saying(new) in self._said:
            return
        new["id"] = self._free(new["id"] or f"{row['site']}--{new['attribute']}")
        self._ids[new["id"]] = new
        self._said.add(_saying(new))
        self.tables["site_attributes"].append(new)
        self.statements += 1
        self._note(Kind.CHANGED, row["site"], number, Difference(new["attribute"], new["basis"], "", new["value"]))

    def _contact(self, row: Row, number: int) -> None:
        new = {name: row.get(name, "") for name in columns_of("site_contacts")}
        new["name"] = row.get("value", "")
        if new["id"] in self._ids:
            return
        new["id"] = self._free(new["id"] or f"{row['site']}--contact")
        self._ids[new["id"]] = new
        self.tables["site_contacts"].append(new)
        self._note(Kind.CHANGED, row["site"], number, Difference(CONTACT, "", "", ""))

    def _free(self, wanted: str) -> str:
        identifier, number = wanted, 2
        while identifier in self._ids:
            identifier, number = f"{wanted}-{number}", number + 1
        return identifier

    def _note(self, kind: Kind, site: str, row: int, *differences: Difference) -> None:
        before = self.changes.get(site)
        if before is None:
            self.changes[site] = Change(kind, site, site, row, differences)
        else:
            self.changes[site] = Change(before.kind, site, site, before.row, (*before.differences, *differences))

    @property
    def has_changes(self) -> bool:
        """Whether any table is another one than it was."""
        return bool(self.changes) or self.rejecting.is_changed

    @property
    def counts(self) -> Counter[Kind]:
        """How many sites became what."""
        found = Counter(one.kind for one in self.changes.values())
        found[Kind.UNCHANGED] = len(self._sites) - len(self.changes)
        return found

    def standing(self) -> Iterator[tuple[str, Row]]:
        """Yield every row of every table."""
        for name, rows in {**self.tables, "site_rejects": self.rejecting.rows}.items():
            for row in rows:
                yield name, row


def _saying(row: Row) -> tuple[str, ...]:
    """Return what makes two rows the same statement, whatever their ids."""
    return (row["site"], *(row.get(name, "") for name in _SAME))
