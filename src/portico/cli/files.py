"""``inspect``, ``convert``, ``ingest``: plain files, with or without a city."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from portico.city import City
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.errors import CityNotFoundError
from portico.geo import Box
from portico.lake import ingest as steps
from portico.lake.engine import Engine
from portico.lake.found import Told, Workshop
from portico.lake.ingest import Examined
from portico.lake.lake import open_engine
from portico.lake.receive import Bytes, from_file, from_stream
from portico.messages import Message
from portico.translation import Translator

STDIN = "stdin:"


@Parameter(name="*")
@dataclass(frozen=True)
class Telling:
    """What a person may say of a file, instead of leaving it to be found."""

    encoding: Annotated[str, Parameter(help="The encoding of the text.")] = ""
    delimiter: Annotated[str, Parameter(help="The delimiter; tab as \\t.")] = ""
    header_row: Annotated[int, Parameter(help="The row of the header, from 1.")] = 0
    sheet: Annotated[str, Parameter(help="The sheet of a workbook, or the layer of a file of places.")] = ""
    crs: Annotated[str, Parameter(help="The coordinate system, as EPSG:3003.")] = ""
    date_order: Annotated[Literal["", "day-first", "month-first"], Parameter(help="How dates are written.")] = ""
    decimal: Annotated[Literal["", "comma", "point"], Parameter(help="The mark before decimals.")] = ""

    def told(self) -> Told:
        """Return it as the lake takes it."""
        return Told(
            encoding=self.encoding,
            delimiter=self.delimiter.replace("\\t", "\t"),
            header_row=self.header_row,
            sheet=self.sheet,
            layer=self.sheet,
            crs=self.crs,
            date_order=self.date_order,
            decimal=self.decimal,
        )


NOTHING = Telling()


@dataclass(frozen=True, slots=True)
class Habits:
    """What a city says of its files: where their places should lie (EPSG:4326), and whose habits they follow."""

    extent: Box | None = None
    country: str = "IT"


def habits_of(city: City) -> Habits:
    """Return what the settings of a city say of its files."""
    return Habits(city.settings.extent.box, city.settings.calendar.country)


def habits(common: Common) -> Habits:
    """Return the habits of the city that is told or stands around us; those of Italy where there is none."""
    try:
        return habits_of(common.open())
    except CityNotFoundError:
        if common.city:
            raise
        return Habits()


def inspect(file: str, *, telling: Telling = NOTHING, common: Common = DEFAULTS) -> int:
    """Say what a file is: its format, encoding, columns with their types, and everything odd about it.

    Parameters
    ----------
    file
        A file of any supported format, an archive of them, or - for standard input.
    """
    with examined(file, telling.told(), habits(common)) as (received, found):
        if common.json:
            reports = [_spoken(one, common.say) for one in found]
            as_json(_one_or_all(received, reports))
            return 0
        if not found:
            out().print(common.say(Message("file-without-payload", {"file": received.name})))
        for one in found:
            show(one, received, common.say)
    return 0


@contextmanager
def examined(file: str, told: Told, of: Habits, engine: Engine | None = None) -> Iterator[tuple[Bytes, list[Examined]]]:
    """Examine one file in a folder of its own, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        shop = Workshop(Path(folder), engine or open_engine(), told, of.country)
        received = from_stream(sys.stdin.buffer, "standard-input", shop) if file == STDIN else from_file(Path(file))
        beside = [] if file == STDIN else neighbours(Path(file))
        yield received, steps.examine(received, shop, extent=of.extent, beside=beside)


def neighbours(file: Path) -> list[Path]:
    """Return the files that lie beside ``file`` under the same stem, and descriptions of whole folders."""
    stem = file.name.split(".")[0]
    found = [path for path in file.parent.glob(f"{_literal(stem)}*") if path.is_file() and path != file]
    whole = [file.parent / name for name in ("datapackage.json", "csv-metadata.json")]
    return found + [path for path in whole if path.is_file() and path != file]


def _literal(text: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in text)


def _one_or_all(received: Bytes, reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the report of a file: of its one table, or of each of them under ``tables``."""
    about = {"file": received.name, "sha256": received.sha256, "bytes": received.size}
    if len(reports) == 1:
        return about | reports[0]
    first = {"format": "empty", "rows": 0, "columns": [], "issues": []} if not reports else {"tables": list(reports)}
    return about | first


def _spoken(one: Examined, say: Translator) -> dict[str, Any]:
    """Return the report of a table with a sentence to every issue."""
    report = one.report()
    for plain, issue in zip(report["issues"], one.issues, strict=True):
        plain["message"] = say(issue.message)
    return report


def show(one: Examined, received: Bytes, say: Translator) -> None:
    """Print what was found of a table."""
    console, report = out(), one.report()
    lines = {
        "file": received.name + (f" › {one.name}" if one.name else ""),
        "format": report["format"],
        "encoding": report["encoding"],
        "delimiter": {"\t": "\\t", " ": "␠"}.get(report["delimiter"], report["delimiter"]),
        "rows": say.number(report["rows"]),
        "rows-left-out": say.number(report["rejects"]) if report["rejects"] else "",
        "rows-above": _above(report),
        "crs": report["crs"],
    }
    for name, text in lines.items():
        if text:
            console.print(f"{say(name)}: {text}", markup=False, soft_wrap=True)
    console.print(
        table(
            [say("column"), say("type"), say("unit"), say("empty"), say("rejects"), say("confidence")],
            [
                (
                    column["name"],
                    say.word("meaning", column["meaning"])
                    if column["meaning"]
                    else say.word("column-type", column["type"]),
                    column["unit"],
                    say.number(column["nulls"]) if column["nulls"] else "",
                    say.number(column["rejects"]) if column["rejects"] else "",
                    f"{column['confidence']:.2f}",
                )
                for column in report["columns"]
            ],
            numbers=(3, 4, 5),
        )
    )
    for personal in one.personal:
        console.print(f"! {say(personal.message)}", markup=False)
    for issue in one.issues:
        where = " ".join(part for part in (str(issue.place.row or ""), issue.place.column) if part)
        console.print(f"! {where + '  ' if where else ''}{say(issue.message)}", markup=False)


def _above(report: dict[str, Any]) -> str:
    counts = [f"{report[name]}" for name in ("preamble_rows", "header_rows", "footer_rows")]
    return " / ".join(counts) if report["preamble_rows"] or report["footer_rows"] or report["header_rows"] > 1 else ""
