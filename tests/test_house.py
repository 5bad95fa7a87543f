"""The house keeps its shape: what may import what, what importing does, how long a file is."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.shared import ROOT

SOURCE = ROOT / "src" / "portico"
FILES = sorted(path for path in SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {one["name"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
LONGEST = 400

# Run apart: imports every module and writes down each thing our own code does while it is imported.
_IMPORT_EVERYTHING = r"""
import importlib, os, pkgutil, sys, threading
ours = sys.argv[1]
done = []

def ours_is_at_work():
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return ""
        if name.startswith(ours):
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""

def heard(event, arguments):
    if event in ("open", "os.mkdir", "os.putenv", "os.listdir", "os.scandir") or event.startswith(
        ("socket.", "subprocess.", "sqlite3.", "os.system", "os.posix_spawn", "os.exec", "urllib.")
    ):
        place = ours_is_at_work()
        if place:
            done.append(f"{event} {arguments[:1]} at {place}")

class Watched(type(os.environ)):
    def __getitem__(self, key):
        place = ours_is_at_work()
        if place:
            done.append(f"reads ${key} at {place}")
        return super().__getitem__(key)
    def __iter__(self):
        place = ours_is_at_work()
        if place:
            done.append(f"reads the environment at {place}")
        return super().__iter__()

begin = threading.Thread.start

def start(thread):
    place = ours_is_at_work()
    if place:
        done.append(f"starts a thread at {place}")
    begin(thread)

threading.Thread.start = start
os.environ.__class__ = Watched
sys.addaudithook(heard)
import portico
names = ["portico"]
for module in pkgutil.walk_packages(portico.__path__, "portico."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
        names.append(module.name)
done += [f"started {thread.name}" for thread in threading.enumerate() if thread is not threading.main_thread()]
print(len(names))
print("\n".join(done), file=sys.stderr)
"""


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as run; run()"]
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    """The sources and their contracts, to be broken."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_importing_every_module_starts_reads_and_opens_nothing():
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING, str(SOURCE)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.strip() == ""
    assert int(ran.stdout) >= len([path for path in FILES if "migrations" not in path.parts])


def test_what_the_import_test_would_catch_is_caught(tmp_path):
    package = tmp_path / "portico"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "busy.py").write_text(
        "import os, socket, threading\nos.environ.get('HOME')\nos.getenv('HOME')\nopen(__file__).close()\n"
        "socket.socket().close()\nthreading.Thread(target=print, args=('',)).start()\n"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", _IMPORT_EVERYTHING, str(package)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    caught = "\n".join(ran.stderr.splitlines())
    assert caught.count("reads $HOME") == 2
    assert "socket" in caught
    assert "open " in caught
    assert "starts a thread" in caught


def test_every_room_has_its_place_in_the_layers():
    layers = CONTRACTS["Imports point down only"]["layers"]
    placed = {name for layer in layers for name in re.findall(r"[a-z]+", layer)}
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" and not path.stem.startswith("__")}
    rooms |= {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms - placed == set()


def test_a_room_said_to_be_built_is_built():
    layers = CONTRACTS["Imports point down only"]["layers"]
    built = {name for layer in layers for name in re.findall(r"(?<![(a-z])[a-z]+(?![)a-z])", layer)}
    assert {name for name in built if not ((SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file())} == set()


def test_every_import_contract_is_kept():
    ran = _lint_imports(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("lake/model.py", "import portico.match.model", "Imports point down only"),
        ("territory/model.py", "import duckdb", "DuckDB only in lake"),
        ("match/model.py", "import sqlalchemy", "SQLAlchemy only in database and the stores"),
        ("catalogue/store.py", "import alembic", "Alembic only in database"),
        ("build/commands.py", "import litestar", "Web frameworks only in web"),
        ("dossier/plain.py", "import cyclopts", "CLI frameworks only in cli"),
        ("lake/model.py", "import httpx", "HTTP clients only in fetch"),
        ("lake/model.py", "import pyspark", "Spark only in runner"),
        ("match/model.py", "import typst", "Typst only in dossier"),
    ],
)
def test_a_broken_import_contract_is_found(copy, file, line, contract):
    path = copy / "src" / "portico" / file
    path.write_text(path.read_text("utf-8") + f"\n{line}\n", "utf-8")
    ran = _lint_imports(copy)
    assert ran.returncode != 0
    broken = [row for row in ran.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), ran.stdout


def test_a_room_without_a_place_in_the_layers_is_found(copy):
    room = copy / "src" / "portico" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text("")
    assert _lint_imports(copy).returncode != 0


def test_sqlalchemy_is_spoken_in_the_database_and_the_stores_only():
    speaking = {path.relative_to(SOURCE) for path in FILES if "sqlalchemy" in _imports(path)}
    assert {path for path in speaking if path.parts[0] != "database" and path.name != "store.py"} == set()
    assert {path for path in FILES if "alembic" in _imports(path) and "database" not in path.parts} == set()


def test_no_file_is_long():
    long = {str(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: lines for path, lines in long.items() if lines > LONGEST} == {}


def test_only_a_door_catches_everything():
    """What a door has not foreseen it must still answer; any other room names what it expects."""
    found = []
    for path in FILES:
        if path.relative_to(SOURCE).parts[0] in ("cli", "web", "runner.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = [one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)] if node.type else ["bare"]
                found += [f"{path}:{node.lineno}" for name in names if name in ("bare", "Exception", "BaseException")]
    assert found == []


def test_no_room_asks_the_clock_but_the_doors():
    """Time is an argument; only how long something took is measured where it happens."""
    asking = re.compile(r"\b(?:date\.today|datetime\.now|datetime\.utcnow|time\.time)\(")
    found = {
        str(path.relative_to(SOURCE))
        for path in FILES
        if path.relative_to(SOURCE).parts[0] not in ("cli", "web") and asking.search(path.read_text("utf-8"))
    }
    assert found <= {"lake/objects.py"}  # the age of files a killed process left


def test_nothing_outside_its_folder_knows_the_reference_city():
    known = {"torino", "turin", "piemonte", "mirafiori", "scarmagno"}
    found = {}
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        texts = [
            node.value.lower()
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
        ]
        named = {word for word in known for text in texts if word in text}
        if named and path != SOURCE / "cli" / "demo.py":  # the command that offers the reference city
            found[str(path.relative_to(SOURCE))] = named
    assert found == {}
