"""Loads spaCy without its command line and NumPy with one thread, and looks for no garbage meanwhile."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["no_collection", "no_spacy_commands", "one_thread"]

_THREADS = "OPENBLAS_NUM_THREADS"
_COMMANDS, _INFO = "spacy.cli", "spacy.cli.info"


@contextmanager
def no_spacy_commands() -> Iterator[None]:
    """Let ``import spacy`` within pass over its commands.

    The package imports them for the sake of one function, :func:`spacy.info`, and with them an HTTP client, a template
    engine and a project manager: a third of the time that it takes to load. Afterwards ``spacy.info`` and ``spacy.cli``
    can be had as ever. Does nothing where spaCy is loaded already.
    """
    if "spacy" in sys.modules:
        yield
        return
    commands, module = ModuleType(_COMMANDS), ModuleType(_INFO)
    module.__dict__["info"] = _info
    sys.modules |= {_COMMANDS: commands, _INFO: module}
    try:
        yield
    finally:
        for name in (_COMMANDS, _INFO):
            del sys.modules[name]


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage within: loading makes many things, and keeps nearly all of them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let ``import numpy`` within multiply matrices in one thread, unless the environment says in how many.

    Ours are too small to share: threads that wait for each other take twice the processor's time, and articles are
    extracted side by side in any case. Does nothing where NumPy is loaded already.
    """
    if _THREADS in os.environ:
        yield
        return
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        del os.environ[_THREADS]


def _info(*arguments: Any, **options: Any) -> Any:
    from spacy.cli.info import info

    return info(*arguments, **options)
