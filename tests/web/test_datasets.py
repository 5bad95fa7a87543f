"""The pages and the API on data: what is found in a version is shown, what is held is not, and nothing of it runs."""

import csv
import http.client
import io
import json
import re
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.serving import served

from portico import city as cities
from portico.build import build, lake_of
from portico.catalogue.commands import record
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.errors import StateError
from portico.lake import store
from portico.lake.columns import TYPES
from portico.lake.commands import publish
from portico.lake.exports import ExportFormat
from portico.lake.model import Column, Decided, Examination, Hold, Receipt, Table, Type, Version
from portico.messages import Text
from portico.translation import Translator
from portico.web import cells, downloads, profiles
from portico.web.datasets import DECIDED, FORMATS, HELD

LATER = "2026-11-24T09:00:00+00:00"
MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
LONG = "x" * 299 + "YZ"
SECRET = "RSSMRA80A01L219M"  # noqa: S105 - of nobody
WELLS = (
    Column("code", Type.TEXT),
    Column(MARKUP, Type.TEXT),
    Column("depth", Type.NUMBER, "m"),
    Column("count", Type.INTEGER),
    Column("dug", Type.DATE),
    Column("place", Type.GEOMETRY),
)
OLD = [("w1", "plain", 12.5, 1234567, None, "POINT (14.5 47.5)"), ("w2", "plain", 7.25, 2, None, None)]
NEW = [
    ("w1", MARKUP, 1234.5678, 1234567, date(2024, 3, 1), "POINT (14.5 47.5)"),
    ("w3", LONG, 0.000001, 2, None, "POLYGON ((14 47, 15 47, 15 48, 14 47))"),
    ("w4", "{{7*7}} javascript:alert(3)", None, None, None, None),
]
REPORT = {
    "format": "csv",
    "encoding": "cp1252",
    "rows": 3,
    "crs": "EPSG:31287",
    "geometry": {"column": "place", "accuracy_m": 1.5},
    "columns": [
        {
            "name": "code",
            "type": "text",
            "meaning": "code",
            "profile": {"filled": 3, "missing": 0, "distinct": 3, "shortest": 2, "longest": 2},
        },
        {"name": MARKUP, "type": "text", "profile": {"filled": 3, "missing": 0, "top": [[MARKUP, 2], ["b", 1]]}},
        {
            "name": "depth",
            "type": "number",
            "format": "1.234,5",
            "rejects": 2,
            "profile": {
                "filled": 2,
                "missing": 1,
                "distinct": 2,
                "distinct_is_exact": False,
                "minimum": 0.000001,
                "maximum": 1234.5678,
                "quantiles": [1.5, 2.5, 3.5],
                "mean": 617.2839,
            },
        },
        {
            "name": "dug",
            "type": "date",
            "profile": {"filled": 1, "missing": 2, "minimum": "2024-03-01", "maximum": "2024-03-01"},
        },
    ],
    "personal_data": [],
    "issues": [
        {
            "type": "row-unknown",
            "severity": "warning",
            "row": 7,
            "column": "depth",
            "value": "x",
            "values": {
                "name": MARKUP,
                "dataset": "d",
                "advice": {"id": "did-you-mean", "values": {"suggestion": "s<b>"}},
            },
        },
        {
            "type": "no-such-message {0.__class__}",
            "severity": "error",
            "row": 0,
            "column": "",
            "value": MARKUP,
            "values": {},
        },
    ],
}
ABOUT = Dataset(
    "wells2",
    DatasetKind.FILE,
    Text(en=f"Wells {MARKUP}", it="Pozzi"),
    "Water board",
    "CC-BY-4.0",
    attribution="© Water board",
    source_url="https://me:secret@example.org/wells?token=77&a=1",
)
FORM = Distribution("wells2.csv", "wells2", "text/csv", "wells.csv")
HIDDEN = Dataset("people", DatasetKind.FILE, Text(en="People"), "Registry", "CC0-1.0")
MASKED = Dataset("masked", DatasetKind.FILE, Text(en="Masked people"), "Registry", "CC0-1.0")


