"""The answer to a brief as a workbook: every site, numbers as numbers, texts that a spreadsheet never runs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from tests.cities import AS_OF

from portico.dossier.document import shortlist_content
from portico.dossier.document.told import QUALIFIED_IN_FULL, TO_VERIFY_IN_FULL
from portico.dossier.workbook import workbook
from portico.errors import InputError
from portico.lake.exports.sheets import Sheet, workbook_bytes
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.messages import Text
from portico.translation import LANGUAGES, Translator


@pytest.fixture(scope="module")
def answer(torino, torino_territory):
    return shortlist(briefs.read(torino, "battery-module-plant"), torino_territory, AS_OF)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_site_must_want_and_question_has_its_row(answer, language):
    say = Translator(language)
    brief, sites, contributions, musts, questions, evidence = sheets(workbook(answer, say, 24)).values()
    assert [row[0] for row in sites[1:]] == [entry.site.id for entry in answer.entries]
    assert len(contributions) - 1 == sum(len(entry.contributions) for entry in answer.entries)
    assert len(musts) - 1 == sum(len(entry.musts) for entry in answer.entries)
    assert len(questions) - 1 == sum(len(entry.questions) for entry in answer.entries)
    heads = {str(cell) for sheet in (brief, sites, contributions, musts, questions, evidence) for cell in sheet[0]}
    assert not [head for head in heads if head.startswith(("dossier.", "page."))]
    assert date(2026, 11, 23) in [cell for row in brief for cell in row]


def test_numbers_are_numbers_and_each_leads_to_its_row_of_evidence(answer):
    _, _, contributions, _, _, evidence = sheets(workbook(answer, Translator("en"), 24)).values()
    numbered = {str(int(row[0])): row for row in evidence[1:]}
    every = [(entry, one) for entry in answer.entries for one in entry.contributions]
    for (_, one), row in zip(every, contributions[1:], strict=True):
        found = one.measured.found
        value = getattr(found, "value", None)
        assert row[4] == (pytest.approx(value) if value is not None else "")
        cited = [numbered[number] for number in str(row[-1]).split()] if found.evidence else []
        assert [(piece.dataset, piece.version, piece.row) for piece in found.evidence] == [
            tuple(each[1:4]) for each in cited
        ]


def test_the_same_answer_gives_the_same_bytes(answer):
    assert workbook(answer, Translator("it"), 24) == workbook(answer, Translator("it"), 24)


def test_a_register_of_any_size_gives_a_workbook_and_a_document_that_say_what_they_leave_out(
    answer, torino_territory, monkeypatch
):
    monkeypatch.setattr("portico.dossier.workbook.MOST_SITES", 30)
    brief, sites, *_ = sheets(workbook(answer, Translator("en"), 24)).values()
    assert len(sites) == 31
    assert f"{len(answer.entries) - 30} more sites" in str(brief[-1])
    many = replace(answer, qualified=answer.to_verify * 2, to_verify=answer.to_verify[:7], excluded=answer.excluded * 4)
    content = str(shortlist_content(many, torino_territory, Translator("en"))["blocks"])
    assert content.count("'Outcome'") == QUALIFIED_IN_FULL + TO_VERIFY_IN_FULL
    assert "more sites stand in the workbook" in content


def test_nothing_is_a_formula_whatever_a_name_looks_like(answer):
    hostile = '=HYPERLINK("http://x")\x07 _x0041_ <b>&'
    brief = replace(answer.brief, title=Text(en=hostile), summary=Text(en="+1+1"))
    made = workbook(replace(answer, brief=brief), Translator("en"), 24)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert not [name for name in file.namelist() if b"<f>" in file.read(name)]
    rows = sheets(made)["Brief"]
    assert rows[1][1] == hostile
    assert rows[2][1] == "+1+1"


def test_what_no_cell_can_hold_is_cut_with_a_mark_and_odd_values_are_text():
    row = ["x" * 40_000, "🏭" * 20_000, float("inf"), 10**16, "\ud800", date(1800, 1, 1), None, ""]
    made = workbook_bytes([Sheet("a/b", (("h", 10.0),) * 8, [row])], "t", "d")
    found = sheets(made)["a-b"][1]
    assert (len(found[0]), found[0][-1]) == (32_767, "…")
    assert len(found[1].encode("utf-16-le")) // 2 <= 32_767
    assert found[2:6] == ["inf", "10000000000000000", "?", "1800-01-01"]


def test_too_many_rows_are_refused_in_a_sentence():
    with pytest.raises(InputError):
        workbook_bytes([Sheet("a", (("h", 10.0),), range(1_048_576))], "t", "d")  # type: ignore[arg-type]
