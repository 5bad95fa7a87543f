"""What states a figure of an answer: the brief, and the other figures of the same answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from tests.dossier.walking.drawn import ROUNDED, City, Drawn, Plain, day_of, only

GROUPS = ("qualified", "to_verify", "excluded")
WHOLE = 10
"""From here on limits are told in whole numbers."""


# --- values, scores, ranks ---


def _value_at(scale: Sequence[Sequence[float]], x: float) -> float:
    return float(np.interp(x, [point[0] for point in scale], [point[1] for point in scale]))


def _span(want: Plain, told: Plain, city: City, day: date) -> tuple[float, float] | None:
    """The least and the most value that a want may have by what was found; nothing where the brief has no scale."""
    stale = city.settings["staleness"]
    if "figure" in told:
        scale, found = want.get("scale"), told["figure"]
        if not scale:
            return None
        low = min(scale[0][0], scale[0][0] if found["high"] is None else found["high"])
        low = low if found["low"] is None else found["low"]
        high = max(scale[-1][0], low) if found["high"] is None else found["high"]
        values = [_value_at(scale, low), _value_at(scale, high), *(v for x, v in scale if low < x < high)]
        known = found["value"] is not None
    else:
        found, values = told["statement"], list(want.get("values", {}).values())
        known = bool(found["values"])
        if not values:
            return None
        values = (
            [max(want["values"].get(word, 0.0) for word in found["values"])] if known else [*values, min(0.0, *values)]
        )
    least, most = min(values), max(values)
    ages = bool([piece for piece in found["evidence"] if piece.get("dataset") == "site_attributes"])
    if known and ages and _is_old(found["as_of"], day, stale["limit_months"]):
        return max(0.0, least - stale["widening"]), min(1.0, most + stale["widening"])
    return least, most


def _is_old(text: str | None, day: date, months: int) -> bool:
    """Whether its first possible day lies more than ``months`` before ``day``; undated is old."""
    year, month, of_month = day_of(text)
    back = day.year * 12 + day.month - 1 - months
    return (year, month, of_month) < (back // 12, back % 12 + 1, day.day)


def additive(drawn: Drawn, city: City) -> Iterator[str]:
    """A score is the sum of weight times value; a value comes off the brief's scale."""
    bound = str(drawn.path[-1])
    if drawn.names[-2] == "score":
        each = drawn.up(2)["contributions"]
        total = sum(one["weight"]["value"] * one["value"][bound]["value"] for one in each)
        yield from only(drawn.found, total, ROUNDED * (len(each) + 1))
        return
    day = date.fromisoformat(drawn.document["as_of"])
    span = _span(drawn.asked(city), drawn.up(2), city, day)
    if span is not None:
        values = {"low": span[0], "mid": sum(span) / 2, "high": span[1]}
        yield from only(drawn.found, values[bound], 1e-5)
    elif drawn.found["value"] is None or not 0 <= drawn.found["value"] <= 1:
        yield "no value between 0 and 1"


def rank(drawn: Drawn, city: City) -> Iterator[str]:
    """The best rank: one after those surely better. The worst: before those surely worse."""
    entry = drawn.up(2)
    every = [one["score"] for one in drawn.document[drawn.group] if one["rank"]["low"]["value"] is not None]
    low, high = entry["score"]["low"]["value"], entry["score"]["high"]["value"]
    better = sum(one["low"]["value"] > high for one in every)
    worse = sum(one["high"]["value"] < low for one in every)
    yield from only(drawn.found, better + 1 if drawn.path[-1] == "low" else len(every) - worse)


# --- what the brief states ---


def of_brief(drawn: Drawn, city: City) -> Iterator[str]:
    """A weight is its share of all weight; a limit is the one asked for, in the unit of what was found."""
    if drawn.names[-2] == "required":
        must, name = drawn.asked(city), str(drawn.path[-1])
        scaled = must[name] * (10_000 if must.get("unit") == "ha" else 1)
        yield from only(drawn.found, scaled)
        return
    brief = city.brief(drawn.document["brief"]["id"])
    place = drawn.path[1] if drawn.path[0] == "weights" else drawn.path[3]
    yield from only(drawn.found, _middle(brief)[place])


def _middle(brief: Plain) -> list[float]:
    """The middle of the weights that a brief allows: as stated, the middle of ranges, or the centroid of an order."""
    wants = brief["wants"]
    if all("order" in want for want in wants):
        count = len(wants)
        return [sum(1 / rank for rank in range(int(want["order"]), count + 1)) / count for want in wants]
    middles = [float(np.mean(want["weight"])) for want in wants]
    return [one / sum(middles) for one in middles]


def _allowed(brief: Plain, chance: np.random.Generator) -> np.ndarray:
    """Weights that a brief allows, each as likely as any other."""
    wants = brief["wants"]
    if all("order" in want for want in wants):
        falling = -np.sort(-chance.dirichlet(np.ones(len(wants)), 20_000), axis=1)
        return falling[:, [int(want["order"]) - 1 for want in wants]]
    ends = np.array([np.broadcast_to(want["weight"], 2) for want in wants]) / brief["total"]
    every = chance.dirichlet(np.ones(len(wants)), 400_000)
    return every[((every >= ends[:, 0]) & (every <= ends[:, 1])).all(axis=1)]


# --- limits that would free sites, and how firm an order is ---


