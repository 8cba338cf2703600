"""Rounds of killing: what was acknowledged must be there afterwards, and all must be whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from graph.backup.manifest import check_backup
from graph.settings import Settings
from graph.store import Dataset
from graph.store.snapshot import snapshot
from graph.verify import verify
from graph.vocabulary import DCT
from tests.chaos.sample import digest

__all__ = ["BASE", "Chaos"]

BASE = "https://zubrowka.example/"
_ROOT = Path(__file__).parents[2]


@dataclass
class Chaos:
    """A dataset, a process that works on it and is killed, and what is known of it.

    :param folder: an empty folder.
    :ivar killed: operation that was killed -> how often.
    :ivar acknowledged: operation -> how often it came to its end.
    """

    folder: Path
    seed: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    _version: int = 0
    _stored: dict[int, int] = field(default_factory=dict)
    _tried: dict[int, list[int]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        Dataset.create(self.dataset, BASE)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PARLEY_")}
        environment |= {"PARLEY_JOBS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._log = (self.folder / "log").open("ab")
        self._victim = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.victim", str(self.folder)],
            cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert self._line() == ["ready"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.killpg(self._victim.pid, signal.SIGKILL)  # and what it has made
        self._victim.communicate()
        self._log.close()

    @property
    def dataset(self) -> Path:
        """Folder of the dataset."""
        return self.folder / "dataset"

    def round(self, number: int, only: str = "", after: int = 0) -> None:
        """Let a process work, kill it at a random moment, and check what it leaves.

        :param only: the one operation that it repeats; all of them, by chance, if empty.
        :param after: how many operations have to come to their end before.
        """
        chance = random.Random(f"{self.seed} {number}")
        assert self._victim.stdin is not None
        self._victim.stdin.write(f"{self.seed}/{number} {self._version} {only}\n")
        self._victim.stdin.flush()
        (_, pid) = self._line()
        blow: threading.Timer | None = None

        def aim(seconds: float) -> threading.Timer:
            timer = threading.Timer(chance.uniform(0.02, seconds), os.kill, (int(pid), signal.SIGKILL))
            timer.start()
            return timer

        if not after:
            blow = aim(3.0)
        at_work, done = "nothing", []
        while (line := self._line())[0] != "end":
            verb, name, *what = line
            if verb == "try":
                at_work = name
                self._version = max(self._version, int(what[1] if name == "ingest" else what[0].partition(".")[0]))
                if name == "ingest":
                    self._tried.setdefault(int(what[0]), []).append(int(what[1]))
                elif name == "watch":
                    self._tried.setdefault(int(what[1]), []).append(int(what[0]))
                    blow = blow or aim(12.0)  # it does not end by itself
                continue
            at_work = "nothing"
            self.acknowledged[name] += 1
            if name == "ingest":
                self._acknowledge(int(what[0]), int(what[1]))
            done.append((name, what))
            if len(done) >= after:
                blow = blow or aim(3.0)
        if blow is not None:
            blow.cancel()
        assert line == ["end", "-9"], f"it ended by itself: see {self.folder / 'log'}"
        self.killed[at_work] += 1
        for path in sorted(self.folder.glob("inbox/done/*.md")):
            article, version = path.stem.split("-")[:2]
            self._acknowledge(int(article), int(version))
            self.acknowledged["watch"] += 1
            path.unlink()
        assert not list(self.folder.glob("inbox/failed/*")), "nothing is wrong with these articles"
        self.check()
        self._check_copies(done)

    def _acknowledge(self, number: int, version: int) -> None:
        self._stored[number] = version
        self._tried[number] = [later for later in self._tried.get(number, ()) if later > version]

    def check(self) -> None:
        """Check that the dataset is whole and has all that was acknowledged."""
        opened = Dataset.open(self.dataset)
        wrong = [str(finding) for finding in verify(opened, Settings(dataset=self.dataset)) if finding.wrong]
        assert not wrong, "\n".join(wrong)
        with snapshot(opened) as taken:
            assert taken.store is not None, "somebody holds the lock"
            self._check_articles(taken.store)

    def _check_articles(self, path: Path) -> None:
        store = ox.Store.read_only(str(path))
        identifier = ox.NamedNode(str(DCT.identifier))
        quads = store.quads_for_pattern(None, identifier, None, ox.DefaultGraph())
        there = {quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}
        for number, version in self._stored.items():
            # One that was tried afterwards may have come to its end and not have had the time to say so.
            possible = {digest(self.folder / "sources", number, v) for v in (version, *self._tried.get(number, ()))}
            assert there & possible, f"article {number} in version {version} was acknowledged and is lost"

    def _check_copies(self, done: list[tuple[str, list[str]]]) -> None:
        """Check the backups and the datasets that were restored; then remove them, but for the last backup."""
        backups, restored = self.folder / "backups", self.folder / "restored"
        whole = sorted(path for path in backups.glob("*") if not path.name.startswith("."))
        for name, what in done:
            assert name != "backup" or backups / what[0] in whole, "an acknowledged backup is lost"
            assert name != "restore" or (restored / what[0]).is_dir(), "an acknowledged restoration is lost"
        for backup in whole:
            assert not list(check_backup(backup)), f"{backup} is damaged"
        for path in restored.glob("*"):
            if Dataset.exists(path) and not path.name.startswith("."):
                found = verify(Dataset.open(path), Settings(dataset=path))
                assert not [str(finding) for finding in found if finding.wrong]
        for path in (*whole[:-1], *restored.glob("[!.]*")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _line(self) -> list[str]:
        assert self._victim.stdout is not None
        return self._victim.stdout.readline().split()
