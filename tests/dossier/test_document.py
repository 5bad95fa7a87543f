"""Dossiers as PDF: read again with another program, for a site and for a shortlist, in both languages."""

from __future__ import annotations

import io
import itertools
import re
import unicodedata
from dataclasses import replace

import pypdf
import pytest
from tests.cities import AS_OF

from portico.dossier import plain as plain_data
from portico.dossier.document import blocks as b
from portico.dossier.document import shortlist_content, shortlist_pdf, site_content, site_pdf, typesetter
from portico.dossier.site_sheet import site_sheet
from portico.errors import EngineError, UnknownNameError
from portico.figures import Figure
from portico.match import briefs
from portico.match.model import Activity, Brief, Want
from portico.match.shortlist import shortlist
from portico.messages import Text
from portico.territory.model import Mode
from portico.translation import LANGUAGES, Translator

SITE, BRIEF = "tne-mirafiori-a", "biomedical-laboratory"
HOSTILE = (
    (
        '#import "@preview/evil:0.1.0": *; #read("/etc/passwd") $x^2$ ] [ } { \\ *b* _i_ `c` <label> @ref // /* #{ '
        "שלום مرحبا Mill 🏭 日本 \U0010ffff turned \u202eback\u202c and \u2066in\u2069, bell\x07, nothing\x00 "
        "<script>&amp;</svg>\"' =cmd|'/c calc'!A1"
    ),
    "long " * 4_000,
    "u" * 20_000,
    "",
)


class Read:
    """A dossier, set once and read once for all tests of this file."""

    def __init__(self, made: bytes):
        self.made = made
        self.pdf = pypdf.PdfReader(io.BytesIO(made))
        self.pages = [plain(page.extract_text()) for page in self.pdf.pages]
        self.whole = " ".join(self.pages)


@pytest.fixture(scope="module")
def answer(torino, torino_territory):
    return shortlist(briefs.read(torino, BRIEF), torino_territory, AS_OF)


@pytest.fixture(scope="module", params=LANGUAGES)
def say(request):
    return Translator(request.param)


@pytest.fixture(scope="module")
def of_site(torino_territory, say):
    return Read(site_pdf(torino_territory, SITE, say, AS_OF))


@pytest.fixture(scope="module")
def of_brief(torino_territory, answer, say):
    return Read(shortlist_pdf(answer, torino_territory, say))


@pytest.fixture(params=["of_site", "of_brief"])
def read(request):
    return request.getfixturevalue(request.param)


def plain(text: str) -> str:
    """Text on one line, without the places where words may be broken or were broken."""
    joined = re.sub(r"-\n(?=\w)", "-", text.replace("\u200b", "").replace("\u00ad", ""))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", joined))


def tags(node, found=None):
    """The kinds of the elements of a tree of tags, each with its element."""
    found = [] if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            tags(one, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append((node["/S"], node))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def test_it_declares_itself_a_document_for_everybody(read, say):
    pdf, root = read.pdf, read.pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith({"it": "it", "en": "en"}[say.language])
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r'pdfuaid:part(>|=")1', metadata)
    assert pdf.metadata.title
    assert f"{pdf.metadata.creation_date:%Y-%m-%d}" == AS_OF.isoformat()


