"""One function, many items. Every runner passes the same suite; what only processes can do follows."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import kernels
from tests.shared import ROOT

from portico.errors import StateError
from portico.messages import Message
from portico.runner import Here, Outcome, Processes, Runner, attempt

RUNNERS = {"here": Here(), "processes": Processes(2), "one-process": Processes(1)}


@pytest.fixture(params=list(RUNNERS))
def runner(request) -> Runner:
    return RUNNERS[request.param]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split(")")[-1].split()[0] != "Z"


def eventually(is_so, seconds=60.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.02)
    return is_so()


# --- what every runner does ---


def test_each_item_has_its_outcome_in_the_order_of_the_items(runner):
    outcomes = list(runner.map(kernels.doubled, range(100)))
    assert outcomes == [Outcome(item, item * 2) for item in range(100)]


def test_no_items_give_no_outcomes(runner):
    assert list(runner.map(kernels.doubled, [])) == []


def test_an_item_that_fails_is_one_result_and_the_others_go_on(runner):
    outcomes = list(runner.map(kernels.choosy, range(6)))
    assert [outcome.value for outcome in outcomes] == [0, None, None, None, None, 5]
    assert [outcome.error is None for outcome in outcomes] == [True, False, False, False, False, True]
    assert [outcome.item for outcome in outcomes] == list(range(6))


def test_an_error_of_the_tree_keeps_its_message_and_findings(runner):
    outcomes = list(runner.map(kernels.choosy, range(6)))
    assert outcomes[1].error.message == Message("file-too-large", {"file": "a.csv", "limit": 7})
    assert outcomes[1].error.trace == ""
    assert outcomes[3].error.message.values == {"file": "a.csv", "count": 1}
    assert [finding.place.row for finding in outcomes[3].error.findings] == [3]


def test_a_surprise_is_recorded_with_its_kind_and_trace(runner):
    outcomes = list(runner.map(kernels.choosy, range(6)))
    assert outcomes[2].error.message == Message("runner-unforeseen", {"kind": "ZeroDivisionError", "detail": "by zero"})
    assert "choosy" in outcomes[2].error.trace
    assert outcomes[4].error.message.values["kind"] == "SystemExit"


def test_progress_is_heard_once_for_each_item(runner):
    heard = []
    list(runner.map(kernels.slowest_first, range(20), lambda done, of: heard.append((done, of))))
    assert heard == [(done, 20) for done in range(1, 21)]


def test_a_kernel_with_fixed_arguments_will_do(runner):
    outcomes = runner.map(functools.partial(pow, 2), [1, 2, 3])
    assert [outcome.value for outcome in outcomes] == [2, 4, 8]


def test_a_kernel_that_others_cannot_import_is_refused_at_once(runner):
    def inner(item):
        return item

    for kernel in (inner, lambda item: item):
        with pytest.raises(TypeError, match="not an importable function"):
            runner.map(kernel, [1])


def test_nothing_runs_before_it_is_asked_for(runner, tmp_path):
    log = tmp_path / "log"
    outcomes = runner.map(kernels.deadly, [("a", str(log))])
    assert not log.exists()
    assert next(outcomes).value == "a"


def test_a_runner_serves_again(runner):
    first, second = (list(runner.map(kernels.doubled, [1, 2])) for _ in range(2))
    assert first == second


def test_who_stops_asking_stops_the_work(runner, tmp_path):
    log = tmp_path / "log"
    outcomes = runner.map(kernels.deadly, [(f"item{number}", str(log)) for number in range(2_000)])
    assert next(outcomes).value == "item0"
    outcomes.close()
    assert log.read_text().count("item") < 2_000
    workers = {int(line.split()[1]) for line in log.read_text().splitlines()} - {os.getpid()}
    assert eventually(lambda: not any(is_alive(worker) for worker in workers))


# --- what only processes can do ---


def test_the_slow_first_item_holds_back_the_order_not_the_work():
    assert [outcome.value for outcome in Processes(2).map(kernels.slowest_first, range(50))] == list(range(50))


def test_small_items_share_a_few_processes():
    pids = {outcome.value for outcome in Processes(2).map(kernels.pid, range(60))}
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids


def test_no_more_processes_than_items_are_started():
    assert len({outcome.value for outcome in Processes(8).map(kernels.pid, range(1))}) == 1


@pytest.mark.parametrize(("command", "ended"), [("exit", "exit 3"), ("kill", "SIGKILL")])
def test_an_item_that_ends_its_process_fails_alone_after_a_second_try(tmp_path, command, ended):
    log = tmp_path / "log"
    commands = [*(f"good{number}" for number in range(40)), command, *(f"fine{number}" for number in range(40))]
    outcomes = list(Processes(2).map(kernels.deadly, [(one, str(log)) for one in commands]))
    assert [outcome.value for outcome in outcomes] == [None if one == command else one for one in commands]
    assert outcomes[40].error.message == Message("runner-crashed", {"detail": ended})
    ran = [line.split()[0] for line in log.read_text().splitlines()]
    assert ran.count(command) == 2
    assert sorted(set(ran)) == sorted(commands)
    assert len(ran) == len(commands) + 1  # nothing but the suspect ran twice


@pytest.mark.parametrize("count", [1, 2])
def test_an_item_whose_process_was_killed_by_chance_succeeds_at_the_second_try_in_a_fresh_process(tmp_path, count):
    log = tmp_path / "log"
    commands = ["a", "once1", "b", "once2", "c", *(f"good{number}" for number in range(30))]
    outcomes = list(Processes(count).map(kernels.deadly, [(one, str(log)) for one in commands]))
    assert [outcome.value for outcome in outcomes] == commands
    lines = [line.split() for line in log.read_text().splitlines()]
    for suspect in ("once1", "once2"):
        first, second = [process for name, process in lines if name == suspect]
        assert first != second
        assert [process for _, process in lines].index(second) == lines.index([suspect, second])


def test_items_that_all_end_their_process_all_fail(tmp_path):
    log = str(tmp_path / "log")
    heard = []
    outcomes = list(Processes(2).map(kernels.deadly, [("exit", log)] * 4, lambda *said: heard.append(said)))
    assert {outcome.error.message.id for outcome in outcomes} == {"runner-crashed"}
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_cannot_travel_is_one_failed_item():
    back = list(Processes(1).map(kernels.unpicklable, [0, 1, 2]))
    assert [outcome.value for outcome in back] == [0, None, 2]
    assert back[1].error.message.id == "runner-unforeseen"
    there = list(Processes(1).map(kernels.doubled, [lambda: 0] * 50 + [3]))
    assert [outcome.error is None for outcome in there] == [False] * 50 + [True]
    assert there[-1].value == 6
    half = list(Processes(1).map(kernels.one_way, [0, 1, 2]))
    assert [outcome.value for outcome in half] == [0, None, 2]


def test_an_error_whose_values_do_not_travel_arrives_as_text():
    (outcome,) = Processes(1).map(kernels.noisy_error, [1])
    assert outcome.error.message.id == "file-too-large"
    assert outcome.error.message.values["limit"] == "1"


def test_workers_that_never_start_are_said_so_instead_of_tried_for_ever(tmp_path):
    """A program without a main guard starts itself again in every worker, which spawn refuses."""
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from tests.kernels import doubled\nfrom portico.runner import Processes\n"
        "from portico.errors import StateError\n"
        "try:\n    list(Processes(2).map(doubled, [1, 2, 3]))\n"
        "except StateError as error:\n    print(error.message_id)\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    ran = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["runner-cannot-start"]


def test_a_machine_that_refuses_processes_is_said_so(monkeypatch):
    def refuse(self):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    with pytest.raises(StateError) as caught:
        list(Processes(2).map(kernels.doubled, [1]))
    assert caught.value.message_id == "runner-cannot-start"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_or_killed_it_leaves_no_process_behind(tmp_path, sent):
    script = tmp_path / "interrupted.py"
    script.write_text(
        "import sys\nfrom tests.kernels import waits_for_ever\nfrom portico.runner import Processes\n"
        "if __name__ == '__main__':\n"
        "    try:\n        list(Processes(2).map(waits_for_ever, [sys.argv[1]] * 6))\n"
        "    except KeyboardInterrupt:\n        print('interrupted')\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    with subprocess.Popen(
        [sys.executable, script, tmp_path], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert eventually(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
        workers = [int(path.stem) for path in tmp_path.glob("*.pid")]
        if sent is signal.SIGINT:
            os.killpg(process.pid, sent)  # as a terminal does: to everyone in the foreground
        else:
            process.send_signal(sent)
        out, err = process.communicate(timeout=20)
    assert eventually(lambda: not any(is_alive(worker) for worker in workers))
    if sent is signal.SIGINT:
        assert (out, err) == ("interrupted\n", "")


def test_less_than_one_process_is_no_number():
    with pytest.raises(ValueError, match="0"):
        Processes(0)


def test_the_usual_number_of_processes_serves():
    assert [outcome.value for outcome in Processes().map(kernels.doubled, [1, 2])] == [2, 4]


@settings(max_examples=5)
@given(st.lists(st.integers(0, 6), max_size=70), st.integers(1, 3))
def test_processes_give_what_here_gives(items, count):
    def plain(outcomes):
        return [(one.item, one.value, one.error and one.error.message) for one in outcomes]

    assert plain(Processes(count).map(kernels.choosy, items)) == plain(Here().map(kernels.choosy, items))


def test_an_interruption_is_not_held_back():
    def interrupted(item):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, 1)
