"""A second reader of the pack: the CSV files and Python's own eval, none of the product's code. For whole answers."""

import csv
import functools
import tomllib
from collections import defaultdict

from tests.permits.worked import FOLDER


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def rules():
    settings = tomllib.loads((FOLDER / "pack.toml").read_text(encoding="utf-8"))
    compiled = [
        (row["procedure_id"], row["nature"], int(row["stage"]), compile(row["condition"], row["procedure_id"], "eval"))
        for row in rows("triggers")
    ]
    absorbs = defaultdict(list)
    for row in rows("dependencies"):
        if row["kind"] == "absorbs":
            absorbs[row["procedure_id"]].append(row["needs_procedure_id"])
    return settings, {row["id"]: row for row in rows("procedures")}, compiled, absorbs


def decided(answers):
    """Return what is hit by nature, what is absorbed, and what is computed, of a project that answers everything."""
    settings, procedures, compiled, absorbs = rules()
    known = dict(answers)
    hit = defaultdict(set)

    def run(stage):
        for procedure, nature, when, code in compiled:
            if when == stage and eval(code, {"__builtins__": {}}, known):  # noqa: S307 - the oracle of the tests
                hit[nature].add(procedure)

    run(1)
    absorbed = {two for one in hit["required"] for two in absorbs[one] if two in hit["required"]}
    live = hit["required"] - absorbed
    assents = [
        one
        for one in live
        if procedures[one]["regime"] in settings["assents"] and procedures[one]["phase"] in settings["assent_phases"]
    ]
    known["any_assent"] = bool(assents)
    known["any_scia"] = any(procedures[one]["regime"] in settings["notices"] for one in live)
    known["assent_bodies"] = len({procedures[one]["authority"] for one in assents})
    known["single_authorisation"] = bool(live & set(settings["single_titles"]))
    run(2)
    run(3)
    return hit, absorbed, known