def left_out(lake, name, rejects):
    path = lake.objects.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    cursor = lake.engine.cursor()
    columns = '"row" BIGINT, "column" VARCHAR, raw VARCHAR, reason VARCHAR, expected VARCHAR'
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE rejects ({columns})")
    cursor.executemany("INSERT INTO rejects VALUES (?, ?, ?, ?, ?)", rejects)
    cursor.execute(f"COPY rejects TO '{path}' (FORMAT parquet)")
    return name


def receipt(dataset):
    return Receipt(
        dataset, "5" * 64, AT, "/srv/secret folder/wells<b>.csv", "/srv/secret folder", {}, 1500, "originals/55"
    )


def fill(lake):
    """Two versions of wells with what was found in the newer, one dataset that is only held, one that was masked."""
    publish(lake, Table(WELLS, OLD), ABOUT, FORM, at=AT)
    new = publish(lake, Table(WELLS, NEW), ABOUT, FORM, at=LATER).version
    rejects = [(9, "depth", MARKUP, "no-such-reason {0.__class__}", "number")]
    rejects += [(number, "depth", f"raw {number} {LONG}", "row-unknown", "number") for number in range(10, 70)]
    secret = Table((Column("cf", Type.TEXT),), [(SECRET,)])
    masked = publish(lake, Table((Column("cf", Type.TEXT),), [("•••",)]), MASKED, _form("masked"), at=AT).version
    hidden = publish(lake, secret, Dataset("scratch", DatasetKind.FILE, Text(en="S"), "", ""), _form("scratch"), at=AT)
    reasons = ({"column": SECRET, "kind": "fiscal-code", "count": 1},)
    with lake.database.write() as connection:
        store.put_receipt(connection, receipt("wells2"))
        name = left_out(lake, "rejects/wells.parquet", rejects)
        store.put_examination(connection, Examination("wells2", new.id, "5" * 64, REPORT, name, len(rejects), LATER))
        record(connection, HIDDEN, _form("people"))
        held = hidden.version
        store.put_version(
            connection, type(held)(held.id, "people", "people.csv", held.columns, 1, held.file, held.file_sha256, 9)
        )
        store.put_hold(connection, Hold("people", held.id, reasons, AT))
        store.put_hold(connection, Hold("scratch", held.id, reasons, AT, Decided.REFUSED, "An Officer", AT, SECRET))
        store.put_hold(
            connection, Hold("masked", "a" * 64, reasons, AT, Decided.MASKED, "An Officer", AT, SECRET, masked.id)
        )
        name = left_out(lake, "rejects/masked.parquet", [(1, "", SECRET, "row-unknown", "")])
        report = {
            "issues": [{"type": "row-unknown", "severity": "warning", "value": SECRET, "values": {"name": SECRET}}]
        }
        store.put_examination(connection, Examination("masked", masked.id, "5" * 64, report, name, 1, AT))
    return held


def _form(dataset):
    return Distribution(f"{dataset}.csv", dataset, "text/csv", f"{dataset}.csv")


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    folder = write_borgo_prova(tmp_path_factory.mktemp("datasets") / "borgo-prova")
    city = cities.open(folder)
    build(city, as_of=AS_OF, at=AT)
    held = fill(lake_of(city))
    city.database.close()
    with served(folder) as portal:
        object.__setattr__(portal, "folder", held)
        yield portal


def text_of(page):
    return re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_list_says_what_stands_where_and_what_is_held(borgo, language):
    answer = borgo.get(f"/{language}/data")
    assert answer.status == 200
    rows = {
        re.search(r'data/([^"]+)"', row)[1]: text_of(f"<main>{row}</main>") for row in answer.text.split("<tr><th")[2:]
    }
    wells, people = rows["wells2"], rows["people"]
    assert "CC-BY-4.0" in wells
    assert "61" in wells
    assert ("24 novembre 2026" if language == "it" else "24 November 2026") in wells
    assert ("trattenuto" if language == "it" else "held") in people
    assert ("trattenuto" if language == "it" else "held") not in wells
    assert SECRET not in answer.text


