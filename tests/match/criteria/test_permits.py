"""Days until a project can start: what the plan says of it, bounds and all, for musts, wants and a register at once."""

from dataclasses import replace
from datetime import date

import pytest

from portico.dossier import permits_plain
from portico.figures import Status
from portico.match import briefs
from portico.match.criteria import criterion, permits
from portico.match.criteria.permits import days_figure
from portico.match.model import Activity, Asked, Brief, Must, Outcome, Want
from portico.match.musts import decide
from portico.match.names import name_faults, names_in
from portico.match.shortlist import shortlist
from portico.messages import Text
from portico.permits.answers import Project, given
from portico.permits.kept import pack_of, project_of
from portico.permits.model import Days, Nature, Term
from portico.permits.sited import plan_at
from portico.translation import Translator

FILED = date(2027, 1, 11)
PROJECT = "food-production"
ASKED = Asked(criterion="days-until-start", project=PROJECT)
DAYS = criterion("days-until-start")


def on(territory, site, asked=ASKED, day=FILED):
    return DAYS.measured(territory, territory.site(site), asked, day).found


@pytest.mark.parametrize("site", ["scalo-lingotto", "scarmagno"])
def test_it_is_what_the_plan_of_the_project_on_the_site_says(torino_territory, site):
    pack = pack_of(torino_territory.folder)
    investor = given(project_of(torino_territory.folder, PROJECT, pack))
    made = plan_at(pack, torino_territory, torino_territory.site(site), investor, FILED)
    told = permits_plain.plan(made, Translator("en"))["days"]
    found = on(torino_territory, site)
    assert (found.low, found.high) == (told["low"], told["high"])


def test_an_open_end_is_a_missing_figure_with_its_least_that_names_the_terms_and_whom_to_ask(torino_territory):
    found = on(torino_territory, "scalo-lingotto")
    assert (found.status, found.value, found.high, found.unit) == (Status.MISSING, None, None, "days")
    assert found.low > 0
    said = Translator("en")(found.note)
    assert "no term was found for" in said
    assert "Award of publicly owned site" in said
    assert "Municipality, property office" in said
    first = found.evidence[0]
    pack = pack_of(torino_territory.folder)
    assert first.method == "permits.days-until-start"
    assert first.parameters["digest"] == pack.digest
    assert first.parameters["project"] == PROJECT
    assert first.parameters["filed"] == FILED.isoformat()
    assert any(one.dataset == "site_attributes" and one.row for one in found.evidence)
    assert Translator("it").figure(found).startswith("almeno ")


def test_where_every_term_is_known_the_middle_stands_between_least_and_most(torino_territory):
    pack = pack_of(torino_territory.folder)
    known = Term(5, 9, Days.CALENDAR, pack.procedures["SUAP_ORD"].terms[0].stop, 0,
                 pack.procedures["SUAP_ORD"].terms[0].tacit, None, None, "Law art. 1",
                 pack.procedures["SUAP_ORD"].confidence)  # fmt: skip
    milestones = {one.procedure for one in pack.triggers if one.nature is Nature.MILESTONE}
    procedures = {
        name: one if name in milestones else replace(one, terms=(known,)) for name, one in pack.procedures.items()
    }
    whole = replace(pack, procedures=procedures, digest="all-known")
    project = project_of(torino_territory.folder, PROJECT, pack)
    found = days_figure(torino_territory, whole, torino_territory.site("scarmagno"), project, FILED, name=PROJECT)
    assert found.status is Status.ESTIMATED
    assert 0 < found.low < found.high
    assert found.value == (found.low + found.high) / 2
    assert found.note is None


def test_the_day_asked_for_is_the_day_of_filing_and_its_law_holds(torino_territory):
    before, after = (on(torino_territory, "scarmagno", day=day) for day in (date(2026, 2, 19), date(2026, 2, 20)))
    assert before.evidence[0].parameters["filed"] == "2026-02-19"
    assert before.note.values["known"] != after.note.values["known"]


def test_a_project_that_cannot_be_there_says_why_and_one_nobody_knows_is_refused(torino_territory):
    found = on(torino_territory, "vado")
    assert found.low is None
    assert "On open land there is no building for these works" in Translator("en")(found.note)
    missing = on(torino_territory, "vado", Asked(criterion="days-until-start", project="../city"))
    assert missing.note.id == "permits-project-unknown"
    must = Must(criterion="days-until-start", project="food-prodution", at_most=90.0)
    brief = Brief(title=Text(en="A kitchen"), activity=Activity.FOOD, sector="food", musts=(must,))
    ((path, message, _),) = name_faults(brief, names_in(torino_territory))
    assert path == "musts.0.project"
    assert message.values["advice"].values["suggestion"] == "food-production"


def test_a_must_fails_by_the_least_and_stays_open_where_the_most_is_not_known(torino_territory):
    site = torino_territory.site("scalo-lingotto")
    for at_most, outcome in ((30.0, Outcome.FAIL), (400.0, Outcome.UNKNOWN)):
        must = Must(criterion="days-until-start", project=PROJECT, at_most=at_most)
        found = DAYS.measured(torino_territory, site, must, FILED)
        assert decide(must, DAYS, found, FILED, 24).outcome is outcome


def test_the_path_of_a_project_is_worked_out_once_for_each_site(torino, torino_territory, monkeypatch):
    want = Want(criterion="days-until-start", project=PROJECT, weight=1.0)
    must = Must(criterion="days-until-start", project=PROJECT, at_most=730.0, unit="days")
    brief = Brief(title=Text(en="A kitchen"), activity=Activity.FOOD, sector="food", musts=(must,), wants=(want,))
    assert briefs.names(torino)
    first = shortlist(brief, torino_territory, FILED)

    def worked_out_again(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(permits, "sited", worked_out_again)
    again = shortlist(brief, torino_territory, FILED)
    assert len(again.entries) == len(first.entries) == len(torino_territory.sites)
    scores = {(one.score_low, one.score_high) for one in again.entries}
    assert (0.0, 1.0) in scores  # nothing is known of a project that does not fit
    assert any(low == 0.0 and high < 1.0 for low, high in scores)  # the least alone bounds what it is worth from above


def test_a_city_without_rules_says_so(torino_territory, tiny_city):
    bare = replace(torino_territory, folder=tiny_city)
    assert on(bare, "scarmagno").note.id == "pack-none"
    assert on(replace(torino_territory, folder=None), "scarmagno").note.id == "days-no-pack"
    assert Project().answers == {}
