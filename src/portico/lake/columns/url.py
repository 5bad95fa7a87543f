"""Web addresses."""

from portico.lake.columns.base import ColumnType, Writing, any_case, one, texts
from portico.lake.model import Type

_REST = r'[^ \t\r\n<>"]'
_HOST = r'[^ \t\r\n<>"/?#.]+(\.[^ \t\r\n<>"/?#.]+)+'

URL = ColumnType(
    name="url",
    logical=Type.TEXT,
    conventions=one(
        Writing("https://", f"({any_case('https?|ftp')})://{_HOST}(:[0-9]{{1,5}})?([/?#]{_REST}*)?"),
        Writing("www.", rf"{any_case('www')}\.{_HOST}([/?#]{_REST}*)?"),
    ),
    accepts=texts(
        "https://www.comune.lucca.it/",
        "http://dati.umbria.it/catalogo?q=suolo&n=1#top",
        "HTTP://WWW.COMUNE.LUCCA.IT",
        "https://example.org:8443/a/b.csv",
        "ftp://ftp.example.org/pub",
        "www.comune.massarosa.lu.it",
        "https://it.wikipedia.org/wiki/Lucca_(città)",
    ),
    refuses=(
        "",
        "http://",
        "https://nohost",
        "www.",
        "comune.lucca.it",
        "http:/www.comune.lucca.it",
        "https://example.org/a b",
        "vedi https://example.org",
        "mario@example.org",
        "urn:isbn:9788800000000",
        "javascript:alert(1)",
    ),
    rank=120,
)
