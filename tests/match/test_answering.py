"""Who answers for a site, and by when."""

from __future__ import annotations

from datetime import date

import pytest

from portico.city.model import Calendar, Partner
from portico.city.register import Site
from portico.figures import Evidence
from portico.match.answering import Answering, partner_for
from portico.messages import Text

SITE = Site("mill", Text(en="Mill"), "Borgo", "", None, Evidence(), ())
ELSEWHERE = Site("quarry", Text(en="Quarry"), "Valle", "", None, Evidence(), ())


def _partner(identifier, days=5, municipalities=(), topics=()) -> Partner:
    return Partner(identifier, Text(en=identifier), Text(en="desk"), days, municipalities=municipalities, topics=topics)


REGION = _partner("region")
TOWN = _partner("town", municipalities=("Borgo",))
PLANNERS = _partner("planners", topics=("use",))
TOWN_PLANNERS = _partner("town-planners", municipalities=("Borgo",), topics=("use",))


@pytest.mark.parametrize(
    ("partners", "site", "topic", "answers"),
    [
        ([REGION, TOWN], SITE, "", "town"),
        ([REGION, TOWN], ELSEWHERE, "", "region"),
        ([REGION, TOWN, PLANNERS], ELSEWHERE, "use", "planners"),
        ([REGION, TOWN, PLANNERS], ELSEWHERE, "area", "region"),
        ([REGION, TOWN, PLANNERS], SITE, "use", "town"),
        ([REGION, TOWN, PLANNERS, TOWN_PLANNERS], SITE, "use", "town-planners"),
        ([PLANNERS, REGION], SITE, "", "region"),
        ([TOWN, PLANNERS], ELSEWHERE, "", "town"),
    ],
)
def test_the_nearest_body_for_the_topic_answers(partners, site, topic, answers):
    assert partner_for(partners, site, topic).id == answers


def test_the_term_is_counted_in_working_days_of_the_city():
    answering = Answering([_partner("slow", days=10)], Calendar("IT", patron_day="06-24"), date(2026, 11, 27))
    assert answering.who(SITE).by == date(2026, 12, 14)  # over the 8th of December
    assert Answering([_partner("fast", days=1)], Calendar("IT", patron_day="06-24"), date(2026, 6, 23)).who(
        SITE
    ).by == date(2026, 6, 25)
