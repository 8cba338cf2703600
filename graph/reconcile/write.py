"""Writes what is accepted into curations, which every publication applies; without its file it is undone."""

from pathlib import Path
from urllib.parse import quote

from graph.curation import Action, find
from graph.curation.write import Writer
from graph.reconcile.answer import Manifest
from graph.reconcile.decide import Outcome

__all__ = ["write"]


def write(outcome: Outcome, writer: Writer, manifest: Manifest) -> Path:
    """Write that a thing is the same as the accepted entity; return the file.

    :raises InputError: if the thing is not in the published graph, or the entity has no IRI that can be stored.
    :raises DatasetError: if the file cannot be written.
    """
    iri, best = outcome.candidates[0]
    page = manifest.view.replace("{{id}}", quote(best.id, safe="")) or None
    return writer.say(Action.ADDITION, outcome.thing.key, find("same-as"), [iri], _why(outcome, manifest), page)


def _why(outcome: Outcome, manifest: Manifest) -> str:
    best = outcome.candidates[0][1]
    following = f", next {outcome.candidates[1][1].score:g}" if len(outcome.candidates) > 1 else ", no other"
    question = outcome.question
    asked = [f"query {question['query']!r}"]
    if "type" in question:
        asked.append(f"type {question['type']}")
    asked += [f"{p['pid']} {p['v']!r}" for p in question.get("properties", ())]
    named = f"{best.name} ({best.description})" if best.description else best.name
    matched = f"{manifest.name} matches {named}, score {best.score:g}{following}"
    return f"{matched}; {', '.join(asked)}; {outcome.asked:%Y-%m-%d}"
