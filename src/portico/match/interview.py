"""The questions whose answers make a brief, one after the other; who asks them, and where, is not decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico.match.asking import QUESTIONS
from portico.match.briefs import interpret
from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion
from portico.match.faults import MOST
from portico.match.form import RANGE, Fields, filled
from portico.match.labels import label
from portico.match.model import Activity, Brief
from portico.match.names import Names
from portico.messages import Message
from portico.settings import Document
from portico.territory.model import Mode

NOTHING = "-"
"""What one answers to take a proposal away."""
_CHOICES = {"mode": tuple(one.value for one in Mode)}
HOW = "weights-as"
"""The question how weights are stated; it fills no field of a brief."""
WAYS = ("weights", "order")
_SHOWN = ("at_least", "at_most", "any_of", "none_of")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question: the field it fills, its words, what is proposed, and ``choices`` where only these words fit, and
    the ``vocabulary`` whose words they are.
    """  # noqa: D205 - one sentence

    field: str
    words: Message
    proposed: str = ""
    choices: tuple[str, ...] = ()
    vocabulary: str = ""


Ask = Callable[[Asking], str | None]
Tell = Callable[[Message], None]


class Interview:
    """Asks by ``ask``, which gives nothing where nobody answers any more; tells faults by ``tell``.

    ``start`` are the fields to begin with, ``settled`` those that are not asked about. Every answer is checked at once,
    and asked for again where it is none.
    """

    def __init__(self, start: Fields, ask: Ask, tell: Tell, known: Names | None = None) -> None:
        """Begin with the fields ``start``; ``known``: what the city has a name for."""
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in start.items()}
        self._ask, self._tell, self._known = ask, tell, known

    def run(self, language: str, settled: frozenset[str] = frozenset()) -> Mapping[str, list[str]]:
        """Ask everything that is not ``settled`` and return the fields; titles are in ``language``."""
        for one in self._questions(language):
            if one.field not in settled and not self._answered(one):
                self.fields.pop(HOW, None)
                return self.fields
        self._more_wants()
        self._weights()
        return self.fields

    def _questions(self, language: str) -> Iterator[Asking]:
        yield self._asking(f"title-{language}", Message("ask.title"))
        yield self._asking("activity", Message("ask.activity"), tuple(one.value for one in Activity), "activity")
        yield self._asking("sector", Message("ask.sector"))
        yield self._asking("ateco", Message("ask.ateco"))
        for one in QUESTIONS:
            yield self._asking(one.field, Message(f"ask.{one.id}"), one.known.words, one.criterion)
            if one.basis and self.fields.get(one.field):
                self.fields.setdefault(f"{one.field}-basis", [one.basis])
                yield self._asking(f"{one.field}-basis", Message(f"ask.{one.id}.basis"), one.known.bases, "basis")
        yield from self._rows()

    def _rows(self) -> Iterator[Asking]:
        """Yield a question for each further must and each want there is."""
        brief = brief_of(self.fields)
        answered = sum(bool(self.fields.get(one.field)) for one in QUESTIONS)
        for row, must in enumerate(brief.musts[answered:] if brief else ()):
            known = criterion(must.criterion)
            key = next((name for name in _SHOWN if f"m{row}-{name}" in self.fields), "")
            if known and key:
                words = Message(f"ask.must.{key}", {"label": label(must, known)})
                yield self._asking(f"m{row}-{key}", words, known.words, known.id)
        if brief and brief.wants:
            yield from self._stated_how(brief)
        yield from self._asked_weights()

    def _stated_how(self, brief: Brief) -> Iterator[Asking]:
        """Yield the question whether weights are numbers or an order, and turn those there are into the answer."""
        before = WAYS[any(want.order is not None for want in brief.wants)]
        self.fields[HOW] = [before]
        yield self._asking(HOW, Message("ask.weights-as"), WAYS, HOW)
        while (after := (self.fields.pop(HOW, None) or [before])[0]) not in WAYS:
            self._tell(Message("interview-choices", {"words": WAYS}))
            self.fields[HOW] = [before]
            yield self._asking(HOW, Message("ask.weights-as"), WAYS, HOW)
        if after != before:
            restated(self.fields, brief.shares(), as_order=after == WAYS[True])

    def _asked_weights(self) -> Iterator[Asking]:
        brief = brief_of(self.fields)
        rows = [row for row in range(MOST) if self.fields.get(f"w{row}-criterion")]
        for row, want in zip(rows, brief.wants if brief else (), strict=False):
            known, key = criterion(want.criterion), "order" if f"w{row}-order" in self.fields else "weight"
            if known:
                yield self._asking(f"w{row}-{key}", Message(f"ask.want.{key}", {"label": label(want, known)}))

    def _asking(self, field: str, words: Message, choices: tuple[str, ...] = (), vocabulary: str = "") -> Asking:
        return Asking(field, words, ", ".join(self.fields.get(field, ())), choices, vocabulary)

    def _answered(self, asking: Asking) -> bool:
        """Ask until the answer is one; return whether there was any."""
        while True:
            text = self._ask(asking)
            if text is None:
                return False
            before = self.fields.get(asking.field)
            if text.strip() == NOTHING:
                self._forget(asking.field)
                return True
            if text.strip():
                self.fields[asking.field] = [text.strip()]
                self._outdated(asking.field)
            faults = faults_at(self.fields, asking.field, self._known)
            if not faults:
                return True
            for one in faults:
                self._tell(one)
            self.fields[asking.field] = before or []

    def _outdated(self, field: str) -> None:
        """Take away what an answer makes untrue: the title in another language, where the weights come from."""
        gone = {"title": "title-", "weight": "source-", "order": "source-"}
        for part in (field.partition("-")[0], field.rpartition("-")[2]):
            for name in [
                name for name in self.fields if part in gone and name.startswith(gone[part]) and name != field
            ]:
                del self.fields[name]

    def _forget(self, field: str) -> None:
        """Take an answer away; of a further must or a want, the whole row."""
        row, dash, _ = field.partition("-")
        whole = row[:1] in ("m", "w") and row[1:].isdecimal() and bool(dash)
        for name in [name for name in self.fields if name == field or (whole and name.startswith(f"{row}-"))]:
            del self.fields[name]

    def _more_wants(self) -> None:
        for row in range(MOST):
            name = f"w{row}-criterion"
            if name in self.fields:
                continue
            if not self._answered(Asking(name, Message("ask.another-want"))) or not any(self.fields.get(name, ())):
                self.fields.pop(name, None)
                return
            known = criterion(self.fields[name][0])
            for key in _keys(known) if known else ():
                choices = _CHOICES.get(key, known.bases if known and key == "basis" else ())
                if not self._answered(self._asking(f"w{row}-{key}", Message(f"brief-key.{key}"), choices, key)):
                    return

    def _weights(self) -> None:
        """Ask for the whole where weights are ranges, and for all of them again while they cannot be put together."""
        if any(RANGE in text for name, texts in self.fields.items() if name.endswith("-weight") for text in texts):
            self.fields["total"] = self.fields.get("total") or ["100"]
        while faults := [one for name in ("wants", "total") for one in faults_at(self.fields, name, self._known)]:
            for one in faults:
                self._tell(one)
            for asking in (*self._asked_weights(), self._asking("total", Message("ask.total"))):
                if not self._answered(asking):
                    return


