"""The columns of registers of sites: the names others give them, and what each states here.

The fields of the UK brownfield land register: *brownfield-land*, digital-land/specification, entry of 2026-08-14; the
JSON schema of 2017 (iStandUK/BrownfieldLandRegister); and the headings that registers in use bear. Any attribute of
``attributes.KINDS`` is a column too, under its own name, with its basis behind an ``@``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from portico.city.attributes import KINDS, YES_NO


class Role(StrEnum):
    """What a column is for: a statement, the identity of the site, its position, whom to speak to; or it is kept."""

    STATED = "stated"
    ID = "id"
    NAME = "name"
    MUNICIPALITY = "municipality"
    ADDRESS = "address"
    X = "x"
    Y = "y"
    CRS = "crs"
    CONTACT = "contact"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: the ``name`` that the standard gives it, and the ``others`` it goes by.

    ``attribute`` and ``basis`` are what it states; ``factor`` turns its numbers into our unit. ``words`` maps what is
    written to our word, "" where that says nothing. What is ``published`` stands in the standard of today; what
    ``is_degrees`` was a geometry, whose system the file itself told, and goes before columns of coordinates.
    """

    name: str
    role: Role = Role.STATED
    attribute: str = ""
    basis: str = ""
    others: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    factor: str = ""
    published: bool = False
    is_degrees: bool = False


