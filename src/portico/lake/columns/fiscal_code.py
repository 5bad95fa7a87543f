"""Fiscal codes of persons, sixteen characters, with those of bodies, eleven digits, where both stand together."""

from portico.lake.columns.base import ColumnType, Writing, one, only_if, texts
from portico.lake.columns.check_digits import fiscal_code
from portico.lake.columns.vat_number import ELEVEN
from portico.lake.model import Type

# Who would share a code with somebody gets letters in place of digits.
_DIGIT = "[0-9LMNPQRSTUVlmnpqrstuv]"
PERSON = f"[A-Za-z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRSTabcdehlmprst]{_DIGIT}{{2}}[A-Za-z]{_DIGIT}{{3}}[A-Za-z]"

FISCAL_CODE = ColumnType(
    name="fiscal-code",
    logical=Type.TEXT,
    conventions=one(Writing("person", PERSON, only_if(fiscal_code("{x}"))), ELEVEN),
    accepts=texts("RSSMRA80A01L219M", "rssmra80a01l219m", "RSSMRA80A01L21VB", "BNCLRA75D55F205D", "00514490010"),
    refuses=(
        "",
        "RSSMRA80A01L219N",
        "RSSMRA80A01L218M",
        "RSSMRA80A01L219",
        "RSSMRA80A01L219MM",
        "RSSMRA80F01L219M",
        "RSSMR080A01L219M",
        "RSSMRA80A01L2191",
        "RSS MRA 80A01 L219M",
        "00514490011",
        "Mario Rossi",
        "XXXXXXXXXXXXXXXX",
    ),
    # Behind the VAT number: what comes here holds persons.
    rank=60,
    personal="fiscal-code",
)
