"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import graph

MODULES = [module.name for module in pkgutil.walk_packages(graph.__path__, "graph.") if "__main__" not in module.name]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS).failed == 0
