"""Trains how claims are found: which words report what, who speaks, whom pronouns mean (``claims.json.gz``)."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from graph.extract.attribution import LAST, NOBODY, Attribution, Source
from graph.extract.claims import Parts, Statement, find_statements, overlap, speaker_of
from graph.extract.content import Content, Contents
from graph.extract.cues import Cue, find_cues
from graph.extract.learned.claims import content_features, cue_features, quote_features
from graph.extract.learned.loglinear import LogLinear, write_models
from graph.extract.learned.sources import referent_features, source_features, words_features
from graph.extract.model import Span
from graph.extract.names import Entities
from graph.extract.pipeline import prepare
from graph.extract.quotes import find_quotes
from graph.extract.speech import free_quotes, spoken_turns
from graph.extract.tagging import Tagged
from graph.training.loglinear import Choice, fit
from graph.training.material import Annotated, Material

__all__ = ["Example", "fit_claims", "train"]

#: Folds of the cross-validation, by article.
_FOLDS = 5
#: Strength of the prior of each choice, chosen by cross-validation.
_PRIOR = {"cue": 2.0, "content": 2.0, "quote": 1.0, "source": 2.0, "referent": 1.0}
#: In so many choices a feature must be seen; steps of the optimiser.
_SEEN, _ROUNDS = 2, 100
#: Words that report with less probability, and do not, teach nothing about contents.
_EASY = 0.01
#: From this F1 in words on a content is found; contents that come so near to the best are right as well.
_FOUND, _CLOSE = 0.5, 0.03
_JOINT = re.compile(r",? and |, ")


@dataclass
class Example:
    """An annotated article as the extractor sees it."""

    annotated: Annotated
    tagged: Tagged = field(init=False)
    entities: Entities = field(init=False)
    contents: Contents = field(init=False)
    attribution: Attribution = field(init=False)
    #: The words of each annotated claim's content.
    gold: list[Parts] = field(init=False)
    #: Cues, the contents that each may have, and the number of the annotated claim that it reports.
    cues: list[tuple[Cue, list[Content], int | None]] = field(init=False)

    def __post_init__(self) -> None:
        self.entities, _, self.tagged = prepare(self.annotated.article)
        tagged = self.tagged
        self.contents = Contents(tagged, find_quotes(tagged.document))
        self.attribution = Attribution(tagged, self.entities.people)
        self.gold = [self.parts(claim) for claim in self.claims]
        found = [cue for number in range(len(tagged.bounds)) for cue in find_cues(tagged, number)]
        at = {k: n for n, cue in enumerate(found) for k in range(cue.first, cue.last)}
        among = [self.contents.of(cue) for cue in found]
        claims: dict[int, int] = {}
        for number, claim in enumerate(self.claims):
            for k in range(*self.cover(claim["cue"])) if claim["cue"] else ():
                n = at.get(k)
                if n is not None and n not in claims:
                    if any(overlap(c.parts, self.gold[number]) >= _FOUND for c in among[n]):
                        claims[n] = number
                    break
        self.cues = [(cue, among[n], claims.get(n)) for n, cue in enumerate(found)]

    @property
    def claims(self) -> list[dict[str, Any]]:
        """The annotated claims."""
        return list(self.annotated.gold["claims"])

    @property
    def turns(self) -> list[Parts]:
        """The words of the turns, which are claims without being learned."""
        return [(self.tagged.cover(turn.content),) for turn in spoken_turns(self.tagged)]

    @property
    def names(self) -> dict[str, str]:
        """The names of what was found, by key."""
        found = self.entities
        return {e.key: e.name for kind in (found.people, found.organizations, found.places) for e in kind}

    def cover(self, span: dict[str, Any]) -> tuple[int, int]:
        """Return the words of an annotated span."""
        return self.tagged.cover(Span(span["start"], span["end"], span["text"]))

    def parts(self, claim: dict[str, Any]) -> Parts:
        """Return the words of an annotated content."""
        covers = [self.cover(span) for span in claim["content"]]
        return tuple((i, j) for i, j in covers if j > i)


def _cues(example: Example) -> Iterator[Choice]:
    for cue, among, claim in example.cues:
        if among:
            told = cue_features(example.tagged, cue, example.contents)
            yield Choice([told, ()], [1 if claim is None else 0])


def _contents(example: Example, cues: LogLinear) -> Iterator[Choice]:
    for cue, among, claim in example.cues:
        told = cue_features(example.tagged, cue, example.contents)
        if not among or (claim is None and cues.probability(told) < _EASY):
            continue
        each = content_features(example.tagged, cue, example.contents, among)
        right = [0]
        if claim is not None:
            shared = [overlap(c.parts, example.gold[claim]) for c in among]
            right = [n for n, share in enumerate(shared, 1) if share >= max(shared) - _CLOSE]
        yield Choice([(), *([*own, *start, *stop, *told] for own, start, stop in each)], right)


def _quotes(example: Example) -> Iterator[Choice]:
    cued = [parts for parts, claim in zip(example.gold, example.claims, strict=True) if claim["cue"]]
    free = [parts for parts, claim in zip(example.gold, example.claims, strict=True) if not claim["cue"]]
    for i, j in free_quotes(example.tagged, example.contents.source):
        parts = ((i, j),)
        if not any(overlap(parts, other) >= _FOUND for other in cued if other):
            right = any(overlap(parts, other) >= _FOUND for other in free if other)
            yield Choice([quote_features(example.tagged, example.contents, i, j), ()], [0 if right else 1])


def _fold(name: str | None) -> str:
    return re.sub(r"\W+", " ", name or "").strip().casefold()


def _same_name(name: str | None, other: str | None) -> bool:
    a, b = _fold(name), _fold(other)
    if not a or not b or a == b:
        return bool(a) and a == b
    return a.split()[-1] == b.split()[-1] and (a in b or b in a)


def _same_names(speaker: str | None, names: Sequence[str | None]) -> bool:
    """Tell whether names are those of a speaker; of joint ones ("A, B and C") each is."""
    if len(names) < 2:
        return any(_same_name(speaker, name) for name in names)
    parts = _JOINT.split(speaker or "")
    return len(parts) == len(names) and all(any(_same_name(part, name) for name in names) for part in parts)


@dataclass(frozen=True)
class _Spoken:
    """An annotated statement with who may be its speaker; ``last`` spoke before it."""

    statement: Statement
    claim: dict[str, Any]
    among: Sequence[Source]
    right: Sequence[int]
    last: tuple[str, ...]


def _spoken(example: Example) -> Iterator[_Spoken]:
    """Yield the annotated statements, in order, as far as they can be found."""
    attribution, names = example.attribution, example.names
    reported = {
        claim: Statement(max(among, key=lambda c: overlap(c.parts, example.gold[claim])).parts, cue, 1.0)
        for cue, among, claim in example.cues
        if claim is not None
    }
    last: tuple[str, ...] = ()
    for number in sorted(range(len(example.gold)), key=lambda n: example.gold[n]):
        claim, parts = example.claims[number], example.gold[number]
        statement = reported.get(number)
        if statement is None and not claim["cue"] and parts:
            statement = Statement(parts, None, 1.0)
        if statement is not None:
            among = attribution.among(statement.cue, statement.parts)
            yield _Spoken(statement, claim, among, _right_sources(example, claim, among), last)
        keys = [
            next((k for k, name in names.items() if _same_name(speaker, name)), None)
            for speaker in [claim["speaker"], *_JOINT.split(claim["speaker"] or "")]
        ]
        if keys[0]:
            last = (keys[0],)
        elif len(keys) > 2 and all(keys[1:]):
            last = tuple(key for key in keys if key)


def _right_sources(example: Example, claim: dict[str, Any], among: Sequence[Source]) -> list[int]:
    if claim["speaker"] is None:
        return [among.index(NOBODY)]
    if claim["speaker_span"] is None:
        return [among.index(LAST)]
    span = (example.cover(claim["speaker_span"]),)
    shared = [overlap(((s.first, s.last),), span) if s.first >= 0 else 0.0 for s in among]
    most = max(shared)
    return [n for n, share in enumerate(shared) if share == most] if most else []


def _sources(example: Example) -> Iterator[Choice]:
    for spoken in _spoken(example):
        statement = spoken.statement
        if spoken.right:
            told = source_features(example.attribution, statement.cue, statement.parts, spoken.among)
            yield Choice(told, spoken.right)


def _referents(example: Example) -> Iterator[Choice]:
    attribution, names = example.attribution, example.names
    for spoken in _spoken(example):
        for n in spoken.right:
            source = spoken.among[n]
            if source.kind in ("pronoun", "noun") and not source.keys and not source.joint:
                before = spoken.last[0] if len(spoken.last) == 1 else None
                referents = attribution.referents(source)
                told = [referent_features(attribution, source, r, before) for r in referents]
                right = [m for m, r in enumerate(referents, 1) if _same_name(spoken.claim["speaker"], names.get(r.key))]
                yield Choice([words_features(attribution, source), *told], right or [0])


def fit_claims(examples: Sequence[Example]) -> dict[str, LogLinear]:
    """Fit all choices."""

    def learn(name: str, choices: Callable[[Example], Iterable[Choice]]) -> LogLinear:
        found = [choice for example in examples for choice in choices(example)]
        return fit(found, prior=_PRIOR[name], seen=_SEEN, rounds=_ROUNDS)

    cue = learn("cue", _cues)
    return {
        "cue": cue,
        "content": learn("content", partial(_contents, cues=cue)),
        "quote": learn("quote", _quotes),
        "source": learn("source", _sources),
        "referent": learn("referent", _referents),
    }


def _judged(example: Example, models: dict[str, LogLinear]) -> list[tuple[bool, bool]]:
    """Return of each statement that is found whether it is an annotated one, and whether its speaker is right too."""
    found = find_statements(example.tagged, example.contents, models)
    shares = sorted(
        (-overlap(statement.parts, parts), n, m)
        for n, statement in enumerate(found)
        for m, parts in enumerate(example.gold)
        if parts and overlap(statement.parts, parts) >= _FOUND
    )
    claims: dict[int, int] = {}
    for _, n, m in shares:
        if n not in claims and m not in claims.values():
            claims[n] = m
    judged = []
    last: tuple[str, ...] = ()
    for n, statement in enumerate(found):
        speaker = speaker_of(example.attribution, statement, last, models)
        last = speaker.keys or last
        claim = claims.get(n)
        right = claim is not None and _is_speaker(example, example.claims[claim]["speaker"], speaker.keys, speaker.span)
        judged.append((claim is not None, right))
    return judged


def _is_speaker(example: Example, gold: str | None, keys: tuple[str, ...], span: Span | None) -> bool:
    if not gold:
        return not keys and span is None
    if keys:
        return _same_names(gold, [example.names.get(key) for key in keys])
    words = _fold(span.text if span else None)
    return bool(words) and (words in _fold(gold) or _fold(gold) in words)


def train(material: Material, folder: Path) -> dict[str, float]:
    """Train on the annotated articles and write ``claims.json.gz``.

    :returns: F1 of claims, and of claims with their speaker, in cross-validation by article; turns are left out.
    """
    examples = [Example(annotated) for annotated in material.articles]
    gold = found = hits = spoken = 0
    for fold in range(_FOLDS):
        models = fit_claims([e for n, e in enumerate(examples) if n % _FOLDS != fold])
        for example in examples[fold::_FOLDS]:
            judged = _judged(example, models)
            turns = sum(
                any(overlap(parts, turn) >= _FOUND for turn in example.turns) for parts in example.gold if parts
            )
            gold, found = gold + len(example.gold) - turns, found + len(judged)
            hits += sum(hit for hit, _ in judged)
            spoken += sum(right for _, right in judged)
    write_models(fit_claims(examples), folder / "claims.json.gz")
    return {"claims": 2 * hits / (gold + found), "claims with speaker": 2 * spoken / (gold + found)}
