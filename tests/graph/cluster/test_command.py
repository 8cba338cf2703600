"""``parley ingest`` with shards and with a cluster."""

import socket
from pathlib import Path

from graph.cluster.shards import MANIFEST
from tests.graph.cli.conftest import Run, article, parley

__all__ = ["article", "parley"]


def test_shards_are_kept_and_used_by_the_next_dataset(parley: Run, article: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    first = parley("ingest", article, "--shards", shards)
    assert first.returncode == 0, first.stderr
    manifest = (shards / MANIFEST).read_bytes()
    assert manifest.count(b"\n") == 1
    second = parley("ingest", article, "--shards", shards, "--dataset", tmp_path / "other")
    assert second.returncode == 0, second.stderr
    assert "1 added" in second.stderr
    assert (shards / MANIFEST).read_bytes() == manifest, "nothing was prepared again"


def test_a_cluster_that_does_not_answer_is_said_to_be_so(parley: Run, article: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    failed = parley("ingest", article, "--cluster", f"tcp://127.0.0.1:{port}")
    assert failed.returncode == 3
    assert "no scheduler answers" in failed.stderr
    assert "dask scheduler" in failed.stderr
