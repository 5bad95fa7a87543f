"""``sites import``, ``export``, ``check``, ``undo``: the register exchanged with others, and kept from growing old."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from portico import city as cities
from portico.build.register.checking import Checked, check_register
from portico.build.register.exporting import export_register, exported
from portico.build.register.importing import Asked, Imported, import_register
from portico.build.register.importing import undo as undo_import
from portico.build.register.new_city import make_city
from portico.city.exchange.coordinates import Found
from portico.city.opening import SETTINGS, City
from portico.city.register import Site, register
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.files import NOTHING, Telling
from portico.cli.show import as_json, err, out, show_findings, table
from portico.cli.sites_shown import changes_table, counts_line, places_line, places_table, rejects_table, to_dict
from portico.dossier.ageing import alarms
from portico.dossier.ageing import to_dict as alarm_dict
from portico.errors import CityNotFoundError, PorticoError
from portico.figures import Evidence
from portico.messages import Message

Form = Literal["auto", "brownfield", "portico"]
_SHOWN = 20


def import_(  # noqa: PLR0913 - each is an option
    file: Path,
    *,
    into: str = "",
    dry_run: bool = False,
    form: Annotated[Form, Parameter(name="--format")] = "auto",
    register_name: Annotated[str, Parameter(name="--register")] = "",
    repair: bool = False,
    complete: bool = False,
    licence: str = "unknown",
    telling: Telling = NOTHING,
    as_of: AsOf = None,
    common: Common = DEFAULTS,
) -> int:
    """Bring a register of sites into the city's facts: the brownfield standard's columns, or our own form.

    CSV in any encoding, GeoJSON or a workbook. Every cell becomes a statement with its source, is kept as it was, or is
    listed as a reject; the same file again changes nothing; what changed is ended with a reason, never deleted.

    Parameters
    ----------
    file
        The register.
    into
        A city folder; one that is not there is made around the register.
    dry_run
        Only say what would change.
    form
        brownfield or portico; found by the columns where not told.
    register_name
        The register's name, where its records do not say whose it is.
    repair
        Apply the repairs that are proposed for coordinates.
    complete
        The file is the whole register: a site it leaves out has ended.
    licence
        The licence of a city folder that is made.
    """
    day = today(as_of)
    asked = Asked(
        format=form, register=register_name, repair=repair, complete=complete, is_dry=dry_run, told=telling.told()
    )
    if into and not (Path(into) / SETTINGS).is_file():
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="portico-") as folder:
                return _import(_made(Path(folder) / Path(into).name, file, asked, licence), file, asked, day, common)
        made = _made(Path(into), file, asked, licence)
        try:
            return _import(made, file, asked, day, common)
        except PorticoError:
            shutil.rmtree(made.folder)  # nothing came of it
            raise
    return _import(cities.open(Path(into)) if into else common.open(), file, asked, day, common)


def _made(folder: Path, file: Path, asked: Asked, licence: str) -> City:
    make_city(folder, file, told=asked.told, register=asked.register, licence=licence)
    return cities.open(folder)


def _import(city: City, file: Path, asked: Asked, day: date, common: Common) -> int:
    done = import_register(city, file, asked, day)
    if common.json:
        as_json({"city": city.settings.id, **to_dict(done, common.say)})
        return 0
    _show(done, common, out())
    return 0


def _show(done: Imported, common: Common, console: Console) -> None:
    say = common.say
    show_findings(done.issues, say, err())
    console.print(escape(counts_line(done, say)))
    if places_line(done, say):
        console.print(escape(places_line(done, say)))
    odd = [one for one in done.places if one.located.found is not Found.FOUND]
    parts = (
        (changes_table(done, say, _SHOWN), 0),
        (places_table(odd, say, _SHOWN), len(odd)),
        (rejects_table(done, say, _SHOWN), done.reject_count),
    )
    for part, every in parts:
        if part is not None:
            console.print()
            console.print(part)
            if every > _SHOWN:
                console.print(escape(say(Message("register-more", {"count": every - _SHOWN}))))
    if done.unknown_columns:
        console.print(escape(say(Message("register-columns-kept", {"columns": list(done.unknown_columns)}))))
    if any(one.located.found is Found.REPAIR for one in done.places) and not done.is_repaired:
        console.print(escape(say("register-repair-next")))
    if done.is_dry:
        console.print(escape(say("register-dry")))
    elif done.before is not None:
        console.print(escape(say(Message("register-before", {"folder": f".portico/imports/{done.before.name}"}))))
        console.print(escape(say("register-build-next")))


def export(
    *,
    target: Annotated[Path, Parameter(name=["-o", "--output"])],
    form: Annotated[Literal["brownfield", "portico"], Parameter(name="--format")] = "brownfield",
    with_contacts: bool = False,
    as_of: AsOf = None,
    common: Common = DEFAULTS,
) -> int:
    """Write the register as a file for others; the same register always gives the same bytes.

    Parameters
    ----------
    target
        The file to write; its ending says the format: .csv, .geojson, .xlsx.
    form
        brownfield: the fields of the standard. portico: every statement with its source, to be taken back whole.
    with_contacts
        Add the contacts of sites whose owners consent (form portico only): for the officer, not for publication.
    """
    city = common.open()
    one = exported(city, form, today(as_of), with_contacts=with_contacts, language=common.lang)
    export_register(one, target)
    if common.json:
        as_json({"file": str(target), "format": form, "rows": len(one.rows), "licence": one.licence})
        return 0
    values = {"file": str(target), "count": len(one.rows), "licence": one.licence}
    out().print(escape(common.say(Message("register-exported", values))))
    return 0


def check(
    target: Path | None = None,
    *,
    register_name: Annotated[str, Parameter(name="--register")] = "",
    telling: Telling = NOTHING,
    as_of: AsOf = None,
    common: Common = DEFAULTS,
) -> int:
    """Look over a register: a file before it is imported, or the city's own for what has grown old.

    Exit code 1: there is something to see to.

    Parameters
    ----------
    target
        A file; a city folder, or nothing, for the city's own register.
    register_name
        The register's name, where its records do not say whose it is.
    """
    if target is None or target.is_dir():
        return _ageing(cities.open(target) if target else common.open(), today(as_of), common)
    asked, day = Asked(register=register_name, told=telling.told()), today(as_of)
    try:
        settings = common.open().settings
    except CityNotFoundError:
        if common.city:
            raise
        found = check_register(target, asked, day, None)
    else:
        found = check_register(target, asked, day, settings.extent.box, settings.calendar.country)
    if common.json:
        as_json({**to_dict(found.imported, common.say), "faults": found.faults})
    else:
        _show_check(found, common, out())
    return int(found.faults > 0)


def _show_check(found: Checked, common: Common, console: Console) -> None:
    _show(found.imported, common, console)
    console.print(escape(common.say(Message("register-checked", {"count": found.faults}))))


def _ageing(city: City, day: date, common: Common) -> int:
    say = common.say
    found = alarms(_sites(city), city.settings, day)
    if common.json:
        limit = city.settings.staleness.limit_months
        as_json({"city": city.settings.id, "limit_months": limit, "alarms": [alarm_dict(one, say) for one in found]})
        return int(bool(found))
    rows = [(one.site.id, say(one.words), say(one.ask.partner.name), say.day(one.ask.by)) for one in found]
    console = out()
    if rows:
        console.print(table([say("id"), say("ageing"), say("ageing-ask"), say("ageing-by")], rows))
    console.print(escape(say(Message("ageing-summary", {"count": len(found)}))))
    return int(bool(found))


def _sites(city: City) -> tuple[Site, ...]:
    facts = city.facts
    rows = [facts[name].rows if name in facts else () for name in ("sites", "site_attributes")]
    return register(rows[0], rows[1], lambda *_: Evidence(), city.settings.uncertainty_m)


def undo(*, common: Common = DEFAULTS) -> int:
    """Put the register back as it was before the last import; refused where it was changed since."""
    receipt: dict[str, Any] = dict(undo_import(common.open()))
    if common.json:
        as_json({"undone": receipt})
        return 0
    out().print(escape(common.say(Message("register-undone", {"file": receipt["file"], "day": receipt["day"]}))))
    return 0
