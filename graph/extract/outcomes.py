"""How an event came out, where the article says so: the talks collapsed, the summit produced a deal, it was signed.

``data/lexicons/outcomes.tsv`` has the words; the parse tells whether they are said of the event, and as a fact. What is
only hoped for, ahead, supposed or denied is none; "failed to reach an agreement" is the outcome "no agreement".
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from graph.extract.learned.parser import Parse
from graph.extract.lexicon import read_table
from graph.extract.model import EventType, Outcome, Span
from graph.extract.tagging import Tagged, word_class
from graph.extract.triggers import Trigger

__all__ = ["contradicting", "find_outcomes"]

#: How many steps up the parse a word is looked for that makes what it governs no fact.
_STEPS = 4
#: Most words from the first to the last of those that state an outcome.
_LONGEST = 24
_PAST, _PRESENT = frozenset({"VBD", "VBN"}), frozenset({"VBZ", "VBP"})
_NEGATIONS = frozenset({"not", "n't", "never", "no", "neither", "nor", "without", "cannot"})
_RELATIVE = frozenset({"which", "that"})
_UNDERGOING, _BEHIND = frozenset({"obj", "nsubj:pass"}), frozenset({"obl", "nmod", "advcl", "xcomp"})
#: Relations that a participle has none in that stands behind what it is done to.
_OWN = frozenset({"aux", "nsubj", "obj"})
_CLAUSES = frozenset({"ccomp", "xcomp", "acl", "advcl", "conj", "parataxis", "acl:relcl", "dep"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the lexicon."""

    outcome: Outcome | None
    negated: Outcome | None
    types: frozenset[EventType]
    part: str
    verb: tuple[str, ...]
    prepositions: frozenset[str]
    nouns: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """Words that state an outcome, of whatever event.

    :param verb: number of the verb; ``main`` is that of the verb that governs it ("failed to sign"), else the same.
    :param noun: number of its noun, if it has one.
    :param span: all of its words.
    """

    outcome: Outcome
    entry: _Entry
    verb: int
    main: int
    noun: int | None
    span: Span


@cache
def contradicting(outcome: Outcome) -> frozenset[Outcome]:
    """Return the outcomes that an event cannot have beside this one, as the ontology says (``ply:contradicts``)."""
    # Loaded when an event has two outcomes, which is rare: it takes a fifth of a second.
    from graph.ontology import ontology_triples
    from graph.vocabulary import PLY

    subject, predicate = ox.NamedNode(str(PLY[outcome])), ox.NamedNode(str(PLY.contradicts))
    return frozenset(
        Outcome(triple.object.value.removeprefix(str(PLY)))
        for triple in ontology_triples()
        if triple.subject == subject and triple.predicate == predicate and isinstance(triple.object, ox.NamedNode)
    )


def find_outcomes(
    tagged: Tagged, kind: EventType, mentions: Sequence[Trigger]
) -> tuple[tuple[Outcome, ...], tuple[Span, ...]]:
    """Find how an event came out: the outcomes, and the words that state them, in order of text.

    Of outcomes that contradict each other the one that is stated more often stays; of several that are not, none.

    :param kind: the type of the event: not every event can come out in every way.
    :param mentions: the words that name the event.
    """
    found: dict[Outcome, list[Span]] = {}
    seen: set[int] = set()
    for trigger in mentions:
        if trigger.sentence in seen:
            continue
        seen.add(trigger.sentence)
        here = [t for t in mentions if t.sentence == trigger.sentence]
        for said in _statements(tagged, trigger.sentence):
            if kind in said.entry.types and any(_is_of(tagged, said, t) for t in here):
                spans = found.setdefault(said.outcome, [])
                if said.span not in spans:
                    spans.append(said.span)
    counts = Counter({outcome: len(spans) for outcome, spans in found.items()})
    kept = [o for o in found if all(counts[o] > counts[other] for other in contradicting(o))]
    return tuple(sorted(kept)), tuple(sorted(span for outcome in kept for span in found[outcome]))


@cache
def _lexicon() -> Mapping[str, tuple[_Entry, ...]]:
    """Return the rows by the first word of the verb, those with longer verbs first."""
    table: dict[str, list[_Entry]] = {}
    for outcome, negated, types, part, verbs, prepositions, nouns in read_table("outcomes.tsv", 7):
        named: dict[str, list[tuple[str, ...]]] = {}
        for noun in _cells(nouns):
            *before, head = noun.split()
            named.setdefault(head, []).append(tuple(before))
        for verb in _cells(verbs):
            words = tuple(verb.split())
            entry = _Entry(
                Outcome(outcome) if outcome != "-" else None,
                Outcome(negated) if negated else None,
                frozenset(EventType(kind) for kind in _cells(types)),
                part,
                words,
                frozenset(_cells(prepositions)),
                {head: tuple(some) for head, some in named.items()},
            )
            table.setdefault(words[0], []).append(entry)
    return {first: tuple(sorted(rows, key=lambda e: -len(e.verb))) for first, rows in table.items()}


