"""Dossiers, each the first of a process of its own, beside one page of plain text set by Typst likewise."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import PORTICO
from benchmarks.engine import AS_OF, fresh_city
from benchmarks.measure import Result, median_s
from portico.build import build

_SITE, _BRIEF = "tne-mirafiori-a", "battery-module-plant"
_TIMED = """
import sys, time
from datetime import date
from pathlib import Path
from portico import city as cities
from portico.build import lake_of
from portico.dossier.document import shortlist_pdf, site_pdf
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.territory.layers import territory
from portico.translation import Translator
city = cities.open(Path(sys.argv[1]))
known, say, day = territory(city, lake_of(city)), Translator("it"), date.fromisoformat(sys.argv[3])
answer = shortlist(briefs.read(city, "battery-module-plant"), known, day)
began = time.perf_counter()
site_pdf(known, "tne-mirafiori-a", say, day) if sys.argv[2] == "site" else shortlist_pdf(answer, known, say)
print(time.perf_counter() - began)
"""
_PLAIN = """
import time
began = time.perf_counter()
import typst
text = b'#set document(title: "a")\\n= A page\\n#lorem(300)'
typst.compile(text, ignore_system_fonts=True, pdf_standards=["ua-1"])
print(time.perf_counter() - began)
"""


def results(folder: Path) -> Iterator[Result]:
    """Yield the promise for both kinds of dossier, in the process and as whole commands."""
    city = fresh_city(folder, "dossier")
    build(city, as_of=AS_OF, at="2026-11-23T00:00:00+00:00")
    city.database.close()
    page = _median("-c", _PLAIN)
    beside = "one plain page"
    for name, kind in (("dossier of a site", "site"), ("dossier of a shortlist, 66 sites", "brief")):
        ours = _median("-c", _TIMED, str(city.folder), kind, AS_OF.isoformat())
        yield Result(name, ours, beside, page, "under 1.5 s")
    for name in (_SITE, _BRIEF):
        command = (*PORTICO, "dossier", name, "--city", str(city.folder), "-o", str(folder / "made.pdf"))
        ours = median_s(lambda command=command: _run(command), 5)  # type: ignore[misc]
        yield Result(f"portico dossier {name}", ours, beside, page, "–, the start and the match with it")


def _median(*arguments: str) -> float:
    """Return the median of what fresh processes say they took."""
    return statistics.median(
        float(subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout)
        for _ in range(5)
    )


def _run(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
