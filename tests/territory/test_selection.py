"""Which places are meant."""

from __future__ import annotations

import pytest

from portico.figures import Evidence
from portico.messages import Text
from portico.territory.model import PlaceFacts
from portico.territory.selection import Selection


def _place(kind="university", fields=(), division="", state="in-service") -> PlaceFacts:
    return PlaceFacts("x", "institutions", Text(en="X"), kind, None, Evidence(), fields, division, state=state)


@pytest.mark.parametrize(
    ("selection", "place", "meant"),
    [
        (Selection(), _place(), True),
        (Selection(kinds=("university",)), _place(), True),
        (Selection(kinds=("hospital",)), _place(), False),
        (Selection(fields=("food",)), _place(fields=("food", "energy")), True),
        (Selection(fields=("food",)), _place(fields=("energy",)), False),
        (Selection(fields=("food",)), _place(fields=("all",)), True),
        (Selection(divisions=("29",)), _place(division="29"), True),
        (Selection(divisions=("29",)), _place(division="28"), False),
        (Selection(fields=("food",), divisions=("10",)), _place(division="10"), True),
        (Selection(fields=("food",), divisions=("10",)), _place(fields=("food",)), True),
        (Selection(fields=("food",), divisions=("10",)), _place(division="11"), False),
        (Selection(kinds=("hospital",), fields=("food",)), _place(fields=("food",)), False),
        (Selection(), _place(state="planned"), False),
        (Selection(), _place(state="not-in-service"), False),
    ],
)
def test_a_place_is_meant_or_not(selection, place, meant):
    assert (place in selection) is meant
