"""A dataset as pages and API describe it: what it is, the version asked for, what was found in it, what is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portico.catalogue.model import Dataset
from portico.catalogue.queries import dataset as catalogued
from portico.catalogue.queries import datasets as every_dataset
from portico.errors import UnknownNameError
from portico.lake import queries, reading
from portico.lake.model import Decided, Derivation, Examination, Hold, Publication, Receipt, Version
from portico.messages import Message, did_you_mean
from portico.translation import Translator, catalogue
from portico.web import cells
from portico.web.portal import Portal

_NOTHING: Mapping[str, Any] = {}
PUBLICATIONS = 50


@dataclass(frozen=True, slots=True)
class Shelved:
    """A dataset in the list: the version it stands at, where one is published, and whether one waits for an officer."""

    about: Dataset
    version: Version | None
    publication: Publication | None
    reject_count: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset and one of its versions; no version where none was ever published."""

    about: Dataset
    version: Version | None
    log: tuple[reading.Entry, ...]
    examination: Examination | None
    receipt: Receipt | None
    held: tuple[Hold, ...]
    decided: Hold | None
    derivation: Derivation | None = None
    compared: Version | None = None

    @property
    def publication(self) -> Publication | None:
        """The newest publication of the version shown."""
        found = (one.publication for one in self.log if self.version and one.publication.version == self.version.id)
        return next(found, None)

    @property
    def is_head(self) -> bool:
        """Whether the version shown is the one the dataset stands at."""
        return bool(self.log and self.publication == self.log[0].publication)

    @property
    def previous(self) -> Version | None:
        """The version it is compared with: the one asked for, else the one before, where that can be shown."""
        if self.compared is not None:
            return self.compared
        older = iter(self.log)
        for entry in older:
            if entry.publication == self.publication:
                before = next(older, None)
                return before.version if before else None
        return None

    @property
    def report(self) -> Mapping[str, Any]:
        """What was found when the version was made; empty for one that was not made from a file."""
        return self.examination.report if self.examination else _NOTHING

    @property
    def address(self) -> str:
        """The name under which exactly this version is found again."""
        return f"{self.about.id}@{self.version.short}" if self.version else self.about.id

    @property
    def hides_raw_text(self) -> bool:
        """Whether texts of the original file may hold what was masked or dropped from the version."""
        return self.decided is not None and self.decided.decision in (Decided.MASKED, Decided.DROPPED)


def shelf(portal: Portal) -> tuple[Shelved, ...]:
    """Return the datasets that have a version or wait for one."""
    return portal.kept("shelf", lambda: _shelf(portal))


def _shelf(portal: Portal) -> tuple[Shelved, ...]:
    heads = portal.territory.versions
    kept_back = [one for one in reading.every_hold(portal.lake) if one.decision is not Decided.RELEASED]
    waiting = {one.dataset for one in kept_back if one.decision is Decided.OPEN}
    hidden = {(one.dataset, one.version) for one in kept_back}
    found = []
    for about in every_dataset(portal.city.database):
        head = heads.get(about.id)
        if head and (about.id, head.id) not in hidden:
            examined = reading.examination(portal.lake, head)
            publication = reading.head_of(portal.lake, about.id)
            rejects = examined.reject_count if examined else 0
            found.append(Shelved(about, head, publication, rejects, about.id in waiting))
        elif about.id in {one.dataset for one in kept_back}:
            found.append(Shelved(about, None, None, 0, about.id in waiting))
    return tuple(found)


def described(portal: Portal, name: str, wanted: str = "") -> Described:
    """Return the dataset ``name`` ("DATASET", "DATASET@VERSION") at its head or at the version ``wanted``.

    Raises UnknownNameError for a dataset or version nobody knows, and for a version that is held.
    """
    identifier, _, named = name.partition("@")
    known = {one.about.id: one for one in shelf(portal)}
    if identifier not in known:
        raise UnknownNameError("dataset-unknown", name=identifier, advice=did_you_mean(identifier, known))
    asked = wanted or named
    return portal.kept(("described", identifier, asked), lambda: _described(portal, identifier, asked))


def _described(portal: Portal, identifier: str, asked: str) -> Described:
    lake = portal.lake
    about = catalogued(portal.city.database, identifier)
    about = replace(about, source_url=cells.address(about.source_url))
    held = reading.held(lake, identifier)
    if not asked and next(one for one in shelf(portal) if one.about.id == identifier).version is None:
        return Described(about, None, (), None, None, held, None)
    version = reading.version(lake, f"{identifier}@{asked}" if asked else identifier)
    examined = reading.examination(lake, version)
    return Described(
        about,
        version,
        reading.publications(lake, identifier, PUBLICATIONS),
        examined,
        reading.receipt(lake, examined) if examined else None,
        held,
        reading.decision_on(lake, version),
        queries.derivation(lake, version),
    )


def shown_version(portal: Portal, name: str, wanted: str = "") -> tuple[Described, Version]:
    """Return a dataset and its version; raise UnknownNameError where it has none that may be read."""
    found = described(portal, name, wanted)
    if found.version is None:
        raise UnknownNameError("dataset-held", dataset=found.about.id)
    return found, found.version


def has_words(say: Translator, identifier: str) -> bool:
    """Say whether the catalogue knows a message: an id out of a file is never taken for a text."""
    texts = catalogue(say.language)
    return identifier in texts or f"{identifier}[other]" in texts


def sentence(kind: str, values: Mapping[str, object], say: Translator) -> str:
    """Return the sentence of a message whose id comes from stored data; the id alone where there are no words."""
    return say(Message(kind, values)) if has_words(say, kind) else kind.replace("-", " ")


def kinds(hold: Hold, say: Translator) -> list[dict[str, Any]]:
    """Return the kinds of personal data in a held version and how many values: never a value, nor a column's name.

    In a file without a header the name of a column may be a value.
    """
    counts: dict[str, int] = {}
    for reason in hold.reasons:
        kind = str(reason.get("kind", ""))
        counts[kind] = counts.get(kind, 0) + int(reason.get("count") or 0)
    return [
        {"kind": kind, "words": say.word("personal-kind", kind), "count": count}
        for kind, count in sorted(counts.items())
    ]


def original(found: Receipt | None) -> dict[str, Any] | None:
    """Return how the bytes came: from where on the network, never where they lay on a machine."""
    if found is None:
        return None
    return {
        "name": cells.file_name(found.name),
        "sha256": found.sha256,
        "bytes": found.size,
        "received_at": found.received_at,
        "address": cells.address(found.origin),
    }
