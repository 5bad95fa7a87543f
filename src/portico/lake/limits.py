"""What no input may exceed. Every parser is held to these; a refusal names the limit."""

from __future__ import annotations

MAX_COLUMNS = 4_096
MAX_CELL_BYTES = 8_000_000
MAX_RECORD_BYTES = 8_000_000
MAX_ROWS = 2_000_000_000
MAX_SHEET_CELLS = 16_000_000
MAX_SHEET_BYTES = 200_000_000
MAX_JSON_BYTES = 2_000_000_000
MAX_JSON_DEPTH = 64
MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 20_000_000_000
MAX_EXPANSION = 200
MAX_ISSUES = 1_000
"""Findings of one kind beyond this are counted, not listed; rejects are never cut."""
