"""Programs of others that tests and benchmarks start on loopback: installed once into a folder that is kept.

Packages of Python come from the package index with pip, Virtuoso 7 from Debian's packages, unpacked without installing
them. Who asks for one that can't be had is told the reason.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import requests

from tests.once import made

__all__ = ["UnavailableError", "environment", "free_port", "run", "venv", "virtuoso",
           "virtuoso_command", "wait_for"]  # fmt: skip

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
DirsAllowed = {folder}
{parameters}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = {threads}
[SPARQL]
{sparql}
"""


class UnavailableError(Exception):
    """A program can't be had here; the message says why."""


def venv(path: Path, *packages: str) -> Path:
    """Return the folder of the programs of an environment with these packages.

    :raises UnavailableError: if it can't be made.
    """

    def make(where: Path) -> None:
        run([sys.executable, "-m", "venv", where])
        run([where / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])

    return made(path, make) / "bin"


def virtuoso(path: Path) -> tuple[Path, str]:
    """Return the folder in which Virtuoso 7 is unpacked, and that of its libraries.

    :raises UnavailableError: if it can't be had.
    """

    def make(where: Path) -> None:
        where.mkdir(parents=True, exist_ok=True)
        run(["apt-get", "download", *_VIRTUOSO_PACKAGES], where)
        for package in where.glob("*.deb"):
            run(["dpkg-deb", "--extract", package, where])

    root = made(path, make)
    return root, ":".join(str(found) for part in ("lib", "usr/lib") for found in (root / part).glob("*-linux-gnu"))


def virtuoso_command(
    root: Path, folder: Path, port: int, sql: int, *, threads: int, parameters: str, sparql: str
) -> list[str | Path]:
    """Write the settings of a Virtuoso with its data in a folder; return the command that starts it.

    :param sql: its other port.
    :param parameters: more lines of the section ``Parameters``.
    :param sparql: lines of the section ``SPARQL``.
    """
    text = _VIRTUOSO.format(folder=folder, port=port, sql=sql, threads=threads, parameters=parameters, sparql=sparql)
    (folder / "virtuoso.ini").write_text(text)
    return [root / "usr/bin/virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini"]


def run(
    command: Sequence[str | Path], folder: Path | None = None, libraries: str = "", seconds: float | None = 280
) -> None:
    """Run a command to its end.

    :param seconds: how long it may take, by default less than a test may; None for any time.
    :raises UnavailableError: if it fails, or takes longer.
    """
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True, env=environment(libraries), timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(str(error)) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:] or ["no message"]
        raise UnavailableError(f"{Path(command[0]).name} ended with {error.returncode}: {last[0]}") from error


def environment(libraries: str) -> dict[str, str]:
    """Return the environment of a program whose libraries are in these folders."""
    return {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}


def wait_for(process: "subprocess.Popen[bytes]", endpoint: str, seconds: float) -> None:
    """Wait until a server answers a query.

    :raises UnavailableError: if it stops, or doesn't answer in time.
    """
    name = Path(str(process.args[0] if isinstance(process.args, list) else process.args)).name
    deadline = time.monotonic() + seconds
    while not _answers(endpoint):
        if process.poll() is not None:
            raise UnavailableError(f"{name} stopped with {process.returncode}")
        if time.monotonic() > deadline:
            raise UnavailableError(f"{name} did not answer within {seconds:.0f} s")
        time.sleep(0.2)  # until it listens


def _answers(endpoint: str) -> bool:
    try:
        return requests.get(endpoint, params={"query": "ASK {}"}, timeout=5).ok
    except requests.RequestException:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
