"""The answer to a brief as a workbook: every site in full, where the PDF shows the first ones.

Sheets: brief, sites, contributions, musts, questions, evidence. Numbers are numbers, with their bounds and units in
columns of their own; each figure names the rows of the sheet of evidence that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from portico.city.consent import consent
from portico.city.readiness import readiness
from portico.dossier import plain
from portico.dossier.document.asked import spoken
from portico.figures import Evidence, Figure, Statement
from portico.lake.exports.sheets import Cell, Sheet, workbook_bytes
from portico.match.model import Contribution, Decided, Entry, Shortlist
from portico.messages import Message
from portico.translation import Translator

MOST_SITES = 2_000
"""Sites that a workbook holds, qualified first; the JSON of ``portico match`` has every one."""
_Row = list[Cell]


class _Evidence:
    """Every piece of evidence once, numbered as it is met."""

    def __init__(self) -> None:
        self.pieces: dict[str, tuple[int, Evidence]] = {}

    def cited(self, every: Iterable[Evidence]) -> str:
        """Return the numbers of pieces of evidence."""
        return " ".join(str(self._number(one)) for one in every)

    def _number(self, one: Evidence) -> int:
        return self.pieces.setdefault(repr(one), (len(self.pieces) + 1, one))[0]


def workbook(answer: Shortlist, say: Translator, limit_months: int) -> bytes:
    """Return the answer to a brief as a workbook (XLSX), in the language of ``say``; same answer, same bytes.

    What was stated more than ``limit_months`` ago proves no readiness.
    """
    known, shown = _Evidence(), answer.entries[:MOST_SITES]
    title = say(answer.brief.title) or answer.brief.id
    sheets = [
        _brief(answer, say),
        _sites(shown, answer.as_of, limit_months, say, known),
        _contributions(shown, say, known),
        _musts(shown, say, known),
        _questions(shown, say),
    ]
    return workbook_bytes([*sheets, _evidence(known, say)], title, say(Message("dossier.as-of", {"day": answer.as_of})))


def _head(say: Translator, *columns: tuple[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((say(name), width) for name, width in columns)


def _brief(answer: Shortlist, say: Translator) -> Sheet:
    brief = answer.brief
    rows: list[_Row] = [
        [say("title"), say(brief.title)],
        [say("dossier.summary"), say(brief.summary)],
        [say("dossier.as-of-day"), answer.as_of],
        [say("dossier.activity-kind"), say(f"activity.{brief.activity.value}")],
        [say("dossier.sector"), brief.sector],
        ["ATECO", ", ".join(brief.ateco)],
        [say("group.qualified"), len(answer.qualified)],
        [say("group.to-verify"), len(answer.to_verify)],
        [say("group.excluded"), len(answer.excluded)],
    ]
    rows += [
        [
            say("dossier.must"),
            plain.name_of(one, say),
            one.at_least,
            one.at_most,
            say.unit(one.unit),
            spoken(one.criterion, one.any_of, say),
        ]
        for one in brief.musts
    ]
    rows += [
        [say("dossier.wish"), plain.name_of(want, say), None, None, None, None, share]
        for want, share in zip(brief.wants, brief.shares(), strict=True)
    ]
    rows += [
        [say("dossier.would-free"), say(plain.relaxation_words(one)), None, None, None, ", ".join(one.frees)]
        for one in answer.relaxations
    ]
    left = len(answer.entries) - MOST_SITES
    if left > 0:
        rows.append([say("dossier.left-out"), say(Message("dossier.left-to-json", {"count": left}))])
    header = _head(
        say,
        ("dossier.what", 26),
        ("page.value", 60),
        ("dossier.least", 14),
        ("dossier.most", 14),
        ("dossier.unit", 10),
        ("dossier.words", 30),
        ("page.weight", 10),
    )
    return Sheet(say("dossier.sheet.brief"), header, rows)


def _sites(shown: Sequence[Entry], as_of: date, limit_months: int, say: Translator, known: _Evidence) -> Sheet:
    header = _head(
        say, ("id", 24), ("dossier.the-site", 40), ("municipality", 20), ("dossier.group", 14), ("dossier.rank-low", 9),
        ("dossier.rank-high", 9), ("dossier.score-low", 9), ("dossier.score-mid", 9), ("dossier.score-high", 9),
        ("dossier.failed", 50), ("page.who-answers", 30), ("dossier.by", 13), ("dossier.readiness-short", 10),
        ("dossier.consent", 32), ("page.position", 22), ("dossier.evidence-numbers", 14),
    )  # fmt: skip
    return Sheet(say("dossier.sheet.sites"), header, [_site(one, as_of, limit_months, say, known) for one in shown])


def _site(one: Entry, as_of: date, limit_months: int, say: Translator, known: _Evidence) -> _Row:
    site, rank = one.site, one.rank
    failed = "; ".join(f"{plain.name_of(each.must, say)}: {say(each.reason)}" for each in one.failed)
    where = f"{site.position.point.lat:.5f}, {site.position.point.lon:.5f}" if site.position else say("unknown")
    return [
        site.id, say(site.name), site.municipality, say(f"dossier.group.{one.group.value}"),
        rank.low if rank else None, rank.high if rank else None,
        round(one.score_low, 4), round(one.score_mid, 4), round(one.score_high, 4),
        failed, say(one.who_answers.partner.name), one.who_answers.by,
        readiness(site, as_of, limit_months).level, say(consent(site, as_of).words), where,
        known.cited((site.evidence,)),
    ]  # fmt: skip


def _figure(found: Figure | Statement, vocabulary: str, say: Translator) -> Iterator[Cell]:
    """Yield the seven cells of what was found: words, value, least, most, unit, status, date."""
    if isinstance(found, Figure):
        yield from (say.figure(found), found.value, found.low, found.high, say.unit(found.unit))
    else:
        yield from (say.statement(found, vocabulary), None, None, None, None)
    yield say(f"figure-status.{found.status.value}")
    yield found.as_of.text if found.as_of else None


_FOUND = (
    ("dossier.found", 30), ("page.value", 12), ("dossier.least", 12), ("dossier.most", 12), ("dossier.unit", 10),
    ("page.status", 12), ("dossier.date", 12),
)  # fmt: skip


def _contributions(shown: Sequence[Entry], say: Translator, known: _Evidence) -> Sheet:
    header = _head(
        say, ("id", 24), ("dossier.wish", 44), ("page.weight", 9), *_FOUND, ("dossier.value-low", 9),
        ("dossier.value-high", 9), ("dossier.stale", 8), ("dossier.contribution", 70), ("dossier.evidence-numbers", 14),
    )  # fmt: skip
    rows = [_contribution(entry, one, say, known) for entry in shown for one in entry.contributions]
    return Sheet(say("dossier.sheet.contributions"), header, rows)


def _contribution(entry: Entry, one: Contribution, say: Translator, known: _Evidence) -> _Row:
    found = one.measured.found
    return [
        entry.site.id, plain.name_of(one.want, say), round(one.share, 6), *_figure(found, one.want.criterion, say),
        round(one.low, 4), round(one.high, 4), say("yes" if one.is_stale else "no"), say(one.words),
        known.cited(found.evidence),
    ]  # fmt: skip


def _musts(shown: Sequence[Entry], say: Translator, known: _Evidence) -> Sheet:
    header = _head(
        say, ("id", 24), ("dossier.must", 44), ("dossier.outcome", 12), *_FOUND, ("page.reason", 70),
        ("dossier.by-how-much", 14), ("dossier.evidence-numbers", 14),
    )  # fmt: skip
    rows = [_must(entry, one, say, known) for entry in shown for one in entry.musts]
    return Sheet(say("dossier.sheet.musts"), header, rows)


def _must(entry: Entry, one: Decided, say: Translator, known: _Evidence) -> _Row:
    found = one.measured.found
    short = say.figure(one.short_by) if one.short_by else None
    return [
        entry.site.id, plain.name_of(one.must, say), say(f"outcome.{one.outcome.value}"),
        *_figure(found, one.must.criterion, say), say(one.reason), short, known.cited(found.evidence),
    ]  # fmt: skip


def _questions(shown: Sequence[Entry], say: Translator) -> Sheet:
    header = _head(
        say,
        ("id", 24),
        ("dossier.question", 80),
        ("dossier.ask", 30),
        ("dossier.office", 40),
        ("dossier.by", 13),
        ("dossier.decides", 9),
    )
    rows: list[_Row] = [
        [
            entry.site.id,
            say(one.words),
            say(one.ask.name),
            say(one.ask.office),
            one.by,
            say("yes" if one.decides else "no"),
        ]
        for entry in shown
        for one in entry.questions
    ]
    return Sheet(say("dossier.sheet.questions"), header, rows)


def _evidence(known: _Evidence, say: Translator) -> Sheet:
    header = _head(
        say, ("dossier.number", 6), ("dossier.dataset", 20), ("version", 30), ("page.row", 30), ("page.method", 40),
        ("page.parameters", 40), ("page.source", 60), ("page.checked", 13), ("page.confidence", 16), ("licence", 14),
    )  # fmt: skip
    rows: list[_Row] = [
        [
            number, one.dataset, one.version, one.row, say.word("method", one.method) if one.method else None,
            "; ".join(f"{name} {value}" for name, value in one.parameters.items()), one.source, one.checked,
            say.word("confidence", one.confidence) if one.confidence else None, one.licence,
        ]
        for number, one in known.pieces.values()
    ]  # fmt: skip
    return Sheet(say("dossier.sheet.evidence"), header, rows)
