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
