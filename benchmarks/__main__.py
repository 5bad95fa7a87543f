"""``make bench``: every promise of speed and size, measured and printed. Nothing is asserted."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import commands, engine, ingest, pages, size


def main() -> int:
    """Print every measurement."""
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as folder:
        place = Path(folder)
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
        print("\n== Ingest with nothing told")
        for line in (*ingest.large(place), *ingest.small(place)):
            print(line, flush=True)
    print("\n== Size of an installation without development tools")
    for line in size.report():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
