"""The nouns of a rule pack and of a plan. Frozen; nothing here decides or reads a file.

A **pack** is what a city (or a country, or a region) states of its procedures, each row with law, source and
confidence. **Answers** are what is known of a project and its site; what is not known is left out and makes procedures
*perhaps* needed, never *not* needed. A **plan** is what the pack says of these answers on the day of filing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portico.figures import Evidence
from portico.messages import Text

Value = bool | float | str
"""An answer: yes or no, a number, or one of the words of its attribute."""


class Confidence(StrEnum):
    """How far a row may be trusted: its text was read / read in a guide or the press / general knowledge."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    RECALLED = "recalled"


class AttributeKind(StrEnum):
    """What an answer may be."""

    YES_NO = "bool"
    NUMBER = "number"
    WORD = "enum"


class Group(StrEnum):
    """Who knows an attribute: the investor, the site register and the city's layers, events of the case, nobody."""

    PROFILE = "profile"
    SITE = "site"
    RUNTIME = "runtime"
    DERIVED = "derived"


class Nature(StrEnum):
    """Why a procedure is on the path."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    REMEDY = "remedy"
    MILESTONE = "milestone"


class Link(StrEnum):
    """How one procedure hangs on another: it starts when that one ends; it is filed with that one; it takes that one
    in; both may run at once.
    """  # noqa: D205 - one sentence

    AFTER = "finish-to-start"
    WITH = "forwarded-with"
    ABSORBS = "absorbs"
    BESIDE = "may-run-in-parallel"


class Days(StrEnum):
    """How a term is counted; none: no term was found, which is not the same as no time."""

    CALENDAR = "calendar"
    WORKING = "working"
    NONE = "none"


class Stop(StrEnum):
    """What a request for more papers does to the clock of a procedure."""

    NONE = "none"
    SUSPEND = "suspend"
    RESTART = "restart"
    EXTEND = "extend"


class Tacit(StrEnum):
    """What silence at the end of the term means; none: it decides nothing."""

    NONE = "none"
    ASSENT = "assent"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something a rule asks about: its kind, the words it may be, the question in both languages.

    A number lies between ``least`` and ``most`` (None: no bound) and may have to be ``whole``; ``measure`` is its
    unit and ``labels`` are its words, as people read them.
    """

    name: str
    kind: AttributeKind
    group: Group
    question: Text
    unit: str = ""
    words: tuple[str, ...] = ()
    default: Value | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False
    measure: Text = field(default_factory=Text)
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a procedure that holds for filings from ``valid_from`` to ``valid_to`` (both days included).

    ``least`` and ``most`` are statutory days in the lighter and the heavier variant, counted as ``days`` says; None:
    not found. A request for papers does ``stop``, for at most ``stop_days`` (None: not limited or not found).
    """

    least: int | None
    most: int | None
    days: Days
    stop: Stop
    stop_days: int | None
    tacit: Tacit
    valid_from: date | None
    valid_to: date | None
    basis: str
    confidence: Confidence
    note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure of the pack; ``terms`` hold for different days of filing, the earliest first."""

    id: str
    phase: str
    title: Text
    regime: str
    authority: str
    starts: Text
    stops: Text
    life: Text
    cost: Text
    basis: str
    valid_from: date | None
    valid_to: date | None
    sources: tuple[str, ...]
    confidence: Confidence
    note: Text
    terms: tuple[Term, ...]

    def term_on(self, filed: date) -> Term | None:
        """Return the term in force on the day of filing; None where none is valid."""
        for term in self.terms:
            if (term.valid_from is None or term.valid_from <= filed) and (
                term.valid_to is None or filed <= term.valid_to
            ):
                return term
        return None


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a procedure is on the path: a condition in the small language of packs (``language``)."""

    procedure: str
    nature: Nature
    stage: int
    condition: str
    basis: str
    note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Dependency:
    """How ``procedure`` hangs on ``other``.

    With ``lag`` it need not wait for the end of ``other``: it starts between the least and the most of these days
    (calendar days) after that was filed.
    """

    procedure: str
    other: str
    link: Link
    basis: str
    lag: tuple[int, int] | None = None
    why: Text = field(default_factory=Text, compare=False)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a procedure asks for."""

    procedure: str
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Incentive:
    """An aid scheme: to whom it is open, as a condition, from when to when, and what else there is to know."""

    id: str
    title: Text
    condition: str
    who: Text
    size: Text
    intensity: Text
    basis: str
    manager: Text
    status: Text
    is_open: bool | None
    year: str
    source: str
    confidence: Confidence
    note: Text
    reason: Text = field(default_factory=Text)
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of the law that decides the class of an attribute; shown beside its question."""

    attribute: str
    value: Text
    what: Text
    operator: str
    threshold: str
    unit: Text
    basis: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows were read."""

    id: str
    what: Text
    url: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that cannot all be true: where ``condition`` holds, ``text`` says what to correct."""

    condition: str
    text: Text


@dataclass(frozen=True, slots=True)
class Statement:
    """What a fact about a site answers: where the register says ``value``, the attribute is one of ``answers``.

    It counts where ``condition`` holds for what is answered besides; empty: always.
    """

    stated: str
    basis: str
    value: str
    attribute: str
    answers: tuple[Value, ...]
    condition: str
    note: Text


@dataclass(frozen=True, slots=True)
class LayerRule:
    """What a dataset answers of a site: inside one of its areas the answer is ``inside``, elsewhere ``outside``.

    ``column`` and ``value`` choose areas; empty: all of them. None: it says nothing there.
    """

    dataset: str
    column: str
    value: str
    attribute: str
    inside: Value | None
    outside: Value | None
    note: Text


@dataclass(frozen=True, slots=True)
class PackNotes:
    """What a pack says of itself (``pack.toml``): its day, after how many months it is too old, its doubts.

    ``settled`` are answers that hold for every project it covers, so that nobody is asked.
    """

    id: str
    title: Text
    as_of: date
    limit_months: int
    licence: str
    disclaimer: Text
    assents: tuple[str, ...]
    assent_phases: tuple[str, ...]
    single_titles: tuple[str, ...]
    sensitive_authorities: tuple[str, ...] = ()
    works_months: tuple[float, float] | None = None
    notices: tuple[str, ...] = ()
    doubts: tuple[Text, ...] = ()
    settled: Mapping[str, bool | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack, read and found sound."""

    notes: PackNotes
    attributes: Mapping[str, Attribute]
    procedures: Mapping[str, Procedure]
    triggers: tuple[Trigger, ...]
    dependencies: tuple[Dependency, ...]
    papers: tuple[Paper, ...]
    incentives: tuple[Incentive, ...]
    thresholds: tuple[Threshold, ...]
    sources: Mapping[str, Source]
    digest: str = ""
    contradictions: tuple[Contradiction, ...] = ()
    statements: tuple[Statement, ...] = ()
    layers: tuple[LayerRule, ...] = ()
    words: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def word(self, of: str, word: str) -> Text:
        """Return a word of the pack (of an attribute, or of authority, phase, regime) as people read it."""
        return self.words.get(of, {}).get(word) or Text({"": word})


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a project and its site: by attribute, with who said so (investor, register, layer, default).

    ``among`` holds what is known in part: the answers that are still possible. ``evidence`` says what an answer rests
    on, where it was not the investor who gave it.
    """

    values: Mapping[str, Value]
    said_by: Mapping[str, str] = field(default_factory=dict)
    among: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


class Need(StrEnum):
    """Whether a procedure is on the path: surely, by what is not known yet, or not."""

    NEEDED = "needed"
    PERHAPS = "perhaps"
    NOT_NEEDED = "not_needed"
