"""The register of sites: the list with filters, the sheet of a site, what has grown old, the register as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from litestar import Response, get
from litestar.params import Parameter

from portico.build.register.exporting import ENDINGS, as_bytes, published
from portico.city import tables
from portico.city.consent import Consent, Contact, consent, contacts
from portico.city.opening import FACTS
from portico.city.readiness import Readiness, readiness
from portico.city.register import Site
from portico.dossier import plain
from portico.dossier.ageing import Alarm, alarms
from portico.dossier.ageing import to_dict as alarm_dict
from portico.dossier.permits_site import site_permits
from portico.dossier.permits_site import to_dict as permits_dict
from portico.dossier.site_sheet import SiteSheet, consent_dict, site_sheet, to_dict
from portico.translation import Translator
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.rendering import translator

Language = Literal["en", "it"]
Form = Literal["brownfield", "portico"]
_PAGE = 200
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """A site in the list: with its consent and readiness of the day."""

    site: Site
    consent: Consent
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the list: words in names and places, a status, a municipality."""

    q: str = ""
    status: str = ""
    municipality: str = ""

    def fits(self, site: Site, say: Translator) -> bool:
        """Say whether ``site`` is one of those asked for."""
        text = f"{say(site.name)} {site.id} {site.municipality} {site.address}".casefold()
        stated = site.statement("status").values or ("unknown",)
        return (
            all(word in text for word in self.q.casefold().split())
            and self.status in ("", *stated)
            and self.municipality in ("", site.municipality)
        )


def _listed(portal: Portal, day: date) -> tuple[Listed, ...]:
    known = portal.territory
    limit = known.settings.staleness.limit_months

    def make() -> tuple[Listed, ...]:
        every = sorted(known.sites, key=lambda one: one.id)
        return tuple(Listed(one, consent(one, day), readiness(one, day, limit)) for one in every)

    return portal.kept(("register", day), make)


def _contacts(portal: Portal) -> Mapping[str, Contact]:
    """Return the contacts that the city keeps to itself: read from its folder, they are in no version."""
    return contacts(portal.city.folder / FACTS)


def _sheet(portal: Portal, identifier: str, day: date) -> SiteSheet:
    """Return the sheet of a site. Contacts are read each time, so that one taken away is gone at once."""
    return site_sheet(portal.territory, identifier, day, _contacts(portal))


