"""What a visitor said of a project, carried in the address: no session, no account, nothing kept here.

``project`` names one of the city's to begin with, ``site`` one of the register, ``filed`` a day; ``a-NAME=VALUE`` is an
answer, in the order in which they were given, and ``a-NAME=`` says that it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from portico.dates import plausible
from portico.errors import InputError
from portico.messages import Message, did_you_mean
from portico.permits.answers import Project, contradictions, fault_of, given
from portico.permits.kept import project_of
from portico.permits.model import Group, Pack, Value
from portico.permits.typed import number_in, text_of, value_in
from portico.web.portal import Portal

MOST_BYTES = 12_000
_MOST_FIELDS = 400
_LONGEST = 200
_ANSWER, _TYPED = "a-", "n-"
Trail = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An address: where to begin, on which site, filed when, and the trail of answers; empty: not known."""

    project: str = ""
    site: str = ""
    filed: date | None = None
    trail: Trail = ()

    def query(self) -> str:
        """Return the address that says all of this, without its question mark."""
        pairs = [("project", self.project), ("site", self.site)]
        pairs.append(("filed", self.filed.isoformat() if self.filed else ""))
        return urlencode([*(one for one in pairs if one[1]), *((_ANSWER + name, text) for name, text in self.trail)])

    def answering(self, name: str, text: str) -> Asked:
        """Return the same with this answer: in the place of an earlier one, else as the last."""
        if any(one == name for one, _ in self.trail):
            return replace(self, trail=tuple((one, text if one == name else old) for one, old in self.trail))
        return replace(self, trail=(*self.trail, (name, text)))

    def without(self, name: str) -> Asked:
        """Return the same as if this had never been asked."""
        return replace(self, trail=tuple(one for one in self.trail if one[0] != name))


@dataclass(frozen=True, slots=True)
class Sent:
    """A query: the address it carries, the fields typed into the form, the question to ask again, the button pressed.

    ``typed`` is None where no form was sent.
    """

    asked: Asked
    typed: Mapping[str, str] | None
    again: str
    wish: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an address comes to: the project with its answers, what is said not to be known, and what is wrong."""

    asked: Asked
    project: Project
    unknown: frozenset[str]
    faults: tuple[tuple[str, Message], ...]


def sent(query: bytes) -> Sent:
    """Return what a query says. Raises InputError for one too long, too many fields, or a day that is none."""
    if len(query) > MOST_BYTES:
        raise InputError("permits-address-long", limit=MOST_BYTES)
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InputError("form-unreadable") from error
    one = dict(pairs)
    trail = {key[len(_ANSWER) :]: text[:_LONGEST] for key, text in pairs if key.startswith(_ANSWER)}
    typed = {key[len(_TYPED) :]: text[:_LONGEST] for key, text in pairs if key.startswith(_TYPED)}
    names = {key: one.get(key, "")[:_LONGEST] for key in ("project", "site", "ask", "do")}
    asked = Asked(names["project"], names["site"], day_of(one.get("filed", "")), tuple(trail.items()))
    return Sent(asked, typed if typed or "do" in one else None, names["ask"], names["do"])


def day_of(text: str) -> date | None:
    """Return the day in a text, None for none. Raises InputError for what is no day, or one nobody can file on."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:20])
    except ValueError as error:
        raise InputError("permits-no-day", value=ascii(text[:20])[1:-1]) from error
    plausible(day)
    return day


def said(portal: Portal, pack: Pack, asked: Asked) -> Said:
    """Return what an address comes to. What cannot be read is named, and stays in the address to be corrected.

    A name that no question has is named once and leaves the address: nobody could correct it.
    Raises UnknownNameError for a project that the city has not.
    """
    project = project_of(portal.city.folder, asked.project, pack) if asked.project else Project()
    answers: dict[str, Value] = dict(project.answers)
    unknown, faults = set(), []
    for name, text in asked.trail:
        answers.pop(name, None)
        value, fault = _read(pack, name, text)
        if fault:
            faults.append((name, fault))
        elif value is None:
            unknown.add(name)
        else:
            answers[name] = value
    site, filed = asked.site or project.site, asked.filed or project.filed
    whole = replace(project, site=site, filed=filed, answers=answers)
    faults += contradictions(pack, given(whole))
    kept = replace(asked, trail=tuple(one for one in asked.trail if _is_asked(pack, one[0])))
    return Said(kept, whole, frozenset(unknown), tuple(faults))


def _is_asked(pack: Pack, name: str) -> bool:
    return name in pack.attributes and pack.attributes[name].group is not Group.DERIVED


def _read(pack: Pack, name: str, text: str) -> tuple[Value | None, Message | None]:
    if not _is_asked(pack, name):
        names = [one for one in pack.attributes if _is_asked(pack, one)]
        values = {"name": ascii(name[:80])[1:-1], "advice": did_you_mean(name, names)}
        return None, Message("answer-unknown-attribute", values)
    attribute = pack.attributes[name]
    if not text:
        return None, None
    value = value_in(text, attribute)
    if value is None:
        return None, Message("permits-no-answer", {"question": attribute.question, "text": text[:80]})
    fault = fault_of(attribute, value)
    return (None, fault) if fault else (value, None)


def typed_in(pack: Pack, form: Sent, language: str) -> tuple[Asked, Sequence[tuple[str, Message]]]:
    """Return the address with what was typed into the form, and what of it is no answer (left out)."""
    asked, faults = form.asked, []
    for name, text in (form.typed or {}).items():
        attribute = pack.attributes.get(name)
        bare = text.strip()
        if attribute is None or not bare:
            asked = asked.answering(name, "") if attribute is not None else asked
            continue
        number = number_in(bare, language) if attribute.kind.value == "number" else None
        value = number if attribute.kind.value == "number" else value_in(bare, attribute)
        fault = Message("permits-no-number", {"text": bare[:80]}) if value is None else fault_of(attribute, value)
        if fault or value is None:
            faults.append((name, fault or Message("permits-no-number", {"text": bare[:80]})))
        else:
            asked = asked.answering(name, text_of(value))
    return asked, faults
