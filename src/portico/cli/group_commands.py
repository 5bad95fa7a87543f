"""The commands that stand in groups: on matrices, tables, cells, streets, permits and timetables."""

from __future__ import annotations

from portico.cli.named import Command

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
INDUSTRIES_COMMANDS = {
    "gather": Command(
        "portico.cli.industries:gather",
        "Say how industries stand in areas: location quotient, cluster index, agglomeration, with intervals.",
        ("industries gather employment.csv", "industries gather employment.csv --universe land --division 29 --json"),
    ),
    "related": Command(
        "portico.cli.industries:related",
        "Say which industries share skills, from people who change jobs between them.",
        (
            "industries related moves.csv",
            "industries related matrix.csv --column sr -o skill_relatedness.csv --source Neffke-2017",
        ),
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
    "reform": Command(
        "portico.cli.permits_reform:reform",
        "Say what a reform would save over a portfolio of projects: days, procedures, documents.",
        ("permits reform whatif.toml --city mycity", "permits reform whatif.toml --projects folder --json"),
    ),
    "losses": Command(
        "portico.cli.permits_reform:losses",
        "Say where projects lose days and papers: no law, asked twice, one after the other for nothing.",
        ("permits losses --city mycity", "permits losses --projects folder project.toml --lang it"),
    ),
    "case": Command(
        "portico.cli.permits_reform:case",
        "Write a project as a case of the Italian one-stop shop (SUAP).",
        ("permits case project.toml -o case.json --city mycity",),
    ),
    "services": Command(
        "portico.cli.permits_reform:services",
        "Write the procedures of the city as public services (CPSV-AP, JSON-LD).",
        ("permits services -o services.jsonld --base https://example.org/permits/",),
    ),
}
GTFS_COMMANDS = {
    "check": Command(
        "portico.cli.gtfs:check",
        "Say what is wrong with timetable feeds, what is in them, and whether they can answer.",
        ("gtfs check feed.zip", "gtfs check metro.zip railway.zip --json"),
    ),
}
