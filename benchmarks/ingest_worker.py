"""One ingest in a process of its own: prints its steps, its peak memory and whether every trait came out right."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks import italian
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.database import Database
from portico.lake.depositing import Arrival, deposit
from portico.lake.found import Workshop
from portico.lake.ingest import Examined, examine
from portico.lake.lake import open_lake
from portico.lake.receive import from_file
from portico.messages import Text

AT = "2026-11-24T00:00:00+00:00"


def wrong_traits(one: Examined) -> list[str]:
    """Return the columns that did not come out as they must."""
    found = {column.name: column for column in one.typed.columns}
    wrong = []
    for name, (type_, meaning) in italian.EXPECTED.items():
        column = found.get(name)
        if column is None or column.type.value != type_ or (meaning and column.meaning != meaning):
            wrong.append(name)
    if one.typed.reject_count or "geometry" not in found:
        wrong.append("rejects" if one.typed.reject_count else "geometry")
    return wrong


def main() -> None:
    """Ingest the file named first into the folder named second."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True)
    lake = open_lake(Database(folder / "portico.sqlite"), folder / "lake")
    lake.engine.cursor().execute("SELECT 1")
    steps: dict[str, float] = {}
    started = last = time.perf_counter()
    name = "receive"

    def step(following: str, _: str) -> None:
        nonlocal last, name
        now = time.perf_counter()
        steps[name] = steps.get(name, 0.0) + now - last
        last, name = now, following

    with lake.objects.workshop() as place:
        received = from_file(path)
        (one,) = examine(received, Workshop(place, lake.engine), progress=step)
        step("publish", "")
        dataset = Dataset("register", DatasetKind.FILE, Text(en="Register"), "Borgo Prova", "CC0-1.0")
        made = deposit(
            lake,
            one,
            dataset,
            Distribution("register.csv", "register", "text/csv", path.name),
            Arrival(received, AT, {}),
        )
        step("", "")
    seconds = time.perf_counter() - started
    wrong = wrong_traits(one) + ([] if made.is_new else ["not published"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    rounded = {key: round(value, 2) for key, value in steps.items()}
    print(json.dumps({"seconds": seconds, "steps": rounded, "peak_mb": peak, "wrong": wrong}))


if __name__ == "__main__":
    main()
