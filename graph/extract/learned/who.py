"""Who takes part in an event: the names around its mentions, and how each stands to them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from graph.extract.happenings import Happening
from graph.extract.learned.near import bucket, distance, position
from graph.extract.model import EventType
from graph.extract.tagging import Named, Tagged
from graph.extract.triggers import Trigger

__all__ = ["Names", "Spots", "candidates", "features"]

#: Where a name stands: number of its first word, and of the one after its last.
Spots = Sequence[tuple[int, int]]

#: How many mentions of an event are looked at; how many sentences before and after one who takes part is named.
_MENTIONS, _BACK, _AHEAD = 12, 1, 0
_PERSONAL = frozenset({EventType.SUMMIT, EventType.MEETING, EventType.CALL})


class Names:
    """The names of an article by sentence, and how often each thing is named."""

    def __init__(self, tagged: Tagged) -> None:
        self.tagged = tagged
        self.by_sentence: dict[int, list[tuple[int, int, Named]]] = {}
        seen_until = -1
        for name in tagged.named:
            if name.span.end <= seen_until:
                continue  # a name inside a longer one
            seen_until = name.span.end
            i, j = tagged.cover(name.span)
            if i < len(tagged.words):
                self.by_sentence.setdefault(tagged.words[i].sentence, []).append((i, j, name))
        self._printed = {n.key for n in tagged.named if n.kind != "demonym"}
        self.counts = Counter(n.key for n in tagged.named)
        self.ranks = {key: rank for rank, (key, _) in enumerate(self.counts.most_common())}

        lands = Counter({k: n for k, n in self.counts.items() if k in tagged.countries})
        self.lands = [k for k, _ in lands.most_common(2)]
        self._lands = lands.total()
        title = (tagged.document.article.title or "").casefold()
        places = {n.key: n.span.text.casefold() for n in tagged.named if n.kind == "place"}
        self.titled = [k for k, text in places.items() if len(text) > 3 and text in title]
        self._told: dict[str, list[tuple[int, str]]] = {}
        self._kinds: dict[int, Counter[str]] = {}
        self._positions: dict[tuple[int, int, int, int, int], list[str]] = {}

    def share(self, country: str) -> float:
        """Return which share of all names of countries are of this one."""
        return self.counts[country] / self._lands if self._lands else 0.0

    def tell(self, happenings: Sequence[Happening]) -> None:
        """Keep which places the rules give the events of the article; an event is often where the one before was."""
        for happening in happenings:
            for trigger, around in happening.mentions[:_MENTIONS]:
                for key in around.places:
                    self._told.setdefault(key, []).append((trigger.sentence, happening.type.value))

    def told_of(self, key: str, happening: Happening) -> list[str]:
        """Return how near another event is that the rules place there."""
        own = {t.sentence for t, _ in happening.mentions[:_MENTIONS]}
        others = [(abs(s - t), s <= t, kind) for s, kind in self._told.get(key, ()) for t in own if s not in own]
        if not others:
            return []
        away, before, kind = min(others)
        return [
            f"told={'before' if before else 'after'}{bucket(away)}",
            f"told={kind}>{happening.type}",
            f"told={bucket(len(others))}",
        ]

    def kind(self, key: str) -> str:
        """Return ``person``, ``organization``, ``country``, ``region`` or ``site``."""
        if not key.startswith("place/"):
            return key.split("/", 1)[0]
        return "country" if key in self.tagged.countries else "region" if key in self.tagged.regions else "site"

    def kinds(self, sentence: int) -> Counter[str]:
        """Return how many names of each kind are in a sentence."""
        if sentence not in self._kinds:
            self._kinds[sentence] = Counter(self.kind(m.key) for _, _, m in self.by_sentence.get(sentence, ()))
        return self._kinds[sentence]

    def position(self, trigger: Trigger, i: int, j: int) -> list[str]:
        """Return how a name stands to a mention, which is asked of it as one who takes part and as a place."""
        key = trigger.first, trigger.last, trigger.head, i, j
        if key not in self._positions:
            self._positions[key] = position(self.tagged, trigger, i, j)
        return self._positions[key]

    def printed(self, key: str) -> bool:
        """Tell whether the article names it, not only by a demonym."""
        return key in self._printed

    def near(self, happening: Happening, back: int, ahead: int) -> dict[str, Spots]:
        """Return the names in the sentences of an event's mentions and around them: key -> where it stands.

        :param back: how many sentences before one of a mention.
        :param ahead: how many after it.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        for sentence in sorted(
            {s for t, _ in happening.mentions[:_MENTIONS] for s in range(t.sentence - back, t.sentence + ahead + 1)}
        ):
            for i, j, name in self.by_sentence.get(sentence, ()):
                found.setdefault(name.key, []).append((i, j))
        return dict(found)


def candidates(names: Names, happening: Happening) -> dict[str, Spots]:
    """Return those who may take part in an event: key -> where they are named."""
    found: dict[str, Spots] = dict.fromkeys(happening.actors(), ())
    return {k: v for k, v in (found | names.near(happening, _BACK, _AHEAD)).items() if names.printed(k)}


def features(
    names: Names, happening: Happening, key: str, spots: Spots, rules: Mapping[str, int], role: str
) -> list[str]:
    """Return what speaks for and against one who may take part, or a place where the event may be.

    :param spots: where the name stands near the mentions.
    :param rules: what the rules take for an answer, key -> its rank.
    :param role: what is asked, in whose name the rules' other answers are told.
    """
    tagged = names.tagged
    mentions = [t for t, _ in happening.mentions[:_MENTIONS]]
    event, kind = happening.type.value, names.kind(key)
    found = [
        f"kind={kind}",
        f"{event}:kind={kind}",
        f"rank={bucket(names.ranks.get(key, 99))}",
        f"count={bucket(names.counts[key])}",
    ]
    ruled = f"{role}={min(rules[key], 3)}" if key in rules else f"{role}=no" if rules else f"{role}=none"
    found += [ruled, f"{event}:{kind}:{ruled}"]
    rows = [(tagged.words[i].sentence, i, j) for i, j in spots]
    sentences = {sentence for sentence, _, _ in rows}
    together = sum(t.sentence in sentences for t in mentions)
    found += [f"together={min(together, 3)}", f"together={min(together, 3)}/{min(len(mentions), 3)}"]
    if rows:
        _, _, n, i, j = min(
            (abs(sentence - t.sentence), distance(t, i, j), n, i, j)
            for n, t in enumerate(mentions)
            for sentence, i, j in rows
        )
        trigger = mentions[n]
        part = "verb" if trigger.verb else "noun"
        where = names.position(trigger, i, j)
        found += where
        found += [f"{event}:{kind}:{f}" for f in where]
        found += [f"{part}:{kind}:{f}" for f in where]
        found += [f"next={tagged.low(j)}", f"{kind}:next={tagged.low(j)}", f"in role={tagged.in_role(i)}:{kind}"]
        others = names.kinds(trigger.sentence)[kind]
        found += [f"others={kind}{min(others, 4)}", f"{part}:lemma={trigger.lemma}:{kind}:{where[0]}"]
        if where[0] != "sentence=same":
            found.append(f"people here={happening.type in _PERSONAL and others > 0}:{kind}:{where[0]}")
    else:
        found.append("spot=none")
    return found
