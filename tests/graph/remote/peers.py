"""Stores that speak SPARQL 1.1, started on loopback by the tests: installed once into a folder that is kept.

``oxigraph`` comes from the package index with pip, Virtuoso 7 from Debian's packages, unpacked without installing them,
Fuseki from Maven Central where ``java`` and ``mvn`` are present. What can't be had is skipped, with the reason.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

__all__ = ["PEERS", "Peer", "UnavailableError", "fuseki", "oxigraph", "virtuoso"]

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
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""
_FUSEKI = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>fuseki</artifactId><version>1</version><dependencies><dependency>
<groupId>org.apache.jena</groupId><artifactId>jena-fuseki-main</artifactId><version>5.6.0</version>
</dependency><dependency>
<groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j2-impl</artifactId><version>2.26.1</version>
</dependency></dependencies></project>
"""


class UnavailableError(Exception):
    """A store can't be had here; the message says why."""


class Peer:
    """A server with its data in a folder, which stays when it is killed.

    :param setting: what to set ``remote_store`` to; the same after each start.
    """

    def __init__(
        self, setting: str, probe: str, command: Sequence[str | Path], *, user: str = "", libraries: str = ""
    ) -> None:
        self.setting = setting
        self.user = self.password = user
        self._probe = probe
        self._command = command
        self._environment = {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; return when it answers."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self._environment
        )
        deadline = time.monotonic() + 120
        while not self._answers():
            if self._process.poll() is not None:
                raise UnavailableError(f"{Path(self._command[0]).name} stopped with {self._process.returncode}")
            if time.monotonic() > deadline:
                raise UnavailableError(f"{Path(self._command[0]).name} does not answer")
            time.sleep(0.2)

    def kill(self) -> None:
        """End it at once, in the midst of what it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return requests.get(self._probe, params={"query": "ASK {}"}, timeout=5).ok
        except requests.RequestException:
            return False


def oxigraph(home: Path, folder: Path) -> Peer:
    """``oxigraph serve`` of the package ``oxigraph``."""

    def make(where: Path) -> None:
        _run([sys.executable, "-m", "venv", where])
        _run([where / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "oxigraph"])

    binary = _made(home / "oxigraph", make) / "bin/oxigraph"
    url = f"http://127.0.0.1:{_free_port()}"
    command: list[str | Path] = [binary, "serve", "--location", folder / "store", "--bind", url.removeprefix("http://")]
    return Peer(f"oxigraph+{url}", f"{url}/query", command)


def virtuoso(home: Path, folder: Path) -> Peer:
    """Virtuoso 7 of Debian's packages."""

    def make(where: Path) -> None:
        where.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", *_VIRTUOSO_PACKAGES], where)
        for package in where.glob("*.deb"):
            _run(["dpkg-deb", "--extract", package, where])

    root = _made(home / "virtuoso", make)
    libraries = ":".join(str(found) for part in ("lib", "usr/lib") for found in (root / part).glob("*-linux-gnu"))
    port, sql = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, port=port, sql=sql))
    command: list[str | Path] = [root / "usr/bin/virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini"]
    url = f"http://127.0.0.1:{port}"
    return Peer(f"virtuoso+{url}", f"{url}/sparql", command, user="dba", libraries=libraries)


def fuseki(home: Path, folder: Path) -> Peer:
    """Fuseki of Apache Jena, with a TDB2 database."""
    java = shutil.which("java")
    if java is None:
        raise UnavailableError("there is no java")

    def make(where: Path) -> None:
        where.mkdir(parents=True, exist_ok=True)
        (where / "pom.xml").write_text(_FUSEKI)
        _run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], where)

    libraries = _made(home / "fuseki", make) / "lib"
    port = _free_port()
    url = f"http://127.0.0.1:{port}/parley"
    (folder / "tdb").mkdir()
    command: list[str | Path] = [
        java, "-Xmx1g", "-cp", f"{libraries}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--tdb2",
        f"--loc={folder / 'tdb'}", "--update", "--localhost", f"--port={port}", "/parley",
    ]  # fmt: skip
    return Peer(f"fuseki+{url}", f"{url}/query", command)


#: Name -> what installs it in the first folder, and keeps its data in the second.
PEERS: dict[str, Callable[[Path, Path], Peer]] = {"oxigraph": oxigraph, "virtuoso": virtuoso, "fuseki": fuseki}


def _made(path: Path, make: Callable[[Path], None]) -> Path:
    if not (path / "made").exists():
        make(path)
        (path / "made").touch()
    return path


def _run(command: Sequence[str | Path], folder: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=280)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(str(error)) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:] or ["no message"]
        raise UnavailableError(f"{Path(command[0]).name} ended with {error.returncode}: {last[0]}") from error


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
