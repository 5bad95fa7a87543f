"""Travel on real streets and timetables beside scipy's Dijkstra in the same run, and OSRM's measured figures."""

from __future__ import annotations

import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from portico.geo import Box
from portico.indicators.access.amounts import Amounts
from portico.indicators.access.on_request import OnStreets
from portico.indicators.access.reach import cumulative
from portico.territory.cells import cells_of_box
from portico.territory.model import Mode
from portico.territory.nearby import Nearby
from portico.territory.streets.building import build_graph
from portico.territory.streets.model import Snapped, StreetGraph
from portico.territory.streets.reading import read_streets
from portico.territory.streets.streets import Streets
from portico.territory.travel.matrix import matrix
from portico.territory.travel.model import Direction, Points, Question, Window
from portico.territory.travel.network import network_of

SHARED = Path(os.environ.get("PORTICO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
OSRM_S = {Mode.WALK: (115.0, 2.0), Mode.CAR: (24.0, 0.65)}
"""OSRM 26.10 on this kind of machine: its own build, and the matrix of 1,227². It does not run on Python 3.11."""
_TIMES = 3
_POINTS = 1_000


def median_of(run: Callable[[], Any], times: int = _TIMES) -> tuple[float, Any]:
    """Return the median seconds of ``run`` after one run that does not count (it may compile), and what it gave."""
    found = run()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        found = run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken), found


def hexagons() -> Points:
    """Return the 1,227 hexagons of Porto Alegre."""
    with (SHARED / "accessibility" / "porto-alegre" / "poa_hexgrid.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([float(row[name]) for row in rows]) for name in ("lon", "lat"))
    return Points(tuple(row["id"] for row in rows), lon, lat)


def scipy_s(graph: StreetGraph, sources: int) -> float:
    """Return the seconds of scipy's Dijkstra from ``sources`` nodes to all, on the same graph."""
    tail = graph.tails()
    order = np.lexsort((graph.weight_ds, graph.head, tail))
    tail, head, weight = tail[order], graph.head[order], graph.weight_ds[order].astype(float)
    kept = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))
    known = csr_matrix((weight[kept], (tail[kept], head[kept])), shape=(graph.nodes, graph.nodes))
    nodes = np.linspace(0, graph.nodes - 1, sources).astype(int)
    started = time.perf_counter()
    for portion in np.array_split(nodes, -(-sources // 100)):
        dijkstra(known, indices=portion)
    return time.perf_counter() - started


def porto_alegre(mode: Mode) -> Iterator[str]:
    """Yield the lines on the hexagons of Porto Alegre: from the extract to the matrix, and the matrix alone."""
    points, extract = hexagons(), SHARED / "osm" / "porto-alegre" / "poa_osm.pbf"

    def made() -> tuple[Streets, Snapped]:
        streets = Streets(build_graph(read_streets(extract), mode))
        snapped = streets.snap(points.lon, points.lat)
        streets.matrix(snapped, snapped)
        return streets, snapped

    whole_s, (streets, snapped) = median_of(made)
    alone_s, _ = median_of(lambda: streets.matrix(snapped, snapped))
    reference_s = scipy_s(streets.graph, len(points))
    build_s, matrix_s = OSRM_S[mode]
    whole = build_s + matrix_s
    yield line(f"extract to 1,227² by {mode.value}", f"{whole_s:.2f} s")
    yield beside(
        f"{whole / whole_s:.0f} × as fast as OSRM's build and matrix ({whole:.1f} s, measured before)", "over 5 ×"
    )
    yield line(f"  the matrix of 1,227² by {mode.value} alone", f"{alone_s * 1000:.0f} ms")
    yield beside(f"{alone_s / matrix_s:.3f} × OSRM's ({matrix_s} s, measured before)", "under 2 ×")
    yield beside(f"{reference_s / alone_s:.0f} × as fast as scipy's Dijkstra ({reference_s:.1f} s)", "over 5 ×")


def porto(mode: Mode) -> Iterator[str]:
    """Yield the lines on Porto: 1,000 × 1,000 points, and one to all nodes."""
    streets = Streets(build_graph(read_streets(SHARED / "osm" / "porto" / "porto_portugal.osm.pbf"), mode))
    graph = streets.graph
    at = np.random.default_rng(1).integers(0, len(graph.shape_lon), _POINTS)
    snapped = streets.snap(graph.shape_lon[at], graph.shape_lat[at])
    ours_s, _ = median_of(lambda: streets.matrix(snapped, snapped))
    reference_s = scipy_s(graph, _POINTS)
    yield line(f"Porto, 1,000² by {mode.value}", f"{ours_s * 1000:.0f} ms")
    yield beside(f"{reference_s / ours_s:.0f} × as fast as scipy's Dijkstra ({reference_s:.1f} s)", "over 40 ×")
    nodes = np.linspace(0, graph.nodes - 1, 256).astype(np.int32)
    seeds = Nearby(np.arange(len(nodes) + 1), nodes, np.zeros(len(nodes), dtype=np.int32))
    all_s, _ = median_of(lambda: streets._to_nodes(seeds, streets.hierarchy))  # noqa: SLF001 - the search itself
    each_s, scipy_each_s = all_s / len(nodes), reference_s / _POINTS
    yield line(f"  one to all {graph.nodes:,} nodes by {mode.value}, in batches", f"{each_s * 1000:.2f} ms")
    yield beside(f"{scipy_each_s / each_s:.0f} × as fast as scipy's Dijkstra", "under 1 ms by car")


def transit() -> Iterator[str]:
    """Yield the line on public transport: 1,227 × 1,227, every minute of two hours, with walking on streets."""
    points, feeds = hexagons(), SHARED / "gtfs" / "porto-alegre"
    started = time.perf_counter()
    extract = SHARED / "osm" / "porto-alegre" / "poa_osm.pbf"
    network = network_of(extract, [feeds / "poa_eptc.zip", feeds / "poa_trensurb.zip"])
    window = Window(date(2019, 5, 13), 14 * 36_000, 120)
    network.timetable(window.day)
    network.changes(8.0)
    ready_s = time.perf_counter() - started
    question = Question(Mode.TRANSIT, window, (5.0, 50.0, 95.0))
    small = points.take(slice(0, 32))
    matrix(network, small, small, question)  # compiles
    started = time.perf_counter()
    matrix(network, points, points, question)
    taken_s = time.perf_counter() - started
    yield line("public transport, 1,227², every minute of two hours", f"{taken_s:.1f} s")
    yield beside(f"{taken_s / 120:.2f} × r5r's published two minutes; network ready in {ready_s:.1f} s", "under 120 s")


def cells() -> Iterator[str]:
    """Yield the line on every cell of Porto's metropolitan area, in a process of its own, with its memory."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.travel"], check=True, capture_output=True, text=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    found = json.loads(done.stdout)
    yield line(f"inbound 45-minute catchment by car of {found['cells']:,} cells", f"{found['seconds']:.1f} s")
    yield beside(f"peak memory {found['peak_mb']:,} MB", "under 300 s and 4,000 MB")


def line(name: str, figure: str) -> str:
    """Return what was measured."""
    return f"{name:<58} {figure:>10}"


def beside(ratio: str, promise: str) -> str:
    """Return what it is beside, and what was promised."""
    return f"    {ratio}  [promised {promise}]"


def lines() -> Iterator[str]:
    """Yield every line, or say why there is none."""
    if not SHARED.is_dir():
        yield f"travel was not measured: needs {SHARED.parent.name}/{SHARED.name} beside the checkout"
        return
    for mode in (Mode.WALK, Mode.CAR):
        yield from porto_alegre(mode)
        yield from porto(mode)
    yield from transit()
    yield from cells()


def main() -> int:
    """Measure the cells and print what was found, for ``cells``."""
    started = time.perf_counter()
    streets = Streets(build_graph(read_streets(SHARED / "osm" / "porto" / "porto_portugal.osm.pbf"), Mode.CAR))
    graph = streets.graph
    lon, lat = graph.node_lon, graph.node_lat
    box = Box(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    found = cells_of_box(box, 9)
    centres = streets.snap(*found.centres, limit_m=2_000.0)
    costs = OnStreets(streets, centres, centres, Direction.INBOUND, 45.0)
    scores = cumulative(costs, Amounts.one_each(len(found), "cells"), 45.0)
    assert int((scores.low > 0).sum()) > len(found) / 2
    seconds = time.perf_counter() - started
    peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({"cells": len(found), "seconds": seconds, "peak_mb": peak_mb}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
