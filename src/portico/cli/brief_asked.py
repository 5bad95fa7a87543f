"""Questions on the terminal, or answered from a pipe: one line each, on standard error, so that results stay apart."""

from __future__ import annotations

import sys

from rich.markup import escape

from portico.cli.lines import typed_line
from portico.cli.show import err
from portico.match.faults import LONGEST
from portico.match.interview import Asking
from portico.match.model import Activity
from portico.messages import Message
from portico.translation import Translator


class Terminal:
    """Asks on the terminal; ``silent``: asks nothing, so that what is proposed holds."""

    def __init__(self, say: Translator, *, silent: bool) -> None:
        """Speak as ``say``."""
        self._say, self._silent = say, silent
        self._console = err()
        self._lines = 0
        self.was_asked = False

    def activity(self) -> str:
        """Ask for the activity, by which the preset is chosen."""
        known = tuple(one.value for one in Activity)
        asking = Asking("activity", Message("ask.activity"), known[0], known, "activity")
        while True:
            text = (self.ask(asking) or "").strip() or asking.proposed
            if text in known:
                self.was_asked = True
                return text
            self.tell(Message("interview-choices", {"words": known}))

    def ask(self, asking: Asking) -> str | None:
        """Return a line, or nothing where none is left. Raises InputError for one that is no text."""
        if self._silent:
            return None
        if not self._lines:
            self._console.print(self._say("interview-head"), style="dim", markup=False)
        words = [f"[bold]{escape(self._say(asking.words))}[/]"]
        if asking.choices:
            words.append(f"[dim]{escape(', '.join(self._word(asking, one) for one in asking.choices))}[/]")
        words.append(f"[cyan]{escape(f'[{asking.proposed}]')}[/] ")
        self._console.print(" ".join(words), end="")
        line = typed_line(self._lines + 1, LONGEST * 4)
        self._lines += 1
        if not sys.stdin.isatty():
            self._console.print()
        if not line:
            self._silent = True
            return None
        return line

    def _word(self, asking: Asking, word: str) -> str:
        said = self._say.word(asking.vocabulary, word)
        return word if said in (word, word.replace("-", " ")) else f"{word} ({said})"

    def tell(self, fault: Message) -> None:
        """Say why an answer was none."""
        self._console.print(f"  {self._say(fault)}", style="yellow", markup=False)
