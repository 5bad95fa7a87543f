"""Permits beside the same conditions read by Python itself: a plan, the next question, a reform over many projects."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from benchmarks.measure import Result, median_s
from portico.city.model import Calendar
from portico.messages import Text
from portico.permits import pack as packs
from portico.permits.answers import given, read
from portico.permits.asking import questions
from portico.permits.model import Answers, AttributeKind, Group, Pack, Value
from portico.permits.needs import needs
from portico.permits.plan import plan
from portico.permits.reform import Project, effect
from portico.permits.rules import knowledge, outcome
from portico.permits.whatif import Change, Kind, WhatIf

_CITY = Path(__file__).resolve().parents[1] / "cities" / "torino"
_FILED = date(2026, 11, 23)
_CALENDAR = Calendar("IT", "06-24")
_PROJECTS = 1_000


def results() -> Iterator[Result]:
    """Yield each promise of speed, every project another one."""
    pack = packs.of_city(_CITY)
    made = _portfolio(pack, random.Random(1))
    whole = [one.default if one.default is not None else 0 for one in pack.attributes.values()]
    names = dict(zip(pack.attributes, whole, strict=True))
    codes = [compile(_python(one.condition), one.procedure, "eval") for one in pack.triggers]

    def bare() -> None:
        for code in codes * 100:
            eval(code, {"__builtins__": {}}, names)  # noqa: S307 - the pack's own conditions, as a yardstick

    reference = "the conditions of 100 whole projects by Python's eval"
    base = median_s(bare, 25)
    for name, run, promise in (
        (
            "every condition of a project, half answered",
            lambda one: outcome(pack, knowledge(pack, one), _FILED),
            "2 ms",
        ),
        ("needs, with every reason", lambda one: needs(pack, one, _FILED), "–"),
        ("the next questions", lambda one: questions(pack, one, _FILED), "50 ms"),
        ("a whole plan", lambda one: plan(pack, one, _FILED, _CALENDAR), "30 ms"),
    ):
        yield Result(name, median_s(_over(made, run), 200, warm=5), reference, base, promise)
    portfolio = [Project(str(number), one) for number, one in enumerate(made)]
    reform = WhatIf(
        title=Text(en="A reform"),
        changes=(
            Change(kind=Kind.SHORTEN, procedure="ENV_AUA", days=60),
            Change(kind=Kind.REMOVE, procedure="ENV_NOISE_IMPACT"),
        ),
    )
    took = median_s(lambda: effect(pack, reform, portfolio, _FILED, _CALENDAR), 1, warm=0)
    yield Result("a reform of two changes over 1,000 projects", took, reference, base, "5 s")


def _over(made: list[Answers], run: Callable[[Answers], object]) -> Callable[[], object]:
    """Return a run that takes another project each time."""
    left = iter(made * 2)
    return lambda: run(next(left))


def _python(condition: str) -> str:
    return condition.replace("true", "True").replace("false", "False")


def _portfolio(pack: Pack, chance: random.Random) -> list[Answers]:
    """Return projects like those of the city, each with some answers changed and some taken away."""
    known = [given(read(path, pack)).values for path in sorted((_CITY / "projects").glob("*.toml"))]
    asked = [one for one in pack.attributes.values() if one.group in (Group.PROFILE, Group.SITE)]
    made = []
    for number in range(_PROJECTS):
        answers: dict[str, Value] = dict(known[number % len(known)])
        for one in chance.sample(asked, 12):
            choices: tuple[Value, ...] = one.words or (
                (True, False) if one.kind is AttributeKind.YES_NO else (0.0, 10.0, 300.0)
            )
            answers[one.name] = chance.choice(choices)
        gone = set(chance.sample([one.name for one in asked], len(asked) // 4))
        made.append(Answers({name: value for name, value in answers.items() if name not in gone}))
    return made
