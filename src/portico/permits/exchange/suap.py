"""A case in the form of the Italian one-stop shop: the instance descriptor of its specification, out and in again.

Documents travel by reference with their hash; a case carries none. Rule and computed date stay apart: clocks are days
counted from the start, as the specification has them since its first version held dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portico.errors import InputError, RejectedError
from portico.messages import Finding, Message, Place, did_you_mean, has_controls
from portico.permits.exchange import suap_words as words

MAX_BYTES = 5_000_000
_MOST = 1_000
_LONGEST = 4_000
_ISTAT = re.compile(r"[0-9]{6}")
_HASH = re.compile(r"[0-9a-fA-F]{64,128}|[A-Za-z0-9+/]{43,88}={0,2}")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document by reference: where to fetch it, its hash and by which algorithm."""

    ref: str
    hash: str
    alg_hash: str
    mime_type: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class UseCase:
    """One procedure of a case: its code and version, the body that is competent, the form and what is attached."""

    code: str
    version: str
    competent_administration: str
    instance: Paper
    attachments: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case and when it was reached, with its zone."""

    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent: which operation, by whom to whom, when."""

    operation: str
    sender: str
    receiver: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cui:
    """The identity of a case in the single-desk system."""

    context: str
    data: date
    progressive: int
    uuid: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case: who asked where for what, its states, its clocks in days from ``start``, the messages sent."""

    cui: Cui
    descriptor_version: str
    municipality: str
    workflow: str
    workflow_version: str
    start: date
    times: Mapping[str, int]
    use_cases: tuple[UseCase, ...]
    states: tuple[State, ...]
    sent: tuple[Sent, ...] = ()
    free_attachments: tuple[Paper, ...] = field(default=())


def export(case: Case, version: str = words.LATEST) -> dict[str, Any]:
    """Return a case as the specification writes it. Raises InputError for what that version has no word for."""
    if version not in words.VERSIONS:
        raise InputError("suap-version-unknown", name=version, advice=did_you_mean(version, words.VERSIONS))
    return {
        "specification": version,
        "cui": {
            "context": case.cui.context,
            "data": case.cui.data.isoformat(),
            "progressive": case.cui.progressive,
            "uuid": case.cui.uuid,
        },
        "instance_descriptor": {
            "version": case.descriptor_version,
            "municipality": case.municipality,
            "usecase_proceedings": [_use_case(one) for one in case.use_cases],
            "free_attachments": [_paper(one) for one in case.free_attachments],
            "instance_status": [
                {"state": _state(one.state, version), "timestamp": one.at.isoformat()} for one in case.states
            ],
            "times": {"start": case.start.isoformat(), **case.times},
            "workflow": {"id": _workflow(case.workflow, version), "version": case.workflow_version},
        },
        "messages": [
            {"operation": one.operation, "from": one.sender, "to": one.receiver, "timestamp": one.at.isoformat()}
            for one in case.sent
        ],
    }


def _state(state: str, version: str) -> str:
    found = words.state_in(version, state)
    if found is None:
        raise InputError("suap-state-not-in-version", state=state, version=version)
    return found


def _workflow(workflow: str, version: str) -> str:
    if workflow not in words.WORKFLOWS[version]:
        raise InputError("suap-workflow-not-in-version", workflow=workflow, version=version)
    return workflow


def _use_case(one: UseCase) -> dict[str, Any]:
    return {
        "code": one.code,
        "version": one.version,
        "competent_administration": one.competent_administration,
        "instance": _paper(one.instance),
        "attachments": [_paper(each) for each in one.attachments],
    }


def _paper(one: Paper) -> dict[str, str]:
    said = {"ref": one.ref, "hash": one.hash, "alg_hash": one.alg_hash}
    said |= {"mime_type": one.mime_type} if one.mime_type else {}
    return said | ({"description": one.description} if one.description else {})


def read(path: Path) -> Case:
    """Read a case. Raises InputError where the file is no JSON or too large, RejectedError with all that is wrong."""
    if path.stat().st_size > MAX_BYTES:
        raise InputError("file-too-large", file=path.name, limit=MAX_BYTES)
    try:
        plain = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError("suap-not-json", file=path.name, detail=str(error)[:200]) from error
    return interpret(plain, path.name)


def interpret(plain: object, name: str) -> Case:
    """Return the case that plain data says. Raises RejectedError with all that is wrong, each with its key."""
    reader = _Reader(name)
    case = reader.case(plain)
    if case is None or reader.findings:
        raise RejectedError("suap-rejected", tuple(reader.findings), file=name)
    return case


class _Reader:
    """Turns plain data into a case, and collects what does not fit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.findings: list[Finding] = []

    def fault(self, key: str, message: Message, value: object = "") -> None:
        self.findings.append(Finding(message, Place(self._name, 0, key), str(value)[:200]))

    def case(self, plain: object) -> Case | None:
        whole = self._table(plain, "")
        version = self._word(whole, "specification", "", words.VERSIONS)
        descriptor = self._table(whole.get("instance_descriptor"), "instance_descriptor")
        cui = self._cui(self._table(whole.get("cui"), "cui"))
        at = "instance_descriptor."
        times = self._table(descriptor.get("times"), f"{at}times")
        workflow = self._table(descriptor.get("workflow"), f"{at}workflow")
        start = self._day(times, "start", f"{at}times.")
        known = words.STATES.get(version, ())
        made = Case(
            cui or Cui("", date.min, 0, ""),
            self._text(descriptor, "version", at),
            self._text(descriptor, "municipality", at, _ISTAT),
            self._word(workflow, "id", f"{at}workflow.", words.WORKFLOWS.get(version, ())),
            self._text(workflow, "version", f"{at}workflow."),
            start or date.min,
            dict(self._clocks(times, f"{at}times.")),
            tuple(self._use_cases(descriptor, at)),
            tuple(self._states(descriptor, at, known)),
            tuple(self._sent(whole)),
            tuple(self._papers(descriptor, "free_attachments", at)),
        )
        if not made.use_cases:
            self.fault(f"{at}usecase_proceedings", Message("suap-key-missing", {"key": f"{at}usecase_proceedings"}))
        return None if self.findings else made

    def _table(self, value: object, key: str) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(key, Message("suap-key-missing", {"key": key or "{…}"}), value if value is not None else "")
        return {}

    def _list(self, table: Mapping[str, Any], key: str, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        found = table.get(key, [])
        if not isinstance(found, list) or len(found) > _MOST:
            self.fault(f"{at}{key}", Message("suap-list", {"key": f"{at}{key}", "most": _MOST}))
            return
        for number, one in enumerate(found):
            place = f"{at}{key}.{number}"
            yield f"{place}.", self._table(one, place)

    def _text(self, table: Mapping[str, Any], key: str, at: str, form: re.Pattern[str] | None = None) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            self.fault(f"{at}{key}", Message("suap-key-missing", {"key": f"{at}{key}"}), value or "")
            return ""
        if len(value) > _LONGEST or has_controls(value) or (form is not None and not form.fullmatch(value)):
            self.fault(f"{at}{key}", Message("suap-wrong-form", {"key": f"{at}{key}"}), value)
            return ""
        return value

    def _word(self, table: Mapping[str, Any], key: str, at: str, known: tuple[str, ...]) -> str:
        value = self._text(table, key, at)
        if value and known and value not in known:
            advice = did_you_mean(value, known)
            self.fault(f"{at}{key}", Message("unknown-word", {"value": value[:80], "advice": advice}), value)
            return ""
        return value

    def _day(self, table: Mapping[str, Any], key: str, at: str) -> date | None:
        value = self._text(table, key, at)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(f"{at}{key}", Message("suap-wrong-form", {"key": f"{at}{key}"}), value)
            return None

    def _moment(self, table: Mapping[str, Any], at: str) -> datetime | None:
        value = self._text(table, "timestamp", at)
        try:
            found = datetime.fromisoformat(value) if value else None
        except ValueError:
            found = datetime.min  # noqa: DTZ901 - without a zone, and so refused below
        if found is not None and found.tzinfo is None:  # a moment without its zone is two moments
            self.fault(f"{at}timestamp", Message("suap-wrong-form", {"key": f"{at}timestamp"}), value)
            return None
        return found

    def _cui(self, table: Mapping[str, Any]) -> Cui | None:
        # One version of the schema demands "progressive" and describes "progressivo".
        number = table.get("progressive", table.get("progressivo"))
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            self.fault("cui.progressive", Message("suap-key-missing", {"key": "cui.progressive"}), number)
            number = 0
        day = self._day(table, "data", "cui.")
        context, uuid = self._text(table, "context", "cui."), self._text(table, "uuid", "cui.")
        return Cui(context, day, number, uuid) if day else None

    def _clocks(self, times: Mapping[str, Any], at: str) -> Iterator[tuple[str, int]]:
        for key, value in times.items():
            if key == "start":
                continue
            if key not in words.CLOCKS:
                advice = did_you_mean(key, words.CLOCKS)
                self.fault(f"{at}{key}", Message("unknown-key", {"key": f"{at}{key}", "advice": advice}), key)
            elif not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 3650:  # noqa: PLR2004 - ten years
                self.fault(f"{at}{key}", Message("suap-wrong-form", {"key": f"{at}{key}"}), value)
            else:
                yield key, value
        if words.CLOCKS[0] not in times:
            self.fault(f"{at}{words.CLOCKS[0]}", Message("suap-key-missing", {"key": f"{at}{words.CLOCKS[0]}"}))

    def _use_cases(self, descriptor: Mapping[str, Any], at: str) -> Iterator[UseCase]:
        for place, one in self._list(descriptor, "usecase_proceedings", at):
            instance = self._paper(self._table(one.get("instance"), f"{place}instance"), f"{place}instance.")
            yield UseCase(
                self._text(one, "code", place),
                self._text(one, "version", place),
                self._text(one, "competent_administration", place),
                instance,
                tuple(self._papers(one, "attachments", place)),
            )

    def _papers(self, table: Mapping[str, Any], key: str, at: str) -> Iterator[Paper]:
        for place, one in self._list(table, key, at):
            yield self._paper(one, place)

    def _paper(self, one: Mapping[str, Any], at: str) -> Paper:
        optional = {key: self._text(one, key, at) for key in ("mime_type", "description") if key in one}
        return Paper(
            self._text(one, "ref", at),
            self._text(one, "hash", at, _HASH),
            self._word(one, "alg_hash", at, words.HASHES),
            **optional,
        )

    def _states(self, descriptor: Mapping[str, Any], at: str, known: tuple[str, ...]) -> Iterator[State]:
        for place, one in self._list(descriptor, "instance_status", at):
            moment = self._moment(one, place)
            state = self._word(one, "state", place, known)
            if moment:
                yield State(state, moment)

    def _sent(self, whole: Mapping[str, Any]) -> Iterator[Sent]:
        for place, one in self._list(whole, "messages", ""):
            moment = self._moment(one, place)
            operation = self._word(one, "operation", place, words.OPERATIONS)
            sender = self._word(one, "from", place, words.ACTORS)
            receiver = self._word(one, "to", place, words.ACTORS)
            if moment:
                yield Sent(operation, sender, receiver, moment)