def restated(fields: dict[str, list[str]], shares: Sequence[float], *, as_order: bool) -> None:
    """State the weights of the wants in ``fields`` as places of an order by their ``shares``, or as parts of 100."""
    rows = [row for row in range(MOST) if fields.get(f"w{row}-criterion")]
    places = sorted({round(share, 9) for share in shares}, reverse=True)
    for row, share in zip(rows, shares, strict=True):
        fields.pop(f"w{row}-order", None)
        fields.pop(f"w{row}-weight", None)
        if as_order:
            fields[f"w{row}-order"] = [str(places.index(round(share, 9)) + 1)]
        else:
            fields[f"w{row}-weight"] = [f"{100 * share:.1f}".removesuffix(".0")]
    for name in ("total", "order_as", *[name for name in fields if name.startswith("source-")]):
        fields.pop(name, None)


def _keys(known: Criterion) -> tuple[str, ...]:
    return (*known.needs, *(key for key in ("kinds",) if key in known.takes), "weight")


def brief_of(fields: Fields) -> Brief | None:
    """Return the brief in ``fields``, sound or not, or nothing where there is none."""
    return interpret(Document("form", filled(fields).data, {}))[0]


def faults_at(fields: Fields, field: str, known: Names | None = None) -> list[Message]:
    """Return what is wrong at one field of a form."""
    made = filled(fields)
    return made.by_field(interpret(Document("form", made.data, {}), known)[1]).get(field, [])
