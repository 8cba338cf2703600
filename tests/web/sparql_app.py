"""A small application around the SPARQL blueprint, on one generation: for tests, in process and under gunicorn."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from pyoxigraph import Store

import web
from graph.iris import Iris
from graph.settings import Settings
from tests.graph.sparql.sample import BASE
from web import errors
from web.app import template_filters, template_globals
from web.language import install
from web.sparql import endpoint

__all__ = ["OnePublished", "create", "create_app"]

_STUBS = {
    "base.html": "<title>{% block title %}{% endblock %}</title><main>{% block main %}{% endblock %}</main>",
    "error.html": "<h1>{{ error.title }}</h1><p>{{ error.cause }}</p><p>{{ error.remedy }}</p>",
}


@dataclass(frozen=True)
class _Generation:
    number: int
    path: Path


class _Snapshot:
    def __init__(self, number: int, path: Path) -> None:
        self.number = number
        self.generation = _Generation(number, path)
        self.identity = f"{number} {path}"
        self.iris = Iris(BASE)
        self.store = Store.read_only(str(path))


class OnePublished:
    """What ``web.published.Published`` is, for one generation; a test publishes the next by hand."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.settings = settings
        self.publish(1, path)

    def publish(self, number: int, path: Path) -> None:
        """Make another generation the current one."""
        self._snapshot = _Snapshot(number, path)

    def current(self) -> _Snapshot:
        """Return the current generation."""
        return self._snapshot


def create_app(path: Path, **settings: Any) -> Flask:
    """Make the application."""
    app = Flask("web")
    # The project's own templates, on a bare base: these tests are on what the endpoint says, not on the site around it.
    templates = FileSystemLoader(Path(web.__file__).with_name("templates"))
    app.jinja_loader = ChoiceLoader([DictLoader(_STUBS), templates])
    app.jinja_env.filters |= template_filters()
    app.jinja_env.globals |= template_globals()
    install(app)
    app.extensions["parley"] = OnePublished(replace(Settings(), **settings), path)
    app.register_blueprint(endpoint.blueprint)
    errors.register(app)

    @app.get("/page")
    def page() -> str:
        return "a page"

    return app


def create(path: str, timeout: float = 3.0, memory: int = 700_000_000, threads: int = 8) -> Flask:
    """Make the application for gunicorn, with limits that a test can wait for."""
    return create_app(Path(path), sparql_timeout=timeout, sparql_memory=memory, threads=threads)
