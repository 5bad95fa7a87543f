"""The page of a shortlist: of a brief of the city, or of one that came in the address; with other weights, if asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from portico.errors import InputError
from portico.match.model import Brief, Shortlist
from portico.match.robustness import robustness
from portico.match.shortlist import reweighed
from portico.translation import Translator
from portico.web.portal import Portal
from portico.web.rendering import page

WHOLE = 100
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Moved:
    """The weights of a page: the ``brief``'s own in whole parts of 100 and as ``shares`` of 1; those ``asked`` for."""

    brief: tuple[int, ...]
    shares: tuple[float, ...]
    asked: tuple[float, ...]

    @property
    def differ(self) -> bool:
        """Whether the page is by other weights than the brief's."""
        return self.asked != self.brief

    @property
    def are_whole(self) -> bool:
        """Whether all of them are whole numbers, as a slider moves."""
        return all(float(one).is_integer() for one in self.asked)

    @property
    def text(self) -> str:
        """The weights as they stand in an address; nothing where they are the brief's."""
        return ",".join(f"{one:g}" for one in self.asked) if self.differ else ""


def shortlist_page(
    portal: Portal, say: Translator, brief: Brief, as_of: date | None, path: str, weights: Sequence[str] | str = ()
) -> str:
    """Return the page that answers ``brief``.

    ``as_of``: the day that was asked for, else today. ``path``: the page's address after the language, with the query
    that names the brief, without weights. ``weights``: what the address says of them (``w``). Raises InputError for
    weights that are none.
    """
    day = as_of or portal.today()
    answer = portal.answer(brief, day)
    moved = weights_asked(brief, weights)

    def render() -> str:
        shown = reweighed(answer, moved.asked, portal.territory) if moved.differ else answer
        return page("shortlist.html", say, **_values(portal, say, shown, moved, as_of, path))

    keep = portal.asked if moved.differ or not brief.id else portal.kept
    return keep(("shortlist-page", say.language, path, as_of, day, moved.text, repr(brief)), render)


def _values(
    portal: Portal, say: Translator, answer: Shortlist, moved: Moved, as_of: date | None, path: str
) -> dict[str, object]:
    base, _, query = path.partition("?")
    robust = robustness(answer)
    named = parse_qsl(query) + ([("as_of", as_of.isoformat())] if as_of else [])
    everything = named + ([("w", moved.text)] if moved.differ else [])
    return {
        "city": portal.city.settings,
        "path": address(base, everything),
        "base": base,
        "named": named,
        "query": urlencode(everything),
        "json": _api(answer, "match", say.language, everything),
        "map": _api(answer, "map", say.language, everything),
        "answer": answer,
        "robust": robust,
        "firm": {one.site.id: one for group in robust.groups for one in group.entries},
        "shares": answer.brief.shares(),
        "as_of_asked": as_of,
        "moved": moved,
    }


def _api(answer: Shortlist, what: str, language: str, query: Sequence[tuple[str, str]]) -> str:
    """Return the address of the same answer for programs, or of its map."""
    name = answer.brief.id
    if what == "match":
        return address(f"/api/match/{name}" if name else "/api/match", [("lang", language), *query])
    return address("/api/map", [("lang", language), *([("brief", name)] if name else []), *query])


def address(base: str, query: Sequence[tuple[str, str]]) -> str:
    """Return an address with its query.

    >>> address("brief", [("b", "x y"), ("w", "1,2")])
    'brief?b=x+y&w=1%2C2'
    """
    return f"{base}?{urlencode(query)}" if query else base


def weights_asked(brief: Brief, given: Sequence[str] | str) -> Moved:
    """Return the weights of a page: what the address says (numbers with commas, or one a parameter), else the brief's.

    The brief's own numbers, each rounded to a whole part of 100, stand for its weights to the last digit.
    Raises InputError for what is no number of 0 or more, for another count than that of wants, and where all are zero.
    """
    shares = brief.shares()
    own = tuple(round(WHOLE * share) for share in shares)
    text = given if isinstance(given, str) else ",".join(given)
    if not text:
        return Moved(own, shares, own)
    if len(text) > _LONGEST:
        raise InputError("weights-how-many", count=text.count(",") + 1, wants=len(own))
    parts = text.split(",")
    if len(parts) != len(own):
        raise InputError("weights-how-many", count=len(parts), wants=len(own))
    asked = tuple(_weight(part.strip()) for part in parts)
    if not any(asked):
        raise InputError("weights-all-zero-asked")
    return Moved(own, shares, asked)


def _weight(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise InputError("weight-no-number", text=text[:20]) from None
    if not 0 <= found <= 1e6:  # noqa: PLR2004 - the most a brief may say
        raise InputError("weight-no-number", text=text[:20])
    return found
