"""What a build does: one step for each dataset, and warnings on the way."""

from __future__ import annotations

from dataclasses import dataclass

from portico.lake.model import Publication, Version
from portico.messages import Finding


@dataclass(frozen=True, slots=True)
class Step:
    """One dataset brought to its version. A version held because of personal data has no publication."""

    dataset: str
    version: Version
    publication: Publication | None
    is_new: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, and the warnings it found on the way."""

    steps: tuple[Step, ...]
    warnings: tuple[Finding, ...]

    @property
    def new(self) -> int:
        """How many datasets got a new version."""
        return sum(step.is_new for step in self.steps)
