"""The catalogues of texts: whole, alike in both languages, and knowing every id that the code says."""

from __future__ import annotations

import ast
import csv
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from tests.shared import ROOT

import portico
from portico import errors
from portico.catalogue.model import DatasetKind
from portico.city import tables
from portico.city.attributes import KINDS
from portico.city.consent import ConsentState
from portico.city.exchange.coordinates import Found
from portico.city.exchange.incoming import REASONS
from portico.city.exchange.model import Kind as RegisterKind
from portico.city.model import AreaKind, Commitment, Use
from portico.city.readiness import LEVELS as READINESS_LEVELS
from portico.city.readiness import REQUIREMENTS, Lack, Party
from portico.dossier.ageing import Ageing
from portico.dossier.document.map import Look
from portico.dossier.document.parts import METHODS
from portico.dossier.ways import vehicle_of
from portico.figures import Status
from portico.geo import Whereabouts
from portico.lake.columns import TYPES
from portico.lake.model import Decided, Type
from portico.match.asking import QUESTIONS
from portico.match.changes import How as RowHow
from portico.match.criteria import CRITERIA
from portico.match.criteria.reference import GROUPS, WORDED
from portico.match.labels import QUANTITIES
from portico.match.methods.drawing import How
from portico.match.methods.spec import Method
from portico.match.methods.stated import OrderAs
from portico.match.model import Activity, Brief, Must, Outcome, Want
from portico.match.outranking import Method as Outranking
from portico.match.where.model import Standing
from portico.messages import Message, Severity, Text
from portico.permits.incentives import Open
from portico.permits.model import AttributeKind as AttributeType
from portico.permits.model import Confidence, Days, Need, Stop, Tacit
from portico.permits.whatif import Kind as ReformKind
from portico.territory.model import Mode
from portico.territory.travel.model import Direction
from portico.translation import LANGUAGES, Translator

