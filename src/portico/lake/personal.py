r"""What in a text tells of a person: SQL that finds it, and SQL that masks exactly what was found.

Every kind has one expression that lists the personal values in a text. The guard counts the cells where the list is
not empty, masking replaces what is in it: what was masked is never found again. The guard believes codes only with the
right check character, so that part numbers are no fiscal codes; masking takes whatever is written like one.
"""

from __future__ import annotations

from portico.lake.columns.check_digits import LENGTHS, fiscal_code, iban

FISCAL_CODE, EMAIL, PHONE, IBAN, NAME, BIRTH_DATE = "fiscal-code", "e-mail", "phone", "iban", "name", "birth-date"
MASK = "•••"

OFFICE_WORDS = (
    *("info", "informazioni", "infopoint", "protocollo", "protocollogenerale", "segreteria", "segreterie", "urp"),
    *("comune", "comuni", "ufficio", "uffici", "pec", "sportello", "sportelli", "suap", "sue", "direzione", "noreply"),
    *("no-reply", "donotreply", "contact", "contacts", "contatti", "contatto", "amministrazione", "admin", "office"),
    *("postmaster", "webmaster", "hostmaster", "abuse", "privacy", "dpo", "rpd", "help", "helpdesk", "support"),
    *("supporto", "assistenza", "servizio", "servizi", "settore", "area", "anagrafe", "elettorale", "tributi"),
    *("ragioneria", "tecnico", "urbanistica", "edilizia", "ambiente", "cultura", "turismo", "sport", "sociale"),
    *("biblioteca", "museo", "musei", "scuola", "polizia", "vigili", "pm", "sindaco", "assessorato", "staff", "press"),
    *("stampa", "redazione", "marketing", "commerciale", "vendite", "sales", "shop", "booking", "prenotazioni"),
    *("reception", "hotel", "fatture", "fatturazione", "ordini", "acquisti", "gare", "appalti", "bandi", "concorsi"),
    *("opendata", "open-data", "dati", "data", "gis", "sit", "statistica", "mail", "email", "posta", "hello", "ciao"),
    *("team", "service", "services", "library", "museum", "school", "enquiries", "inquiries", "media", "news"),
    *("newsletter", "eventi", "events", "cup", "asl", "provincia", "regione", "prefettura", "questura", "procura"),
)
"""An address is an office's where its first word is one of these: ``ufficio.tecnico@``, ``info2@``."""

_OFFICE_BEGINNINGS = ("ufficio", "protocoll", "segreteri", "bibliotec", "sportell", "direzion", "servizi", "comunedi")
_OFFICE_ENDINGS = ("protocollo", "segreteria", "urp", "suap", "sportello", "ufficio")
_OFFICE_DOMAINS = ("pec", "cert", "postacert", "legalmail")
_SCHOOL = "[a-z]{4}[0-9]{5}[0-9a-z]@(pec[.])?istruzione[.]it"
OFFICE = (
    f"^(({'|'.join(OFFICE_WORDS)})([^a-z@][^@]*)?@"
    f"|({'|'.join(_OFFICE_BEGINNINGS)})[^@]*@"
    f"|[^@]*[^a-z@]({'|'.join(_OFFICE_ENDINGS)})@"
    f"|[^@]*@(.*[.])?({'|'.join(_OFFICE_DOMAINS)})[.]"
    f"|{_SCHOOL}$)"
)
_ADDRESS = r"[\p{L}\p{N}][\p{L}\p{N}._%+'-]*@(?:[\p{L}\p{N}-]+[.])+\p{L}{2,}"

_D = "[0-9LMNPQRSTUV]"
_CODE = rf"\b[A-Z]{{3}} ?[A-Z]{{3}} ?{_D}{{2}} ?[ABCDEHLMPRST] ?[0-7LMNPQRST]{_D} ?[A-Z]{_D}{{3}} ?[A-Z]\b"

# A mobile number as people write it; three groups of three are no number but an amount with thousands.
_MOBILE = (
    r"(?:\(?(?:\+|\b00)39\)?[ ./-]?|\b39[ ]?|\b)"
    r"3[2-9][0-9](?:[ ./-]?[0-9]{6,7}|[ .-][0-9]{3}[ .-][0-9]{4}|[ .-][0-9]{4}[ .-][0-9]{3}"
    r"|[ .-][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{2,3}|[ .-][0-9]{3}[ .-][0-9]{2}[ .-][0-9]{2})\b"
)
# What makes it a part of something else: a decimal, a code, an amount, the address of a page, an id of OpenStreetMap.
_BEFORE = r'[0-9][.,]|[A-Z]-|[€$£] ?|[=#&]|https?://[^ ]*?|\b(?:node|way|relation)/|"ref": ?'
_AFTER = r"[.,][0-9]{1,2}\b"