def test_its_tree_has_a_title_headings_tables_with_heads_notes_and_pictures_in_words(read, say):
    kinds = tags(read.pdf.trailer["/Root"]["/StructTreeRoot"])
    names = [kind for kind, _ in kinds]
    levels = [int(name[2:]) for name in names if re.fullmatch(r"/H[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert {"/Table", "/TH", "/TD", "/Note", "/L", "/Figure"} <= set(names)
    figures = [element for kind, element in kinds if kind == "/Figure"]
    assert len(figures) >= 2
    assert all(len(str(element["/Alt"])) > 40 for element in figures)
    tables = [element for kind, element in kinds if kind == "/Table"]
    assert all("/TH" in [kind for kind, _ in tags(element["/K"])] for element in tables)


def test_every_page_has_its_number_the_reference_and_the_day(read, say):
    pages = read.pages
    reference = re.search(r"torino-20261123-[0-9A-F]{8}", pages[0])[0]
    for number, text in enumerate(pages, start=1):
        assert f"{say('dossier.page')} {number} / {len(pages)}" in text
        assert reference in text
        assert say.day(AS_OF) in text
        assert "dossier." not in text, "an id without words"


def test_the_same_facts_give_the_same_bytes(of_site, of_brief, say, answer, torino_territory):
    assert of_site.made == site_pdf(torino_territory, SITE, say, AS_OF)
    assert of_brief.made == shortlist_pdf(answer, torino_territory, say)


def called(text: str, value: str) -> list[int]:
    """The numbers of the notes that stand behind a value on a page."""
    return [int(one) for one in re.findall(rf"{re.escape(plain(value))}\s?(\d+)\b", text)]


def note(text: str, number: int, status: str) -> str:
    """The note of a number at the foot of a page, which begins with a status: up to the next one."""
    found = re.search(rf"(?<!\S){number} {status}, .*?(?=(?<!\S){number + 1} \S+[ ,]|$)", text, flags=re.IGNORECASE)
    return found[0] if found else ""


def evidence_of(figure: Figure) -> list[str]:
    return [f"{one.dataset}@{one.version[:12]}" for one in figure.evidence if one.version] + [
        one.row for one in figure.evidence if one.row
    ]


def test_each_figure_of_a_site_leads_to_its_rows_at_the_foot_of_a_page(of_site, torino_territory, say):
    """Read from the register, not from the content: every number stated of the site, every minute."""
    sheet = site_sheet(torino_territory, SITE, AS_OF)
    figures = [line.found for line in sheet.lines if isinstance(line.found, Figure) and line.is_known]
    figures += [reach.minutes for reach in sheet.nearby if reach.minutes.is_known]
    assert len(figures) >= 8
    for figure in figures:
        value = say.figure(figure)
        status = say(f"figure-status.{figure.status.value}")
        told = [
            note(foot, number, status)
            for place, text in enumerate(of_site.pages)
            for number in called(text, value)
            # Where a table is broken, a note may stand on the neighbouring page.
            for foot in of_site.pages[max(place - 1, 0) : place + 2]
        ]
        assert any(all(plain(part) in one for part in evidence_of(figure)) for one in told), (value, told)


def test_each_must_and_want_of_a_shown_site_has_a_note_and_each_note_says_dataset_version_and_row(
    of_brief, answer, torino_territory, say
):
    content, whole = shortlist_content(answer, torino_territory, say), of_brief.whole
    shown = [*answer.qualified, *answer.to_verify[:6]]
    found = [one.measured.found for entry in shown for group in (entry.musts, entry.contributions) for one in group]
    rested = [one for one in found if one.evidence]
    assert len(rested) > 20
    for one in rested:
        first = next((piece for piece in one.evidence if piece.version), None)
        if first is not None:
            said = say("dossier.row-of").format(dataset=f"{first.dataset}@{first.version[:12]}", row=first.row)
            assert plain(said if first.row else said.partition(",")[0]) in whole
    assert len(content["notes"]) > 50
    for number, pieces in enumerate(content["notes"], start=1):
        assert plain("".join(pieces))[:60] in whole, number


def test_notes_are_numbered_as_the_template_numbers_them(of_brief, answer, torino_territory, say):
    """A note that names another one by its number is right only if both count alike."""
    notes = shortlist_content(answer, torino_territory, say)["notes"]
    for number, pieces in enumerate(notes, start=1):
        assert f"{number} {plain(''.join(pieces))[:50]}" in of_brief.whole


def test_what_is_not_known_has_its_section_with_whom_to_ask_and_by_when(of_site, torino_territory, say):
    sheet, whole = site_sheet(torino_territory, SITE, AS_OF), of_site.whole
    section = whole[whole.rindex(plain(say("dossier.unknown"))) : whole.rindex(plain(say("dossier.method")))]
    missing = [line for line in sheet.lines if not line.is_known]
    assert missing
    for line in missing:
        assert plain(say(line.label)).lower() in section.lower()
    assert plain(say.day(sheet.who_answers.by)) in section


def test_every_excluded_site_stands_with_its_reason(of_brief, answer, say):
    whole, head = of_brief.whole, plain(say("dossier.excluded"))
    section = whole[whole.rindex(head) : whole.rindex(plain(say("what-would-free")))]
    told = plain_data.shortlist(answer, say)["excluded"]
    assert told
    for entry, below in itertools.pairwise([*told, None]):
        row = section[section.index(plain(entry["name"])[:30]) :]
        row = row[: row.index(plain(below["name"])[:30], 1)] if below else row
        reasons = [plain(one["reason"]) for one in entry["musts"] if one["outcome"] == "fail"]
        assert reasons, entry["id"]
        assert all(reason in row for reason in reasons), (entry["id"], reasons, row)
        section = section[section.index(row) + len(row) :] if below else ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_comes_out_as_text_everywhere(torino_territory, answer, name):
    say = Translator("en")
    known = torino_territory.site(SITE)
    site = replace(known, name=Text(en=name, it=name), address=name, municipality=name)
    sites = tuple(site if one.id == SITE else one for one in torino_territory.sites)
    places = tuple(
        replace(one, name=Text(en=name, it=name)) if place % 3 == 0 else one
        for place, one in enumerate(torino_territory.places)
    )
    territory = replace(torino_territory, sites=sites, places=places)
    reader = pypdf.PdfReader(io.BytesIO(site_pdf(territory, SITE, say, AS_OF)))
    text = plain(" ".join(page.extract_text() for page in reader.pages[:3]))
    shown = "".join(one for one in name if one.isascii() and one.isprintable())
    words = [word for word in plain(shown).split() if len(word) > 2]
    assert all(word[:20] in text for word in words[:40])
    entries = tuple(replace(one, site=replace(one.site, name=Text(en=name, it=name))) for one in answer.to_verify[:3])
    brief = replace(answer.brief, title=Text(en=name), summary=Text(en=name))
    assert shortlist_pdf(replace(answer, brief=brief, to_verify=entries, excluded=()), territory, say)[:5] == b"%PDF-"


def test_nothing_to_show_is_said_not_stumbled_over(answer, torino_territory, say):
    nothing = replace(answer, qualified=(), to_verify=(), excluded=(), relaxations=())
    reader = pypdf.PdfReader(io.BytesIO(shortlist_pdf(nothing, torino_territory, say)))
    assert plain(say("dossier.none-listed"))[:30] in plain(reader.pages[0].extract_text())
    bare = replace(torino_territory.site(SITE), position=None, attributes=())
    empty = replace(torino_territory, sites=(bare,), places=(), lines=(), rows={}, travel=None)
    text = plain(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(site_pdf(empty, SITE, say, AS_OF))).pages)
    )
    assert plain(say("dossier.no-position")) in text
    assert plain(say("dossier.nothing-known")) in text


