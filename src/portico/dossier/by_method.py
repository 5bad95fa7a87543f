"""A shortlist by another method as plain data."""

from __future__ import annotations

from typing import Any

from portico.dossier import plain
from portico.match.outranking import ByMethod
from portico.translation import Translator


def to_dict(found: ByMethod, say: Translator) -> dict[str, Any]:
    """Return the order of each group by a method, and what the method does not see."""
    return {
        "method": found.method.value,
        **{
            group.value: [
                {"id": one.site.id, "name": say(one.site.name), "score": plain.figure(one.score), "rank": one.rank}
                for one in placed
            ]
            for group, placed in found.groups
        },
        "remarks": [say(one) for one in found.remarks],
    }
