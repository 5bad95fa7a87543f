"""What could not be read, kept as rows of ``site_rejects``: the same file again gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable

from portico.city.exchange.cells import escaped
from portico.city.exchange.incoming import Rejected, pieces, slug
from portico.city.exchange.keeping import Row
from portico.city.exchange.model import Origin

_LISTED = 5_000


class Rejecting:
    """The rejects there are and those that come; ``listed`` are the first thousands of the latter."""

    def __init__(self, rows: Iterable[Row], origin: Origin) -> None:
        """Begin with the ``rows`` of the table; what comes is from ``origin``."""
        self.listed: list[Rejected] = []
        self.count = 0
        self.is_changed = False
        self._origin = origin
        self._rows = {row["id"]: row for row in rows}

    @property
    def rows(self) -> Iterable[Row]:
        """The rows that the table shall have."""
        return self._rows.values()

    def add(self, one: Rejected) -> None:
        """Keep one reject, in as many pieces as a table of facts needs."""
        self.count += 1
        if len(self.listed) < _LISTED:
            self.listed.append(one)
        for part, piece in enumerate(pieces(escaped(one.raw)), start=1):
            identifier, number = f"{self._origin.sha256[:12]}-{one.row}-{slug(one.column) or 'row'}-{part}", 2
            while (there := self._rows.get(identifier)) and there.get("value") != piece:
                identifier, number = f"{identifier}-{number}", number + 1
            if not there:
                self._rows[identifier] = self._row(identifier, one, part, piece)
                self.is_changed = True

    def _row(self, identifier: str, one: Rejected, part: int, piece: str) -> Row:
        return {
            "id": identifier,
            "file": self._origin.file,
            "row": str(one.row),
            "column": escaped(one.column),
            "part": str(part),
            "value": piece,
            "reason": one.reason,
            "source": self._origin.file,
            "checked": self._origin.day,
            "confidence": "verified",
        }