_SQUARE_METRES_PER_HECTARE = "10000"
SAYS_NOTHING = dict.fromkeys(
    ("n a", "na", "none", "not applicable", "unknown", "not known", "tbc", "null", "n d", "nd", "non noto"), ""
)
_DELIVERABLE = {"deliverable": "yes", "not deliverable": "no"}
_ANSWERS = {"sì": "yes", "si": "yes", "yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}
_OWNERSHIP = {
    "owned by a public authority": "public",
    "public ownership": "public",
    "in public ownership": "public",
    "public": "public",
    "local authority": "public",
    "not owned by a public authority": "private",
    "not in public ownership": "private",
    "private ownership": "private",
    "private": "private",
    "mixed ownership": "mixed",
    "pubblica": "public",
    "privata": "private",
    "mista": "mixed",
    "mixed": "mixed",
    "unknown ownership": "",
    "local authority unknown": "",
}
_PLANNING = {
    "permissioned": "permissioned",
    "not permissioned": "not-permissioned",
    "pending decision": "pending-decision",
    "pending permission": "pending-decision",
    "pending": "pending-decision",
}
_PERMISSION = {
    "full planning permission": "full-planning-permission",
    "full": "full-planning-permission",
    "outline planning permission": "outline-planning-permission",
    "outline": "outline-planning-permission",
    "out": "outline-planning-permission",
    "reserved matters approval": "reserved-matters-approval",
    "reserved matters": "reserved-matters-approval",
    "rm": "reserved-matters-approval",
    "permission in principle": "permission-in-principle",
    "technical details consent": "technical-details-consent",
    "planning permission granted under an order": "planning-permission-granted-under-an-order",
    "other": "other",
}

FIELDS: tuple[Field, ...] = (
    Field("OrganisationURI", attribute="register", others=("OPEN DATA WEBSITE", "organisation"), published=True),
    Field("OrganisationLabel", attribute="register-name", others=("OrganisationName", "LOCAL AUTHORITY")),
    Field(
        "SiteReference",
        attribute="reference",
        others=("LA SITE REF", "Site Ref", "Reference", "Codice", "Codice sito"),
        published=True,
    ),
    Field("PreviouslyPartOf", attribute="previous-reference"),
    Field(
        "SiteNameAddress",
        Role.NAME,
        others=(
            "SiteAddress",
            "NAME AND ADDRESS OF SITE",
            "Site Name",
            "Name",
            "name-address",
            "Denominazione",
            "Nome",
        ),
        published=True,
    ),
    Field("SiteplanURL", attribute="site-plan", others=("PLAN OF SITE", "site-plan-url"), published=True),
    Field("CoordinateReferenceSystem", Role.CRS, others=("CoordinateSystem", "CRS", "SRS", "Sistema di riferimento")),
    Field("GeoX", Role.X, others=("Easting", "Longitude", "lon", "long", "x", "Longitudine", "Est"), published=True),
    Field("GeoY", Role.Y, others=("Northing", "Latitude", "lat", "y", "Latitudine", "Nord"), published=True),
    Field(
        "Hectares",
        attribute="area",
        basis="whole-holding",
        others=("AREA (HA)", "Area ha", "Superficie (ha)"),
        factor=_SQUARE_METRES_PER_HECTARE,
        published=True,
    ),
    Field(
        "SquareMetres",
        attribute="area",
        basis="whole-holding",
        others=("Area (m2)", "Superficie (mq)", "Superficie (m2)"),
    ),
    Field("OwnershipStatus", attribute="ownership", others=("Proprietà",), words=_OWNERSHIP, published=True),
    Field(
        "Deliverable",
        attribute="deliverable",
        others=("LAND DELIVERABLE?",),
        words=_ANSWERS | _DELIVERABLE,
        published=True,
    ),
    Field("PlanningStatus", attribute="planning-status", words=_PLANNING, published=True),
    Field(
        "PermissionType",
        attribute="permission-type",
        others=("PlanningPermissionType",),
        words=_PERMISSION,
        published=True,
    ),
    Field("PermissionDate", attribute="permission-date", others=("IF PERMISSIONED",), published=True),
    Field("PlanningHistory", attribute="planning-history", published=True),
    Field("ProposedForPIP", attribute="permission-in-principle", words=_ANSWERS),
    Field("Part2", attribute="part-two", words=_ANSWERS),
    Field(
        "NetDwellingsRangeFrom",
        attribute="dwellings",
        basis="least",
        others=("MINIMUM NET DWELLINGS", "MinNetDwellings", "minimum-net-dwellings"),
        published=True,
    ),
    Field(
        "NetDwellingsRangeTo",
        attribute="dwellings",
        basis="most",
        others=("MAXIMUM NET DWELLINGS", "MaxNetDwellings", "maximum-net-dwellings"),
        published=True,
    ),
    Field("HazardousSubstances", attribute="hazardous-substances", words=_ANSWERS, published=True),
    Field(
        "DevelopmentDescription",
        attribute="development",
        others=("DESCRIPTION OF PROPOSED HOUSING DEVELOPMENT", "ProposedDevelopment"),
    ),
    Field("Notes", attribute="notes", others=("Comments", "Note"), published=True),
    Field(
        "FirstAddedDate",
        attribute="first-added",
        others=("DATE ENTERED ON REGISTER", "start-date", "Data inserimento"),
        published=True,
    ),
    Field(
        "LastUpdatedDate",
        attribute="last-updated",
        others=("DATE LAST UPDATED", "entry-date", "Data aggiornamento"),
        published=True,
    ),
    Field("EndDate", attribute="end-date", published=True),
    Field("site", Role.ID, others=("id",)),
    Field("municipality", Role.MUNICIPALITY, others=("Comune",)),
    Field("address", Role.ADDRESS, others=("Indirizzo",)),
    Field("use-text", attribute="use-text", others=("Destinazione d'uso",)),
    Field("asking-price", attribute="asking-price", others=("Prezzo richiesto", "Prezzo (EUR)")),
    Field("electric-power", attribute="electric-power", others=("Electric power (MW)", "Potenza elettrica (MW)")),
    Field("plan-zone", attribute="plan-zone", others=("Zona di piano", "Zona PRG")),
    Field("parcel", attribute="parcel", others=("Particella", "Particelle catastali")),
    Field("contact-name", Role.CONTACT, attribute="name", others=("Contact", "Referente")),
    Field("contact-office", Role.CONTACT, attribute="office"),
    Field("contact-email", Role.CONTACT, attribute="email", others=("E-mail", "PEC")),
    Field("contact-phone", Role.CONTACT, attribute="phone", others=("Phone", "Telefono")),
)
PUBLISHED: tuple[Field, ...] = tuple(one for one in FIELDS if one.published)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a heading or word as it is compared: small letters and digits, one blank between.

    >>> folded(" LAND  DELIVERABLE? "), folded("N/A")
    ('land deliverable', 'n a')
    """
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _joined(text: str) -> str:
    return folded(text).replace(" ", "")


_BY_HEADING: dict[str, Field] = {}
for _one in FIELDS:
    for _name in (_one.name, *_one.others):
        _BY_HEADING.setdefault(_joined(_name), _one)


def field_of(heading: str) -> Field:
    """Return what a column headed ``heading`` is; one that nobody knows is kept as it is.

    >>> field_of("AREA (HA)").attribute, field_of("area@buildable").basis, field_of("SHLAARef").role
    ('area', 'buildable', <Role.KEPT: 'kept'>)
    """
    known = _BY_HEADING.get(_joined(heading))
    if known:
        return known
    name, _, basis = heading.strip().casefold().partition("@")
    kind = KINDS.get(name)
    if kind and not kind.any_basis and (basis in kind.bases if kind.bases else not basis):
        return Field(name, attribute=name, basis=basis, words=_ANSWERS if kind.words == YES_NO else {})
    return Field(heading, Role.KEPT)


def word_of(one: Field, text: str) -> str | None:
    """Return our word for what is written: "" where that says nothing, nothing where it is not understood.

    A word that was cut off, as some registers do after twenty letters, is the only one that begins so.

    >>> permission = field_of("PermissionType")
    >>> word_of(permission, "Outline planning per"), word_of(permission, "N/A"), word_of(permission, "yes")
    ('outline-planning-permission', '', None)
    """
    written = folded(text)
    own = {folded(word): word for word in KINDS[one.attribute].words}
    for known in (one.words, own, SAYS_NOTHING):
        if written in known:
            return known[written]
    if len(written) >= _CUT_OFF:
        whole = {ours for words, ours in {**own, **one.words}.items() if words.startswith(written)}
        if len(whole) == 1:
            return whole.pop()
    return None


_CUT_OFF = 11


def says_nothing(text: str) -> bool:
    """Say whether ``text`` stands where nothing is known: N/A, none, unknown."""
    return folded(text) in SAYS_NOTHING


_PERSONAL = frozenset(
    {"contact", "contacts", "email", "mail", "pec", "phone", "telephone", "mobile", "telefono", "cellulare"}
    | {"referente", "proprietario", "owner"}
)
_ADDRESSED = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")


def is_personal(heading: str, text: str) -> bool:
    """Say whether a cell of a column that nobody knows may tell a person: by its heading, or as an e-mail address.

    >>> is_personal("Owner e-mail", "-"), is_personal("Remarks", "write to a@b.org"), is_personal("SHLAARef", "388")
    (True, True, False)
    """
    return bool(_PERSONAL & set(folded(heading).split())) or bool(_ADDRESSED.search(text))


def is_long_form(headings: Sequence[str]) -> bool:
    """Say whether the columns are those of our own form, a statement a row."""
    return {"site", "attribute", "value"} <= {one.strip() for one in headings}
