"""The command ``portico``: a door that translates, never decides.

Commands are named here by where they live and imported when they are called, so that help costs nothing.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from cyclopts import App, CycloptsError

from portico import __version__
from portico.errors import PorticoError, UsageError


@dataclass(frozen=True, slots=True)
class Command:
    """A command: where it lives, what it does, how it is called."""

    place: str
    does: str
    examples: tuple[str, ...]

    @property
    def epilogue(self) -> str:
        """What stands below its help: how it is called."""
        return "Examples:\n\n" + "\n".join(f"    portico {example}" for example in self.examples)


COMMANDS = {
    "init": Command("portico.cli.folder:init", "Write a new city folder with commented examples.", ("init mycity",)),
    "check": Command(
        "portico.cli.folder:check",
        "Say everything that is wrong with a city folder, with file, row and advice.",
        ("check --city mycity", "check --city mycity --json"),
    ),
    "fetch": Command(
        "portico.cli.fetch:fetch",
        "Get the files that the city declares by address; nothing is fetched unless it is asked for.",
        ("fetch --city mycity --dry-run", "fetch streets --city mycity", "fetch --city mycity --json"),
    ),
    "build": Command(
        "portico.cli.folder:build",
        "Turn the city's facts and files into versions; the same facts give the same versions.",
        ("build --city mycity", "build --city mycity --dry-run"),
    ),
    "site": Command(
        "portico.cli.sites:site",
        "Show all that is known of one site, and what is not.",
        ("site example-mill --city mycity", "site example-mill --city mycity --evidence"),
    ),
    "match": Command(
        "portico.cli.match:match",
        "Answer an investor's brief with a reasoned shortlist.",
        (
            "match workshop --city mycity",
            "match workshop.toml --as-of 2026-11-23 --json",
            "match workshop --city mycity -o shortlist.html --lang it",
            "match workshop --city mycity --method topsis",
            "match workshop --city mycity --since 2026-10-01",
            "match workshop --city mycity --where -o where.geojson",
        ),
    ),
    "compare": Command(
        "portico.cli.compare:compare",
        "Put two to five sites side by side, under a brief where one is given.",
        (
            "compare example-mill old-foundry --city mycity",
            "compare example-mill old-foundry --brief workshop --city mycity --json",
        ),
    ),
    "dossier": Command(
        "portico.cli.dossier:dossier",
        "Write the dossier of a site or of the answer to a brief: PDF, or a workbook.",
        (
            "dossier example-mill --city mycity --lang it",
            "dossier workshop --city mycity -o workshop.pdf --as-of 2026-11-23",
            "dossier workshop --city mycity -o workshop.xlsx --json",
        ),
    ),
    "criteria": Command(
        "portico.cli.criteria:criteria",
        "List what a brief can ask for, with unit, default scale, formula and source.",
        ("criteria", "criteria location-quotient", "criteria gravity --json --lang it"),
    ),
    "inspect": Command(
        "portico.cli.files:inspect",
        "Say what a file is: format, encoding, columns with their types, and everything odd about it.",
        ("inspect sites.csv", "inspect delivery.zip --json", "inspect old.csv --encoding cp1252 --delimiter ';'"),
    ),
    "convert": Command(
        "portico.cli.convert:convert",
        "Write a file in another format: CSV, Parquet, GeoJSON, GeoPackage or XLSX, by the ending of the name.",
        ("convert sites.xlsx sites.csv", "convert parcels.zip parcels.geojson --crs EPSG:3003"),
    ),
    "ingest": Command(
        "portico.cli.ingest:ingest",
        "Bring files, folders, archives or addresses into the lake: typed, checked, versioned.",
        (
            "ingest libraries.csv --city mycity --licence CC-BY-4.0",
            "ingest deliveries/ --city mycity --dry-run",
            "ingest https://example.org/data.csv --city mycity",
        ),
    ),
    "rank": Command(
        "portico.cli.rank:rank",
        "Rank the rows of a table on criteria, and say how firm the order is and what would overturn it.",
        (
            "rank sites.csv --spec spec.toml",
            "rank sites.csv --spec spec.toml --method smaa --seed 7 --draws 20000 --json",
            "rank sites.csv --spec spec.toml --weights weights.csv --values values.parquet --json",
        ),
    ),
    "serve": Command(
        "portico.cli.serve:serve",
        "Serve the portal and the API on this machine.",
        ("serve --city mycity", "serve --city mycity --port 9000"),
    ),
    "doctor": Command(
        "portico.cli.doctor:doctor",
        "Look over the installation and the city's working state.",
        ("doctor", "doctor --city mycity --json"),
    ),
    "demo": Command(
        "portico.cli.demo:demo",
        "Build the reference city, print and write a shortlist, serve the portal.",
        ("demo", "demo my-copy --no-serve"),
    ),
}
BRIEF_COMMANDS = {
    "new": Command(
        "portico.cli.brief:new",
        "Ask what an investor needs, and write it as a brief.",
        (
            "brief new --from plant",
            "brief new --from laboratory --title Diagnostics --floor-area 3000 --defaults -o diagnostics.toml",
            "brief new --from food --lang it --city mycity < answers.txt",
        ),
    ),
    "check": Command(
        "portico.cli.brief:check",
        "Say everything that is wrong with a brief, with line and advice.",
        ("brief check diagnostics.toml", "brief check brief.json --city mycity --json"),
    ),
    "list": Command(
        "portico.cli.brief:list_briefs",
        "List the briefs of the city, and the presets to begin with.",
        ("brief list", "brief list --city mycity --json"),
    ),
}
DATA_COMMANDS = {
    "list": Command(
        "portico.cli.data:list_datasets",
        "List the datasets and the version each stands at.",
        ("data list --city mycity", "data list --city mycity --json"),
    ),
    "show": Command(
        "portico.cli.data:show",
        "Show a dataset: its columns, licence, and the file that anyone can open.",
        ("data show sites --city mycity", "data show sites@1 --city mycity"),
    ),
    "history": Command(
        "portico.cli.data:history",
        "Show the log of a dataset's publications.",
        ("data history site_attributes --city mycity",),
    ),
    "read": Command(
        "portico.cli.data:read",
        "Print the rows of a version, as CSV or JSON.",
        ("data read sites --city mycity --columns id,name,lon,lat --limit 5", "data read sites@1 --city mycity --json"),
    ),
    "rejects": Command(
        "portico.cli.data:rejects",
        "List what did not fit a version: row of the original, column, how it was written, why.",
        ("data rejects wells --city mycity", "data rejects wells@1 --city mycity --json"),
    ),
}
DATA_COMMANDS |= {
    "diff": Command(
        "portico.cli.versions:diff",
        "Say what changed between two versions: columns, rows, cells.",
        ("data diff sites --city mycity", "data diff sites@1 sites@3 --key id --city mycity --json"),
    ),
    "export": Command(
        "portico.cli.versions:export",
        "Write a version as CSV, Parquet, GeoJSON, GeoPackage or XLSX, with licence and citation.",
        ("data export sites sites.csv --city mycity", "data export sites@1 exports --format gpkg --city mycity"),
    ),
    "verify": Command(
        "portico.cli.versions:verify",
        "Look over everything that is kept: database, files, content.",
        ("data verify --city mycity", "data verify --deep --city mycity --json"),
    ),
    "gc": Command(
        "portico.cli.versions:gc",
        "Remove the content of old versions that nothing needs; without --apply only say what would go.",
        ("data gc --city mycity", "data gc --keep-days 90 --keep-last 3 --apply --city mycity"),
    ),
    "copy": Command(
        "portico.cli.versions:copy",
        "Copy the whole working state to another folder.",
        ("data copy backup/.portico --city mycity",),
    ),
    "held": Command(
        "portico.cli.decisions:held",
        "List the versions held because of personal data.",
        ("data held --city mycity", "data held --all --city mycity"),
    ),
    "release": Command(
        "portico.cli.decisions:release",
        "Publish a held version as it is; the decision is recorded.",
        ("data release contacts --by data-officer --note offices-only --city mycity",),
    ),
    "mask": Command(
        "portico.cli.decisions:mask",
        "Publish a held version with the personal data masked; the decision is recorded.",
        ("data mask contacts --columns email --by data-officer --city mycity",),
    ),
    "drop": Command(
        "portico.cli.decisions:drop",
        "Publish a held version without some columns; the decision is recorded.",
        ("data drop contacts --columns email,phone --by data-officer --city mycity",),
    ),
    "refuse": Command(
        "portico.cli.decisions:refuse",
        "Decide that a held version is never published; the decision is recorded.",
        ("data refuse contacts --by data-officer --note asked-again --city mycity",),
    ),
}
SITES_COMMANDS = {
    "list": Command(
        "portico.cli.sites:sites",
        "List the sites of the register; what `portico sites` alone does.",
        ("sites --city mycity", "sites --city mycity --status available --json"),
    ),
    "import": Command(
        "portico.cli.sites_exchange:import_",
        "Bring a register of sites into the city's facts: CSV, GeoJSON or a workbook.",
        (
            "sites import brownfield.csv --city mycity --dry-run",
            "sites import brownfield.csv --into newcity --repair --licence OGL-UK-3.0",
            "sites import register.geojson --city mycity --json",
        ),
    ),
    "export": Command(
        "portico.cli.sites_exchange:export",
        "Write the register as CSV, GeoJSON or a workbook, in the standard's fields or whole.",
        (
            "sites export -o register.csv --city mycity",
            "sites export -o register.xlsx --format portico --city mycity --json",
        ),
    ),
    "check": Command(
        "portico.cli.sites_exchange:check",
        "Look over a register: a file before it is imported, or the city's own for what has grown old.",
        ("sites check brownfield.csv", "sites check --city mycity", "sites check --city mycity --json"),
    ),
    "undo": Command(
        "portico.cli.sites_exchange:undo",
        "Put the register back as it was before the last import.",
        ("sites undo --city mycity",),
    ),
}
ACCESS_COMMANDS = {
    "cumulative": Command(
        "portico.cli.access:cumulative",
        "Count what lies within so many minutes of each place (cumulative opportunities).",
        ("access cumulative --matrix minutes.csv --opportunities jobs.csv --within 30,45",),
    ),
    "gravity": Command(
        "portico.cli.access:gravity",
        "Add up what is in reach of each place, the farther the less (potential of Hansen).",
        ("access gravity --matrix minutes.csv --opportunities jobs.csv --decay halving:15",),
    ),
    "2sfca": Command(
        "portico.cli.access:two_step_floating",
        "Share what there is among the people who reach it within so many minutes.",
        ("access 2sfca --matrix minutes.csv --supply doctors.csv --population people.csv --within 30",),
    ),
    "e2sfca": Command(
        "portico.cli.access:enhanced_floating",
        "Share what there is by zones that count less and less.",
        ("access e2sfca --matrix minutes.csv --supply doctors.csv --population people.csv",),
    ),
    "competition": Command(
        "portico.cli.access:competition",
        "Share what there is among all who reach it, the farther the less.",
        ("access competition --matrix m.csv --supply doctors.csv --population people.csv --decay power:1",),
    ),
    "nearest": Command(
        "portico.cli.access:nearest",
        "Say the minutes to the k-th nearest, and the mean of the k nearest.",
        ("access nearest --matrix minutes.csv --opportunities schools.csv --k 1,3",),
    ),
    "catchment": Command(
        "portico.cli.access:catchment",
        "Count the workers who can be at each place within 30, 45 and 60 minutes.",
        ("access catchment --matrix minutes.csv --opportunities workers.csv --amount engineers,technicians",),
    ),
}
CELLS_COMMANDS = {
    "cumulative": Command(
        "portico.cli.cells:cumulative",
        "Count what lies within so many minutes of each cell, and publish it as a layer.",
        (
            "cells cumulative --of institutions --mode walk --within 15 --city mycity",
            "cells cumulative --of companies --amount jobs --mode transit --resolution 8 --city mycity --dry-run",
        ),
    ),
    "gravity": Command(
        "portico.cli.cells:gravity",
        "Add up what is in reach of each cell, the farther the less, and publish it as a layer.",
        ("cells gravity --of companies --amount jobs --mode car --decay halving:15 --city mycity",),
    ),
    "catchment": Command(
        "portico.cli.cells:catchment",
        "Count the people who can be at each cell within so many minutes, and publish it as a layer.",
        ("cells catchment --of census --amount engineers --mode car --within 45 --city mycity",),
    ),
    "nearest": Command(
        "portico.cli.cells:nearest",
        "Say the minutes from each cell to the nearest, or the k-th nearest, and publish it as a layer.",
        ("cells nearest --of transport --mode walk --city mycity", "cells nearest --of schools --k 3 --city mycity"),
    ),
}
TRAVEL_COMMANDS = {
    "matrix": Command(
        "portico.cli.travel:matrix",
        "Write the minutes between points, on foot, by bicycle, by car or by public transport.",
        (
            "travel matrix --streets town.osm.pbf --from sites.csv --to stations.csv --mode walk -o minutes.csv",
            (
                "travel matrix --streets town.osm.pbf --gtfs bus.zip --from homes.csv --to jobs.csv --mode transit "
                "--depart 2022-10-05T08:00 --window 60 --percentiles 5,50,95 -o minutes.parquet"
            ),
        ),
    ),
    "isochrone": Command(
        "portico.cli.travel_one:isochrone",
        "Draw what is in reach of a point within so many minutes, as GeoJSON.",
        ("travel isochrone --streets town.osm.pbf --from 13.35,42.36 --mode walk --minutes 15,30 -o reach.geojson",),
    ),
    "itinerary": Command(
        "portico.cli.travel_one:itinerary",
        "Tell one way from door to door, so that a number can be explained.",
        (
            (
                "travel itinerary --streets town.osm.pbf --gtfs bus.zip --from 13.35,42.36 --to 13.40,42.35 "
                "--mode transit --depart 2022-10-05T08:00"
            ),
        ),
    ),
}
PERMITS_COMMANDS = {
    "check": Command(
        "portico.cli.permits:check",
        "Say everything that is wrong with a rule pack, with file, row and advice.",
        ("permits check mycity/rules/permits", "permits check --city mycity --json"),
    ),
    "plan": Command(
        "portico.cli.permits:plan",
        "Say which procedures a project needs, in which days, with which documents. Not legal advice.",
        (
            "permits plan project.toml --city mycity",
            "permits plan project.toml --site example-mill --filed 2027-01-11 --why --lang it",
            "permits plan project.toml --city mycity --json",
        ),
    ),
    "ask": Command(
        "portico.cli.permits:ask",
        "Ask what can still change the path of a project, and save the answers.",
        (
            "permits ask -o project.toml --city mycity",
            "permits ask -o project.toml --site example-mill --lang it < answers.txt",
        ),
    ),
}
GTFS_COMMANDS = {
    "check": Command(
        "portico.cli.gtfs:check",
        "Say what is wrong with timetable feeds, what is in them, and whether they can answer.",
        ("gtfs check feed.zip", "gtfs check metro.zip railway.zip --json"),
    ),
}
_HELP = f"""A city's open data turned into investment, with evidence. Version {__version__}.

