"""Universally unique identifiers."""

from portico.lake.columns.base import ColumnType, Writing, one, texts
from portico.lake.model import Type

_HEX = "[0-9A-Fa-f]"

UUID = ColumnType(
    name="uuid",
    logical=Type.TEXT,
    conventions=one(Writing("8-4-4-4-12", f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}")),
    accepts=texts(
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
        "00000000-0000-0000-0000-000000000000",
        "3f2504E0-4f89-41d3-9a0C-0305e82c3301",
    ),
    refuses=(
        "",
        "3f2504e04f8911d39a0c0305e82c3301",
        "3f2504e0-4f89-11d3-9a0c-0305e82c330",
        "3f2504e0-4f89-11d3-9a0c-0305e82c33011",
        "3g2504e0-4f89-11d3-9a0c-0305e82c3301",
        "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}",
    ),
    rank=100,
)