SOURCE = Path(portico.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
FACTS = ROOT / "cities" / "torino" / "facts"

# The one place where an empty text is right: numbers that stand alone.
WITHOUT_WORDS = {"unit.1", "unit.rank", "unit.year"}
# Units whose written form is their id in every language.
AS_WRITTEN = {"MW", "min", "ha", "m", "km", "time", "date"}
# What `say(name)` and `Error(kind)` say by way of a variable.
BY_VARIABLE = {
    *("title", "publisher", "licence", "attribution", "version", "rows", "file"),
    *("state-busy", "state-failed"),
    *("page.home", "page.sites", "page.who-answers", "page.data"),
}


def words_of(*enums: type[StrEnum]) -> list[str]:
    return [member.value for enum in enums for member in enum]


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kinds() -> set[str]:
    found = {*tables.TRANSPORT_KINDS, "all"}
    for name in ("institutions", "organisations", "transport"):
        for row in facts(name):
            found |= {row.get("kind", ""), row.get("sector", ""), *re.split(r"\s*;\s*", row.get("fields", ""))}
    return found - {""}


def units() -> set[str]:
    found = {kind.unit for kind in KINDS.values()} | {one.unit for one in CRITERIA} | {"1", "rank", "working-days"}
    for name in ("site_attributes", "place_figures", "city_figures", "service"):
        found |= {row["unit"] for row in facts(name)}
    return found - AS_WRITTEN - {""}


def methods() -> set[str]:
    """Every method that evidence names literally; estimates name theirs by mode."""
    found = {f"territory.estimates.{mode.value}" for mode in (Mode.WALK, Mode.BICYCLE, Mode.CAR)}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "method" and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
    return found


def bases() -> set[str]:
    return {basis for kind in KINDS.values() for basis in kind.bases} | {one for each in CRITERIA for one in each.bases}


def questions() -> Iterator[str]:
    """A must that grows stale is asked about again; one that does not is only ever unknown."""
    for one in CRITERIA:
        yield f"{one.id}.{Outcome.UNKNOWN.value}"
        if one.ages:
            yield f"{one.id}.{Outcome.STALE.value}"


# Each prefix that code puts together with a word, and the words it may meet.
# Criteria of amounts of places, and how their labels end where amounts are asked for.
AMOUNTS = ("opportunities-within", "gravity", "floating-catchment")
ENDS = (".of-places", ".anywhere")

FAMILIES: dict[str, set[str]] = {
    "ask": {
        *("title", "activity", "sector", "ateco", "total", "another-want", "want.weight", "want.order", "weights-as"),
        *(f"must.{bound}" for bound in ("at_least", "at_most", "any_of", "none_of")),
        *(one.id for one in QUESTIONS),
        *(f"{one.id}.basis" for one in QUESTIONS if one.basis),
    },
    "brief-key": {one.name for kind in (Brief, Must, Want) for one in fields(kind)} - {"id"},
    "brief-toml": {
        *("activity", "ateco", "order_as", "total"),
        *(f"{part}{end}" for part in ("head", "musts", "wants") for end in ("", ".how")),
    },
    "document": {"body", "address", "form"},
    "order-as": set(words_of(OrderAs)),
    "weights-as": {"weights", "order"},
    "access": {"cumulative", "gravity", "nearest", "catchment", "2sfca", "e2sfca", "competition"},
    "access-label": {"amount", "within_minutes", "k"},
    "answers-by": set(words_of(Commitment)),
    "form": {"small-letters", "language", "two-capitals", "three-capitals", "day", "time", "crs"},
    "http": {"400", "404", "405", "413"},
    "places-of": {"kinds", "fields", "divisions", "fields-and-divisions"},
    "activity": set(words_of(Activity)),
    "ageing": set(words_of(Ageing)),
    "owner": {*words_of(ConsentState), "given-until"},
    "consent-short": set(words_of(ConsentState)),
    "gap": set(words_of(Lack)),
    "party": set(words_of(Party)),
    "requirement": {one.id for one in REQUIREMENTS},
    "readiness": set(READINESS_LEVELS),
    "register-kind": set(words_of(RegisterKind)),
    "register-place": set(words_of(Found)),
    "register-located": set(words_of(Found)),
    "register-reject": set(REASONS),
    "area-kind": set(words_of(AreaKind)),
    "attribute": set(tables.ATTRIBUTES) | set(KINDS),
    "basis": bases(),
    "cell": {*words_of(tables.Kind), "number-or-range"},
    "cells-title": {
        *(f"{kind}.{way.value}" for kind in ("cumulative", "gravity", "nearest", "nearest-k") for way in Direction),
        "catchment.inbound",
    },
    "commitment": set(words_of(Commitment)),
    "condition-type": set(words_of(AttributeType)),
    "confidence": set(tables.CONFIDENCE),
    "criterion": {f"{one.id}{end}" for one in CRITERIA for end in ("", ".what")},
    "dataset": {one.name for one in tables.TABLES},
    "dataset-kind": set(words_of(DatasetKind)),
    "direction": set(words_of(Direction)),
    "towards": set(words_of(Direction)),
    "reach-way": set(words_of(Direction)),
    "decided": set(words_of(Decided)) - {""},
    "fetched": {"new", "unchanged", "failed"},
    "source-use": set(words_of(Use)),
    "ingested": {"published", "unchanged", "held", "kept-back", "refused", "empty", "would-publish", "would-hold"},
    "column-type": set(words_of(Type)),
    "meaning": {one.meaning or one.name for one in TYPES if one.meaning or one.logical is Type.TEXT},
    "personal-kind": {"fiscal-code", "e-mail", "phone", "iban", "name", "birth-date"},
    "figure-status": set(words_of(Status)),
    "dossier": {"at-least", "at-most", "any-of", "none-of"},
    "dossier.group": {"qualified", "to_verify", "excluded"},
    "dossier.key": set(words_of(Look)),
    "dossier.method": {f"{name}{end}" for name in METHODS for end in ("", ".text")},
    "going": set(words_of(Direction)),
    "group": {f"{name}{end}" for name in ("qualified", "to-verify", "excluded") for end in ("", ".empty")},
    "heading": set(words_of(Direction)),
    "kind": kinds(),
    "label": {one.id for one in CRITERIA}
    | {"minutes-to-nearest.nth"}
    | {f"{one}{end}" for one in AMOUNTS for end in ENDS},
    "language": set(LANGUAGES),
    "where-standing": {f"{one}{end}" for one in words_of(Standing) for end in ("", ".lead")},
    "where-limit": {"at-least", "at-most"},
    "leg-door": set(words_of(Mode)) - {Mode.TRANSIT.value},
    "limit": {"at-least", "at-most", "none-of"},
    "method": methods(),
    "mode": set(words_of(Mode)),
    "outcome": set(words_of(Outcome)),
    "page": set(words_of(Commitment)),
    "permits-column": {
        *("procedure", "authority", "days", "silence", "hangs-on", "document", "asked", "asked-perhaps"),
        *("scheme", "open", "filed", "ends", "latest", "critical"),
    },
    "permits-check": {"pass", "fail", "unknown"},
    "permits-count": {f"{need}[other]" for need in words_of(Need)},
    "permits-incentive": {"who", "size", "intensity", "manager", "status"},
    "permits-need": {"needed", "not_needed"},
    "permits-open-to": set(words_of(Open)),
    "permits-silence": set(words_of(Tacit)),
    "permits-stop": set(words_of(Stop)) - {"none"},
    "permits-tacit": set(words_of(Tacit)),
    "permit-confidence": set(words_of(Confidence)),
    "permit-days": set(words_of(Days)),
    "permit-because": {
        "assent_bodies",
        *(f"{name}.{end}" for name in ("any_assent", "any_scia", "single_authorisation") for end in ("yes", "no")),
    },
    "period": {word for column in tables.table("headways").columns for word in column.words if column.name == "period"},
    "precision": set(tables.PRECISION),
    "qualifier": set(tables.QUALIFIERS),
    "question": set(questions()),
    "reason": {
        *("pass.number", "pass.words", "fail.number", "fail.number-missing", "fail.words", "stale.number"),
        *("stale.words", "unknown.number", "unknown.number-missing", "unknown.words", "unknown.words-missing"),
    },
    "reform": set(words_of(ReformKind)),
    "reform-column": {"before", "after", "saved"},
    "reform-row": {"filed", "asked", "papers", "undecided"},
    "reform-saves": {"filed", "asked", "undecided"},
    "said-by": {"investor", "register", "layer"},
    "reach-lead": set(words_of(Direction)),
    "number-impossible": {"area_km2", "population", "employment", "firms", "herfindahl", "relatedness"},
    "quantity": set(QUANTITIES),
    "better": {"max", "min"},
    "industries-head": {"division", "area", "firms", "quotient", "cluster", "other", "relatedness"},
    "criterion-group": set(GROUPS),
    "worded": {one.partition(".")[2] for one in WORDED.values()},
    "rank-column": {"first", "three", "confidence"},
    "rank-drawn": set(words_of(How)),
    "rank-method": set(words_of(Method)),
    "relaxation": {"dropped", "relaxed", "together"},
    "robust-group": {"qualified", "to-verify"},
    "robust-number": {"few", "nearly", "some"},
    "robust-times": {"none", "all", "few", "nearly", "some"},
    "robust-weights": {"exact", "open"},
    "outrank": set(words_of(Outranking)),
    "change-row": set(words_of(RowHow)),
    "severity": set(words_of(Severity)),
    "state": set(tables.SERVICE_STATES),
    "status": set(tables.STATUSES),
    "topic": {row["topic"] for row in facts("city_figures")},
    "type": {"list", "table", "text", "float", "str", "int", "bool", "date"},
    "unit": units(),
    "vehicle": {vehicle_of(one) for one in range(-1, 1500)},
    "want": {"known", "known.place", "stale", "stale.place", "unknown"},
    "way-of-median": set(words_of(Direction)),
    **{name: set(kind.words) for name, kind in KINDS.items() if kind.words},
    **{one.id: set(one.words) for one in CRITERIA if one.words},
}


@dataclass(frozen=True)
class Said:
    """An id said literally: where, and the names of its values where these stand there too."""

    id: str
    where: str
    values: frozenset[str] | None


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that ``node`` may come to, those of both branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def values_of(call: ast.Call, callee: str) -> frozenset[str] | None:
    if callee == "say":
        return frozenset()
    if callee == "Message":
        if len(call.args) == 1 and not call.keywords:
            return frozenset()
        given = call.args[1] if len(call.args) > 1 else None
        if isinstance(given, ast.Dict) and all(isinstance(key, ast.Constant) for key in given.keys):
            return frozenset(key.value for key in given.keys if isinstance(key, ast.Constant))
        return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    return frozenset(names | ({"count"} if callee == "RejectedError" else set()))


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            callee = name_of(node.func) if isinstance(node, ast.Call) else ""
            speaks = callee in ("Message", "say") or hasattr(errors, callee)
            if isinstance(node, ast.Call) and node.args and speaks:
                yield callee, node, f"{path.relative_to(SOURCE)}:{node.lineno}"


def said_in_code() -> list[Said]:
    return [
        # In the lake a local ``say`` gathers findings and adds values of its own.
        Said(text, where, None if callee == "say" and where.startswith("lake/") else values_of(call, callee))
        for callee, call, where in calls()
        for text in literals(call.args[0])
    ]


def said_in_templates() -> list[Said]:
    form = re.compile(r"\b(?:say|Message)\(\s*(['\"])([^'\"]+)\1\s*[,)]")
    return [
        Said(found[2], str(path.relative_to(SOURCE)), None)
        for path in TEMPLATES
        for found in form.finditer(path.read_text(encoding="utf-8"))
    ]


def prefixes() -> Iterator[tuple[str, str]]:
    """The beginnings of the ids that code and templates put together, as far as they are written out."""
    for _, call, where in calls():
        first = call.args[0]
        if isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
            yield str(first.values[0].value), where
    form = re.compile(r"\b(?:say|Message)\(\s*(['\"])([^'\"]+)\1\s*~")
    for path in TEMPLATES:
        for found in form.finditer(path.read_text(encoding="utf-8")):
            yield found[2], str(path.relative_to(SOURCE))


def file_of(language: str) -> Path:
    return SOURCE / "locale" / f"{language}.po"


def read(language: str) -> dict[str, str]:
    with file_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


CATALOGUES = {language: read(language) for language in LANGUAGES}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def has(texts: dict[str, str], identifier: str) -> bool:
    return identifier in texts or f"{identifier}[other]" in texts


def missing(language: str, identifiers: dict[str, str]) -> list[str]:
    texts = CATALOGUES[language]
    return sorted(f"{one} ({where})" for one, where in identifiers.items() if not has(texts, one))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_stands_once_and_the_header_names_the_language(language):
    raw = file_of(language).read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', raw, flags=re.MULTILINE)
    assert sorted(ids) == sorted(CATALOGUES[language])
    assert f'"Language: {language}\\n"' in raw
    assert "charset=UTF-8" in raw


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_except_those_of_numbers_that_stand_alone(language):
    empty = {identifier for identifier, text in CATALOGUES[language].items() if not text.strip()}
    assert empty == WITHOUT_WORDS


def test_both_languages_hold_the_same_ids():
    english, italian = (set(CATALOGUES[language]) for language in LANGUAGES)
    assert english - italian == set()
    assert italian - english == set()


def test_both_languages_ask_for_the_same_values():
    english, italian = (CATALOGUES[language] for language in LANGUAGES)
    unlike = {one for one in english if placeholders(english[one]) != placeholders(italian.get(one, ""))}
    assert unlike == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_both_its_forms_and_no_third(language):
    texts = CATALOGUES[language]
    plural = {identifier.partition("[")[0] for identifier in texts if "[" in identifier}
    assert {one for one in plural if one in texts} == set()
    assert {f"{one}[{form}]" for one in plural for form in ("one", "other")} == {one for one in texts if "[" in one}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_said_literally_has_a_text(language):
    said = {one.id: one.where for one in (*said_in_code(), *said_in_templates())}
    assert len(said) > 100
    assert missing(language, said | dict.fromkeys(BY_VARIABLE, "by variable")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_vocabulary_has_a_text(language):
    wanted = {f"{prefix}.{word}": "vocabulary" for prefix, words in FAMILIES.items() for word in words}
    outside = [f"position-{one.value}" for one in Whereabouts if one is not Whereabouts.INSIDE]
    system = [f"system-{what}{where}" for what in ("closed", "full", "refused") for where in ("", "-at")]
    assert missing(language, wanted | dict.fromkeys(outside, "whereabouts") | dict.fromkeys(system, "refusals")) == []


def test_every_id_put_together_begins_with_a_family_known_here():
    known = {f"{prefix}." for prefix in FAMILIES} | {"position-", "system-", "territory.estimates."}
    unknown = {f"{prefix} ({where})" for prefix, where in prefixes() if not prefix.startswith(tuple(known))}
    assert unknown == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_asks_for_a_value_that_the_code_does_not_pass(language):
    texts = CATALOGUES[language]
    wrong = [
        f"{form} ({one.where}): {sorted(placeholders(texts[form]) - one.values)}"
        for one in said_in_code()
        if one.values is not None
        for form in (one.id, f"{one.id}[one]", f"{one.id}[other]")
        if form in texts and not placeholders(texts[form]) <= one.values
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "count", "end"),
    [("en", 1, "site of 7"), ("en", 0, "sites of 7"), ("it", 1, "sito su 7"), ("it", 1_000_000, "siti su 7")],
)
def test_plurals_follow_the_count_and_fall_back_to_other(language, count, end):
    assert Translator(language)(Message("sites-listed", {"count": count, "of": 7})).endswith(end)


def test_a_message_inside_a_message_and_a_text_of_the_data_are_put_into_the_language():
    said = Message("unknown-key", {"key": "crz", "advice": Message("did-you-mean", {"suggestion": "crs"})})
    assert Translator("en")(said) == "unknown key “crz”; did you mean “crs”?"
    assert Translator("it")(said) == "chiave sconosciuta «crz»; forse intendevi «crs»?"
    written = Message("as-written", {"text": Text(en="Food research", it="Ricerca sugli alimenti")})
    assert Translator("it")(written) == "Ricerca sugli alimenti"
