"""The nouns of a match: the brief, its musts and wants, and what became of each on each site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portico.city.model import Partner
from portico.city.register import Site
from portico.figures import Figure, Statement
from portico.match.methods.stated import Direction, OrderAs, Weight, weights_of
from portico.match.methods.weights import Weights
from portico.messages import Message, Text
from portico.territory.model import Mode
from portico.territory.queries import Near

_LIMIT = {"minimum": 0.0, "maximum": 1e12}


class Activity(StrEnum):
    """What the investor will run."""

    PLANT = "plant"
    LABORATORY = "laboratory"
    OFFICE = "office"
    DATA_CENTRE = "data-centre"
    LOGISTICS = "logistics"
    FOOD = "food"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a must and a want have in common: a criterion and its parameters.

    ``nth``: to the first, second, … nearest. ``quantity``: which amounts of places count (``students``). ``inbound``:
    towards the site, not away from it. ``half_minutes``: after so many minutes an opportunity counts half.
    ``divisions``: of places, or the industry that is asked about, as in NACE (``29``, ``29.1``). ``by``: on what day.
    ``project``: one of the city's, by its name.
    """

    criterion: str
    basis: str = ""
    mode: Mode | None = None
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    within_minutes: float | None = field(default=None, metadata={"minimum": 0.0, "maximum": 1440.0})
    nth: int = field(default=1, metadata={"minimum": 1, "maximum": 1000})
    quantity: str = ""
    inbound: bool = False
    half_minutes: float | None = field(default=None, metadata={"minimum": 0.1, "maximum": 1440.0})
    by: date | None = None
    project: str = ""
    label: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Must(Asked):
    """A requirement: ``at_least`` or ``at_most`` in ``unit``, or words of which one must, none may be stated."""

    at_least: float | None = field(default=None, metadata={})
    at_most: float | None = field(default=None, metadata={})
    unit: str = ""
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Want(Asked):
    """A wish: its weight, and the scale from what is measured to a value between 0 and 1.

    ``weight`` is exact or a range, or nothing is said; ``order`` its place in an order, 1 counts most. ``scale`` holds
    points ``[x, value]`` joined by straight lines and level beyond its ends; else ``range`` has the ends, with the
    ``direction`` or the ``ideal`` between them; where none is stated the criterion's own scale holds (see
    ``wants.scale_of``). ``values`` holds the value of each word.
    """

    weight: Weight = field(default=None, metadata={"minimum": 0.0, "maximum": 1e6})
    order: float | None = None
    scale: tuple[tuple[float, float], ...] = ()
    direction: Direction | None = None
    range: tuple[float, float] | None = field(default=None, metadata={})
    ideal: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def has_scale(self) -> bool:
        """Whether it states anything of a scale for numbers."""
        return bool(self.scale) or any(one is not None for one in (self.direction, self.range, self.ideal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An investor's need. ``total`` is the whole of which its weights are parts, ``source`` where it comes from, where
    that is said.
    """  # noqa: D205 - one sentence

    id: str = ""
    title: Text
    summary: Text = field(default_factory=Text)
    activity: Activity
    sector: str
    source: Text = field(default_factory=Text)
    ateco: tuple[str, ...] = ()
    total: float | None = field(default=None, metadata={"minimum": 1e-9, "maximum": 1e9})
    order_as: OrderAs = OrderAs.CONSTRAINT
    musts: tuple[Must, ...] = ()
    wants: tuple[Want, ...] = ()

    def weights(self) -> Weights:
        """Return the weights that are allowed, as shares in the order of the wants.

        Raises InputError where none are, and where nothing is wanted.
        """
        return weights_of(self.wants, self.total, self.order_as)

    def shares(self) -> tuple[float, ...]:
        """Return the share of each want in the middle of the weights that are allowed; nothing where none is wanted."""
        return tuple(float(one) for one in self.weights().middle()) if self.wants else ()


class Outcome(StrEnum):
    """What became of a must. Stale: it would pass, but on data older than the city's limit."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a criterion found on a site: a number or words, and the places that count."""

    found: Figure | Statement
    places: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A must on a site: its outcome, what it was decided on, the reason, and by how much a number fell short."""

    must: Must
    outcome: Outcome
    measured: Measured
    reason: Message
    short_by: Figure | None = None
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """A want on a site: what was found, its value as an interval, its share of all weight, and that in words."""

    want: Want
    measured: Measured
    low: float
    high: float
    share: float
    is_stale: bool
    words: Message

    @property
    def is_known(self) -> bool:
        """Whether anything was found."""
        return self.measured.found.is_known


@dataclass(frozen=True, slots=True)
class Question:
    """What to find out next, whom to ask, and by when that body answers."""

    about: str
    words: Message
    ask: Partner
    by: date
    decides: bool


@dataclass(frozen=True, slots=True)
class Answerer:
    """The body that answers for a site, and by when."""

    partner: Partner
    by: date


class Group(StrEnum):
    """Every must passed on fresh data / none failed, some unknown or stale / some failed."""

    QUALIFIED = "qualified"
    TO_VERIFY = "to_verify"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Rank:
    """The best and the worst place a site can take in its group; ``band`` joins sites whose scores overlap."""

    low: int
    high: int
    band: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A site in the answer to a brief."""

    site: Site
    group: Group
    score_low: float
    score_high: float
    contributions: tuple[Contribution, ...]
    musts: tuple[Decided, ...]
    questions: tuple[Question, ...]
    who_answers: Answerer
    rank: Rank | None = None

    @property
    def score_mid(self) -> float:
        """The midpoint of the score, by which entries are ordered."""
        return (self.score_low + self.score_high) / 2

    @property
    def is_rankable(self) -> bool:
        """Whether at least one want is known."""
        return any(one.is_known for one in self.contributions)

    @property
    def failed(self) -> tuple[Decided, ...]:
        """The musts it failed."""
        return tuple(one for one in self.musts if one.outcome is Outcome.FAIL)

    @property
    def is_near_miss(self) -> bool:
        """Whether one must alone failed, and by little."""
        return len(self.failed) == 1 and self.failed[0].is_near


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What giving way on one must would free: ``to`` the new limit (nothing: the must dropped), ``frees`` sites.

    Where no must alone frees any, ``also`` are those on which to give way too, each with its new limit.
    """

    must: Must
    to: Figure | None
    frees: tuple[str, ...]
    also: tuple[tuple[Must, Figure | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The answer to a brief on a day."""

    brief: Brief
    as_of: date
    qualified: tuple[Entry, ...]
    to_verify: tuple[Entry, ...]
    excluded: tuple[Entry, ...]
    relaxations: tuple[Relaxation, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every site, qualified first."""
        return (*self.qualified, *self.to_verify, *self.excluded)
