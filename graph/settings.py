"""The settings: one table of name, default and help, read from a file, the environment (``PARLEY_NAME``) and options.

An option wins over the environment, the environment over the file, the file over the default. ``docs/settings.md``
documents each one; a test finds the one that is not.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from graph.errors import InputError
from graph.iris import DEFAULT_BASE

__all__ = ["FILE", "NOT_SETTINGS", "PREFIX", "Origin", "Settings", "read_settings"]

#: Environment variables are this prefix and the setting's name in capitals.
PREFIX = "PARLEY_"
#: The settings file in the folder of a dataset.
FILE = "parley.toml"
#: Variables with the prefix that are no settings: where the file is, and what steers set-up and tests.
NOT_SETTINGS = frozenset({"PARLEY_SETTINGS", "PARLEY_PYTHON", "PARLEY_REQUIRE_BROWSER"})


def _setting(default: Any, help_text: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Sizes are bytes, times are seconds unless the name says otherwise."""

    dataset: Path = _setting(Path("dataset"), "folder of the dataset")
    base: str = _setting(DEFAULT_BASE, "base IRI of a dataset, chosen once, when it is made")
    curation: str = _setting("", "folder of the curations; empty for the folder curation of the dataset")
    curator: str = _setting("", "name that `parley curate` signs with; empty for the login name")
    host: str = _setting("127.0.0.1", "address that the server listens on")
    port: int = _setting(8000, "port that the server listens on; 0 for any free one")
    jobs: int = _setting(0, "processes that extract articles side by side; 0 for one per core")
    extractor: str = _setting("embedded", "back-end that extracts: embedded, spacy:PIPELINE or llm")
    llm_url: str = _setting("", "base URL of the service that the llm back-end asks, as in https://api.example/v1")
    llm_model: str = _setting("", "name of the model that it asks for")
    llm_key: str = _setting("", "key of the service, never printed or stored; empty if it needs none", secret=True)
    llm_timeout: float = _setting(120.0, "longest time that one answer of the service may take")
    llm_attempts: int = _setting(4, "how often one question is put before its article fails")
    llm_chunk: int = _setting(6_000, "characters of an article that are sent at once")
    llm_answer_tokens: int = _setting(8_000, "tokens that one answer may have")
    llm_article_tokens: int = _setting(100_000, "tokens, of questions and answers, that one article may cost")
    llm_run_tokens: int = _setting(1_000_000, "tokens, of questions and answers, that one run of a command may cost")
    user_agent: str = _setting("", "how Parley names itself to web servers; empty for its name and version")
    fetch_timeout: float = _setting(30.0, "longest time that one web page may take, redirects and retries included")
    fetch_limit: int = _setting(20_000_000, "largest web page that is read")
    fetch_pause: float = _setting(0.5, "least time between two requests to one host")
    fetch_hosts: int = _setting(8, "web hosts that are asked at once")
    fetch_robots: int = _setting(1, "1 heeds robots.txt; 0 reads pages that it forbids")
    fetch_private: int = _setting(0, "1 lets pages be fetched from private, loopback and link-local addresses")
    file_limit: int = _setting(10_000_000, "largest file that is read as an article")
    watch_every: float = _setting(900.0, "time between two looks at one feed")
    watch_publish_every: float = _setting(300.0, "least time between two publications of `parley watch`")
    watch_backoff: float = _setting(60.0, "time for which a failing host is left alone at first; doubled each time")
    watch_attempts: int = _setting(8, "how often a page that cannot be fetched is tried before it is given up")
    flush_every: int = _setting(20, "commits between two flushes of the store to disk")
    keep_generations: int = _setting(3, "published generations that are kept")
    sparql_workers: int = _setting(2, "processes that answer public SPARQL queries")
    sparql_timeout: float = _setting(30.0, "longest time that one SPARQL query may take")
    sparql_memory: int = _setting(2_000_000_000, "largest address space of a SPARQL worker")
    sparql_result_limit: int = _setting(200_000_000, "largest SPARQL result")
    sparql_row_limit: int = _setting(1_000_000, "most rows of a SPARQL result, or triples of a graph; 0 for any number")
    sparql_query_limit: int = _setting(100_000, "longest SPARQL query")
    sparql_waiting: int = _setting(0, "SPARQL queries that may wait for a worker; 0 leaves two threads for the pages")
    sparql_wait: float = _setting(10.0, "longest time that a SPARQL query may wait for a worker")
    sparql_client_running: int = _setting(2, "SPARQL queries of one client that run at once; 0 for any number")
    sparql_client_waiting: int = _setting(4, "SPARQL queries of one client that wait besides; 0 for any number")
    sparql_cache: int = _setting(50_000_000, "memory for SPARQL results of the current generation; 0 keeps none")
    sparql_services: str = _setting("", "IRIs, separated by spaces, that SERVICE may call; empty refuses all")
    remote_store: str = _setting(
        "", "remote store that gets each generation, as in fuseki+http://host:3030/parley; empty for none"
    )
    sparql_remote: int = _setting(0, "1 has the remote store answer the queries at /sparql")
    remote_user: str = _setting("", "user name at the remote store; empty if it asks for none")
    remote_password: str = _setting("", "password or token for the remote store, never printed or stored", secret=True)
    remote_timeout: float = _setting(60.0, "longest time that one request to the remote store may take")
    remote_attempts: int = _setting(6, "how often one request to the remote store is made before it counts as failed")
    remote_backoff: float = _setting(1.0, "time before the second attempt; doubled for each further one")
    reconciliation_service: str = _setting("", "URL of the service that `parley reconcile` asks; empty asks none")
    reconciliation_schema: str = _setting(
        "", "file with the service's types and properties; empty if Parley knows them"
    )
    reconciliation_score: float = _setting(80.0, "least score of a match that is accepted, on the service's own scale")
    reconciliation_margin: float = _setting(10.0, "by how much a match has to be ahead of the next candidate")
    reconciliation_batch: int = _setting(10, "questions in one request to the service")
    reconciliation_pause: float = _setting(1.0, "time between two requests to the service")
    reconciliation_timeout: float = _setting(30.0, "longest time that one request to the service may take")
    reconciliation_days: int = _setting(30, "days for which an answer of the service counts; 0 asks again each time")
    shared_max_age: int = _setting(0, "how long a reverse proxy may answer without asking; 0 has it ask each time")
    trusted_proxies: int = _setting(0, "reverse proxies in front, whose X-Forwarded headers count")
    client_timeout: float = _setting(
        10.0, "how long a client may take to send a request, or to take in next to nothing of an answer"
    )
    answer_timeout: float = _setting(3600.0, "how long a client may take to take in an answer, however large it is")
    access_log: str = _setting(
        "-", "where a line of JSON for each SPARQL query goes: a file, - for stderr, empty for none"
    )
    license: str = _setting(
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "IRI of the licence of what is published; quotations excepted",
    )
    processes: int = _setting(1, "processes of the web server; each has its own SPARQL workers")
    threads: int = _setting(8, "threads of each process of the web server")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Self:
        """Read the settings from the environment; overrides (command-line options) win, None is no override.

        :raises InputError: if a value is not of its setting's type.

        >>> Settings.from_environment({"PARLEY_PORT": "8080"}, host=None).port
        8080
        """
        values = _from_environment(os.environ if environ is None else environ)
        values |= {name: value for name, value in overrides.items() if value is not None}
        return replace(cls(), **values)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a setting is from.

    :param kind: ``option``, ``environment``, ``file`` or ``default``.
    :param where: the option, the variable or the file; empty for a default.
    """

    kind: str
    where: str = ""

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.kind} {self.where}".strip()


def read_settings(
    environ: Mapping[str, str] | None = None, file: Path | None = None, **options: object
) -> tuple[Settings, dict[str, Origin]]:
    """Read the settings from a file, the environment and options; return them with the origin of each.

    The file is the one that is given, else the one that ``PARLEY_SETTINGS`` names, else ``parley.toml`` in the folder
    of the dataset, if it is there.

    :param options: values of command-line options; None is no option.
    :raises InputError: if the file cannot be read, names what is no setting, or a value is not of its setting's type.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in options.items() if value is not None}
    named = _from_environment(environ)
    origins = {setting.name: Origin("default") for setting in fields(Settings)}
    file = file or (Path(environ["PARLEY_SETTINGS"]) if environ.get("PARLEY_SETTINGS") else None)
    if file is None:
        file = Path(str((named | given).get("dataset", Settings().dataset))) / FILE
        values = _from_file(file, missing={})
        if "dataset" in values:
            raise InputError(
                f"{file}: dataset: this file is looked for in the dataset, so it cannot name another one",
                "remove the line, or name the file with --settings",
            )
    else:
        values = _from_file(file)
    origins |= dict.fromkeys(values, Origin("file", str(file)))
    origins |= {name: Origin("environment", PREFIX + name.upper()) for name in named}
    origins |= {name: Origin("option", f"--{name.replace('_', '-')}") for name in given}
    return replace(Settings(), **{**values, **named, **given}), origins


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = PREFIX + setting.name.upper()
        if variable in environ:
            values[setting.name] = _parse(variable, environ[variable], type(setting.default))
    return values


