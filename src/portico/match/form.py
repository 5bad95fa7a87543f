"""A brief as the fields of a form, each a name and texts, and back: what was typed becomes data, faults find its field.

Fields: ``title-it``, ``title-en``, ``summary-…``, ``source-…``, ``activity``, ``sector``, ``ateco``, ``total``,
``order_as``; one for each question (``must-area``, ``must-area-basis``); and of every further must and of every want
(``m0-criterion``, ``w0-weight``, …) the keys of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.match.asking import QUESTIONS, Question
from portico.match.criteria.base import PARAMETERS
from portico.match.faults import MOST
from portico.match.model import Brief
from portico.match.writing import as_data
from portico.messages import Finding, Message

Fields = Mapping[str, Sequence[str]]
LANGUAGES = ("it", "en")
_TEXTS = ("title", "summary", "source")
_HEAD = ("activity", "sector", "ateco", "total", "order_as")
_LISTS = frozenset({"ateco", "kinds", "fields", "divisions", "any_of", "none_of"})
_NUMBERS = frozenset({"at_least", "at_most", "within_minutes", "half_minutes", "order", "ideal", "total"})
_MUST = ("criterion", *PARAMETERS, "at_least", "at_most", "unit", "any_of", "none_of", "label")
_WANT = ("criterion", *PARAMETERS, "weight", "order", "direction", "range", "ideal", "scale", "values", "label")
_AMBIGUOUS = re.compile(r"\d{1,3}([.,]\d{3})+")
_PART = re.compile(r"[,;]\s*")
_M2_IN_HA = 10_000
RANGE = ".."
"""What stands between the ends of a range."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the fields of a form come to: plain data of a brief, which field each key came from, and faults of texts."""

    data: dict[str, Any]
    came_from: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, Message], ...] = ()

    def by_field(self, findings: Iterable[Finding]) -> dict[str, list[Message]]:
        """Return the faults of each field; what is about the whole stands under an empty name.

        A field whose text could not be read has that one fault, and none that follows from it.
        """
        made: dict[str, list[Message]] = {}
        for name, message in self.faults:
            made.setdefault(name, []).append(message)
        unread = set(made)
        for one in findings:
            name = self._field_of(one.place.column)
            message = _spoken(name, one.message)
            if name not in unread and message not in made.get(name, []):
                made.setdefault(name, []).append(message)
        return made

    def _field_of(self, path: str) -> str:
        while path and path not in self.came_from:
            path = path.rpartition(".")[0]
        return self.came_from.get(path, "")


def _spoken(field: str, fault: Message) -> Message:
    """Return a fault that calls the key by the name a reader of the form knows."""
    own = "key" if "key" in fault.values else "name" if fault.id.startswith("parameter-") else ""
    return Message(fault.id, {**fault.values, own: label_of(field)}) if own else fault


def label_of(field: str) -> Message:
    """Return what a field of the form is called.

    >>> label_of("w0-weight").id, label_of("must-area").id, label_of("title-it").id
    ('brief-key.weight', 'ask.area', 'brief-key.title')
    """
    first, _, rest = field.partition("-")
    if first == "must":
        return Message(f"ask.{rest.replace('-basis', '.basis')}")
    key = rest.partition("-")[0] if first[:1] in ("m", "w") and first[1:].isdecimal() else first
    return Message(f"brief-key.{key}")


def number_of(text: str) -> float:
    """Return the number in ``text``, with a decimal point or comma. Raises ValueError for none, and for one of two.

    >>> number_of("15,5")
    15.5
    >>> number_of("1.500")
    Traceback (most recent call last):
    ValueError: 1.500
    """
    plain = text.strip().replace(" ", "").replace("\u00a0", "")
    if _AMBIGUOUS.fullmatch(plain) or "_" in plain:
        raise ValueError(plain)
    return float(plain.replace(",", "."))


