"""Yes or no in Italian and English. Zero and one stay numbers; a cross beside empty cells stays text."""

from portico.lake.columns.base import ColumnType, Writing, any_case, one
from portico.lake.model import Type

BOOLEAN = ColumnType(
    name="boolean",
    logical=Type.BOOLEAN,
    conventions=one(
        # In capitals the accent is often an apostrophe.
        Writing("sì", f"[Ss][IiÌìÍí]['’`]?|{any_case('yes|vero|true')}", "true"),
        Writing("no", any_case("no|falso|false"), "false"),
    ),
    accepts=(
        ("sì", True),
        ("Sì", True),
        ("SI", True),
        ("SI'", True),
        ("no", False),
        ("NO", False),
        ("vero", True),
        ("FALSO", False),
        ("true", True),
        ("False", False),
        ("Yes", True),
    ),
    refuses=("", "0", "1", "x", "X", "S", "N", "Y", "V", "F", "si no", "sí, ma", "non so", "nō", "ſi", "None", "ok"),
    rank=450,
    # Siena and Novara.
    never_under=r"\bprov|\bsigla\b|\btarga\b|\bpv\b|\bstato\b|\bcountry\b|\bpaese\b",
)
