"""Shards: what was prepared, in files of N-Quads that stay when a run is cut off, with a manifest.

::

    shards/NAME.nq.gz       the graphs of some articles, which any store can load
    shards/NAME.jsonl.gz    what was found in each, a line of JSON; resolution needs it
    shards/manifest.jsonl   a line for each article that is done: its hash, its shard and place there, sizes, outcome

The hash is of the article and of all that what is prepared depends on: base IRI, back-end, version of models and of
Parley. An article with this hash is taken from its shard and not prepared again. A shard is written whole before the
manifest names it, so that whatever stops a run, the next one goes on from the shards that are there.
"""

import gzip
import hashlib
import json
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import graph
from graph.article import Article
from graph.cluster.values import from_values, to_values
from graph.errors import DatasetError, ParleyError
from graph.extract.backends import Backend
from graph.extract.learned.folder import model_version
from graph.extract.model import Extraction
from graph.files import write_whole
from graph.ingest.prepare import Part, Prepared, PreparingRunner
from graph.iris import Iris

__all__ = ["MANIFEST", "Shards"]

MANIFEST = "manifest.jsonl"
#: So many articles are one shard: so many may be prepared again after a crash.
_ARTICLES = 50


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article is: the line of what was found, and the first line of its quads."""

    shard: str
    line: int
    quad: int


class Shards:
    """A folder of shards, for one dataset and back-end. Belongs to one process at a time.

    :param folder: made if it is missing.
    :param iris: of the dataset.
    :param backend: what extracts.
    :raises DatasetError: if the folder cannot be read or written.
    """

    def __init__(self, folder: Path, iris: Iris, backend: Backend) -> None:
        self._folder = folder
        self._iris = iris
        self._recipe = json.dumps([iris.base, backend.name, backend.version, model_version(), graph.__version__])
        self._open = lru_cache(maxsize=4)(self._read)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._places = dict(self._manifest())
        except OSError as error:
            raise _trouble(folder, error) from None

    def __len__(self) -> int:
        """Return how many articles are kept."""
        return len(self._places)

    def hash(self, article: Article) -> str:
        """Return the hash of an article and of all that what is prepared of it depends on."""
        values = json.dumps(article.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(f"{self._recipe}\n{values}".encode("utf-8", "backslashreplace")).hexdigest()

    def get(self, article: Article) -> Prepared | None:
        """Return what was prepared of an article; None if nothing is kept, or its shard is damaged."""
        digest = self.hash(article)
        place = self._places.get(digest)
        if place is None:
            return None
        try:
            found, quads = self._open(place.shard)
            values = json.loads(found[place.line])
            if values["hash"] != digest:
                return None
            parts, quad = [], place.quad
            for part in values["parts"]:
                extraction = from_values(Extraction, part["extraction"])
                # The graph's name is the last term of each line.
                end = self._ending(extraction.article.key)
                lines = quads[quad : quad + part["quads"]]
                if len(lines) != part["quads"] or not all(line.endswith(end) for line in lines):
                    return None
                statements = b"".join(line.removesuffix(end) + b" .\n" for line in lines)
                parts.append(Part(extraction, statements, part["sound"]))
                quad += part["quads"]
            return Prepared(tuple(parts))
        except (OSError, EOFError, zlib.error, IndexError, KeyError, TypeError, ValueError):
            return None

    def put(self, done: Sequence[tuple[Article, Prepared]]) -> None:
        """Keep what was prepared of some articles, in one shard.

        :raises DatasetError: if it cannot be written.
        """
        found: list[str] = []
        quads: list[bytes] = []
        rows: list[dict[str, Any]] = []
        for article, prepared in done:
            first, parts = len(quads), []
            for part in prepared.parts:
                end = self._ending(part.article.key)
                lines = [line.removesuffix(b" .") + end for line in part.statements.split(b"\n") if line]
                quads += lines
                parts.append({"quads": len(lines), "sound": part.sound, "extraction": to_values(part.extraction)})
            digest = self.hash(article)
            sizes = {"quads": len(quads) - first, "bytes": sum(map(len, quads[first:]))}
            rows.append({"article": article.key, "hash": digest, "line": len(found), "quad": first, **sizes})
            found.append(json.dumps({"hash": digest, "parts": parts}))
        name = hashlib.sha256("".join(row["hash"] for row in rows).encode()).hexdigest()[:16]
        try:
            write_whole(self._folder / f"{name}.nq.gz", _pack(b"".join(line + b"\n" for line in quads)))
            write_whole(self._folder / f"{name}.jsonl.gz", _pack("".join(f"{line}\n" for line in found).encode()))
            with (self._folder / MANIFEST).open("ab") as manifest:
                # A line that a crash has cut off ends here.
                manifest.write(b"\n" if manifest.tell() and not self._is_ended() else b"")
                for row in rows:
                    outcome = {"shard": name, **row, "outcome": "prepared"}
                    manifest.write(json.dumps(outcome).encode() + b"\n")
        except OSError as error:
            raise _trouble(self._folder, error) from None
        self._open.cache_clear()
        self._places |= {row["hash"]: _Place(name, row["line"], row["quad"]) for row in rows}

    def keeping(self, runner: PreparingRunner) -> PreparingRunner:
        """Return a runner that prepares with another one what is not kept yet, and keeps it; the order stays."""

        def run(articles: Iterator[Article]) -> Iterator[tuple[str, Prepared | Extraction | ParleyError]]:
            waiting: deque[tuple[Article, Prepared | None]] = deque()

            def missing() -> Iterator[Article]:
                for article in articles:
                    waiting.append((article, self.get(article)))
                    if waiting[-1][1] is None:
                        yield article

            def kept() -> Iterator[tuple[str, Prepared]]:
                while waiting and (found := waiting[0][1]) is not None:
                    yield waiting.popleft()[0].key, found

            # No processes are started for what is kept all the same.
            for article in articles:
                if (found := self.get(article)) is not None:
                    yield article.key, found
                    continue
                done: list[tuple[Article, Prepared]] = []
                try:
                    for key, result in runner(_chain(article, waiting, missing())):
                        yield from kept()
                        asked, _ = waiting.popleft()
                        if isinstance(result, Prepared):
                            done.append((asked, result))
                        if len(done) == _ARTICLES:
                            self.put(done)
                            done = []
                        yield key, result
                finally:
                    if done:
                        self.put(done)
                yield from kept()

        return run

    def _ending(self, key: str) -> bytes:
        return f" <{self._iris.article_graph(key)}> .".encode()

    def _is_ended(self) -> bool:
        with (self._folder / MANIFEST).open("rb") as manifest:
            manifest.seek(-1, 2)
            return manifest.read() == b"\n"

    def _manifest(self) -> Iterator[tuple[str, _Place]]:
        try:
            lines = (self._folder / MANIFEST).read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                row = json.loads(line)
                yield str(row["hash"]), _Place(str(row["shard"]), int(row["line"]), int(row["quad"]))
            except (ValueError, KeyError, TypeError):
                continue  # cut off by a crash: its articles are prepared again

    def _read(self, shard: str) -> tuple[list[bytes], list[bytes]]:
        path = self._folder / Path(shard).name
        found, quads = (
            gzip.decompress(path.with_name(f"{path.name}.{end}.gz").read_bytes()) for end in ("jsonl", "nq")
        )
        return found.splitlines(), quads.splitlines()


def _chain(
    first: Article, waiting: deque[tuple[Article, Prepared | None]], others: Iterator[Article]
) -> Iterator[Article]:
    waiting.append((first, None))
    yield first
    yield from others


def _pack(content: bytes) -> bytes:
    # No time in its head: the same shard is the same bytes.
    return gzip.compress(content, compresslevel=6, mtime=0)


def _trouble(folder: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f"{error.filename or folder}: the shards cannot be read or written ({error.strerror or error})",
        "check the disk's space and the folder's permissions",
    )
