"""Names of persons, under headers that say so. ``nome`` alone may name anything, so its values must look like names."""

from portico.lake.columns.base import ANYTHING, ColumnType, Writing, one, texts
from portico.lake.model import Type

_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_LETTER = "[A-Za-zÀ-ÖØ-öø-ž]"
_NAME = f"({_CAPITAL}['’`])?{_CAPITAL}{_LETTER}*['’`]?(-{_CAPITAL}{_LETTER}*)?"

PERSON_NAME = ColumnType(
    name="person-name",
    logical=Type.TEXT,
    conventions=one(Writing("Rossi Mario", rf"[\s\S]*{_LETTER}[\s\S]*")),
    accepts=texts("Rossi", "ROSSI MARIO", "Mario Rossi", "D'Agostino Niccolò", "dott.ssa Anna de' Medici", "O’Neill"),
    refuses=("", "12", "01/02/1970", "–", "...", "3471234567"),
    rank=850,
    header=(
        r"\bcognom[ei]\b|\bnominativ[oi]\b|\bnome (e )?cognome\b|\bsurname\b|\blast name\b|\bfirst name\b|\bfull name\b"
        r"|\bfamily name\b|\bgiven name\b|\blastname\b|\bfirstname\b|\bnome (della |di )?(persona|battesimo)\b"
        r"|\bgeneralita\b|\bcogn\b"
    ),
    needs_header=True,
    never_with=(ANYTHING,),
    personal="name",
)
FIRST_NAME = ColumnType(
    name="first-name",
    logical=Type.TEXT,
    conventions=one(Writing("Mario", f"{_NAME}( {_NAME}){{0,3}}")),
    accepts=texts("Mario", "ANNA MARIA", "Niccolò", "Jean-Luc", "D'Angelo Rosa", "Mario Rossi"),
    refuses=(
        "",
        "mario",
        "Parco del Valentino",
        "Scuola 12",
        "Bar “Sport”",
        "M. Rossi S.r.l.",
        "A.S.D. Lucca",
        "Mario  Rossi",
    ),
    rank=855,
    header="^nome$|^name$|^nomi$|^names$",
    needs_header=True,
    never_with=(ANYTHING,),
    personal="name",
    meaning="person-name",
)