def test_a_dataset_page_says_what_was_found(borgo):
    page = text_of(borgo.get("/en/data/wells2").text)
    for said in (
        "Water board",
        "© Water board",
        "CC-BY-4.0",
        "24 November 2026, 10:00",
        "wells&lt;b&gt;.csv",
        "1.5 KiB",
        "5" * 64,
        "about 2",
        "66.7%",
        "quartiles 1.5; 2.5; 3.5",
        "mean 617.284",
        "1 empty",
        "2 among the rejects",
        "1 Mar 2024",
        "EPSG:31287",
        "within about 1.5 m",
        "2 places",
        "1234.5678",
        "1,234,567",
    ):
        assert said in page, said
    for never in ("/srv", "secret", "token"):
        assert never not in page


def test_numbers_and_dates_are_of_the_language(borgo):
    page = text_of(borgo.get("/it/data/wells2").text)
    assert "1234,5678" in page
    assert "1.234.567" in page
    assert "1 mar 2024" in page
    assert "66,7%" in page
    assert "24 novembre 2026, 10:00" in page


@pytest.mark.parametrize("path", ["/en/data", "/en/data/wells2", "/it/data/wells2?version=1", "/en/data/wells2@2"])
def test_what_a_file_says_is_shown_and_never_run(borgo, path):
    page = borgo.get(path).text
    for markup in ("<script>", "<img", "<b>", 'href="javascript'):
        assert markup not in page
    assert "49 javascript" not in page
    assert " style=" not in page
    assert "<type" not in page


def test_a_long_cell_is_cut_on_the_page_and_whole_for_a_program(borgo):
    page = borgo.get("/en/data/wells2").text
    assert LONG not in page
    assert LONG[:300] + "…" in page
    assert LONG in borgo.get("/api/datasets/wells2/rows").text


def test_the_rejects_are_shown_with_their_number_and_reason(borgo):
    page = borgo.get("/en/data/wells2").text.partition('aria-labelledby="rejects"')[2]
    assert page.partition("</section>")[0].count("<tr>") == 51
    assert "and 11 more" in page
    assert "no such reason {0.  class  }" in page.replace("_", " ")
    answer = borgo.get("/api/datasets/wells2/rejects?limit=1&offset=60").json
    assert answer["total"] == 61
    assert set(answer["rejects"][0]) == {"row", "column", "raw", "reason", "expected", "sentence"}
    assert answer["rejects"][0]["row"] == 69
    assert "expected: number" in page
    assert answer["rejects"][0]["raw"] == f"raw 69 {LONG}"


def test_the_issues_are_sentences_of_the_language(borgo):
    page = text_of(borgo.get("/it/data/wells2").text)
    assert "forse intendevi «s&lt;b&gt;»?" in page
    assert "no such message {0.__class__}" in page
    issues = borgo.get("/api/datasets/wells2/profile?lang=it").json["issues"]
    assert "forse intendevi «s<b>»?" in issues[0]["message"]


def test_an_older_version_is_the_same_page_and_says_that_it_is_old(borgo):
    page = borgo.get("/en/data/wells2?version=1")
    assert page.status == 200
    assert "there is a newer one" in page.text
    assert "Kept by hand" in page.text, "nothing was found out about this version"
    assert "12.5" in text_of(page.text)
    short = borgo.get("/api/datasets/wells2?version=1").json["version"][:12]
    assert f'href="/it/data/wells2@{short}"' in page.text
    for name in (f"wells2@{short}", "wells2@1", f"wells2?version={short}"):
        assert borgo.get(f"/it/data/{name}").status == 200
    assert "there is a newer one" not in borgo.get("/en/data/wells2").text


def test_the_page_says_what_changed_since_the_version_before(borgo):
    page = text_of(borgo.get("/en/data/wells2").text)
    assert "What changed since version" in page
    assert "compared by code" in page
    assert "2 rows added, 1 removed, 1 changed, 0 the same" in page
    assert "What changed" not in borgo.get("/en/data/wells2?version=1").text


