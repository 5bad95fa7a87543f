from __future__ import annotations

from datetime import date

import pytest

from portico.errors import UsageError
from portico.messages import Message
from portico.territory.asking import direction_of, going_of, limits_of, mode_of, usual_if_untimed
from portico.territory.model import Mode
from portico.territory.travel.model import USUAL, Direction, Going, Window
from portico.translation import LANGUAGES, Translator

NO_LIMITS = ("", ",", "0", "121", "-5", "15;30", "fifteen", "1,2,3,4,5,6", "15,,30", "1e2", "٣", "2.5")


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("30", (30,)),
        ("45, 15,30", (15, 30, 45)),
        ("1,120", (1, 120)),
        ("5,5,5,5,5,5", (5,)),
        ("1,2,3,4,5", (1, 2, 3, 4, 5)),
    ],
)
def test_limits_are_whole_minutes_each_once_in_order(text, limits):
    assert limits_of(text) == limits


@pytest.mark.parametrize("text", NO_LIMITS)
def test_what_is_no_list_of_minutes_gets_one_sentence(text):
    with pytest.raises(UsageError) as raised:
        limits_of(text)
    for language in LANGUAGES:
        said = Translator(language)(Message.of(raised.value))
        assert "120" in said
        assert "{" not in said


def test_a_word_that_is_nearly_a_mode_or_a_direction_gets_advice():
    assert (mode_of("transit"), direction_of("inbound")) == (Mode.TRANSIT, Direction.INBOUND)
    for read, wrong, meant in ((mode_of, "bycicle", "bicycle"), (direction_of, "outbond", "outbound")):
        with pytest.raises(UsageError) as raised:
            read(wrong)
        assert meant in Translator("en")(Message.of(raised.value))


def test_a_time_is_the_first_minute_of_the_window_both_ways():
    for direction in Direction:
        going = going_of(direction, " 2022-10-05T08:30 ", 60)
        assert going == Going(
            direction, Window(date(2022, 10, 5), 306_000, 60, arriving=direction is Direction.INBOUND)
        )
    assert going_of(Direction.OUTBOUND, "", 60) == USUAL


@pytest.mark.parametrize("text", ["soon", "2022-13-01T08:00", "2022-10-05T08:00+02:00", "08:00", "9" * 400])
def test_what_is_no_local_time_is_refused(text):
    with pytest.raises(UsageError):
        going_of(Direction.OUTBOUND, text, 60)


def test_only_public_transport_cares_for_the_time():
    timed = going_of(Direction.INBOUND, "2022-10-05T08:30", 60)
    assert usual_if_untimed(timed, Mode.TRANSIT) is timed
    assert usual_if_untimed(timed, Mode.CAR) == Going(Direction.INBOUND)
