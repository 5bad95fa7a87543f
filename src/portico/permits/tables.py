"""The tables of a rule pack (``rules/permits/`` of a city folder), declared once: columns, kinds, vocabularies.

Every file is UTF-8 with commas, read as strictly as the tables of facts. ``pack.toml`` stands beside them.
"""

from __future__ import annotations

from portico.city.tables import Column, FactTable, Kind
from portico.permits.model import AttributeKind, Confidence, Days, Group, Link, Nature, Stop, Tacit

FOLDER = "rules/permits"
SETTINGS = "pack.toml"
YES_NO = ("yes", "no")


def _words(kind: type[AttributeKind | Confidence | Days | Group | Link | Nature | Stop | Tacit]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


def _text(name: str, *, required: bool = True) -> tuple[Column, Column]:
    """The two columns of a text that people read."""
    return Column(f"{name}_it", required=required), Column(f"{name}_en", required=required)


_ID = Column("id", required=True)
_PROCEDURE = Column("procedure_id", required=True)
_BASIS = Column("basis", required=True)
_CONFIDENCE = Column("confidence", required=True, words=_words(Confidence))
_NOTE = _text("note", required=False)
_VALID = (Column("valid_from", Kind.DATE), Column("valid_to", Kind.DATE))

TABLES: tuple[FactTable, ...] = (
    FactTable(
        "attributes",
        (
            Column("name", required=True),
            Column("kind", required=True, words=_words(AttributeKind)),
            Column("unit"),
            Column("words", Kind.LIST),
            Column("least", Kind.NUMBER),
            Column("most", Kind.NUMBER),
            Column("whole", words=YES_NO),
            Column("default"),
            Column("group", required=True, words=_words(Group)),
            *_text("question"),
        ),
        required=True,
    ),
    FactTable("words", (Column("of", required=True), Column("word", required=True), *_text("title"))),
    FactTable(
        "procedures",
        (
            _ID,
            Column("phase", required=True),
            *_text("title"),
            Column("regime"),
            Column("authority"),
            *_text("starts", required=False),
            *_text("stops", required=False),
            *_text("life", required=False),
            *_text("cost", required=False),
            Column("basis"),
            *_VALID,
            Column("source", Kind.LIST),
            _CONFIDENCE,
            *_NOTE,
        ),
        required=True,
    ),
    FactTable(
        "terms",
        (
            _PROCEDURE,
            Column("days_min", Kind.INTEGER),
            Column("days_max", Kind.INTEGER),
            Column("day_type", required=True, words=_words(Days)),
            Column("stop", required=True, words=_words(Stop)),
            Column("stop_days", Kind.INTEGER),
            Column("tacit", required=True, words=_words(Tacit)),
            *_VALID,
            _BASIS,
            _CONFIDENCE,
            *_NOTE,
        ),
        required=True,
    ),
    FactTable(
        "triggers",
        (
            _PROCEDURE,
            Column("nature", required=True, words=_words(Nature)),
            Column("stage", Kind.INTEGER, required=True),
            Column("condition", required=True),
            _BASIS,
            *_NOTE,
        ),
        required=True,
    ),
    FactTable(
        "dependencies",
        (
            _PROCEDURE,
            Column("needs_procedure_id", required=True),
            Column("kind", required=True, words=_words(Link)),
            Column("lag_min", Kind.INTEGER),
            Column("lag_max", Kind.INTEGER),
            Column("basis"),
            *_text("why", required=False),
        ),
        required=True,
    ),
    FactTable("documents", (_PROCEDURE, Column("document_id", required=True), *_text("title"))),
    FactTable(
        "incentives",
        (
            _ID,
            *_text("title"),
            Column("condition", required=True),
            Column("is_open", words=YES_NO),
            *_text("reason"),
            *_VALID,
            *_text("who", required=False),
            *_text("size", required=False),
            *_text("intensity", required=False),
            _BASIS,
            *_text("manager", required=False),
            *_text("status", required=False),
            Column("year"),
            Column("source", Kind.LIST, required=True),
            _CONFIDENCE,
            *_NOTE,
        ),
    ),
    FactTable(
        "thresholds",
        (
            _ID,
            Column("attribute", required=True),
            *_text("value", required=False),
            *_text("what"),
            Column("operator"),
            Column("threshold"),
            *_text("unit", required=False),
            _BASIS,
            _CONFIDENCE,
        ),
    ),
    FactTable("contradictions", (Column("condition", required=True), *_text("text"))),
    FactTable(
        "statements",
        (
            Column("stated", required=True),
            Column("basis"),
            Column("value", required=True),
            Column("attribute", required=True),
            Column("answers", Kind.LIST, required=True),
            Column("condition"),
            *_text("note"),
        ),
    ),
    FactTable(
        "layers",
        (
            Column("dataset", Kind.ID, required=True),
            Column("column"),
            Column("value"),
            Column("attribute", required=True),
            Column("inside"),
            Column("outside"),
            *_text("note"),
        ),
    ),
    FactTable(
        "sources",
        (_ID, *_text("what"), Column("url"), Column("kind"), Column("note")),
        required=True,
    ),
)
