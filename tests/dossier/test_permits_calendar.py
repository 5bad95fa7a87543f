"""The calendar and the chart of a plan: read back by the rules of RFC 5545, and the same as its table."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

import pytest

from portico.dossier import permits_plain
from portico.dossier.permits_calendar import calendar
from portico.dossier.permits_gantt import as_lines, chart, rows, span
from portico.permits.answers import given
from portico.permits.kept import pack_of, project_of
from portico.permits.sited import plan_at
from portico.translation import Translator

FILED = date(2027, 1, 11)
STAMP = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan(torino_territory):
    pack = pack_of(torino_territory.folder)
    project = project_of(torino_territory.folder, "battery-module-plant", pack)
    made = plan_at(pack, torino_territory, torino_territory.site("scalo-lingotto"), given(project), FILED)
    name = "Plant; 1, “è” \\ \n new" + "ù" * 60
    return permits_plain.plan(made, Translator("it"), name=name, site="scalo-lingotto")


def read_back(raw):
    """Read a calendar as RFC 5545 says: unfold (3.1), split into properties, undo the escapes of texts (3.3.11)."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    events, head, event = [], {}, None
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            events.append(event)
            event = None
        else:
            where = head if event is None else event
            assert name not in where or name in ("BEGIN", "END")
            where[name] = unescaped(value)
    return head, events


def unescaped(text):
    made, letters = "", iter(text)
    for letter in letters:
        made += {"n": "\n", "N": "\n"}.get(after := next(letters), after) if letter == "\\" else letter
    return made


def test_a_calendar_reads_back_as_the_dates_of_the_plan(plan):
    head, events = read_back(calendar(plan, Translator("it"), STAMP))
    assert (head["VERSION"], head["BEGIN"], head["END"]) == ("2.0", "VCALENDAR", "VCALENDAR")
    assert head["X-WR-CALNAME"] == plan["project"]
    assert len({one["UID"] for one in events}) == len(events)
    assert {one["DTSTAMP"] for one in events} == {"20261122T093000Z"}
    live = [one for one in plan["needed"] if one["dates"] and one["dates"]["sure"]]
    filed = {one["UID"].split("-")[1]: one for one in events if one["SUMMARY"].startswith("Presentare: ")}
    assert len(filed) == len(live) > 10
    for one in live:
        event = filed[one["id"]]
        assert one["title"] in event["SUMMARY"]
        assert event["DTSTART;VALUE=DATE"] == f"{one['dates']['filed']:%Y%m%d}"
        assert one["authority"] in event["DESCRIPTION"]
        assert plan["disclaimer"] in event["DESCRIPTION"]
        assert ("a memoria" in event["SUMMARY"]) is one["recalled"]
    assert set(filed) == {one["id"] for one in live}  # what is perhaps needed has no entry
    ends = [one["SUMMARY"] for one in events if one["SUMMARY"].startswith("Al più presto: ")]
    assert len(ends) == len(plan["milestones"])


def test_a_calendar_made_again_is_the_same_to_the_byte_and_another_plan_has_other_ids(plan):
    say = Translator("it")
    assert calendar(plan, say, STAMP) == calendar(plan, say, STAMP)
    other = calendar({**plan, "site": "vado"}, say, STAMP)
    ids = [{one["UID"] for one in read_back(raw)[1]} for raw in (calendar(plan, say, STAMP), other)]
    assert not ids[0] & ids[1]


def test_a_chart_has_a_bar_for_each_row_within_its_frame(plan):
    every = rows(plan)
    assert [one.id for one in every if one.is_milestone] == list(plan["milestones"])
    drawn = ET.fromstring(chart(plan, Translator("it")))  # noqa: S314 - made here
    width = float(drawn.get("width"))
    space = "{http://www.w3.org/2000/svg}"
    bars = drawn.findall(f"{space}rect")
    assert len(bars) >= len([one for one in every if not one.is_milestone])
    assert all(0 <= float(one.get("x")) <= float(one.get("x")) + float(one.get("width")) <= width for one in bars)
    assert drawn.get("role") == "img"
    assert drawn.find(f"{space}title").text
    begun, last = span(every, FILED)
    assert begun == FILED <= last


@pytest.mark.parametrize("width", [80, 40, 200])
def test_a_chart_in_the_terminal_keeps_its_width_and_marks_what_is_sure_perhaps_open_and_recalled(plan, width):
    lines = as_lines(plan, Translator("en"), width)
    assert max(map(len, lines)) <= width
    every = rows(plan)
    assert len(lines) >= len(every) > 10
    named = min(30, width // 3) + 1
    for one, line in zip(every, lines, strict=False):
        bar = line[named:].strip()
        assert (">" in bar) is (one.latest is None)
        assert ("?" in bar) is not one.is_sure
        assert ("#" in bar) is (one.is_sure and one.is_critical and not one.is_milestone)


def test_a_plan_of_which_nothing_is_needed_still_has_a_chart_and_a_calendar(plan):
    empty = {**plan, "needed": [], "perhaps": [], "optional": [], "dates": {}, "milestones": {}}
    assert read_back(calendar(empty, Translator("en"), STAMP))[1] == []
    assert ET.fromstring(chart(empty, Translator("en"))).get("role") == "img"  # noqa: S314 - made here
    assert as_lines(empty, Translator("en"))
