"""The error tree. Domain code raises these; a door turns each into a sentence, an exit code or an HTTP problem.

::

    PorticoError
    ├── UsageError            asked in the wrong way: a name, a place or an option that is not there     (exit 2)
    │   ├── CityNotFoundError     no city folder where one was looked for
    │   └── UnknownNameError      a brief, site, dataset or version nobody knows
    ├── InputError            what was given cannot be read or breaks its rules; nothing was changed     (exit 1)
    │   └── RejectedError         many faults found at once, each with its place and advice
    └── StateError            the working state cannot serve: not built, read-only, in use, damaged      (exit 1)
        ├── NotBuiltError         the city's data was never built
        ├── ConflictError         somebody else published first
        └── EngineError           a part of the installation is missing or does not fit

An error carries the id of a message and its values, never a finished sentence: the catalogues in
``locale/`` hold the words.
"""

from __future__ import annotations

from typing import Any


class PorticoError(Exception):
    """The root: a message id and the values that go into it.

    >>> PorticoError("brief-unknown", name="batery").values["name"]
    'batery'
    """

    exit_code = 1
    http_status = 500

    def __init__(self, message_id: str, /, **values: object) -> None:
        """Keep the message ``message_id`` and the values its text asks for."""
        self.message_id = message_id
        self.values = values
        super().__init__(message_id, values)


class UsageError(PorticoError):
    """The question was put in the wrong way."""

    exit_code = 2
    http_status = 400


class CityNotFoundError(UsageError):
    """No city folder where one was looked for."""

    http_status = 404


class UnknownNameError(UsageError):
    """A brief, site, dataset or version that nobody knows."""

    http_status = 404


class InputError(PorticoError):
    """What was given cannot be read or breaks its rules. Nothing was changed."""

    http_status = 422


class RejectedError(InputError):
    """Faults found together; ``findings`` holds each with its place and advice."""

    def __init__(self, message_id: str, findings: tuple[Any, ...], /, **values: object) -> None:
        """Keep all ``findings`` (of ``messages.Finding``, which stands above this file); the message counts them."""
        super().__init__(message_id, count=len(findings), **values)
        self.findings = findings


class StateError(PorticoError):
    """The working state cannot serve."""

    http_status = 503


class NotBuiltError(StateError):
    """The city's data was never built."""


class ConflictError(StateError):
    """Somebody else published first; read again and decide again."""

    http_status = 409


class EngineError(StateError):
    """A part of the installation is missing or does not fit."""
