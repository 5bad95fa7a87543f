"""A file larger than memory is allowed to be: all traits right, and under a gigabyte of memory."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from benchmarks import italian
from tests.shared import ROOT

ROWS = 21_000_000
"""About 3 GB."""


def ingested(path, folder):
    command = [sys.executable, "-m", "benchmarks.ingest_worker", str(path), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout)


def test_every_trait_of_an_italian_file_comes_out_with_nothing_told(tmp_path):
    report = ingested(italian.write(tmp_path / "register.csv", 60_000), tmp_path / "lake")
    assert report["wrong"] == []


def test_and_in_the_country_s_eight_bits(tmp_path):
    report = ingested(italian.write(tmp_path / "register.csv", 60_000, "cp1252"), tmp_path / "lake")
    assert report["wrong"] == []


@pytest.mark.slow
def test_three_gigabytes_stay_under_one_of_memory(tmp_path):
    path = italian.write(tmp_path / "register.csv", ROWS)
    assert path.stat().st_size > 3_000_000_000
    report = ingested(path, tmp_path / "lake")
    assert report["wrong"] == []
    assert report["peak_mb"] < 1_000


@pytest.mark.slow
def test_a_quote_that_is_never_closed_at_the_start_of_two_gigabytes(tmp_path):
    path = tmp_path / "open.csv"
    block = "1;Borgo Prova;12,5\n" * 100_000
    with path.open("w", encoding="utf-8") as file:
        file.write('id;comune;valore\n"1;Borgo Prova;12,5\n')
        for _ in range(1_060):  # 2 GB
            file.write(block)
    done = subprocess.run(
        [sys.executable, "-m", "portico", "inspect", str(path), "--json"], check=False, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    assert report["rows"] == 106_000_001
