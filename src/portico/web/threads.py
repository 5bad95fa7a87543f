"""Handlers of several paths that run in a thread of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from litestar.concurrency import sync_to_thread

P = ParamSpec("P")
T = TypeVar("T")


def threaded(handler: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return ``handler`` as one to wait for, while it runs in a thread.

    The framework's own way (``sync_to_thread=True``) wraps a handler once for each of its paths, and from the second
    on answers with something to wait for: a handler of one path takes that way, one of several this.
    """

    @wraps(handler)
    async def waited(*args: P.args, **values: P.kwargs) -> T:
        return await sync_to_thread(handler, *args, **values)

    return waited
