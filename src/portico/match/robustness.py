"""How firm the order of a shortlist is: over what is not known, the weights that are allowed, and any weights at all.

Each group is taken by itself, as it is ranked. A value that is not known exactly is anything between its bounds, each
as likely as any other: the interval a reader sees is the one drawn from, its middle what entries are in order by.
Acceptability, central weights, confidence: SMAA-2 (``methods.smaa``). With a seed: the same answer every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from portico.city.model import Partner
from portico.city.register import Site
from portico.figures import Evidence, Figure, Status
from portico.match.methods.dethroning import dethrone
from portico.match.methods.drawing import Drawn, draw
from portico.match.methods.finding_out import find_out
from portico.match.methods.scales import Floats, Scale
from portico.match.methods.smaa import DRAWS, Supply, scores, smaa
from portico.match.methods.standing import TIE
from portico.match.methods.uncertain import CHUNK, Values
from portico.match.methods.weights import Weights
from portico.match.model import Entry, Group, Outcome, Shortlist, Want

SEED = 0
MOST_COMPARED = 200
"""Entries of a group that are compared: the first by score. The others are counted in ``left_out``."""
_SMALL = 1e-9
_AS_IT_IS = Scale.positive(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Firm:
    """How firm the place of an entry is.

    ``first``: the share of draws in which it leads, by the brief's weights; ``ranks``: the share in which it takes each
    rank. ``central``: the mean of the weights by which it leads, nothing where it never does; ``confidence``: how often
    it leads by these. ``first_by_any`` and ``central_by_any``: the same over all weights there are.
    """

    site: Site
    first: Figure
    ranks: tuple[float, ...]
    central: tuple[float, ...] | None
    confidence: float | None
    first_by_any: Figure | None
    central_by_any: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The weight of one want at which ``rival`` draws level with the first, the others keeping their proportions."""

    want: Want
    share: Figure
    to: Figure
    rival: Site

    @property
    def rises(self) -> bool:
        """Whether the weight would have to rise."""
        return (self.to.value or 0.0) > (self.share.value or 0.0)


@dataclass(frozen=True, slots=True)
class Overturn:
    """The least change of all weights together that brings ``rival`` level with the first.

    ``distance``: Σ|change|, 0 to 2. ``moved``: the wants whose weights change, with the share before and after.
    ``is_allowed``: whether the brief allows those weights.
    """

    rival: Site
    distance: Figure
    moved: tuple[tuple[Want, float, float], ...]
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class FindOut:
    """A value that is not known exactly, and in which share of cases knowing it would put another entry first."""

    site: Site
    want: Want
    chance: Figure
    is_unknown: bool
    ask: Partner
    by: date


@dataclass(frozen=True, slots=True)
class Contender:
    """A site to verify that, if its ``open`` musts turn out as asked, leads the qualified in the share ``first``."""

    entry: Entry
    first: Figure
    ask: Partner
    by: date


@dataclass(frozen=True, slots=True)
class Firmness:
    """How firm the order of one group is.

    ``entries`` in their order; ``pairwise`` (i, j): the share of draws in which i scores more than j. ``is_certain``:
    nothing is left open, so that nothing was drawn. ``thresholds``: the nearest first.
    """

    group: Group
    entries: tuple[Firm, ...]
    pairwise: tuple[tuple[float, ...], ...]
    overturn: Overturn | None
    thresholds: tuple[Threshold, ...]
    find_out: tuple[FindOut, ...]
    draws: int
    is_certain: bool
    weights_are_exact: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """How firm a shortlist is; nothing for a group with nothing to rank."""

    qualified: Firmness | None
    to_verify: Firmness | None
    contenders: tuple[Contender, ...] = ()

    @property
    def groups(self) -> tuple[Firmness, ...]:
        """What there is to say, group by group."""
        return tuple(one for one in (self.qualified, self.to_verify) if one)


