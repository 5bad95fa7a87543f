"""A project (``PROJECT.toml``) read into answers, every fault at once; answers that contradict each other are refused.

A project says what its investor knows. What is left out is not known. ``[answers]`` holds attributes of the pack: yes
or no, a number, or one of the attribute's words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from portico.errors import InputError, RejectedError, UsageError
from portico.files import write_whole
from portico.messages import Finding, Message, did_you_mean, has_controls
from portico.permits.cells import is_within
from portico.permits.model import Answers, Attribute, AttributeKind, Group, Pack, Value
from portico.permits.needs import answer_of
from portico.permits.rules import contradicted, knowledge
from portico.permits.truth import Known
from portico.settings import Document, read_document, read_into

INVESTOR = "investor"
REGISTER = "register"
LAYER = "layer"
_LONGEST = 300
_SIGNS = {AttributeKind.YES_NO: "type.bool", AttributeKind.NUMBER: "type.float", AttributeKind.WORD: "type.str"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What an investor says: a name, perhaps a site of the register and a day of filing, and answers."""

    name: str = ""
    site: str = ""
    filed: date | None = None
    answers: Mapping[str, bool | float | str] = field(default_factory=dict)


def read(path: Path, pack: Pack) -> Project:
    """Return the project in a TOML file. Raises UsageError where there is none, RejectedError with every fault."""
    if not path.is_file():
        raise UsageError("file-missing", file=str(path))
    return check(read_document(path, path.name), pack)


def check(document: Document, pack: Pack) -> Project:
    """Return the project in ``document``; raise RejectedError with all that is wrong with it."""
    project, findings = interpret(document, pack)
    if project is None or findings:
        raise RejectedError("project-rejected", tuple(findings), file=document.name)
    return project


def interpret(document: Document, pack: Pack) -> tuple[Project | None, list[Finding]]:
    """Return the project in ``document`` and what is wrong with it."""
    findings: list[Finding] = []
    project = read_into(Project, document, findings)
    if project is None:
        return None, findings
    faults = [*_texts(project), *_faults(project.answers, pack)]
    if not faults:
        faults = [(f"answers.{name}", message) for name, message in contradictions(pack, given(project))]
    findings += [Finding(message, document.place(path)) for path, message in faults]
    return project, findings


def _texts(project: Project) -> Iterator[tuple[str, Message]]:
    for key in ("name", "site"):
        text = getattr(project, key)
        if has_controls(text):
            yield key, Message("text-controls", {"key": key})
        elif len(text) > _LONGEST:
            yield key, Message("text-too-long", {"key": key, "count": len(text), "limit": _LONGEST})


def _faults(answers: Mapping[str, Value], pack: Pack) -> Iterator[tuple[str, Message]]:
    asked = [name for name, one in pack.attributes.items() if one.group is not Group.DERIVED]
    for name, value in answers.items():
        attribute = pack.attributes.get(name)
        path = f"answers.{name}"
        if attribute is None:
            values = {"name": ascii(name[:80])[1:-1], "advice": did_you_mean(name, asked)}
            yield path, Message("answer-unknown-attribute", values)
        elif attribute.group is Group.DERIVED:
            yield path, Message("answer-derived", {"name": name})
        else:
            fault = fault_of(attribute, value)
            if fault:
                yield path, fault


def fault_of(attribute: Attribute, value: Value) -> Message | None:
    """Return what is wrong with an answer to ``attribute``, or nothing.

    >>> from portico.messages import Text
    >>> people = Attribute("people", AttributeKind.NUMBER, Group.PROFILE, Text(en="People?"), least=0.0, whole=True)
    >>> fault_of(people, 12.0), fault_of(people, -1.0).id
    (None, 'answer-range')
    """
    right = {
        AttributeKind.YES_NO: isinstance(value, bool),
        AttributeKind.NUMBER: isinstance(value, float | int) and not isinstance(value, bool),
        AttributeKind.WORD: isinstance(value, str),
    }[attribute.kind]
    if not right:
        values = {"name": attribute.name, "expected": Message(_SIGNS[attribute.kind])}
        return Message("answer-wrong-type", values)
    if isinstance(value, str) and value not in attribute.words:
        advice = did_you_mean(value, attribute.words)
        return Message(
            "answer-unknown-word", {"name": attribute.name, "value": ascii(value[:80])[1:-1], "advice": advice}
        )
    if attribute.kind is AttributeKind.NUMBER and not is_within(attribute, float(value)):
        low = "–" if attribute.least is None else attribute.least
        high = "–" if attribute.most is None else attribute.most
        return Message("answer-range", {"name": attribute.name, "low": low, "high": high, "whole": attribute.whole})
    return None


