"""Prepares an article for the one writer: all that needs no store is done beforehand, wherever there is a processor.

That is extraction, the description of what each part says, and the check of that description by the shapes that see
nothing but the article. It is a function of the article, the base IRI and the back-end, so it can be done in any
process or on any machine, again after a crash, and kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import pyoxigraph as ox

from graph.article import Article
from graph.describe import describe_article
from graph.errors import ParleyError
from graph.extract.backends import Backend
from graph.extract.model import Extraction
from graph.extract.runner import extract_one, process_work
from graph.gate.gate import Gate
from graph.ingest.related import detach_related
from graph.iris import Iris
from graph.rdf import to_graph, to_triples
from graph.settings import Settings
from graph.store import Triple
from graph.store.change import canonical

__all__ = ["Part", "Prepared", "Preparer", "PreparingRunner", "preparing_runner"]


@dataclass(frozen=True, slots=True)
class Part:
    """What an article says by itself, or a related item that it prints.

    :param statements: its graph as N-Triples, one line each, sorted.
    :param sound: whether it has passed the shapes that see no more than the article.
    """

    extraction: Extraction
    statements: bytes
    sound: bool

    @property
    def article(self) -> Article:
        """The article, or item."""
        return self.extraction.article

    def triples(self) -> frozenset[Triple]:
        """Return its graph as the store keeps it."""
        return canonical(quad.triple for quad in ox.parse(self.statements, format=ox.RdfFormat.N_TRIPLES))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as the writer takes it in: the article itself first, after it the related items that it prints."""

    parts: tuple[Part, ...]

    @property
    def key(self) -> str:
        """The key of the article."""
        return self.parts[0].article.key


#: Prepares articles, or only extracts them, in order; reads only a few ahead.
PreparingRunner = Callable[[Iterator[Article]], Iterator[tuple[str, Prepared | Extraction | ParleyError]]]


class Preparer:
    """Prepares articles for one dataset. Loads the shapes when it is made: keep one.

    :param iris: of the dataset.
    :param backend: extracts; not needed for what is extracted already.
    """

    def __init__(self, iris: Iris, backend: Backend | None = None, gate: Gate | None = None) -> None:
        self._iris = iris
        self._backend = backend
        self._gate = gate or Gate()

    def __call__(self, article: Article) -> Prepared | ParleyError:
        """Extract and prepare an article, or return why that cannot be."""
        if self._backend is None:
            raise TypeError("this preparer has no back-end to extract with")
        found = extract_one(self._backend, article)
        return found if isinstance(found, ParleyError) else self.prepare(found)

    def prepare(self, extraction: Extraction) -> Prepared:
        """Prepare what was extracted."""
        return Prepared(tuple(self.part(part) for part in detach_related(extraction)))

    def part(self, part: Extraction) -> Part:
        """Prepare an article without related items."""
        now = datetime.now(UTC).replace(microsecond=0)
        triples = to_triples(describe_article(part, self._iris, extracted_at=now))
        statements = b"".join(sorted(f"{triple} .\n".encode() for triple in triples))
        return Part(part, statements, self._gate.is_sound(to_graph(triples), part.article.text))


@contextmanager
def preparing_runner(settings: Settings, iris: Iris) -> Iterator[PreparingRunner]:
    """Provide a runner that prepares articles in several processes, as :func:`process_runner` extracts them.

    :param iris: of the dataset that the articles are for.
    :raises InputError: if the back-end cannot be loaded.
    """
    with process_work(settings, partial(Preparer, iris)) as runner:
        yield runner
