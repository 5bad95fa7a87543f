"""How firm an order is, in words that anybody can repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portico.city.register import Site
from portico.match.criteria import criterion
from portico.match.labels import label
from portico.match.model import Want
from portico.match.robustness import Contender, FindOut, Firm, Firmness, Overturn, Threshold, open_musts
from portico.messages import Message

TOLD = 3
_ALL, _NEARLY, _FEW = 1.0, 0.995, 0.005
_MOST_DIGITS = 3


def times(share: float) -> Message:
    """Return a share of draws as so many of 100.

    >>> times(0.834).id, times(0.834).values["times"], times(0.001).id, times(1.0).id
    ('robust-times.some', 83, 'robust-times.few', 'robust-times.all')
    """
    if share <= 0:
        return Message("robust-times.none")
    if share >= _ALL:
        return Message("robust-times.all")
    kind = "few" if share < _FEW else "nearly" if share >= _NEARLY else "some"
    return Message(f"robust-times.{kind}", {"times": round(100 * share)})


def of_100(share: float) -> Message:
    """Return a share of draws as a number of 100, for a column whose head says so.

    >>> of_100(0.834).values["times"], of_100(0.001).id
    (83, 'robust-number.few')
    """
    if 0 < share < _FEW or _NEARLY <= share < _ALL:
        return Message("robust-number.few" if share < _FEW else "robust-number.nearly")
    return Message("robust-number.some", {"times": round(100 * share)})


def next_told(one: Firmness) -> tuple[FindOut, ...]:
    """Return what to find out next, as much of it as people read: what somebody can be asked before what is a range."""
    unknown = [each for each in one.find_out if each.is_unknown][:TOLD]
    return (*unknown, *[each for each in one.find_out if not each.is_unknown][: TOLD + 2 - len(unknown)])


def apart(one: float, other: float) -> tuple[float, float]:
    """Return two shares in parts of 100, with as many digits as it takes to tell them apart.

    >>> apart(0.25, 0.3141), apart(0.2, 0.1996)
    ((25.0, 31.0), (20.0, 19.96))
    """
    for digits in range(_MOST_DIGITS):
        pair = round(100 * one, digits), round(100 * other, digits)
        if pair[0] != pair[1]:
            return pair
    return round(100 * one, _MOST_DIGITS), round(100 * other, _MOST_DIGITS)


def name_of(want: Want) -> Message:
    """Return what a want is called."""
    known = criterion(want.criterion)
    return label(want, known) if known else Message(want.criterion)


def first_words(one: Firm) -> Message:
    """Return how often a site is first."""
    return Message("robust-first", {"times": times(one.first.value or 0.0)})


def threshold_words(one: Threshold) -> Message:
    """Return which weight of one want puts another site first."""
    share, to = apart(one.share.value or 0.0, one.to.value or 0.0)
    values = {"want": name_of(one.want), "share": _plainly(share), "to": _plainly(to), "rival": one.rival.name}
    return Message("robust-rises" if one.rises else "robust-falls", values)


def _plainly(number: float) -> str | float:
    return int(number) if number.is_integer() else number


def overturn_words(one: Overturn | None, first: Site) -> Iterator[Message]:
    """Yield the least change of weights that puts another site first, and whether the brief allows it."""
    if one is None:
        yield Message("robust-overturn.never", {"first": first.name})
        return
    if not one.moved:
        yield Message("robust-overturn.level", {"first": first.name, "rival": one.rival.name})
        return
    moves = tuple(_move(want, before, after) for want, before, after in one.moved)
    yield Message("robust-overturn", {"first": first.name, "rival": one.rival.name, "moves": moves})


def _move(want: Want, before: float, after: float) -> Message:
    share, to = apart(before, after)
    return Message("robust-move", {"want": name_of(want), "share": _plainly(share), "to": _plainly(to)})


def find_out_words(one: FindOut) -> Message:
    """Return what to find out next, of whom, by when, and how likely it changes the first."""
    values = {
        "want": name_of(one.want),
        "site": one.site.name,
        "who": one.ask.name,
        "by": one.by,
        "times": times(one.chance.value or 0.0),
    }
    return Message("robust-find.unknown" if one.is_unknown else "robust-find.range", values)


def contender_words(one: Contender) -> Message:
    """Return how likely a site to verify leads the qualified, if what is open turns out as asked."""
    values = {
        "site": one.entry.site.name,
        "what": tuple(Message(f"criterion.{name}") for name in dict.fromkeys(open_musts(one.entry))),
        "times": times(one.first.value or 0.0),
        "who": one.ask.name,
        "by": one.by,
    }
    return Message("robust-contender", values)


def sentences(one: Firmness) -> Iterator[Message]:
    """Yield what to say of a group: what would overturn its order, the nearest weights first."""
    first = one.entries[0].site
    if one.left_out:
        yield Message("robust-left-out", {"count": one.left_out, "compared": len(one.entries)})
    if len(one.entries) == 1:
        yield Message("robust-alone", {"first": first.name})
        return
    if one.is_certain:
        yield Message("robust-certain")
    yield from overturn_words(one.overturn, first)
    if one.overturn and not one.weights_are_exact:
        yield Message("robust-allowed" if one.overturn.is_allowed else "robust-not-allowed")
    for threshold in one.thresholds[:TOLD]:
        yield threshold_words(threshold)


def favoured(one: Firmness, wants: Sequence[Want]) -> tuple[Message, ...]:
    """Return by which weights each of the sites that are ever first leads, the likeliest first."""
    found = [
        (firm.first_by_any or firm.first, firm.central_by_any or firm.central, firm.site)
        for firm in one.entries
        if firm.central_by_any or not one.weights_are_exact
    ]
    found = sorted((each for each in found if each[1]), key=lambda each: -(each[0].value or 0.0))
    return tuple(_favour(site, central or (), wants) for _, central, site in found[:TOLD])


def _favour(site: Site, central: Sequence[float], wants: Sequence[Want]) -> Message:
    order = sorted(range(len(wants)), key=lambda k: -central[k])
    parts = tuple(
        Message("robust-central.part", {"want": name_of(wants[k]), "share": round(100 * central[k])}) for k in order
    )
    return Message("robust-central.one", {"site": site.name, "weights": parts})
