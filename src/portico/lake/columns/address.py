"""Addresses: any text under a header that says so, else text that begins with the name of a kind of street."""

from portico.lake.columns.base import ANYTHING, ColumnType, Writing, any_case, one, texts
from portico.lake.model import Type

_WORDS = any_case(
    "via|viale|corso|piazza|piazzale|piazzetta|largo|strada|stradale|vicolo|vico|borgo|contrada"
    "|frazione|localit(a|à)|galleria|salita|rione|calle|fondamenta|rotonda|traversa|cascina"
)
_ALONG = f"{any_case('lungarno|lungadige|lungo')}[A-Za-z]{{0,10}}"
_SHORT = f"({any_case('v|str|vic|fraz|loc')})[.]|({any_case('v[.]le|c[.]so|p[.]z?za|p[.]le|l[.]go|c[.]da')})[.]?"
_LETTERS = r"[A-Za-zÀ-ÖØ-öø-ž]"

ADDRESS = ColumnType(
    name="address",
    logical=Type.TEXT,
    conventions=one(Writing("Via Roma 1", rf"[\s\S]*{_LETTERS}[\s\S]*")),
    accepts=texts(
        "Via Roma 1", "Corso Duca degli Abruzzi, 24", "p.za Castello", "10, Downing Street", "Località Ca' Bianca snc"
    ),
    refuses=("", "12", "10121", "45.07, 7.68", "–", "1/2"),
    rank=900,
    header=r"\bindirizz[oi]\b|\bubicazione\b|address\b|\bvia\b|\bstreet\b|\bsede legale\b|\bdomicilio\b|\bresidenza\b",
    needs_header=True,
    never_with=(ANYTHING,),
)
ADDRESS_SHOWN = ColumnType(
    name="address-shown",
    logical=Type.TEXT,
    conventions=one(Writing("Via Roma 1", rf"(({_WORDS}|{_ALONG}) |({_SHORT}) ?)[0-9A-Za-zÀ-ÖØ-öø-ž'’\"][\s\S]*")),
    accepts=texts(
        "Via Roma 1",
        "VIA ROMA, 12/A",
        "Corso Duca degli Abruzzi 24",
        "C.so Francia 35",
        "p.zza Castello",
        "Lungarno Vespucci 100",
        "Strada del Nobile 12",
        "Località Ca' Bianca snc",
    ),
    refuses=(
        "",
        "Via",
        "Viadotto Roma",
        "Lunghezza 12",
        "Roma",
        "Corsica 12",
        "Biblioteca civica",
        "12, Via Roma",
        "strada",
        "Va bene così",
        "C.so",
    ),
    rank=905,
    never_with=(ANYTHING,),
    meaning="address",
)