HIDDEN_ADDRESSES = (
    "",
    "/rows",
    "/rejects",
    "/profile",
    "/features",
    *(f"/download.{one.value}" for one in ExportFormat),
)


@pytest.mark.parametrize("dataset", ["people", "scratch"])
@pytest.mark.parametrize("address", HIDDEN_ADDRESSES)
def test_what_is_held_cannot_be_reached_by_any_name(borgo, dataset, address):
    held = borgo.folder
    for version in (f"?version={held.id}", f"?version={held.short}", "?version=1", f"@{held.id[:8]}", "@1", ""):
        path = f"/api/datasets/{dataset}{version if '@' in version else ''}{address}{version if '?' in version else ''}"
        answer = borgo.get(path)
        assert SECRET.encode() not in answer.body, path
        assert answer.status == (200 if (address, version) == ("", "") else 404), path
    for path in (f"/api/data/{dataset}", f"/api/data/{dataset}@{held.id}", f"/en/data/{dataset}@{held.short}"):
        assert borgo.get(path).status == 404
        assert SECRET not in borgo.get(path).text
    assert borgo.get(f"/en/data/{dataset}/{SECRET}").status == 404


def test_a_held_dataset_has_a_page_that_says_why_by_kind(borgo):
    page = borgo.get("/en/data/people")
    assert page.status == 200
    said = text_of(page.text)
    assert "held" in said
    assert "1 value" in said
    assert SECRET not in page.text
    assert "download." not in page.text
    plain = borgo.get("/api/datasets/people").json
    assert plain["version"] is None
    assert plain["held"][0]["personal_data"] == [
        {"kind": "fiscal-code", "words": plain["held"][0]["personal_data"][0]["words"], "count": 1}
    ]
    assert SECRET not in json.dumps(plain)
    assert borgo.get("/api/datasets/people/versions").json["versions"] == []


def test_of_a_masked_version_no_raw_text_is_shown(borgo):
    for path in (
        "/en/data/masked",
        "/api/datasets/masked/rejects",
        "/api/datasets/masked/profile",
        "/api/datasets/masked",
    ):
        answer = borgo.get(path)
        assert answer.status == 200
        assert SECRET not in answer.text, path
        assert "An Officer" not in answer.text
    assert "masked before publication" in borgo.get("/en/data/masked").text
    assert borgo.get("/api/datasets/masked/rejects").json["rejects"][0]["raw"] is None


def test_what_was_expected_is_said_in_words():
    say = Translator("it")
    assert profiles.expected_words("istat-provincia", say) == "codice ISTAT di provincia"
    assert profiles.expected_words("integer", say) == "numero intero"
    assert profiles.expected_words("never {0} heard", say) == "never {0} heard"
    named = {one.meaning or (one.name if one.logical is Type.TEXT else "") for one in TYPES} - {""}
    assert [one for one in named if say.word("meaning", one) == one.replace("-", " ") and not one.isalpha()] == []


def test_the_api_describes_a_dataset(borgo):
    plain = borgo.get("/api/datasets/wells2?lang=it").json
    assert plain["title"] == "Pozzi"
    assert plain["is_newest"] is True
    assert plain["original"] == {
        "name": "wells<b>.csv",
        "sha256": "5" * 64,
        "bytes": 1500,
        "received_at": AT,
        "address": "",
    }
    assert plain["links"]["features"].startswith("/api/datasets/wells2/features?version=")
    for link in plain["links"].values():
        assert borgo.get(link).status == 200, link
    assert {one["id"] for one in borgo.get("/api/datasets").json} >= {"wells2", "people", "sites"}
    assert [one["number"] for one in borgo.get("/api/datasets/wells2/versions").json["versions"]] == [2, 1]


def test_rows_are_what_was_published_in_the_columns_asked_for(borgo):
    answer = borgo.get("/api/datasets/wells2/rows?columns=dug,place&limit=2&offset=0").json
    assert answer["total"] == 3
    assert [column["name"] for column in answer["columns"]] == ["dug", "place"]
    assert answer["rows"][0] == {"dug": "2024-03-01", "place": {"type": "Point", "coordinates": [14.5, 47.5]}}
    assert borgo.get("/api/datasets/wells2/rows?version=1").json["total"] == 2


