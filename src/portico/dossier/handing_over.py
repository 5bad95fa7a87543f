"""Dossiers as files: their names, what they cite, and how they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from portico.city.consent import Contact
from portico.dossier.document import shortlist_content, site_content, typesetter
from portico.dossier.report import cited
from portico.dossier.workbook import workbook
from portico.files import write_whole
from portico.lake.commands import cite
from portico.lake.lake import Lake
from portico.match.model import Shortlist
from portico.territory.layers import Territory
from portico.translation import Translator

Form = Literal["pdf", "xlsx"]
MEDIA_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNSAFE = re.compile(r"[^a-z0-9]+")
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Handed:
    """A file to hand over: its name, its bytes, and the datasets with versions that it rests on."""

    name: str
    content: bytes
    cites: tuple[tuple[str, str], ...]


def file_name(*parts: str, form: str) -> str:
    """Return a name for a file that every system takes.

    >>> file_name("Torino", "Café / 1", "2026-11-23", form="pdf")
    'torino-cafe-1-2026-11-23.pdf'
    """
    plain = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode().lower()
    return f"{_UNSAFE.sub('-', plain).strip('-')[:_NAME_LENGTH].strip('-') or 'dossier'}.{form}"


def site_file(
    territory: Territory, identifier: str, say: Translator, as_of: date, contacts: Mapping[str, Contact]
) -> Handed:
    """Return the dossier of a site. Raises UnknownNameError for an unknown one.

    ``contacts`` are those that the city keeps to itself; one is printed only under the owner's consent.
    """
    content = site_content(territory, identifier, say, as_of, contacts)
    name = file_name(territory.settings.id, identifier, as_of.isoformat(), say.language, form="pdf")
    cites = tuple((str(dataset), str(version)) for dataset, version in content["cites"])
    return Handed(name, typesetter.pdf(content, as_of), cites)


def shortlist_file(answer: Shortlist, territory: Territory, say: Translator, form: Form) -> Handed:
    """Return the answer to a brief as a PDF or as a workbook."""
    brief = answer.brief.id or "brief"
    name = file_name(territory.settings.id, brief, answer.as_of.isoformat(), say.language, form=form)
    if form == "xlsx":
        return Handed(name, workbook(answer, say, territory.settings.staleness.limit_months), tuple(cited(answer)))
    content = shortlist_content(answer, territory, say)
    return Handed(name, typesetter.pdf(content, answer.as_of), tuple(cited(answer)))


def write(handed: Handed, path: Path, lake: Lake) -> None:
    """Write a dossier to ``path``, whole or not at all, and note the versions it cites.

    A lake that cannot be written loses nothing to clean-up either, so that there the note is left out. Raises
    as ``write_whole`` does.
    """
    write_whole(path, handed.content)
    if lake.database.is_writable:
        cite(lake, handed.cites, f"dossier {path.name}")
