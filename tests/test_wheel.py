"""The wheel carries the portal and the reference city, and needs neither Node nor the checkout."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from tests.commands import environment
from tests.shared import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    for name in ("src", "cities"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(".portico", "__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=source, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return next(place.glob("*.whl"))


def no_node() -> str:
    """Return a PATH without any Node."""
    folders = os.environ["PATH"].split(os.pathsep)
    kept = [folder for folder in folders if not (Path(folder) / "node").exists()]
    return os.pathsep.join(kept) or "/nonexistent"


def test_the_unpacked_wheel_runs_the_demo_without_the_checkout(wheel, tmp_path):
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
        names = archive.namelist()
    assert any(name.endswith("/.vite/manifest.json") for name in names)
    assert "portico/cities/torino/city.toml" in names
    assert {name.rpartition("/")[2] for name in names if "/dossier/document/fonts/" in name} >= {
        "DejaVuSans.ttf", "DejaVu-LICENSE.txt", "Titillium-Web-OFL.txt", "titillium-web-v10-latin-ext_latin-600.ttf",
    }  # fmt: skip
    assert "portico/dossier/document/template/dossier.typ" in names
    assert "portico/city/template/files/gitignore" in names
    assert not [name for name in names if ".portico/" in name or "node_modules" in name]
    script = (
        "import portico, sys; print(portico.__file__); "
        "from portico.cli import main; sys.exit(main(['demo', '--no-serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment(PYTHONPATH=str(unpacked), PATH=no_node()),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))
    assert (tmp_path / "portico-demo" / "shortlist.html").is_file()


def test_a_wheel_without_the_front_end_is_refused_in_one_sentence(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("static", "__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode != 0
    assert "make frontend" in done.stdout + done.stderr


@pytest.mark.slow
def test_the_wheel_installed_alone_in_a_new_environment_runs_the_demo(wheel, tmp_path):
    venv.create(tmp_path / "new", with_pip=True)
    python = tmp_path / "new" / "bin" / "python"
    lock = str(ROOT / "requirements" / "default.txt")
    subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True, timeout=600)
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", str(wheel)], check=True, timeout=600)
    done = subprocess.run(
        [tmp_path / "new" / "bin" / "portico", "demo", "--no-serve"], cwd=tmp_path, env=environment(PATH=no_node()),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    total = sum(path.stat().st_size for path in (tmp_path / "new").rglob("*") if path.is_file())
    assert total < 700_000_000
