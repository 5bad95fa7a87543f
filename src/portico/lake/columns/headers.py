"""Headers as people write them: folded, so that types can be searched in them, and the units that they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[a-z])(?=[A-Z][a-z]{2})|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NO_WORD = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"(\w?)[(\[{]([^()\[\]{}]*)[)\]}]")
_TOKENS = re.compile(r"[^\W_]+|[%€$£/°‰]")
_IN_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), short)
    for pattern, short in (
        (r"\bmetr[io] quadr(?:[oi]|at[oi])\b|\bsquare met(?:re|er)s?\b|\bm\.\s?q\b\.?", "m2"),
        (r"\bmetr[io] cub[oi]\b|\bcubic met(?:re|er)s?\b|\bm\.\s?c\b\.?", "m3"),
        (r"\b(?:chilometr[io]|km) quadrat[oi]\b|\bsq(?:uare)?\.? (?:km|kilomet(?:re|er)s?)\b", "km2"),
    )
)
"""Units of several words, and what they are in one."""
_YEAR = re.compile(r"(19|20)[0-9]{2}")

_ALWAYS = {
    "%": "%", "pct": "%", "percent": "%", "percentage": "%", "percentuale": "%", "percentuali": "%",
    "mq": "m2", "m2": "m2", "sqm": "m2", "kmq": "km2", "km2": "km2", "m3": "m3", "smc": "m3",
    "ettari": "ha", "ettaro": "ha", "hectares": "ha", "hectare": "ha",
    "km": "km", "chilometri": "km", "kilometres": "km", "metri": "m", "metres": "m", "meters": "m",
    "kg": "kg", "tonnellate": "t", "tonnes": "t", "tons": "t", "quintali": "q", "litri": "L", "litres": "L", "hl": "hL",
    "kw": "kW", "kwp": "kW", "mw": "MW", "mwp": "MW", "gw": "GW", "wh": "Wh", "kwh": "kWh", "mwh": "MWh", "gwh": "GWh",
    "mj": "MJ", "gj": "GJ", "tj": "TJ", "tep": "toe", "toe": "toe", "ktep": "ktoe", "ktoe": "ktoe", "kva": "kVA",
    "ppm": "ppm", "ppb": "ppb", "celsius": "Cel", "dba": "dB",
    "€": "EUR", "euro": "EUR", "eur": "EUR", "keur": "kEUR", "meur": "MEUR", "$": "USD", "usd": "USD", "£": "GBP",
    "gbp": "GBP", "chf": "CHF",
}  # fmt: skip
"""Words that are units wherever they stand in a header."""

_SURELY = {
    "m": "m", "ml": "m", "cm": "cm", "mm": "mm", "mc": "m3", "ha": "ha", "t": "t", "g": "g", "q": "q", "l": "L",
    "mg": "mg", "µg": "ug", "μg": "ug", "ug": "ug", "w": "W", "kv": "kV", "hz": "Hz", "db": "dB", "h": "h", "ore": "h",
    "hours": "h", "min": "min", "minuti": "min", "minutes": "min", "sec": "s", "secondi": "s", "seconds": "s",
    "gg": "d", "giorni": "d", "days": "d", "anni": "a", "years": "a",
}  # fmt: skip
"""Words too short or too common: units only in brackets, behind "in", in a ratio, or at the end with a fitting word."""

_FITTING = {
    "m": "lunghezza|altezza|larghezza|quota|distanza|profondita|dislivello|perimetro|diametro|raggio|altitudine|length|"
    "height|width|depth|distance|elevation|altitude|perimeter|diameter|lung|alt|dist",
    "cm": "lunghezza|altezza|larghezza|profondita|diametro|spessore|length|height|width|depth|diameter",
    "mm": "pioggia|precipitazioni|precipitazione|diametro|spessore|rain|rainfall|precipitation|diameter",
    "m3": "volume|volumi|volumetria|cubatura|consumo|consumi|acqua|gas|metano|portata|water|consumption",
    "ha": "superficie|superfici|sup|area|aree|estensione|sau|surface",
    "t": "co2|co2e|co2eq|emissioni|emissione|rifiuti|peso|raccolta|emissions|waste|weight",
    "W": "potenza|power",
    "dB": "rumore|livello|noise|level",
}
_OVER = {"anno": "a", "year": "a", "yr": "a", "a": "a", "giorno": "d", "day": "d", "g": "d", "gg": "d", "d": "d",
         "h": "h", "ora": "h", "hour": "h", "s": "s", "sec": "s", "l": "L", "min": "min"}  # fmt: skip
"""What may stand under a ratio besides the units."""

_RATIO = ("/", "per", "al", "alla", "all")
_SCALES = {
    "k": "k", "migliaia": "k", "thousand": "k", "thousands": "k", "mila": "k", "000": "k",
    "m": "M", "milioni": "M", "mln": "M", "mio": "M", "million": "M", "millions": "M",
    "miliardi": "G", "mld": "G", "billion": "G", "billions": "G",
}  # fmt: skip
_MONEY = ("EUR", "USD", "GBP", "CHF")
# Euro 4 is a class of engines, the euro area a part of the world.
_NO_MONEY = frozenset({"classe", "class", "norma", "standard", "categoria", "omologazione", "zona", "area"})


def fold(header: str) -> str:
    """Return a header in lower case, without accents, its words parted by one blank, camelCase too.

    >>> fold("Data_di-Nascita"), fold("CodiceFiscale"), fold("QUANTITÀ (m²)"), fold("GeoX")
    ('data di nascita', 'codice fiscale', 'quantita m2', 'geo x')
    """
    plain = _without_accents(header)
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", plain)).strip().casefold()


def unit_of(header: str) -> str:
    """Return the unit that a header names (m2, EUR, kW, t, %), empty where it names none or several.

    Brackets speak louder than the rest. A number before a unit is a bound of what is counted (POTENZA_minore_35_KW),
    and a ratio to something that is no unit (euro per abitante) has no name here.

    >>> unit_of("superficie (mq)"), unit_of("importo_euro"), unit_of("potenza kW"), unit_of("mamma")
    ('m2', 'EUR', 'kW', '')
    """
    text = unicodedata.normalize("NFKC", header).replace("^", "")
    for several, short in _IN_WORDS:
        text = several.sub(short, text)
    words = frozenset(fold(header).split())
    in_brackets = {
        unit
        for before, inside in _BRACKETS.findall(text)
        # "file(s)", "lunghezza(m)": glued to a word, one letter is no unit by itself.
        for unit in _units(inside, words, surely=not before or len(inside.strip()) > 1)
    }
    found = in_brackets or set(_units(_BRACKETS.sub(r"\1 ", text) if in_brackets else text, words, surely=False))
    return found.pop() if len(found) == 1 else ""


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKC", "".join(one for one in parts if not unicodedata.combining(one)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a header, or of what stands in its brackets, and which of them may be units."""

    tokens: Sequence[str]
    words: frozenset[str]
    surely: bool

    def unit(self, at: int) -> str:
        """Return the unit that the token at ``at`` is, empty where it is none."""
        token = self.tokens[at]
        word = token.casefold()
        if word in _ALWAYS:
            return _ALWAYS[word] if self._is_counted(at, _ALWAYS[word]) else ""
        if word == "c" and at and self.tokens[at - 1] == "°":
            return "Cel"
        unit = _SURELY.get(word, "")
        if not unit or self._behind_number(at) or (token.isupper() and word in ("m", "t", "g", "h", "l", "min")):
            return ""
        fits = not self.words.isdisjoint(_FITTING.get(unit, "").split("|"))
        is_last = at == len(self.tokens) - 1
        behind_in = at > 0 and self.tokens[at - 1].casefold() == "in" and is_last
        before_ratio = not is_last and self.tokens[at + 1] == "/"
        is_alone = len(self.tokens) == 1
        of_co2 = word == "t" and not is_last and self.tokens[at + 1].casefold().startswith("co2")
        if (self.surely and (is_alone or at == 0 or behind_in)) or behind_in or before_ratio or of_co2:
            return unit
        return unit if fits and (is_last or at == 0) and not (at == 0 and word == "ha") else ""

    def _is_counted(self, at: int, unit: str) -> bool:
        if self._behind_number(at) and self._scale(at) == "":
            return False
        if unit not in _MONEY:
            return True
        follows = self.tokens[at + 1] if at + 1 < len(self.tokens) else ""
        return self.words.isdisjoint(_NO_MONEY) and not (follows.isdigit() and not _YEAR.fullmatch(follows))

    def _behind_number(self, at: int) -> bool:
        before = self.tokens[at - 1] if at else ""
        return before.isdigit() and not _YEAR.fullmatch(before)

    def _scale(self, at: int) -> str:
        """Return the word before a unit that makes it thousands or millions: "migliaia di euro", "M€"."""
        for back in (1, 2):
            before = self.tokens[at - back].casefold() if at >= back else ""
            if before not in ("di", "of", "d"):
                return before if before in _SCALES else ""
        return ""

    def scaled(self, at: int, unit: str) -> str:
        """Return the unit with the scale before it; millions of anything but money have no name here."""
        word = self._scale(at)
        if unit in _MONEY and word:
            return _SCALES[word] + unit
        return "" if len(word) > 1 else unit


def _units(text: str, words: frozenset[str], *, surely: bool) -> Iterator[str]:
    """Yield the units in ``text``, ratios as one; an empty one for a ratio to what is no unit."""
    tokens = _TOKENS.findall(_CAMEL.sub(" ", text))
    read, at = _Reading(tokens, words, surely), 0
    while at < len(tokens):
        unit = read.unit(at)
        if unit:
            whole = read.scaled(at, unit)
            under, at = _under(tokens, at + 1)
            yield "/".join((whole, *under)) if whole and "" not in under else ""
        else:
            at += 1


def _under(tokens: Sequence[str], at: int) -> tuple[list[str], int]:
    """Return the units that follow under a ratio, an empty one for what is no unit, and the place behind them."""
    found: list[str] = []
    while at < len(tokens) and re.match("co2|eq", tokens[at].casefold()):
        at += 1
    while at + 1 < len(tokens) and tokens[at].casefold() in _RATIO:
        below = tokens[at + 1].casefold()
        known = _OVER.get(below) or _ALWAYS.get(below) or _SURELY.get(below) or ""
        if not known and tokens[at] != "/" and tokens[at].casefold() != "per":
            break  # "km al centro" is no ratio
        found.append(known)
        at += 2
    return found, at