def given(project: Project) -> Answers:
    """Return what the project says, as answers of the investor."""
    return Answers(dict(project.answers), dict.fromkeys(project.answers, INVESTOR))


def contradictions(pack: Pack, answers: Answers) -> Iterator[tuple[str, Message]]:
    """Yield what cannot be true together: an attribute to correct, and the sentence that says so."""
    known = knowledge(pack, answers, infer=False)
    for one, condition in contradicted(pack, known):
        names = condition.deciding(known)
        said = tuple(_said(pack.attributes[name], known[name]) for name in names)
        yield names[0] if names else "", Message("answers-contradict", {"why": one.text, "answers": said})


def _said(attribute: Attribute, value: Known) -> Message:
    return Message("answer-said", {"question": attribute.question, "answer": answer_of(attribute, value)})


def joined(pack: Pack, investor: Answers, others: Sequence[Answers]) -> tuple[Answers, tuple[Message, ...]]:
    """Return the investor's answers with what the register and the city's layers know, and where they disagree.

    Where two disagree neither is taken: both stay possible, and the disagreement is named. Raises InputError where
    what the register knows cannot be true together with what the investor says.
    """
    together = investor
    disagreements: list[Message] = []
    for other in others:
        for name in (*other.values, *other.among):
            together, message = _with(pack.attributes[name], together, other, name)
            if message:
                disagreements.append(message)
    for _, message in contradictions(pack, together):
        raise InputError("answers-contradict-site", why=message)
    return together, tuple(disagreements)


def _with(attribute: Attribute, together: Answers, other: Answers, name: str) -> tuple[Answers, Message | None]:
    before = _possible(together, name)
    new = _possible(other, name) or ()
    both = new if before is None else tuple(one for one in before if one in new)
    message = None
    if before is not None and not both:
        both = (*before, *(one for one in new if one not in before))
        values = {
            "question": attribute.question,
            "first": tuple(answer_of(attribute, one) for one in before),
            "second": tuple(answer_of(attribute, one) for one in new),
        }
        message = Message("answers-disagree", values)
    values_now = {key: value for key, value in together.values.items() if key != name}
    among = {key: value for key, value in together.among.items() if key != name}
    if len(both) == 1:
        values_now[name] = both[0]
    elif both:
        among[name] = both
    is_own = before is not None and both == before
    said_by = dict(together.said_by) if is_own else {**together.said_by, name: other.said_by.get(name, REGISTER)}
    evidence = {**together.evidence}
    if name in other.evidence:
        evidence[name] = (*evidence.get(name, ()), *other.evidence[name])
    return replace(together, values=values_now, among=among, said_by=said_by, evidence=evidence), message


def _possible(answers: Answers, name: str) -> tuple[Value, ...] | None:
    """Return the answers that are still possible; None where nothing was said."""
    if name in answers.values:
        return (answers.values[name],)
    return answers.among.get(name)


def to_toml(project: Project) -> str:
    """Return a project as TOML, to be read again by ``read``.

    >>> print(to_toml(Project(name="Mill", answers={"employees": 12.0, "asbestos": True})), end="")
    name = "Mill"
    <BLANKLINE>
    [answers]
    employees = 12
    asbestos = true
    """
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}" for key in ("name", "site") if (text := getattr(project, key))
    ]
    if project.filed:
        lines.append(f"filed = {project.filed.isoformat()}")
    lines += ["", "[answers]", *(f"{name} = {_toml(value)}" for name, value in project.answers.items()), ""]
    return "\n".join(lines).lstrip("\n")


def _toml(value: Value) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return json.dumps(value, ensure_ascii=False)


def write(path: Path, project: Project) -> None:
    """Write a project whole, or not at all."""
    write_whole(path, to_toml(project))
