r"""The dates of a plan as a calendar file (iCalendar, RFC 5545), for anyone's own calendar.

Days without a time, each an event: the filing and the last day of the term of every procedure that is surely needed,
and the milestones. Lines end in CRLF and are folded at 75 octets (RFC 5545, section 3.1); in a text ``\``, ``;``,
``,`` and line breaks are escaped (section 3.3.11).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portico.messages import Message
from portico.translation import Translator

_OCTETS = 75
_DAY = timedelta(days=1)
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar(plan: dict[str, Any], say: Translator, stamp: datetime) -> bytes:
    """Return the calendar of a plan, as ``permits_plain.plan`` gives it; ``stamp`` is when it was made (with a zone).

    What is perhaps needed has no entry: its days would be taken for dates.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//portico//permits//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(plan['project'] or say('permits'))}",
    ]
    for key, day, summary, text in _entries(plan, say):
        lines += _event(f"{_mark(plan)}-{key}@portico", stamp, day, (summary, text))
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _mark(plan: dict[str, Any]) -> str:
    """Return what tells one plan from another: an entry of the same plan made again takes the place of the old one."""
    whole = f"{plan['project']}/{plan['site']}/{plan['filed']}/{plan['pack']['id']}"
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


def _entries(plan: dict[str, Any], say: Translator) -> Iterator[tuple[str, date, str, str]]:
    tail = say(Message("permits-ics-tail", {"disclaimer": plan["disclaimer"], "day": plan["pack"]["as_of"]}))
    for one in plan["needed"]:
        dates = one["dates"]
        if dates is None or one["absorbed_by"] or not dates["sure"]:
            continue
        title = say(Message("permits-recalled-title", {"title": one["title"]})) if one["recalled"] else one["title"]
        text = f"{one['authority']}\n{one['basis']}\n{tail}"
        yield f"{one['id']}-filed", dates["filed"], say(Message("permits-ics-filed", {"title": title})), text
        end, name = dates["latest_end"], "permits-ics-latest"
        if end is None:
            end, name = dates["ends"], "permits-ics-ends"
        if end > dates["filed"]:
            yield f"{one['id']}-ends", end, say(Message(name, {"title": title})), text
    for name, one in plan["milestones"].items():
        yield f"{name}-earliest", one["earliest"], say(Message("permits-ics-earliest", {"title": one["title"]})), tail
        if one["latest"] is not None and one["latest"] != one["earliest"]:
            yield f"{name}-latest", one["latest"], say(Message("permits-ics-latest", {"title": one["title"]})), tail


def _event(identifier: str, stamp: datetime, day: date, texts: tuple[str, str]) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{identifier}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{min(day, date.max - _DAY) + _DAY:%Y%m%d}",
        f"SUMMARY:{escaped(texts[0])}",
        f"DESCRIPTION:{escaped(texts[1])}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    r"""Return a text as a value of a calendar: signs that mean something escaped, characters that steer left out.

    >>> print(escaped("Works; noise, dust\nand \\"))
    Works\; noise\, dust\nand \\
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    r"""Return a line in parts of at most 75 octets, each but the first after a blank; no letter is cut in two.

    >>> [len(part.encode()) for part in folded("è" * 50).split("\r\n")]
    [74, 27]
    """
    parts, part, length = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if length + size > _OCTETS:
            parts.append(part)
            part, length = " ", 1
        part += letter
        length += size
    return "\r\n".join([*parts, part])
