"""Kernels compiled to machine code, when they are first called: importing them does nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Given = TypeVar("Given")
_LOCK = threading.RLock()


class Kernel(Generic[Asked, Given]):
    """A function that is compiled when it is first called, with the kernels of its module that it calls.

    The interpreter's lock is released while it runs, so that threads share the work. Overflow of integers is not
    noticed: costs stay below ``nearby.UNREACHED``.
    """

    def __init__(self, function: Callable[Asked, Given], options: dict[str, Any]) -> None:
        """Compile ``function`` with these ``options`` of numba."""
        self._function = function
        self._options = options
        self._made: Callable[Asked, Given] | None = None
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Asked.args, **named: Asked.kwargs) -> Given:
        """Run the kernel."""
        return self.machine_code()(*arguments, **named)

    def machine_code(self) -> Callable[Asked, Given]:
        """Return what numba made of the function; kept on the disk where a cache folder can be written."""
        with _LOCK:
            if self._made is None:
                around = self._function.__globals__
                for name in self._function.__code__.co_names:
                    if isinstance(around.get(name), Kernel):
                        around[name] = around[name].machine_code()
                self._made = _compiled(self._function, self._options)
            return self._made


def _compiled(function: Callable[Asked, Given], options: dict[str, Any]) -> Callable[Asked, Given]:
    import numba  # noqa: PLC0415 - a second, and only where something is calculated

    try:
        made: Callable[Asked, Given] = numba.njit(nogil=True, **options)(function)
    except RuntimeError:  # no folder for the cache: compiled again by every process
        made = numba.njit(nogil=True, **options | {"cache": False})(function)
    return made


def compiled(function: Callable[Asked, Given]) -> Kernel[Asked, Given]:
    """Compile ``function`` when it is first called."""
    return Kernel(function, {"cache": True})


def inlined(function: Callable[Asked, Given]) -> Kernel[Asked, Given]:
    """Compile ``function`` as a part of each kernel that calls it.

    A call hands over every array it is given in seven words; where little is done in it, handing over costs more.
    """
    return Kernel(function, {"inline": "always"})
