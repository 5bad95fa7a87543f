"""The polluted files of the Pollock benchmark: what surrounds the pollution is read exactly, the polluted row is exact
or kept with its number and raw text, and nothing is shifted or merged in silence."""

from __future__ import annotations

import csv
import re
import tarfile

import pytest
from tests.shared import needs_shared, shared_data
from tests.tables import cells, kinds, parsed, rejects

ARCHIVE = ("data", "messy", "pollock-polluted_files.tar.xz")
PARTS = 6
EXPLAINED = {
    "file_field_delimiter_0x20.csv": "blanks part the cells and stand inside them, unquoted: one column, and said",
    "file_multitable_less.csv": "a second table below, of eight columns: its rows follow, its header is a reject",
    "file_multitable_more.csv": "a second table below the first, of ten columns: its rows are rejects",
    "file_multitable_same.csv": "a second table below the first, of the same columns: its rows follow",
    "file_quotation_char_0x27.csv": "apostrophes quote the cells and stand inside: where two readings fit, a reject",
}
POLLUTED = re.compile(r"row_.*(?:_row|quote)(\d+)_|row_field_delimiter_(\d+)_")

pytestmark = needs_shared(*ARCHIVE)


@pytest.fixture(scope="session")
def benchmark(tmp_path_factory):
    folder = tmp_path_factory.mktemp("polluted")
    with tarfile.open(shared_data(*ARCHIVE)) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.rglob("csv")).parent


def judge(folder, path, work):
    """Return what is wrong with how a file was read, or nothing."""
    with (folder / "clean" / path.name).open(encoding="utf-8", newline="") as file:
        clean = [tuple(row) for row in csv.reader(file)]
    found = parsed(work, path.read_bytes(), name=path.name)
    if found is None:
        return "" if not clean else "read as nothing"
    expected = clean if path.name == "file_no_header.csv" else clean[1:]
    got, kept = cells(found), rejects(found)
    match = POLLUTED.match(path.name)
    row = int(match[1] or match[2]) if match else 0
    if not row:
        return "" if got == expected else f"{len(got)} rows, not the expected {len(expected)}"
    others = expected[: row - 1] + expected[row:]
    if len(got) == len(expected):
        return "" if got == expected else "the polluted row is wrong"
    raw = path.read_bytes().decode("utf-8").splitlines()[row]
    if got != others:
        return "rows beside the polluted one are wrong"
    return "" if [(row + 1, raw)] == [(at, text) for at, _, text, _ in kept] else "the polluted row is lost"


# Half of the files in `make test`, the others in `make stress`.
@pytest.mark.parametrize("part", [pytest.param(one, marks=[pytest.mark.slow] * (one % 2)) for one in range(PARTS)])
def test_what_surrounds_the_pollution_is_exact(benchmark, tmp_path, part):
    files = sorted((benchmark / "csv").iterdir())[part::PARTS]
    assert files
    wrong = {path.name: found for path in files if (found := judge(benchmark, path, tmp_path))}
    assert wrong.keys() == EXPLAINED.keys() & {path.name for path in files}  # one that is mended is taken off the list


def test_there_are_as_many_files_as_the_benchmark_has(benchmark):
    files = list((benchmark / "csv").iterdir())
    assert len(files) == 2_290
    assert EXPLAINED.keys() <= {path.name for path in files}
    assert len(EXPLAINED) <= len(files) * 0.03


def test_the_explained_ones_are_said(benchmark, tmp_path):
    found = parsed(tmp_path, (benchmark / "csv" / "file_field_delimiter_0x20.csv").read_bytes())
    assert "one-column" in kinds(found)
    for name in ("file_multitable_less.csv", "file_multitable_same.csv", "file_multitable_more.csv"):
        again = parsed(tmp_path, (benchmark / "csv" / name).read_bytes())
        assert cells(again)[:83] == cells(parsed(tmp_path, (benchmark / "csv" / "source.csv").read_bytes()))
        assert rejects(again)
