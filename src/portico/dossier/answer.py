"""The whole answer to a brief as plain data: the shortlist and how firm it is."""

from __future__ import annotations

from typing import Any

from portico.dossier import firmness, plain
from portico.match.model import Shortlist
from portico.match.robustness import Robustness
from portico.translation import Translator


def to_dict(answer: Shortlist, firm: Robustness, say: Translator) -> dict[str, Any]:
    """Return ``answer`` with the keys of ``plain.shortlist``, and ``robustness``."""
    return {**plain.shortlist(answer, say), "robustness": firmness.to_dict(firm, answer.brief, say)}
