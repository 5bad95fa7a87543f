"""CIG, the code of a public tender, under a header that says so: ten characters in one of three shapes."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

CIG = ColumnType(
    name="cig",
    logical=Type.TEXT,
    conventions=one(
        Writing("7 digits, 3 hexadecimal", "[0-9]{7}[0-9A-F]{3}"),
        # The short ones begin with X, Y or Z, those since 2024 with A, B and so on.
        Writing("letter, 9 hexadecimal", "[A-Z][0-9A-F]{9}"),
    ),
    accepts=texts("6430692B7F", "0123456789", "Z3A1B2C3D4", "B0A1234567", "XF21234ABC"),
    refuses=(
        "",
        "6430692B7",
        "6430692B7FF",
        "6430692B7G",
        "643069AB7F",
        "Z3A1B2C3G4",
        "z3a1b2c3d4",
        "ZZ12345678",
        "6430692-B7F",
        "N/A",
        "J51B21002940006",
    ),
    rank=160,
    header=r"\bcig\b|\bsmartcig\b|identificativo (di )?gara",
    needs_header=True,
)