def _cells(cell: str) -> list[str]:
    return [] if cell in ("", "-") else cell.split("|")


def _statements(tagged: Tagged, sentence: int) -> Iterator[_Statement]:
    first, end = tagged.bounds[sentence]
    for i in range(first, end):
        for entry in _lexicon().get(tagged.low(i), ()):
            if any(tagged.low(i + k) != word for k, word in enumerate(entry.verb)):
                continue
            for noun in _nouns(tagged, entry, i) if entry.nouns else [None]:
                if (said := _statement(tagged, entry, i, noun)) is not None:
                    yield said


def _nouns(tagged: Tagged, entry: _Entry, verb: int) -> Iterator[int]:
    """Yield the nouns of the entry that hang on the verb as it wants: its object, or behind its preposition."""
    parse = tagged.parse
    if entry.prepositions:
        behind = (c for c in parse.children(verb) if parse.relation(c) in _BEHIND)
        heads = [c for c in behind if _case(tagged, c) & entry.prepositions]
    else:
        heads = _subjects(tagged, verb) if entry.part == "self" else _objects(tagged, verb)
    for head in heads:
        yield from (k for k in (head, *_joined(parse, head)) if _is_noun(tagged, entry, k))


def _objects(tagged: Tagged, verb: int) -> list[int]:
    """Return what a verb is done to: its object, the subject of its passive, or what its clause hangs on."""
    parse = tagged.parse
    found = [c for c in parse.children(verb) if parse.relation(c) in _UNDERGOING]
    if parse.relation(verb) not in ("acl", "acl:relcl"):
        return found
    if any(tagged.low(c) in _RELATIVE for c in found):  # "which were signed", "which they signed"
        return [parse.head(verb)]
    if parse.form(verb) == "VBN" and not any(parse.relation(c) in _OWN for c in parse.children(verb)):
        return [parse.head(verb), *found]  # "the treaty signed in May"
    return found


def _subjects(tagged: Tagged, verb: int) -> list[int]:
    """Return what does something: the subject of a verb, or what its clause hangs on ("talks that collapsed")."""
    parse = tagged.parse
    found = [c for c in parse.children(verb) if parse.relation(c) == "nsubj"]
    if parse.relation(verb) == "conj" and not found and parse.tag(parse.head(verb)) == "VERB":
        return _subjects(tagged, parse.head(verb))  # "the talks began and collapsed"
    if parse.relation(verb) == "acl:relcl" and any(tagged.low(c) in _RELATIVE for c in found):
        return [parse.head(verb)]
    if parse.relation(verb) == "advcl" and parse.form(verb) == "VBG" and not found:
        return [c for c in parse.children(parse.head(verb)) if parse.relation(c) == "nsubj"]
    return found


def _joined(parse: Parse, i: int) -> list[int]:
    return [c for c in parse.children(i) if parse.relation(c) == "conj"]


def _is_noun(tagged: Tagged, entry: _Entry, i: int) -> bool:
    return any(
        all(tagged.low(i - len(before) + k) == word for k, word in enumerate(before))
        for before in entry.nouns.get(tagged.low(i), ())
    )


def _statement(tagged: Tagged, entry: _Entry, verb: int, noun: int | None) -> _Statement | None:
    """Return what the words state if they state it as a fact; a negation turns it into its contrary."""
    parse = tagged.parse
    if parse.tag(verb) not in ("VERB", "AUX"):
        return None
    if parse.relation(verb) == "acl:relcl" and any(tagged.low(c) == "who" for c in parse.children(verb)):
        return None  # "those who rejected it" are some
    if noun is None and any(parse.relation(c) == "xcomp" for c in parse.children(verb)):
        return None  # "the conference failed to convene"
    low, denied = verb, False
    negation = _negation(tagged, verb) or (_negation(tagged, noun) if noun is not None else None)
    if negation is not None:
        helpers = [c for c in parse.children(verb) if parse.relation(c) == "aux" and c < verb]
        low, denied = min(low, negation, *helpers), True
    head, form = parse.head(verb), parse.form(verb)
    if parse.relation(verb) in ("xcomp", "advcl", "acl") and tagged.low(head) in word_class("did not"):
        low, denied = min(low, head), not denied
        verb_at = head
        if tagged.low(head) == "failing":
            return None
    elif parse.relation(verb) == "xcomp" and tagged.low(head) in word_class("did"):
        low, verb_at = min(low, head), head
    elif _fact(tagged, verb, form, denied):
        verb_at = verb
    else:
        return None
    if verb_at != verb and not _fact(tagged, verb_at, parse.form(verb_at), denied):
        return None
    if _supposed(tagged, verb_at):
        return None
    outcome = entry.negated if denied else entry.outcome
    last = max(verb + len(entry.verb) - 1, noun if noun is not None else verb)
    low = min(low, noun if noun is not None else low)
    if outcome is None or last - low >= _LONGEST:
        return None
    return _Statement(outcome, entry, verb, verb_at, noun, tagged.span(low, last + 1))


