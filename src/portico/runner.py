"""One function, many items: here, or in local processes.

A ``Runner`` gives one ``Outcome`` for each item, in the order of the items. An item that fails is a result like any
other: the error is recorded, the rest goes on. Whoever calls commits what came out; a kernel writes beside its place
and renames, for it may run twice on one item.

The port is made so that machines in a cluster fit behind it (Spark, as an extra, comes later): kernels are importable
functions, items and results can be pickled, nothing is shared, and ``attempt`` never raises, since one exception ends a
whole job there: ``parallelize(items).map(partial(attempt, kernel)).toLocalIterator()``.

``Processes`` keeps a pipe to each worker instead of using the standard library's pool: there, one worker that dies
breaks the pool, nobody knows which item it held, and running work cannot be ended.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, Protocol, TypeVar

from portico.errors import PorticoError, RejectedError, StateError
from portico.messages import Finding, Message

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Told how many items are done, and of how many."""

_MOST_IN_A_TASK = 32
_TASKS_A_WORKER = 4
_DEATHS = 2
_FAILED_STARTS = 3
_PATIENCE_S = 2.0
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """Why an item failed: what to say of it, the findings of a rejection, and for the log the trace of a surprise."""

    message: Message
    findings: tuple[Finding, ...] = ()
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What became of ``item``: a value, or the error that kept it from one."""

    item: Item
    value: Result | None = None
    error: ErrorReport | None = None


class Runner(Protocol):
    """Applies a kernel to items."""

    def map(
        self, kernel: Callable[[Item], Result], items: Sequence[Item], progress: Progress | None = None
    ) -> Iterator[Outcome[Item, Result]]:
        """Yield the outcome of ``kernel`` for each of ``items``, in their order; ``progress`` hears as they finish.

        Nothing runs before the first outcome is asked for; who stops asking stops the work. Raises TypeError for a
        kernel that other processes could not import: a lambda, or a function inside a function.
        """
        ...


def attempt(kernel: Callable[[Item], Result], item: Item) -> Outcome[Item, Result]:
    """Return what ``kernel`` makes of ``item``, or the record of what it raised. Interruption is not held back.

    >>> attempt(len, "four").value, attempt(int, "four").error.message.values["kind"]
    (4, 'ValueError')
    """
    try:
        return Outcome(item, kernel(item))
    except PorticoError as error:
        findings = error.findings if isinstance(error, RejectedError) else ()
        return Outcome(item, error=ErrorReport(Message(error.message_id, dict(error.values)), findings))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - recorded: one item must not cost the others
        detail = str(error)[:_LONGEST_DETAIL]
        message = Message("runner-unforeseen", {"kind": type(error).__name__, "detail": detail})
        return Outcome(item, error=ErrorReport(message, trace=traceback.format_exc()))


class Here:
    """Runs the items one after another in this process."""

    def map(
        self, kernel: Callable[[Item], Result], items: Sequence[Item], progress: Progress | None = None
    ) -> Iterator[Outcome[Item, Result]]:
        """As the port says."""
        _packed_kernel(kernel)
        return self._map(kernel, items, progress)

    def _map(
        self, kernel: Callable[[Item], Result], items: Sequence[Item], progress: Progress | None
    ) -> Iterator[Outcome[Item, Result]]:
        for done, item in enumerate(items, start=1):
            outcome = attempt(kernel, item)
            if progress is not None:
                progress(done, len(items))
            yield outcome


class Processes:
    """Runs the items in ``count`` processes of this machine, as many as it lends us cores where none is said.

    A task holds several items, fewer towards the end. A worker that dies costs the item it worked on a second try,
    alone in a fresh process; if that dies too, the item has failed. Workers start afresh (spawn), may not start
    processes of their own, and end with this process however it ends.
    """

    def __init__(self, count: int | None = None) -> None:
        """Use ``count`` processes. Raises ValueError for less than one."""
        if count is not None and count < 1:
            raise ValueError(count)
        self._count = count

    def map(
        self, kernel: Callable[[Item], Result], items: Sequence[Item], progress: Progress | None = None
    ) -> Iterator[Outcome[Item, Result]]:
        """As the port says; StateError where no process can be started."""
        count = min(self._count or _cores(), max(len(items), 1))
        return _Run(_packed_kernel(kernel), items, count, progress).outcomes()


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, and the items it holds: the first is the one it works on."""

    process: SpawnProcess
    pipe: Connection
    is_ready: bool = False
    held: deque[int] = field(default_factory=deque)

    def end(self) -> None:
        """End the process: an idle one goes by itself when its pipe ends, a busy one is not waited for."""
        self.pipe.close()
        if self.held or not self.is_ready:
            self.process.terminate()
        self.process.join(_PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class _Run(Generic[Item, Result]):
    """One call of ``Processes.map``."""

    def __init__(self, kernel: bytes, items: Sequence[Item], count: int, progress: Progress | None) -> None:
        self._kernel = kernel
        self._items = items
        self._count = count
        self._progress = progress
        self._workers: list[_Worker] = []
        self._waiting = deque(range(len(items)))
        self._suspects: deque[int] = deque()
        self._deaths: dict[int, int] = {}
        self._failed_starts = 0
        self._ready: dict[int, Outcome[Item, Result]] = {}
        self._done = 0

    def outcomes(self) -> Iterator[Outcome[Item, Result]]:
        """Yield the outcomes in order; end the workers when all is done or nobody asks any more."""
        try:
            for index in range(len(self._items)):
                while index not in self._ready:
                    self._employ()
                    if index not in self._ready:
                        self._listen()
                yield self._ready.pop(index)
        finally:
            for worker in self._workers:
                worker.end()

    def _employ(self) -> None:
        """Start the workers that are missing and give each idle one a task; a suspect goes to a fresh worker, alone."""
        idle = [worker for worker in self._workers if worker.is_ready and not worker.held]
        for worker in idle:
            self._give(worker)
        open_items = len(self._waiting) + len(self._suspects) + sum(len(worker.held) for worker in self._workers)
        while len(self._workers) < min(self._count, open_items):
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._kernel), name="portico-worker", daemon=True)
        try:
            process.start()
        except OSError as error:
            ours.close()
            raise StateError("runner-cannot-start") from error
        finally:
            theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker, *, is_fresh: bool = False) -> None:
        """Send ``worker`` a task; one for which only suspects are left makes room for a fresh worker."""
        task: list[bytes] = []
        size = max(1, min(_MOST_IN_A_TASK, len(self._waiting) // (self._count * _TASKS_A_WORKER)))
        while self._suspects and is_fresh and not task:
            self._pack(self._suspects.popleft(), worker, task)
        alone = bool(task)
        while self._waiting and not alone and len(task) < size:
            self._pack(self._waiting.popleft(), worker, task)
        if task:
            with contextlib.suppress(OSError):  # it has died just now: heard of in a moment, by the end of its pipe
                worker.pipe.send(task)
        elif self._suspects:
            self._workers.remove(worker)
            worker.end()

    def _pack(self, index: int, worker: _Worker, task: list[bytes]) -> None:
        packed = attempt(pickle.dumps, self._items[index])
        if packed.value is None:
            self._finished(index, Outcome(self._items[index], error=packed.error))
        else:
            worker.held.append(index)
            task.append(packed.value)

    def _listen(self) -> None:
        """Wait until some worker says something or dies, and take it down."""
        heard = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in heard]:
            try:
                said = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            if worker.is_ready:
                index = worker.held.popleft()
                unpacked = attempt(pickle.loads, said)
                value, error = unpacked.value or (None, unpacked.error)
                self._finished(index, Outcome(self._items[index], value, error))
            else:
                worker.is_ready, self._failed_starts = True, 0
                self._give(worker, is_fresh=True)

    def _bury(self, worker: _Worker) -> None:
        """Take note of a worker that died: what it worked on is suspect, what it held beside goes back."""
        self._workers.remove(worker)
        worker.process.join(_PATIENCE_S)
        code = worker.process.exitcode
        held = list(worker.held)
        worker.end()
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise StateError("runner-cannot-start")
        if not held:
            return
        suspect, *others = held
        self._waiting.extendleft(reversed(others))
        self._deaths[suspect] = self._deaths.get(suspect, 0) + 1
        if self._deaths[suspect] < _DEATHS:
            self._suspects.append(suspect)
            return
        message = Message("runner-crashed", {"detail": _how_it_ended(code)})
        self._finished(suspect, Outcome(self._items[suspect], error=ErrorReport(message)))

    def _finished(self, index: int, outcome: Outcome[Item, Result]) -> None:
        self._ready[index] = outcome
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, len(self._items))


