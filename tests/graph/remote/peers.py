"""Stores that speak SPARQL 1.1, started on loopback by the tests: installed once into a folder that is kept.

``oxigraph`` comes from the package index with pip, Virtuoso 7 from Debian's packages, unpacked without installing them,
Fuseki from Maven Central where ``java`` and ``mvn`` are present. What can't be had is skipped, with the reason.
"""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests import peers
from tests.once import made
from tests.peers import UnavailableError

__all__ = ["PEERS", "Peer", "fuseki", "oxigraph", "virtuoso"]

_FUSEKI = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>fuseki</artifactId><version>1</version><dependencies><dependency>
<groupId>org.apache.jena</groupId><artifactId>jena-fuseki-main</artifactId><version>5.6.0</version>
</dependency><dependency>
<groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j2-impl</artifactId><version>2.26.1</version>
</dependency></dependencies></project>
"""


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
        self._environment = peers.environment(libraries)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; return when it answers."""
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self._environment
        )
        peers.wait_for(self._process, self._probe, 120)

    def kill(self) -> None:
        """End it at once, in the midst of what it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def oxigraph(home: Path, folder: Path) -> Peer:
    """``oxigraph serve`` of the package ``oxigraph``."""
    binary = peers.venv(home / "oxigraph", "oxigraph") / "oxigraph"
    url = f"http://127.0.0.1:{peers.free_port()}"
    command: list[str | Path] = [binary, "serve", "--location", folder / "store", "--bind", url.removeprefix("http://")]
    return Peer(f"oxigraph+{url}", f"{url}/query", command)


def virtuoso(home: Path, folder: Path) -> Peer:
    """Virtuoso 7 of Debian's packages."""
    root, libraries = peers.virtuoso(home / "virtuoso")
    port, sql = peers.free_port(), peers.free_port()
    command = peers.virtuoso_command(
        root,
        folder,
        port,
        sql,
        threads=10,
        parameters="NumberOfBuffers = 10000\nMaxDirtyBuffers = 6000",
        sparql="ResultSetMaxRows = 10000",
    )
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
        peers.run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], where)

    libraries = made(home / "fuseki", make) / "lib"
    port = peers.free_port()
    url = f"http://127.0.0.1:{port}/parley"
    (folder / "tdb").mkdir()
    command: list[str | Path] = [
        java, "-Xmx1g", "-cp", f"{libraries}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--tdb2",
        f"--loc={folder / 'tdb'}", "--update", "--localhost", f"--port={port}", "/parley",
    ]  # fmt: skip
    return Peer(f"fuseki+{url}", f"{url}/query", command)


#: Name -> what installs it in the first folder, and keeps its data in the second.
PEERS: dict[str, Callable[[Path, Path], Peer]] = {"oxigraph": oxigraph, "virtuoso": virtuoso, "fuseki": fuseki}
