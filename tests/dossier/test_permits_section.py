"""The section on permits of a site: three sites, one project, three paths, for reasons that stand on the sheet."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from portico.dossier import permits_plain
from portico.dossier.document import site_content
from portico.dossier.document.notes import Notes
from portico.dossier.document.permits import plan_content, plan_pdf, site_section
from portico.dossier.permits_site import checked, site_permits, to_dict
from portico.match.model import Outcome
from portico.permits.answers import given
from portico.permits.kept import pack_of, project_of
from portico.permits.sited import plan_at
from portico.permits.tables import FOLDER
from portico.translation import Translator

FILED = date(2027, 1, 11)
SITES = ("scalo-lingotto", "vado", "tne-mirafiori-a")
PROJECT = "battery-module-plant"


@pytest.fixture(scope="module")
def sections(torino_territory):
    return {one: site_permits(torino_territory, torino_territory.site(one), FILED) for one in SITES}


def of_project(section, name=PROJECT):
    return next(one for one in section.projects if one.id == name)


def test_one_project_on_three_sites_has_three_paths_for_reasons_that_the_sheet_shows(sections, torino_territory):
    found = [of_project(sections[one]) for one in SITES]
    decided = [frozenset((each.procedure, each.need) for each in one.decided) for one in found]
    assert len(set(decided)) == 3
    assert len({tuple(one.counts.values()) for one in found}) == 3
    assert len({one.needed for one in found}) == 2  # public land asks for its award
    for name, one in zip(SITES, found, strict=True):
        assert one.decided
        told = to_dict(sections[name], Translator("en"))
        (project,) = [each for each in told["projects"] if each["id"] == PROJECT]
        assert all(each["reasons"] for each in project["decided_here"])
    # The clean ground of the first takes the whole remediation off its path, and the check beside it says why.
    remediation = {one for one, _ in decided[0]} - {one for one, _ in decided[1]} - {one for one, _ in decided[2]}
    assert {one for one in remediation if one.startswith("ENV_REMED")}
    ground = next(one for one in sections["scalo-lingotto"].checks if one.attribute.name == "contamination")
    assert ground.outcome is Outcome.PASS
    assert [one.dataset for one in ground.evidence] == ["site_attributes"]
    # The second is open land: nothing listed, no asbestos.
    assert {"HER_CULT", "ASBESTOS"} <= {one for one, _ in decided[1]}


def test_each_constraint_is_pass_fail_or_unknown_with_whom_to_ask(sections, torino_territory):
    pack = pack_of(torino_territory.folder)
    names = {one.name for one in checked(pack)}
    wanted = {"landscape_constraint", "heritage_listed", "flood_hazard", "contamination", "natura2000", "airport_zone"}
    assert wanted | {"seveso_neighbour", "zoning"} <= names
    assert not names & {"remediation_status", "site_owner", "site_land", "zes_area"}
    for section in sections.values():
        assert {one.attribute.name for one in section.checks} == names
        for one in section.checks:
            assert one.ask.partner.name
            assert one.ask.by > FILED
            assert bool(one.answers) or one.outcome is Outcome.UNKNOWN
            assert bool(one.evidence) is bool(one.answers)


def test_what_stands_in_the_way_fails(torino_territory):
    failing = [
        (site.id, one.attribute.name)
        for site in torino_territory.sites[:30]
        for one in site_permits(torino_territory, site, FILED).checks
        if one.outcome is Outcome.FAIL
    ]
    assert ("gondrand", "contamination") in failing
    for site, name in failing:
        stated = {one.name for one in torino_territory.site(site).attributes}
        assert stated & {"constraint", "contamination", "remediation", "condition", "use"}, (site, name)


def test_a_project_that_cannot_be_there_says_so(sections):
    one = of_project(sections["vado"], "food-production")
    assert "On open land" in Translator("en")(one.fault)
    assert not one.decided


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_document_of_a_site_marks_what_is_recalled_and_says_it_is_no_legal_advice(
    sections, torino_territory, language
):
    say = Translator(language)
    section = sections["scalo-lingotto"]
    text = str(list(site_section(section, Notes(say), say)))
    recalled = sum(each.is_recalled for one in section.projects for each in one.decided)
    assert recalled > 3
    assert text.count(f"[{say('permits-recalled-mark')}]") == recalled
    assert say(section.pack.notes.disclaimer) in text
    assert say("permits") in str(site_content(torino_territory, "scalo-lingotto", say, FILED, {}))


def test_the_document_of_a_plan_holds_every_procedure_and_can_be_set(torino_territory):
    pack = pack_of(torino_territory.folder)
    project = project_of(torino_territory.folder, "biomedical-laboratory", pack)
    made = plan_at(pack, torino_territory, None, given(project), FILED)
    say = Translator("it")
    plan = permits_plain.plan(made, say, name="Laboratorio 实验 <b>")
    text = str(plan_content(plan, torino_territory.settings, say))
    for part in ("needed", "perhaps", "not_needed"):
        assert all(repr(one["title"])[1:-1] in text for one in plan[part])
    recalled = [one for part in ("needed", "perhaps", "not_needed") for one in plan[part] if one["recalled"]]
    assert text.count("[a memoria, da verificare]") >= len(recalled) > 10
    assert plan_pdf(plan, torino_territory.settings, say).startswith(b"%PDF-")


def test_rules_that_cannot_be_read_are_named_and_the_sheet_stands(torino_territory, tmp_path):
    shutil.copytree(torino_territory.folder / FOLDER, tmp_path / FOLDER)
    table = tmp_path / FOLDER / "terms.csv"
    broken = replace(torino_territory, folder=tmp_path)
    for raw in (b"\xff\xfe\x00", table.read_bytes()[:900], b""):
        table.write_bytes(raw)
        found = site_permits(broken, broken.site("vado"), FILED)
        assert (found.pack, found.checks, found.projects) == (None, (), ())
        say = Translator("it")
        assert "Le regole sui permessi della città non si possono leggere" in to_dict(found, say)["broken"]
        assert len(list(site_section(found, Notes(say), say))) == 2
    (tmp_path / FOLDER / "pack.toml").unlink()
    assert site_permits(broken, broken.site("vado"), FILED) is None
    assert to_dict(None, Translator("it")) is None
