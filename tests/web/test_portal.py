"""Every page and every route of the API, asked as a visitor and as a program."""

import html.parser
import json
import re
import shutil

import pytest
from tests.cities import AS_OF, AT
from tests.serving import served

from portico import city as cities
from portico.build import build
from portico.match.address import to_text
from portico.match.model import Activity, Brief, Want
from portico.messages import Text
from portico.territory.model import Mode
from portico.web.api import API
from portico.web.pages import PAGES

DAY = f"as_of={AS_OF.isoformat()}"
BRIEFS = ("battery-module-plant", "biomedical-laboratory", "food-production")
BROUGHT = to_text(Brief(title=Text(en="A kitchen"), activity=Activity.FOOD, sector="food"))
NEAR = Want(criterion="minutes-to-nearest", mode=Mode.CAR, kinds=("university",), weight=1.0)
BROUGHT_NEAR = to_text(Brief(title=Text(en="A kitchen"), activity=Activity.FOOD, sector="food", wants=(NEAR,)))
HTML = {
    "/": (),
    "/{language:str}": ("",),
    "/{language:str}/sites": ("sites", "sites?q=torino&status=available&municipality=Torino&part=9", "sites?q=zzz"),
    "/{language:str}/ageing": (f"ageing?{DAY}",),
    "/{language:str}/sites/{identifier:str}": (f"sites/scarmagno?{DAY}", "sites/campo-volo", "sites/dap-not"),
    "/{language:str}/sites/{identifier:str}/reach": (
        "sites/cavallerizza/reach",
        "sites/scarmagno/reach?mode=car&direction=inbound&minutes=10,60",
    ),
    "/{language:str}/sites/{identifier:str}/way/{place:str}": ("sites/cavallerizza/way/intesa?mode=transit",),
    "/{language:str}/compare": (
        "compare",
        "compare?sites=cavallerizza,scarmagno,campo-volo",
        f"compare?sites=cavallerizza,scarmagno&brief=food-production&{DAY}",
    ),
    "/{language:str}/briefs/{name:str}": (
        *(f"briefs/{name}?{DAY}" for name in BRIEFS),
        f"briefs/food-production?{DAY}&w=10,40,20,30&since=sites@1",
        f"briefs/food-production?{DAY}&since=1999-01-01",
    ),
    "/{language:str}/briefs/new": ("briefs/new", "briefs/new?begin=plant", f"briefs/new?b={BROUGHT}"),
    "/{language:str}/brief": (f"brief?b={BROUGHT}&{DAY}",),
    "/{language:str}/briefs/{name:str}/where": (f"briefs/food-production/where?{DAY}&resolution=6&at=45.07,7.68",),
    "/{language:str}/brief/where": (f"brief/where?b={BROUGHT_NEAR}&{DAY}&resolution=6",),
    "/{language:str}/permits": ("permits",),
    "/{language:str}/permits/ask": (
        "permits/ask",
        "permits/ask?site=scarmagno&filed=2027-01-11&a-intervention=new_build&a-employees=&ask=employees",
    ),
    "/{language:str}/permits/plan": ("permits/plan?project=food-production&site=scalo-lingotto&filed=2027-01-11",),
    "/{language:str}/permits/reform": ("permits/reform?name=ask-once&filed=2027-01-11",),
    "/{language:str}/who-answers": ("who-answers",),
    "/{language:str}/criteria": ("criteria",),
    "/{language:str}/data": ("data",),
    "/{language:str}/data/{name:str}": ("data/sites", "data/site_attributes@1"),
    "/{language:str}/data/{name:str}/{row:str}": ("data/sites/scarmagno",),
}
TAKEN = {
    "/{language:str}/sites/{identifier:str}/dossier.pdf": f"sites/scarmagno/dossier.pdf?{DAY}",
    "/{language:str}/briefs/{name:str}/dossier.pdf": f"briefs/food-production/dossier.pdf?{DAY}",
    "/{language:str}/briefs/{name:str}/dossier.xlsx": f"briefs/food-production/dossier.xlsx?{DAY}",
    "/{language:str}/permits/plan.pdf": "permits/plan.pdf?project=food-production&filed=2027-01-11",
    "/{language:str}/brief/dossier.pdf": f"brief/dossier.pdf?{DAY}&b={BROUGHT}",
    "/{language:str}/brief/dossier.xlsx": f"brief/dossier.xlsx?{DAY}&b={BROUGHT}",
}
CALENDARS = {"/{language:str}/permits/plan.ics": "permits/plan.ics?project=food-production&filed=2027-01-11"}
PROGRAMS = {
    "/api/briefs": ("/api/briefs",),
    "/api/match/{name:str}": (
        *(f"/api/match/{name}?{DAY}" for name in BRIEFS),
        f"/api/match/food-production?{DAY}&w=10&w=40&w=20&w=30&method=topsis&since=sites@1&lang=it",
    ),
    "/api/match": (f"/api/match?b={BROUGHT}&{DAY}&lang=it",),
    "/api/where/{name:str}": (f"/api/where/food-production?{DAY}&resolution=6&lang=it",),
    "/api/where/{name:str}/cell": (f"/api/where/food-production/cell?{DAY}&resolution=6&at=45.07,7.68",),
    "/api/where/{name:str}/map": (f"/api/where/food-production/map?{DAY}&resolution=6&at=45.07,7.68&lang=it",),
    "/api/where": (f"/api/where?b={BROUGHT_NEAR}&{DAY}&resolution=6&w=1",),
    "/api/where/cell": (f"/api/where/cell?b={BROUGHT_NEAR}&{DAY}&resolution=6&at=45.07,7.68",),
    "/api/where/map": (f"/api/where/map?b={BROUGHT_NEAR}&{DAY}&resolution=6",),
    "/api/brief": (f"/api/brief?b={BROUGHT}", "/api/brief?brief=food-production"),
    "/api/sites": ("/api/sites?lang=it",),
    "/api/ageing": (f"/api/ageing?{DAY}&lang=it",),
    "/api/sites.geojson": ("/api/sites.geojson", "/api/sites.geojson?form=portico"),
    "/api/sites/{identifier:str}": (f"/api/sites/scarmagno?{DAY}",),
    "/api/sites/{identifier:str}/reach": ("/api/sites/scarmagno/reach?mode=car&lang=it",),
    "/api/sites/{identifier:str}/way/{place:str}": ("/api/sites/cavallerizza/way/intesa?mode=transit",),
    "/api/compare": (
        "/api/compare?sites=cavallerizza,scarmagno&lang=it",
        f"/api/compare?sites=cavallerizza,scarmagno&brief=food-production&{DAY}",
    ),
    "/api/criteria": ("/api/criteria", "/api/criteria?lang=it"),
    "/api/criteria/{identifier:str}": ("/api/criteria/location-quotient?lang=it",),
    "/api/permits/plan": ("/api/permits/plan?project=food-production&site=scarmagno&lang=it",),
    "/api/permits/questions": ("/api/permits/questions?a-intervention=new_build",),
    "/api/permits/reform/{name:str}": ("/api/permits/reform/ask-once?filed=2027-01-11&lang=it",),
    "/api/permits/services": ("/api/permits/services",),
    "/api/data": ("/api/data",),
    "/api/data/{name:str}": ("/api/data/sites", "/api/data/sites@1?limit=2&offset=3"),
    "/api/datasets": ("/api/datasets", "/api/datasets?lang=it"),
    "/api/datasets/{identifier:str}": ("/api/datasets/sites", "/api/datasets/sites@1?lang=it"),
    "/api/datasets/{identifier:str}/versions": ("/api/datasets/sites/versions?limit=1",),
    "/api/datasets/{identifier:str}/rows": ("/api/datasets/sites/rows?columns=id,geometry&limit=2&offset=3&version=1",),
    "/api/datasets/{identifier:str}/rejects": ("/api/datasets/sites/rejects",),
    "/api/datasets/{identifier:str}/profile": ("/api/datasets/sites/profile",),
    "/api/datasets/{identifier:str}/features": ("/api/datasets/sites/features?version=1",),
    "/api/datasets/{identifier:str}/download.geojson": ("/api/datasets/sites/download.geojson",),
    "/api/map": ("/api/map", f"/api/map?brief=food-production&{DAY}&lang=it", "/api/map?site=scarmagno"),
}
SENT = {
    "/api/sites/{identifier:str}/dossier.pdf": f"/api/sites/scarmagno/dossier.pdf?{DAY}&lang=it",
    "/api/match/{name:str}/dossier.pdf": f"/api/match/food-production/dossier.pdf?{DAY}&lang=it",
    "/api/match/{name:str}/dossier.xlsx": f"/api/match/food-production/dossier.xlsx?{DAY}&lang=it",
    "/api/match/dossier.pdf": f"/api/match/dossier.pdf?{DAY}&b={BROUGHT}&lang=it",
    "/api/match/dossier.xlsx": f"/api/match/dossier.xlsx?{DAY}&b={BROUGHT}&lang=it",
}
FILES = {
    f"/api/datasets/{{identifier:str}}/download.{ending}": f"/api/datasets/sites/download.{ending}"
    for ending in ("csv", "parquet", "gpkg", "xlsx")
} | {f"/api/sites.{ending}": f"/api/sites.{ending}" for ending in ("csv", "xlsx")}
FIGURE = {"value", "low", "high", "unit", "as_of", "status", "evidence"}
ENTRY = {"id", "name", "score", "rank", "contributions", "musts", "questions", "who_answers"}


