"""The one place where Typst is called: plain data in, a PDF for everybody (PDF/UA-1) out.

The template reads its content from one text of JSON, so that no text of others is ever read as markup. Nothing else is
read: the folder of the template is the root, packages are looked for in none, fonts are those laid beside it, and the
clock is that of the content. The same content gives the same bytes.
"""

from __future__ import annotations

import functools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from portico.dossier.document.glyphs import FONTS, are_laid, printable
from portico.errors import EngineError

_FAMILIES = ("Titillium Web", "DejaVu Sans")
_BUILT_IN = ("Libertinus Serif",)
_TEMPLATE = Path(__file__).with_name("template") / "dossier.typ"
_NOWHERE = Path(__file__).with_name("template") / "no-packages"


@functools.cache
def _fonts() -> typst.Fonts:
    laid = are_laid()
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=not laid, font_paths=[str(FONTS)] if laid else []
    )


def families() -> tuple[str, ...]:
    """Return the families of fonts a text is set in, the first that has a character first."""
    return _FAMILIES if are_laid() else _BUILT_IN


def pdf(content: dict[str, Any], day: date) -> bytes:
    """Return ``content`` set by the template, dated ``day``. Raises EngineError where the typesetter refuses it.

    It does so for what PDF/UA forbids: a picture without words for it, a heading that skips a level, no title.
    """
    made = _compile(content, day, form="pdf")
    return made if isinstance(made, bytes) else b"".join(made)


def pictures(content: dict[str, Any], day: date, *, pixels_per_inch: float = 72.0) -> list[bytes]:
    """Return each page of ``content`` as a PNG. Raises EngineError as ``pdf`` does."""
    made = _compile(content, day, form="png", pixels_per_inch=pixels_per_inch)
    return [made] if isinstance(made, bytes) else made


def _compile(
    content: dict[str, Any], day: date, *, form: typst.OutputFormat, pixels_per_inch: float = 72.0
) -> bytes | list[bytes]:
    readable = printable({**content, "fonts": list(families()), "day": [day.year, day.month, day.day]})
    try:
        made, warnings = typst.compile_with_warnings(
            str(_TEMPLATE),
            root=str(_TEMPLATE.parent),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format=form,
            ppi=pixels_per_inch,
            sys_inputs={"content": json.dumps(readable, ensure_ascii=False)},
            pdf_standards=["ua-1"] if form == "pdf" else [],
            package_path=str(_NOWHERE),
            package_cache_path=str(_NOWHERE),
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise EngineError("dossier-not-set", detail=error.message) from error
    if warnings:
        raise EngineError("dossier-not-set", detail=warnings[0].message)
    if made is None:
        raise EngineError("dossier-not-set", detail="–")
    return made
