"""The command line: ``parley``.

Each command lives in the module that its name says. Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 a source
cannot be read, 4 a page cannot be fetched or a service not asked, 5 the shapes refused an article, 6 trouble with the
dataset, 7 a query is malformed or not allowed, 8 a query ran past a limit, 130 interrupted.
"""

import errno
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from graph import __version__
from graph.errors import DatasetError, ParleyError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

__all__ = ["cli", "main"]


#: Command -> the module of this package that it lives in.
_MODULES = {
    "backup": "backup",
    "curate": "curate",
    "diff": "diff",
    "export": "query",
    "extract": "extract",
    "ingest": "ingest",
    "publish": "dataset",
    "quarantine": "quarantine",
    "query": "query",
    "rebuild": "archive",
    "reconcile": "reconcile",
    "records": "dataset",
    "remote": "remote",
    "remove": "dataset",
    "restore": "backup",
    "settings": "settings",
    "status": "dataset",
    "train": "train",
    "validate": "validate",
    "verify": "verify",
    "watch": "watch",
}


class _Commands(click.Group):
    """The commands of this package and those that other packages register as entry points ``parley.commands``.

    A command is imported when it is called for, since a query has no use for what reads and extracts articles.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*_MODULES, *_plugins().names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _MODULES:
            loaded = getattr(import_module(f"graph.cli.{_MODULES[cmd_name]}"), cmd_name)
        else:
            entry = next(iter(_plugins().select(name=cmd_name)), None)
            loaded = entry.load() if entry else None
        return loaded if isinstance(loaded, click.Command) else None


def _plugins() -> "EntryPoints":
    from importlib.metadata import entry_points  # slow to load, and most calls are of a command of this package

    return entry_points(group="parley.commands")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="parley")
def cli() -> None:
    """Keep a knowledge graph of diplomatic events, read from articles, on a timeline.

    Start with `parley demo`, or with `parley ingest ARTICLE...` and `parley serve`.
    """


def main() -> NoReturn:
    """Run the command line; every error that a user can meet is one line on standard error."""
    # Before any command loads NumPy: why, is told by graph.extract.learned.quick_import.one_thread.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        result = cli.main(prog_name="parley", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(result if isinstance(result, int) else 0)
    except ParleyError as error:
        _fail(str(error), error.exit_code)
    except click.exceptions.Abort:
        _fail("interrupted; nothing that was reported as stored is lost", 130)
    except KeyboardInterrupt:
        _fail("interrupted; nothing that was reported as stored is lost", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`parley query ... | head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _fail(str(_explain(error)), DatasetError.exit_code)


def _explain(error: OSError) -> DatasetError:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DatasetError(f"{where}the disk is full", "free some space and run the command again")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        remedy = "check the folder's permissions or choose another --dataset"
        return DatasetError(f"{where}no permission to write", remedy)
    return DatasetError(f"{where}{error.strerror or error}", "check the path and the disk")


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"parley: {message}", err=True)
    sys.exit(code)
