"""What a reform saves, and where projects lose days and papers, as plain data in the language of a reader."""

from __future__ import annotations

from datetime import date
from typing import Any

from portico.messages import Message
from portico.permits.model import Pack
from portico.permits.reform import Burden, Compared, Effect
from portico.permits.simplify import Simplifications
from portico.permits.whatif import Change
from portico.translation import Translator

Plain = dict[str, Any]


def effect(one: Effect, pack: Pack, filed: date, say: Translator) -> Plain:
    """Return what a reform does to a portfolio: numbers are sums over its projects, days ceilings of the law."""
    return {
        "title": say(one.reform.title),
        "filed": filed,
        "projects": one.projects,
        "together": _compared(one.together, pack, say),
        "alone": [
            {**change(each.change, pack, say), **_compared(each, pack, say)} for each in one.alone if each.change
        ],
        "disclaimer": say(pack.notes.disclaimer),
        "pack": {"id": pack.notes.id, "title": say(pack.notes.title), "as_of": pack.notes.as_of, "digest": pack.digest},
    }


def change(one: Change, pack: Pack, say: Translator) -> Plain:
    """Return a change: the rule it names, and in words what it does to it."""
    words = Message(
        f"reform.{one.kind.value}",
        {
            "procedure": _title(pack, one.procedure, say),
            "into": _title(pack, one.into, say),
            "after": _title(pack, one.after, say),
            "days": one.days if one.days is not None else "",
            "document": next((say(paper.title) for paper in pack.papers if paper.id == one.document), one.document),
        },
    )
    basis = pack.procedures[one.procedure].basis
    return {
        "kind": one.kind.value,
        "procedure": one.procedure,
        "into": one.into or None,
        "after": one.after or None,
        "days": one.days,
        "document": one.document or None,
        "words": say(words),
        "rule": basis,
        "reason": say(one.reason) if one.reason else "",
    }


def _compared(one: Compared, pack: Pack, say: Translator) -> Plain:
    before, after = one.before, one.after
    return {
        "touched": one.touched,
        "before": burden(before, pack, say),
        "after": burden(after, pack, say),
        "saved": {
            "days": {
                milestone: {
                    "title": _title(pack, milestone, say),
                    "low": least - after.days.get(milestone, (0, 0))[0],
                    "high": most - after.days.get(milestone, (0, 0))[1],
                }
                for milestone, (least, most) in before.days.items()
            },
            "filed": before.filed - after.filed,
            "asked": before.asked - after.asked,
            "papers": before.papers - after.papers,
            "undecided": before.undecided - after.undecided,
        },
    }


def burden(one: Burden, pack: Pack, say: Translator) -> Plain:
    """Return what rules ask of projects; ``open_ended`` milestones have terms before them that were not found."""
    return {
        "days": {
            milestone: {"title": _title(pack, milestone, say), "low": least, "high": most}
            for milestone, (least, most) in one.days.items()
        },
        "open_ended": one.open_ended,
        "filed": one.filed,
        "asked": one.asked,
        "papers": one.papers,
        "undecided": one.undecided,
    }


def simplifications(one: Simplifications, pack: Pack, say: Translator) -> Plain:
    """Return where projects lose days and papers, the largest loss first."""
    return {
        "projects": one.projects,
        "without_law": [
            {"procedure": each.procedure, "title": _title(pack, each.procedure, say), "projects": each.projects}
            for each in one.baseless
        ],
        "asked_twice": [
            {
                "document": each.document,
                "title": say(each.title),
                "projects": each.projects,
                "times": each.times,
                "spared": each.spared,
                "procedures": list(each.procedures),
            }
            for each in one.repeated
        ],
        "in_sequence": [
            {
                **change(each.change, pack, say),
                "basis": each.dependency.basis or say(each.dependency.why),
                "projects": each.projects,
                "saved": {"low": each.days[0], "high": each.days[1]},
            }
            for each in one.serial
        ],
        "disclaimer": say(pack.notes.disclaimer),
    }


def between(one: dict[str, Any]) -> str:
    """Return a range of numbers as it is written in a table.

    >>> between({"low": 5, "high": 5}), between({"low": 5, "high": 9})
    ('5', '5–9')
    """
    return f"{one['low']}" if one["low"] == one["high"] else f"{one['low']}–{one['high']}"


def spared(one: dict[str, Any]) -> str:
    """Return what is saved: as many days of the least as of the most, or from the fewer to the more of both.

    >>> spared({"low": 32, "high": 29})
    '29–32'
    """
    low, high = sorted((one["low"], one["high"]))
    return between({"low": low, "high": high})


def saved_words(saved: dict[str, Any], say: Translator) -> list[str]:
    """Return what a change saves, in words; one sentence where it saves nothing."""
    days = [one for one in saved["days"].values() if one["low"] or one["high"]]
    told = [say(Message("reform-saves-days", {"days": spared(one), "title": one["title"]})) for one in days]
    told += [
        say(Message(f"reform-saves.{key}", {"count": saved[key]}))
        for key in ("filed", "asked", "undecided")
        if saved[key]
    ]
    return told or [say("reform-saves-nothing")]


def _title(pack: Pack, procedure: str, say: Translator) -> str:
    return say(pack.procedures[procedure].title) if procedure in pack.procedures else procedure
