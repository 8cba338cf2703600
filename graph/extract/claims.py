"""Claims: what an article attributes to a source, with speaker, cue, content, manner, and the reports it is on.

For each word that may report (:mod:`cues`) a trained choice says which stretch around it is its content, or that it
does not report; another says who speaks (:mod:`attribution`), a third whom a pronoun or noun means. The weights are in
``data/model/claims.json.gz``.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from graph.extract.attribution import LAST, NOBODY, Attribution, Source
from graph.extract.content import Content, Contents
from graph.extract.cues import Cue, find_cues
from graph.extract.groups import group_of
from graph.extract.learned.claims import content_features, cue_features, quote_features
from graph.extract.learned.loglinear import LogLinear, read_models
from graph.extract.learned.sources import referent_features, source_features, words_features
from graph.extract.model import Claim, Manner, Person, Report, Span
from graph.extract.quotes import find_quotes
from graph.extract.speech import free_quotes, spoken_turns
from graph.extract.tagging import Tagged

__all__ = ["Parts", "Speaker", "Statement", "find_claims", "find_statements", "overlap", "speaker_of"]

#: A word is looked at more closely if it reports with so much probability; a content is a claim from the second on.
_MAYBE, _CLAIM, _FREE = 0.06, 0.35, 0.45
#: From this F1 in words on, two stretches are one content (it is what counts as found, too); one claim and another.
_SAME, _TWICE = 0.5, 0.8
#: Only statements that begin so many words from each other are compared.
_BLOCK = 64
#: Stretches of less probability do not vote for others; so many of the likeliest are voted on.
_VOTES, _BALLOT = 0.005, 6
#: Characters of a content that must be the same to be the same statement printed twice.
_LONG = 12
_TURN_SURE, _LABEL_SURE = 0.9, 0.7

Parts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without its speaker: where it stands, what reports it, and how likely it is one."""

    parts: Parts
    cue: Cue | None
    probability: float


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who makes a statement: keys of those that are named, the words nearest the cue, how likely that is right."""

    keys: tuple[str, ...]
    span: Span | None
    probability: float


@dataclass(frozen=True, slots=True)
class _Draft:
    content: tuple[Span, ...]
    manner: Manner
    speaker: Speaker
    cue: Span | None
    confidence: float


def find_claims(tagged: Tagged, people: Sequence[Person] = (), reports: Sequence[Report] = ()) -> tuple[Claim, ...]:
    """Find the statements that an article attributes to a source, in order of their content; one per cue.

    :param people: to resolve nouns such as "the minister".
    :param reports: what the contents may be about.
    """
    drafts = [
        _Draft((turn.content,), turn.manner, Speaker((turn.key,) if turn.key else (), turn.speaker, 1.0), None,
               _TURN_SURE if turn.key else _LABEL_SURE)
        for turn in spoken_turns(tagged)
    ]  # fmt: skip
    contents = Contents(tagged, find_quotes(tagged.document))
    attribution = Attribution(tagged, people)
    models = read_models("claims.json.gz")
    last: tuple[str, ...] = ()
    for statement in find_statements(tagged, contents, models):
        speaker = speaker_of(attribution, statement, last, models)
        last = speaker.keys or last
        spans = tuple(contents.span(part) for part in statement.parts)
        drafts.append(
            _Draft(spans, _manner(tagged, *spans), speaker, statement.cue.span if statement.cue else None,
                   statement.probability)
        )  # fmt: skip
    found = _once(sorted(drafts, key=lambda d: (d.content[0].start, -d.content[-1].end, d.cue or d.content[0])))
    mentions = sorted((m.start, m.end, r.key) for r in reports for m in r.mentions)
    return tuple(_claim(tagged, n, draft, mentions) for n, draft in enumerate(found, 1))


def find_statements(tagged: Tagged, contents: Contents, models: dict[str, LogLinear]) -> list[Statement]:
    """Return what is stated in an article outside of turns, in order, each once."""
    found: list[Statement] = []
    for number in range(len(tagged.bounds)):
        for cue in find_cues(tagged, number):
            told = cue_features(tagged, cue, contents)
            if models["cue"].probability(told) < _MAYBE:
                continue
            among = contents.of(cue)
            if among:
                best, share = _choose(
                    among, _shares(models["content"], told, content_features(tagged, cue, contents, among))
                )
                if share >= _CLAIM:
                    found.append(Statement(best.parts, cue, share))
    for i, j in free_quotes(tagged, contents.source):
        share = models["quote"].probability(quote_features(tagged, contents, i, j))
        if share >= _FREE:
            found.append(Statement(((i, j),), None, share))
    return sorted(_distinct(found), key=lambda s: (s.cue.first if s.cue else s.parts[0][0], s.parts))


def _shares(model: LogLinear, cue: Sequence[str], each: Sequence[tuple[list[str], ...]]) -> list[float]:
    """Return the probability of each content, where all share what speaks for their cue; the rest is that of none."""
    base = model.score(cue)
    known: dict[int, float] = {}
    for group in each:
        for features in group:
            if id(features) not in known:
                known[id(features)] = model.score(features)
    scores = [base + sum(known[id(features)] for features in group) for group in each]
    top = max(0.0, *scores)
    parts = [exp(score - top) for score in scores]
    total = exp(-top) + sum(parts)
    return [part / total for part in parts]


def _choose(among: Sequence[Content], shares: Sequence[float]) -> tuple[Content, float]:
    """Return the content that most likely is right in half of its words, with that probability (minimum Bayes risk)."""
    voters = [n for n, share in enumerate(shares) if share > _VOTES]
    best, most = 0, -1.0
    for n in sorted(range(len(among)), key=lambda n: -shares[n])[:_BALLOT]:
        votes = sum(shares[m] for m in voters if overlap(among[n].parts, among[m].parts) >= _SAME)
        if votes > most:
            best, most = n, votes
    return among[best], most


def overlap(a: Parts, b: Parts) -> float:
    """Return the F1 of the words that two contents share."""
    both = sum(max(0, min(j, m) - max(i, k)) for i, j in a for k, m in b)
    return 2 * both / (sum(j - i for i, j in a) + sum(j - i for i, j in b))


def _distinct(found: Sequence[Statement]) -> list[Statement]:
    """Of statements with nearly the same content keep the likeliest; free quotations only where no cue reports them."""
    kept: dict[int, list[Statement]] = {}
    for statement in sorted(found, key=lambda s: (s.cue is None, -s.probability)):
        block = statement.parts[0][0] // _BLOCK
        near = (other for n in (block - 1, block, block + 1) for other in kept.get(n, ()))
        least = _TWICE if statement.cue else _SAME
        if not any(overlap(statement.parts, other.parts) >= least for other in near):
            kept.setdefault(block, []).append(statement)
    return [s for group in kept.values() for s in group]


def speaker_of(
    attribution: Attribution, statement: Statement, last: tuple[str, ...], models: dict[str, LogLinear]
) -> Speaker:
    """Return who makes a statement.

    :param last: who made the one before.
    """
    among = attribution.among(statement.cue, statement.parts)
    shares = models["source"].shares(source_features(attribution, statement.cue, statement.parts, among))
    best = max(range(len(among)), key=lambda n: shares[n])
    source, share = among[best], shares[best]
    if source == NOBODY:
        return Speaker((), None, share)
    if source == LAST:
        return Speaker(last, None, share)
    keys = source.keys
    if not keys and not source.joint:
        keys, known = _referent(attribution, source, last, models["referent"])
        share *= known
    return Speaker(keys, attribution.span(source), share)


def _referent(
    attribution: Attribution, source: Source, last: tuple[str, ...], model: LogLinear
) -> tuple[tuple[str, ...], float]:
    referents = attribution.referents(source)
    group = group_of(attribution, source, referents)
    if group:
        return group, 1.0
    before = last[0] if len(last) == 1 else None
    shares = model.shares(
        [words_features(attribution, source), *(referent_features(attribution, source, r, before) for r in referents)]
    )
    best = max(range(len(shares)), key=lambda n: shares[n])
    return ((referents[best - 1].key,) if best else ()), shares[best]


def _manner(tagged: Tagged, *content: Span) -> Manner:
    plain = tagged.document.plain
    if any('"' in plain[s.start : s.end] for s in content):
        return Manner.MIXED
    covers = [tagged.cover(span) for span in content]
    bare = all(tagged.low(i - 1) == '"' and '"' in (tagged.low(j), tagged.low(j + 1)) for i, j in covers)
    return Manner.DIRECT if bare else Manner.INDIRECT


def _once(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Leave out what is there twice: the same words of the same source, as in a caption printed twice."""
    found: list[_Draft] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for draft in drafts:
        words = " ".join(re.sub(r"\W+", " ", s.text).casefold().strip() for s in draft.content)
        if len(words) > _LONG and (words, draft.speaker.keys) in seen:
            continue
        seen.add((words, draft.speaker.keys))
        found.append(draft)
    return found


def _claim(tagged: Tagged, number: int, draft: _Draft, mentions: Sequence[tuple[int, int, str]]) -> Claim:
    about = _about(mentions, draft.content)
    if not about and (sentence := tagged.document.sentence_at(draft.content[0].start)) is not None:
        about = _about(mentions, (sentence,))  # "At the summit, Petrova said that it was late"
    return Claim(
        f"{tagged.document.article.key}/claim/{number}", draft.content, draft.manner, draft.speaker.keys,
        draft.speaker.span, draft.cue, about, round(max(0.05, min(0.95, draft.confidence)), 2),
    )  # fmt: skip


def _about(mentions: Sequence[tuple[int, int, str]], spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the reports that some spans mention, in order of mention."""
    low = bisect_left(mentions, (spans[0].start, 0, ""))
    near = mentions[low : bisect_left(mentions, (spans[-1].end, 0, ""))]
    told = (key for start, end, key in near if any(s.start <= start and end <= s.end for s in spans))
    return tuple(dict.fromkeys(told))
