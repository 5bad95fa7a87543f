"""E-mail addresses, one or several in a cell."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_ONE = r"[A-Za-z0-9_%+&'-]+(\.[A-Za-z0-9_%+&'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"

EMAIL = ColumnType(
    name="e-mail",
    logical=Type.TEXT,
    conventions=one(
        Writing("name@host", f"{_ONE};?"),
        Writing("name@host; name@host", f"{_ONE}(( ?[;,/|] ?|[ \u00a0-]{{1,3}}){_ONE}){{1,9}};?"),
    ),
    accepts=texts(
        "mario.rossi@example.org",
        "Protocollo@CERT.comune.example.it",
        "o'neill+news@example.co.uk",
        "a_b-c@x-y.example.museum",
        "a@example.org; b@example.org",
        "a@example.org - b@example.org",
        "a@example.org;",
        "a@example.org,b@example.org;",
    ),
    refuses=(
        "",
        "@",
        "mario.rossi",
        "mario@rossi",
        "mario rossi@example.org",
        "mario..rossi@example.org",
        ".mario@example.org",
        "mario@-example.org",
        "mario@example.org.",
        "mario@@example.org",
        "@example.org",
        "https://example.org/@mario",
    ),
    rank=120,
    personal="e-mail",
)