def _from_file(path: Path, missing: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the values in a settings file; ``missing``, if given, where there is none."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        if missing is not None and isinstance(error, FileNotFoundError | NotADirectoryError):
            return missing
        raise InputError(f"{path}: the settings cannot be read ({error.strerror})", "check the path") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: the settings are no TOML ({error})", "mend the file: `name = value` lines") from None
    known = {setting.name: setting for setting in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name not in known:
            raise InputError(f"{path}: {name} is no setting", "see `parley settings` for those there are")
        if not known[name].repr:
            raise InputError(
                f"{path}: {name} is a secret and not read from a file", f"set {PREFIX}{name.upper()} in the environment"
            )
        values[name] = _typed(f"{path}: {name}", value, type(known[name].default))
    return values


def _typed(name: str, value: object, kind: type) -> Any:
    """Return a value of a settings file, if it is of the setting's type."""
    if isinstance(value, int | float) and not isinstance(value, bool) and kind in (int, float):
        if kind is int and not isinstance(value, int):
            raise InputError(f"{name} = {value!r} is no whole number", "write one")
        if not 0 <= value < float("inf"):
            raise InputError(f"{name} = {value!r} is out of range", "write a number that is not negative")
        return kind(value)
    if isinstance(value, str) and (kind is str or issubclass(kind, Path)):
        return kind(value)
    wanted = "a number" if kind in (int, float) else "a text in quotes"
    raise InputError(f"{name} = {value!r} is not {wanted}", f"write {wanted}")


def _parse(variable: str, value: str, kind: type) -> Any:
    try:
        if kind is int:
            number = int(value)
        elif kind is float:
            number = float(value)  # type: ignore[assignment]
        else:
            return Path(value) if issubclass(kind, Path) else value
    except ValueError:
        raise InputError(f"{variable}={value!r} is no number", f"set {variable} to a number or unset it") from None
    if not 0 <= number < float("inf"):
        raise InputError(f"{variable}={value!r} is out of range", f"set {variable} to a number that is not negative")
    return number
