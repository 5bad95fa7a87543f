"""How the answer of ``access`` reaches people and programs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from portico.cli.show import table
from portico.figures import Figure, Scalar, together
from portico.indicators.access.files import Listed, Matrix
from portico.indicators.access.scores import Scores
from portico.messages import Message
from portico.translation import Translator

_SHOWN, _NAMED = 40, 3
_LABELS = ("amount", "within_minutes", "k")
_DIGITS = 4
_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class Run:
    """One measure of every place: what sets it apart from the others of an answer, and for the nearest the mean too."""

    labels: Mapping[str, str | float]
    scores: Scores
    mean: Scores | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured of the places of a matrix, from which lists."""

    measure: str
    matrix: Matrix
    lists: Sequence[Listed]
    runs: Sequence[Run]

    @property
    def direction(self) -> str:
        """Which way one travels."""
        return self.matrix.costs.direction.value

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the measure; of those that differ from run to run every value."""
        every: dict[str, list[Scalar]] = {}
        for run in self.runs:
            for name, value in run.scores.parameters.items():
                every.setdefault(name, []).append(value)
        kept = {name: list(dict.fromkeys(values)) for name, values in every.items() if name != "direction"}
        return {name: values[0] if len(values) == 1 else values for name, values in kept.items()}

    @property
    def unreached(self) -> list[str]:
        """The places that reach nothing at any cost, or for the nearest too few."""
        never = np.zeros(self.matrix.costs.places, dtype=bool)
        for run in self.runs:
            never |= (run.scores.reached == 0) | np.isnan(run.scores.low)
        return [self.matrix.from_ids[place] for place in np.flatnonzero(never)]

    @property
    def unknown(self) -> list[str]:
        """The places of which some amount is not known."""
        return list(dict.fromkeys(name for one in self.lists for name in one.unknown))

    @property
    def elsewhere(self) -> list[str]:
        """The places that are listed but are not in the matrix."""
        return list(dict.fromkeys(name for one in self.lists for name in one.elsewhere))

    @property
    def left_out(self) -> dict[str, int]:
        """How many rows of each file are no rows of its table."""
        every = {self.matrix.evidence.source: self.matrix.left_out}
        every |= {one.evidence.source: one.left_out for one in self.lists}
        return {name: count for name, count in every.items() if count}

    def figures(self) -> Iterator[tuple[str, Run, Figure, Figure | None]]:
        """Yield the figure of each place, and the mean of the nearest, run by run."""
        for run in self.runs:
            for place, name in enumerate(self.matrix.from_ids):
                mean = run.mean.figure(place) if run.mean else None
                yield name, run, run.scores.figure(place), mean

    def to_dict(self, say: Translator) -> dict[str, Any]:
        """Return the answer as plain data."""
        matrix = self.matrix
        methods = (run.scores.method for run in self.runs)
        evidence = together(methods, (matrix.evidence,), (one.evidence for one in self.lists))
        return {
            "measure": self.measure,
            "parameters": self.parameters,
            "direction": self.direction,
            "matrix": {
                "places": matrix.costs.places,
                "others": matrix.costs.others,
                "pairs": matrix.pairs,
                "unreached_pairs": matrix.unreached,
            },
            "results": [_plain(*one, say) for one in self.figures()],
            "unreached": self.unreached,
            "unknown": self.unknown,
            "not_in_matrix": self.elsewhere,
            "rows_left_out": self.left_out,
            "evidence": [one.to_dict() for one in evidence],
        }


def _plain(name: str, run: Run, figure: Figure, mean: Figure | None, say: Translator) -> dict[str, Any]:
    labels = {label: value or None for label, value in run.labels.items()}
    found: dict[str, Any] = {
        "id": name,
        **labels,
        **_bounds(figure),
        "unit": figure.unit,
        "status": figure.status.value,
    }
    if mean:
        found["mean"] = _bounds(mean)
    if figure.note:
        found["note"] = say(figure.note)
    return found


def _bounds(figure: Figure) -> dict[str, float | None]:
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def show(answer: Answer, say: Translator, console: Console) -> None:
    """Print an answer for people: what was measured and how, a table, what is not reached and what is not known."""
    for text in (say(f"access.{answer.measure}"), say(f"direction.{answer.direction}"), _parameters(answer, say), ""):
        console.print(text, markup=False)
    console.print(_table(answer, say))
    more = len(answer.runs) * answer.matrix.costs.places - _SHOWN
    if more > 0:
        console.print(say(Message("access-more", {"count": more})), markup=False)
    for remark in _remarks(answer):
        console.print(f"! {say(remark)}", markup=False)


def _parameters(answer: Answer, say: Translator) -> str:
    told = {name: value if isinstance(value, list) else [value] for name, value in answer.parameters.items()}
    return "; ".join(f"{name} {', '.join(_short(one, say) for one in values)}" for name, values in told.items())


def _table(answer: Answer, say: Translator) -> Table:
    labels = [name for name in _LABELS if len({run.labels.get(name) for run in answer.runs}) > 1]
    has_mean = any(run.mean for run in answer.runs)
    headers = [say("id"), *(say(f"access-label.{name}") for name in labels), say("access-value")]
    numbers = range(len(headers) - 1, len(headers) + has_mean)
    headers += [say("access-mean")] if has_mean else []
    rows = []
    for name, run, figure, mean in itertools.islice(answer.figures(), _SHOWN):
        told = [_short(run.labels[label], say) for label in labels]
        values = [_range(one, say) for one in (figure, mean) if one]
        rows.append([name, *told, *values, say.unit(figure.unit)])
    return table([*headers, say("unit")], rows, numbers=numbers)


def _range(figure: Figure, say: Translator) -> str:
    """Return the value of a figure, else its bounds as far as they are known."""
    if figure.value is not None:
        return _short(figure.value, say)
    if figure.low is None:
        return "–"
    if figure.high is None:
        return say(Message("figure-at-least", {"low": _short(figure.low, say)}))
    return f"{_short(figure.low, say)}–{_short(figure.high, say)}"


def _short(value: Scalar, say: Translator) -> str:
    """Return a value as people read it: numbers with some digits that count, however small they are."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not value or abs(value) >= _LARGE or float(value).is_integer():
        return say.number(value)
    return say.number(value, max(0, _DIGITS - 1 - math.floor(math.log10(abs(value)))))


def _remarks(answer: Answer) -> Iterator[Message]:
    """Yield what a reader must know of the answer: what is not reached, not known, not in the matrix, left out."""
    matrix = answer.matrix
    missing = matrix.costs.places * matrix.costs.others - matrix.pairs + matrix.unreached
    if missing:
        yield Message("access-pairs-unreached", {"count": missing})
    if answer.unreached:
        yield Message("access-places-unreached", _counted(answer.unreached))
    if answer.unknown:
        yield Message("access-places-unknown", _counted(answer.unknown))
    if answer.elsewhere:
        yield Message("access-places-elsewhere", _counted(answer.elsewhere))
    for file, count in answer.left_out.items():
        yield Message("access-rows-left-out", {"file": file, "count": count})


def _counted(names: Sequence[str]) -> dict[str, object]:
    return {"count": len(names), "names": ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")}