def test_features_hold_the_places_and_the_page_says_how_many(borgo):
    found = borgo.get("/api/datasets/wells2/features?columns=code").json
    assert found["type"] == "FeatureCollection"
    assert (found["total"], found["is_cut"]) == (2, False)
    assert [one["properties"] for one in found["features"]] == [{"code": "w1"}, {"code": "w3"}]


ADVISED = (
    ("/api/datasets/welz2", "wells2", 404),
    ("/api/datasets/wells2/rows?columns=depht", "depth", 404),
    ("/en/data/welz2", "wells2", 404),
)


@pytest.mark.parametrize(("path", "advice", "status"), ADVISED)
def test_a_wrong_name_is_answered_with_the_nearest(borgo, path, advice, status):
    answer = borgo.get(path)
    assert answer.status == status
    assert f"did you mean “{advice}”" in answer.text


REFUSED = (
    ("/api/datasets/wells2?version=9", 404),
    ("/api/datasets/wells2/download.doc", 404),
    ("/api/datasets/sites/download.", 404),
    ("/api/datasets/institutions/rows?limit=0", 400),
    ("/api/datasets/wells2/rows?limit=999999", 400),
    ("/api/datasets/wells2/rows?offset=-1", 400),
    ("/api/datasets/wells2/rejects?limit=x", 400),
    ("/api/datasets/wells/features", 404),
    ("/api/datasets/wells/download.gpkg", 422),
    ("/api/datasets/wells2?lang=fr", 400),
)