def _negation(tagged: Tagged, i: int) -> int | None:
    """Return the word that denies another, if one does."""
    parse = tagged.parse
    relations = ("advmod", "det", "mark", "cc:preconj", "aux", "neg")
    return next((c for c in parse.children(i) if tagged.low(c) in _NEGATIONS and parse.relation(c) in relations), None)


def _fact(tagged: Tagged, verb: int, form: str, denied: bool) -> bool:
    """Tell whether the form of a verb, and what goes with it, say that something is so, or is not."""
    parse = tagged.parse
    helpers = {tagged.low(c) for c in parse.children(verb) if parse.relation(c) in ("aux", "aux:pass", "cop")}
    marks = {tagged.low(c) for c in parse.children(verb) if parse.relation(c) == "mark"}
    if marks & word_class("supposed"):
        return False
    if helpers & word_class("modal") or helpers & {"be", "to"}:
        return denied and "could" in helpers  # "they could not agree"
    if form in _PAST:
        return form == "VBD" or bool(helpers) or parse.relation(verb) in ("acl", "conj", "root", "parataxis")
    if form in _PRESENT:
        return True
    if parse.tag(verb) == "ADJ":
        return bool(helpers)  # "were unable to"
    if form == "VBG":
        return parse.relation(verb) == "advcl" and marks <= {"after", "by", "without", "with"}
    return form == "VB" and denied and bool(helpers & {"did", "do", "does"})


def _supposed(tagged: Tagged, verb: int) -> bool:
    """Tell whether something governs a verb that makes what it says a hope, a plan, a condition or a denial."""
    parse, at = tagged.parse, verb
    for _ in range(_STEPS):
        relation = parse.relation(at)
        if relation == "conj" and parse.form(at) in _PAST:
            at = parse.head(at)  # the first of several speaks for itself
            if parse.form(at) in ("VB", "VBG"):
                return True
            continue
        if relation not in _CLAUSES or parse.head(at) == at:
            return False
        marks = {tagged.low(c) for c in parse.children(at) if parse.relation(c) in ("mark", "advmod")}
        if marks & word_class("supposed"):
            return True
        at = parse.head(at)
        if tagged.low(at) in word_class("denying") or (
            tagged.low(at) in word_class("unreal") | word_class("planned") and relation != "advcl"
        ):
            return True
        if relation in ("ccomp", "xcomp") and _negation(tagged, at) is not None:
            return True
    return False


def _is_of(tagged: Tagged, said: _Statement, trigger: Trigger) -> bool:
    """Tell whether an outcome is said of an event, by the part that the event has in the clause."""
    parse, part, verbs = tagged.parse, said.entry.part, {said.verb, said.main}
    if part in ("object", "self"):
        return trigger.head == said.noun or (trigger.head == said.verb and part == "object")
    if trigger.verb:
        joined = any(_joins(parse, v, trigger.head) or _joins(parse, trigger.head, v) for v in verbs)
        return part == "any" and (trigger.head in verbs or joined)
    if any(trigger.head in _subjects(tagged, verb) for verb in verbs):
        return True
    if said.entry.prepositions and trigger.head in _objects(tagged, said.verb):
        return True  # "they ended the summit without a deal"
    behind = parse.head(trigger.head) in verbs | {said.noun} and parse.relation(trigger.head) in _BEHIND
    there = bool(_case(tagged, trigger.head) & word_class("came of"))
    return part == "any" and behind and there and trigger.head != said.noun


def _case(tagged: Tagged, i: int) -> frozenset[str]:
    parse = tagged.parse
    return frozenset(tagged.low(c) for c in parse.children(i) if parse.relation(c) in ("case", "mark"))


def _joins(parse: Parse, one: int, other: int) -> bool:
    """Tell whether one verb is joined to another: "met and signed", "signed it when they met"."""
    return parse.head(one) == other and parse.relation(one) in ("conj", "advcl")
