"""A memory of what was asked for lately, shared between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Lately:
    """Keeps the answers that were asked for last, at most so many.

    >>> kept = Lately(2)
    >>> [kept.get(key, lambda: len(key)) for key in ("one", "three", "one", "twelve", "three")]
    [3, 5, 3, 6, 5]
    >>> len(kept)
    2
    """

    def __init__(self, most: int) -> None:
        """Keep ``most`` answers."""
        self._most = most
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], object]) -> object:
        """Return the answer to ``key``, made by ``make`` where it is not kept.

        Two threads that ask for the same at once may both make it; making goes on outside the lock.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
