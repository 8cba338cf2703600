"""The servers that are compared: each is started on loopback with the same quads, and asked over HTTP.

The peers are installed by the benchmark into a folder that may be kept (``--peers``): ``oxigraph`` and
``rdflib-endpoint`` from the package index with pip, Virtuoso 7 from Debian's packages, unpacked without installing
it. A peer that can't be had is left out, with the reason.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.web.serving import served

__all__ = ["Server", "UnavailableError", "oxigraph", "parley", "rdflib_endpoint", "virtuoso"]

_RDFLIB = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
dataset = rdflib.Dataset(default_union=True)
dataset.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=dataset, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""

_VIRTUOSO_PACKAGES = (
    "virtuoso-opensource-7-bin", "virtuoso-opensource-7-common", "libpcre3", "libldap-2.5-0", "libsasl2-2",
    "libminizip1",
)  # fmt: skip
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxCheckpointRemap = 2000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 10000000
DefaultQuery = select * where {{ ?s ?p ?o }} limit 1
"""


class UnavailableError(Exception):
    """A peer can't be had here; the message says why."""


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
    binary = _venv(peers / "oxigraph", "oxigraph") / "oxigraph"
    store = folder / "oxigraph"
    _run([binary, "load", "--location", store, "--file", quads])
    port = _free_port()
    command: list[str | Path] = [binary, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with _started(command, f"http://127.0.0.1:{port}/query"):
        yield Server("oxigraph serve", f"http://127.0.0.1:{port}/query")


@contextmanager
def rdflib_endpoint(quads: Path, peers: Path) -> Iterator[Server]:
    """The package ``rdflib-endpoint`` with a dataset in memory."""
    python = _venv(peers / "rdflib-endpoint", "rdflib-endpoint", "uvicorn") / "python"
    port = _free_port()
    command: list[str | Path] = [python, "-c", _RDFLIB, quads, str(port)]
    with _started(command, f"http://127.0.0.1:{port}/sparql", seconds=900):
        yield Server("rdflib-endpoint", f"http://127.0.0.1:{port}/sparql")


@contextmanager
def virtuoso(quads: Path, folder: Path, peers: Path) -> Iterator[Server]:
    """Virtuoso 7 of Debian's packages."""
    root = _unpack(peers / "virtuoso", *_VIRTUOSO_PACKAGES)
    libraries = ":".join(str(found) for part in ("lib", "usr/lib") for found in (root / part).glob("*-linux-gnu"))
    home = folder / "virtuoso"
    home.mkdir()
    (home / quads.name).symlink_to(quads)
    port, sql = _free_port(), _free_port()
    (home / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=home, port=port, sql=sql))
    command: list[str | Path] = [root / "usr/bin/virtuoso-t", "+foreground", "+configfile", home / "virtuoso.ini"]
    load = f"ld_dir('{home}', '{quads.name}', 'urn:x-benchmark'); rdf_loader_run(); checkpoint;"
    with _started(command, f"http://127.0.0.1:{port}/sparql", seconds=120, libraries=libraries):
        _run([root / "usr/bin/isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], libraries=libraries)
        yield Server("Virtuoso 7", f"http://127.0.0.1:{port}/sparql")


def _venv(path: Path, *packages: str) -> Path:
    """Make an environment with these packages, if it isn't there; return the folder of its programs."""
    if not (path / "made").exists():
        _run([sys.executable, "-m", "venv", path])
        _run([path / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        (path / "made").touch()
    return path / "bin"


def _unpack(path: Path, *packages: str) -> Path:
    """Unpack packages of Debian into a folder, if it isn't there."""
    if not (path / "made").exists():
        path.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", *packages], path)
        for package in path.glob("*.deb"):
            _run(["dpkg-deb", "--extract", package, path])
        (path / "made").touch()
    return path


def _run(command: Sequence[str | Path], folder: Path | None = None, libraries: str = "") -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=_environment(libraries))
    except OSError as error:
        raise UnavailableError(str(error)) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:] or ["no message"]
        raise UnavailableError(f"{Path(command[0]).name} ended with {error.returncode}: {last[0]}") from error


@contextmanager
def _started(command: Sequence[str | Path], endpoint: str, seconds: float = 60, libraries: str = "") -> Iterator[None]:
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(libraries)
    ) as process:
        try:
            deadline = time.monotonic() + seconds
            while not _answers(endpoint):
                if process.poll() is not None:
                    raise UnavailableError(f"{Path(command[0]).name} stopped with {process.returncode}")
                if time.monotonic() > deadline:
                    raise UnavailableError(f"{Path(command[0]).name} did not answer within {seconds:.0f} s")
                time.sleep(0.3)  # until it listens
            yield
        finally:
            process.kill()


def _environment(libraries: str) -> dict[str, str]:
    return {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}


def _answers(endpoint: str) -> bool:
    try:
        return requests.get(endpoint, params={"query": "ASK {}"}, timeout=5).ok
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