def robustness(answer: Shortlist, *, draws: int = DRAWS, seed: int = SEED) -> Robustness:
    """Return how firm ``answer`` is, by ``draws`` draws of weights and values."""
    if not answer.brief.wants:
        return Robustness(None, None)
    drawing = _Drawing.of(answer.brief.weights(), draws, seed)
    return Robustness(
        _firmness(Group.QUALIFIED, answer.qualified, drawing),
        _firmness(Group.TO_VERIFY, answer.to_verify, drawing),
        _contenders(answer.qualified, answer.to_verify, drawing),
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The weights that are allowed, and those drawn: from them, and from all there are where one set alone is."""

    allowed: Weights
    used: Floats
    drawn: Drawn
    by_any: Drawn | None
    draws: int
    seed: int

    @classmethod
    def of(cls, allowed: Weights, draws: int, seed: int) -> _Drawing:
        def random(stream: int) -> np.random.Generator:
            return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream,))))

        has_any = allowed.is_exact and allowed.count > 1
        by_any = draw(Weights.free(allowed.count), draws, random(2)) if has_any else None
        return cls(allowed, allowed.middle(), draw(allowed, draws, random(0)), by_any, draws, seed)

    def share(self, value: float, weights: Drawn, rests_on: Sequence[Evidence] = ()) -> Figure:
        """Return a share of draws as a figure."""
        parameters = {"draws": self.draws, "seed": self.seed, "weights": weights.how.value, "values": "uniform"}
        if weights is self.by_any:
            parameters["weights"] = "any"
        return _share(value, Evidence(method="match.smaa", parameters=parameters), *rests_on)


def _share(value: float, *evidence: Evidence) -> Figure:
    return Figure.exactly(min(1.0, max(0.0, value)), "1", Status.ESTIMATED, evidence=evidence)


def values_of(entries: Sequence[Entry]) -> Values:
    """Return what entries are worth, entries × wants: anything between the bounds of each contribution."""
    low, high = (
        np.array([[getattr(one, bound) for one in entry.contributions] for entry in entries], dtype=np.float64)
        for bound in ("low", "high")
    )
    return Values.of(low, high, [_AS_IT_IS] * low.shape[1])


def _firmness(group: Group, every: Sequence[Entry], drawing: _Drawing) -> Firmness | None:
    rankable = [entry for entry in every if entry.is_rankable]
    entries = rankable[:MOST_COMPARED]
    if not entries:
        return None
    values = values_of(entries)
    by_brief = smaa(values, drawing.drawn, drawing.seed)
    by_any = smaa(values, drawing.by_any, drawing.seed) if drawing.by_any else None
    firm = []
    for row, entry in enumerate(entries):
        sure = float(by_brief.confidence[row])
        firm.append(
            Firm(
                entry.site,
                drawing.share(float(by_brief.acceptability[row, 0]), drawing.drawn),
                tuple(by_brief.acceptability[row].tolist()),
                _weights(by_brief.central_weights[row]),
                None if np.isnan(sure) else sure,
                drawing.share(float(by_any.acceptability[row, 0]), drawing.by_any)
                if by_any and drawing.by_any
                else None,
                _weights(by_any.central_weights[row]) if by_any else None,
            )
        )
    return Firmness(
        group,
        tuple(firm),
        tuple(tuple(row) for row in by_brief.pairwise.tolist()),
        _overturn(entries, values, drawing),
        _thresholds(entries, values.middle, drawing.used),
        tuple(_find_out(entries, values, drawing.used)),
        drawing.draws,
        values.is_exact and drawing.allowed.is_exact,
        drawing.allowed.is_exact,
        len(rankable) - len(entries),
    )


def _weights(row: Floats) -> tuple[float, ...] | None:
    return None if np.isnan(row).any() else tuple(row.tolist())


def _overturn(entries: Sequence[Entry], values: Values, drawing: _Drawing) -> Overturn | None:
    found = dethrone(values.middle, drawing.used, 0) if len(entries) > 1 else None
    if found is None or found.rival < 0:
        return None
    new = found.weights[found.rival]
    change = new - drawing.used
    order = np.argsort(-np.abs(change), kind="stable").tolist()
    moved = tuple(
        (entries[0].contributions[k].want, float(drawing.used[k]), float(new[k]))
        for k in order
        if abs(change[k]) > _SMALL
    )
    distance = Figure.exactly(
        float(found.distance[found.rival]), "1", Status.ESTIMATED, evidence=(Evidence(method="match.dethroning"),)
    )
    return Overturn(entries[found.rival].site, distance, moved, bool(drawing.allowed.allows(new)[0]))


def _thresholds(entries: Sequence[Entry], worth: Floats, used: Floats) -> tuple[Threshold, ...]:
    """Return, for each want and either way, the nearest weight that brings a rival level with the first.

    With the weight of k at t and the others in proportion, the lead of a rival is t d + (1 − t) q, with d its lead on k
    and q its mean lead on the others: nothing at t = q / (q − d).
    """
    evidence = Evidence(method="match.one-weight")
    found: list[tuple[float, Threshold]] = []
    lead = worth[1:] - worth[0]
    for k, share in enumerate(used.tolist()):
        if not len(lead) or share >= 1 - _SMALL:
            continue
        own = lead[:, k]
        others = (lead @ used - own * share) / (1 - share)
        with np.errstate(divide="ignore", invalid="ignore"):
            level = others / (others - own)
        for rises in (True, False):
            fits = (level > share + _SMALL) if rises else (level < share - _SMALL)
            fits &= (level >= 0) & (level <= 1) & ((own > TIE) if rises else (others > TIE))
            if fits.any():
                distance = np.where(fits, np.abs(level - share), np.inf)
                rival = int(np.argmin(distance))
                moved = Threshold(
                    entries[0].contributions[k].want,
                    _share(share, evidence),
                    _share(float(level[rival]), evidence),
                    entries[rival + 1].site,
                )
                found.append((float(distance[rival]), moved))
    return tuple(one for _, one in sorted(found, key=lambda each: each[0]))


def _find_out(entries: Sequence[Entry], values: Values, used: Floats) -> list[FindOut]:
    found = []
    for one in find_out(values, used):
        if one.chance <= 0:
            break
        entry = entries[one.row]
        contribution = entry.contributions[one.column]
        about = contribution.want.criterion
        question = next((each for each in entry.questions if each.about == about), None)
        evidence = (Evidence(method="match.find-out"), *contribution.measured.found.evidence)
        found.append(
            FindOut(
                entry.site,
                contribution.want,
                _share(float(one.chance), *evidence),
                not contribution.is_known,
                question.ask if question else entry.who_answers.partner,
                question.by if question else entry.who_answers.by,
            )
        )
    return found


def _contenders(qualified: Sequence[Entry], to_verify: Sequence[Entry], drawing: _Drawing) -> tuple[Contender, ...]:
    """Return the sites to verify that would lead the qualified in some draws, if each alone became one of them."""
    leading = [entry for entry in qualified if entry.is_rankable][:MOST_COMPARED]
    others = [entry for entry in to_verify if entry.is_rankable][:MOST_COMPARED]
    if not leading or not others:
        return ()
    supply = Supply(values_of([*leading, *others]), drawing.draws, drawing.seed)
    ahead = np.zeros(len(others))
    for chunk in supply.chunks:
        made = scores(supply, drawing.drawn.weights[chunk * CHUNK : (chunk + 1) * CHUNK], chunk)
        best = made[:, : len(leading)].max(axis=1, keepdims=True)
        ahead += (made[:, len(leading) :] > best + TIE).sum(axis=0)
    order = np.argsort(-ahead, kind="stable").tolist()
    return tuple(_contender(others[row], float(ahead[row]), drawing) for row in order if ahead[row] > 0)


def _contender(entry: Entry, ahead: float, drawing: _Drawing) -> Contender:
    question = next((one for one in entry.questions if one.decides), None)
    return Contender(
        entry,
        drawing.share(ahead / drawing.draws, drawing.drawn),
        question.ask if question else entry.who_answers.partner,
        question.by if question else entry.who_answers.by,
    )


def open_musts(entry: Entry) -> tuple[str, ...]:
    """Return the criteria of the musts of ``entry`` that are still open."""
    return tuple(one.must.criterion for one in entry.musts if one.outcome in (Outcome.UNKNOWN, Outcome.STALE))
