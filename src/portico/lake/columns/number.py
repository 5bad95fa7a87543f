"""Numbers with decimals, with a comma or a point before them."""

from portico.lake.columns.base import ColumnType, Convention, Writing
from portico.lake.model import Type

NUMBER = ColumnType(
    name="number",
    logical=Type.NUMBER,
    conventions=(
        Convention(
            "comma",
            (
                Writing("1,5", r"[+-]?[0-9]*,[0-9]+", "TRY_CAST(replace({x}, ',', '.') AS DOUBLE)"),
                Writing("15", r"[+-]?(0|[1-9][0-9]*)", "TRY_CAST({x} AS DOUBLE)"),
                Writing("1.000,5", r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?", "TRY_CAST(replace(replace({x}, '.', ''), ',', '.') AS DOUBLE)"),
            ),
        ),
        Convention(
            "point",
            (
                Writing("1.5", r"[+-]?[0-9]*\.?[0-9]+", "TRY_CAST({x} AS DOUBLE)"),
                Writing("1,000.5", r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", "TRY_CAST(replace({x}, ',', '') AS DOUBLE)"),
            ),
        ),
    ),
    accepts=(("1,5", 1.5),),
    refuses=("", "a"),
    rank=510,
    never_with=("0[0-9]+", "[0-9]+ ?[-/]? ?[A-Za-z]{1,3}", "[0-9]+/[0-9]+"),
)
