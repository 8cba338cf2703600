"""A file system that is soon full."""

from tests.graph.store.conftest import small_disk

__all__ = ["small_disk"]
