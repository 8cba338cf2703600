"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import web

MODULES = [module.name for module in pkgutil.walk_packages(web.__path__, "web.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
