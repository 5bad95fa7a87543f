"""Text that can be printed: what the fonts cannot draw is written by name, what steers a line is left out.

A PDF for everybody (PDF/UA) holds no character without a shape, and the typesetter refuses one. Names come from files
of others, so that any character may come: here it is looked up whether a font has it.
"""

from __future__ import annotations

import functools
import re
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FONTS = Path(__file__).with_name("fonts")
"""Where a build lays the fonts (``make frontend``); none of them is part of the sources."""
_LATIN = frozenset((*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”„…•€≤≥−×✓→"))) - {0xAD}
_LEFT_OUT = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"))
_LONG_WORD = re.compile(r"\S{30,}")
_BREAK = "\u200b"
_WORD = 24
_MOST_MEMORISED = 4096


def are_laid() -> bool:
    """Say whether the fonts of dossiers are there; where not, those inside the typesetter serve for Latin letters."""
    return any(FONTS.glob("*.ttf"))


@functools.cache
def drawable() -> frozenset[int]:
    """Return the code points that the laid fonts have a shape for; those of Latin text where none are laid."""
    if not are_laid():
        return _LATIN
    return frozenset().union(*(covered(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf")))) | {0x20, 0x0A}


def covered(font: bytes) -> frozenset[int]:
    """Return the code points that a TrueType ``font`` has a shape for, by its ``cmap`` (formats 4 and 12).

    Source: ISO/IEC 14496-22 (OpenType), table ``cmap``. Raises ValueError for what is no such font.
    """
    try:
        tables = struct.unpack_from(">H", font, 4)[0]
        at = next(
            struct.unpack_from(">I", font, 12 + 16 * one + 8)[0]
            for one in range(tables)
            if font[12 + 16 * one : 16 + 16 * one] == b"cmap"
        )
        count = struct.unpack_from(">H", font, at + 2)[0]
        starts = {at + struct.unpack_from(">I", font, at + 4 + 8 * one + 4)[0] for one in range(count)}
        return frozenset(code for start in sorted(starts) for code in _codes(font, start))
    except (struct.error, StopIteration) as error:
        text = "not a TrueType font with a table of characters"
        raise ValueError(text) from error


def _codes(font: bytes, start: int) -> Iterator[int]:
    form = struct.unpack_from(">H", font, start)[0]
    if form == 4:  # noqa: PLR2004 - the number of the format
        yield from _segments(font, start)
    elif form == 12:  # noqa: PLR2004 - as above
        groups = struct.unpack_from(">I", font, start + 12)[0]
        for first, last, glyph in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups]):
            yield from range(first + (glyph == 0), last + 1)


def _segments(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends, firsts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, start + place)
        for place in (14, 16 + 2 * count, 16 + 4 * count, 16 + 6 * count)
    )
    for one in range(count):
        for code in range(firsts[one], min(ends[one], 0xFFFE) + 1):
            if offsets[one]:
                place = start + 16 + 6 * count + 2 * one + offsets[one] + 2 * (code - firsts[one])
                glyph = struct.unpack_from(">H", font, place)[0]
            else:
                glyph = (code + deltas[one]) % 0x10000
            if glyph:
                yield code


def shown(text: str) -> str:
    r"""Return ``text`` as it can be printed and read aloud.

    Characters that steer are left out, one without a shape is written as its name in square brackets, and a word longer
    than a line may be broken.

    >>> shown("Mill \x1b[31m\u202eRoad")
    'Mill [31mRoad'
    >>> shown("Mill 🏭")
    'Mill [factory]'
    """
    composed = unicodedata.normalize("NFC", text.replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n"))
    written = "".join(map(_written, composed))
    return _LONG_WORD.sub(_breakable, written) if len(written) > _WORD else written


@functools.lru_cache(maxsize=_MOST_MEMORISED)
def _written(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zl", "Zp"):
        return " "
    if character == "\n" or (ord(character) in drawable() and category not in ("Cc", "Cf")):
        return character
    if category in _LEFT_OUT:
        return ""
    if character.isspace():
        return " "
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


def _breakable(word: re.Match[str]) -> str:
    """Return a long word with places where it may be broken; an address has them already, after its slashes."""
    text = word.group()
    if text.startswith(("http://", "https://")):
        return re.sub(r"(?<=[/?&=_-])(?=[^/])", _BREAK, text)
    return _BREAK.join(text[at : at + _WORD] for at in range(0, len(text), _WORD))


def printable(content: Any) -> Any:  # noqa: ANN401 - plain data of any depth
    """Return plain data with every text as it can be printed; pictures (``svg``) were made of such texts."""
    if isinstance(content, str):
        return shown(content)
    if isinstance(content, dict):
        return {key: value if key in ("svg", "link") else printable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [printable(one) for one in content]
    return content
