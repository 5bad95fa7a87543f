"""A pack is refused with file, row and advice for whatever is wrong with it; nothing is repaired in silence."""

import shutil
from collections import Counter
from datetime import date

import pytest
from tests.permits.worked import FOLDER, pack

from portico.city.model import Calendar
from portico.errors import RejectedError, UsageError
from portico.messages import Severity
from portico.permits.findings import findings
from portico.permits.model import Answers, Confidence, Link, Nature, Need, Stop, Tacit
from portico.permits.pack import interpret, read
from portico.permits.pack_check import circle_in
from portico.permits.plan import plan
from portico.translation import Translator


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "pack")
    return tmp_path / "pack"


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(folder, file, *rows):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def row_of(folder, file, begins):
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(begins))


BROKEN = {
    "an unknown attribute": (
        "triggers.csv",
        lambda it: change(it, "triggers.csv", "noneu_staff,", "noneu_staf,"),
        "CO_IMM",
        "condition",
        "condition-name",
    ),
    "a word that an attribute does not have": (
        "triggers.csv",
        lambda it: change(it, "triggers.csv", 'zoning == ""needs_plan""', 'zoning == ""needs_plans""'),
        "URB_SUE",
        "condition",
        "condition-word",
    ),
    "an expression that runs code": (
        "triggers.csv",
        lambda it: change(it, "triggers.csv", ",noneu_staff,", ",__import__('os').abort(),"),
        "CO_IMM",
        "condition",
        "condition-sign",
    ),
    "a circle of procedures": (
        "dependencies.csv",
        lambda it: add(it, "dependencies.csv", "CO_DEED,CO_COMUNICA,finish-to-start,,,made up,,"),
        None,
        "needs_procedure_id",
        "pack-circle",
    ),
    "procedures that take each other in": (
        "dependencies.csv",
        lambda it: add(it, "dependencies.csv", "ED_PDC,ED_PDC_CONV,absorbs,,,made up,,"),
        None,
        "needs_procedure_id",
        "pack-circle",
    ),
    "a procedure that is not there": (
        "dependencies.csv",
        lambda it: add(it, "dependencies.csv", "ED_PDC,ED_PCD_CONV,finish-to-start,,,made up,,"),
        "ED_PDC,ED_PCD_CONV",
        "needs_procedure_id",
        "lost-reference",
    ),
    "a source that is not there": (
        "procedures.csv",
        lambda it: change(it, "procedures.csv", ",TUE;FEES;L182,", ",TUE;FEES;L128,"),
        "ED_PDC,",
        "source",
        "lost-reference",
    ),
    "two versions of a term on one day": (
        "terms.csv",
        lambda it: change(
            it,
            "terms.csv",
            "2016-07-28,2026-02-19,L.241/1990 art. 14-bis",
            "2016-07-28,2026-02-20,L.241/1990 art. 14-bis",
        ),
        None,
        "valid_from",
        "pack-terms-overlap",
    ),
    "a term whose least is above its most": (
        "terms.csv",
        lambda it: change(it, "terms.csv", "ENV_VINCA_SCREEN,30,60", "ENV_VINCA_SCREEN,60,30"),
        "ENV_VINCA_SCREEN",
        "days_min",
        "pack-term-days",
    ),
    "a validity that ends before it begins": (
        "terms.csv",
        lambda it: change(
            it,
            "terms.csv",
            "2016-07-28,2026-02-19,L.241/1990 art. 14-ter",
            "2026-07-28,2026-02-19,L.241/1990 art. 14-ter",
        ),
        None,
        "valid_to",
        "pack-validity",
    ),
    "a month in place of a day": (
        "terms.csv",
        lambda it: change(it, "terms.csv", "2017-04-06", "2017-04"),
        "HER_LAND_SIMP",
        "valid_from",
        "pack-day",
    ),
    "a procedure that nothing asks for": (
        "procedures.csv",
        lambda it: add(it, "procedures.csv", "NEW_ONE,title,Nuova,New,,,,,,,,,,,some law,,,M,recalled,,"),
        "NEW_ONE",
        "id",
        "pack-no-trigger",
    ),
    "a repeated id": (
        "procedures.csv",
        lambda it: add(it, "procedures.csv", "ED_PDC,title,Ancora,Again,,,,,,,,,,,some law,,,M,recalled,,"),
        None,
        "id",
        "duplicate-id",
    ),
    "verified from memory": (
        "procedures.csv",
        lambda it: change(it, "procedures.csv", ",M,recalled,serve prima", ",M,verified,serve prima"),
        "CO_FISCAL_CODE",
        "confidence",
        "pack-verified-memory",
    ),
    "a default that is no answer": (
        "attributes.csv",
        lambda it: change(it, "attributes.csv", ",none,profile,Avete", ",nothing,profile,Avete"),
        "entity_status",
        "default",
        "pack-answer",
    ),
    "a derived attribute too early": (
        "triggers.csv",
        lambda it: change(it, "triggers.csv", "SUAP_AUTO,required,2", "SUAP_AUTO,required,1"),
        "SUAP_AUTO",
        "condition",
        "pack-derived-early",
    ),
    "a document with two titles": (
        "documents.csv",
        lambda it: add(it, "documents.csv", "GAS_CONN,DOC_ARCH,Disegni,Drawings"),
        "GAS_CONN,DOC_ARCH",
        "title_it",
        "pack-two-titles",
    ),
    "a table that is missing": (
        "triggers.csv",
        lambda it: (it / "triggers.csv").unlink(),
        None,
        "",
        "missing-table",
    ),
    "a table nobody knows": (
        "trigers.csv",
        lambda it: (it / "trigers.csv").write_text("a\n1\n", encoding="utf-8"),
        None,
        "",
        "unknown-table",
    ),
    "a table in Latin-1": (
        "words.csv",
        lambda it: (it / "words.csv").write_bytes(
            (it / "words.csv").read_bytes().decode().encode("latin-1", "replace")
        ),
        None,
        "",
        "not-utf8",
    ),
    "a kind of link that is none": (
        "dependencies.csv",
        lambda it: add(it, "dependencies.csv", "ED_PDC,URB_CDU,finish-to-finish,,,made up,,"),
        "ED_PDC,URB_CDU",
        "kind",
        "unknown-word",
    ),
    "a text in one language only": (
        "procedures.csv",
        lambda it: change(it, "procedures.csv", ",needed before the deed", ","),
        "CO_FISCAL_CODE",
        "note_en",
        "pack-one-language",
    ),
    "a single title nobody knows": (
        "pack.toml",
        lambda it: change(it, "pack.toml", '"DC_SINGLE"', '"DC_SINGEL"'),
        None,
        "single_titles",
        "lost-reference",
    ),
    "a pack without a date": (
        "pack.toml",
        lambda it: change(it, "pack.toml", "as_of = 2026-11-22", "# as_of"),
        None,
        "as_of",
        "missing-key",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pack_is_refused_with_file_row_and_advice(name, folder):
    file, breaks, begins, column, kind = BROKEN[name]
    breaks(folder)
    with pytest.raises(RejectedError) as caught:
        read(folder)
    found = [one for one in caught.value.findings if one.kind == kind and one.place.file == file]
    assert found, [(one.kind, one.place) for one in caught.value.findings]
    place = found[0].place
    assert place.column == column
    if begins:
        assert place.row == row_of(folder, file, begins)
    for language in ("it", "en"):
        sentence = Translator(language)(found[0].message)
        assert sentence != kind
        assert len(sentence) > 20


def test_all_faults_are_told_at_once(folder):
    change(folder, "triggers.csv", ",noneu_staff,", ",noneu_staf,")
    change(folder, "terms.csv", "ENV_VINCA_SCREEN,30,60", "ENV_VINCA_SCREEN,60,30")
    change(folder, "procedures.csv", ",TUE;FEES;L182,", ",TUE;FEES;L128,")
    found = interpret(folder)[1]
    assert {one.place.file for one in found if one.severity is Severity.ERROR} == {
        "triggers.csv",
        "terms.csv",
        "procedures.csv",
    }


def test_a_folder_without_a_pack_is_said_to_have_none(tmp_path):
    with pytest.raises(UsageError):
        read(tmp_path)


def test_a_huge_table_is_refused_or_read_but_never_hangs(folder):
    add(folder, "documents.csv", *(f"ED_PDC,DOC_{number},Titolo,Title" for number in range(20_000)))
    assert len(read(folder).papers) > 20_000


def test_a_circle_is_found_in_a_long_chain_without_recursion():
    chain = {str(number): [str(number + 1)] for number in range(20_000)}
    assert circle_in(chain) == ()
    assert circle_in({**chain, "20000": ["19998"]}) == ("19998", "19999", "20000", "19998")


def test_the_pack_of_the_reference_city_says_what_it_is():
    whole = pack()
    assert whole.notes.as_of.isoformat() == "2026-11-22"
    assert len(whole.notes.doubts) == 15
    assert (len(whole.procedures), len(whole.triggers)) == (123, 125)
    assert "not legal advice" in whole.notes.disclaimer["en"].lower()
    sure = Counter(one.confidence for one in whole.procedures.values())
    assert sure == {Confidence.VERIFIED: 25, Confidence.SECONDARY: 32, Confidence.RECALLED: 66}
    assert not [one.id for one in whole.procedures.values() if not one.title["it"] or not one.title["en"]]
    for one in whole.attributes.values():
        assert set(one.labels) == set(one.words), one.name


def test_terms_before_a_change_of_law_are_kept():
    conference = pack().procedures["CDS_SIMPL"]
    assert [(one.least, one.most, str(one.valid_from)) for one in conference.terms] == [
        (59, 107, "2016-07-28"),
        (44, 77, "2026-02-20"),
    ]
    permit = pack().procedures["ED_PDC"].terms[-1]
    assert (permit.least, permit.most, permit.stop, permit.stop_days, permit.tacit) == (
        90,
        150,
        Stop.RESTART,
        30,
        Tacit.ASSENT,
    )


def test_every_required_procedure_leads_somewhere():
    """Each is waited for, forwarded, taken in, or a condition of works or opening; or it is one that nothing needs."""
    whole = pack()
    tied = {one for each in whole.dependencies for one in (each.procedure, each.other)}
    required = {one.procedure for one in whole.triggers if one.nature is Nature.REQUIRED}
    assert not {one.procedure for one in whole.dependencies if one.link is Link.ABSORBS} - required
    assert required - tied <= {"RES_FREE"}


def test_a_city_is_looked_over_with_its_rules_projects_and_reforms(tmp_path):
    assert findings(tmp_path) == []
    shutil.copytree(FOLDER, tmp_path / "rules" / "permits")
    for name in ("projects", "reforms"):
        shutil.copytree(FOLDER.parents[1] / name, tmp_path / name)
    assert findings(tmp_path) == []
    (tmp_path / "projects" / "odd.toml").write_text("[answers]\nemploees = 3\n", "utf-8")
    (tmp_path / "projects" / "worse.toml").write_bytes(b"\xff")
    (tmp_path / "reforms" / "none.toml").write_text('title.en = "None"\nchanges = []\n', "utf-8")
    assert [(one.kind, one.place.file) for one in findings(tmp_path)] == [
        ("answer-unknown-attribute", "projects/odd.toml"),
        ("not-utf8", "projects/worse.toml"),
        ("whatif-empty", "reforms/none.toml"),
    ]
    change(tmp_path / "rules" / "permits", "triggers.csv", ",noneu_staff,", ",noneu_staf,")
    assert [one.place.file for one in findings(tmp_path)] == ["rules/permits/triggers.csv"]


ELSEWHERE = {
    "pack.toml": """
id = "elsewhere"
title = { it = "Regole di Altrove", en = "Rules of Elsewhere" }
as_of = 2026-01-01
limit_months = 6
licence = "CC0-1.0"
disclaimer = { it = "Non è un parere legale.", en = "Not legal advice." }
assents = ["permit"]
assent_phases = ["all"]
single_titles = []
""",
    "attributes.csv": """name,kind,group,question_it,question_en
cows,number,profile,Quante mucche?,How many cows?
""",
    "procedures.csv": """id,phase,title_it,title_en,regime,authority,basis,source,confidence
stable,all,Permesso di stalla,Stable permit,permit,Village,Cow act art. 1,act,verified
bell,all,Avviso di campana,Bell notice,notice,Village,Cow act art. 2,act,verified
""",
    "terms.csv": """procedure_id,days_min,days_max,day_type,stop,tacit,basis,confidence
stable,10,20,calendar,none,none,Cow act art. 1,verified
bell,0,0,calendar,none,none,Cow act art. 2,verified
""",
    "triggers.csv": """procedure_id,nature,stage,condition,basis
stable,required,1,cows > 5,Cow act art. 1
bell,required,1,cows > 0,Cow act art. 2
""",
    "dependencies.csv": """procedure_id,needs_procedure_id,kind,basis
bell,stable,finish-to-start,Cow act art. 3
""",
    "sources.csv": """id,what_it,what_en,kind
act,La legge sulle mucche,The Cow act,law text
""",
}


def test_a_city_anywhere_writes_its_own_small_pack(tmp_path):
    for name, content in ELSEWHERE.items():
        (tmp_path / name).write_text(content.lstrip(), "utf-8")
    mine = read(tmp_path)
    made = plan(mine, Answers({"cows": 6.0}), date(2026, 2, 1), Calendar("FR"))
    assert [(one.procedure, one.filed.day, one.ends.day) for one in made.path.steps] == [
        ("stable", 1, 11),
        ("bell", 11, 11),
    ]
    assert {
        name: one.need for name, one in plan(mine, Answers({}), date(2026, 2, 1), Calendar("FR")).needs.found.items()
    } == {
        "stable": Need.PERHAPS,
        "bell": Need.PERHAPS,
    }
    few = plan(mine, Answers({"cows": 3.0}), date(2026, 2, 1), Calendar("FR"))
    assert few.needs.live == {"bell"}
    assert few.questions == ()
