"""What is wrong with a brief that was read: each fault with the key it is to be corrected at. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portico.errors import InputError
from portico.match.criteria import CRITERIA, criterion
from portico.match.criteria.base import PARAMETERS, Criterion, is_given
from portico.match.methods.stated import Fault, scale_faults, together_faults, weight_faults
from portico.match.model import Asked, Brief, Must, Want
from portico.match.wants import scale_of
from portico.messages import Message, did_you_mean, has_controls

MOST = 30
"""The most musts, and the most wants, of a brief."""
MOST_PARTS = 200
"""The most parts of any list or table of a brief."""
_ATECO = re.compile(r"[A-V]|\d{2}(\.\d{1,2}){0,2}")
LONGEST = 2_000
"""The most characters of a text of a brief."""


def faults_of(brief: Brief) -> Iterator[tuple[str, Message, str]]:
    """Yield what is wrong with ``brief``: key, message and the value as it was given."""
    for number, code in enumerate(brief.ateco):
        if not _ATECO.fullmatch(code):
            yield f"ateco.{number}", Message("ateco-form", {"value": code[:20]}), code
    for name, group in (("musts", brief.musts), ("wants", brief.wants)):
        for number, asked in enumerate(group):
            yield from asked_faults(f"{name}.{number}", asked)
    for key, message in weights_faults(brief):
        yield key, message, ""


def asked_faults(path: str, asked: Asked) -> Iterator[tuple[str, Message, str]]:
    """Yield what is wrong with one must or want, whose key is ``path``: key, message and the value as it was given."""
    known = criterion(asked.criterion)
    if known is None:
        advice = did_you_mean(asked.criterion, [one.id for one in CRITERIA])
        yield (
            f"{path}.criterion",
            Message("criterion-unknown", {"name": asked.criterion, "advice": advice}),
            asked.criterion,
        )
        return
    for key, message in (*_parameters(asked, known), *_specific(asked, known)):
        yield f"{path}.{key}", message, ""


def size_faults(data: Any, path: str = "") -> Iterator[tuple[str, Message, str]]:  # noqa: ANN401 - TOML or JSON
    """Yield what is too much of what was read: lists and tables too long, texts too long. Nothing else is then told."""
    if isinstance(data, str) and len(data) > LONGEST:
        yield path, Message("text-too-long", {"key": path, "count": len(data), "limit": LONGEST}), data[:40]
    if isinstance(data, Mapping | list):
        limit = MOST if path in ("musts", "wants") else MOST_PARTS
        if len(data) > limit:
            yield path, Message("too-many-of-them", {"count": len(data), "limit": limit}), ""
            return
        for key, item in data.items() if isinstance(data, Mapping) else enumerate(data):
            yield from size_faults(item, f"{path}.{key}" if path else str(key))


def text_faults(data: Any, path: str = "") -> Iterator[tuple[str, Message, str]]:  # noqa: ANN401 - TOML or JSON
    """Yield the texts in what was read that hold characters which steer a terminal or a page."""
    if isinstance(data, str) and (has_controls(data) or _has_halves(data)):
        yield path, Message("text-controls", {"key": path}), ascii(data[:80])
    items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        if isinstance(key, str) and (has_controls(key) or _has_halves(key)):
            yield path, Message("text-controls", {"key": ascii(key[:80])}), ascii(key[:80])
        else:
            yield from text_faults(item, f"{path}.{key}" if path else str(key))


def _has_halves(text: str) -> bool:
    """Say whether ``text`` holds halves of letters, which cannot be written down.

    >>> _has_halves("Mill"), _has_halves("Mill" + chr(0xD800))
    (False, True)
    """
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _specific(asked: Asked, known: Criterion) -> Iterator[Fault]:
    if isinstance(asked, Must):
        yield from must_faults(asked, known)
    elif isinstance(asked, Want):
        yield from want_faults(asked, known)


def _parameters(asked: Asked, known: Criterion) -> Iterator[Fault]:
    for name in PARAMETERS:
        given = is_given(asked, name)
        if name in known.needs and not given:
            yield name, Message("parameter-missing", {"name": name, "criterion": known.id})
        elif given and name not in (*known.needs, *known.takes):
            yield name, Message("parameter-useless", {"name": name, "criterion": known.id})
    if known.bases and asked.basis and asked.basis not in known.bases:
        yield "basis", Message("unknown-word", {"value": asked.basis, "advice": did_you_mean(asked.basis, known.bases)})


def must_faults(must: Must, known: Criterion) -> Iterator[Fault]:
    """Yield what is wrong with the limits, the unit or the words of ``must``."""
    limits = [name for name in ("at_least", "at_most") if getattr(must, name) is not None]
    words = [name for name in ("any_of", "none_of") if getattr(must, name)]
    if known.is_number and (len(limits) != 1 or words):
        yield "criterion", Message("must-needs-one-limit", {"criterion": known.id, "unit": known.unit})
    if not known.is_number and (limits or not words):
        yield "criterion", Message("must-needs-words", {"criterion": known.id, "words": _words(known)})
    for name in limits:
        if not 0 <= getattr(must, name) < float("inf"):
            yield name, Message("below-zero", {"key": name})
    units = ("m2", "ha") if known.unit == "m2" else (known.unit,)
    if must.unit and must.unit not in units:
        yield "unit", Message("wrong-unit", {"value": must.unit, "unit": " / ".join(units)})
    for name in words:
        for word in getattr(must, name):
            if known.words and word not in known.words:
                yield name, Message("unknown-word", {"value": word, "advice": did_you_mean(word, known.words)})


def _words(known: Criterion) -> object:
    return ", ".join(known.words) or Message("words-open")


def want_faults(want: Want, known: Criterion) -> Iterator[Fault]:
    """Yield what is wrong with the scale, the values or the weight of ``want``."""
    if known.is_number:
        yield from _scale(want, known)
    elif want.has_scale or not (want.values or known.default_values):
        yield "values", Message("want-needs-values", {"criterion": known.id, "words": _words(known)})
    if any(not 0 <= value <= 1 for value in want.values.values()):
        yield "values", Message("value-outside-scale")
    for word in want.values:
        if known.words and word not in known.words:
            yield "values", Message("unknown-word", {"value": word, "advice": did_you_mean(word, known.words)})
    yield from weight_faults(want)


def _scale(want: Want, known: Criterion) -> Iterator[Fault]:
    said = [key for key in ("scale", "ideal", "direction") if getattr(want, key) not in ((), None)]
    if want.values or len(want.scale) == 1:
        yield "scale", Message("scale-needs-points", {"criterion": known.id, "unit": known.unit})
        return
    if len(said) > 1:
        yield said[0], Message("criterion-needs-one-scale", {"name": known.id})
    faults = list(scale_faults(want))
    yield from faults
    if not faults and len(said) <= 1 and not scale_of(want, known):
        yield "scale", Message("scale-needs-points", {"criterion": known.id, "unit": known.unit})


def weights_faults(brief: Brief) -> Iterator[Fault]:
    """Yield what is wrong with the weights of the wants of ``brief`` together, each with the key to correct."""
    wants = brief.wants
    if not wants or any(fault for want in wants for fault in weight_faults(want)):
        return
    exact = [want.weight for want in wants if isinstance(want.weight, float)]
    ordered = [number for number, want in enumerate(wants) if want.order is not None]
    faults = list(together_faults(wants, brief.total, brief.order_as))
    if len(exact) == len(wants) and not any(exact):
        yield "wants", Message("weights-all-zero")
    elif faults:
        yield from faults
    elif len(exact) == len(wants) and ordered:
        yield f"wants.{ordered[0]}.order", Message("order-beside-weights")
    elif brief.total is None and sum(exact) > 1 and any(want.weight is None for want in wants):
        missing = next(number for number, want in enumerate(wants) if want.weight is None)
        yield f"wants.{missing}.weight", Message("weight-missing")
    else:
        try:
            brief.weights()
        except InputError as error:
            yield "wants", Message.of(error)
