"""What states a figure of the register: rows, positions, the settings of the city."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tests.dossier.walking.drawn import BOUNDS, City, Drawn, Plain, day_of, differs, only

LINE = 0.006
"""A sphere, as here, and an ellipsoid differ by so much of a distance at most."""
RADIUS_M = 6_371_008.8
LARGER = {"buildable": ("offered", "whole-holding"), "offered": ("whole-holding",)}
TABLES_OF_PLACES = ("institutions", "organisations", "transport")
HIGHEST_LEVEL = 4


# --- rows ---


def stated(drawn: Drawn, city: City) -> Iterator[str]:
    """Rows of the register state it: the newest one the value, all of them the bounds; of words the newest day's."""
    cited = [city.rows(piece["dataset"], piece["version"])[piece["row"]] for piece in drawn.rows]
    first = cited[0]
    if {row["site"] for row in cited} != {drawn.site} or len({row["attribute"] for row in cited}) != 1:
        yield "its rows are of another site, or of several attributes"
    alike = [
        row
        for row in city.rows(drawn.rows[0]["dataset"], drawn.rows[0]["version"]).values()
        if (row["site"], row["attribute"]) == (first["site"], first["attribute"])
    ]
    found = drawn.found
    if "values" in found:
        yield from _words(found, cited, alike)
        return
    if found["unit"] != first["unit"]:
        yield f"in {found['unit']}, and the row says {first['unit']}"
    bases = {row["basis"] for row in cited}
    same = [row for row in alike if row["basis"] in bases]
    if {row["id"] for row in same} != {row["id"] for row in cited}:
        yield "not every row on that basis is told"
    ranges = [_range(row["value"]) for row in same]
    newest = max(same, key=lambda row: day_of(row["as_of"]))
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if found["value"] is None:
        # A larger whole is known: it bounds the part from above.
        asked = drawn.up(1).get("basis") or drawn.asked(city).get("basis")
        if found["low"] is not None or not bases <= set(LARGER.get(asked, ())):
            yield "a bound that no larger whole gives"
        if found["high"] != high:
            yield f"at most {found['high']}, and the rows say {high}"
        return
    values = {sum(_range(row["value"])) / 2 for row in same if day_of(row["as_of"]) == day_of(newest["as_of"])}
    if found["value"] not in values:
        yield f"{found['value']}, and the newest row says {values}"
    yield from differs(found, low, found["value"], high)
    if (found["as_of"] or "") != str(newest["as_of"] or ""):
        yield f"as of {found['as_of']}, and the newest row of {newest['as_of']}"


def _words(found: Plain, cited: Sequence[Plain], alike: Sequence[Plain]) -> Iterator[str]:
    told = set(found["values"])
    if told != {row["value"] for row in cited}:
        yield f"{sorted(told)}, and its rows say {sorted({row['value'] for row in cited})}"
    if not {str(row["as_of"] or "") for row in cited} >= {found["as_of"] or ""}:
        yield f"as of {found['as_of']}, and no row of that day"
    newest = max(day_of(row["as_of"]) for row in alike)
    if not {row["value"] for row in alike if day_of(row["as_of"]) == newest} <= told:
        yield "what was stated last is not told"


def _range(text: str) -> tuple[float, float]:
    low, _, high = str(text).partition("..")
    return float(low), float(high or low)


# --- minutes and places ---


def _metres(one: Plain, other: Plain) -> float:
    lat, other_lat = math.radians(one["lat"]), math.radians(other["lat"])
    across = math.radians(other["lon"] - one["lon"])
    half = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(across / 2) ** 2
    return 2 * RADIUS_M * math.asin(math.sqrt(half))


def _minutes(one: Plain, other: Plain, mode: str, city: City) -> tuple[float, float, float]:
    """The least, usual and most minutes by the assumptions of ``city.toml``."""
    travel, doubt = city.settings["travel"][mode], city.settings["uncertainty_m"]
    metres = _metres(one, other)
    unsure = doubt[one["precision"]] + doubt[other["precision"]]
    lengths = (max(0.0, metres - unsure), metres, metres + unsure)
    speeds = travel["speed_km_h"][::-1]
    added = travel.get("minutes_added", (0.0, 0.0, 0.0))
    return tuple(
        length / 1000 * detour / speed * 60 + more
        for length, detour, speed, more in zip(lengths, travel["detour"], speeds, added, strict=True)
    )


