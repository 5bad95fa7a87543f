"""A Chromium, one server, one folder for screenshots."""

import os
import shutil
from pathlib import Path

import pytest
from tests.serving import served

ARGUMENTS = (
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ["PORTICO_CHROMIUM"], args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def portal(torino, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / "torino"
    shutil.copytree(torino.folder, folder)
    with served(folder) as found:
        yield found


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory):
    named = os.environ.get("PORTICO_SCREENSHOTS")
    place = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    place.mkdir(parents=True, exist_ok=True)
    return place