def test_without_laid_fonts_those_of_the_typesetter_serve(torino_territory, say, tmp_path, monkeypatch):
    from portico.dossier.document import glyphs

    caches = (glyphs.drawable, glyphs._written, typesetter._fonts)
    for module in (glyphs, typesetter):
        monkeypatch.setattr(module, "FONTS", tmp_path)
    for one in caches:
        one.cache_clear()
    try:
        read = Read(site_pdf(torino_territory, SITE, say, AS_OF))
        assert plain(say("dossier.travel")) in read.whole
        assert glyphs.shown("Città – Ж") == "Città – [cyrillic capital letter zhe]"
    finally:
        monkeypatch.undo()
        for one in caches:
            one.cache_clear()


def test_an_unknown_site_gets_advice(torino_territory, say):
    with pytest.raises(UnknownNameError):
        site_content(torino_territory, "tne-mirafiori-b-not", say, AS_OF)


@pytest.mark.parametrize(
    "wrong",
    [
        b.picture('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "", ["a picture without words"]),
        b.heading(4, "a heading that skips a level"),
    ],
)
def test_what_shuts_readers_out_is_refused_aloud(torino_territory, wrong):
    content = site_content(torino_territory, SITE, Translator("en"), AS_OF)
    with pytest.raises(EngineError):
        typesetter.pdf({**content, "blocks": [content["blocks"][1], wrong]}, AS_OF)


def test_a_table_with_a_missing_cell_is_refused_before_it_is_set():
    with pytest.raises(ValueError, match="as many cells"):
        b.table(["a", "b"], [[["1"]]], [1, 1])


def test_the_places_that_count_are_lettered_and_their_minutes_stand_beside_them(of_brief, answer, say):
    """Read from the answer: the nearest place of whatever is asked for by a mode, from each site shown in full."""
    counted = 0
    for entry in [*answer.qualified[:12], *answer.to_verify[:6]]:
        for one in [*entry.musts, *entry.contributions]:
            what = getattr(one, "must", None) or one.want
            if what.mode is None or not one.measured.places:
                continue
            near = one.measured.places[0]
            name, minutes = (re.escape(plain(text)) for text in (say(near.place.name), say.figure(near.minutes)))
            said = rf"[A-Z] {name} \w[\w ]* {minutes} ?\d+"
            assert re.search(said, of_brief.whole), (entry.site.id, near.place.id)
            counted += 1
    assert counted > 15


def test_what_a_brief_leaves_open_of_a_weight_and_a_scale_by_default_are_printed(torino_territory):
    say = Translator("en")
    wants = (
        Want(criterion="minutes-to-nearest", mode=Mode.CAR, kinds=("airport",), weight=(0.2, 0.5)),
        Want(criterion="condition", weight=(0.5, 0.8), values={"built": 1.0}),
    )
    brief = Brief(title=Text(en="Open"), activity=Activity.OFFICE, sector="ict", wants=wants)
    content = shortlist_content(shortlist(brief, torino_territory, AS_OF), torino_territory, say)
    table = next(
        one for one in content["blocks"] if one["kind"] == "table" and one["header"][-1] == say("dossier.scale")
    )
    rows = [[str(cell[0]) for cell in row["cells"]] for row in table["rows"]]
    weights = {row[0].partition("(")[2] for row in rows}
    assert weights == {"0.2–0.5)", "0.5–0.8)"}
    assert all("→" in row[2] or "built 1" in row[2] for row in rows)
