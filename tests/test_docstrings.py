"""The examples in docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import portico

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(portico.__path__, "portico.")
    if "migrations" not in module.name and not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_there_are_examples_to_run():
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = sum(len(test.examples) for name in MODULES for test in finder.find(importlib.import_module(name)))
    assert examples > 30
