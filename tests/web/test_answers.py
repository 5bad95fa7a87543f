"""How the portal answers: HEAD, odd names, two cities at once, data without a column of ids."""

import json

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.serving import served

from portico import city as cities
from portico.build import build

HOSTILE = ("<script>alert(1)</script>", "{{7*7}}", '"><img src=x onerror=alert(1)>')
SCRIPT_LINK = "javascript:alert(1)"


def built(folder):
    city = cities.open(folder)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    return folder


def rewrite(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    """The invented city; its source of wells has codes instead of ids, and what it says is hostile."""
    folder = write_borgo_prova(tmp_path_factory.mktemp("served") / "borgo-prova")
    rewrite(folder / "files" / "wells.csv", "id,depth_m\nw1,", "code,depth_m\nw 1/2?<b>,")
    quoted = " ".join(HOSTILE).replace('"', '""')
    rewrite(folder / "facts" / "sites.csv", "Old spinning mill", f'"{quoted}"')
    rewrite(
        folder / "facts" / "sites.csv",
        "register of Borgo Prova, page 1",
        f"{SCRIPT_LINK} https://example.org/page; Gazette, https://example.org/<b>",
    )
    rewrite(folder / "facts" / "site_attributes.csv", "register of Borgo Prova, page 1", f"{SCRIPT_LINK} <b>bold</b>")
    rewrite(folder / "briefs" / "cheese-dairy.toml", 'en = "Cheese dairy"', 'en = "Cheese <b>dairy</b> {{7*7}}"')
    with served(built(folder)) as portal:
        yield portal


PAGES = (
    "/en/",
    "/it/",
    "/en/sites",
    "/en/sites/filanda",
    "/en/briefs/cheese-dairy?as_of=2026-11-23",
    "/en/data",
    "/en/data/sites",
    "/en/data/site_attributes",
    "/en/data/sites/filanda",
    "/en/data/wells",
    "/en/sites/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/en/%22%3E%3Cimg%20src=x%3E",
    "/en/briefs/cheese-dairy?as_of=%3Cscript%3E",
    "/en/sites/filanda/reach?mode=car",
    "/en/sites/filanda/reach?mode=%3Cscript%3E&minutes=%22%3E%3Cimg%20src=x%3E&at=%3Cb%3E",
    "/en/sites/filanda/way/agrarian-school?mode=transit",
    "/en/sites/filanda/way/%3Cscript%3E",
    "/en/compare?sites=filanda,cava",
    "/en/compare?sites=%3Cscript%3E,cava",
)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_data_or_address_says_becomes_markup(borgo, path):
    page = borgo.get(path).text
    for markup in ("<script>", "<img", "<b>", 'href="javascript', "&lt;script&gt;alert(1)49"):
        assert markup not in page


def test_what_the_data_says_is_shown_as_it_stands(borgo):
    page = borgo.get("/en/sites").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} &#34;&gt;&lt;img src=x" in page
    names = [site["name"] for site in borgo.get("/api/sites").json]
    assert " ".join(HOSTILE) in names
    drawn = borgo.get("/api/map").json["features"]
    assert all(one["properties"].get("href", "/").startswith("/") for one in drawn)
    assert json.dumps(HOSTILE[0])[1:-1] in borgo.get("/api/map").text


def test_an_address_in_a_source_can_be_followed_and_no_other_scheme(borgo):
    page = borgo.get("/en/data/sites/filanda").text
    assert '<a href="https://example.org/page"' in page, "the semicolon is no part of the address"
    assert "noopener" in page


def test_data_without_ids_is_shown_without_links_to_its_rows(borgo):
    page = borgo.get("/en/data/wells").text
    assert "w 1/2?&lt;b&gt;" in page
    assert "/data/wells@" in page  # its publications
    assert "/w 1" not in page
    assert borgo.get("/en/data/wells/w").status == 404


HEADS = ("/en/", "/en/sites/cava", "/en/nowhere", "/api/map", "/api/match/nope", "/static/sprites.svg", "/")


