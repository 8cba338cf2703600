"""The process that is killed: it runs commands of Parley one after the other, and says before and after each.

``python -m tests.chaos.victim FOLDER`` loads all that commands need, and for each line ``SEED VERSION`` on standard
input makes a child that works until it is killed: so loading does not have to be waited for each time. It opens no
store itself, because the threads of the engine do not survive the making of a child. Lines on standard output::

    pid 4711                 a child was made
    try ingest 3 12          it begins to ingest article 3 in version 12
    ack ingest 3 12          the command has returned without an error
    end -9                   it is dead, and by which signal
"""

import os
import random
import sys
import traceback
from pathlib import Path

import click

from graph.article import Article
from graph.cli import cli
from graph.extract.backends import load_backend
from graph.settings import Settings
from tests.chaos.sample import COUNT, source, text

__all__ = ["OPERATIONS", "main"]

#: What a child does, and how often relative to each other.
OPERATIONS = {"ingest": 8, "publish": 3, "rebuild": 3, "backup": 2, "restore": 2, "watch": 2}


def _say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def _run(*arguments: object) -> None:
    code = cli.main([str(each) for each in arguments], prog_name="parley", standalone_mode=False)
    if code:
        raise SystemExit(f"parley {arguments} ended with {code}")


def _operate(folder: Path, chance: random.Random, name: str, version: int) -> None:
    dataset, backups = folder / "dataset", folder / "backups"
    backups.mkdir(exist_ok=True)
    what: tuple[object, ...] = (version,)
    if name == "ingest":
        what = (chance.randrange(COUNT), version)
        command: tuple[object, ...] = ("ingest", source(folder / "sources", *what), "--no-publish")
    elif name == "backup":
        what = (f"{version}{chance.choice(['', '.tar.zst'])}",)
        command = ("backup", backups / str(what[0]))
    elif name == "restore":
        known = sorted(path for path in backups.iterdir() if not path.name.startswith("."))
        if not known:
            return
        what = (version, known[-1].name)
        command = ("restore", known[-1])
        dataset = folder / "restored" / str(version)
        dataset.parent.mkdir(exist_ok=True)
    elif name == "watch":
        # It never ends by itself: what it has done it moves to another folder, and that acknowledges it.
        what = (version, chance.randrange(COUNT))
        command = ("watch", "--inbox", _inbox(folder, what[1], version), "--publish-every", "0.1")
    else:
        command = (name,)
    _say("try", name, *what)
    _run(*command, "--dataset", dataset)
    _say("ack", name, *what)


def _inbox(folder: Path, number: int, version: int) -> Path:
    """Put an article into the inbox, as if a while ago; take out what an earlier watcher did not come to."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for leftover in inbox.glob("*.md"):
        leftover.unlink()
    path = source(inbox, number, version)
    os.utime(path, (1, 1))
    return inbox


def _work(folder: Path, seed: str, version: int, only: str) -> None:
    chance = random.Random(seed)
    while True:
        version += 1
        name = only or chance.choices(list(OPERATIONS), list(OPERATIONS.values()))[0]
        _operate(folder, chance, name, version)


def main(folder: Path) -> None:
    """Make a child for each line on standard input: its seed, the first version, and perhaps the one operation."""
    list(load_backend(Settings()).extract(Article.create(text(0, 0))).reports)
    for name in cli.list_commands(click.Context(cli)):
        cli.get_command(click.Context(cli), name)
    _say("ready")
    for line in sys.stdin:
        seed, version, *only = line.split()
        child = os.fork()
        if child == 0:
            try:
                _say("pid", os.getpid())
                _work(folder, seed, int(version), only[0] if only else "")
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(70)
        _, status = os.waitpid(child, 0)
        _say("end", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
