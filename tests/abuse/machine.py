"""What the operating system says of a server that runs: memory of all its processes, and how fast it answers others."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

__all__ = ["PROMPT", "Memory", "Probe", "processes"]

_ROOT = Path(__file__).parents[2]
_PERIOD = 0.2
#: What a simple query of somebody else may take at the 99th percentile, in seconds.
PROMPT = 0.1
# So many processors are busy with other things when an answer that is late says nothing of the server.
_LOADED = 0.3
_TICKS = os.sysconf("SC_CLK_TCK")


def processes(parent: int) -> list[int]:
    """Return a process and all below it."""
    found, left = [], [parent]
    while left:
        pid = left.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += map(int, (task / "children").read_text("ascii").split())
    return found


def _held(pid: int) -> int:
    """Return the memory of a process in bytes, each shared page divided by the number of those that share it (PSS)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _busy() -> float:
    """Return the seconds that all processors together have been busy since the machine started."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text("ascii").split()[1:8])
    return (user + nice + system + irq + softirq) / _TICKS


def _ours(server: int) -> float:
    """Return the seconds that the test, the server and all that they started have been at work."""
    total = 0
    for pid in {os.getpid(), *processes(server)}:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
            # Of itself, and of its children that have ended.
            total += sum(map(int, fields[11:15]))
    return total / _TICKS


class Memory:
    """Watches the memory of a process tree while a block runs.

    :param pid: the parent.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        #: The most that was seen, in bytes.
        self.most = 0

    def _watch(self) -> None:
        while True:
            self.most = max(self.most, sum(map(_held, processes(self._pid))))
            if self._stop.wait(_PERIOD):
                return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@dataclass(frozen=True)
class Probe:
    """What a client saw that asked cheap queries all the while.

    :param seconds: of each answer.
    :param statuses: of the answers.
    :param others: processors that programs kept busy which are no part of the test.
    """

    seconds: list[float]
    statuses: set[int]
    others: float

    @property
    def slowest(self) -> float:
        """The 99th percentile of the answers, in seconds."""
        return _percentile(self.seconds, 0.99)

    @property
    def is_disturbed(self) -> bool:
        """Whether other programs were at work: what is measured then is the machine, not the server."""
        return self.others > _LOADED

    @property
    def is_prompt(self) -> bool:
        """Whether each answer was there, and in time."""
        return self.statuses == {200} and self.slowest < PROMPT

    def assert_prompt(self) -> None:
        """Assert that each answer was there, and in time; where others were at work, within a second."""
        assert self.statuses == {200}
        limit = 1.0 if self.is_disturbed else PROMPT
        assert self.slowest < limit, (
            f"{self.slowest:.3f} s, of {len(self.seconds)} answers; {self.others:.0%} by others"
        )

    @classmethod
    @contextlib.contextmanager
    def run(cls, base: str, pid: int) -> Iterator[list["Probe"]]:
        """Probe a server while a block runs; the list has the outcome afterwards.

        The probe is a process of its own, so that no lock of this interpreter is in its way.

        :param pid: the server's first process.
        """
        outcome: list[Probe] = []
        before = time.monotonic(), _busy(), _ours(pid)
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("prober.py")), base],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "started\n"
            yield outcome
        finally:
            said, _ = process.communicate(timeout=60)
            assert process.returncode == 0, f"{os.fspath(sys.executable)} ended with {process.returncode}"
            values = json.loads(said)
            # The probe has ended and been waited for, so its time counts among ours.
            elapsed, busy, ours = time.monotonic() - before[0], _busy() - before[1], _ours(pid) - before[2]
            others = max(0.0, busy - ours) / elapsed
            outcome.append(cls(values["seconds"], set(values["statuses"]), others))


def _percentile(values: list[float], share: float) -> float:
    """Return the value that so much of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, round(len(ordered) * share) - 1)] if ordered else 0.0