A brief goes in; qualified sites, what is still to be verified and the name of who answers come out.

Start with `portico demo`, or `portico init mycity` for your own city. Exit codes: 0 done, 1 findings or a refusal
explained, 2 wrong usage.
"""


def app() -> App:
    """Return the tree of commands."""
    root = App(name="portico", version=__version__, help=_HELP, help_format="markdown")
    for name, command in COMMANDS.items():
        root.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    brief = App(name="brief", help="Briefs: what an investor needs.", help_format="markdown")
    for name, command in BRIEF_COMMANDS.items():
        brief.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(brief)
    sites = App(name="sites", help="The register of sites; alone, it lists them.", help_format="markdown")
    for name, command in SITES_COMMANDS.items():
        sites.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(sites)
    data = App(name="data", help="Datasets and their versions.", help_format="markdown")
    for name, command in DATA_COMMANDS.items():
        data.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(data)
    access = App(name="access", help="What can be reached, from a matrix of minutes.", help_format="markdown")
    for name, command in ACCESS_COMMANDS.items():
        access.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(access)
    cells = App(name="cells", help="A measure for every cell of a territory, as a layer.", help_format="markdown")
    for name, command in CELLS_COMMANDS.items():
        cells.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(cells)
    permits = App(name="permits", help="Procedures of a project on a site. Not legal advice.", help_format="markdown")
    for name, command in PERMITS_COMMANDS.items():
        permits.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(permits)
    gtfs = App(name="gtfs", help="Timetable feeds.", help_format="markdown")
    for name, command in GTFS_COMMANDS.items():
        gtfs.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(gtfs)
    travel = App(name="travel", help="Minutes and ways on streets and timetables.", help_format="markdown")
    for name, command in TRAVEL_COMMANDS.items():
        travel.command(command.place, name=name, help=command.does, help_epilogue=command.epilogue)
    root.command(travel)
    return root


def _spelled_out(asked: list[str]) -> list[str]:
    """Return what is asked with the command that a group stands for when it is named alone: ``sites`` lists."""
    alone = asked[:1] == ["sites"] and (len(asked) == 1 or asked[1].startswith("-"))
    return ["sites", "list", *asked[1:]] if alone and not {"--help", "-h"} & set(asked) else asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 findings or a refusal explained, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    # A lone hyphen is standard input, as everywhere; the parser of commands takes it for an option.
    asked = _spelled_out(["stdin:" if one == "-" else one for one in given])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows few letters shows the rest as "?"
    try:
        result = app()(asked, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return UsageError.exit_code
    except PorticoError as error:
        from portico.cli.show import refuse

        return refuse(error, given)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing to say and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"portico: the system refused: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - our words
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) else 0
