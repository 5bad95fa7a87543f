"""``init``, ``check`` and ``build``: a city folder made, looked over, and turned into versions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from portico.build import Step
from portico.build import build as build_city
from portico.city.opening import errors_of
from portico.city.template import write
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.show import as_json, err, out, show_findings, table
from portico.dossier import plain
from portico.match import briefs
from portico.messages import Message
from portico.permits import findings as permits


def init(name: str, *, common: Common = DEFAULTS) -> int:
    """Write a new city folder with commented examples.

    Parameters
    ----------
    name
        The folder to make; its last part becomes the id of the city. An existing folder is never touched.
    """
    folder = Path(name)
    files = write(folder)
    if common.json:
        as_json({"folder": str(folder), "files": files})
        return 0
    console = out()
    console.print(common.say(Message("init-done", {"folder": str(folder), "count": len(files)})))
    for file in files:
        console.print(f"  {folder}/{file}", markup=False)
    console.print(common.say(Message("init-next", {"folder": str(folder)})))
    return 0


def check(*, as_of: AsOf = None, common: Common = DEFAULTS) -> int:
    """Say everything that is wrong with a city folder at once: settings, facts, briefs, rules of permits, projects.

    Exit code 0: nothing wrong (warnings allowed); 1: errors.
    """
    city = common.open()
    findings = [*city.findings(today(as_of)), *briefs.findings(city), *permits.findings(city.folder)]
    errors = errors_of(tuple(findings))
    if common.json:
        as_json({"city": city.settings.id, "errors": len(errors), "findings": plain.findings(findings, common.say)})
        return bool(errors)
    console = out()
    show_findings(findings, common.say, console)
    rows = sum(len(facts.rows) for facts in city.facts.values())
    values = {"count": len(errors), "warnings": len(findings) - len(errors), "rows": rows, "tables": len(city.facts)}
    console.print(common.say(Message("check-summary", values)))
    return bool(errors)


def build(*, dry_run: bool = False, as_of: AsOf = None, common: Common = DEFAULTS) -> int:
    """Turn the city's facts and files into versions.

    The same facts give the same versions, so a second run changes nothing; a run that was killed is simply run again.

    Parameters
    ----------
    dry_run
        Only check; say what would be published.
    """
    city = common.open()
    if dry_run:
        return check(as_of=as_of, common=common)
    progress = err()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    built = build_city(
        city,
        as_of=today(as_of),
        at=at,
        progress=lambda step: progress.print(f"  {step.dataset}", style="dim", markup=False),
    )
    if common.json:
        as_json(
            {
                "city": city.settings.id,
                "new": built.new,
                "datasets": [_plain(step) for step in built.steps],
                "warnings": plain.findings(built.warnings, common.say),
            }
        )
        return 0
    say = common.say
    show_findings(built.warnings, say, progress)
    rows = [
        (
            step.dataset,
            step.version.short,
            say.number(step.version.row_count),
            say("ingested.held" if step.publication is None else "new" if step.is_new else "unchanged"),
        )
        for step in built.steps
    ]
    out().print(table([say("dataset"), say("version"), say("rows"), ""], rows, numbers=(2,)))
    out().print(say(Message("build-done", {"city": city.settings.name, "count": built.new, "of": len(built.steps)})))
    return 0


def _plain(step: Step) -> dict[str, object]:
    return {
        "dataset": step.dataset,
        "version": step.version.id,
        "rows": step.version.row_count,
        "publication": step.publication.number if step.publication else None,
        "new": step.is_new,
    }
