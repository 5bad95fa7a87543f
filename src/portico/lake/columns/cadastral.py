"""Codes of comuni in the land register, a letter and three digits, under a header that says so."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

CADASTRAL_CODE = ColumnType(
    name="cadastral-code",
    logical=Type.TEXT,
    # Z stands for states.
    conventions=one(Writing("L219", "[A-MZ][0-9]{3}")),
    accepts=texts("L219", "A074", "H501", "M208", "Z110"),
    refuses=("", "219", "L21", "L2190", "l219", "LL19", "N219", "L 219", "001272"),
    rank=165,
    header=r"catast|belfiore|\bcod(ice)? (del )?comune\b|\bcomune\b|\bcod fisco\b",
    needs_header=True,
)
