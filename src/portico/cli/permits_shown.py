"""A plan of permits in the terminal: eighty columns, what is needed first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from portico.cli.show import table
from portico.messages import Message
from portico.translation import Translator

_MARK = "*"


def show(plan: dict[str, Any], say: Translator, console: Console, *, why: bool) -> None:
    """Print a plan, as ``dossier.permits_plain.plan`` gives it; with ``why`` the reason of every procedure."""
    _Shown(plan, say, console, why=why).all()


class _Shown:
    def __init__(self, plan: dict[str, Any], say: Translator, console: Console, *, why: bool) -> None:
        self.plan = plan
        self.say = say
        self.console = console
        self.why = why
        every = ("needed", "perhaps", "not_needed", "optional", "remedies")
        self.titles = {
            one["id"]: one["title"] + (_MARK if one["recalled"] else "") for name in every for one in plan[name]
        }

    def all(self) -> None:
        """Print every part that holds something."""
        self._head()
        live = [one for one in self.plan["needed"] if not one["absorbed_by"]]
        self._procedures("permits-needed", live)
        self._absorbed()
        self._perhaps()
        self._procedures("permits-optional", [one for one in self.plan["optional"] if one["need"] == "needed"])
        self._not_needed()
        self._timeline()
        self._milestones()
        self._incentives()
        self._documents()
        self._foot()

    def line(self, message: str, style: str = "", **values: object) -> None:
        """Print one sentence."""
        self.console.print(self.say(Message(message, values)), style=style or None, markup=False)

    def text(self, text: str, style: str = "", indent: int = 0) -> None:
        """Print a text as it is, all of its lines set in by ``indent``."""
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, indent)))

    def heading(self, message: str, **values: object) -> None:
        """Print a heading after an empty line."""
        self.console.print()
        self.line(message, "bold", **values)

    def _head(self) -> None:
        plan = self.plan
        if plan["site"]:
            self.line("permits-head-site", "bold", name=plan["project"], site=plan["site"])
        else:
            self.line("permits-head", "bold", name=plan["project"])
        pack = plan["pack"]
        self.line(
            "permits-pack",
            disclaimer=pack["disclaimer"],
            title=pack["title"],
            day=pack["as_of"],
            digest=pack["digest"],
        )
        self.line("permits-filed", day=plan["filed"])
        for warning in (*plan["warnings"], *plan["disagreements"]):
            self.text(f"! {warning}", "yellow")
        known = [one for one in plan["answers"] if one["said_by"] not in ("", "investor")]
        if known:
            self.heading("permits-known-head")
            for one in known:
                answers = [self.say.value(answer) for answer in one["answers"]]
                said_by = self.say("said-by." + one["said_by"])
                self.text(f"{one['question']} {' / '.join(answers)} ({said_by})", "", 2)

    def _procedures(self, heading: str, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        self.heading(heading, number=len(rows))
        if not self.why:
            names = ("procedure", "authority", "days", "silence")
            columns = [self.say(f"permits-column.{name}") for name in names]
            self.console.print(table(columns, [self._row(one) for one in rows], numbers=(2,)))
            return
        for one in rows:
            title, authority, days, silence = self._row(one)
            self.text(title, "bold", 2)
            tail = "" if silence == "–" else f" · {self.say('permits-column.silence').lower()}: {silence}"
            self.text(f"{authority} · {days}{tail}", "", 4)
            for reason in one["reasons"]:
                self.text(reason, "dim", 4)

    def _perhaps(self) -> None:
        rows = self.plan["perhaps"]
        if self.why or not rows:
            self._procedures("permits-perhaps", rows)
            return
        self.heading("permits-perhaps", number=len(rows))
        asked = {one["attribute"]: one["question"] for one in self.plan["questions"]}
        columns = [self.say(f"permits-column.{name}") for name in ("procedure", "days", "hangs-on")]
        shown = []
        for one in rows:
            names = [name for name in one["unknown"] if name in asked]
            more = f" (+{len(names) - 1})" if len(names) > 1 else ""
            shown.append((self._row(one)[0], self._days(one["term"]), f"{asked[names[0]]}{more}" if names else "–"))
        self.console.print(table(columns, shown, numbers=(1,)))

    def _row(self, one: dict[str, Any]) -> tuple[str, str, str, str]:
        silence = one["term"]["silence"] if one["term"] else "none"
        return self.titles[one["id"]], one["authority"], self._days(one["term"]), self.say(f"permits-tacit.{silence}")

    def _days(self, term: dict[str, Any] | None) -> str:
        if not term or (term["low"] is None and term["high"] is None):
            return self.say("permits-days-none")
        low, high = term["low"] or 0, term["high"]
        days = f"{low}–{high if high is not None else '?'}" if low != high else f"{low}"
        return self.say(Message("permits-working", {"days": days})) if term["days"] == "working" else days

    def _absorbed(self) -> None:
        rows = [one for one in self.plan["needed"] if one["absorbed_by"]]
        if rows:
            self.heading("permits-absorbed", number=len(rows))
            for one in rows:
                absorber = self.titles.get(one["absorbed_by"], one["absorbed_by"])
                said = Message("permits-in", {"title": self.titles[one["id"]], "absorber": absorber})
                self.text(self.say(said), "", 2)

    def _not_needed(self) -> None:
        rows = self.plan["not_needed"]
        if self.why:
            self._procedures("permits-not-needed-why", rows)
        elif rows:
            self.heading("permits-not-needed", number=len(rows))

    def _timeline(self) -> None:
        """Draw when each sure procedure runs at the earliest, and until when at the latest as far as that is known."""
        begin = self.plan["filed"]
        steps = [(name, one) for name, one in self.plan["dates"].items() if one["sure"] and one["ends"] > begin]
        if not steps:
            return
        end = max(day for _, one in steps for day in (one["ends"], one["latest_end"]) if day)
        self.heading("permits-timeline", until=end)
        rows = [(self.titles.get(name, name), timeline(one, begin, (end - begin).days)) for name, one in steps]
        self.console.print(table(("", ""), rows, header=False))

    def _milestones(self) -> None:
        self.heading("permits-column.critical")
        for one in self.plan["milestones"].values():
            values: dict[str, object] = {"title": one["title"], "least": one["low"], "earliest": one["earliest"]}
            if one["high"] is None:
                unknown = tuple(self.titles.get(name, name) for name in one["without_term"])
                self.text(self.say(Message("permits-milestone-open", values | {"unknown": unknown})))
            else:
                reached = values | {"most": one["high"], "latest": one["latest"]}
                self.text(self.say(Message("permits-milestone", reached)))
            path = [self.titles[name] for name in one["critical_latest"] if name in self.titles]
            if path:
                self.text(" → ".join(path), "dim", 2)

    def _incentives(self) -> None:
        rows = [one for one in self.plan["incentives"] if self.why or one["open"] != "not-open"]
        if rows:
            self.heading("permits-incentives")
            for one in rows:
                mark = _MARK if one["confidence"] == "recalled" else ""
                self.text(f"{one['title']}{mark}: {self.say('permits-open-to.' + one['open'])}", "", 2)
                for reason in one["reasons"]:
                    self.text(reason, "dim", 4)

    def _documents(self) -> None:
        rows = [one for one in self.plan["documents"] if one["asked_by"]]
        if rows:
            self.heading("permits-documents", number=len(rows))
            columns = [self.say("permits-column.document"), self.say("permits-column.asked")]
            shown = [(one["title"], ", ".join(self.titles.get(name, name) for name in one["asked_by"])) for one in rows]
            self.console.print(table(columns, shown))

    def _foot(self) -> None:
        self.console.print()
        if self.plan["questions"]:
            self.line("permits-to-ask", count=len(self.plan["questions"]))
        self.line("permits-recalled", "dim")
        self.text(self.plan["disclaimer"], "dim")


def timeline(step: dict[str, Any], begin: date, days: int, width: int = 36) -> str:
    """Return a procedure as a line: filed and running at the earliest, then until its end at the latest.

    >>> step = {"filed": date(2026, 1, 11), "ends": date(2026, 1, 21), "latest_end": date(2026, 1, 31)}
    >>> timeline(step, date(2026, 1, 1), 40, width=8)
    '··██░░··'
    """
    dates: list[date] = [step["filed"], step["ends"], step["latest_end"] or step["ends"]]
    first, last, late = ((one - begin).days * width // days for one in dates)
    last = max(last, first + 1)
    return ("·" * first + "█" * (last - first) + "░" * max(late - last, 0)).ljust(width, "·")[:width]
