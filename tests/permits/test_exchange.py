"""What goes out in the words of others comes back as it was; what they have no word for is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.permits.worked import CASES, FILED, answers_of, pack
from tests.shared import shared_data

from portico.errors import InputError, RejectedError
from portico.messages import Text
from portico.permits.exchange import suap_words
from portico.permits.exchange.cpsv import services
from portico.permits.exchange.filing import filing
from portico.permits.exchange.suap import Case, Cui, Paper, Sent, State, UseCase, export, interpret, read

BASE = "https://example.org/torino/permits/"
CUI = Cui("torino", date(2026, 11, 22), 7, "5f0c9a52-0000-4000-8000-000000000001")

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def begun(name: str = "c2-battery-modules-brownfield") -> Case:
    case = next(one for one in CASES if one["id"] == name)
    papers = {"DOC_ARCH": Paper("drawings.pdf", "a" * 64, "S256", "application/pdf", "Drawings")}
    return filing(pack(), answers_of(case), AT, CUI, "001272", papers)


def test_a_filing_holds_every_procedure_that_is_filed_and_the_documents_at_hand():
    case = next(one for one in CASES if one["id"] == "c2-battery-modules-brownfield")
    made = begun()
    assert {one.code for one in made.use_cases} == set(case["filed"])
    permit = next(one for one in made.use_cases if one.code == "ED_PDC")
    assert [one.ref for one in permit.attachments] == ["drawings.pdf"]
    assert (made.workflow, made.times["max_gg_proc"]) == ("AUTORIZZAZIONE", 150)
    assert begun("c1-software-office").workflow == "SCIA"


@pytest.mark.parametrize("name", [one["id"] for one in CASES])
def test_a_case_that_went_out_comes_back_the_same(name, tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(export(begun(name)), ensure_ascii=False), encoding="utf-8")
    assert read(file) == begun(name)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40)
MOMENTS = st.datetimes(timezones=st.just(UTC))
PAPERS = st.builds(
    Paper,
    TEXTS,
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.sampled_from(suap_words.HASHES),
    TEXTS,
    TEXTS,
)
CASES_OF_ANY_KIND = st.builds(
    Case,
    st.builds(Cui, TEXTS, st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(0, 10**9), TEXTS),
    TEXTS,
    st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii),
    st.sampled_from(suap_words.WORKFLOWS[suap_words.LATEST]),
    TEXTS,
    st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    st.dictionaries(st.sampled_from(suap_words.CLOCKS), st.integers(0, 3650)).map(
        lambda one: {"max_gg_proc": 30, **one}
    ),
    st.lists(
        st.builds(UseCase, TEXTS, TEXTS, TEXTS, PAPERS, st.lists(PAPERS, max_size=2).map(tuple)), min_size=1, max_size=3
    ).map(tuple),
    st.lists(st.builds(State, st.sampled_from(suap_words.STATES[suap_words.LATEST]), MOMENTS), max_size=4).map(tuple),
    st.lists(
        st.builds(
            Sent,
            st.sampled_from(suap_words.OPERATIONS),
            st.sampled_from(suap_words.ACTORS),
            st.sampled_from(suap_words.ACTORS),
            MOMENTS,
        ),
        max_size=3,
    ).map(tuple),
    st.lists(PAPERS, max_size=2).map(tuple),
)


@given(CASES_OF_ANY_KIND)
def test_any_case_that_went_out_comes_back_the_same(case):
    assert interpret(json.loads(json.dumps(export(case))), "case.json") == case


@pytest.mark.parametrize("version", suap_words.VERSIONS)
def test_every_state_of_a_version_comes_back_as_itself(version):
    moment = AT
    states = tuple(State(one, moment) for one in suap_words.STATES[version])
    case = replace(begun(), states=states)
    assert interpret(export(case, version), "case.json").states == states


def test_a_state_that_an_older_version_lacks_is_refused_not_guessed():
    moved = replace(begun(), states=(State("instance_transferred", AT),))
    with pytest.raises(InputError) as refused:
        export(moved, "approved02")
    assert refused.value.values["state"] == "instance_transferred"
    conform = replace(begun(), states=(State("conformation_requested", AT),))
    written = export(conform, "approved02")["instance_descriptor"]["instance_status"][0]["state"]
    assert written == "ended_by_conformation_requested"
    with pytest.raises(InputError):
        export(begun(), "v3")


def broken(*path: str | int, to: object = None, drop: bool = False) -> dict[str, object]:
    plain = json.loads(json.dumps(export(begun())))
    at = plain
    for key in path[:-1]:
        at = at[key]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return plain


@pytest.mark.parametrize(
    ("plain", "key"),
    [
        ([], ""),
        (broken("cui", drop=True), "cui"),
        (broken("cui", "progressive", to="7"), "cui.progressive"),
        (broken("instance_descriptor", "municipality", to="L219"), "instance_descriptor.municipality"),
        (broken("instance_descriptor", "times", "start", to="22/11/2026"), "instance_descriptor.times.start"),
        (broken("instance_descriptor", "times", "max_gg_proc", to=-1), "instance_descriptor.times.max_gg_proc"),
        (broken("instance_descriptor", "times", "max_gg_process", to=3), "instance_descriptor.times.max_gg_process"),
        (broken("instance_descriptor", "usecase_proceedings", to=[]), "instance_descriptor.usecase_proceedings"),
        (broken("instance_descriptor", "usecase_proceedings", to=[3]), "instance_descriptor.usecase_proceedings.0"),
        (
            broken("instance_descriptor", "usecase_proceedings", 0, "instance", "alg_hash", to="MD5"),
            "instance_descriptor.usecase_proceedings.0.instance.alg_hash",
        ),
        (
            broken("instance_descriptor", "instance_status", 0, "state", to="finished"),
            "instance_descriptor.instance_status.0.state",
        ),
        (broken("instance_descriptor", "workflow", "id", to="SILENZIO-ASSENSO"), "instance_descriptor.workflow.id"),
        (broken("specification", to="v9"), "specification"),
        (
            broken("instance_descriptor", "instance_status", 0, "timestamp", to="2026-11-22T09:30:00"),
            "instance_descriptor.instance_status.0.timestamp",
        ),
    ],
)
def test_what_is_wrong_with_a_case_is_told_by_its_key(plain, key):
    with pytest.raises(RejectedError) as refused:
        interpret(plain, "case.json")
    assert key in [one.place.column for one in refused.value.findings]


def test_both_spellings_of_the_number_are_read():
    plain = export(begun())
    plain["cui"]["progressivo"] = plain["cui"].pop("progressive")
    assert interpret(plain, "case.json") == begun()


def test_a_file_that_is_no_json_or_too_large_is_refused(tmp_path):
    file = tmp_path / "case.json"
    for content in (b"", b"{", b"[" * 100_000, b"\xff\xfe", b" " * 5_000_001):
        file.write_bytes(content)
        with pytest.raises(InputError):
            read(file)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")
def test_services_are_valid_under_the_published_shapes(tmp_path):
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(shared_data("data", "shapes", "cpsv-ap-3.2.0-shapes.ttl"))
    document = services(pack(), BASE, Text(it="Torino", en="Turin"), FILED)
    file = tmp_path / "services.jsonld"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    graph = rdflib.Graph().parse(file, format="json-ld")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report[:2000]
    # The shapes look where they aim: without its title a service is refused.
    service = rdflib.URIRef(f"{BASE}service/ENV_AUA")
    assert (service, rdflib.RDF.type, rdflib.URIRef("http://purl.org/vocab/cpsv#PublicService")) in graph
    graph.remove((service, rdflib.DCTERMS.title, None))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


def test_services_say_their_term_law_and_what_comes_before():
    nodes = {one["id"]: one for one in services(pack(), BASE, Text(en="Turin"), FILED)["@graph"]}
    aua = nodes[f"{BASE}service/ENV_AUA"]
    assert aua["processingTime"] == "P120D"
    assert f"{BASE}service/ENV_VIA_SCREEN_REG" in aua["requires"]
    assert nodes[aua["hasLegalResource"][0]]["identifier"] == "DPR 59/2013 artt. 3-5"
    assert "working days" in nodes[f"{BASE}service/GRID_MV"]["description"]["en"]
    assert "processingTime" not in nodes[f"{BASE}service/GRID_MV"]
    assert f"{BASE}service/MS_OPEN" not in nodes
    assert f"{BASE}service/SUBST_POWER" not in nodes
    assert len(nodes) == len(services(pack(), BASE, Text(en="Turin"), FILED)["@graph"])
