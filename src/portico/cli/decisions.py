"""``data held|release|mask|drop|refuse``: versions held because of personal data, and what is decided on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from portico.build import lake_of
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.lake import holding, queries
from portico.lake.commands import Published
from portico.lake.holding import Decision
from portico.messages import Message
from portico.translation import Translator

By = Annotated[str, Parameter(help="Who decides.")]
Note = Annotated[str, Parameter(help="Why.")]
Columns = Annotated[str, Parameter(help="The columns, with commas between them; else all that hold personal data.")]


def held(
    *, everything: Annotated[bool, Parameter(name="--all", negative="")] = False, common: Common = DEFAULTS
) -> int:
    """List the versions that are held; with --all also those decided on."""
    found = queries.holds(lake_of(common.open()), every=everything)
    if common.json:
        as_json(
            [
                {
                    "dataset": one.dataset,
                    "version": one.version,
                    "reasons": list(one.reasons),
                    "held_at": one.held_at,
                    "decision": one.decision.value,
                    "decided_by": one.decided_by,
                    "decided_at": one.decided_at,
                    "note": one.note,
                    "became": one.became,
                }
                for one in found
            ]
        )
        return 0
    say = common.say
    rows = []
    for one in found:
        reasons = "; ".join(_reason(say, reason) for reason in one.reasons)
        decided = (
            f"{say(f'decided.{one.decision.value}')} {one.decided_by} {one.decided_at[:10]}" if one.decision else ""
        )
        rows.append((one.dataset, one.version[:12], reasons, one.held_at[:10], decided))
    out().print(table([say("dataset"), say("version"), say("reason"), say("since"), say("decision")], rows))
    return 0


def _reason(say: Translator, reason: Mapping[str, Any]) -> str:
    """Return what keeps a version from being published: a column, and what it tells of persons."""
    kind = str(reason["kind"])
    return f"{reason['column']}: {say(f'personal-kind.{kind}')}"


def release(dataset: str, *, by: By, note: Note = "", common: Common = DEFAULTS) -> int:
    """Publish a held version as it is; the decision is recorded."""
    return _published(holding.release(lake_of(common.open()), dataset, _decision(by, note)), common)


def mask(dataset: str, *, by: By, columns: Columns = "", note: Note = "", common: Common = DEFAULTS) -> int:
    """Publish a held version with personal data masked; the decision is recorded."""
    return _published(holding.mask(lake_of(common.open()), dataset, _names(columns), _decision(by, note)), common)


def drop(dataset: str, *, by: By, columns: Columns = "", note: Note = "", common: Common = DEFAULTS) -> int:
    """Publish a held version without the columns that hold personal data; the decision is recorded."""
    return _published(holding.drop(lake_of(common.open()), dataset, _names(columns), _decision(by, note)), common)


def refuse(dataset: str, *, by: By, note: Note = "", common: Common = DEFAULTS) -> int:
    """Decide that a held version is never published; the decision is recorded."""
    decided = holding.refuse(lake_of(common.open()), dataset, _decision(by, note))
    if common.json:
        as_json({"dataset": decided.dataset, "version": decided.version, "decision": decided.decision.value})
    else:
        out().print(common.say(Message("hold-refused", {"dataset": decided.dataset})), markup=False)
    return 0


def _decision(by: str, note: str) -> Decision:
    return Decision(by, datetime.now(UTC).isoformat(timespec="seconds"), note)


def _names(columns: str) -> list[str]:
    return [name.strip() for name in columns.split(",") if name.strip()]


def _published(done: Published, common: Common) -> int:
    entry = done.publication
    if common.json:
        as_json({"dataset": entry.dataset, "version": entry.version, "publication": entry.number})
        return 0
    values = {"dataset": entry.dataset, "number": entry.number, "version": done.version.short}
    out().print(common.say(Message("hold-published", values)), markup=False)
    return 0
