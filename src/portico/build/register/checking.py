"""A register looked over before it is imported: read against an empty city, so that all there is to say is said."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from portico.build.register.importing import Asked, Imported, import_file
from portico.city.exchange.coordinates import Found
from portico.geo import Box
from portico.lake.lake import open_engine

_NO_CITY = "GB"  # where the standard of brownfield registers is from
_FAULTY = (Found.REPAIR, Found.FAR, Found.OUTSIDE, Found.MISSING, Found.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What an import of a file would find, and how much of it somebody should see to."""

    imported: Imported

    @property
    def faults(self) -> int:
        """How many cells and rows were refused, and how many sites are not simply where their coordinates say."""
        return self.imported.reject_count + sum(self.imported.located.get(one, 0) for one in _FAULTY)


def check_register(path: Path, asked: Asked, today: date, extent: Box | None, country: str = _NO_CITY) -> Checked:
    """Return what is to be said of the register in ``path``; extent and country are the city's, where there is one."""
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        facts = Path(folder)
        dry = replace(asked, is_dry=True, only_look=True)
        return Checked(import_file(facts, facts, path, dry, today, open_engine(), country=country, extent=extent))
