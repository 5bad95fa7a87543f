"""Ingest with nothing told, beside the engine's bare ``COPY`` with every answer given; memory; many small files."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import italian

ROWS = 1_000_000
FILES = 2_000
_TIMES = 3


def bare_copy(path: Path, target: Path, encoding: str) -> float:
    """Return the seconds of the engine's ``COPY`` in a process of its own, told everything.

    The engine knows no cp1252; the reference is then the same file in UTF-8, which flatters it.
    """
    columns = "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in italian.TYPES.items()) + "}"
    source = path if encoding == "utf-8" else path.with_name("utf-8.csv")
    query = (
        f"COPY (SELECT * FROM read_csv('{source}', delim=';', quote='\"', escape='\"', header=true, auto_detect=false, "
        f"columns={columns}, decimal_separator=',', thousands='.', dateformat='%d/%m/%Y', "
        f"timestampformat='%d/%m/%Y %H:%M:%S')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )
    code = (
        "import duckdb,sys,time;c=duckdb.connect(config={'threads': '2'});"
        "c.execute('SET enable_progress_bar = false');s=time.perf_counter();"
        "c.execute(sys.argv[1]);print(time.perf_counter()-s)"
    )
    return float(subprocess.run([sys.executable, "-c", code, query], check=True, capture_output=True, text=True).stdout)


def ingested(path: Path, lake: Path) -> dict[str, object]:
    """Ingest ``path`` in a process of its own into the folder ``lake``; return its report."""
    shutil.rmtree(lake, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.ingest_worker", str(path), str(lake)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    return dict(json.loads(done.stdout))


def large(folder: Path, rows: int = ROWS) -> Iterator[str]:
    """Yield the lines on a register of ``rows`` rows: ratio, the time of each step, memory, traits."""
    for encoding, promised in (("utf-8", 6), ("cp1252", 8)):
        path = italian.write(folder / f"{encoding}.csv", rows, encoding)
        pairs = [
            (bare_copy(path, folder / "bare.parquet", encoding), ingested(path, folder / "lake")) for _ in range(_TIMES)
        ]
        bare = statistics.median(pair[0] for pair in pairs)
        reports = sorted((pair[1] for pair in pairs), key=lambda report: float(str(report["seconds"])))
        report = reports[len(reports) // 2]
        seconds = float(str(report["seconds"]))
        size = path.stat().st_size / 1e6
        yield (
            f"ingest of {rows:,} rows, {size:.0f} MB, {encoding:<7} {seconds:>6.2f} s  {seconds / bare:>5.1f} × "
            f"bare COPY ({bare:.2f} s)  [promised under {promised} ×]"
        )
        steps = report["steps"]
        assert isinstance(steps, dict)
        yield "    " + ", ".join(f"{name} {taken:.2f} s" for name, taken in steps.items())
        yield f"    peak memory {report['peak_mb']} MB [promised under 1,000 MB]"
        yield f"    traits wrong: {report['wrong'] or 'none'}"


def small(folder: Path, files: int = FILES) -> Iterator[str]:
    """Yield the line on many small files through ``portico ingest``."""
    place = folder / "small"
    place.mkdir()
    for number in range(files):
        italian.write(place / f"register_{number:04d}.csv", 40 + number % 50)
    started = time.perf_counter()
    command = [sys.executable, "-m", "portico", "ingest", str(place), "--lake", str(folder / "many"), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "COLUMNS": "100"})
    seconds = time.perf_counter() - started
    good = sum(one["status"] == "published" for one in json.loads(done.stdout))
    yield f"ingest of {files:,} small files {seconds:>22.1f} s  {good:,} published  [promised under 180 s]"
