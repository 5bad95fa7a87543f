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
from portico.city.exchange.model import Change, Difference, Kind

SITE_COLUMNS = ("name", "name_it", "municipality", "address", "lon", "lat", "coord_basis")
CONTACT = "contact"
"""What stands for an attribute in the row of a contact."""
_SAME = ("attribute", "basis", "value", "unit", "as_of", "note", "source", "field", "original")
_ENDS = ("until", "until_reason")


class Returning:
    """Compares rows of our own form with the tables as they stand, and says what the tables shall be."""

    def __init__(self, tables: Mapping[str, Iterable[Row]]) -> None:
        """Compare with ``tables``, which are changed in place."""
        self.tables = {name: list(rows) for name, rows in tables.items()}
        self.changes: dict[str, Change] = {}
        self.rejects: list[Rejected] = []
        self.statements = 0
        self._sites = {row["id"]: row for row in self.tables["sites"]}
        self._ids = {row["id"]: row for row in (*self.tables["site_attributes"], *self.tables["site_contacts"])}

    def take(self, number: int, cells: Mapping[str, str], raw: str) -> None:
        """Take one row of the file, which stands at ``number``."""
        row = {name: text.strip() for name, text in cells.items()}
        reason = self._refusal(row)
        if reason:
            self.rejects.append(Rejected(number, "", raw, reason))
        elif not row.get("attribute"):
            self._site(row, number)
        elif row["attribute"] == CONTACT:
            self._contact(row, number)
        else:
            self._statement(row, number)

    def _refusal(self, row: Row) -> str:
        attribute = row.get("attribute", "")
        if not row.get("site"):
            return "reference-missing"
        if not attribute:
            return "" if row.get("name") else "name-missing"
        if row["site"] not in self._sites:
            return "site-unknown"
        if attribute == CONTACT:
            return ""
        if attribute not in KINDS:
            return "attribute-unknown"
        wrong = fault(attribute, row.get("basis", ""), row.get("value", ""), row.get("unit", ""))
        return "statement-wrong" if wrong or not row.get("value") else ""

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
        if known is not None and self._is_there(new):
            return
        new["id"] = self._free(new["id"] or f"{row['site']}--{new['attribute']}")
        self._ids[new["id"]] = new
        self.tables["site_attributes"].append(new)
        self.statements += 1
        self._note(Kind.CHANGED, row["site"], number, Difference(new["attribute"], new["basis"], "", new["value"]))

    def _is_there(self, new: Row) -> bool:
        return any(
            row["site"] == new["site"] and all(row.get(name, "") == new[name] for name in _SAME)
            for row in self.tables["site_attributes"]
        )

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
        return bool(self.changes)

    @property
    def counts(self) -> Counter[Kind]:
        """How many sites became what."""
        found = Counter(one.kind for one in self.changes.values())
        found[Kind.UNCHANGED] = len(self._sites) - len(self.changes)
        return found

    def standing(self) -> Iterator[tuple[str, Row]]:
        """Yield every row of every table."""
        for name, rows in self.tables.items():
            for row in rows:
                yield name, row
