"""A brief answered as an address asks: which brief, on which day, by which weights; kept as long as nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portico.errors import UsageError
from portico.match.address import from_text
from portico.match.asked_weights import weights_in
from portico.match.model import Brief, Shortlist
from portico.match.names import names_in
from portico.match.robustness import Robustness, robustness
from portico.match.shortlist import reweighed
from portico.match.since import Changes, changes_since, moment_of
from portico.web.portal import Portal

T = TypeVar("T")
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Moved:
    """The weights of a page: the ``brief``'s own in whole parts of 100 and as ``shares`` of 1; those ``asked`` for.

    ``are_open``: the brief allows others too, and its own are the middle of them.
    """

    brief: tuple[int, ...]
    shares: tuple[float, ...]
    asked: tuple[float, ...]
    are_open: bool = False

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


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to ``brief`` on ``day`` by the weights of ``moved``."""

    portal: Portal
    brief: Brief
    day: date
    moved: Moved
    answer: Shortlist

    def keep(self, key: Sequence[object], make: Callable[[], T]) -> T:
        """Return what ``make`` gives for ``key`` and this answer: kept apart where there is no end of them."""
        keep = self.portal.asked if self.moved.differ or not self.brief.id else self.portal.kept
        return keep((*key, *self.key), make)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this answer from any other on the same territory."""
        return repr(self.brief), self.day, self.moved.text

    def changes(self, since: str) -> Changes:
        """Return what changed since a day or a publication. Raises UsageError for a moment that nobody can mean."""
        portal = self.portal
        moment = moment_of(portal.city, portal.lake, since, self.day)
        return changes_since(portal.city, portal.lake, self.answer.brief, moment, portal.territory, self.day)

    def firm(self) -> Robustness:
        """Return how firm the answer is, worked out when it is first asked for."""
        return self.keep(("robustness",), lambda: robustness(self.answer))


def answered(portal: Portal, brief: Brief, as_of: date | None, weights: Sequence[str] | str | None = ()) -> Answered:
    """Return ``brief`` answered on ``as_of``, else today, by ``weights``, else its own.

    Raises InputError for weights that are none.
    """
    day, moved = as_of or portal.today(), weights_asked(brief, weights or ())
    answer = portal.answer(brief, day)
    if moved.differ:
        answer = reweighed(answer, moved.asked, portal.territory)
    return Answered(portal, brief, day, moved, answer)


def brief_asked(portal: Portal, name: str, text: str) -> Brief:
    """Return the city's brief ``name``, else the one in ``text`` as it stands in an address (``b``).

    Raises UnknownNameError, UsageError where neither is given, InputError and RejectedError for what is no brief.
    """
    if name:
        return portal.brief(name)
    if not text:
        raise UsageError("brief-not-given")
    return portal.asked(("brief", text), lambda: from_text(text, names_in(portal.territory)))


def weights_asked(brief: Brief, given: Sequence[str] | str) -> Moved:
    """Return the weights of a page: what the address says (numbers with commas, or one a parameter), else the brief's.

    The brief's own numbers, each rounded to a whole part of 100, stand for its weights to the last digit.
    Raises InputError for what is no number of 0 or more, for another count than that of wants, and where all are zero.
    """
    shares = brief.shares()
    own = tuple(round(WHOLE * share) for share in shares)
    are_open = bool(brief.wants) and not brief.weights().is_exact
    text = given if isinstance(given, str) else ",".join(given)
    if not text:
        return Moved(own, shares, own, are_open)
    return Moved(own, shares, weights_in(text, len(own)), are_open)
