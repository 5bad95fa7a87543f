"""What is asked of the cells of a territory: which measure, how one travels, of what, and where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portico.catalogue.model import Dataset
from portico.errors import UsageError
from portico.figures import Evidence
from portico.indicators.access import reach
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.costs import Costs
from portico.indicators.access.decay import Decay
from portico.indicators.access.nearest import nearest
from portico.indicators.access.ranged import Measure
from portico.indicators.access.scores import Scores
from portico.lake.batch import slug
from portico.messages import Message, Text
from portico.territory.cells import RESOLUTION
from portico.territory.model import Mode
from portico.territory.travel.model import Direction
from portico.translation import LANGUAGES, Translator

MINUTES = 45.0
_LONGEST = 100
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Kind(StrEnum):
    """What is measured of each cell."""

    CUMULATIVE = "cumulative"
    GRAVITY = "gravity"
    CATCHMENT = "catchment"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A measure for every cell.

    ``of`` names the version of what there is to reach (DATASET or DATASET@VERSION), empty for the cells themselves;
    ``amount`` the column of how much, each row counting as one without; ``empty_at_most`` bounds an empty amount.
    ``area`` names the territory, DATASET[@VERSION][/ROW], empty for the extent of the city. ``decay`` is said as
    ``decay_text``. ``name`` is that of the dataset it becomes, put together from the rest where it is empty.
    """

    kind: Kind
    mode: Mode = Mode.WALK
    direction: Direction = Direction.OUTBOUND
    resolution: int = RESOLUTION
    within_minutes: float = MINUTES
    decay: Decay | None = None
    decay_text: str = ""
    k: float = 1.0
    of: str = ""
    amount: str = ""
    empty_at_most: float | None = None
    area: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be asked together."""
        if self.kind is Kind.NEAREST and not self.of:
            raise UsageError("cells-nearest-of-nothing")
        if self.amount and not self.of:
            raise UsageError("cells-amount-of-nothing", column=self.amount)
        if self.kind is Kind.GRAVITY and self.decay is None:
            raise ValueError("gravity needs a decay")
        if self.name and (not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST):
            raise UsageError("cells-name-unfit", name=self.name, proposed=slug(self.name)[:_LONGEST].strip("-"))

    @property
    def towards(self) -> Direction:
        """Which way one travels, seen from a cell: people come to it for a labour catchment."""
        return Direction.INBOUND if self.kind is Kind.CATCHMENT else self.direction

    @property
    def dataset(self) -> str:
        """The id of the dataset that it becomes; what is as usual is not named."""
        if self.name:
            return self.name
        parts = ["cells", self.kind.value, self.mode.value, self._how, self.of.partition("@")[0], self.amount]
        if self.kind is not Kind.CATCHMENT and self.direction is Direction.INBOUND:
            parts.append(self.direction.value)
        if self.area:
            parts.append(f"in-{re.sub('@[^/]*', '', self.area)}")
        if self.resolution != RESOLUTION:
            parts.append(f"r{self.resolution}")
        name = "-".join(slug(part) for part in parts if part)
        if len(name) <= _LONGEST:
            return name
        # What is cut off must not make two layers one.
        return f"{name[: _LONGEST - 9].strip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    @property
    def _how(self) -> str:
        if self.kind is Kind.GRAVITY:
            return self.decay_text
        if self.kind is Kind.NEAREST:
            return "" if self.k == 1 else f"k{self.k:g}"
        return f"{self.within_minutes:g}"

    @property
    def limit_minutes(self) -> float:
        """The minutes beyond which nothing counts; infinite where there is no such limit."""
        if self.kind is Kind.NEAREST:
            return float("inf")
        return self.decay.reach_minutes if self.decay is not None else self.within_minutes

    def measure(self, amounts: Amounts) -> Measure:
        """Return the measure, to be taken of costs between cells and what holds ``amounts``."""

        def taken(costs: Costs) -> Scores:
            match self.kind:
                case Kind.CUMULATIVE:
                    return reach.cumulative(costs, amounts, self.within_minutes)
                case Kind.GRAVITY if self.decay is not None:
                    return reach.gravity(costs, amounts, self.decay)
                case Kind.CATCHMENT:
                    [found] = reach.labour_catchment(costs, {self.amount or "all": amounts}, [self.within_minutes])
                    return found.scores
                case _:
                    return nearest(costs, amounts, self.k).to_kth

        return taken

    def title(self, of: Text | Message) -> Text:
        """Return what the layer is called in every language."""
        what = Message("cells-of-amount", {"of": of, "column": self.amount}) if self.amount else of
        values = {"of": what, "mode": Message(f"mode.{self.mode.value}"), "minutes": self.within_minutes, "k": self.k}
        kind = "nearest-k" if self.kind is Kind.NEAREST and self.k != 1 else self.kind.value
        return said(Message(f"cells-title.{kind}.{self.towards.value}", values))


def said(message: Message) -> Text:
    """Return a sentence in every language, as it stands in the catalogue of datasets."""
    return Text({language: Translator(language)(message) for language in LANGUAGES})


def licences(evidence: Sequence[Evidence]) -> str:
    """Return the licences of all that something rests on, each once."""
    return "; ".join(dict.fromkeys(one.licence for one in evidence if one.licence))


def attributions(evidence: Sequence[Evidence], known: Sequence[Dataset]) -> str:
    """Return whom to name for all that something rests on: as their datasets say, else their publishers."""
    by_id = {one.id: one for one in known}
    named = [by_id[one.dataset] for one in evidence if one.dataset in by_id]
    found: dict[str, str] = {}
    for one in named:
        name = one.attribution or one.publisher
        bare = name.removeprefix("© ")  # the same body with and without its sign is one
        found[bare] = max(found.get(bare, ""), name, key=len)
    return "; ".join(name for name in found.values() if name)
