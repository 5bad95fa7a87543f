"""Yes or no in one letter, only under a header that asks: S, N and Y stand for many things."""

from portico.lake.columns.base import ColumnType, Writing, one
from portico.lake.model import Type

BOOLEAN_LETTER = ColumnType(
    name="boolean-letter",
    logical=Type.BOOLEAN,
    conventions=one(Writing("S", "[SsYyVvTt]", "true"), Writing("N", "[NnFf]", "false")),
    accepts=(("S", True), ("s", True), ("N", False), ("n", False), ("Y", True), ("V", True), ("F", False), ("t", True)),
    refuses=("", "0", "1", "x", "X", "SI", "no", "S/N", "A", "SN", "-"),
    rank=250,
    header=(
        r"\bflag\b|^fl\b|\bflg\b|\bs n\b|\bsi no\b|\by n\b|\byes no\b|\bv f\b|\bvero falso\b|\bt f\b|\btrue false\b"
        r"|^is\b|^has\b|^ha\b|^e [a-z]{4}|\bpresen(za|te)\b|\battiv[oa]\b|\bactive\b|\bdisponibil[ei]\b|\bavailable\b"
        r"|\baccessibil[ei]\b|\baccessible\b|\bobbligatori[oa]\b|\babilitat[oa]\b|\benabled\b|\bvalid[oa]?\b"
    ),
    needs_header=True,
    meaning="boolean",
)