def _meant(asked: Plain, city: City) -> list[Plain]:
    """The places that a must or want means, that serve somebody today."""
    found = []
    for table in TABLES_OF_PLACES:
        for row in city.head(table).values():
            kind = row.get("kind") or row.get("sector") or ""
            fields = set((row.get("fields") or row.get("sector") or "").split(";"))
            by_field = bool(fields & {"all", *asked.get("fields", ())})
            by_division = str(row.get("ateco_division") or "") in asked.get("divisions", ())
            fits = not asked.get("kinds") or kind in asked["kinds"]
            if asked.get("fields") and asked.get("divisions"):
                fits &= by_field or by_division
            elif asked.get("fields"):
                fits &= by_field
            elif asked.get("divisions"):
                fits &= by_division
            if fits and (row.get("state") or "in-service") == "in-service":
                found.append(row)
    return found


def estimated(drawn: Drawn, city: City) -> Iterator[str]:
    """Minutes from a straight line: to the place that is cited; where it is the nearest, over all that were meant."""
    mode = drawn.method.rpartition(".")[2]
    [place, *_] = (piece for piece in drawn.rows if piece["dataset"] != "sites")
    row, site = city.rows(place["dataset"], place["version"])[place["row"]], city.head("sites")[drawn.site]
    low, value, high = _minutes(site, row, mode, city)
    yield from _used(drawn, site, row, mode, city)
    found = drawn.found
    if drawn.names[-1] == "minutes" and drawn.names[-2] in ("places", "place"):
        if drawn.up(1)["id"] != place["row"]:
            yield f"minutes to {drawn.up(1)['id']} rest on {place['row']}"
    else:
        asked = drawn.up(1) if "brief" not in drawn.document else drawn.asked(city)
        meant = _meant({"kinds": [asked["kind"]]} if "kind" in asked else asked, city)
        every = [_minutes(site, one, mode, city) for one in meant if _is_placed(one, mode, city)]
        low = min(value, *(one[0] for one in every))
        high = max(value, min(one[2] for one in every))
        if value > min(one[1] for one in every) * (1 + LINE) + 0.1:
            yield f"{place['row']} is not the nearest"
    for bound, expected in zip(BOUNDS, (low, value, high), strict=True):
        if abs(found[bound] - expected) > LINE * expected + 0.1:
            yield f"{bound} is {found[bound]}, and comes out as {expected}"


def _is_placed(place: Plain, mode: str, city: City) -> bool:
    """Whether minutes are told to a place: on foot to none that is known only roughly."""
    travel, doubt = city.settings["travel"], city.settings["uncertainty_m"]
    rough = mode == "walk" and doubt[place["precision"]] > travel["walk_uncertainty_limit_m"]
    return place["lon"] is not None and not rough


def _used(drawn: Drawn, site: Plain, place: Plain, mode: str, city: City) -> Iterator[str]:
    """The parameters are those of the city and of the two positions, and the minutes follow from them."""
    told, travel = drawn.parameters, city.settings["travel"][mode]
    for name, stated in (("detour", travel["detour"]), ("speed_km_h", travel["speed_km_h"])):
        order = ("least", "usual", "most")
        if [told[f"{name}_{one}"] for one in order] != list(stated):
            yield f"{name} is not what the city says"
    if abs(told["line_m"] - _metres(site, place)) > LINE * told["line_m"] + 1:
        yield f"a line of {told['line_m']} m, and the rows are {_metres(site, place):.0f} m apart"
    usual = told["line_m"] / 1000 * told["detour_usual"] / told["speed_km_h_usual"] * 60
    usual += travel.get("minutes_added", (0.0, 0.0, 0.0))[1]
    if abs(drawn.found["value"] - usual) > 0.01:
        yield f"{drawn.found['value']} min, and its parameters make {usual}"


def ride(drawn: Drawn, city: City) -> Iterator[str]:
    """A walk, rides, a walk: the usual minutes are those of the rows of its lines, half of each headway to wait."""
    cited = [(piece["dataset"], city.rows(piece["dataset"], piece["version"])[piece["row"]]) for piece in drawn.rows]
    site, told = city.head("sites")[drawn.site], drawn.parameters
    is_of_place = drawn.names[-2:] in (("places", "minutes"), ("place", "minutes"))
    wanted = drawn.up(1)["id"] if is_of_place else None
    place = next((row for table, row in cited if table in TABLES_OF_PLACES and wanted in (None, row["id"])), None)
    if place is None:
        yield "the place is not cited"
        return
    if told["lines"] == "on foot":
        usual: float | None = _minutes(site, place, "walk", city)[1]
    else:
        usual = _ridden(told, site, place, [row for _, row in cited], city)
    if usual is None:
        yield "no row states how long its rides take"
    elif abs(drawn.found["value"] - usual) > LINE * usual + 0.1:
        yield f"{drawn.found['value']} min, and its rows make {usual}"


