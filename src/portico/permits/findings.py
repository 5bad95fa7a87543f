"""What is wrong with the rules, the projects and the reforms of a city folder, with the names of its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from portico.errors import InputError
from portico.messages import Finding, Message, Place
from portico.permits import answers, pack, whatif
from portico.permits.kept import PROJECTS, REFORMS
from portico.permits.model import Pack
from portico.permits.tables import FOLDER
from portico.settings import read_document


def findings(city_folder: Path) -> list[Finding]:
    """Return what is wrong with a city's rule pack, its projects and its reforms; nothing where it keeps none."""
    if not pack.has_pack(city_folder):
        return []
    rules, found = pack.interpret(city_folder / FOLDER)
    placed = [replace(one, place=replace(one.place, file=f"{FOLDER}/{one.place.file}")) for one in found]
    return [*placed, *(_told(city_folder, rules) if rules and not found else ())]


def _told(city_folder: Path, rules: Pack) -> Iterator[Finding]:
    for folder, interpret in ((PROJECTS, answers.interpret), (REFORMS, whatif.interpret)):
        for path in sorted((city_folder / folder).glob("*.toml")):
            name = f"{folder}/{path.name}"
            try:
                yield from interpret(read_document(path, name), rules)[1]
            except InputError as error:
                yield Finding(Message.of(error), Place(name))
