"""What domain code says: the id of a message and its values. Doors and dossiers translate it (see ``translation``)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portico.errors import PorticoError

_ALIKE = 0.6
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet put into a language.

    >>> Message("area-short", {"by": 0.6}).id
    'area-short'
    """

    id: str
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, error: PorticoError) -> Message:
        """Return what ``error`` has to say."""
        return cls(error.message_id, error.values)


class Text(dict[str, str]):
    """One name or sentence in several languages, keyed by language code; written in the data, not in our catalogues.

    >>> Text(it="Stazione", en="Station").pick("en")
    'Station'
    >>> Text(it="Stazione").pick("en")
    'Stazione'
    """

    def pick(self, language: str) -> str:
        """Return the text in ``language``, else in the first language it was written in, else nothing."""
        return self.get(language) or next((text for text in self.values() if text), "")


class Severity(StrEnum):
    """How much a finding matters: an error stops a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was found: a file, and in it a row (1 is the header or first line) and a column or key."""

    file: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault as data: what, where, the raw value, what to do (the message says both what and what to do)."""

    message: Message
    place: Place
    value: str = ""
    severity: Severity = Severity.ERROR

    @property
    def kind(self) -> str:
        """The stable name of the fault, the same as its message id."""
        return self.message.id


def has_controls(text: str) -> bool:
    r"""Say whether ``text`` holds characters that steer a terminal or turn the direction of writing.

    >>> has_controls("Mill\x1b[31m"), has_controls("Mill\nRoad")
    (True, False)
    """
    return _CONTROLS.search(text) is not None


def did_you_mean(name: str, known: Iterable[str]) -> Message:
    """Return advice on an unknown ``name``: the nearest known one, else the list of them.

    >>> did_you_mean("languges", ["languages", "crs"]).values["suggestion"]
    'languages'
    """
    names = sorted(known)
    near = max(names, key=lambda one: _likeness(name.lower(), one.lower()), default="")
    if near and _likeness(name.lower(), near.lower()) >= _ALIKE:
        return Message("did-you-mean", {"suggestion": near})
    return Message("known-names", {"names": ", ".join(names[:20]) + (", …" if len(names) > 20 else "") or "–"})  # noqa: PLR2004


def _likeness(name: str, known: str) -> float:
    """Return how alike two names are, 0 to 1; the beginning of a long name counts as the name."""
    whole = difflib.SequenceMatcher(None, name, known).ratio()
    begun = len(name) > 3 and name[0] == known[:1]  # noqa: PLR2004
    beginning = difflib.SequenceMatcher(None, name, known[: len(name) + 1]).ratio() if begun else 0.0
    return max(whole, beginning * 0.95)
