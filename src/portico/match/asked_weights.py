"""Other weights than a brief's, as people write them: numbers with commas, one for each want."""

from __future__ import annotations

from portico.errors import InputError

_LONGEST = 2_000
_HEAVIEST = 1e6  # as in a brief


def weights_in(text: str, wants: int) -> tuple[float, ...]:
    """Return the weights in ``text``, one for each of so many wants.

    Raises InputError for what is no number of 0 or more, for another count than ``wants``, and where all are zero.

    >>> weights_in("30, 70", 2)
    (30.0, 70.0)
    """
    parts = text[:_LONGEST].split(",")
    if len(parts) != wants:
        raise InputError("weights-how-many", count=len(parts), wants=wants)
    found = tuple(_weight(part.strip()) for part in parts)
    if not any(found):
        raise InputError("weights-all-zero-asked")
    return found


def _weight(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise InputError("weight-no-number", text=text[:20]) from None
    if not 0 <= found <= _HEAVIEST:
        raise InputError("weight-no-number", text=text[:20])
    return found
