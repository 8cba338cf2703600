"""Preparing articles on many machines, and keeping what was prepared, so that nothing is done twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.cluster.distributed import cluster_runner
from graph.cluster.shards import Shards
from graph.extract.backends import load_backend
from graph.ingest.prepare import PreparingRunner, preparing_runner
from graph.iris import Iris
from graph.settings import Settings

__all__ = ["Shards", "chosen_runner", "cluster_runner"]


@contextmanager
def chosen_runner(
    settings: Settings, iris: Iris, cluster: str | None = None, shards: Path | None = None
) -> Iterator[PreparingRunner]:
    """Provide a runner that prepares articles in processes of this machine, or on a cluster.

    :param cluster: address of its scheduler.
    :param shards: folder of what was prepared before, and where it is kept.
    :raises InputError: if the back-end cannot be loaded, or the cluster cannot be used.
    :raises DatasetError: if the folder cannot be read or written.
    """
    with cluster_runner(settings, iris, cluster) if cluster else preparing_runner(settings, iris) as runner:
        yield Shards(shards, iris, load_backend(settings)).keeping(runner) if shards else runner
