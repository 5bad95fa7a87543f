"""How a ranking reaches people and programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rich.console import Console

from portico.cli.show import table
from portico.match.methods.answer import Asked, Ranked
from portico.match.methods.finding_out import Unknown
from portico.match.methods.scales import Floats
from portico.messages import Message
from portico.translation import Translator

_SHOWN, _ASKED, _MOVED = 40, 5, 4
_LISTED = 1_000
_SMALL = 0.0005
_ID_WIDTH = 28


def to_dict(answer: Ranked, asked: Asked, say: Translator) -> dict[str, Any]:
    """Return a ranking as plain data; what the method does not give is null."""
    names = answer.table.names
    chance, drawn = answer.acceptability, answer.drawn
    compared = answer.spec.compared
    return {
        "method": answer.method.value,
        "seed": asked.seed,
        "draws": chance.draws if chance else None,
        "weights_drawn": drawn.how.value if drawn else None,
        "values_drawn": _how_values(answer) if chance else None,
        "alternatives": [names[index] for index in answer.order.tolist()],
        "criteria": list(_criteria(answer, say)),
        "scores": _by_name(answer, answer.scores),
        "score_bounds": {
            name: {"low": low, "high": high}
            for name, low, high in zip(names, answer.low.tolist(), answer.high.tolist(), strict=True)
        },
        "ranks": _by_name(answer, answer.ranks),
        "rank_bounds": {
            name: {"best": best, "worst": worst}
            for name, best, worst in zip(names, answer.best.tolist(), answer.worst.tolist(), strict=True)
        },
        "flows": {
            name: {"leaving": leaving, "entering": entering}
            for name, leaving, entering in zip(
                names, answer.flows.leaving.tolist(), answer.flows.entering.tolist(), strict=True
            )
        }
        if answer.flows
        else None,
        "acceptability": _by_name(answer, chance.acceptability) if chance else None,
        "central_weights": {
            name: None if np.isnan(row).any() else _by_criterion(answer, row)
            for name, row in zip(names, chance.central_weights, strict=True)
        }
        if chance
        else None,
        "confidence": {
            name: None if np.isnan(value) else value
            for name, value in zip(names, chance.confidence.tolist(), strict=True)
        }
        if chance
        else None,
        "pairwise": {
            name: dict(zip(names, row, strict=True)) for name, row in zip(names, chance.pairwise.tolist(), strict=True)
        }
        if chance
        else None,
        "dethroning": _dethroning(answer),
        "to_find_out": [_unknown(answer, one) for one in answer.unknowns[:_LISTED]] if answer.is_additive else None,
        "uncertain_values": len(answer.values.row),
        "comparisons": {
            "lambda_max": compared.lambda_max,
            "consistency_index": compared.index,
            "consistency_ratio": compared.ratio,
            "consistent": compared.is_consistent,
        }
        if compared
        else None,
        "remarks": [say(one) for one in answer.remarks()],
        "evidence": {"file": answer.table.file, "sha256": answer.table.sha256, "rows": len(names)},
    }


def _how_values(answer: Ranked) -> str:
    if answer.values.is_exact:
        return "exact"
    return "uniform" if answer.values.stored is None else "stored"


def _criteria(answer: Ranked, say: Translator) -> Iterator[dict[str, Any]]:
    for k, one in enumerate(answer.spec.criteria):
        yield {
            "id": one.id,
            "name": say(one.name) or one.id,
            "weight": float(answer.used[k]),
            "weight_low": float(answer.allowed.low[k]),
            "weight_high": float(answer.allowed.high[k]),
            "scale": [list(point) for point in answer.table.scales[k].points],
            "scale_from_table": one.id in answer.table.borrowed,
        }


def _by_name(answer: Ranked, values: Floats | Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any number
    return dict(zip(answer.table.names, values.tolist(), strict=True))


def _by_criterion(answer: Ranked, weights: Floats) -> dict[str, float]:
    return dict(zip((one.id for one in answer.spec.criteria), weights.tolist(), strict=True))


def _dethroning(answer: Ranked) -> dict[str, Any] | None:
    found = answer.dethroning
    if found is None:
        return None
    names = answer.table.names
    rivals = [
        {
            "id": names[row],
            "change": float(found.distance[row]),
            "weights": _by_criterion(answer, found.weights[row]),
            "allowed": bool(answer.allowed.allows(found.weights[row])[0]),
        }
        for row in np.argsort(found.distance, kind="stable")[:_LISTED].tolist()
        if not np.isnan(found.distance[row])
    ]
    return {"first": names[found.first], "smallest": rivals[0] if rivals else None, "rivals": rivals}


def _unknown(answer: Ranked, one: Unknown) -> dict[str, Any]:
    k = one.column
    return {
        "id": answer.table.names[one.row],
        "criterion": answer.spec.criteria[k].id,
        "low": _known(answer.table.low[one.row, k]),
        "high": _known(answer.table.high[one.row, k]),
        "probability": one.chance,
        "gain": one.gain,
        "score_width": one.widens,
    }


def _known(bound: float) -> float | None:
    return None if np.isnan(bound) else float(bound)


def show(answer: Ranked, say: Translator, console: Console) -> None:
    """Print a ranking for people: what it was ranked by, a table, what would overturn it, what to find out."""
    for text in (*_head(answer, say), ""):
        console.print(text, markup=False)
    shown = answer.order.tolist()[:_SHOWN]
    console.print(table(_headers(answer, say), [_row(answer, row, say) for row in shown], numbers=range(2, 9)))
    more = len(answer.scores) - _SHOWN
    if more > 0:
        console.print(say(Message("access-more", {"count": more})), markup=False)
    for text in (*_overturned(answer, say), *_next(answer, say)):
        console.print(text, markup=False)
    for remark in answer.remarks():
        console.print(f"! {say(remark)}", markup=False)


def _head(answer: Ranked, say: Translator) -> Iterator[str]:
    chance = answer.acceptability
    yield say(f"rank-method.{answer.method.value}")
    parts = [f"{_label(answer, k, say)} {_share(answer, k, say)}" for k in range(len(answer.used))]
    yield say(Message("rank-weights", {"weights": "; ".join(parts)}))
    if chance:
        how = Message(f"rank-drawn.{chance.how.value}")
        yield say(Message("rank-draws", {"count": chance.draws, "seed": str(chance.seed), "how": how}))


def _label(answer: Ranked, k: int, say: Translator) -> str:
    one = answer.spec.criteria[k]
    return say(one.name) or one.id


def _share(answer: Ranked, k: int, say: Translator) -> str:
    low, high = float(answer.allowed.low[k]), float(answer.allowed.high[k])
    used = say.number(float(answer.used[k]), 3)
    return used if high - low < _SMALL else f"{used} ({say.number(low, 3)}–{say.number(high, 3)})"


def _headers(answer: Ranked, say: Translator) -> list[str]:
    headers = [say("rank-place"), say("id"), say("rank-score")]
    if answer.acceptability:
        return [*headers, *(say(f"rank-column.{name}") for name in ("first", "three", "confidence"))]
    return headers


def _row(answer: Ranked, row: int, say: Translator) -> list[str]:
    best, worst, rank = (int(one[row]) for one in (answer.best, answer.worst, answer.ranks))
    place = str(rank) if best == worst else f"{rank} ({best}–{worst})"
    low, high, score = (float(one[row]) for one in (answer.low, answer.high, answer.scores))
    number = say.number(score, 4)
    told = number if high - low < _SMALL else f"{number} ({say.number(low, 2)}–{say.number(high, 2)})"
    name = answer.table.names[row]
    cells = [place, name if len(name) <= _ID_WIDTH else f"{name[: _ID_WIDTH - 1]}…", told]
    chance = answer.acceptability
    if chance is None:
        return cells
    shares = [float(chance.acceptability[row, 0]), float(chance.acceptability[row, :3].sum())]
    sure = float(chance.confidence[row])
    return [*cells, *(_percent(one, say) for one in shares), "–" if np.isnan(sure) else _percent(sure, say)]


def _percent(part: float, say: Translator) -> str:
    return f"{say.number(100 * part, 1)} %"


def _overturned(answer: Ranked, say: Translator) -> Iterator[str]:
    found = answer.dethroning
    if found is None:
        return
    yield ""
    first = answer.table.names[found.first]
    if found.rival < 0:
        yield say(Message("rank-never-overturned", {"first": first}))
        return
    change = found.weights[found.rival] - answer.used
    moved = [int(k) for k in np.argsort(-np.abs(change)) if abs(change[k]) > _SMALL][:_MOVED]
    parts = [f"{_label(answer, k, say)} {'+' if change[k] > 0 else '−'}{say.number(abs(change[k]), 3)}" for k in moved]
    values = {
        "first": first,
        "rival": answer.table.names[found.rival],
        "change": say.number(float(found.distance[found.rival]), 3),
        "moved": "; ".join(parts) or say("rank-nothing-moved"),
    }
    yield say(Message("rank-overturned", values))
    allowed = bool(answer.allowed.allows(found.weights[found.rival])[0])
    if not answer.allowed.is_exact:
        yield say("rank-overturned-allowed" if allowed else "rank-overturned-outside")


def _next(answer: Ranked, say: Translator) -> Iterator[str]:
    told: Sequence[Unknown] = [one for one in answer.unknowns if one.chance > 0][:_ASKED]
    if not answer.unknowns:
        return
    yield ""
    if not told:
        yield say(Message("rank-nothing-to-find-out", {"first": answer.table.names[answer.order[0]]}))
        return
    yield say("rank-find-out")
    for one in told:
        values = {
            "name": answer.table.names[one.row],
            "criterion": _label(answer, one.column, say),
            "chance": _percent(one.chance, say),
        }
        yield f"  {say(Message('rank-find-out-one', values))}"
