"""What is wrong with a rule pack beyond single cells: names, references, conditions, terms, circles."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from portico.city.facts import Facts, iterate, words
from portico.errors import InputError
from portico.messages import Finding, Message, Place, did_you_mean
from portico.permits.cells import answer, cell
from portico.permits.language import names_in, parse
from portico.permits.model import AttributeKind, Confidence, Days, Group, Link, Nature, Pack, Stop
from portico.permits.tables import SETTINGS

Tables = Mapping[str, Facts]
DERIVED = ("any_assent", "any_scia", "assent_bodies", "single_authorisation")
"""What may be computed from the first stage: some assent, some notice, how many bodies assent, a single title."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEPT = frozenset({"and", "or", "not", "in", "true", "false"})
_KEYS = {
    "attributes": ("name",),
    "words": ("of", "word"),
    "procedures": ("id",),
    "dependencies": ("procedure_id", "needs_procedure_id", "kind"),
    "documents": ("procedure_id", "document_id"),
    "incentives": ("id",),
    "thresholds": ("id",),
    "sources": ("id",),
}
_LABELS = ("phase", "regime", "authority")
_LAST_STAGE = 3


def check(pack: Pack, tables: Tables) -> Iterator[Finding]:
    """Yield what is wrong with ``pack``, which was put together from ``tables``."""
    yield from _repeated(tables)
    yield from _languages(tables)
    yield from _attributes(pack, tables)
    yield from _words(pack, tables)
    yield from _references(pack, tables)
    yield from _settings(pack)
    yield from _days(tables)
    yield from _terms(tables)
    yield from _conditions(pack, tables)
    yield from _answers(pack, tables)
    yield from _procedures(pack, tables)
    yield from _documents(tables)
    yield from _circles(tables)


def _repeated(tables: Tables) -> Iterator[Finding]:
    for name, columns in _KEYS.items():
        seen: dict[tuple[str, ...], int] = {}
        for index, row in iterate(tables, name):
            key = tuple(cell(row, column) for column in columns)
            if key in seen:
                values = {"id": " / ".join(key), "first": tables[name].lines[seen[key]]}
                yield Finding(Message("duplicate-id", values), tables[name].place(index, columns[0]), key[0])
            seen.setdefault(key, index)


def _languages(tables: Tables) -> Iterator[Finding]:
    """What one language says the other says too."""
    for facts in tables.values():
        pairs = [(one, f"{one[:-3]}_en") for one in facts.table.column_names if one.endswith("_it")]
        for index, row in enumerate(facts.rows):
            for italian, english in pairs:
                if (row[italian] is None) != (row[english] is None):
                    column = italian if row[italian] is None else english
                    yield Finding(Message("pack-one-language", {"column": column}), facts.place(index, column))


def _attributes(pack: Pack, tables: Tables) -> Iterator[Finding]:
    for index, row in iterate(tables, "attributes"):
        name = cell(row, "name")
        one = pack.attributes[name]
        place = tables["attributes"].place
        if not _NAME.fullmatch(name) or name in _KEPT:
            yield Finding(Message("pack-name", {"name": name}), place(index, "name"), name)
        if one.group is Group.DERIVED and name not in DERIVED:
            values = {"name": name, "advice": did_you_mean(name, DERIVED)}
            yield Finding(Message("pack-derived", values), place(index, "name"), name)
        if (one.kind is AttributeKind.WORD) != bool(one.words):
            yield Finding(Message("pack-words", {"name": name}), place(index, "words"), cell(row, "words"))
        if cell(row, "default") and one.default is None:
            values = {"name": name, "value": cell(row, "default")}
            yield Finding(Message("pack-answer", values), place(index, "default"), cell(row, "default"))
        if one.least is not None and one.most is not None and one.least > one.most:
            yield Finding(Message("pack-bounds", {"name": name}), place(index, "least"))


def _words(pack: Pack, tables: Tables) -> Iterator[Finding]:
    known = {one.name: set(one.words) for one in pack.attributes.values() if one.words}
    for column in _LABELS:
        known[column] = {cell(row, column) for _, row in iterate(tables, "procedures")}
    known["unit"] = {one.unit for one in pack.attributes.values()}
    for index, row in iterate(tables, "words"):
        of, word = cell(row, "of"), cell(row, "word")
        place = tables["words"].place
        if of not in known:
            yield Finding(_lost(of, known, "attributes"), place(index, "of"), of)
        elif word not in known[of]:
            advice = did_you_mean(word, known[of])
            yield Finding(Message("unknown-word", {"value": word, "advice": advice}), place(index, "word"), word)


def _lost(value: str, known: Iterable[str], tables: str) -> Message:
    return Message("lost-reference", {"value": value, "tables": tables, "advice": did_you_mean(value, known)})


