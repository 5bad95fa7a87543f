"""A reform as a list of changes to rules: read from TOML, checked against the pack, made into another pack.

Nothing is changed in the pack itself: a reform gives a second one, with which the same projects are planned again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from portico.errors import RejectedError, UsageError
from portico.messages import Finding, Message, Text, did_you_mean
from portico.permits.model import Dependency, Link, Pack, Procedure, Tacit, Term
from portico.settings import Document, read_document, read_into

_DAYS = {"minimum": 0, "maximum": 3650}


class Kind(StrEnum):
    """What a reform does to a rule: a procedure is no longer asked for; it is taken in by another; it need no longer
    wait for another; its term is shorter; silence means assent; a document is no longer asked for.
    """  # noqa: D205 - one sentence

    REMOVE = "remove"
    MERGE = "merge"
    PARALLEL = "parallel"
    SHORTEN = "shorten"
    TACIT = "tacit"
    PAPER = "drop-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: of ``procedure``, ``into`` or no longer ``after`` another, to at most ``days``, without ``document``.

    ``reason`` is for people: the article that would change, or why.
    """

    kind: Kind
    procedure: str
    into: str = ""
    after: str = ""
    days: int | None = field(default=None, metadata=_DAYS)
    document: str = ""
    reason: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A reform: what it is called, and its changes."""

    title: Text
    changes: tuple[Change, ...]


_NEEDS: Mapping[Kind, str] = {
    Kind.MERGE: "into",
    Kind.PARALLEL: "after",
    Kind.SHORTEN: "days",
    Kind.PAPER: "document",
}


def read(path: Path, pack: Pack) -> WhatIf:
    """Read a reform. Raises RejectedError with all that is wrong with it, UsageError where there is no such file."""
    if not path.is_file():
        raise UsageError("file-missing", file=str(path))
    document = read_document(path, path.name)
    reform, findings = interpret(document, pack)
    if reform is None or findings:
        raise RejectedError("whatif-rejected", tuple(findings), file=document.name)
    return reform


def interpret(document: Document, pack: Pack) -> tuple[WhatIf | None, list[Finding]]:
    """Return the reform in ``document`` and what is wrong with it."""
    findings: list[Finding] = []
    reform = read_into(WhatIf, document, findings)
    if reform is None:
        return None, findings
    if not reform.changes:
        findings.append(Finding(Message("whatif-empty"), document.place("changes")))
    for number, change in enumerate(reform.changes):
        for key, message in _faults(change, pack):
            findings.append(Finding(message, document.place(f"changes.{number}.{key}")))
    return reform, findings


def _faults(change: Change, pack: Pack) -> Iterator[tuple[str, Message]]:
    names = {"procedure": change.procedure, "into": change.into, "after": change.after}
    for key, name in names.items():
        if name and name not in pack.procedures:
            advice = did_you_mean(name, pack.procedures)
            yield key, Message("permit-procedure-unknown", {"name": name, "advice": advice})
    wanted = _NEEDS.get(change.kind, "")
    for key in ("into", "after", "days", "document"):
        is_given = getattr(change, key) not in ("", None)
        if key == wanted and not is_given:
            yield key, Message("whatif-needs", {"kind": change.kind.value, "key": key})
        elif is_given and key != wanted:
            yield key, Message("whatif-useless", {"kind": change.kind.value, "key": key})
    if all(not name or name in pack.procedures for name in names.values()):
        yield from _without_effect(change, pack)


def _without_effect(change: Change, pack: Pack) -> Iterator[tuple[str, Message]]:
    """Yield what a change finds nothing to do on: a reform that changes no rule saves nothing, and hides a slip."""
    procedure = pack.procedures[change.procedure]
    if change.kind is Kind.MERGE and change.into == change.procedure:
        yield "into", Message("whatif-into-itself", {"procedure": change.procedure})
    for key, name in (("procedure", change.procedure), ("into", change.into)):
        if change.kind is Kind.MERGE and any(one.stage > 1 for one in pack.triggers if one.procedure == name):
            yield key, Message("whatif-not-by-answers", {"procedure": name})
    if change.kind is Kind.PARALLEL and change.after:
        waits = [one.other for one in pack.dependencies if one.procedure == change.procedure and one.link is Link.AFTER]
        if change.after not in waits:
            names = {"procedure": change.procedure, "after": change.after, "waits": ", ".join(waits) or "–"}
            yield "after", Message("whatif-does-not-wait", names)
    if change.kind is Kind.SHORTEN and change.days is not None:
        longest = max((one.most for one in procedure.terms if one.most is not None), default=None)
        if longest is None or longest <= change.days:
            most = "–" if longest is None else longest
            numbers = {"procedure": change.procedure, "days": change.days, "most": most}
            yield "days", Message("whatif-not-shorter", numbers)
    yield from _silence_or_paper(change, pack)


def _silence_or_paper(change: Change, pack: Pack) -> Iterator[tuple[str, Message]]:
    procedure = pack.procedures[change.procedure]
    if change.kind is Kind.TACIT and all(one.tacit is Tacit.ASSENT for one in procedure.terms):
        yield "procedure", Message("whatif-tacit-already", {"procedure": change.procedure})
    if change.kind is Kind.PAPER and change.document:
        asked = [one.id for one in pack.papers if one.procedure == change.procedure]
        if change.document not in asked:
            words = {"procedure": change.procedure, "document": change.document, "asked": ", ".join(asked) or "–"}
            yield "document", Message("whatif-document-not-asked", words)


def reformed(pack: Pack, *changes: Change) -> Pack:
    """Return the pack after ``changes``, in their order."""
    for change in changes:
        pack = _MAKES[change.kind](pack, change)
    return pack


def _removed(pack: Pack, change: Change) -> Pack:
    """Return the pack without the procedure; what waited for it waits for what it had waited for."""
    gone = change.procedure
    before = [one for one in pack.dependencies if one.procedure == gone and one.link in (Link.AFTER, Link.WITH)]
    kept = []
    for one in pack.dependencies:
        if gone not in (one.procedure, one.other):
            kept.append(one)
        elif one.other == gone and one.link is Link.AFTER:
            kept += [replace(one, other=earlier.other, lag=None) for earlier in before if earlier.link is Link.AFTER]
    return replace(
        pack,
        procedures={name: one for name, one in pack.procedures.items() if name != gone},
        triggers=tuple(one for one in pack.triggers if one.procedure != gone),
        dependencies=tuple(dict.fromkeys(kept)),
        papers=tuple(one for one in pack.papers if one.procedure != gone),
    )


def _merged(pack: Pack, change: Change) -> Pack:
    made = Dependency(change.into, change.procedure, Link.ABSORBS, change.reason.pick("en") or "reform")
    return replace(pack, dependencies=(*pack.dependencies, made))


def _parallel(pack: Pack, change: Change) -> Pack:
    kept = tuple(
        one
        for one in pack.dependencies
        if not (one.procedure == change.procedure and one.other == change.after and one.link is Link.AFTER)
    )
    return replace(pack, dependencies=kept)


def _shortened(pack: Pack, change: Change) -> Pack:
    days = change.days or 0

    def shorter(term: Term) -> Term:
        return replace(term, least=_at_most(term.least, days), most=_at_most(term.most, days))

    return _with_terms(pack, change.procedure, shorter)


def _at_most(days: int | None, limit: int) -> int | None:
    return None if days is None else min(days, limit)


def _tacit(pack: Pack, change: Change) -> Pack:
    return _with_terms(pack, change.procedure, lambda term: replace(term, tacit=Tacit.ASSENT))


def _with_terms(pack: Pack, procedure: str, change: Callable[[Term], Term]) -> Pack:
    one = pack.procedures[procedure]
    made: Procedure = replace(one, terms=tuple(change(term) for term in one.terms))
    return replace(pack, procedures={**pack.procedures, procedure: made})


def _without_paper(pack: Pack, change: Change) -> Pack:
    gone = (change.procedure, change.document)
    return replace(pack, papers=tuple(one for one in pack.papers if (one.procedure, one.id) != gone))


_MAKES: Mapping[Kind, Callable[[Pack, Change], Pack]] = {
    Kind.REMOVE: _removed,
    Kind.MERGE: _merged,
    Kind.PARALLEL: _parallel,
    Kind.SHORTEN: _shortened,
    Kind.TACIT: _tacit,
    Kind.PAPER: _without_paper,
}
