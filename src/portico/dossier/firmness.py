"""How firm a shortlist is, as plain data."""

from __future__ import annotations

from typing import Any

from portico.dossier import plain
from portico.match.firm_words import (
    contender_words,
    find_out_words,
    first_words,
    name_of,
    overturn_words,
    sentences,
    threshold_words,
)
from portico.match.model import Brief, Want
from portico.match.robustness import Contender, FindOut, Firm, Firmness, Overturn, Robustness, Threshold
from portico.translation import Translator


def to_dict(found: Robustness, brief: Brief, say: Translator) -> dict[str, Any]:
    """Return how firm a shortlist is; weights and shares of draws are parts of 1, wants are in the brief's order."""
    return {
        "wants": [say(name_of(want)) for want in brief.wants],
        "qualified": _group(found.qualified, brief, say) if found.qualified else None,
        "to_verify": _group(found.to_verify, brief, say) if found.to_verify else None,
        "contenders": [_contender(one, say) for one in found.contenders],
    }


def _group(one: Firmness, brief: Brief, say: Translator) -> dict[str, Any]:
    return {
        "draws": one.draws,
        "certain": one.is_certain,
        "left_out": one.left_out,
        "entries": [_entry(each, say) for each in one.entries],
        "pairwise": {
            row.site.id: {column.site.id: share for column, share in zip(one.entries, shares, strict=True)}
            for row, shares in zip(one.entries, one.pairwise, strict=True)
        },
        "overturn": _overturn(one.overturn, one, brief, say) if one.overturn else None,
        "thresholds": [_threshold(each, brief, say) for each in one.thresholds],
        "to_find_out": [_find_out(each, brief, say) for each in one.find_out],
        "words": [say(each) for each in sentences(one)],
    }


def _entry(one: Firm, say: Translator) -> dict[str, Any]:
    return {
        "id": one.site.id,
        "first": plain.figure(one.first),
        "acceptability": list(one.ranks),
        "central_weights": list(one.central) if one.central else None,
        "confidence": one.confidence,
        "first_by_any_weights": plain.figure(one.first_by_any) if one.first_by_any else None,
        "central_weights_by_any": list(one.central_by_any) if one.central_by_any else None,
        "words": say(first_words(one)),
    }


def _place(want: Want, brief: Brief) -> int:
    """Return at which place a want stands: itself, else one like it, since a brief that is read again is another."""
    itself = [number for number, one in enumerate(brief.wants) if one is want]
    return itself[0] if itself else brief.wants.index(want)


def _overturn(one: Overturn, group: Firmness, brief: Brief, say: Translator) -> dict[str, Any]:
    return {
        "id": one.rival.id,
        "change": plain.figure(one.distance),
        "weights": [
            {"want": _place(want, brief), "from": before, "to": after, "label": say(name_of(want))}
            for want, before, after in one.moved
        ],
        "allowed": one.is_allowed,
        "words": " ".join(say(each) for each in overturn_words(one, group.entries[0].site)),
    }


def _threshold(one: Threshold, brief: Brief, say: Translator) -> dict[str, Any]:
    return {
        "want": _place(one.want, brief),
        "from": plain.figure(one.share),
        "to": plain.figure(one.to),
        "id": one.rival.id,
        "words": say(threshold_words(one)),
    }


def _find_out(one: FindOut, brief: Brief, say: Translator) -> dict[str, Any]:
    return {
        "id": one.site.id,
        "want": _place(one.want, brief),
        "criterion": one.want.criterion,
        "unknown": one.is_unknown,
        "chance": plain.figure(one.chance),
        "ask": plain.partner(one.ask, say),
        "by": one.by.isoformat(),
        "words": say(find_out_words(one)),
    }


def _contender(one: Contender, say: Translator) -> dict[str, Any]:
    return {
        "id": one.entry.site.id,
        "first": plain.figure(one.first),
        "ask": plain.partner(one.ask, say),
        "by": one.by.isoformat(),
        "words": say(contender_words(one)),
    }
