"""What speaks for words naming the speaker of a statement, and for an entity being meant by a noun or pronoun."""

from collections.abc import Sequence

from graph.extract.attribution import Attribution, Referent, Source
from graph.extract.cues import Cue
from graph.extract.learned.claims import kind_of, subject_of
from graph.extract.learned.near import bucket
from graph.extract.model import PlaceKind
from graph.extract.tagging import Tagged

__all__ = ["referent_features", "source_features", "words_features"]


def source_features(
    attribution: Attribution, cue: Cue | None, parts: Sequence[tuple[int, int]], among: Sequence[Source]
) -> list[list[str]]:
    """Return what speaks for each source being the speaker.

    :param cue: the cue, None of a quotation without one.
    :param parts: the content.
    """
    tagged, parse = attribution.tagged, attribution.tagged.parse
    found: list[list[str]] = []
    if cue is None:
        word, frames, tag, order = "none", "none", "none", "none"
        subject, way, at = None, "", parts[0][0]
    else:
        word = " ".join(tagged.low(k) for k in range(cue.first, cue.last))
        frames, tag = " ".join(sorted(cue.frames)) or "new", parse.tag(cue.head) + parse.form(cue.head)
        order = "around" if len(parts) > 1 else "after" if parts[0][0] >= cue.last else "before"
        subject, way = subject_of(tagged, cue.head)
        at = cue.first
    passive = cue is not None and any(parse.relation(c) == "aux:pass" for c in parse.children(cue.head))
    part = f"{tag}{'+' if passive else ''}"
    for number, source in enumerate(among):
        if source.first < 0:
            kind, after = source.kind, tagged.low(cue.last) if cue else ""
            subjects = "subject" if subject is not None else ""
            told = [
                kind, f"{kind}:{word}", f"{kind}:{frames}", f"{kind}:{part}:{order}", f"{kind}:{part}:{subjects}",
                f"{kind}:{after}", f"{kind}:{frames}:{passive}",
            ]  # fmt: skip
            found.append(told)
            continue
        kind = kind_of(tagged, source.head)
        relation = parse.relation(source.head)
        before = tagged.low(source.first - 1)
        after = tagged.low(source.last)
        if cue is not None and cue.first <= source.first < cue.last:
            side, gap = "in", 0
        elif source.last <= at:
            side, gap = "before", at - source.last
        else:
            side, gap = "after", max(0, source.first - (cue.last if cue else parts[-1][1]))
        to = _way(tagged, cue, source, subject, way)
        between = ""
        if gap <= 2:
            low, high = (source.last, at) if side == "before" else (cue.last if cue else at, source.first)
            between = " ".join(tagged.low(k) for k in range(low, high))
        away = tagged.words[source.head].sentence - tagged.words[at].sentence
        told = [
            f"k={kind}", f"k={source.kind}", f"k={kind}:{side}", f"rel={relation}", f"rel={relation}:{kind}",
            f"to={to}", f"to={to}:{kind}", f"to={to}:{frames}", f"to={to}:{part}", f"to={to}:{word}",
            f"to={to}:{order}", f"gap={side}:{bucket(gap)}", f"gap={side}:{bucket(gap)}:{part}",
            f"gap={side}:{bucket(gap)}:{source.kind}", f"side={side}:{order}:{part}", f"side={side}:{frames}",
            f"side={side}:{word}", f"before={before}:{side}", f"before={before}:{relation}", f"after={after}:{side}",
            f"n={min(number, 4)}", f"n={min(number, 4)}:{side}:{part}", f"away={away}:{kind}",
            f"away={away}:{relation}:{word}", f"joint={len(source.keys) > 1}", f"low={tagged.low(source.head)}",
            f"first={source.first == tagged.bounds[tagged.words[source.head].sentence][0]}:{part}",
        ]  # fmt: skip
        near = tagged.name_at(source.last)
        if near is not None and near.kind == "person" and source.kind == "noun":
            told += ["titles a name"]
        if gap <= 2:
            told += [
                f"between={side}:{between}",
                f"between={side}:{between}:{part}",
                f"between={side}:{between}:{kind}",
            ]
        if any(i <= source.first and source.last <= j for i, j in parts):
            told += ["inside", f"inside:{to}", f"inside:{tag}"]
        found.append(told)
    return found


