"""The servers that are compared: each is started on loopback with the same quads, and asked over HTTP.

The peers are installed by the benchmark into a folder that may be kept (``--peers``): ``oxigraph`` and
``rdflib-endpoint`` from the package index with pip, Virtuoso 7 from Debian's packages, unpacked without installing
it. A peer that can't be had is left out, with the reason.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import peers as programs
from tests.web.serving import served

__all__ = ["Server", "oxigraph", "parley", "rdflib_endpoint", "virtuoso"]

_RDFLIB = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
dataset = rdflib.Dataset(default_union=True)
dataset.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""

# That of Parley's workers, so that other work on the machine meets all alike.
_PRIORITY = "5"
# Room for all of the data of the benchmark.
_VIRTUOSO_PARAMETERS = "NumberOfBuffers = 170000\nMaxDirtyBuffers = 130000\nMaxCheckpointRemap = 2000"
_VIRTUOSO_SPARQL = "ResultSetMaxRows = 10000000\nDefaultQuery = select * where { ?s ?p ?o } limit 1"


@dataclass(frozen=True)
class Server:
    """A server that answers.

    :param name: what the report calls it.
    :param endpoint: URL that takes queries by POST of a form.
    """

    name: str
    endpoint: str


@contextmanager
def parley(dataset: Path, clients: int) -> Iterator[Server]:
    """Serve the published generation with as many threads as there are clients; all of them share one address."""
    settings = {
        # A process for each client, as the others have a thread for each.
        "PARLEY_SPARQL_WORKERS": str(max(2, clients)),
        "PARLEY_SPARQL_CLIENT_RUNNING": "0",
        "PARLEY_SPARQL_CLIENT_WAITING": "0",
        "PARLEY_THREADS": str(2 * clients + 8),
        "PARLEY_SPARQL_WAIT": "60",
    }
    with served(dataset, **settings) as (base, _):
        yield Server("Parley", f"{base}/sparql")


@contextmanager
def oxigraph(quads: Path, folder: Path, peers: Path) -> Iterator[Server]:
    """``oxigraph serve-read-only`` of the package ``oxigraph``, the engine under Parley's endpoint."""
    binary = programs.venv(peers / "oxigraph", "oxigraph") / "oxigraph"
    store = folder / "oxigraph"
    programs.run([binary, "load", "--location", store, "--file", quads], seconds=None)
    port = programs.free_port()
    command: list[str | Path] = [binary, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with _started(command, f"http://127.0.0.1:{port}/query"):
        yield Server("oxigraph serve", f"http://127.0.0.1:{port}/query")


@contextmanager
def rdflib_endpoint(quads: Path, peers: Path) -> Iterator[Server]:
    """The package ``rdflib-endpoint`` with a dataset in memory."""
    python = programs.venv(peers / "rdflib-endpoint", "rdflib-endpoint", "uvicorn") / "python"
    port = programs.free_port()
    command: list[str | Path] = [python, "-c", _RDFLIB, quads, str(port)]
    with _started(command, f"http://127.0.0.1:{port}/sparql", seconds=900):
        yield Server("rdflib-endpoint", f"http://127.0.0.1:{port}/sparql")


@contextmanager
def virtuoso(quads: Path, folder: Path, peers: Path) -> Iterator[Server]:
    """Virtuoso 7 of Debian's packages."""
    root, libraries = programs.virtuoso(peers / "virtuoso")
    home = folder / "virtuoso"
    home.mkdir()
    (home / quads.name).symlink_to(quads)
    port, sql = programs.free_port(), programs.free_port()
    command = programs.virtuoso_command(
        root, home, port, sql, threads=20, parameters=_VIRTUOSO_PARAMETERS, sparql=_VIRTUOSO_SPARQL
    )
    load = f"ld_dir('{home}', '{quads.name}', 'urn:x-benchmark'); rdf_loader_run(); checkpoint;"
    with _started(command, f"http://127.0.0.1:{port}/sparql", seconds=120, libraries=libraries):
        programs.run(
            [root / "usr/bin/isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"],
            libraries=libraries,
            seconds=None,
        )
        yield Server("Virtuoso 7", f"http://127.0.0.1:{port}/sparql")


@contextmanager
def _started(command: Sequence[str | Path], endpoint: str, seconds: float = 60, libraries: str = "") -> Iterator[None]:
    with subprocess.Popen(
        ["nice", "-n", _PRIORITY, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=programs.environment(libraries),
    ) as process:
        try:
            programs.wait_for(process, endpoint, seconds)
            yield
        finally:
            process.kill()