@pytest.mark.parametrize(("path", "status"), REFUSED)
def test_what_cannot_be_answered_gets_a_problem_document(borgo, path, status):
    answer = borgo.get(path)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json["detail"]


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_version_is_taken_away_as_a_file(borgo, form):
    answer = borgo.get(f"/api/datasets/wells2/download.{form.value}?lang=it")
    assert answer.status == 200
    assert answer.headers["content-type"] == form.media_type
    assert answer.headers["content-length"] == str(len(answer.body))
    assert re.fullmatch(
        rf"attachment; filename=\"wells2-[0-9a-f]{{12}}\.{form.value}\"; filename\*=UTF-8''wells2-.*",
        answer.headers["content-disposition"],
    )
    again = borgo.get(
        f"/api/datasets/wells2/download.{form.value}?lang=it", **{"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")


def test_a_table_taken_away_is_the_one_that_was_published(borgo):
    text = borgo.get("/api/datasets/wells2/download.csv").text
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "code"
    assert [row[0] for row in rows[1:]] == ["w1", "w3", "w4"]
    assert len(borgo.get("/api/datasets/wells2/download.geojson?version=1").json["features"]) == 2


def left_behind(before):
    """Wait until what a server made is gone: it clears away just after the last byte."""
    for _ in range(200):
        left = made() - before
        if not left:
            break
        time.sleep(0.05)
    return left


def made():
    return set(Path(tempfile.gettempdir()).glob("portico-download-*"))


def test_nothing_of_a_download_is_left_behind(borgo):
    before = made()
    assert borgo.get("/api/datasets/wells2/download.xlsx").status == 200
    assert borgo.get("/api/datasets/wells/download.gpkg").status == 422
    assert borgo.get("/api/datasets/wells2/download.csv", method="HEAD").body == b""
    assert left_behind(before) == set()


def test_a_visitor_who_goes_away_leaves_nothing_behind(borgo):
    before = made()
    for _ in range(3):
        connection = http.client.HTTPConnection("127.0.0.1", borgo.port, timeout=120)
        connection.request("GET", "/api/datasets/wells2/download.gpkg")
        connection.getresponse().read(10)
        connection.close()
    assert borgo.get("/api/datasets/wells2/download.csv").status == 200, (
        "the places where files are made are free again"
    )
    assert left_behind(before) == set()


@pytest.mark.parametrize("language", ["en", "it"])
def test_every_word_that_is_put_together_has_a_text(language):
    say = Translator(language)
    for kind in Type:
        assert profiles.type_words(kind, say) != kind.value.replace("-", " ") or kind.value in (
            "text",
            "number",
            "date",
        )
    for identifier in (*HELD.values(), *DECIDED.values()):
        assert say(identifier) != identifier
    assert set(HELD) == {one.value for one in Decided if one is not Decided.RELEASED}
    assert set(DECIDED) == {one.value for one in Decided} - {"", "refused"}
    assert set(FORMATS) == {one.value for one in ExportFormat}


@pytest.mark.parametrize(
    ("value", "kind", "english", "italian"),
    [
        (0.1, Type.NUMBER, "0.1", "0,1"),
        (1e300, Type.NUMBER, "1E300", "1E300"),
        (-12345.678901234567, Type.NUMBER, "-12,345.678901234567", "-12.345,678901234567"),
        (9999, Type.INTEGER, "9999", "9999"),
        (2**63 - 1, Type.INTEGER, "9,223,372,036,854,775,807", "9.223.372.036.854.775.807"),
        (True, Type.BOOLEAN, "yes", "sì"),
        (None, Type.TEXT, "", ""),
        ("2024-02-30", Type.DATE, "2024-02-30", "2024-02-30"),
        ("10000-01-01", Type.DATE, "10000-01-01", "10000-01-01"),
        ("2024-03-01T13:05:09.5", Type.DATETIME, "1 Mar 2024, 13:05:09", "1 mar 2024, 13:05:09"),
        ("2024-03-01T13:05:00Z", Type.INSTANT, "1 Mar 2024, 13:05 UTC", "1 mar 2024, 13:05 UTC"),
        ("07:30:00", Type.TIME, "07:30", "07:30"),
        ({"type": "Point", "coordinates": [7.5, 45.25]}, Type.POINT, "7.5, 45.25", "7,5, 45,25"),
        ({"type": "Polygon", "coordinates": []}, Type.GEOMETRY, "area", "area"),
    ],
)
def test_a_cell_is_shown_whole_in_the_marks_of_the_language(value, kind, english, italian):
    column = Column("c", kind)
    assert cells.shown(value, column, Translator("en")) == english
    assert cells.shown(value, column, Translator("it")) == italian


@pytest.mark.parametrize("name", ["id", "COD_COMUNE", "codice istat", "site_id", "anno"])
def test_a_number_that_names_something_is_not_put_in_groups(name):
    assert cells.shown(20240, Column(name, Type.INTEGER), Translator("en")) == "20240"
    assert cells.shown(20240, Column("c", Type.INTEGER, meaning="year"), Translator("en")) == "20240"
    assert cells.shown(20240, Column("identità", Type.INTEGER), Translator("en")) == "20,240"


@pytest.mark.parametrize(
    "name", ['a"; filename=x.exe', "a\r\nSet-Cookie: b=1", "..", "", "é☃", "/etc/passwd", "a" * 9, "%0d%0a", "\x00"]
)
def test_a_name_never_breaks_out_of_its_header(name):
    header = downloads.disposition(f"{name}.csv")
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._-]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", header)
    assert '"..' not in header


def test_only_what_a_format_can_hold_is_offered():
    huge = Version("a" * 64, "d", "d.csv", (Column("t", Type.TEXT),), 2_000_000, "f", "", downloads.MOST_BYTES + 1)
    assert downloads.offered(huge) == (ExportFormat.PARQUET,)
    large = Version("a" * 64, "d", "d.csv", (Column("t", Type.TEXT),), 2_000_000, "f", "", 1)
    assert downloads.offered(large) == (ExportFormat.CSV, ExportFormat.PARQUET)


def test_beyond_two_files_at_once_a_visitor_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(downloads, "_PATIENCE_S", 0.01)
    monkeypatch.setattr(downloads, "_AT_ONCE", threading.BoundedSemaphore(1))
    before = made()
    with downloads._AT_ONCE, pytest.raises(StateError) as caught:
        downloads._made(None, None, None, ExportFormat.CSV, "en")
    assert (caught.value.message_id, caught.value.http_status) == ("download-busy", 503)
    assert made() == before
