"""Kernels compiled to machine code. Modules that use this are imported by the functions that need them (1 s)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """Compile ``kernel`` when it is first called; kept on the disk where a cache folder can be written.

    The interpreter's lock is released while it runs, so that threads share the work. Overflow of integers is not
    noticed: costs stay below ``nearby.UNREACHED``.
    """
    try:
        made: Kernel = numba.njit(cache=True, nogil=True)(kernel)
    except RuntimeError:  # no folder for the cache: compiled again by every process
        made = numba.njit(nogil=True)(kernel)
    return made


def inlined(kernel: Kernel) -> Kernel:
    """Compile ``kernel`` as a part of each kernel that calls it.

    A call hands over every array it is given in seven words; where little is done in it, handing over costs more.
    """
    made: Kernel = numba.njit(nogil=True, inline="always")(kernel)
    return made
