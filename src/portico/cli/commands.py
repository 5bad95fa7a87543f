"""The commands on a city: named by where they live, and imported when they are called, so that help costs nothing."""

from __future__ import annotations

from portico.cli.named import Command

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