def _work(pipe: Connection, packed_kernel: bytes) -> None:
    """What a worker does: say that it is there, then answer each item of each task, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is for the one who started us: he ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    answer = functools.partial(_answer, packed_kernel)
    try:
        pipe.send_bytes(b"ready")
        while True:
            for packed in pipe.recv():
                pipe.send_bytes(answer(packed))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _answer(packed_kernel: bytes, packed_item: bytes) -> bytes:
    """Return the pickled value and error of one item; what cannot be pickled becomes an error that can."""
    outcome = attempt(_unpack_and_run, (packed_kernel, packed_item))
    sent = attempt(pickle.dumps, (outcome.value, outcome.error))
    if sent.value is not None:
        return sent.value
    report = outcome.error or sent.error
    if report is not None:
        values = {name: str(value) for name, value in report.message.values.items()}
        report = replace(report, message=replace(report.message, values=values), findings=())
    return pickle.dumps((None, report))


def _unpack_and_run(packed: tuple[bytes, bytes]) -> Any:  # noqa: ANN401 - whatever the kernel returns
    kernel, item = (pickle.loads(one) for one in packed)  # noqa: S301 - written by our own parent
    return kernel(item)


def _packed_kernel(kernel: Callable[[Any], Any]) -> bytes:
    try:
        return pickle.dumps(kernel)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(f"{kernel!r} is not an importable function") from error


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit {code}"
    return signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
