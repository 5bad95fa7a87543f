"""The columns of a version as a page shows them: what they are, how full, how wide, what stands in them most often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.lake.columns import BY_NAME
from portico.lake.model import Column, Type
from portico.messages import Message
from portico.translation import Translator
from portico.web import cells
from portico.web.described import Described, has_words

COLUMNS_SHOWN = 200
_TOP = 5
_WIDE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A value that stands often in a column; ``width`` of a hundred is that of the most frequent one."""

    value: str
    count: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A column in words; what was not counted is empty."""

    name: str
    type: str
    meaning: str
    unit: str
    format: str
    missing: int
    share: float | None
    share_text: str
    distinct: str
    spread: tuple[str, ...]
    bars: tuple[Bar, ...]
    rejects: str


def lines(found: Described, say: Translator) -> tuple[Line, ...]:
    """Return the columns of the version described, the first 200 of them."""
    if found.version is None:
        return ()
    by_name = {str(one.get("name")): one for one in found.report.get("columns", ())}
    return tuple(_line(column, by_name.get(column.name, {}), say) for column in found.version.columns[:COLUMNS_SHOWN])


def type_words(kind: Type, say: Translator) -> str:
    """Return what a logical type is called."""
    return say.word("column-type", kind.value)


def meaning_words(meaning: str, say: Translator) -> str:
    """Return what the values of a column are; the name of the meaning where there are no words for it."""
    return say.word("meaning", meaning) if meaning else ""


def expected_words(name: str, say: Translator) -> str:
    """Return what a type of column is called, by what its values are or else by its logical type."""
    ids = [BY_NAME[name].words.id] if name in BY_NAME else []
    known = next((one for one in (*ids, f"meaning.{name}", f"column-type.{name}") if has_words(say, one)), "")
    return say(known) if known else name.replace("-", " ")


def _line(column: Column, told: Mapping[str, Any], say: Translator) -> Line:
    seen = told.get("profile") or {}
    filled, missing = seen.get("filled"), seen.get("missing")
    is_counted = isinstance(filled, int) and isinstance(missing, int)
    full, empty = (int(filled or 0), int(missing or 0)) if is_counted else (0, 0)
    share = full / (full + empty) if full + empty else None
    distinct = seen.get("distinct")
    return Line(
        column.name,
        type_words(column.type, say),
        meaning_words(column.meaning, say),
        say.unit(column.unit) or column.unit,
        cells.cut(str(told.get("format") or "")),
        empty,
        share,
        cells.percent(share, say) if share is not None else "",
        _about(distinct, exact=bool(seen.get("distinct_is_exact", True)), say=say),
        _spread(seen, column, say),
        _bars(seen.get("top") or (), column, say),
        say.number(told["rejects"]) if told.get("rejects") else "",
    )


def _about(count: Any, *, exact: bool, say: Translator) -> str:  # noqa: ANN401 - out of a stored report
    if not isinstance(count, int | float):
        return ""
    return say.number(count) if exact else say(Message("page.about-count", {"number": say.number(count)}))


def _spread(seen: Mapping[str, Any], column: Column, say: Translator) -> tuple[str, ...]:
    """Return range, quartiles, mean and lengths as sentences."""
    found = []
    low, high = (_bound(seen.get(name), column, say) for name in ("minimum", "maximum"))
    if low and high:
        found.append(low if low == high else f"{low} – {high}")
    quartiles = [one for one in seen.get("quantiles") or () if isinstance(one, int | float)]
    if len(quartiles) == 3:  # noqa: PLR2004 - a quarter, a half, three quarters
        named = dict(zip(("low", "middle", "high"), (cells.measured(one, say) for one in quartiles), strict=True))
        found.append(say(Message("page.quartiles", named)))
    mean = seen.get("mean")
    if isinstance(mean, int | float) and not isinstance(mean, bool):
        found.append(say(Message("page.mean", {"mean": cells.measured(mean, say)})))
    shortest, longest = seen.get("shortest"), seen.get("longest")
    if isinstance(shortest, int) and isinstance(longest, int):
        length = say.number(longest) if shortest == longest else f"{say.number(shortest)}–{say.number(longest)}"
        found.append(say(Message("page.lengths", {"length": length, "count": longest})))
    return tuple(found)


def _bound(value: Any, column: Column, say: Translator) -> str:  # noqa: ANN401 - out of a stored report
    if isinstance(value, float):
        return cells.measured(value, say)
    return cells.shown(value, column, say)


def _bars(top: Sequence[Any], column: Column, say: Translator) -> tuple[Bar, ...]:
    pairs = [(value, count) for value, count in top if isinstance(count, int) and count > 0][:_TOP]
    most = max((count for _, count in pairs), default=0)
    if most <= 1 and len(pairs) > 1:
        return ()  # every value once: that says nothing
    return tuple(
        Bar(cells.shown(value, column, say), say.number(count), round(_WIDE * count / most, 1))
        for value, count in pairs
    )


def issue_line(one: Mapping[str, Any], found: Described, say: Translator) -> dict[str, Any]:
    """Return an issue with its sentence; without values of the file where these may be what was masked or dropped."""
    hides = found.hides_raw_text
    values = one.get("values") or {}
    spoken = {name: value for name, value in values.items() if not hides or name in _HARMLESS}
    spoken |= {name: "…" for name in values if name not in spoken}
    return {
        "type": str(one.get("type") or ""),
        "severity": str(one.get("severity") or ""),
        "row": one.get("row") or None,
        "column": str(one.get("column") or ""),
        "value": "" if hides else cells.cut(str(one.get("value") or "")),
        "message": _issue_words({"type": one.get("type"), "values": spoken}, say),
    }


# What a sentence may say of a file whose texts are not shown.
_HARMLESS = frozenset({"column", "count", "type", "format", "file", "row", "rows", "at", "crs", "encoding", "limit"})


def _issue_words(one: Mapping[str, Any], say: Translator) -> str:
    """Return the sentence of an issue kept in a report.

    A value of it may be a message again. Only ids that the catalogue knows are taken for messages.
    """
    kind = str(one.get("type") or "")
    if not has_words(say, kind):
        return cells.cut(kind.replace("-", " "))
    values = one.get("values") or {}
    return say(Message(kind, {str(name): _inner(value, say) for name, value in values.items()}))


def _inner(value: Any, say: Translator) -> object:  # noqa: ANN401 - out of a stored report
    if isinstance(value, Mapping) and "id" in value:
        return _issue_words({"type": value["id"], "values": value.get("values")}, say)
    return value if isinstance(value, bool | int | float) else cells.cut(str(value))