def _references(pack: Pack, tables: Tables) -> Iterator[Finding]:
    columns = (
        ("terms", "procedure_id", pack.procedures, "procedures"),
        ("triggers", "procedure_id", pack.procedures, "procedures"),
        ("dependencies", "procedure_id", pack.procedures, "procedures"),
        ("dependencies", "needs_procedure_id", pack.procedures, "procedures"),
        ("documents", "procedure_id", pack.procedures, "procedures"),
        ("procedures", "source", pack.sources, "sources"),
        ("incentives", "source", pack.sources, "sources"),
        ("thresholds", "attribute", pack.attributes, "attributes"),
        ("statements", "attribute", pack.attributes, "attributes"),
        ("layers", "attribute", pack.attributes, "attributes"),
    )
    for name, column, known, other in columns:
        for index, row in iterate(tables, name):
            for value in words(row[column]) if column == "source" else (cell(row, column),):
                if value not in known:
                    yield Finding(_lost(value, known, other), tables[name].place(index, column), value)


def _settings(pack: Pack) -> Iterator[Finding]:
    notes = pack.notes
    columns = {
        "single_titles": (notes.single_titles, set(pack.procedures)),
        "assents": (notes.assents, {one.regime for one in pack.procedures.values()}),
        "notices": (notes.notices, {one.regime for one in pack.procedures.values()}),
        "assent_phases": (notes.assent_phases, {one.phase for one in pack.procedures.values()}),
        "sensitive_authorities": (notes.sensitive_authorities, {one.authority for one in pack.procedures.values()}),
    }
    for key, (given, known) in columns.items():
        for value in given:
            if value not in known:
                yield Finding(_lost(value, known, "procedures"), Place(SETTINGS, 0, key), value)
    for key, said in (("title", notes.title), ("disclaimer", notes.disclaimer)):
        if not said.get("it") or not said.get("en"):
            yield Finding(Message("pack-two-languages", {"key": key}), Place(SETTINGS, 0, key))
    for name, settled in notes.settled.items():
        place = Place(SETTINGS, 0, f"settled.{name}")
        if name not in pack.attributes:
            yield Finding(_lost(name, pack.attributes, "attributes"), place, name)
        elif answer(pack.attributes[name], str(settled).lower() if settled in (True, False) else str(settled)) is None:
            yield Finding(Message("pack-answer", {"name": name, "value": str(settled)}), place, str(settled))
    if notes.limit_months < 1:
        yield Finding(Message("out-of-range", {"key": "limit_months", "low": 1, "high": "–"}), Place(SETTINGS))


def _days(tables: Tables) -> Iterator[Finding]:
    """A validity must be a whole day: the law changes between two days, not within a month."""
    for name in ("procedures", "terms", "incentives"):
        for index, row in iterate(tables, name):
            found = [cell(row, column) for column in ("valid_from", "valid_to")]
            for column, value in zip(("valid_from", "valid_to"), found, strict=True):
                if value and len(value) != len("2026-11-22"):
                    yield Finding(Message("pack-day", {"value": value}), tables[name].place(index, column), value)
            if all(found) and found[0] > found[1]:
                yield Finding(Message("pack-validity"), tables[name].place(index, "valid_to"), found[1])


def _terms(tables: Tables) -> Iterator[Finding]:
    rows: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for index, row in iterate(tables, "terms"):
        place = tables["terms"].place
        low, high = row["days_min"], row["days_max"]
        numbers = [one for one in (low, high, row["stop_days"]) if isinstance(one, int)]
        if any(one < 0 for one in numbers) or (isinstance(low, int) and isinstance(high, int) and low > high):
            yield Finding(Message("pack-term-days"), place(index, "days_min"), f"{low}..{high}")
        if row["day_type"] == Days.NONE.value and (low or high):
            yield Finding(Message("pack-term-kind"), place(index, "day_type"), cell(row, "day_type"))
        if row["stop"] == Stop.NONE.value and row["stop_days"] is not None:
            yield Finding(Message("pack-term-stop"), place(index, "stop_days"), cell(row, "stop_days"))
        try:
            start = date.fromisoformat(cell(row, "valid_from") or date.min.isoformat())
            end = date.fromisoformat(cell(row, "valid_to") or date.max.isoformat())
        except ValueError:
            continue
        rows[cell(row, "procedure_id")].append((start, end, index))
    for procedure, found in rows.items():
        for (_, end, first), (start, _, second) in itertools.pairwise(sorted(found)):
            if start <= end:
                values = {"procedure": procedure, "first": tables["terms"].lines[first], "day": start.isoformat()}
                yield Finding(Message("pack-terms-overlap", values), tables["terms"].place(second, "valid_from"))


