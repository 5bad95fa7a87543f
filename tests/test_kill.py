"""A build that is killed at any moment and run again gives the versions of an undisturbed one."""

import json
import random
import shutil
import signal
import subprocess
import time

import pytest
from tests.commands import PORTICO, environment, portico

from portico import city
from portico.build import lake_of
from portico.lake.queries import heads, history

BUILD = ("build", "--as-of", "2026-11-23")


def versions(folder):
    done = portico("data", "list", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return {one["id"]: one["version"] for one in json.loads(done.stdout)}


def publications(folder):
    opened = city.open(folder)
    lake = lake_of(opened)
    found = {name: len(history(lake, name)) for name in heads(lake)}
    opened.database.close()
    return found


def killed_builds(folder, times, seed):
    chance = random.Random(seed)
    for _ in range(times):
        build = subprocess.Popen(
            [*PORTICO, *BUILD], cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, 2.2))
        build.send_signal(signal.SIGKILL)
        build.wait(timeout=30)


def check_kills(torino_folder, times, seed):
    undisturbed = torino_folder.with_name("undisturbed")
    shutil.copytree(torino_folder, undisturbed)
    assert portico(*BUILD, cwd=undisturbed).returncode == 0
    killed_builds(torino_folder, times, seed)
    assert portico(*BUILD, cwd=torino_folder).returncode == 0
    assert versions(torino_folder) == versions(undisturbed)
    assert publications(torino_folder) == dict.fromkeys(versions(undisturbed), 1)
    assert portico("doctor", cwd=torino_folder).returncode == 0


def test_ten_kills_at_random_moments_change_nothing(torino_folder):
    check_kills(torino_folder, times=10, seed=20261123)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_kills_change_nothing(torino_folder, seed):
    check_kills(torino_folder, times=10, seed=seed)
