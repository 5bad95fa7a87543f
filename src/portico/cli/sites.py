"""``sites`` and ``site ID``: the register in the terminal."""

from __future__ import annotations

from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from portico.build import lake_of
from portico.city.consent import consent, contacts
from portico.city.opening import FACTS
from portico.city.readiness import HIGHEST, readiness
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.permits_site import show_site
from portico.cli.show import as_json, out, table
from portico.dossier import plain
from portico.dossier.permits_site import site_permits
from portico.dossier.permits_site import to_dict as permits_dict
from portico.dossier.site_sheet import Line, SiteSheet, consent_dict, site_sheet, to_dict
from portico.figures import Evidence, Figure, rests_on_memory
from portico.messages import Message, Text
from portico.territory.layers import territory
from portico.translation import Translator

State = Literal["available", "under-negotiation", "in-redevelopment", "sold", "withdrawn", "unknown"]


def sites(*, status: State | None = None, as_of: AsOf = None, common: Common = DEFAULTS) -> int:
    """List the sites of the register: where they are, what became of them, how large.

    Parameters
    ----------
    status
        Only sites of this status.
    """
    known = common.territory()
    chosen = [site for site in known.sites if status is None or status in site.statement("status").values]
    say = common.say
    if common.json:
        day, limit = today(as_of), known.settings.staleness.limit_months
        listed = [
            {
                **plain.site(site, say),
                "consent": consent_dict(consent(site, day), say),
                "readiness": {"level": (found := readiness(site, day, limit)).level, "words": say(found.words)},
            }
            for site in chosen
        ]
        as_json({"city": known.settings.id, "sites": listed})
        return 0
    rows = []
    for site in sorted(chosen, key=lambda one: one.id):
        stated = site.statement("status")
        rows.append(
            (site.id, say(site.name), site.municipality, say.statement(stated, "status"), say.day(stated.as_of))
        )
    out().print(table([say("id"), say("name"), say("municipality"), say("status"), say("as-of")], rows))
    out().print(say(Message("sites-listed", {"count": len(chosen), "of": len(known.sites)})))
    return 0


def site(identifier: str, *, evidence: bool = False, as_of: AsOf = None, common: Common = DEFAULTS) -> int:
    """Show all that is known of one site, with dates and sources, and what is not known.

    Parameters
    ----------
    identifier
        The id of the site, as `portico sites` prints it.
    evidence
        Print the source, row and version behind each line.
    """
    opened = common.open()
    known = territory(opened, lake_of(opened))
    sheet = site_sheet(known, identifier, today(as_of), contacts(opened.folder / FACTS))
    permits = site_permits(known, sheet.site, sheet.as_of)
    if common.json:
        as_json(to_dict(sheet, common.say) | {"permits": permits_dict(permits, common.say)})
        return 0
    _show(sheet, common.say, out(), evidence=evidence)
    show_site(permits, common.say, out())
    return 0


def _show(sheet: SiteSheet, say: Translator, console: Console, *, evidence: bool) -> None:
    one = sheet.site
    console.print(f"[bold]{escape(say(one.name))}[/]  {escape(one.id)}")
    console.print(escape(", ".join(part for part in (one.address, one.municipality) if part)))
    if sheet.description and isinstance(sheet.description.found, Text):
        console.print(Padding(escape(say(sheet.description.found)), (1, 0, 1, 2)))
    _standing(sheet, say, console)
    for line in (*sheet.lines, *sheet.record):
        _line(line, say, console, evidence=evidence)
    console.print(f"\n[bold]{escape(say('nearby'))}[/]")
    for reach in sheet.nearby:
        what = say(
            Message("nearest-by", {"kind": Message(f"kind.{reach.kind}"), "mode": Message(f"mode.{reach.mode.value}")})
        )
        where = (
            f" – {say(reach.near.place.name)}"
            if reach.near
            else f" – {say(reach.minutes.note)}"
            if reach.minutes.note
            else ""
        )
        console.print(escape(f"  {what}: {say.figure(reach.minutes)}{where}{_mark(reach.minutes.evidence, say)}"))
        if evidence:
            _evidence(reach.minutes.evidence, say, console)
    who = sheet.who_answers
    console.print(f"\n[bold]{escape(say('who-answers'))}[/]")
    values = {"name": who.partner.name, "office": who.partner.office, "by": who.by, "count": who.partner.working_days}
    console.print(escape("  " + say(Message(f"answers-by.{who.partner.commitment.value}", values))))


def _standing(sheet: SiteSheet, say: Translator, console: Console) -> None:
    """Print the owner's consent, the level of readiness with what is missing to the next, and what has grown old."""
    console.print(escape(f"  {say(sheet.consent.words)}"))
    if sheet.contact:
        console.print(escape(f"  {say('site-contact')}: {' · '.join(sheet.contact.parts)}"))
    found = sheet.readiness
    console.print(escape(f"  {say('criterion.readiness')}: {found.level} / {HIGHEST}, {say(found.words)}"))
    for gap in found.next_gaps:
        console.print(escape(f"    – {say(gap.words)} ({say(gap.who)})"))
    for alarm in sheet.ageing:
        console.print(escape(f"  ! {say(alarm.words)}"))


def _line(line: Line, say: Translator, console: Console, *, evidence: bool) -> None:
    if isinstance(line.found, Text):
        value = say(line.found)
    elif isinstance(line.found, Figure):
        value = say.figure(line.found)
    else:
        value = say.statement(line.found, line.name)
    when = "" if not line.is_known else f"  ({say.day(line.as_of)}{', ' + say('stale') if line.is_stale else ''})"
    console.print(escape(f"  {say(line.label)}: {value}{when}{_mark(line.evidence, say)}"))
    if evidence:
        _evidence(line.evidence, say, console)


def _mark(evidence: tuple[Evidence, ...], say: Translator) -> str:
    return f"  [{say('recalled')}]" if rests_on_memory(evidence) else ""


def _evidence(every: tuple[Evidence, ...], say: Translator, console: Console) -> None:
    for one in every:
        where = f"{one.dataset}@{one.version[:12]} {one.row}" if one.dataset else say(Message(f"method.{one.method}"))
        console.print(Padding(escape(f"{where}  {one.source}".strip()), (0, 0, 0, 6)), style="dim")
