"""A line that was typed on the terminal or came through a pipe: text, or refused in one sentence."""

from __future__ import annotations

import sys

from portico.errors import InputError


def typed_line(row: int, longest: int) -> str:
    """Return the next line of standard input, of at most ``longest`` letters; empty where none is left.

    ``row`` is its number from 1, for the sentence. Raises InputError where its bytes are no UTF-8 text.
    """
    try:
        line = sys.stdin.readline(longest)
        line.encode()  # bytes that are no text may come as halves of letters
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
    except UnicodeEncodeError as error:
        byte = ord(error.object[error.start]) & 0xFF
    else:
        return line
    raise InputError("not-utf8", file="standard input", row=row, byte=f"0x{byte:02X}")