@pytest.fixture(scope="module")
def portal(torino, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "torino"
    shutil.copytree(torino.folder, folder)
    with served(folder) as found:
        yield found


class Page(html.parser.HTMLParser):
    """What the tests want to know of a page."""

    def __init__(self, text):
        super().__init__()
        self.language, self.headings, self.titles, self.links, self.ids, self.scripts = "", 0, 0, [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.language = found.get("lang", self.language) if tag == "html" else self.language
        self.headings += tag == "h1"
        self.titles += tag == "title"
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "script":
            self.scripts.append(found)
        if "id" in found:
            assert found["id"] not in self.ids, f"twice: {found['id']}"
            self.ids.add(found["id"])
        assert not [name for name in found if name.startswith("on")]


def paths(handlers):
    return {path for handler in handlers for path in handler.paths}


def test_every_route_is_asked_here():
    assert paths(PAGES) == set(HTML) | set(TAKEN) | set(CALENDARS)
    assert paths(API) == set(PROGRAMS) | set(FILES) | set(SENT)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("path", [path for group in HTML.values() for path in group if "not" not in path])
def test_a_page_is_whole(portal, language, path):
    answer = portal.get(f"/{language}/{path}")
    assert answer.status == 200
    page = Page(answer.text)
    assert (page.language, page.headings, page.titles) == (language, 1, 1)
    assert [script.get("type") for script in page.scripts] == ["module"]
    other = "en" if language == "it" else "it"
    assert f"/{other}/{path.partition('?')[0]}" in [link.partition("?")[0] for link in page.links]
    visible = re.sub(r"<code>.*?</code>|<[^>]+>", " ", answer.text)
    assert not re.search(
        r"\b(want|reason|question|label|page|group|outcome|method|heading|going|vehicle|leg|share)\.[a-z-]+\b", visible
    )


@pytest.mark.parametrize("path", sorted(TAKEN.values()))
def test_a_dossier_is_sent_with_its_name_and_once_only(portal, path):
    answer = portal.get(f"/it/{path}")
    assert answer.status == 200
    is_pdf = ".pdf" in path
    assert ("application/pdf" if is_pdf else "spreadsheetml.sheet") in answer.headers["content-type"]
    shown = "inline" if is_pdf else "attachment"
    assert answer.headers["content-disposition"].startswith(f'{shown}; filename="torino-')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.body.startswith(b"%PDF-" if is_pdf else b"PK")
    again = portal.get(f"/it/{path}", **{"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", sorted(CALENDARS.values()))
def test_a_calendar_is_sent_as_one(portal, path):
    answer = portal.get(f"/it/{path}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize("path", sorted(SENT.values()))
def test_a_program_gets_the_same_dossier_as_a_page(portal, path):
    page = path.replace("/api/match/dossier", "/it/brief/dossier").replace("/api/match/", "/it/briefs/")
    page = page.replace("/api/sites/", "/it/sites/").replace("&lang=it", "")
    assert portal.get(path).body == portal.get(page).body
    assert portal.get(path.replace(f"?{DAY}", "?as_of=soon")).status == 400


def test_pages_lead_to_their_dossiers(portal):
    assert f'/it/sites/scarmagno/dossier.pdf?{DAY}"' in portal.get(f"/it/sites/scarmagno?{DAY}").text
    page = portal.get(f"/en/briefs/food-production?{DAY}").text
    for form in ("pdf", "xlsx"):
        assert f'/en/briefs/food-production/dossier.{form}?{DAY}"' in page


@pytest.mark.parametrize("path", [path for group in PROGRAMS.values() for path in group])
def test_a_program_gets_json(portal, path):
    answer = portal.get(path)
    assert answer.status == 200
    assert "json" in answer.headers["content-type"]
    assert answer.json


GUARDED = ("/it/", "/it/nowhere", "/api/briefs", "/api/match/nope", "/static/sprites.svg", "/api/data/sites?limit=0")


@pytest.mark.parametrize("path", GUARDED)
def test_every_answer_carries_the_guards(portal, path):
    headers = portal.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_visitor_is_led_to_their_language(portal):
    for wanted, found in (("en-GB,en;q=0.9", "/en/"), ("it", "/it/"), ("de", "/it/")):
        answer = portal.get("/", **{"Accept-Language": wanted})
        assert (answer.status, answer.headers["location"]) == (302, found)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/sites/scarmango", 404),
        ("/en/briefs/..%2F..%2Fcity", 404),
        ("/en/briefs/nope", 404),
        ("/en/data/nope", 404),
        ("/en/data/sites@99", 404),
        ("/en/data/sites/nope", 404),
        ("/de/", 404),
        ("/en/none/of/these", 404),
        ("/static/../app.py", 404),
        ("/static/..%2Fapp.py", 404),
        ("/en/sites/scarmagno?as_of=soon", 400),
        ("/en/sites/scarmango/dossier.pdf", 404),
        ("/de/sites/scarmagno/dossier.pdf", 404),
        ("/en/briefs/nope/dossier.pdf", 404),
        ("/en/briefs/..%2F..%2Fcity/dossier.xlsx", 404),
        ("/en/sites/scarmagno/dossier.pdf?as_of=9999-12-31", 400),
        ("/en/brief/dossier.pdf", 400),
        ("/en/briefs/food-production/dossier.pdf?w=a,b", 422),
        ("/en/sites/scarmagno?as_of=0001-01-01", 400),
        ("/en/sites/scarmagno?as_of=9999-12-31", 400),
    ],
)
def test_odd_addresses_get_a_page_of_words(portal, path, status):
    answer = portal.get(path)
    assert answer.status == status
    assert "Traceback" not in answer.text


def test_a_wrong_name_gets_advice_in_the_language_of_the_page(portal):
    assert "did you mean “scarmagno”" in portal.get("/en/sites/scarmango").text
    assert "scarmagno" in portal.get("/it/sites/scarmango").text


PROBLEMS = (
    ("/api/match/nope", 404),
    ("/api/data/sites?limit=0", 400),
    ("/api/sites/x?lang=xx", 400),
    ("/api/none", 404),
)


@pytest.mark.parametrize(("path", "status"), PROBLEMS)
def test_a_program_gets_a_problem_document(portal, path, status):
    answer = portal.get(path)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"type", "title", "status", "detail"} <= set(answer.json)


def test_only_reading_is_answered(portal):
    for method in ("POST", "PUT", "DELETE"):
        assert portal.get("/en/sites", method=method).status == 405


def test_the_worker_of_the_map_is_served_as_a_script(portal):
    names = [path.name for path in _static().glob("assets/*.mjs")]
    assert names
    assert portal.get(f"/static/assets/{names[0]}").headers["content-type"].startswith("text/javascript")


def _static():
    from portico.web.assets import STATIC

    return STATIC


def test_the_description_of_the_api_names_every_route(portal):
    described = portal.get("/api/openapi.json").json["paths"]
    tiles = "/tiles/{name}/{z}/{x}/{row}"
    assert {re.sub(r":str", "", path) for path in (*PROGRAMS, *FILES, *SENT)} | {tiles} == set(described)
    operations = [one["operationId"] for path in described.values() for one in path.values()]
    assert len(operations) == len(set(operations))


@pytest.mark.parametrize("name", BRIEFS)
def test_a_match_has_the_shape_that_was_promised_and_every_number_is_a_figure(portal, name):
    answer = portal.get(f"/api/match/{name}?{DAY}").json
    assert {"brief", "as_of", "qualified", "to_verify", "excluded"} <= set(answer)
    assert answer["as_of"] == AS_OF.isoformat()
    entries = [entry for group in ("qualified", "to_verify", "excluded") for entry in answer[group]]
    assert len(entries) == 66
    for entry in entries:
        assert set(entry) == ENTRY
        assert set(entry["score"]) == {"low", "mid", "high"}
        assert set(entry["rank"]) == {"low", "high"}
        assert entry["who_answers"]["by"]
        walk(entry, entry["id"])
    for entry in answer["to_verify"]:
        assert [question for question in entry["questions"] if question["decides"]], entry["id"]
        assert all(question["ask"]["name"] and question["by"] for question in entry["questions"])


def walk(value, where):
    """Every number stands in a figure; every figure has a unit and a status, and evidence where it has a value."""
    if isinstance(value, dict):
        if set(value) == FIGURE:
            assert value["status"] in ("measured", "declared", "estimated", "missing"), where
            assert isinstance(value["unit"], str)
            assert (value["value"] is None) == (value["status"] == "missing"), where
            assert value["evidence"] or value["value"] is None, where
            return
        for key, part in value.items():
            walk(part, f"{where}.{key}")
    elif isinstance(value, list):
        for part in value:
            walk(part, where)
    else:
        assert isinstance(value, str | bool | None), f"{where}: {value} is no figure"


def figures(value):
    if isinstance(value, dict):
        if set(value) == FIGURE:
            yield value
        for part in value.values():
            yield from figures(part)
    elif isinstance(value, list):
        for part in value:
            yield from figures(part)


def test_the_evidence_of_every_figure_leads_to_a_row_that_is_there(portal):
    known = {}
    for name in BRIEFS:
        for figure in figures(portal.get(f"/api/match/{name}?{DAY}").json):
            for piece in figure["evidence"]:
                if "version" not in piece:
                    assert piece["method"]
                    continue
                address = f"{piece['dataset']}@{piece['version']}"
                if address not in known:
                    rows = portal.get(f"/api/data/{address}?limit=5000").json["rows"]
                    known[address] = {row["id"]: row for row in rows}
                row = known[address][piece["row"]]
                assert row["source"] == piece["source"]
                assert row["confidence"] == piece["confidence"]
    assert len(known) > 4


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_link_of_the_portal_is_dead(portal, language):
    seen, waiting, pages = set(), [f"/{language}/"], {}
    while waiting and len(seen) < 160:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = portal.get(path)
        assert answer.status == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        pages[path] = Page(answer.text)
        for link in pages[path].links:
            assert link.startswith(("/", "#", "https://", "http://")), f"{path} leads to {link}"
            if link.startswith("#"):
                assert link[1:] in pages[path].ids
            elif link.startswith((f"/{language}/", "/api")):
                waiting.append(link)
    assert len(seen) > 100


def test_the_portal_notices_a_new_build(tiny_city):
    city = cities.open(tiny_city)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    with served(tiny_city) as portal:
        assert "Big meadow" in portal.get("/en/sites").text
        sites = tiny_city / "facts" / "sites.csv"
        sites.write_text(sites.read_text(encoding="utf-8").replace("Big meadow", "Great meadow"), encoding="utf-8")
        again = cities.open(tiny_city)
        build(again, as_of=AS_OF, at=AT)
        again.database.close()
        assert "Great meadow" in portal.get("/en/sites").text


HOSTILE = ("<script>alert(1)</script>", "{{7*7}}", '"><img src=x onerror=alert(1)>', "</title><b>", "[red]x[/]")


def test_what_the_data_says_is_shown_and_never_run(tiny_city):
    sites = tiny_city / "facts" / "sites.csv"
    text = sites.read_text(encoding="utf-8")
    hostile = " ".join(HOSTILE).replace('"', '""')
    sites.write_text(text.replace("Big meadow", f'"{hostile}"'), encoding="utf-8")
    city = cities.open(tiny_city)
    build(city, as_of=AS_OF, at=AT)
    city.database.close()
    with served(tiny_city) as portal:
        for path in (
            "/en/sites",
            "/en/sites/prato-grande",
            "/en/data/sites",
            "/en/data/sites/prato-grande",
            "/en/sites/%3Cscript%3E",
        ):
            page = portal.get(path).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert ("{{7*7}}" in page) == ("script%3E" not in path)
            Page(page)
        assert json.dumps(HOSTILE[0])[1:-1] in portal.get("/api/sites").text


def test_the_register_goes_out_with_its_licence_and_is_filtered_without_a_script(portal):
    told = portal.get("/api/sites.csv")
    assert told.headers["x-licence"]
    assert told.text.startswith("OrganisationURI,SiteReference,SiteNameAddress")
    assert len(told.text.splitlines()) == 67
    assert portal.get("/api/sites.geojson?form=portico").json["licence"] == told.headers["x-licence"]
    assert portal.get("/api/sites.xlsx").body[:2] == b"PK"
    assert portal.get("/api/sites.csv?form=other").status == 400
    found = portal.get("/en/sites?q=scarmagno&status=available").text
    assert "/en/sites/scarmagno" in found
    assert found.count('name="sites"') == 1
    assert "No site is as asked" in portal.get("/en/sites?q=%3Cscript%3E").text
    assert "<script>" not in portal.get("/en/sites?q=%3Cscript%3Ealert(1)").text.replace('<script type="module"', "")
    assert portal.get(f"/en/sites?q={'x' * 300}").status == 400
