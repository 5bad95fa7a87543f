"""What a dossier is made of, as plain data for the template: headings, texts, lists, tables, pictures.

A text is a list of pieces: a string, a styled piece, or the call of a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Piece = str | dict[str, Any]
Pieces = list[Piece]
Block = dict[str, Any]
_LONG_ROW = 1_200
BREAK: Piece = {"text": "", "style": "break"}
"""The end of a line inside a text."""


def styled(text: str, style: str) -> Piece:
    """Return a piece of text in a style: ``strong``, ``small``, ``mark``, or the outcome of a must."""
    return {"text": text, "style": style}


def heading(level: int, text: str) -> Block:
    """Return a heading; 1 is the title, and no level may be skipped."""
    return {"kind": "heading", "level": level, "text": [text]}


def paragraph(*pieces: Piece, style: str = "") -> Block:
    """Return a text; ``style`` is ``lead``, ``kicker``, ``small``, ``box``, ``before`` (what follows) or nothing."""
    return {"kind": "text", "text": list(pieces), "style": style}


def bullets(items: Iterable[Pieces]) -> Block:
    """Return a list."""
    return {"kind": "list", "items": list(items)}


def table(header: Sequence[str], rows: Sequence[Sequence[Pieces]], widths: Sequence[float]) -> Block:
    """Return a table. ``widths`` are shares of the width, 0 as wide as what stands in it. Raises ValueError where a row
    has another number of cells than the header.
    """  # noqa: D205 - one sentence after another
    if any(len(row) != len(header) for row in rows) or len(widths) != len(header):
        text = f"a table of {len(header)} columns needs as many cells in every row"
        raise ValueError(text)
    cells = [{"cells": list(row), "breaks": sum(map(_length, row)) > _LONG_ROW} for row in rows]
    return {"kind": "table", "header": list(header), "rows": cells, "widths": list(widths)}


def _length(pieces: Pieces) -> int:
    return sum(len(one if isinstance(one, str) else one.get("text", "")) for one in pieces)


def picture(svg: str, alt: str, caption: Pieces, width_mm: float = 170.0) -> Block:
    """Return a picture with the words that stand for it where it cannot be seen."""
    return {"kind": "picture", "svg": svg, "alt": alt, "caption": caption, "width": width_mm}


def together(*blocks: Block) -> Block:
    """Return blocks that stand on one page."""
    return {"kind": "together", "blocks": list(blocks)}