class _Filling:
    """Gathers data from fields."""

    def __init__(self, given: Fields) -> None:
        self.given = given
        self.came_from: dict[str, str] = {}
        self.faults: list[tuple[str, Message]] = []

    def text(self, name: str) -> str:
        return next((one.strip() for one in self.given.get(name, ()) if one.strip()), "")

    def parts(self, name: str) -> list[str]:
        """Return the words of a field: given apart, or in one text with commas."""
        return [part for one in self.given.get(name, ()) for part in _PART.split(one.strip()) if part]

    def number(self, text: str, name: str) -> Any:  # noqa: ANN401 - the text itself where it is no number
        """Return a number; where ``text`` is none say so, and return nothing."""
        try:
            return number_of(text)
        except ValueError:
            kind = "number-of-two" if _AMBIGUOUS.fullmatch(text.strip()) else "number-expected"
            self.faults.append((name, Message(kind, {"text": text[:40]})))
            return None

    def put(self, into: dict[str, Any], path: str, key: str, value: Any, name: str) -> None:  # noqa: ANN401
        if value is not None and value not in ("", [], {}):
            into[key] = value
        self.came_from[f"{path}{key}"] = name

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return what stands before and after the colons of a list."""
        halves = [part.partition(":") for part in re.split(r"[;\n]\s*|,\s+", self.text(name)) if part.strip()]
        for before, colon, after in halves:
            if not (colon and before.strip() and after.strip()):
                self.faults.append((name, Message("pairs-expected", {"text": before[:40]})))
                return []
        return [(before.strip(), after.strip()) for before, _, after in halves]


def filled(given: Fields) -> Filled:
    """Return what the fields ``given`` come to; what is empty was not given."""
    filling = _Filling(given)
    data: dict[str, Any] = {}
    for name in _TEXTS:
        texts = {language: filling.text(f"{name}-{language}") for language in LANGUAGES}
        filling.put(data, "", name, {key: text for key, text in texts.items() if text}, f"{name}-{LANGUAGES[0]}")
    for name in _HEAD:
        filling.put(data, "", name, _value(filling, name, name), name)
    answered = list(_answered(filling))
    musts = [*answered, *_rows(filling, "m", "musts", _MUST, len(answered))]
    wants = list(_rows(filling, "w", "wants", _WANT, 0))
    data |= {name: rows for name, rows in (("musts", musts), ("wants", wants)) if rows}
    filling.came_from |= {name: name for name in ("musts", "wants")}
    return Filled(data, filling.came_from, tuple(filling.faults))


def _answered(filling: _Filling) -> Iterator[dict[str, Any]]:
    """Yield the musts that questions were answered with."""
    number = 0
    for question in QUESTIONS:
        if not filling.parts(question.field):
            continue
        path = f"musts.{number}."
        filling.came_from[path[:-1]] = question.field
        must: dict[str, Any] = {"criterion": question.criterion}
        if question.basis:
            basis = filling.text(f"{question.field}-basis") or question.basis
            filling.put(must, path, "basis", basis, f"{question.field}-basis")
        if question.bound.is_words:
            value: Any = filling.parts(question.field)
        else:
            value = filling.text(question.field)
            value = filling.number(value, question.field) if question.bound.is_number else value
        filling.put(must, path, question.bound.value, 0 if value is None else value, question.field)
        filling.put(must, path, "unit", question.unit, question.field)
        number += 1
        yield must


def _rows(filling: _Filling, letter: str, group: str, keys: Sequence[str], first: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of further musts, or of wants, that name a criterion."""
    number = first
    for row in range(MOST):
        if not filling.text(f"{letter}{row}-criterion"):
            continue
        path = f"{group}.{number}."
        filling.came_from[path[:-1]] = f"{letter}{row}-criterion"
        made: dict[str, Any] = {}
        for key in keys:
            name = f"{letter}{row}-{key}"
            filling.put(made, path, key, _value(filling, key, name), name)
        number += 1
        yield made


def _value(filling: _Filling, key: str, name: str) -> Any:  # noqa: ANN401, PLR0911 - one return a kind of value
    if key in _LISTS:
        return filling.parts(name)
    if key == "label":
        texts = {language: filling.text(f"{name}-{language}") for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}
    if key == "scale":
        points = [(filling.number(x, name), filling.number(value, name)) for x, value in filling.pairs(name)]
        return [list(point) for point in points if None not in point]
    if key == "values":
        valued = {word: filling.number(value, name) for word, value in filling.pairs(name)}
        return {word: value for word, value in valued.items() if value is not None}
    if key in ("range", "weight"):
        ends = [filling.number(one, name) for one in filling.text(name).split(RANGE) if one.strip()]
        ends = [] if None in ends else ends
        return ends[0] if key == "weight" and len(ends) == 1 else ends
    text = filling.text(name)
    if key == "inbound":
        return True if text else None
    if key == "nth":
        return int(text) if text.isdecimal() and len(text) < 6 else text  # noqa: PLR2004 - more digits than places
    return filling.number(text, name) if key in _NUMBERS and text else text


def fields_of(brief: Brief) -> dict[str, list[str]]:
    """Return the fields that come to ``brief``: the form in which to change it."""
    data = as_data(brief)
    made: dict[str, list[str]] = {}
    for name in _TEXTS:
        text = data.get(name, {})
        for language in LANGUAGES:
            made[f"{name}-{language}"] = [text if isinstance(text, str) else text.get(language, "")]
    for name in _HEAD:
        made[name] = _texts(data.get(name, ""))
    rows = []
    for must in data.get("musts", ()):
        question = next((one for one in QUESTIONS if one.field not in made and _fits(one, must)), None)
        if question is None:
            rows.append(must)
            continue
        made[question.field] = _texts(must[question.bound.value])
        if question.basis:
            made[f"{question.field}-basis"] = [must["basis"]]
        if must.get("unit", question.unit) == "m2" and question.unit == "ha":
            made[question.field] = _texts(must[question.bound.value] / _M2_IN_HA)
    for letter, every in (("m", rows), ("w", data.get("wants", ()))):
        for number, one in enumerate(every):
            made |= {f"{letter}{number}-{key}": _texts(value) for key, value in _flat(one)}
    return {name: texts for name, texts in made.items() if any(texts)}


def _fits(question: Question, must: Mapping[str, Any]) -> bool:
    """Say whether the must is what the question asks for, and nothing more."""
    plain = {"criterion", "unit", question.bound.value, *(("basis",) if question.basis else ())}
    return must["criterion"] == question.criterion and question.bound.value in must and set(must) <= plain


def _flat(one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in one.items():
        if key == "label":
            texts = value if isinstance(value, Mapping) else dict.fromkeys(LANGUAGES, value)
            yield from ((f"label-{language}", text) for language, text in texts.items())
        elif key == "scale":
            yield key, "; ".join(f"{_text(x)}: {_text(worth)}" for x, worth in value)
        elif key == "values":
            yield key, "; ".join(f"{word}: {_text(worth)}" for word, worth in value.items())
        elif key in ("range", "weight") and isinstance(value, list):
            yield key, RANGE.join(_text(end) for end in value)
        else:
            yield key, value


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - any plain value
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:  # noqa: ANN401 - any plain value
    if isinstance(value, bool):
        return "yes" if value else ""
    return repr(value) if isinstance(value, float) else str(value)
