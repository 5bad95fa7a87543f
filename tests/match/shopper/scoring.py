"""An answer to an investor, scored as the World Bank scores the answers of agencies: six marks, each earned or lost.

What is scored is plain data, as ``portico match --json`` writes it. What it is scored against is the answer written
beforehand (``expected/``), the brief itself and the city's files, read here by ``csv`` and ``tomllib`` alone. A rule
returns its faults in words; a mark is earned where there is none.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

Plain = Mapping[str, Any]
DAY = date(2026, 11, 23)
GROUPS = ("qualified", "to_verify", "excluded")
OPEN = ("unknown", "stale")
TOLERANCE = 2e-6
ENGLISH = "the of and to is not by for at least most older than stated asked known"
ITALIAN = "il la di del dei della non da più che per almeno al alla è nulla dichiarato"
WORDS = {"en": frozenset(ENGLISH.split()), "it": frozenset(ITALIAN.split())}


@dataclass(frozen=True)
class Expected:
    """The answer written beforehand."""

    city: str
    language: str
    qualified: Sequence[str]
    to_verify: Mapping[str, Mapping[str, str]]
    excluded: Mapping[str, Sequence[str]]
    who_answers: Mapping[str, Sequence[str]]
    follow_up: Mapping[str, date]
    near_miss_m2: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Expected:
        return cls(**tomllib.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Facts:
    """What the files of a city say: rows by table and id, and its settings."""

    rows: Mapping[str, Mapping[str, Plain]]
    settings: Plain

    @classmethod
    def read(cls, folder: Path) -> Facts:
        tables = {}
        for path in (folder / "facts").glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.stem] = {row["id"]: row for row in csv.DictReader(file)}
        return cls(tables, tomllib.loads((folder / "city.toml").read_text("utf-8")))

    @property
    def partners(self) -> Mapping[str, Plain]:
        return {one["id"]: one for one in self.settings["partners"]}

    def whom(self, municipality: str, topic: str) -> str:
        """Who is asked: the body of the place before one for the topic, one for the topic before one for all."""
        bodies = self.settings["partners"]
        local = [one for one in bodies if municipality in one.get("municipalities", ())]
        topical = [one for one in bodies if not one.get("municipalities") and topic in one.get("topics", ())]
        general = [one for one in bodies if not one.get("municipalities") and not one.get("topics")]
        return [*local, *topical, *general, bodies[0]][0]["id"]


@dataclass(frozen=True)
class Case:
    """One approach of the disguised investor: the brief, what was answered, and what it is held against."""

    brief: Plain
    answer: Plain
    expected: Expected
    facts: Facts

    def offered(self) -> Iterator[Plain]:
        yield from self.answer["qualified"]
        yield from self.answer["to_verify"]


def failed(entry: Plain) -> list[Plain]:
    return [one for one in entry["musts"] if one["outcome"] == "fail"]


def answered(case: Case) -> Iterator[str]:
    """It answers this brief, on this day, in this language, about every site; and leads somewhere."""
    answer, language = case.answer, case.expected.language
    if answer["brief"]["title"] != case.brief["title"][language]:
        yield f"another brief: {answer['brief']['title']}"
    if answer["as_of"] != DAY.isoformat():
        yield f"another day: {answer['as_of']}"
    told = [entry["id"] for group in GROUPS for entry in answer[group]]
    if sorted(told) != sorted(case.facts.rows["sites"]):
        yield "not every site of the register stands in the answer once"
    said = [*(one["reason"] for entry in answer["excluded"] for one in failed(entry))]
    said += [one["reason"] for entry in case.offered() for one in entry["musts"]]
    words = [word.strip(".,;:()“”") for text in said for word in text.lower().split()]
    counted = {name: sum(word in known for word in words) for name, known in WORDS.items()}
    if max(counted, key=lambda name: counted[name]) != language:
        yield f"reasons in another language: {counted}"
    if not [*case.offered()] and not [one for one in answer["relaxations"] if one["words"] and one["frees"]]:
        yield "no site, and nothing said of what to give up"


def relevant(case: Case) -> Iterator[str]:
    """The sites that the facts qualify, leave open or exclude are the ones it names, for the musts that say so."""
    expected, answer = case.expected, case.answer
    qualified = {entry["id"] for entry in answer["qualified"]}
    if qualified != set(expected.qualified):
        yield f"qualified {sorted(qualified)}, not {sorted(expected.qualified)}"
    opened = {
        entry["id"]: {one["criterion"]: one["outcome"] for one in entry["musts"] if one["outcome"] != "pass"}
        for entry in answer["to_verify"]
    }
    for site in sorted(opened.keys() | expected.to_verify.keys()):
        if opened.get(site) != expected.to_verify.get(site):
            yield f"{site}: open {opened.get(site)}, not {expected.to_verify.get(site)}"
    out = {entry["id"]: {one["criterion"] for one in failed(entry)} for entry in answer["excluded"]}
    if set(out) != {site for sites in expected.excluded.values() for site in sites}:
        yield f"excluded {sorted(out)}"
    for must, sites in expected.excluded.items():
        failing = {site for site, musts in out.items() if must in musts}
        # Minutes of sites that are out anyway are not written down beforehand.
        missing = set(sites) - failing if must == "minutes-to-nearest" else set(sites) ^ failing
        if missing:
            yield f"{must} fails {sorted(failing)}, not {sorted(sites)}"
    for group in ("qualified", "to_verify"):
        ranked = [
            entry["score"]["mid"]["value"] for entry in answer[group] if entry["rank"]["low"]["value"] is not None
        ]
        if ranked != sorted(ranked, reverse=True):
            yield f"{group} not in the order of their scores"


def reasoned(case: Case) -> Iterator[str]:
    """Each must has its outcome and reason, each wish its words and value, each open must a question; scores add up."""
    for group in GROUPS:
        for entry in case.answer[group]:
            yield from _whole(case.brief, entry)
            yield from _adding_up(entry)
            if (group == "excluded") != bool(failed(entry)):
                yield f"{entry['id']}: {group} without a reason"
    for entry in case.offered():
        questions = {one["about"] for one in entry["questions"] if one["decides"] and _is_said(one["question"])}
        for one in entry["musts"]:
            if one["outcome"] in OPEN and one["criterion"] not in questions:
                yield f"{entry['id']}: {one['criterion']} is open, and nothing says what to ask"
    near = {
        entry["id"]: one["short_by"]["value"]
        for entry in case.answer["excluded"]
        for one in failed(entry)
        if one["near_miss"] and len(failed(entry)) == 1 and one["criterion"] == "area"
    }
    if near != dict(case.expected.near_miss_m2):
        yield f"out by little: {near}, not {case.expected.near_miss_m2}"


def _whole(brief: Plain, entry: Plain) -> Iterator[str]:
    asked = ["availability", *(must["criterion"] for must in brief.get("musts", ()))]
    if [one["criterion"] for one in entry["musts"]] != asked:
        yield f"{entry['id']}: not every must is decided"
    if [one["criterion"] for one in entry["contributions"]] != [want["criterion"] for want in brief["wants"]]:
        yield f"{entry['id']}: not every wish is valued"
    for one in entry["musts"]:
        if not _is_said(one["reason"]):
            yield f"{entry['id']}: {one['criterion']} without a reason"
    for one in entry["contributions"]:
        if not _is_said(one["words"]):
            yield f"{entry['id']}: {one['criterion']} without words"


def _is_said(text: str) -> bool:
    """Whether a text is a sentence for people: some words, no id of a message, no gap left open."""
    return len(text.split()) > 1 and "{" not in text and not text.startswith(("reason.", "want.", "question."))


def _adding_up(entry: Plain) -> Iterator[str]:
    weights = [one["weight"]["value"] for one in entry["contributions"]]
    if abs(sum(weights) - 1) > TOLERANCE * len(weights):
        yield f"{entry['id']}: its weights do not add up to one"
    for bound in ("low", "mid", "high"):
        values = [one["value"][bound]["value"] for one in entry["contributions"]]
        total = sum(weight * value for weight, value in zip(weights, values, strict=True))
        if abs(total - entry["score"][bound]["value"]) > TOLERANCE * len(weights):
            yield f"{entry['id']}: its score is not the sum of its wishes ({bound})"


def evidenced(case: Case) -> Iterator[str]:
    """What was found leads to rows of the city's tables that are there, with the very source that is named."""
    for entry in case.offered():
        for one in (*entry["musts"], *entry["contributions"]):
            yield from _resting(case.facts, f"{entry['id']}: {one['criterion']}", _found(one))
    for entry in case.answer["excluded"]:
        for one in failed(entry):
            yield from _resting(case.facts, f"{entry['id']}: {one['criterion']}", _found(one))


