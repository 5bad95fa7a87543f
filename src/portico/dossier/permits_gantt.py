"""The path of a project as a chart over time: one row a procedure, from its filing to the end of its term.

A dark bar is the earliest course, a light one reaches to the latest. A bar that runs out in dashes has no known end:
no term was found for it, or for one before it. What is perhaps needed has a dashed frame. The same stands in a table
beside it (``rows``), and in the terminal (``as_lines``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portico.charts import BAND, BLUE, INK, LINE, SOFT, clipped, drawing, label, text_width
from portico.messages import Message
from portico.translation import Translator

_ROW, _SIZE, _TOP, _BOTTOM, _MOST_NAME = 20.0, 11.0, 8.0, 34.0, 300.0
_BAR = 9.0
_DAYS = (7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652)
_MARK = 62.0
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A procedure or a milestone over time. ``latest`` is None where no end is known."""

    id: str
    title: str
    filed: date
    ends: date
    latest_filed: date | None
    latest: date | None
    is_sure: bool
    is_critical: bool
    is_milestone: bool
    is_recalled: bool


def rows(plan: dict[str, Any], *, sure_only: bool = False) -> tuple[Row, ...]:
    """Return the rows of a plan, as ``permits_plain.plan`` gives it: in the order of filing, milestones last."""
    titles = {one["id"]: one for part in ("needed", "perhaps", "optional") for one in plan[part]}
    critical = {*plan["critical_path"], *plan["critical_path_latest"]}
    found = [
        Row(
            name,
            titles[name]["title"],
            each["filed"],
            each["ends"],
            each["latest_filed"],
            each["latest_end"],
            each["sure"],
            name in critical,
            is_milestone=False,
            is_recalled=titles[name]["recalled"],
        )
        for name, each in plan["dates"].items()
        if name in titles and (each["sure"] or not sure_only)
    ]
    found.sort(key=lambda one: not one.is_sure)
    ends = [
        Row(name, one["title"], one["earliest"], one["earliest"], one["latest"], one["latest"],
            is_sure=True, is_critical=True, is_milestone=True, is_recalled=False)
        for name, one in plan["milestones"].items()
    ]  # fmt: skip
    return (*found, *ends)


def span(every: Sequence[Row], begun: date) -> tuple[date, date]:
    """Return the first and the last day that a chart of these rows shows."""
    days = [day for one in every for day in (one.filed, one.ends, one.latest_filed, one.latest) if day is not None]
    last = max([*days, begun])
    return begun, max(last, begun + timedelta(days=min(28, (date.max - begun).days)))


def marks(begun: date, last: date, most: int = 9) -> list[date]:
    """Return the days at which a chart has a line: as many as can be read, ``most`` at most.

    >>> len(marks(date(2027, 1, 11), date(2027, 4, 12)))
    7
    """
    length = (last - begun).days
    step = next((one for one in _DAYS if length / one <= most), max(length, 1))
    return [begun + timedelta(days=at) for at in range(0, length + 1, step)]


def chart(plan: dict[str, Any], say: Translator, *, width: float = 900.0, sure_only: bool = False) -> str:
    """Return the chart as SVG; texts escaped, its title and a description for those who cannot see it."""
    every = rows(plan, sure_only=sure_only)
    begun, last = span(every, plan["filed"])
    left = min(_MOST_NAME, max([text_width(_name(one), _SIZE) for one in every], default=0.0) + 16)
    right = width - 28
    foot = _TOP + _ROW * len(every)

    def at(day: date) -> float:
        return left + (right - left) * (day - begun).days / max((last - begun).days, 1)

    parts = []
    for day in marks(begun, last, max(2, int((right - left) / _MARK))):
        parts.append(f'<path d="M{at(day):.1f} {_TOP:g}V{foot:.1f}" stroke="{LINE}" stroke-width="0.7"/>')
        parts.append(label(at(day), foot + 14, f"{day:%d.%m.%Y}", size=9, fill=SOFT, anchor="middle"))
    for place, one in enumerate(every):
        middle = _TOP + _ROW * (place + 0.5)
        parts.append(label(left - 8, middle + 4, clipped(_name(one), _SIZE, left - 12), size=_SIZE, anchor="end"))
        parts += _milestone(one, at, middle, right) if one.is_milestone else _bar(one, at, middle, right)
    title = say(Message("permits-gantt-title", {"count": len(every), "from": begun, "to": last}))
    return drawing(width, foot + _BOTTOM, title, parts)


