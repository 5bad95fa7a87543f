"""Clean-up: old versions that nothing needs any more go, with a reason for each one that stays.

First the plan, which changes nothing; then the plan is carried out. The rows go in one transaction that looks again at
what became a head or was cited meanwhile; the files go afterwards, while no one can publish. A clean-up that is killed
in between leaves files without a row, which the next one finds. The log keeps every entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from portico.errors import NotBuiltError, StateError
from portico.lake import store
from portico.lake.keeping.files import Lying, Sort, lying
from portico.lake.keeping.standing import Beside, Rule, Standing, reasons, referenced
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.messages import Message

ABANDONED_S = 3600
"""A file that nothing refers to may be about to be published; one that is older than this is not."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that stays, and why."""

    version: Version
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a clean-up under ``rule`` would do: versions and files that go, orphans among them, versions that stay.

    ``files`` belong to the versions that go; ``orphans`` to nothing that the database knows. ``young`` counts files
    that would go too, but were written within the last hour.
    """

    rule: Rule
    going: tuple[Version, ...]
    kept: tuple[Kept, ...]
    files: tuple[Lying, ...]
    orphans: tuple[Lying, ...]
    young: int

    @property
    def size(self) -> int:
        """How many bytes would be free afterwards."""
        return sum(one.size for one in (*self.files, *self.orphans))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up did: versions whose content went, versions spared because somebody needed them meanwhile."""

    versions: tuple[Version, ...]
    spared: tuple[Version, ...]
    files: int
    size: int


def plan(lake: Lake, rule: Rule, *, beside: Beside = store.files_beside) -> Plan:
    """Return what a clean-up under ``rule`` would do. Changes nothing.

    ``beside`` names the files that belong to versions without being their content. Raises NotBuiltError where nothing
    was ever published.
    """
    if not lake.database.exists:
        raise NotBuiltError("not-built")
    found = sorted(lying(lake.objects.folder), key=lambda one: one.name)  # before the database: files come first
    with lake.database.read() as connection:
        standing = Standing.read(connection)
        why = reasons(standing, rule)
        staying = [one for one in standing.versions if why[one.dataset, one.id]]
        needed = referenced(connection, staying, _since(rule), beside)
        known = referenced(connection, standing.versions, _since(rule), beside)
    unneeded = [one for one in found if _may_go(one, needed)]
    old = [one for one in unneeded if _is_old(one.written_s, rule)]
    return Plan(
        rule,
        tuple(one for one in standing.versions if not why[one.dataset, one.id]),
        tuple(Kept(one, why[one.dataset, one.id]) for one in staying),
        tuple(one for one in old if one.name in known),
        tuple(one for one in old if one.name not in known),
        len(unneeded) - len(old),
    )


def apply(lake: Lake, planned: Plan, *, beside: Beside = store.files_beside) -> Cleaned:
    """Carry out a plan: never a version that became a head, was cited or published again since it was made.

    Files go after the rows, orphans with them. Raises StateError where the folder is read-only.
    """
    with lake.database.write() as connection:
        why = reasons(Standing.read(connection), planned.rule)
        gone = tuple(one for one in planned.going if why.get((one.dataset, one.id)) == ())
        spared = tuple(one for one in planned.going if why.get((one.dataset, one.id)))
        for one in gone:
            store.remove_version(connection, one.dataset, one.id)
    with lake.objects.workshop():
        pass  # making one removes those of killed processes
    sizes = _remove(lake, planned.rule, beside)
    return Cleaned(gone, spared, len(sizes), sum(sizes))


def collected(lake: Lake, dataset: str) -> frozenset[str]:
    """Return the ids of the versions in the log of ``dataset`` whose content clean-up has taken."""
    with lake.database.read() as connection:
        named = {entry.version for entry in store.log(connection, dataset)}
        return frozenset(one for one in named if store.version_if_kept(connection, dataset, one) is None)


def _remove(lake: Lake, rule: Rule, beside: Beside) -> list[int]:
    """Remove files that nothing refers to, some at a time so that publishing waits only shortly; return their sizes."""
    found = [one for one in lying(lake.objects.folder) if _may_go(one, frozenset()) and _is_old(one.written_s, rule)]
    sizes = []
    for start in range(0, len(found), _AT_ONCE):
        with lake.database.write() as connection:
            needed = referenced(connection, store.every_version(connection), _since(rule), beside)
            some = [one for one in found[start : start + _AT_ONCE] if _may_go(one, needed)]
            sizes += [one.size for one in some if _unlinked(lake.objects.path(one.name), rule)]
    return sizes


def _unlinked(path: Path, rule: Rule) -> bool:
    """Remove a file, unless somebody has just written it again; say whether it went."""
    try:
        if not _is_old(path.stat().st_mtime, rule):
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateError("state-failed", path=path.name, detail=error.strerror or str(error)) from error
    return True


def _may_go(one: Lying, needed: frozenset[str]) -> bool:
    return one.sort is Sort.ABANDONED or (one.sort is Sort.OBJECT and one.name not in needed)


def _is_old(written_s: float, rule: Rule) -> bool:
    return written_s <= rule.moment.timestamp() - ABANDONED_S


def _since(rule: Rule) -> str:
    return rule.since.astimezone(UTC).isoformat(timespec="seconds")