def _found(one: Plain) -> Plain:
    return one["figure"] if "figure" in one else one["statement"]


def _resting(facts: Facts, name: str, found: Plain) -> Iterator[str]:
    stated = found.get("values") or [found.get(bound) for bound in ("value", "low", "high")]
    if all(one is None for one in stated):
        return
    rows = [piece for piece in found["evidence"] if "row" in piece]
    if not rows:
        # Where nothing is near enough to count, the method says what was looked for.
        if found.get("value") != 0 or not [piece for piece in found["evidence"] if piece.get("parameters")]:
            yield f"{name} rests on no row"
        return
    for piece in rows:
        row = facts.rows.get(piece["dataset"], {}).get(piece["row"])
        if row is None:
            yield f"{name}: there is no row {piece['row']} in {piece['dataset']}"
        elif not piece.get("source") or piece["source"] != row["source"]:
            yield f"{name}: the row {piece['row']} names another source"
        elif not piece.get("version") or not piece.get("licence") or piece.get("checked") != row["checked"]:
            yield f"{name}: {piece['row']} without version, licence or the day it was checked"


def who_answers(case: Case) -> Iterator[str]:
    """For each site the body that answers for its place and topic, by its name; for each question one that is asked."""
    expected = {site: body for body, sites in case.expected.who_answers.items() for site in sites}
    for entry in case.offered():
        site = entry["id"]
        if (body := entry["who_answers"]["id"]) != expected.get(site):
            yield f"{site}: answered by {body}, not by {expected.get(site)}"
        yield from _named(case, site, entry["who_answers"])
        for one in entry["questions"]:
            municipality = case.facts.rows["sites"][site]["municipality"]
            if one["ask"]["id"] != case.facts.whom(municipality, one["about"]):
                yield f"{site}: {one['about']} is asked of {one['ask']['id']}"
            yield from _named(case, site, one["ask"])
    for entry in case.answer["excluded"]:
        yield from _named(case, entry["id"], entry["who_answers"])