def _name(one: Row) -> str:
    return f"{'◆ ' if one.is_milestone else ''}{one.title}{' *' if one.is_recalled else ''}"


def _bar(one: Row, at: Any, middle: float, right: float) -> list[str]:  # noqa: ANN401 - days to a place
    top = middle - _BAR / 2
    start, ends = at(one.filed), max(at(one.ends), at(one.filed) + 2.5)
    latest = right if one.latest is None else max(at(one.latest), ends)
    dash = ' stroke-dasharray="3 2"' if not one.is_sure else ""
    parts = []
    if one.latest is None:
        line = f'<path d="M{ends:.1f} {middle:.1f}H{right:.1f}" stroke="{SOFT}" stroke-width="1.4"'
        parts.append(f'{line} stroke-dasharray="2 3"/>')
    elif latest > ends:
        parts.append(
            f'<rect x="{ends:.1f}" y="{top:.1f}" width="{latest - ends:.1f}" height="{_BAR:g}" fill="{BAND}" '
            f'stroke="{SOFT}" stroke-width="0.8"{dash}/>'
        )
    fill = (INK if one.is_critical else BLUE) if one.is_sure else "#ffffff"
    stroke = INK if one.is_critical else BLUE
    parts.append(
        f'<rect x="{start:.1f}" y="{top:.1f}" width="{ends - start:.1f}" height="{_BAR:g}" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="1.2"{dash}/>'
    )
    return parts


def _milestone(one: Row, at: Any, middle: float, right: float) -> list[str]:  # noqa: ANN401 - days to a place
    start = at(one.filed)
    end = right if one.latest is None else at(one.latest)
    dash = ' stroke-dasharray="2 3"' if one.latest is None else ""
    parts = [f'<path d="M{start:.1f} {middle:.1f}H{end:.1f}" stroke="{INK}" stroke-width="1.4"{dash}/>']
    ends = dict.fromkeys([start, *([end] if one.latest is not None else [])])
    look = f'fill="{INK}" stroke="#ffffff" stroke-width="0.8"'
    return [*parts, *(f'<path d="M{x:.1f} {middle - 5:.1f}l5 5l-5 5l-5 -5z" {look}/>' for x in ends)]


def as_lines(plan: dict[str, Any], say: Translator, width: int = 80) -> list[str]:
    """Return the chart for a terminal: a line a row, at most ``width`` signs.

    ``#`` the earliest course (``=`` where it is not on the critical path), ``-`` up to the latest, ``>`` no end known,
    ``?`` perhaps needed, ``*`` a milestone.
    """
    every = rows(plan)
    begun, last = span(every, plan["filed"])
    width = max(width, _NARROWEST)
    named = min(30, width // 3)
    room = width - named - 1
    days = max((last - begun).days, 1)

    def at(day: date) -> int:
        return min(room - 1, (day - begun).days * (room - 1) // days)

    lines = []
    for one in every:
        cells = [" "] * room
        end = room - 1 if one.latest is None else at(one.latest)
        for place in range(at(one.filed), end + 1):
            cells[place] = "-" if one.latest is not None else "."
        for place in range(at(one.filed), at(one.ends) + 1):
            cells[place] = ("*" if one.is_milestone else "#" if one.is_critical else "=") if one.is_sure else "?"
        if one.latest is None:
            cells[-1] = ">"
        name = _name(one).replace("◆ ", "* ")
        name = name if len(name) <= named else f"{name[: named - 1]}…"
        lines.append(f"{name:<{named}} {''.join(cells)}".rstrip())
    scale = f"{begun:%d.%m.%Y}"
    lines.append(" " * (named + 1) + scale + f"{last:%d.%m.%Y}".rjust(room - len(scale)))
    return [*lines, *(_wrapped(say("permits-gantt-key"), width))]


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]
