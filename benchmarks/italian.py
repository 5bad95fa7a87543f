"""A register with the traits of Italian files, written by arithmetic: the same rows on every machine.

Codes and postcodes with leading zeros, house numbers that turn from ``12`` to ``12/A`` after row 30,000, decimal
commas, dots between thousands, coordinates, dates and times day first, accents, euro signs, semicolons inside quotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "id;codice_istat;cap;indirizzo;civico;superficie_mq;importo;lon;lat;data_rilascio;ultimo_aggiornamento;"
    "attivo;descrizione;codice_pratica"
)
TYPES = {
    "id": "BIGINT",
    "codice_istat": "VARCHAR",
    "cap": "VARCHAR",
    "indirizzo": "VARCHAR",
    "civico": "VARCHAR",
    "superficie_mq": "DOUBLE",
    "importo": "DOUBLE",
    "lon": "DOUBLE",
    "lat": "DOUBLE",
    "data_rilascio": "DATE",
    "ultimo_aggiornamento": "TIMESTAMP",
    "attivo": "VARCHAR",
    "descrizione": "VARCHAR",
    "codice_pratica": "VARCHAR",
}
EXPECTED = {
    "id": ("integer", ""),
    "codice_istat": ("text", "istat-comune"),
    "cap": ("text", "postcode"),
    "indirizzo": ("text", "address"),
    "civico": ("text", ""),
    "superficie_mq": ("number", ""),
    "importo": ("number", ""),
    "lon": ("number", ""),
    "lat": ("number", ""),
    "data_rilascio": ("date", ""),
    "ultimo_aggiornamento": ("datetime", ""),
    "attivo": ("boolean", ""),
    "descrizione": ("text", ""),
    "codice_pratica": ("text", "code"),
}
"""What each column must come out as: logical type and meaning ("" where any will do)."""

_STREETS = (
    "Via Nizza",
    "Corso Francia",
    "Piazza Castello",
    "Via Po",
    "Corso Unità d'Italia",
    "Via Sant'Anselmo",
    "Largo Giachino",
    '"Corso Siccardi; angolo Via Cernaia"',
)
_NOTES = (
    "Città metropolitana",
    "area però da bonificare",
    "canone 100 € al mese",
    "lotto «ex Westinghouse»",
    "",
    '"capannone; con ""soppalco"""',
)
_DAY = date(2001, 1, 1)
_TURN = 30_000
_BLOCK = 20_000


def rows(count: int) -> Iterator[str]:
    """Yield ``count`` lines below the header."""
    days = [(_DAY + timedelta(days=number)).strftime("%d/%m/%Y") for number in range(9_000)]
    for number in range(count):
        house = f"{number % 200 + 1}" if number < _TURN or number % 7 else f"{number % 200 + 1}/A"
        cents = number * 37 % 900_000_000
        thousands = f"{cents // 100:,}".replace(",", ".")
        day = days[number * 7 % 9_000]
        yield (
            f"{number + 1};{1001 + number % 312:06d};{10_100 + number % 99:05d};{_STREETS[number * 5 % 8]};{house};"
            f"{number * 13 % 500_000 // 100},{number * 13 % 100:02d};{thousands},{cents % 100:02d};"
            f"7,{500_000 + number % 300_000:06d};45,{number % 200_000:06d};{day};"
            f"{day} {number % 24:02d}:{number % 60:02d}:{number % 59:02d};{'Sì' if number % 2 else 'No'};"
            f"{_NOTES[number * 11 % 6]};{number * 7 % 1_000_003:08d}"
        )


def write(path: Path, count: int, encoding: str = "utf-8") -> Path:
    """Write a register of ``count`` rows to ``path``."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(HEADER + "\r\n")
        block: list[str] = []
        for line in rows(count):
            block.append(line)
            if len(block) == _BLOCK:
                file.write("\r\n".join(block) + "\r\n")
                block.clear()
        file.write("\r\n".join(block) + ("\r\n" if block else ""))
    return path