def _ridden(told: Plain, site: Plain, place: Plain, cited: Sequence[Plain], city: City) -> float | None:
    stops, known = told["stops"].split(" – "), city.head("transport")
    transit = city.settings["travel"]["transit"]
    inner = [known[stop] for stop in stops[1:-1]]
    on_foot = [(site, known[stops[0]]), *zip(inner[::2], inner[1::2], strict=True), (known[stops[-1]], place)]
    metres = sum(_metres(one, other) for one, other in on_foot)
    minutes = metres * transit["walk_detour"] / transit["walk_speed_m_s"] / 60
    for line, start, end in zip(told["lines"].split(" + "), stops[::2], stops[1::2], strict=True):
        of_line = [row for row in cited if line in str(row.get("line", "")).split(";")]
        waits = [row["minutes"] / 2 for row in of_line if "period" in row]
        runs = [row for row in of_line if "from_stop" in row]
        order = {row["stop"]: row["sequence"] for row in city.head("lines").values() if row["line"] == line}
        direct = [row["minutes"] for row in runs if {row["from_stop"], row["to_stop"]} == {start, end}]
        hops = [row["minutes"] * abs(order[start] - order[end]) for row in runs if not row["from_stop"]]
        if not waits or not (direct or hops):
            return None
        minutes += sum(waits) / len(waits) + (direct or hops)[0]
    return minutes


def within(drawn: Drawn, city: City) -> Iterator[str]:
    """How many places: surely, by the usual minutes, perhaps; one whose position nobody knows counts as perhaps."""
    asked, told = drawn.asked(city), drawn.parameters
    limit, mode = asked["within_minutes"], asked["mode"]
    if (told["mode"], told["minutes"]) != (mode, limit):
        yield f"counted {told}, and {limit} minutes by {mode} were asked"
    site = city.head("sites")[drawn.site]
    meant = _meant(asked, city)
    cited = {piece["row"] for piece in drawn.rows} & {row["id"] for row in meant}
    if drawn.found["value"] != len(cited):
        yield f"{drawn.found['value']} places, and {len(cited)} are cited"
    if mode == "transit":
        if drawn.found["high"] > len(meant):
            yield f"at most {drawn.found['high']} places, and {len(meant)} were meant"
        return
    known = [_minutes(site, row, mode, city) for row in meant if _is_placed(row, mode, city)]
    unknown = len(meant) - len(known)
    # Most, usual, least: where the way of measuring a distance decides, either count is right.
    for bound, column, more in (("low", 2, 0), ("value", 1, 0), ("high", 0, unknown)):
        edge = LINE * limit + 0.1
        sure = sum(one[column] <= limit - edge for one in known) + more
        perhaps = sum(one[column] <= limit + edge for one in known) + more
        if not sure <= drawn.found[bound] <= perhaps:
            yield f"{bound} is {drawn.found[bound]}, and comes out as {sure} to {perhaps}"


# --- what the city states ---


def of_partner(drawn: Drawn, city: City) -> Iterator[str]:
    known = {one["id"]: one for one in city.settings["partners"]}
    yield from only(drawn.found, known[drawn.up(1)["id"]]["working_days"])


def of_position(drawn: Drawn, city: City) -> Iterator[str]:
    row = city.head("sites")[drawn.site]
    if drawn.up(1)["precision"] != row["precision"]:
        yield f"precision {drawn.up(1)['precision']}, and the row says {row['precision']}"
    yield from only(drawn.found, city.settings["uncertainty_m"][row["precision"]])


def of_readiness(drawn: Drawn, city: City) -> Iterator[str]:
    """The level below the first gap; at most the one below the first that is surely one, not only unstated or old."""
    gaps = drawn.up(1)["gaps"]
    reached = min((one["level"] for one in gaps), default=HIGHEST_LEVEL + 1) - 1
    most = min((one["level"] for one in gaps if one["lack"] == "unmet"), default=HIGHEST_LEVEL + 1) - 1
    yield from differs(drawn.found, reached, reached, most)
    if drawn.parameters["gaps"] != len(gaps):
        yield f"{drawn.parameters['gaps']} gaps, and {len(gaps)} are told"
