"""What one asks of the territory in words: by which mode, which way, when, within how many minutes."""

from __future__ import annotations

from datetime import datetime

from portico.errors import UsageError
from portico.messages import did_you_mean
from portico.territory.model import Mode
from portico.territory.nearby import DS_PER_MINUTE
from portico.territory.travel.model import USUAL, Direction, Going, Window

LEAST_MINUTES, MOST_MINUTES = 1, 120
MOST_RINGS = 5


def mode_of(text: str) -> Mode:
    """Return the mode that is called so. Raises UsageError with advice for any other word."""
    known = [mode.value for mode in Mode]
    if text not in known:
        raise UsageError("unknown-value", key="mode", value=text, advice=did_you_mean(text, known))
    return Mode(text)


def direction_of(text: str) -> Direction:
    """Return the direction that is called so. Raises UsageError with advice for any other word."""
    known = [direction.value for direction in Direction]
    if text not in known:
        raise UsageError("unknown-value", key="direction", value=text, advice=did_you_mean(text, known))
    return Direction(text)


def going_of(direction: Direction, at: str, window_minutes: int) -> Going:
    """Return how one goes: in the ``window_minutes`` minutes from ``at`` on, or at the usual time where it is empty.

    ``at`` is the local time of the timetables. Raises UsageError for what is no such time.

    >>> going_of(Direction.INBOUND, "2022-10-05T08:30", 60).window
    Window(day=datetime.date(2022, 10, 5), start_ds=306000, minutes=60, arriving=True)
    """
    if not at.strip():
        return Going(direction)
    try:
        begin = datetime.fromisoformat(at.strip())
    except ValueError as error:
        raise UsageError("time-unreadable", value=at) from error
    if begin.tzinfo is not None:
        raise UsageError("time-with-zone", value=at)
    start_ds = (begin.hour * 60 + begin.minute) * DS_PER_MINUTE
    return Going(direction, Window(begin.date(), start_ds, window_minutes, arriving=direction is Direction.INBOUND))


def limits_of(text: str) -> tuple[int, ...]:
    """Return numbers of minutes written with commas between them, each once, the least first.

    Raises UsageError for what is no whole number, too few or too many, and for more of them than one can tell apart.

    >>> limits_of("30, 15,45")
    (15, 30, 45)
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise _no_rings(text)
    found = sorted({int(part) for part in parts})
    if len(found) > MOST_RINGS or found[0] < LEAST_MINUTES or found[-1] > MOST_MINUTES:
        raise _no_rings(text)
    return tuple(found)


def _no_rings(text: str) -> UsageError:
    return UsageError("rings-unreadable", value=text, most=MOST_RINGS, low=LEAST_MINUTES, high=MOST_MINUTES)


def usual_if_untimed(going: Going, mode: Mode) -> Going:
    """Return how one goes by ``mode``: the time of day matters to public transport alone.

    >>> usual_if_untimed(going_of(Direction.OUTBOUND, "2022-10-05T08:30", 60), Mode.WALK) == USUAL
    True
    """
    if mode is Mode.TRANSIT:
        return going
    return USUAL if going.direction is Direction.OUTBOUND else Going(going.direction)
