"""Which aid schemes are open to a project, which are not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portico.messages import Message
from portico.permits.model import Incentive, Pack
from portico.permits.needs import answer_of
from portico.permits.rules import rules_of
from portico.permits.truth import Condition, Knowledge


class Open(StrEnum):
    """Whether a scheme is open to a project: yes, perhaps, or not."""

    YES = "open"
    PERHAPS = "perhaps"
    NO = "not-open"


@dataclass(frozen=True, slots=True)
class Offer:
    """What was found of one scheme: ``unknown`` are the attributes that leave it open."""

    incentive: Incentive
    open: Open
    reasons: tuple[Message, ...]
    unknown: tuple[str, ...]


def offers(pack: Pack, known: Knowledge, filed: date) -> tuple[Offer, ...]:
    """Return every scheme of the pack, as far as it is open to a project filed on a day, of which this is ``known``."""
    return tuple(_offer(pack, one, condition, known, filed) for one, condition in rules_of(pack).incentives)


def _offer(pack: Pack, one: Incentive, condition: Condition, known: Knowledge, filed: date) -> Offer:
    truth = condition.truth(known)
    scheme = Message("incentive-scheme", {"reason": one.reason})
    if (one.valid_from and filed < one.valid_from) or (one.valid_to and one.valid_to < filed):
        values = {"from": one.valid_from or "–", "to": one.valid_to or "–"}
        return Offer(one, Open.NO, (Message("permit-not-in-force", values),), ())
    if truth is False:
        return Offer(one, Open.NO, _because(pack, condition, known), ())
    if one.is_open is False:
        return Offer(one, Open.NO, (scheme,), ())
    if truth is None:
        unknown = condition.left_open_by(known)
        questions = tuple(pack.attributes[name].question for name in unknown)
        return Offer(
            one,
            Open.PERHAPS,
            (Message("permit-open", {"count": len(unknown), "questions": questions}), scheme),
            unknown,
        )
    state = Open.YES if one.is_open else Open.PERHAPS
    return Offer(one, state, (scheme, *_because(pack, condition, known)), ())


def _because(pack: Pack, condition: Condition, known: Knowledge) -> tuple[Message, ...]:
    return tuple(
        Message("permit-because", {"question": one.question, "answer": answer_of(one, known[one.name])})
        for one in (pack.attributes[name] for name in condition.deciding(known))
        if one.name in known
    )
