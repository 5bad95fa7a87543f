"""What a command is called by: where it lives, what it does, how it is called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command: where it lives, what it does, how it is called."""

    place: str
    does: str
    examples: tuple[str, ...]

    @property
    def epilogue(self) -> str:
        """What stands below its help: how it is called."""
        return "Examples:\n\n" + "\n".join(f"    portico {example}" for example in self.examples)