@pytest.mark.parametrize("path", HEADS)
def test_head_has_the_head_of_get_and_no_body(borgo, path):
    got, head = borgo.get(path), borgo.get(path, method="HEAD")
    assert head.body == b""
    assert head.status == got.status
    untimed = {name: value for name, value in got.headers.items() if name != "date"}
    assert {name: head.headers[name] for name in untimed} == untimed


ODD = ("", "%00", "..%2f..%2fcity", "..%5c..%5ccity", "%2e%2e%2fcity.toml", "%ff%fe", "%F0%9F%98%80", "a%0d%0ab", "'--")


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "shelf",
    ["/en/sites/", "/en/briefs/", "/en/data/", "/api/sites/", "/api/match/", "/api/data/", "/en/sites/cava/way/"],
)
def test_odd_names_are_never_a_fault_of_ours(borgo, shelf, name):
    answer = borgo.get(shelf + name)
    assert answer.status in ((200, 400, 404) if not name else (404,))  # 400: what was asked for is missing
    assert b"[[partners]]" not in answer.body


ODD_PARAMETERS = (
    "/api/data/sites?limit=0",
    "/api/data/sites?limit=x",
    "/api/data/sites?limit=1000000",
    "/api/data/sites?offset=-1",
    "/api/briefs?lang=fr",
    "/api/map?lang=",
    "/api/map?brief=cheese-dairy&as_of=2026-13-01",
    "/api/match/cheese-dairy?as_of=tomorrow",
    "/api/match/cheese-dairy?as_of=0001-01-01",
    "/api/match/cheese-dairy?as_of=9999-12-31",
    "/api/sites/cava?as_of=2026-02-30",
    "/en/sites/cava?as_of=x",
    "/en/briefs/cheese-dairy?as_of=x",
    "/en/sites/cava/reach?mode=x",
    "/en/sites/cava/way/tram-1?direction=x",
    "/en/compare?sites=cava,filanda&as_of=x",
    "/api/sites/cava/reach?minutes=0",
    "/api/sites/cava/way/tram-1?mode=x",
    "/api/compare?sites=cava",
)


@pytest.mark.parametrize("path", ODD_PARAMETERS)
def test_a_parameter_that_cannot_be_read_is_the_askers_fault(borgo, path):
    answer = borgo.get(path)
    assert answer.status == 400
    kind = "application/problem+json" if path.startswith("/api") else "text/html"
    assert answer.headers["content-type"].startswith(kind)


def test_the_rows_of_a_version_come_in_pieces(borgo):
    whole = borgo.get("/api/data/sites").json
    parts = [borgo.get(f"/api/data/sites?limit=2&offset={offset}").json for offset in (0, 2, 4, 6)]
    assert whole["rows"] == [row for part in parts for row in part["rows"]]
    assert {part["total"] for part in parts} == {len(whole["rows"])}
    assert borgo.get("/api/data/sites?offset=99999999999999999999").json["rows"] == []


def test_a_fault_speaks_the_language_asked_for(borgo):
    assert "forse intendevi «cava»" in borgo.get("/it/sites/cavva").text
    assert "forse intendevi «cava»" in borgo.get("/api/sites/cavva?lang=it").json["detail"]
    assert "did you mean “cava”" in borgo.get("/api/sites/cavva").json["detail"]
    assert 'lang="en"' in borgo.get("/nowhere/at/all", **{"Accept-Language": "en"}).text
    assert 'lang="it"' in borgo.get("/nowhere/at/all", **{"Accept-Language": "de"}).text


def test_two_cities_served_at_once_do_not_mix(borgo, tmp_path):
    folder = write_borgo_prova(tmp_path / "other")
    rewrite(folder / "facts" / "sites.csv", "Big meadow", "Wide meadow")
    with served(built(folder)) as other:
        for path in ("/en/sites", "/api/match/cheese-dairy?as_of=2026-11-23", "/api/map"):
            assert "Wide meadow" in other.get(path).text
            assert "Big meadow" in borgo.get(path).text
            assert "Wide meadow" not in borgo.get(path).text
            assert "script" not in other.get(path).text.partition("<main")[2]