def _named(case: Case, site: str, body: Plain) -> Iterator[str]:
    known = case.facts.partners.get(body["id"])
    language = case.expected.language
    if known is None:
        yield f"{site}: nobody knows {body['id']}"
    elif body["name"] != known["name"].get(language, known["name"]["en"]) or not body["office"]:
        yield f"{site}: {body['id']} without its name or office"


def followed_up(case: Case) -> Iterator[str]:
    """A date for each answer and each question: the last working day of that body's term, counted beforehand."""
    for group in GROUPS:
        for entry in case.answer[group]:
            said = [(entry["who_answers"]["id"], entry["who_answers"]["by"])]
            said += [(one["ask"]["id"], one["by"]) for one in entry["questions"]]
            for body, by in said:
                due = case.expected.follow_up.get(body)
                if due is None or by != due.isoformat():
                    yield f"{entry['id']}: {body} by {by or 'no day'}, not {due}"


Rule = Callable[[Case], Iterator[str]]
MARKS: Mapping[str, Rule] = {
    "answered": answered,
    "relevant": relevant,
    "reasoned": reasoned,
    "evidence": evidenced,
    "who answers": who_answers,
    "follow-up date": followed_up,
}


def score(case: Case) -> dict[str, list[str]]:
    """Return the faults by mark; a mark without any is earned."""
    return {mark: list(rule(case)) for mark, rule in MARKS.items()}


def lost(scored: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the marks that were not earned."""
    return {mark for mark, faults in scored.items() if faults}
