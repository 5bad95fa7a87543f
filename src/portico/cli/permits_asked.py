"""The interview on permits: one question a line, on a terminal or from a pipe; what is asked follows the answers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console
from rich.markup import escape

from portico.cli.lines import typed_line
from portico.cli.show import err
from portico.errors import InputError
from portico.messages import Message
from portico.permits import answers as projects
from portico.permits.answers import Project, fault_of, given
from portico.permits.asking import Question
from portico.permits.model import Attribute, AttributeKind, Pack, Value
from portico.permits.plan import Plan
from portico.permits.typed import number_in
from portico.translation import Translator

_LONGEST = 1_000
_WHY, _BACK, _STOP = "?", "-", "."
_YES = {"en": ("yes", "y", "true"), "it": ("sì", "si", "s", "yes", "true")}
_NO = {"en": ("no", "n", "false"), "it": ("no", "n", "false")}


@dataclass(frozen=True, slots=True)
class Doing:
    """What an interview does with a project: plan it, and save it after every answer, so that nothing is lost."""

    plan: Callable[[Project], Plan]
    save: Callable[[Project], None]


def interview(pack: Pack, start: Project, doing: Doing, say: Translator) -> Project:
    """Ask until nothing is left that could change the plan, or no line is left; return the project with the answers."""
    return _Interview(pack, start, doing, say).run()


class _Interview:
    def __init__(self, pack: Pack, start: Project, doing: Doing, say: Translator) -> None:
        self.pack = pack
        self.project = start
        self.doing = doing
        self.say = say
        self.console: Console = err()
        self.skipped: set[str] = set()
        self.asked: list[str] = []
        self.lines = 0

    def run(self) -> Project:
        """Ask, one question after the other."""
        self._tell("permits-ask-head", style="dim")
        while True:
            left = [one for one in self.doing.plan(self.project).questions if one.attribute.name not in self.skipped]
            if not left:
                self._tell("permits-ask-done", style="dim")
                return self.project
            line = self._line(left[0], len(left))
            if line is None or line == _STOP:
                return self.project
            self._take(left[0], line)

    def _take(self, question: Question, line: str) -> None:
        name = question.attribute.name
        if line == _WHY:
            self._why(question)
        elif line == _BACK:
            self._back()
        elif not line:
            self.skipped.add(name)
            self.asked.append(name)
        else:
            self._answer(question, line)

    def _answer(self, question: Question, line: str) -> None:
        attribute = question.attribute
        value = answer_in(line, question, self.say)
        fault = fault_of(attribute, value) if value is not None else self._hint(question)
        if value is None or fault:
            self.console.print(f"  {self.say(fault or self._hint(question))}", style="yellow", markup=False)
            return
        tried = replace(self.project, answers={**self.project.answers, attribute.name: value})
        wrong = next(projects.contradictions(self.pack, given(tried)), None)
        if wrong:
            self.console.print(f"  {self.say(wrong[1])}", style="yellow", markup=False)
            return
        try:
            self.doing.plan(tried)
        except InputError as error:  # what the register knows does not fit
            self.console.print(f"  {self.say(Message.of(error))}", style="yellow", markup=False)
            return
        self.project = tried
        self.doing.save(tried)
        self.asked.append(attribute.name)

    def _back(self) -> None:
        if self.asked:
            name = self.asked.pop()
            self.skipped.discard(name)
            kept = {key: value for key, value in self.project.answers.items() if key != name}
            self.project = replace(self.project, answers=kept)
            self.doing.save(self.project)

    def _why(self, question: Question) -> None:
        self.console.print(f"  {self.say(question.why)}", style="dim", markup=False)
        for one in question.thresholds:
            number = " ".join(part for part in (one.operator, one.threshold, self.say(one.unit)) if part)
            text = f"  {self.say(one.value)}: {self.say(one.what)} {number} ({one.basis})"
            self.console.print(text, style="dim", markup=False)

    def _hint(self, question: Question) -> Message:
        attribute = question.attribute
        if attribute.kind is AttributeKind.YES_NO:
            return Message("permits-ask-yes-no")
        if attribute.kind is AttributeKind.WORD:
            return Message("permits-ask-choices", {"words": question.words})
        low = "–" if attribute.least is None else attribute.least
        high = "–" if attribute.most is None else attribute.most
        return Message("permits-ask-number", {"low": low, "high": high, "whole": attribute.whole})

    def _line(self, question: Question, left: int) -> str | None:
        """Return what was answered, nothing where no line is left. Raises InputError for one that is no text."""
        asked = question.attribute
        self._tell("permits-ask-left", style="dim", count=left)
        unit = f" [dim]({escape(self.say(asked.measure))})[/]" if asked.unit else ""
        self.console.print(f"[bold]{escape(self.say(asked.question))}[/]{unit}")
        for word in question.words:
            label = self.say(asked.labels[word]) if word in asked.labels else ""
            self.console.print(f"  [cyan]{escape(word)}[/]  {escape(label)}")
        self.console.print("[cyan]>[/] ", end="")
        line = typed_line(self.lines + 1, _LONGEST)
        self.lines += 1
        if not sys.stdin.isatty():
            self.console.print()
        return line.strip() if line else None

    def _tell(self, message: str, style: str, **values: object) -> None:
        self.console.print(self.say(Message(message, values)), style=style, markup=False)


def answer_in(line: str, question: Question, say: Translator) -> Value | None:
    """Return the answer that a line gives: a word or its label, yes or no in the language, a number; None: none."""
    attribute, text = question.attribute, line.casefold()
    if attribute.kind is AttributeKind.YES_NO:
        if text in _YES.get(say.language, ()):
            return True
        return False if text in _NO.get(say.language, ()) else None
    if attribute.kind is AttributeKind.WORD:
        return _word(text, attribute, question.words, say)
    return number_in(text, say.language)


def _word(text: str, attribute: Attribute, words: tuple[str, ...], say: Translator) -> str | None:
    for word in words:
        label = say(attribute.labels[word]).casefold() if word in attribute.labels else ""
        if text in (word.casefold(), label):
            return word
    return None
