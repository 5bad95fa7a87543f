"""ISTAT codes of comune, province and region, which must keep their zeros."""

from portico.lake.columns.base import ANYTHING, ColumnType, Writing, one, texts
from portico.lake.model import Type

# Provinces count from 001 into the 120s; metropolitan cities have codes of their own in the 200s and 300s.
_PROVINCE = "(0[0-9][1-9]|0[1-9]0|1[01][0-9]|12[0-9]|[23][0-9]{2})"
# 000 stands for the whole country, or for nothing: such a column stays a column of codes, whole.
_ZEROS = ("0+",)
_IN_PROVINCE = "(00[1-9]|0[1-9][0-9]|[1-3][0-9]{2})"

ISTAT_COMUNE = ColumnType(
    name="istat-comune",
    logical=Type.TEXT,
    conventions=one(
        Writing("001272", _PROVINCE + _IN_PROVINCE),
        Writing('="001272"', f'="{_PROVINCE}{_IN_PROVINCE}"', "substr({x}, 3, 6)"),
    ),
    accepts=(*texts("001272", "058091", "103001", "111009", "201272", "119010"), ('="028001"', "028001")),
    refuses=("", "1272", "000272", "001000", "999999", "130001", "001400", "0012720", "00127", "L219", "001.272"),
    rank=150,
    header=r"istat|\bpro ?com\b|\bcom(une|uni|un)?\b|municip",
    needs_header=True,
    never_with=_ZEROS,
)
ISTAT_COMUNE_SHOWN = ColumnType(
    name="istat-comune-shown",
    logical=Type.TEXT,
    # Under any other header only where all begin with a zero: six digits alone are a number.
    conventions=one(Writing("001272", f"0([0-9][1-9]|[1-9]0){_IN_PROVINCE}")),
    accepts=texts("001272", "058091", "096004", "028001"),
    refuses=("", "103001", "000272", "001000", "001400", "1272", "0012720", "110272", "A01272"),
    rank=230,
    meaning="istat-comune",
    never_under=r"\bcap\b|\bc a p\b|postal|\btel|\bfax\b|\bcell",
    never_with=(ANYTHING,),
)
ISTAT_PROVINCIA = ColumnType(
    name="istat-provincia",
    logical=Type.TEXT,
    conventions=one(Writing("001", _PROVINCE)),
    accepts=texts("001", "015", "058", "103", "119", "201", "312"),
    refuses=("", "1", "01", "000", "130", "999", "0001", "TO", "001272"),
    rank=155,
    header=r"\bprov\b|provinc|\buts\b|\bcod (pro|cm)\b|metropolitan",
    needs_header=True,
    never_with=_ZEROS,
)
ISTAT_REGIONE = ColumnType(
    name="istat-regione",
    logical=Type.TEXT,
    conventions=one(Writing("01", "(0[1-9]|1[0-9]|20)")),
    accepts=texts("01", "09", "12", "20"),
    refuses=("", "1", "00", "21", "001", "1.0", "Umbria", "ITC1"),
    rank=155,
    header=r"\breg\b|region",
    needs_header=True,
    never_with=_ZEROS,
)
