"""``make bench``: every promise of speed and size, measured and printed. Nothing is asserted."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import commands, engine, ingest, pages, ranking, size, travel


def main() -> int:
    """Print every measurement, or those of the parts named: time, ingest, travel, ranking, size."""
    asked = set(sys.argv[1:]) or {"time", "ingest", "travel", "ranking", "size"}
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as folder:
        place = Path(folder)
        if "time" in asked:
            _time(place)
        if "ingest" in asked:
            print("\n== Ingest with nothing told")
            for line in (*ingest.large(place), *ingest.small(place)):
                print(line, flush=True)
        if "travel" in asked:
            print("\n== Travel on streets and by timetable")
            for line in travel.lines():
                print(line, flush=True)
    if "ranking" in asked:
        print("\n== Ranking")
        for result in ranking.results():
            print(result.line(), flush=True)
    if "size" in asked:
        print("\n== Size of an installation without development tools")
        for line in size.report():
            print(line)
    return 0


def _time(place: Path) -> None:
    print("== Time (median; ratio to a reference measured in the same run)")
    for measure in (
        commands.help_time,
        commands.demo_time,
        engine.build_time,
        engine.match_time,
        engine.territory_time,
    ):
        print(measure(place).line(), flush=True)
    for result in pages.page_times(place):
        print(result.line(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
