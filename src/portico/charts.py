"""Charts as SVG: pure drawing of labels and numbers, the same on paper and on a page.

Colours stand out from white by more than 4.5 to 1, and nothing is told by colour alone: every bar has its label and its
number. Lengths are in units of the drawing (96 to the inch). Texts are escaped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

FONTS = "Titillium Web, DejaVu Sans, sans-serif"
INK, SOFT, LINE, BLUE, BAND, DOUBT = "#17324d", "#455a70", "#c5cfd9", "#0059b3", "#a9cbf0", "#f3e3c3"
_SIZE, _ROW, _TOP, _BOTTOM = 10.0, 18.0, 4.0, 30.0
_WIDE = frozenset("MWmw@%—ÆŒ")
_NARROW = frozenset("iljtfrI.,;:'’|!()[] ")


@dataclass(frozen=True, slots=True)
class Bar:
    """A range with its usual value: ``low`` or ``high`` is None where no bound is known, ``mid`` where nothing is."""

    label: str
    low: float | None
    mid: float | None
    high: float | None
    value: str
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Stack:
    """Shares of a whole, each from 0 to 1; ``value`` is the number that stands beside them."""

    label: str
    shares: tuple[float, ...]
    value: str


def text_width(text: str, size: float) -> float:
    """Return about how wide ``text`` is in letters of ``size``.

    >>> text_width("illy", 10.0) < text_width("wamm", 10.0)
    True
    """
    return size * sum(0.3 if one in _NARROW else 0.78 if one in _WIDE else 0.54 for one in text)


def clipped(text: str, size: float, width: float) -> str:
    """Return as much of ``text`` as is about ``width`` wide.

    >>> clipped("a name that is long", 10.0, 50.0)
    'a name th…'
    """
    text = " ".join(text.split())
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[: min(len(kept) - 1, int(len(kept) * width / text_width(kept, size)) + 1)]
    return kept.rstrip() + "…"


def nice_step(span: float, most: int = 6) -> float:
    """Return the least of 1, 2, 5 times a power of ten that divides ``span`` into at most ``most`` parts.

    >>> nice_step(68.0), nice_step(1.0), nice_step(0.0)
    (20.0, 0.2, 1.0)
    """
    if not span > 0 or not math.isfinite(span):
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(float(round(times * power, 12)) for times in (1, 2, 5, 10) if span / (times * power) <= most + 1e-9)


def label(x: float, y: float, text: str, *, size: float = _SIZE, fill: str = INK, anchor: str = "start") -> str:
    """Return a text of a drawing, escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONTS}" font-size="{size:g}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def drawing(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    """Return a whole SVG with its title."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def ranges(
    bars: Sequence[Bar],
    *,
    title: str,
    axis: str,
    number: Callable[[float], str],
    most: float = 0.0,
    width: float = 640.0,
) -> str:
    """Return a chart of ranges: a band from the least to the most, a mark at the usual value.

    ``axis`` names the quantity with its unit, ``number`` writes a number of the axis. The axis begins at 0 and ends at
    ``most`` or what the bars need. Where no upper bound is known the band runs out at the edge.
    """
    ends = [end for bar in bars for end in (bar.low, bar.mid, bar.high) if end is not None]
    step = nice_step(max([most, *ends, 1e-9]))
    top = most or step * math.ceil(max([*ends, step]) / step - 1e-9)
    named = min(250.0, max([text_width(bar.label, _SIZE) for bar in bars], default=0.0) + 12)
    valued = max([text_width(bar.value, _SIZE) for bar in bars], default=0.0) + 14
    left, right, foot = named, width - valued, _TOP + _ROW * len(bars)

    def at(value: float) -> float:
        return left + (right - left) * min(max(value / top, 0.0), 1.0)

    parts = _axis(at, top, step, foot, axis, number)
    for place, bar in enumerate(bars):
        middle = _TOP + _ROW * (place + 0.5)
        parts.append(label(left - 8, middle + 3.5, clipped(bar.label, _SIZE, named - 12), anchor="end"))
        parts.append(label(width, middle + 3.5, bar.value, fill=SOFT, anchor="end"))
        parts.extend(_band(bar, at, middle, right))
    return drawing(width, foot + _BOTTOM, title, parts)


def _axis(
    at: Callable[[float], float], top: float, step: float, foot: float, name: str, number: Callable[[float], str]
) -> list[str]:
    parts = []
    for count in range(round(top / step) + 1):
        x = at(count * step)
        parts.append(f'<path d="M{x:.1f} {_TOP:g}V{foot:.1f}" stroke="{LINE}" stroke-width="0.6"/>')
        parts.append(label(x, foot + 12, number(count * step), size=8.5, fill=SOFT, anchor="middle"))
    return [*parts, label((at(0) + at(top)) / 2, foot + 25, name, size=9, fill=SOFT, anchor="middle")]


def _band(bar: Bar, at: Callable[[float], float], middle: float, right: float) -> list[str]:
    if bar.low is None and bar.mid is None and bar.high is None:
        return []
    low = at(bar.low if bar.low is not None else 0.0)
    high = right if bar.high is None else at(bar.high)
    fill = DOUBT if bar.is_doubtful else BAND
    dashes = ' stroke-dasharray="3 2"' if bar.is_doubtful else ""
    body = (
        f'<rect x="{low:.1f}" y="{middle - 4.5:.1f}" width="{max(high - low, 1.5):.1f}" height="9" rx="2" '
        f'fill="{fill}" stroke="{BLUE}" stroke-width="0.5"{dashes}/>'
    )
    parts = [body]
    if bar.mid is not None:
        parts.append(f'<path d="M{at(bar.mid):.1f} {middle - 6.5:.1f}v13" stroke="{BLUE}" stroke-width="2"/>')
    return parts


def stacks(
    rows: Sequence[Stack], *, title: str, axis: str, parts_named: Sequence[str], number: Callable[[float], str],
    width: float = 640.0,
) -> str:  # fmt: skip
    """Return a chart of shares side by side, from the darkest, which is the first part, to the lightest.

    ``parts_named`` says what each part is; a part of at least a tenth carries its name inside.
    """
    named = min(250.0, max([text_width(row.label, _SIZE) for row in rows], default=0.0) + 12)
    valued = max([text_width(row.value, _SIZE) for row in rows], default=0.0) + 14
    left, right, foot = named, width - valued, _TOP + _ROW * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * min(max(value, 0.0), 1.0)

    parts = _axis(at, 1.0, 0.2, foot, axis, number)
    for place, row in enumerate(rows):
        middle = _TOP + _ROW * (place + 0.5)
        parts.append(label(left - 8, middle + 3.5, clipped(row.label, _SIZE, named - 12), anchor="end"))
        parts.append(label(width, middle + 3.5, row.value, fill=SOFT, anchor="end"))
        begun = 0.0
        for which, share in enumerate(row.shares):
            parts.extend(_part(at(begun), at(begun + share), middle, which, len(row.shares), share, parts_named))
            begun += share
    return drawing(width, foot + _BOTTOM, title, parts)


def _part(
    low: float, high: float, middle: float, which: int, of: int, share: float, parts_named: Sequence[str]
) -> list[str]:
    if share <= 0:
        return []
    light = 0.0 if of < 2 else which / (of - 1)  # noqa: PLR2004 - one part alone is dark
    red, green, blue = (round(dark + (pale - dark) * light) for dark, pale in ((0, 222), (71, 234), (143, 247)))
    box = (
        f'<rect x="{low:.1f}" y="{middle - 6:.1f}" width="{max(high - low, 0.5):.1f}" height="12" '
        f'fill="#{red:02x}{green:02x}{blue:02x}" stroke="#ffffff" stroke-width="0.5"/>'
    )
    if share < 0.1 or which >= len(parts_named):  # noqa: PLR2004 - too narrow for a name
        return [box]
    shade = "#ffffff" if light < 0.45 else INK  # noqa: PLR2004 - white stands out from the darker half alone
    return [box, label((low + high) / 2, middle + 3, parts_named[which], size=8.5, fill=shade, anchor="middle")]
