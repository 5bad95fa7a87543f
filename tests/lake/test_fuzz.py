"""Bytes nobody would send on purpose: every one is read or refused with a sentence; nothing crashes, nothing hangs."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import time
import zipfile

import pytest
from tests.tables import ENGINE

from portico.errors import PorticoError
from portico.lake.found import Workshop
from portico.lake.ingest import examine
from portico.lake.receive import from_file

SECONDS = 10
STRESS_SECONDS = 200
HANG_S = 90


def table(chance):
    delimiter = chance.choice(";,\t|")
    cells = [
        "1,5",
        "Città",
        '"a;b"',
        "31/12/2024",
        "",
        "N/D",
        "007",
        '"x""y"',
        "€ 5,00",
        "45,07",
        '"due\nrighe"',
        "-1.234,5",
    ]
    width = chance.randint(1, 9)
    header = delimiter.join(
        chance.choice(["codice", "lat", "lon", "data", "cap", "civico", "x", "y", ""]) for _ in range(width)
    )
    rows = (delimiter.join(chance.choice(cells) for _ in range(width)) for _ in range(chance.randint(0, 60)))
    text = chance.choice(["\n", "\r\n", "\r"]).join([header, *rows])
    return text.encode(chance.choice(["utf-8", "cp1252", "utf-16", "utf-8-sig"]), errors="replace")


def document(chance):
    values = [1, 2.5, None, True, "è", [1], {"b": [{}]}, 10**30, "007"]
    records = [{chance.choice("abcde"): chance.choice(values) for _ in range(4)} for _ in range(chance.randint(0, 30))]
    if chance.random() < 0.5:
        return "\n".join(json.dumps(one) for one in records).encode()
    return json.dumps(chance.choice([records, {"data": records}, records[:1]])).encode()


def places(chance):
    kinds = [
        {"type": "Point", "coordinates": [chance.uniform(-200, 200), chance.uniform(-100, 100)]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "Point", "coordinates": []},
        None,
    ]
    features = [
        {"type": "Feature", "geometry": chance.choice(kinds), "properties": {"n": n, "geometry": "x"}} for n in range(9)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def archive(chance):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in chance.sample(
            ["a.csv", "stops.txt", "routes.txt", "trips.txt", "xl/workbook.xml", "doc.kml", "b/c.json"], 3
        ):
            made.writestr(name, mutated(chance, table(chance)))
    return out.getvalue()


def mutated(chance, data):
    content = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 3, 10])):
        if not content:
            break
        at = chance.randrange(len(content))
        kind = chance.random()
        if kind < 0.4:
            content[at] = chance.randrange(256)
        elif kind < 0.6:
            del content[at : at + chance.randint(1, 20)]
        elif kind < 0.8:
            content[at:at] = chance.choice([b'"', b";", b"\n", b"\x00", b"\xff\xfe", b"'", b"{", b"=1+1", b"\r"])
        else:
            content = content[:at]
    return bytes(content)


MAKERS = (table, document, places, archive)


def one_case(folder, seed):
    chance = random.Random(seed)
    data = mutated(chance, chance.choice(MAKERS)(chance))
    if chance.random() < 0.05:
        data = gzip.compress(data)
    path = folder / "case"
    path.write_bytes(data)
    shop_folder = folder / str(seed)
    shop_folder.mkdir()
    try:
        found = examine(from_file(path), Workshop(shop_folder, ENGINE))
    except PorticoError:
        return
    for one in found:
        assert one.typed.rows >= 0
        json.dumps(one.report(), allow_nan=False, default=str)


def fuzz(folder, first_seed, seconds):
    def hang(*_):
        raise AssertionError(f"seed {seed} hangs")

    before = signal.signal(signal.SIGALRM, hang)
    seed, end = first_seed, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            signal.alarm(HANG_S)
            try:
                one_case(folder, seed)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {error!r}") from error
            seed += 1
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return seed - first_seed


@pytest.mark.parametrize("part", range(3))
def test_ten_seconds_of_odd_bytes(tmp_path, part):
    assert fuzz(tmp_path, 1_000_000 * (part + 1), SECONDS) > 5


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_minutes_of_odd_bytes(tmp_path, part):
    seed = int(os.environ.get("PORTICO_SEED", "7")) * 100_000_000 + part * 10_000_000
    assert fuzz(tmp_path, seed, STRESS_SECONDS) > 100
