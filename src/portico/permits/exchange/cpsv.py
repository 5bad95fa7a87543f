"""The procedures of a pack as public services: Core Public Service Vocabulary Application Profile 3.2.0, as JSON-LD.

What the profile has no place for is left to the pack: it knows no steps, no counting in working days, no stopped
clocks. A term in calendar days becomes the processing time; any other is told in the description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from portico.messages import Text
from portico.permits.model import Days, Link, Nature, Pack, Paper, Procedure
from portico.translation import LANGUAGES, Translator

PROFILE = "https://semiceu.github.io/CPSV-AP/releases/3.2.0/"
CONTEXT: Mapping[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "title": {"@id": "dct:title", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
    "name": {"@id": "skos:prefLabel", "@container": "@language"},
    "identifier": "dct:identifier",
    "conformsTo": {"@id": "dct:conformsTo", "@type": "@id"},
    "processingTime": {"@id": "cv:processingTime", "@type": "xsd:duration"},
    "hasCompetentAuthority": {"@id": "cv:hasCompetentAuthority", "@type": "@id"},
    "hasInput": {"@id": "cpsv:hasInput", "@type": "@id"},
    "produces": {"@id": "cpsv:produces", "@type": "@id"},
    "follows": {"@id": "cpsv:follows", "@type": "@id"},
    "implements": {"@id": "cpsv:implements", "@type": "@id"},
    "hasLegalResource": {"@id": "cv:hasLegalResource", "@type": "@id"},
    "requires": {"@id": "dct:requires", "@type": "@id"},
    "spatial": {"@id": "dct:spatial", "@type": "@id"},
    "isGroupedBy": {"@id": "cv:isGroupedBy", "@type": "@id"},
}


def services(pack: Pack, base: str, place: Text, filed: date) -> dict[str, Any]:
    """Return the procedures of ``pack`` as a JSON-LD document.

    ``base`` begins every identifier, ``place`` is where the services are given; terms are those in force on ``filed``.
    Milestones and remedies are no services. Texts are in every language the pack was written in.
    """
    made = _Services(pack, base, place, filed)
    return {"@context": dict(CONTEXT), "@graph": list(made.graph())}


class _Services:
    def __init__(self, pack: Pack, base: str, place: Text, filed: date) -> None:
        self._pack = pack
        self._base = base
        self._place = place
        self._filed = filed
        served = {one.procedure for one in pack.triggers if one.nature in (Nature.REQUIRED, Nature.OPTIONAL)}
        self._served = [one for name, one in pack.procedures.items() if name in served]

    def graph(self) -> Iterator[dict[str, Any]]:
        """Yield every node once."""
        yield {"id": self._iri("place"), "type": "dct:Location", "title": _texts(self._place)}
        event = self._pack.notes.title
        # Both classes are said: shapes do not know that a business event is an event.
        yield self._named("event", ["cv:Event", "cv:BusinessEvent"], self._pack.notes.id, event, description=event)
        for authority in dict.fromkeys(one.authority for one in self._served):
            name = _texts(self._pack.word("authority", authority))
            where = {"name": name, "spatial": self._iri("place")}
            yield {"id": self._iri("body", authority), "type": "cv:PublicOrganisation", **where}
        for paper in self._papers().values():
            yield self._named("document", "cv:Evidence", paper.id, paper.title)
        for basis in dict.fromkeys(one.basis for one in self._served if one.basis):
            law = {"identifier": basis, "title": {"en": basis}}
            yield {"id": self._iri("law", basis), "type": "eli:LegalResource", **law}
        for one in self._served:
            yield from self._service(one)

    def _service(self, one: Procedure) -> Iterator[dict[str, Any]]:
        """Yield a service, what it gives and the rule by which it is asked for."""
        term = one.term_on(self._filed)
        laws = [self._iri("law", one.basis)] if one.basis else []
        known = {each.id for each in self._served}
        before = [
            self._iri("service", each.other)
            for each in self._pack.dependencies
            if each.procedure == one.id and each.link is Link.AFTER and each.other in known
        ]
        service = self._named("service", "cpsv:PublicService", one.id, one.title, description=self._described(one))
        service |= {
            "conformsTo": PROFILE,
            "hasCompetentAuthority": [self._iri("body", one.authority)],
            "hasInput": [self._iri("document", paper.id) for paper in self._pack.papers if paper.procedure == one.id],
            "produces": [self._iri("output", one.id)],
            "follows": [self._iri("rule", one.id)],
            "hasLegalResource": laws,
            "requires": before,
            "spatial": [self._iri("place")],
            "isGroupedBy": [self._iri("event", self._pack.notes.id)],
        }
        if term is not None and term.most is not None and term.days is Days.CALENDAR:
            service["processingTime"] = f"P{term.most}D"
        yield {key: value for key, value in service.items() if value != []}
        yield self._named("output", "cv:Output", one.id, one.title)
        rule = self._named("rule", "cpsv:Rule", one.id, one.title, description=self._rule_of(one.id))
        yield {**rule, **({"implements": laws} if laws else {})}

    def _described(self, one: Procedure) -> Text:
        """Return a description: regime, body, term in words, and how far the row may be trusted."""
        term = one.term_on(self._filed)
        found = {}
        for language in LANGUAGES:
            say = Translator(language)
            days = "–" if term is None or term.most is None else f"{term.least}–{term.most}"
            counted = say(f"permit-days.{term.days.value}") if term is not None and term.most is not None else ""
            parts = [
                self._pack.word("regime", one.regime).pick(language),
                self._pack.word("authority", one.authority).pick(language),
                f"{days} {counted}".strip(),
                say(f"permit-confidence.{one.confidence.value}"),
                self._pack.notes.disclaimer.pick(language),
            ]
            found[language] = "; ".join(part for part in parts if part)
        return Text(found)

    def _rule_of(self, procedure: str) -> Text:
        conditions = [one.condition for one in self._pack.triggers if one.procedure == procedure]
        return Text(dict.fromkeys(LANGUAGES, " | ".join(conditions)))

    def _papers(self) -> dict[str, Paper]:
        known = {one.id for one in self._served}
        return {one.id: one for one in self._pack.papers if one.procedure in known}

    def _named(
        self, kind: str, class_: str | list[str], identifier: str, title: Text, *, description: Text | None = None
    ) -> dict[str, Any]:
        node = {"id": self._iri(kind, identifier), "type": class_, "identifier": identifier, "title": _texts(title)}
        return node | ({"description": _texts(description)} if description else {})

    def _iri(self, *parts: str) -> str:
        return self._base + "/".join(quote(part, safe="") for part in parts)


def _texts(text: Text) -> dict[str, str]:
    """Return a text by language; one written in none is taken for English."""
    return {language or "en": words for language, words in text.items() if words}
