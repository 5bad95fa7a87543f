"""``data list|show|history|read|rejects``: datasets, their versions, what did not fit."""

from __future__ import annotations

import csv
import sys

from portico.build import lake_of
from portico.catalogue.queries import dataset as find_dataset
from portico.catalogue.queries import datasets
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.dossier.derived import methods, plain, sources
from portico.lake import queries, reading
from portico.lake.model import Version
from portico.messages import Message

_SHOWN = 200


def list_datasets(*, common: Common = DEFAULTS) -> int:
    """List the datasets and the version each stands at."""
    city = common.open()
    heads = queries.heads(lake_of(city))
    known = [one for one in datasets(city.database) if one.id in heads]
    if common.json:
        as_json(
            [
                {"id": one.id, "title": common.say(one.title), "licence": one.licence, **_plain(heads[one.id])}
                for one in known
            ]
        )
        return 0
    say = common.say
    rows = [
        (one.id, say(one.title), say.number(heads[one.id].row_count), heads[one.id].short, one.licence) for one in known
    ]
    out().print(table([say("dataset"), say("title"), say("rows"), say("version"), say("licence")], rows, numbers=(2,)))
    return 0


def show(dataset: str, *, common: Common = DEFAULTS) -> int:
    """Show a dataset: licence, attribution, columns, and the file anyone can open."""
    city = common.open()
    lake = lake_of(city)
    version = queries.version(lake, dataset)
    about = find_dataset(city.database, version.dataset)
    path = lake.objects.path(version.file)
    made = queries.derivation(lake, version)
    if common.json:
        described = {name: getattr(about, name) for name in ("id", "publisher", "licence", "attribution")}
        derived = plain(made) if made else {}
        as_json({**described, "title": common.say(about.title), **_plain(version), "path": str(path), **derived})
        return 0
    say = common.say
    console = out()
    told = {
        "title": say(about.title),
        "publisher": about.publisher,
        "licence": about.licence,
        "attribution": about.attribution,
        "version": version.id,
        "rows": say.number(version.row_count),
        "file": str(path),
    }
    for name, text in told.items():
        console.print(f"{say(name)}: {text}", markup=False, soft_wrap=True)
    for line in (*methods(made, say), *sources(made, say)) if made else ():
        console.print(line, markup=False, soft_wrap=True)
    console.print(
        table(
            [say("column"), say("type"), say("unit")], [(one.name, one.type.value, one.unit) for one in version.columns]
        )
    )
    return 0


def history(dataset: str, *, common: Common = DEFAULTS) -> int:
    """Show the log of a dataset's publications, oldest first. The same content published again is a new entry."""
    log = queries.history(lake_of(common.open()), dataset)
    if common.json:
        as_json(
            [
                {"number": one.number, "version": one.version, "published_at": one.published_at, "made_by": one.made_by}
                for one in log
            ]
        )
        return 0
    say = common.say
    rows = [(str(one.number), one.version[:12], one.published_at, one.made_by) for one in log]
    out().print(table([say("publication"), say("version"), say("published"), say("by")], rows, numbers=(0,)))
    return 0


def read(dataset: str, *, columns: str = "", limit: int = 0, common: Common = DEFAULTS) -> int:
    """Print the rows of a version as CSV, or as JSON.

    Parameters
    ----------
    dataset
        DATASET, DATASET@NUMBER (a publication) or DATASET@ID (the beginning of a version's id).
    columns
        Only these columns, with commas between them.
    limit
        At most so many rows; 0 for all.
    """
    lake = lake_of(common.open())
    version = queries.version(lake, dataset)
    found = queries.read(lake, version, [name.strip() for name in columns.split(",") if name.strip()])
    rows = found.rows[:limit] if limit > 0 else found.rows
    names = [column.name for column in found.columns]
    if common.json:
        as_json(
            {
                "dataset": version.dataset,
                "version": version.id,
                "rows": [dict(zip(names, row, strict=True)) for row in rows],
            }
        )
        return 0
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    if limit and len(found.rows) > limit:
        sys.stderr.write(common.say(Message("and-more", {"count": len(found.rows) - limit})) + "\n")
    return 0


def rejects(dataset: str, *, limit: int = 100, common: Common = DEFAULTS) -> int:
    """List what of the original did not fit a version: row of the file, column, how it was written, why it did not fit.

    Parameters
    ----------
    dataset
        DATASET, DATASET@NUMBER (a publication) or DATASET@ID (the beginning of a version's id).
    limit
        How many to list; 0 for all.
    """
    lake = lake_of(common.open())
    version = reading.version(lake, dataset)
    found = reading.examination(lake, version)
    total = found.reject_count if found else 0
    listed = reading.rejects(lake, found, limit=limit or total) if found else []
    if common.json:
        as_json({"dataset": version.dataset, "version": version.id, "total": total, "rejects": listed})
        return 0
    say = common.say
    rows = [
        (str(one["row"]), str(one["column"] or ""), str(one["raw"] or "")[:_SHOWN], say(str(one["reason"])))
        for one in listed
    ]
    heads = [say(f"page.{name}") for name in ("row", "column", "raw", "reason")]
    out().print(table(heads, rows, numbers=(0,)))
    if total > len(listed):
        sys.stderr.write(say(Message("and-more", {"count": total - len(listed)})) + "\n")
    return 0


def _plain(version: Version) -> dict[str, object]:
    return {
        "version": version.id,
        "rows": version.row_count,
        "columns": [column.to_dict() for column in version.columns],
        "file": version.file,
        "bytes": version.file_bytes,
    }
