"""What a reconciliation service says: its manifest and its candidates, checked (Reconciliation Service API 0.2)."""

import json
import math
from dataclasses import dataclass
from typing import Any

from graph.sources.reading import is_web_iri

__all__ = ["Candidate", "Manifest", "WrongAnswerError", "read_candidates", "read_json", "read_manifest"]

#: Candidates of one question that are looked at; the best come first.
_MOST = 50
_VERSIONS = ("0.1", "0.2")


class WrongAnswerError(Exception):
    """An answer that is not of the form of the API; the message says in which way."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a service says of itself.

    :param space: IRI of its identifiers; often what their IRIs begin with.
    :param view: address of a page about an entity, with ``{{id}}`` in it; empty if it has none.
    :param batch: questions that it takes at once; 0 if it does not say.
    """

    name: str
    space: str
    view: str = ""
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be the one that was asked for.

    :param score: how likely; each service has a scale of its own.
    :param match: whether the service itself is sure.
    """

    id: str
    name: str
    score: float
    match: bool = False
    description: str = ""


def read_json(raw: bytes) -> dict[str, Any]:
    """Return an answer as JSON.

    :raises WrongAnswerError: if it is no JSON object, or says that there was an error.
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise WrongAnswerError("is no JSON") from None
    if not isinstance(answer, dict):
        raise WrongAnswerError("is no JSON object")
    if answer.get("status") == "error":  # not in the API, but common
        raise WrongAnswerError(f"is an error: {_text(answer.get('message')) or 'without a message'}")
    return answer


def read_manifest(answer: dict[str, Any]) -> Manifest:
    """Return a service's manifest (API, "Service Definition").

    :raises WrongAnswerError: if it is of another form, or of a version that is not known.
    """
    name, space = _text(answer.get("name")), answer.get("identifierSpace")
    if not name or not isinstance(space, str) or not is_web_iri(space):
        raise WrongAnswerError("is no manifest of a reconciliation service: it has no name or no identifierSpace")
    versions = answer.get("versions", ["0.1"])  # came with 0.2
    if not isinstance(versions, list) or not set(map(str, versions)) & set(_VERSIONS):
        raise WrongAnswerError("names no version of the API that Parley knows (0.1, 0.2)")
    view = answer.get("view")
    url = view.get("url") if isinstance(view, dict) else None
    usable = isinstance(url, str) and "{{id}}" in url and is_web_iri(url.replace("{{id}}", "1"))
    batch = answer.get("batchSize")
    most = batch if isinstance(batch, int) and not isinstance(batch, bool) and batch > 0 else 0
    return Manifest(name, space, str(url) if usable else "", most)


def read_candidates(result: object) -> tuple[Candidate, ...]:
    """Return the candidates of one question, the best first (API, "Reconciliation Query Responses").

    :param result: the value of ``result``.
    :raises WrongAnswerError: if it is of another form.
    """
    if not isinstance(result, list):
        raise WrongAnswerError("has no list of candidates for a question")
    found = [_candidate(each) for each in result[:_MOST]]
    return tuple(sorted(found, key=lambda c: -c.score))


def _candidate(value: object) -> Candidate:
    if not isinstance(value, dict):
        raise WrongAnswerError("has a candidate that is no object")
    name, score, match = value.get("id"), value.get("score"), value.get("match", False)
    if not isinstance(name, str) or not name or len(name) > 500:
        raise WrongAnswerError("has a candidate without an id")
    if not isinstance(score, int | float) or isinstance(score, bool) or not math.isfinite(score):
        raise WrongAnswerError("has a candidate without a score")
    if not isinstance(match, bool):
        raise WrongAnswerError("has a candidate of which it does not say whether it matches")
    return Candidate(name, _text(value.get("name")) or name, float(score), match, _text(value.get("description")))


def _text(value: object) -> str:
    """Return words of others as far as they can be shown: in one line, printable, short."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(c for c in words if c.isprintable())[:200]