def _conditions(pack: Pack, tables: Tables) -> Iterator[Finding]:
    asked = {name: one for name, one in pack.attributes.items() if one.group is not Group.DERIVED}
    for name in ("triggers", "incentives", "contradictions", "statements"):
        for index, row in iterate(tables, name):
            text = cell(row, "condition")
            later = name == "triggers" and row["stage"] != 1
            place = tables[name].place(index, "condition")
            try:
                if text or name != "statements":
                    used = names_in(parse(text, pack.attributes))
                    derived = [one for one in used if one not in asked]
                    if derived and not later:
                        yield Finding(Message("pack-derived-early", {"name": derived[0]}), place, text[:200])
            except InputError as error:
                yield Finding(Message.of(error), place, text[:200])
    for index, row in iterate(tables, "triggers"):
        if row["stage"] not in range(1, _LAST_STAGE + 1):
            values = {"key": "stage", "low": 1, "high": _LAST_STAGE}
            yield Finding(Message("out-of-range", values), tables["triggers"].place(index, "stage"), str(row["stage"]))


def _answers(pack: Pack, tables: Tables) -> Iterator[Finding]:
    for name, columns in (("statements", ("answers",)), ("layers", ("inside", "outside"))):
        for index, row in iterate(tables, name):
            attribute = pack.attributes.get(cell(row, "attribute"))
            for column in columns:
                for raw in words(row[column]) if attribute else ():
                    if answer(attribute, raw) is None:
                        values = {"name": cell(row, "attribute"), "value": raw}
                        yield Finding(Message("pack-answer", values), tables[name].place(index, column), raw)


def _procedures(pack: Pack, tables: Tables) -> Iterator[Finding]:
    triggered = {one.procedure: one.nature for one in pack.triggers}
    memory = {one.id for one in pack.sources.values() if one.kind == "memory"}
    for index, row in iterate(tables, "procedures"):
        one = pack.procedures[cell(row, "id")]
        place = tables["procedures"].place
        if one.id not in triggered:
            yield Finding(Message("pack-no-trigger", {"procedure": one.id}), place(index, "id"), one.id)
        if not one.basis and triggered.get(one.id) is not Nature.MILESTONE:
            yield Finding(Message("pack-no-basis", {"procedure": one.id}), place(index, "basis"))
        if one.sources and memory.issuperset(one.sources) and one.confidence is Confidence.VERIFIED:
            yield Finding(Message("pack-verified-memory", {"procedure": one.id}), place(index, "confidence"))
        if not one.terms and triggered.get(one.id) not in (Nature.MILESTONE, None):
            yield Finding(Message("pack-no-term", {"procedure": one.id}), place(index, "id"), one.id)


def _documents(tables: Tables) -> Iterator[Finding]:
    titles: dict[str, tuple[tuple[str, str], int]] = {}
    for index, row in iterate(tables, "documents"):
        title = (cell(row, "title_it"), cell(row, "title_en"))
        known, first = titles.setdefault(cell(row, "document_id"), (title, index))
        if known != title:
            values = {"id": cell(row, "document_id"), "first": tables["documents"].lines[first]}
            yield Finding(Message("pack-two-titles", values), tables["documents"].place(index, "title_it"), title[0])


def _circles(tables: Tables) -> Iterator[Finding]:
    """Yield a circle of procedures that wait for each other, and one of procedures that take each other in."""
    for links in ({Link.AFTER, Link.WITH}, {Link.ABSORBS}):
        edges: dict[str, list[str]] = defaultdict(list)
        rows: dict[tuple[str, str], int] = {}
        for index, row in iterate(tables, "dependencies"):
            if Link(cell(row, "kind")) in links:
                pair = (cell(row, "procedure_id"), cell(row, "needs_procedure_id"))
                edges[pair[0]].append(pair[1])
                rows.setdefault(pair, index)
        circle = circle_in(edges)
        if circle:
            message = Message("pack-circle", {"circle": " → ".join(circle)})
            place = tables["dependencies"].place(rows[(circle[-2], circle[-1])], "needs_procedure_id")
            yield Finding(message, place, circle[-1])
    for index, row in iterate(tables, "dependencies"):
        low, high = row["lag_min"], row["lag_max"]
        if (low is None) != (high is None) or (isinstance(low, int) and isinstance(high, int) and not 0 <= low <= high):
            yield Finding(Message("pack-lag"), tables["dependencies"].place(index, "lag_min"))
        if row["basis"] is None and row["why_en"] is None:
            yield Finding(Message("pack-no-why"), tables["dependencies"].place(index, "basis"))


def circle_in(edges: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return one circle of a graph, first and last the same; nothing where there is none. No recursion.

    >>> circle_in({"a": ["b"], "b": ["a"]})
    ('a', 'b', 'a')
    """
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        on_path: set[str] = set()
        todo: list[tuple[str, Iterator[str]]] = []
        node: str | None = start if start not in done else None
        while node is not None or todo:
            if node is not None:
                path.append(node)
                on_path.add(node)
                todo.append((node, iter(edges.get(node, ()))))
            here, rest = todo[-1]
            node = next((one for one in rest if one not in done), None)
            if node in on_path:
                return (*path[path.index(str(node)) :], str(node))
            if node is None:
                done.add(here)
                on_path.discard(here)
                path.pop()
                todo.pop()
    return ()
