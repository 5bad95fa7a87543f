"""Kernels for the runners: importable by other processes, and light to import."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from portico.errors import InputError, RejectedError
from portico.messages import Finding, Message, Place


def doubled(item: int) -> int:
    return item * 2


def choosy(item: int) -> int:
    """Fails on some, each in another way."""
    if item == 1:
        raise InputError("file-too-large", file="a.csv", limit=7)
    if item == 2:
        raise ZeroDivisionError("by zero")
    if item == 3:
        raise RejectedError("file-too-large", (Finding(Message("stale", {}), Place("a.csv", 3)),), file="a.csv")
    if item == 4:
        sys.exit(9)
    return item


def slowest_first(item: int) -> int:
    time.sleep(0.3 if item == 0 else 0.0)
    return item


def deadly(item: tuple[str, str]) -> str:
    """Leaves a line for each time it ran; ends its process on the word of command."""
    command, log = item
    with Path(log).open("a") as file:
        file.write(f"{command} {os.getpid()}\n")
    if command == "exit":
        os._exit(3)
    if command == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if command.startswith("once") and Path(log).read_text().count(command) == 1:
        os._exit(4)
    return command


def waits_for_ever(item: str) -> None:
    (Path(item) / f"{os.getpid()}.pid").touch()
    time.sleep(60)


def pid(item: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def unpicklable(item: int) -> object:
    return (lambda: item) if item == 1 else item


def noisy_error(item: int) -> int:
    """Raises an error whose values do not travel."""
    raise InputError("file-too-large", file=lambda: item, limit=1)


class NeverComesBack:
    """Can be pickled, not unpickled."""

    def __reduce__(self):
        return (_refuse, ())


def _refuse() -> None:
    raise ValueError("no way back")


def one_way(item: int) -> object:
    return NeverComesBack() if item == 1 else item
