"""Briefs read from TOML: every fault at once, with its line and advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portico.city.opening import City, read_toml
from portico.errors import InputError, RejectedError, UnknownNameError
from portico.match.criteria import CRITERIA, criterion
from portico.match.criteria.base import PARAMETERS, Criterion, is_given
from portico.match.methods.stated import scale_faults, weight_faults
from portico.match.model import Asked, Brief, Must, Want
from portico.match.wants import scale_of
from portico.match.weighing import weights_faults
from portico.messages import Finding, Message, Place, did_you_mean
from portico.settings import Document, read_into

SUFFIX = ".toml"
_M2_IN_HA = 10_000.0


def names(city: City) -> tuple[str, ...]:
    """Return the names of the city's briefs."""
    return tuple(sorted(path.stem for path in city.briefs_folder.glob(f"*{SUFFIX}")))


def find(city: City, name: str) -> Path:
    """Return the file of a brief: a path, or a name in the city's ``briefs/``."""
    given = Path(name)
    return given if given.suffix == SUFFIX and given.is_file() else find_named(city, name)


def find_named(city: City, name: str) -> Path:
    """Return the file of a brief in the city's ``briefs/``; never one outside it. Raises UnknownNameError."""
    if name in names(city):
        return city.briefs_folder / f"{name}{SUFFIX}"
    raise UnknownNameError("brief-unknown", name=name, advice=did_you_mean(name, names(city)))


def read(city: City, name: str) -> Brief:
    """Read a brief; raise RejectedError with all that is wrong with it."""
    path = find(city, name)
    document = read_toml(city, path)
    brief, findings = interpret(document)
    if brief is None or findings:
        raise RejectedError("brief-rejected", tuple(findings), file=document.name)
    return replace(brief, id=path.stem)


def findings(city: City) -> list[Finding]:
    """Return what is wrong with any brief of the city."""
    found: list[Finding] = []
    for name in names(city):
        try:
            found.extend(interpret(read_toml(city, find(city, name)))[1])
        except InputError as error:
            found.append(Finding(Message.of(error), Place(f"{city.briefs_folder.name}/{name}{SUFFIX}")))
    return found


def interpret(document: Document) -> tuple[Brief | None, list[Finding]]:
    """Return the brief in ``document`` and what is wrong with it."""
    findings: list[Finding] = []
    brief = read_into(Brief, document, findings)
    if brief is None:
        return None, findings
    findings.extend(_faults(brief, document))
    return replace(brief, musts=tuple(in_own_unit(must) for must in brief.musts)), findings


def in_own_unit(must: Must) -> Must:
    """Return the must in the unit of its criterion: hectares become square metres."""
    if must.unit != "ha":
        return must
    scaled = {name: getattr(must, name) for name in ("at_least", "at_most") if getattr(must, name) is not None}
    return replace(must, unit="m2", **{name: value * _M2_IN_HA for name, value in scaled.items()})


def _faults(brief: Brief, document: Document) -> Iterator[Finding]:
    for name, group in (("musts", brief.musts), ("wants", brief.wants)):
        for number, asked in enumerate(group):
            path = f"{name}.{number}"
            known = criterion(asked.criterion)
            if known is None:
                advice = did_you_mean(asked.criterion, [one.id for one in CRITERIA])
                values = {"name": asked.criterion, "advice": advice}
                yield Finding(
                    Message("criterion-unknown", values), document.place(f"{path}.criterion"), asked.criterion
                )
                continue
            specific = _must(asked, known) if isinstance(asked, Must) else _want(asked, known)  # type: ignore[arg-type]
            for key, message in (*_parameters(asked, known), *specific):
                yield Finding(message, document.place(f"{path}.{key}"))
    for key, message in weights_faults(brief):
        yield Finding(message, document.place(key))


def _parameters(asked: Asked, known: Criterion) -> Iterator[tuple[str, Message]]:
    for name in PARAMETERS:
        given = is_given(asked, name)
        if name in known.needs and not given:
            yield name, Message("parameter-missing", {"name": name, "criterion": known.id})
        elif given and name not in (*known.needs, *known.takes):
            yield name, Message("parameter-useless", {"name": name, "criterion": known.id})
    if known.bases and asked.basis and asked.basis not in known.bases:
        yield "basis", Message("unknown-word", {"value": asked.basis, "advice": did_you_mean(asked.basis, known.bases)})


def _must(must: Must, known: Criterion) -> Iterator[tuple[str, Message]]:
    limits = [name for name in ("at_least", "at_most") if getattr(must, name) is not None]
    words = [name for name in ("any_of", "none_of") if getattr(must, name)]
    if known.is_number and (len(limits) != 1 or words):
        yield "criterion", Message("must-needs-one-limit", {"criterion": known.id, "unit": known.unit})
    if not known.is_number and (limits or not words):
        yield "criterion", Message("must-needs-words", {"criterion": known.id, "words": ", ".join(known.words)})
    for name in limits:
        if not 0 <= getattr(must, name) < float("inf"):
            yield name, Message("out-of-range", {"key": name, "low": 0, "high": "∞"})
    units = ("m2", "ha") if known.unit == "m2" else (known.unit,)
    if must.unit and must.unit not in units:
        yield "unit", Message("wrong-unit", {"value": must.unit, "unit": " / ".join(units)})
    for name in words:
        for word in getattr(must, name):
            if word not in known.words:
                yield name, Message("unknown-word", {"value": word, "advice": did_you_mean(word, known.words)})


def _want(want: Want, known: Criterion) -> Iterator[tuple[str, Message]]:
    if known.is_number:
        yield from _scale(want, known)
    elif want.has_scale or not want.values:
        yield "values", Message("want-needs-values", {"criterion": known.id, "words": ", ".join(known.words)})
    if any(not 0 <= value <= 1 for value in want.values.values()):
        yield "values", Message("value-outside-scale")
    for word in want.values:
        if known.words and word not in known.words:
            yield "values", Message("unknown-word", {"value": word, "advice": did_you_mean(word, known.words)})
    yield from weight_faults(want)


def _scale(want: Want, known: Criterion) -> Iterator[tuple[str, Message]]:
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
