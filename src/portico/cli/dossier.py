"""``dossier NAME``: a site, or the answer to a brief, as a document to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from portico.build import lake_of
from portico.city import City
from portico.city.consent import contacts
from portico.city.opening import FACTS
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.show import as_json, err
from portico.dossier.handing_over import Form, Handed, shortlist_file, site_file, write
from portico.errors import UnknownNameError, UsageError
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.messages import Message, did_you_mean
from portico.territory.layers import Territory, territory


def dossier(
    name: str = "",
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    site: str = "",
    brief: str = "",
    as_of: AsOf = None,
    common: Common = DEFAULTS,
) -> int:
    """Write the dossier of a site, or of the answer to a brief: PDF, or for a brief a workbook too.

    Parameters
    ----------
    name
        The id of a site, or a brief: a file, or a name in the city's briefs/.
    output
        The file to write; its ending says the form: .pdf or .xlsx. By default a PDF in this folder, named after what
        it is of.
    site
        The id of a site, where a brief has the same name.
    brief
        The brief, where a site has the same name.
    """
    city = common.open()
    lake = lake_of(city)
    known = territory(city, lake)
    which, of_site = _chosen(city, known, name, site, brief)
    form = _form(output, of_site=of_site)
    day = today(as_of)
    if of_site:
        handed = site_file(known, which, common.say, day, contacts(city.folder / FACTS))
    else:
        handed = shortlist_file(shortlist(briefs.read(city, which), known, day), known, common.say, form)
    path = output or Path(handed.name)
    write(handed, path, lake)
    _tell(handed, path, common)
    return 0


def _tell(handed: Handed, path: Path, common: Common) -> None:
    if common.json:
        as_json({"file": str(path), "bytes": len(handed.content), "cites": [list(one) for one in handed.cites]})
        return
    err().print(common.say(Message("dossier-written", {"file": str(path)})), markup=False)


def _form(output: Path | None, *, of_site: bool) -> Form:
    """Return the form that a file's ending names. Raises UsageError for any other."""
    ending = output.suffix.lower().lstrip(".") if output else "pdf"
    if ending == "pdf":
        return "pdf"
    if ending != "xlsx":
        raise UsageError("dossier-form", file=output.name if output else "")
    if of_site:
        raise UsageError("dossier-site-form")
    return "xlsx"


def _chosen(city: City, known: Territory, name: str, site: str, brief: str) -> tuple[str, bool]:
    """Return what the dossier is of, and whether that is a site. Raises UsageError where that is not clear."""
    if sum(map(bool, (name, site, brief))) != 1:
        raise UsageError("dossier-of-one")
    if site or brief:
        return site or brief, bool(site)
    is_site = any(one.id == name for one in known.sites)
    is_brief = name in briefs.names(city) or (Path(name).suffix.lower() in (".toml", ".json") and Path(name).is_file())
    if is_site and is_brief:
        raise UsageError("dossier-of-both", name=name)
    if not is_site and not is_brief:
        names = [*briefs.names(city), *(one.id for one in known.sites)]
        raise UnknownNameError("dossier-unknown", name=name, advice=did_you_mean(name, names))
    return name, is_site
