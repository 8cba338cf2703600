"""Whom several who speak together are: "the two leaders", "both sides", "they", "we" of a joint statement.

By rule: too few of them are annotated to learn from.
"""

from collections.abc import Iterator, Sequence

from graph.extract.attribution import Attribution, Referent, Source
from graph.extract.tagging import word_class

__all__ = ["group_of"]

#: How many sentences back a group is looked for; one that "they" are; in how many an article says who "we" are.
_BACK, _NEAR, _OPENING = 12, 1, 3
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer"})


def group_of(attribution: Attribution, source: Source, referents: Sequence[Referent]) -> tuple[str, ...]:
    """Return the keys of those that a plural means; none where it is no plural, or means others.

    :param referents: whom it may mean one by one, nearest first.
    """
    tagged = attribution.tagged
    low = tagged.low(source.head)
    if source.kind == "pronoun":
        if low in word_class("joint we"):
            return _opening(attribution, source)
        return _pair_before(attribution, source) if low in ("they", "their", "them") else ()
    size = _size(attribution, source)
    bare = source.last - source.first == 2 and tagged.low(source.first) == "the"
    people, countries = low in word_class("group of people"), low in word_class("group of countries")
    if not (size or bare) or not (people or countries or low in word_class("group of either")):
        return ()
    kinds = ["person"] * (not countries) + ["place"] * (not people)
    for other in _joined_before(attribution, source, _BACK):
        if size in (0, len(other.keys)) and _kind(attribution, other) in kinds:
            return other.keys
    for kind in kinds:
        named = [r for r in referents if r.kind == kind and (kind == "person" or r.key in tagged.countries)]
        if len(named) >= (size or 2):
            return tuple(sorted((r.key for r in named[: size or 2]), key=lambda key: attribution.order[key]))
    return ()


def _size(attribution: Attribution, source: Source) -> int:
    """Return how many a noun phrase says that it means: "the two leaders"; 0 if it does not say."""
    words = [attribution.tagged.low(k) for k in range(source.first, source.last)]
    return next((n for n in (2, 3, 4) for w in words if w in word_class(f"group of {n}")), 0)


def _kind(attribution: Attribution, source: Source) -> str:
    name = attribution.tagged.name_at(source.head)
    return name.kind if name is not None else ""


def _joined_before(attribution: Attribution, source: Source, back: int) -> Iterator[Source]:
    """Yield the names that are joined by "and" before a source, nearest first."""
    sentence = attribution.tagged.words[source.head].sentence
    for number in range(sentence, max(-1, sentence - back - 1), -1):
        for other in reversed(attribution.sources(number)):
            if len(other.keys) > 1 and other.last <= source.first:
                yield other


def _opening(attribution: Attribution, source: Source) -> tuple[str, ...]:
    """Return who "we" are outside of quotations: those that a joint statement names first."""
    tagged = attribution.tagged
    sentence = tagged.words[source.head].sentence
    marks = sum(tagged.low(k) == '"' for k in range(tagged.bounds[sentence][0], source.head))
    if marks % 2:
        return ()
    return next(
        (other.keys for n in range(min(_OPENING, len(tagged.bounds))) for other in attribution.sources(n)
         if len(other.keys) > 1),
        (),
    )  # fmt: skip


def _pair_before(attribution: Attribution, source: Source) -> tuple[str, ...]:
    """Return the pair that "they" are: the subject before, if it is one."""
    tagged, parse = attribution.tagged, attribution.tagged.parse
    sentence = tagged.words[source.head].sentence
    for number in range(sentence, max(-1, sentence - _NEAR - 1), -1):
        for other in reversed(attribution.sources(number)):
            if other.last <= source.first and parse.relation(other.head) in _SUBJECTS and other.kind != "pronoun":
                if len(other.keys) > 1:
                    return other.keys
                if other.joint or parse.form(other.head) in ("NNS", "NNPS"):
                    return ()
    return ()
