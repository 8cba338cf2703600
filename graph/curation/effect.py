"""What applying a curation comes to: what it used and changed, and why a part of it has no effect."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

import pyoxigraph as ox

from graph.curation.draft import Draft
from graph.curation.model import Curation
from graph.curation.properties import kind_of

__all__ = ["Effect", "name_of"]

#: A finding is the one that is meant if it has so much of the words: an extraction may choose a word more or less.
_ALIKE = 0.75


@dataclass(eq=False)
class Effect:
    """What became of one curation.

    :param used: the things that it is on, as they were found.
    :param influenced: the things that it changed, made or made go.
    :param reasons: why a part of it, or all of it, has no effect; no full stop.
    :param overruled_by: a later curation that gives other values for the same property.
    """

    curation: Curation
    used: set[ox.NamedNode] = field(default_factory=set)
    influenced: set[ox.NamedNode] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    overruled_by: ox.NamedNode | None = None

    def find(self, draft: Draft, thing: ox.NamedNode, what: str = "target") -> ox.NamedNode | None:
        """Return a thing as it is in the graph now, whatever took its place; say why if it is not there.

        :param what: what the thing is to the curation.
        """
        name, words = name_of(draft, thing), self.curation.quoted.get(thing.value)
        if words:
            found = _by_words(draft, thing, words)
            if found is None:
                shown = min(words)
                shown = f"{shown[:60]}…" if len(shown) > 60 else shown
                self.reasons.append(f"no {kind_of(name)} of the article of {what} {name} rests on the words “{shown}”")
                return None
            thing = found
        standing = draft.survivors(thing)
        if len(standing) > 1:
            names = " and ".join(name_of(draft, node) for node in standing)
            self.reasons.append(f"{what} {name_of(draft, thing)} has become {names}: name the one that is meant")
            return None
        if not standing or not draft.has(standing[0]):
            self.reasons.append(f"{what} {name_of(draft, thing)} is not in the graph")
            return None
        thing = standing[0]
        self.used.add(thing)
        return thing


def name_of(draft: Draft, thing: ox.NamedNode) -> str:
    """Return the key of a thing."""
    return draft.iris.key(thing.value) or thing.value


def _by_words(draft: Draft, thing: ox.NamedNode, words: frozenset[str]) -> ox.NamedNode | None:
    """Return the finding that rests on these words: this one, or the only other that fits as well as any."""
    alike = {s: max((_alike(w, q) for w in words for q in draft.quotes(s)), default=0.0) for s in draft.siblings(thing)}
    most = max(alike.values(), default=0.0)
    if most < _ALIKE:
        return None
    best = [sibling for sibling, share in alike.items() if share == most]
    if thing in best:
        return thing
    return best[0] if len(best) == 1 else None


def _alike(words: str, quote: str) -> float:
    """Return how much of some words a finding's quotation has in one piece, from 0 to 1."""
    words = " ".join(words.split())
    match = SequenceMatcher(None, words, quote, autojunk=False).find_longest_match()
    return match.size / len(words) if words else 0.0