def shortfall(drawn: Drawn, city: City) -> Iterator[str]:
    must = drawn.up(1)
    [(name, limit)] = [(name, one["value"]) for name, one in must["required"].items() if name.startswith("at_")]
    found = must["figure"]
    yield from only(drawn.found, limit - found["high"] if name == "at_least" else found["low"] - limit)


def relaxed(drawn: Drawn, city: City) -> Iterator[str]:
    """The new limit lets in all that it says it frees, and is no wider than the farthest of them needs."""
    told = drawn.up(1)
    out = {one["id"]: one for one in drawn.document["excluded"]}
    bests = []
    for site in told["frees"]:
        for must in out[site]["musts"]:
            if must["criterion"] == told["criterion"] and must["outcome"] == "fail":
                name = "at_least" if "at_least" in must["required"] else "at_most"
                bests.append(must["figure"]["high" if name == "at_least" else "low"])
                least = name == "at_least"
    if not bests:
        yield "it frees nothing"
        return
    farthest = min(bests) if least else max(bests)
    step = 1 if abs(farthest) >= WHOLE else 0.01
    gap = farthest - drawn.found["value"] if least else drawn.found["value"] - farthest
    if not -ROUNDED <= gap <= step + ROUNDED:
        yield f"to {drawn.found['value']}, and {farthest} is what its sites have"


def _spans(entries: Sequence[Plain]) -> np.ndarray:
    """Least and most value: bounds × entries × wants."""
    return np.array(
        [
            [[one["value"][bound]["value"] for one in entry["contributions"]] for entry in entries]
            for bound in ("low", "high")
        ]
    )


def first(drawn: Drawn, city: City) -> Iterator[str]:
    """How often it leads: drawn again, by another generator."""
    chance = np.random.default_rng(20261123)
    document, site = drawn.document, drawn.up(1)["id"]
    by_id = {one["id"]: one for group in GROUPS for one in document[group]}
    if drawn.path[1] == "contenders":
        rivals = [one for one in document["qualified"] if one["rank"]["low"]["value"] is not None]
        entries = [*rivals, by_id[site]]
    else:
        entries = [by_id[one["id"]] for one in drawn.up(2)]
    low, high = _spans(entries)
    how = drawn.parameters["weights"]
    if how == "exact":
        weights = np.array([[one["weight"]["value"] for one in entries[0]["contributions"]]])
    elif how == "any":
        weights = chance.dirichlet(np.ones(low.shape[1]), 20_000)
    else:
        weights = _allowed(city.brief(document["brief"]["id"]), chance)
    values = low + (high - low) * chance.random((len(weights) if len(weights) > 1 else 20_000, *low.shape))
    weights = weights[:, None, :]
    totals = (values * weights).sum(axis=2)
    place = next(number for number, one in enumerate(entries) if one["id"] == site)
    yield from only(drawn.found, float((totals.argmax(axis=1) == place).mean()), 0.02)


def _middles(drawn: Drawn) -> tuple[np.ndarray, list[str], np.ndarray]:
    """The middle values of a group, its sites in order, and the weights."""
    group = drawn.document[drawn.path[1]]
    ranked = [one for one in group if one["rank"]["low"]["value"] is not None]
    weights = np.array([one["weight"]["value"] for one in ranked[0]["contributions"]])
    return _spans(ranked).mean(axis=0), [one["id"] for one in ranked], weights


def overturned(drawn: Drawn, city: City) -> Iterator[str]:
    """At the weights told the rival draws level; the change is how far they are from the brief's."""
    told = drawn.up(1)
    values, sites, weights = _middles(drawn)
    moved = weights.copy()
    for one in told["weights"]:
        moved[one["want"]] = one["to"]
    yield from only(drawn.found, float(np.abs(moved - weights).sum()), 1e-5)
    lead = float((values[sites.index(told["id"])] - values[0]) @ moved)
    if abs(lead) > 1e-5 or abs(moved.sum() - 1) > 1e-5:
        yield f"at those weights {told['id']} leads by {lead}"


def one_weight(drawn: Drawn, city: City) -> Iterator[str]:
    """With one weight at what is told and the others in proportion, the rival draws level."""
    told = drawn.up(1)
    values, sites, weights = _middles(drawn)
    want, to = told["want"], told["to"]["value"]
    if drawn.path[-1] == "from":
        yield from only(drawn.found, float(weights[want]))
        return
    moved = weights * (1 - to) / (1 - weights[want])
    moved[want] = to
    lead = float((values[sites.index(told["id"])] - values[0]) @ moved)
    if abs(lead) > 1e-5:
        yield f"at that weight {told['id']} leads by {lead}"


def find_out(drawn: Drawn, city: City) -> Iterator[str]:
    """The share of its possible values, the others at their middle, by which another leads."""
    told = drawn.up(1)
    group = [one for one in drawn.document[drawn.path[1]] if one["rank"]["low"]["value"] is not None]
    values, sites, weights = _middles(drawn)
    place, want = sites.index(told["id"]), told["want"]
    low, high = (bound[place, want] for bound in _spans(group))
    totals = values @ weights
    rest = totals[place] - weights[want] * values[place, want]
    other = max(total for number, total in enumerate(totals) if number != place)
    level = (other - rest) / weights[want]
    above = min(max((high - level) / (high - low), 0.0), 1.0)
    yield from only(drawn.found, 1 - above if totals[place] == max(totals) else above, 1e-3)
