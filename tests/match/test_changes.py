"""The same brief at an earlier moment: what moved, by which rows, and what time alone did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cities import AS_OF, AT
from tests.match.moved import NOW, built, moved_borgo

from portico.build import lake_of
from portico.dossier.changed import to_dict
from portico.errors import UnknownNameError, UsageError
from portico.lake import store
from portico.lake.queries import heads_at
from portico.match import briefs
from portico.match.changes import Answers, How, changed_entries
from portico.match.model import Rank
from portico.match.since import changes_since, moment_of
from portico.territory.layers import territory
from portico.translation import Translator


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    return moved_borgo(tmp_path_factory.mktemp("moved") / "borgo-prova")


def _since(moved, since, as_of=NOW):
    opened, lake = moved
    brief = briefs.read(opened, "cheese-dairy")
    moment = moment_of(opened, lake, since, as_of)
    return changes_since(opened, lake, brief, moment, territory(opened, lake), as_of)


def _told(found):
    say = Translator("en")
    return {one.site.id: " ".join(say(each) for each in one.words) for one in found.entries}


@pytest.mark.parametrize("since", ["2026-11-24", "sites@1", "site_attributes@1"])
def test_what_moved_is_told_with_the_rows_that_did_it(moved, since):
    found = _since(moved, since)
    told = _told(found)
    assert "from “Qualified” to “Excluded”" in told["prato-grande"]
    assert "from “To verify” to “Qualified”" in told["scalo"]
    assert "no longer in the register" in told["bosco"]
    assert "new in the register" in told["mulino"]
    rows = {one.site.id: [(row.dataset, row.row, row.how) for row in one.rows] for one in found.entries}
    assert rows["prato-grande"] == [("site_attributes", "prato-grande-0", How.CHANGED)]
    assert rows["scalo"] == [("site_attributes", "scalo-new", How.ADDED)]
    assert ("sites", "mulino", How.ADDED) in rows["mulino"]
    assert ("sites", "bosco", How.REMOVED) in rows["bosco"]
    [row] = next(one.rows for one in found.entries if one.site.id == "prato-grande")
    assert ("value", "available", "sold") in row.cells
    assert {one.dataset for one in found.versions} == {"sites", "site_attributes"}
    assert not any(one.by_time for one in found.entries)


def test_on_the_same_data_nothing_changed(moved):
    found = _since(moved, "sites@2")
    assert (found.entries, found.versions) == ((), ())
    assert found.same == len(found.after.entries)


def test_what_time_alone_did_is_said_to_be_time(tiny_city):
    opened = built(tiny_city, AT, AS_OF)
    later = AS_OF.replace(year=AS_OF.year + 1)
    found = _since((opened, lake_of(opened)), "2026-11-24", later)
    [changed] = [one for one in found.entries if one.site.id == "prato-grande"]
    assert changed.by_time
    assert changed.rows == ()
    assert "from “Qualified” to “To verify”" in _told(found)["prato-grande"]
    assert found.versions == ()


def test_a_site_that_others_overtook_says_so(moved):
    opened, lake = moved
    land = territory(opened, lake)
    before = _since(moved, "sites@2").before
    first, *rest = before.to_verify
    after = replace(before, to_verify=(replace(first, rank=Rank(1, 1, 1)), *rest))
    [found] = changed_entries(Answers(before, land), before, Answers(after, land))
    assert (found.site, found.by_others, found.rows) == (first.site, True, ())
    assert [one.id for one in found.words] == ["change-rank"]


@pytest.mark.parametrize(
    ("since", "error", "identifier"),
    [
        ("yesterday", UsageError, "since-unclear"),
        ("2027-01-01", UsageError, "since-future"),
        ("2020-01-01", UsageError, "since-before-all"),
        ("sites@9", UnknownNameError, "version-unknown"),
        ("wells@x", UnknownNameError, "version-unknown"),
        ("stites@1", UnknownNameError, "dataset-unknown"),
        ("@", UnknownNameError, "dataset-unknown"),
    ],
)
def test_a_moment_that_nobody_can_mean_is_refused(moved, since, error, identifier):
    with pytest.raises(error) as told:
        _since(moved, since)
    assert told.value.message_id == identifier


def test_a_version_that_was_cleaned_up_is_named(tmp_path):
    moved = moved_borgo(tmp_path / "borgo-prova")
    _, lake = moved
    [old] = [one for one in heads_at(lake, moment_of(*moved, "sites@1", NOW))[0].values() if one.dataset == "sites"]
    with lake.database.write() as connection:
        store.remove_version(connection, "sites", old.id)
    with pytest.raises(UnknownNameError) as told:
        _since(moved, "sites@1")
    assert told.value.message_id == "version-collected"


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_same_is_plain_data(moved, language):
    told = to_dict(_since(moved, "2026-11-24"), Translator(language))
    assert {one["id"] for one in told["sites"]} >= {"prato-grande", "scalo", "bosco", "mulino"}
    assert all(one["words"] for one in (*told["sites"], *told["versions"]))
    assert told["day"] == "2026-11-24"
    assert timedelta(0) < date.fromisoformat(told["as_of"]) - date.fromisoformat(told["day"])
