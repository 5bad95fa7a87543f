"""A dataset and its distribution, as in DCAT. The catalogue knows datasets, not versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portico.messages import Text


class DatasetKind(StrEnum):
    """Whether rows are kept by hand in the city folder, came as a file, or were worked out from other datasets."""

    FACTS = "facts"
    FILE = "file"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A collection of data published by one body under one licence."""

    id: str
    kind: DatasetKind
    title: Text
    publisher: str
    licence: str
    description: Text = field(default_factory=Text)
    attribution: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A form in which a dataset comes: its media type and the place in the city folder it is read from."""

    id: str
    dataset: str
    media_type: str
    origin: str
