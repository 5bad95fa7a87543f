"""``make bench``: every promise of speed and size, measured and printed. Nothing is asserted."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from benchmarks import commands, dossier, engine, ingest, pages, permits, ranking, size, travel


def main() -> int:
    """Print every measurement, or those of the parts named: time, ingest, travel, ranking, dossier, permits, size."""
    asked = set(sys.argv[1:]) or {*_PARTS, "time", "size"}
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as folder:
        place = Path(folder)
        if "time" in asked:
            _time(place)
        for part, (title, lines) in _PARTS.items():
            if part in asked:
                print(f"\n== {title}")
                for line in lines(place):
                    print(line, flush=True)
    if "size" in asked:
        print("\n== Size of an installation without development tools")
        for line in size.report():
            print(line)
    return 0


def _ingest(place: Path) -> Iterator[str]:
    yield from ingest.large(place)
    yield from ingest.small(place)


def _travel(_: Path) -> Iterable[str]:
    return travel.lines()


def _ranking(_: Path) -> Iterator[str]:
    return (result.line() for result in ranking.results())


def _dossier(place: Path) -> Iterator[str]:
    return (result.line() for result in dossier.results(place))


def _permits(_: Path) -> Iterator[str]:
    return (result.line() for result in permits.results())


_PARTS: dict[str, tuple[str, Callable[[Path], Iterable[str]]]] = {
    "ingest": ("Ingest with nothing told", _ingest),
    "travel": ("Travel on streets and by timetable", _travel),
    "ranking": ("Ranking", _ranking),
    "dossier": ("Dossiers", _dossier),
    "permits": ("Permits", _permits),
}


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