def _way(tagged: Tagged, cue: Cue | None, source: Source, subject: int | None, way: str) -> str:
    """Return how a source hangs on a cue: over which relations."""
    if cue is None:
        return "none"
    parse = tagged.parse
    heads = range(source.first, source.last)
    if subject is not None and subject in heads:
        return f"subject:{way}"
    k, steps = source.head, ""
    for _ in range(4):
        relation = parse.relation(k)
        if relation in ("obl", "nmod"):
            relation += ":" + tagged.low(parse.subtree(k)[0])
        steps += f"<{relation}"
        k = parse.head(k)
        if cue.first <= k < cue.last:
            return steps
        if k == parse.head(k):
            break
    return "far"


def words_features(attribution: Attribution, source: Source) -> list[str]:
    """Return what speaks for a noun or pronoun meaning none of the entities that are named: its words are all."""
    tagged = attribution.tagged
    low, determiner = tagged.low(source.head), tagged.low(source.first)
    form = tagged.parse.form(source.head)
    return [
        f"words:{source.kind}",
        f"words:{low}",
        f"words:{determiner}",
        f"words:{form}:{determiner}",
        f"words:{form}",
        f"words:n={min(source.last - source.first, 4)}:{determiner}",
        f"words:k={kind_of(tagged, source.head)}:{determiner}",
    ]


def referent_features(
    attribution: Attribution,
    source: Source,
    referent: Referent,
    last: str | None,
    lands: dict[str, PlaceKind] | None = None,
) -> list[str]:
    """Return what speaks for an entity being meant.

    :param last: the entity that spoke last.
    """
    tagged, parse = attribution.tagged, attribution.tagged.parse
    low, determiner = tagged.low(source.head), tagged.low(source.first)
    number = (
        low
        if source.kind == "pronoun"
        else f"{determiner if source.last - source.first > 1 else '-'}:{parse.form(source.head)}"
    )
    kind = referent.kind
    if kind == "demonym":
        kind = f"demonym:{tagged.parse.tag(referent.first)}"
    elif kind == "place":
        kind = "country" if referent.key in tagged.countries else "place"
    head = parse.head(referent.last - 1)
    relation = parse.relation(referent.last - 1)
    if referent.first <= head < referent.last:
        relation = parse.relation(head)
    away = tagged.words[source.head].sentence - tagged.words[referent.first].sentence
    within = source.first <= referent.first < source.last
    spoke = "spoke" if referent.key == last else "silent"
    count = bucket(attribution.count.get(referent.key, 0))
    first = referent.first - tagged.bounds[tagged.words[referent.first].sentence][0] <= 3
    told = [
        f"{number}:{kind}", f"{number}:{kind}:{spoke}", f"{source.kind}:{kind}:{spoke}",
        f"{source.kind}:{kind}:away={bucket(away)}", f"{source.kind}:{kind}:rank={bucket(referent.rank)}",
        f"{number}:rank={bucket(referent.rank)}", f"{source.kind}:{relation}",
        f"{source.kind}:{relation}:away={bucket(away)}", f"{source.kind}:{kind}:count={count}",
        f"{source.kind}:first={first}:away={bucket(away)}",
        f"{source.kind}:s={tagged.low(referent.last) == chr(39) + 's'}", f"{source.kind}:{spoke}:away={bucket(away)}",
        f"{source.kind}:within={within}:{kind}", f"{low}:{kind}", f"{low}:{kind}:within={within}",
    ]  # fmt: skip
    if source.kind == "noun":
        words = {tagged.low(k) for k in range(source.first, source.last)} - {"the", "a", "an", "of"}
        roles = attribution.roles.get(referent.key, frozenset())
        role = low in roles
        others = len(words & (roles | attribution.names.get(referent.key, frozenset()))) - role
        named = low in attribution.names.get(referent.key, ())
        share = len(words & attribution.names.get(referent.key, frozenset()))
        told += [
            f"role={role}:{determiner}:{kind}",
            f"role={role}:{kind}",
            f"named={named}:{determiner}:{kind}",
            f"share={min(share, 2)}:{determiner}:{kind}",
            f"share={min(share, 2)}:{low}",
            f"role={role}:{spoke}",
            f"role={role}:others={others}",
            f"role={role}:others={others}:rank={bucket(referent.rank)}",
            f"role={role}:words={len(words)}",
        ]
    return told
