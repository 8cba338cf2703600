"""A reconciliation service with a memory: what it has said is not asked again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph.errors import ServiceError
from graph.reconcile.answer import Candidate, Manifest, WrongAnswerError, read_candidates, read_manifest
from graph.reconcile.cache import Cache, Kept
from graph.reconcile.client import SETTING, Client

__all__ = ["Answer", "Service"]

#: The question of the cache that the manifest answers.
_MANIFEST: Mapping[str, Any] = {"manifest": True}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service says to one question.

    :param number: of the question, from 0.
    :param candidates: the best first.
    :param asked: when it said so.
    """

    number: int
    candidates: tuple[Candidate, ...]
    asked: datetime


@dataclass
class Service:
    """A service.

    :param batch: questions in one request.
    """

    client: Client
    cache: Cache
    batch: int = 10
    _manifest: Manifest | None = field(default=None, init=False, repr=False)

    @property
    def manifest(self) -> Manifest:
        """What the service says of itself.

        :raises ServiceError: if it does not say it, or is none.
        """
        if self._manifest is None:
            kept = self._get(_MANIFEST)
            value = self.client.manifest() if kept is None else kept.value
            with self._in_words():
                self._manifest = read_manifest(value if isinstance(value, dict) else {})
            if kept is None:
                self._put([(_MANIFEST, value)])
        return self._manifest

    def ask(self, questions: Sequence[Mapping[str, Any]]) -> Iterator[Answer]:
        """Answer questions, those first that were answered before; a question that stands here twice is put once.

        :raises ServiceError: if the service does not answer; what it has answered before that is kept.
        """
        asked: dict[str, tuple[Mapping[str, Any], list[int]]] = {}
        for number, question in enumerate(questions):
            asked.setdefault(json.dumps(question, sort_keys=True), (question, []))[1].append(number)
        waiting = []
        for question, numbers in asked.values():
            kept = self._get(question)
            if kept is None:
                waiting.append((question, numbers))
            else:
                yield from self._answers(kept, numbers)
        size = max(1, self.batch)
        if self._manifest is not None and self._manifest.batch:
            size = min(size, self._manifest.batch)
        for start in range(0, len(waiting), size):
            batch = waiting[start : start + size]
            results = self.client.ask([question for question, _ in batch])
            with self._in_words():
                for result in results:
                    read_candidates(result)  # nothing is kept that cannot be read
            found = self._put([(question, result) for (question, _), result in zip(batch, results, strict=True)])
            for (_, numbers), kept in zip(batch, found, strict=True):
                yield from self._answers(kept, numbers)

    def _answers(self, kept: Kept, numbers: Sequence[int]) -> Iterator[Answer]:
        with self._in_words():
            candidates = read_candidates(kept.value)
        for number in numbers:
            yield Answer(number, candidates, kept.asked)

    def _get(self, question: Mapping[str, Any]) -> Kept | None:
        return self.cache.get(self.client.address, question)

    def _put(self, answers: Sequence[tuple[Mapping[str, Any], object]]) -> list[Kept]:
        return self.cache.put(self.client.address, self.client.url, answers)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except WrongAnswerError as error:
            remedy = f"check that {SETTING} is the URL of a reconciliation service"
            raise ServiceError(f"{self.client.url}: its answer {error}", remedy) from None
