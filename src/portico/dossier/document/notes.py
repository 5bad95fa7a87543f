"""Footnotes: where every figure comes from, told once and called as often as it is needed.

Notes are numbered in the order in which a dossier is composed, which is that of its pages. A long source that was told
before is named by the number of that note; dataset, version and row stand in every one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from portico.dates import PartialDate
from portico.dossier.document.blocks import Piece, Pieces
from portico.figures import Evidence, Figure, Statement, Status
from portico.messages import Message
from portico.translation import Translator

_SHORT_SOURCE = 40
_ID_SHOWN = 12


class Notes:
    """The notes of one dossier, in the language of ``say``."""

    def __init__(self, say: Translator, most_pieces: int = 100) -> None:
        """Begin without any. A note tells ``most_pieces`` of evidence and how many more the workbook has."""
        self._say = say
        self._most = most_pieces
        self._numbers: dict[object, int] = {}
        self._sources: dict[str, int] = {}
        self.texts: list[Pieces] = []
        self.evidence: dict[str, Evidence] = {}

    def of(self, found: Figure | Statement) -> Pieces:
        """Return the call of the note of a figure or of words, nothing where they rest on nothing."""
        if not found.evidence:
            return []
        return self.on(found.evidence, found.status, found.as_of)

    def on(
        self, evidence: Sequence[Evidence], status: Status | None = None, as_of: PartialDate | None = None
    ) -> Pieces:
        """Return the call of a note on ``evidence``, with the status and the date of what rests on it."""
        for piece in evidence:
            self.evidence.setdefault(repr(piece), piece)
        key = (status, as_of, tuple(map(repr, evidence)))
        first = key not in self._numbers
        if first:
            number = len(self.texts)
            self._numbers[key] = number
            self.texts.append([])
            self.texts[number] = list(self._told(evidence, status, as_of, number + 1))
        return [{"note": self._numbers[key], "first": first}]

    def _told(
        self, evidence: Sequence[Evidence], status: Status | None, as_of: PartialDate | None, number: int
    ) -> Iterator[Piece]:
        if status is not None and status is not Status.MISSING:
            dated = self._say.day(as_of)
            state = self._say(f"figure-status.{status.value}")
            yield f"{state[:1].upper()}{state[1:]}, {dated}: "
        elif status is None and as_of is not None:
            yield f"{self._say.day(as_of)}: "
        parts = [self._piece(one, number) for one in evidence[: self._most]]
        if len(evidence) > self._most:
            parts.append(self._say(Message("dossier.more-evidence", {"count": len(evidence) - self._most})))
        yield "; ".join(parts) + "."

    def _piece(self, one: Evidence, number: int) -> str:
        return ", ".join(part for part in self._parts(one, number) if part)

    def _parts(self, one: Evidence, number: int) -> Iterator[str]:
        if one.method:
            yield self._say.word("method", one.method)
        if one.dataset:
            named = f"{one.dataset}@{one.version[:_ID_SHOWN]}" if one.version else one.dataset
            yield self._say(Message("dossier.row-of", {"dataset": named, "row": one.row})) if one.row else named
        yield self._source(one.source, number)
        if one.checked:
            yield self._say(Message("dossier.checked", {"day": PartialDate.parse(one.checked)}))
        if one.confidence:
            yield self._say.word("confidence", one.confidence)
        yield one.licence

    def _source(self, source: str, number: int) -> str:
        """Return a source, or the note that told it where it is long."""
        if len(source) <= _SHORT_SOURCE:
            return source
        told = self._sources.setdefault(source, number)
        return source if told == number else self._say(Message("dossier.as-in-note", {"number": told}))


def versions(evidence: Iterable[Evidence]) -> dict[tuple[str, str], int]:
    """Return dataset and version of each piece that names them, with how many of its rows were used."""
    rows: dict[tuple[str, str], set[str]] = {}
    for one in evidence:
        if one.dataset and one.version:
            rows.setdefault((one.dataset, one.version), set()).add(one.row)
    return {key: len(found - {""}) for key, found in sorted(rows.items())}