_LENGTHS = {(LENGTHS[at : at + 2], int(LENGTHS[at + 2 : at + 4])) for at in range(0, len(LENGTHS), 4)}


def _account() -> str:
    lengths = sorted({length for _, length in _LENGTHS})
    written = []
    for length in lengths:
        countries = "|".join(sorted(country for country, one in _LENGTHS if one == length))
        written.append(rf"(?:{countries})(?:[ -]?[0-9]){{2}}(?:[ -]?[A-Z0-9]){{{length - 4}}}")
    return rf"\b(?:{'|'.join(written)})\b"


_ACCOUNT = _account()
_ONE = "found"


def _hint(pattern: str) -> str:
    """Return a pattern that is found in every text in which ``pattern`` is, underscores taken for blanks."""
    return pattern.replace(r"\b", r"(?:\b|_)")


HINTS = {
    EMAIL: "@",
    FISCAL_CODE: f"(?i){_hint(_CODE)}",
    PHONE: _hint(_MOBILE),
    IBAN: rf"(?i)(?:\b|_)(?:{'|'.join(sorted({country for country, _ in _LENGTHS}))})(?:[ -]?[0-9]){{2}}"
    r"(?:[ -]?[A-Z0-9]){11}",
}
"""By kind: a text in which this is not found holds nothing of it."""

ANY_HINT = "|".join(f"(?:{hint})" for hint in HINTS.values())
SHORTEST = 6
"""A text of fewer bytes holds nothing personal."""


def found_sql(kind: str, x: str, *, proven: bool = True) -> str:
    """Return the SQL that lists the personal values of a ``kind`` in the text ``x``, as they stand there.

    Codes whose check character is wrong are listed only where they need not be ``proven``.

    >>> "regexp_extract_all" in found_sql("e-mail", "note")
    True
    """
    # An underscore parts words in a file name, but is a letter to the engine; no code has one.
    plain = f"translate({x}, '_', ' ')"
    if kind == EMAIL:
        return _kept(
            f"regexp_extract_all({x}, {_text(_ADDRESS)})", f"NOT regexp_matches(lower({_ONE}), {_text(OFFICE)})"
        )
    if kind == FISCAL_CODE:
        right = fiscal_code(f"replace({_ONE}, ' ', '')") if proven else "true"
        return _kept(f"regexp_extract_all({plain}, {_text('(?i)' + _CODE)})", right)
    if kind == IBAN:
        right = iban(f"upper(translate({_ONE}, ' -', ''))") if proven else "true"
        return _kept(f"regexp_extract_all({plain}, {_text('(?i)' + _ACCOUNT)})", right)
    if kind == PHONE:
        within = f"(?:{_BEFORE})?{_MOBILE}(?:{_AFTER})?"
        return _kept(f"regexp_extract_all({plain}, {_text(within)})", f"regexp_full_match({_ONE}, {_text(_MOBILE)})")
    raise ValueError(kind)


def masked_sql(column: str, *kinds: str) -> str:
    """Return the SQL of the masked text of the quoted column (or expression) ``column``, for all ``kinds`` it holds.

    Fiscal codes, phones and account numbers become "•••" wherever they stand in the text (mistyped ones too: they still
    tell whose they are), of an e-mail address the domain is left. A cell with a name or a date of birth becomes "•••"
    whole, and so does every cell where no kind is told. The result is text, NULL where the column was.
    """
    if not all(kind in HINTS for kind in kinds) or not kinds:
        return f"CASE WHEN {column} IS NOT NULL THEN '{MASK}' END"
    text = f"{column}::VARCHAR"
    for kind in kinds:
        instead = f"'{MASK}@' || split_part(v, '@', 2)" if kind == EMAIL else f"'{MASK}'"
        # Longer ones first, so that none is replaced only in part where it stands inside another.
        found = found_sql(kind, text, proven=False)
        weighed = f"list_sort(list_transform({found}, lambda v: {{'shorter': -length(v), 'v': v}}))"
        values = f"list_transform({weighed}, lambda one: one.v)"
        text = f"list_reduce({values}, lambda masked, v: replace(masked, v, {instead}), {text})"
    return text


def _kept(values: str, condition: str) -> str:
    return f"list_filter({values}, lambda {_ONE}: {condition})"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