@get("/{language:str}/sites", sync_to_thread=True, include_in_schema=False)
def sites(
    language: str,
    portal: Portal,
    q: str = Parameter(default="", max_length=_LONGEST),
    status: str = Parameter(default="", max_length=_LONGEST),
    municipality: str = Parameter(default="", max_length=_LONGEST),
    part: int = Parameter(default=1, ge=1, le=100_000),
) -> Html:
    """List the register, filtered as asked, some hundred sites a page."""
    say, asked = speak(language), Filter(q.strip(), status, municipality)
    every = _listed(portal, portal.today())
    chosen = [one for one in every if asked.fits(one.site, say)]
    pages = max(1, -(-len(chosen) // _PAGE))
    at = min(part, pages)
    return html(
        "sites.html",
        language,
        portal,
        "sites",
        listed=chosen[(at - 1) * _PAGE : at * _PAGE],
        asked=asked,
        found=len(chosen),
        total=len(every),
        at=at,
        pages=pages,
        statuses=tables.STATUSES,
        municipalities=sorted({one.site.municipality for one in every} - {""}),
    )


@get("/{language:str}/sites/{identifier:str}", sync_to_thread=True, include_in_schema=False)
def site(language: str, identifier: str, portal: Portal, as_of: date | None = None) -> Html:
    """Show the sheet of a site."""
    speak(language)
    sheet = _sheet(portal, identifier, as_of or portal.today())
    permits = site_permits(portal.territory, sheet.site, sheet.as_of)
    return html("site.html", language, portal, f"sites/{identifier}", sheet=sheet, permits=permits)


def _alarms(portal: Portal, day: date) -> tuple[Alarm, ...]:
    known = portal.territory
    return portal.kept(("ageing", day), lambda: alarms(known.sites, known.settings, day))


@get("/{language:str}/ageing", sync_to_thread=True, include_in_schema=False)
def ageing_page(language: str, portal: Portal, as_of: date | None = None) -> Html:
    """Show the officer what of the register has grown old, and whom to ask."""
    speak(language)
    day = as_of or portal.today()
    limit = portal.territory.settings.staleness.limit_months
    return html("ageing.html", language, portal, "ageing", alarms=_alarms(portal, day), day=day, limit=limit)


@get("/api/ageing", sync_to_thread=True)
def ageing_api(portal: Portal, lang: Language = "en", as_of: date | None = None) -> dict[str, Any]:
    """Return what of the register has grown old, and whom to ask by when."""
    day = as_of or portal.today()
    return {
        "as_of": day.isoformat(),
        "limit_months": portal.territory.settings.staleness.limit_months,
        "alarms": [alarm_dict(one, translator(lang)) for one in _alarms(portal, day)],
    }


@get("/api/sites", sync_to_thread=True)
def sites_api(portal: Portal, lang: Language = "en") -> list[dict[str, Any]]:
    """List the sites of the register, with the owner's consent and the level of readiness."""
    say = translator(lang)
    return [
        {
            **plain.site(one.site, say),
            "consent": consent_dict(one.consent, say),
            "readiness": {"level": one.readiness.level, "words": say(one.readiness.words)},
        }
        for one in _listed(portal, portal.today())
    ]


@get("/api/sites/{identifier:str}", sync_to_thread=True)
def site_api(portal: Portal, identifier: str, lang: Language = "en", as_of: date | None = None) -> dict[str, Any]:
    """Return all that is known of a site, and what is not."""
    sheet, say = _sheet(portal, identifier, as_of or portal.today()), translator(lang)
    permits = site_permits(portal.territory, sheet.site, sheet.as_of)
    return to_dict(sheet, say) | {"permits": permits_dict(permits, say)}


def _file(portal: Portal, ending: str, form: Form, language: str) -> Response[bytes]:
    """Return the register as a file; contacts are never in it."""
    known = portal.territory

    def make() -> tuple[bytes, str]:
        one = published(known.rows, known.settings, form, language)
        return as_bytes(one, ending), one.licence

    content, licence = portal.kept(("register-file", ending, form, language), make)
    told = " ".join(licence.encode("ascii", "replace").decode().split())  # a header holds ASCII alone, in one line
    headers = {"Content-Disposition": f'attachment; filename="sites{ending}"', "X-Licence": told}
    return Response(content, media_type=ENDINGS[ending].media_type, headers=headers)


@get("/api/sites.csv", sync_to_thread=True)
def sites_csv(portal: Portal, form: Form = "brownfield", lang: Language = "en") -> Response[bytes]:
    """Return the register as CSV: in the fields of the UK brownfield standard, or whole in our own form."""
    return _file(portal, ".csv", form, lang)


@get("/api/sites.geojson", sync_to_thread=True)
def sites_geojson(portal: Portal, form: Form = "brownfield", lang: Language = "en") -> Response[bytes]:
    """Return the register as GeoJSON with its licence."""
    return _file(portal, ".geojson", form, lang)


@get("/api/sites.xlsx", sync_to_thread=True)
def sites_xlsx(portal: Portal, form: Form = "brownfield", lang: Language = "en") -> Response[bytes]:
    """Return the register as a workbook with its licence."""
    return _file(portal, ".xlsx", form, lang)


SITE_PAGES: Sequence[Any] = (sites, site, ageing_page)
SITE_API: Sequence[Any] = (sites_api, site_api, ageing_api, sites_csv, sites_geojson, sites_xlsx)
