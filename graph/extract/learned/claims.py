"""What speaks for and against a word reporting a statement, and a stretch of words being that statement."""

from collections.abc import Sequence

from graph.extract.content import Content, Contents
from graph.extract.cues import Cue
from graph.extract.learned.near import bucket
from graph.extract.lexicon import role_heads
from graph.extract.tagging import Tagged, word_class

__all__ = ["content_features", "cue_features", "kind_of", "quote_features", "subject_of"]

_SUBJECTS = ("nsubj", "nsubj:pass")
#: Relations over which a verb shares the subject of its head.
_SHARED = frozenset({"conj", "xcomp", "advcl", "parataxis", "ccomp"})
_RELATIVE = frozenset({"who", "which", "that"})
#: How many heads up a shared subject is looked for.
_CLIMB = 4


def subject_of(tagged: Tagged, head: int) -> tuple[int | None, str]:
    """Return the subject of a verb, its own or shared, and over which relations it is: ``own``, ``xcomp`` ..."""
    parse, way, k = tagged.parse, "", head
    for _ in range(_CLIMB):
        for c in parse.children(k):
            if parse.relation(c) in _SUBJECTS and (c < head or not way):
                if tagged.low(c) in _RELATIVE and parse.relation(k).startswith("acl") and parse.head(k) < c:
                    return parse.head(k), f"{way}relative"
                return c, way or "own"
        relation = parse.relation(k)
        if relation.startswith("acl"):
            return parse.head(k), f"{way}{relation}"
        if relation not in _SHARED and not (relation == "root" and parse.head(k) != k):
            break
        way += relation[:2]
        k = parse.head(k)
    return None, "none"


def kind_of(tagged: Tagged, k: int) -> str:
    """Return what a word stands for: ``person``, ``source`` (a noun of people who speak), ``he`` ..."""
    name, low = tagged.name_at(k), tagged.low(k)
    if name is not None and name.kind != "demonym":
        return name.kind
    if low in ("he", "she", "i", "we", "they", "it", "who", "which", "that", "you", "his", "her", "their", "its"):
        return low
    if low in role_heads():
        return "role"
    if low in word_class("source"):
        return "source"
    if name is not None:
        return "demonym"
    return tagged.parse.tag(k).lower()


def cue_features(tagged: Tagged, cue: Cue, contents: Contents) -> list[str]:
    """Return what speaks for a word reporting, whatever its content."""
    parse, head = tagged.parse, cue.head
    word = " ".join(tagged.low(k) for k in range(cue.first, cue.last))
    frames = " ".join(sorted(cue.frames)) or "new"
    subject, way = subject_of(tagged, head)
    who = kind_of(tagged, subject) if subject is not None else "none"
    tag, form, relation = parse.tag(head), parse.form(head), parse.relation(head)
    before, after = tagged.low(cue.first - 1), tagged.low(cue.last)
    first, end = tagged.bounds[cue.sentence]
    children = {
        parse.relation(c)
        for k in range(cue.first, cue.last)
        for c in parse.children(k)
        if not cue.first <= c < cue.last
    }
    part = f"{tag}{form}"
    quote = (
        "in"
        if contents.quoted[cue.first] >= 0
        else "near"
        if '"' in (before, after, tagged.low(cue.last + 1))
        else "out"
    )
    found = [
        f"w={word}", f"w={word}:{tag}", f"w={word}:{form}", f"w={word}:{who}", f"w={word}:{after}",
        f"stem={word[:5]}", f"stem={word[:5]}:{tag}", f"frames={frames}", f"frames={frames}:{tag}",
        f"frames={frames}:{who}", f"frames={frames}:{after}", f"part={part}", f"frames={frames}:{relation}",
        f"who={who}:{way}", f"who={who}:{tag}", f"rel={relation}", f"rel={relation}:{part}", f"before={before}",
        f"before={before}:{tag}", f"after={after}", f"after={after}:{tag}",
        f"beforetag={parse.tag(cue.first - 1) if cue.first > first else '^'}:{tag}",
        f"aftertag={parse.tag(cue.last) if cue.last < end else '$'}:{tag}", f"quote={quote}",
        f"quote={quote}:{frames}", f"verb={tagged.is_verb(cue.first)}:{frames}",
        f"head={tagged.low(parse.head(head)) if parse.head(head) != head else 'root'}",
        f"pos={'first' if cue.first == first else 'last' if cue.last >= end - 1 else 'mid'}",
    ]  # fmt: skip
    for c in children:
        found += (f"child={c}:{tag}", f"child={c}:{frames}", f"w={word}:child={c}")
    for k in parse.children(head):
        r = parse.relation(k)
        if r in ("aux", "aux:pass", "advmod", "mark", "cop", "det", "nmod:poss", "amod"):
            found += (f"{r}={tagged.low(k)}", f"{r}={tagged.low(k)}:{tag}")
        elif r in ("obj", "obl", "ccomp", "xcomp"):
            kind = kind_of(tagged, k)
            found += (f"{r}={kind}:{frames}", f"{r}={kind}:{word}", f"{r}={kind}:{form}")
    if tagged.headline(cue.sentence):
        found.append("headline")
    if tagged.in_role(cue.first):
        found.append("role")
    return found


def content_features(
    tagged: Tagged, cue: Cue, contents: Contents, among: Sequence[Content]
) -> list[tuple[list[str], list[str], list[str]]]:
    """Return what speaks for each of the contents that a cue may have: in itself, its start, its end.

    Contents that begin or end alike share the lists of it.
    """
    parse = tagged.parse
    word = " ".join(tagged.low(k) for k in range(cue.first, cue.last))
    frames = " ".join(sorted(cue.frames)) or "new"
    part = parse.form(cue.head)
    subject, _ = subject_of(tagged, cue.head)
    who = "none" if subject is None else "before" if subject < cue.first else "after"
    starts: dict[tuple[str, int], list[str]] = {}
    stops: dict[tuple[str, int, str], list[str]] = {}
    found = []
    led = any(c.order == "before" and c.start == "quote" and c.stop == "quote" for c in among)
    resumed = any(c.order == "around" and c.stop == "quote" for c in among)
    followed = any(c.order == "after" and c.start == "quote" for c in among)
    quotes = f"{led}{followed}{resumed}"
    that = next((k for k in range(cue.last, min(cue.last + 12, len(tagged.words))) if tagged.low(k) == "that"), -1)
    marks = {n: tagged.low(n) for s in {c.parts[0][0] for c in among} for n in (s, s - 1)}
    for content in among:
        (start, _), (last, stop) = content.parts[0], content.parts[-1]
        order, why, because = content.order, content.start, content.stop
        size = bucket(sum(j - i for i, j in content.parts))
        verbs = contents.verbs[stop] - contents.verbs[last]
        name = f"{order}:{why}"
        before = tagged.low(start - 1)
        gap = f"{order}:{bucket(start - cue.last if order == 'after' else cue.first - content.parts[0][1])}"
        inside = "in" if parse.head(min(stop, len(tagged.words) - 1)) in range(last, stop) else "out"
        told = [
            f"o={order}", f"o={order}:{who}", f"o={order}:{frames}", f"o={order}:{word}", f"o={order}:{part}",
            f"o={name}:{because}:{quotes}", f"o={order}:{quotes}:{frames}", f"s={name}", f"s={name}:{frames}",
            f"s={name}:{word}", f"s={name}:{part}", f"e={order}:{because}", f"e={because}:{frames}",
            f"se={name}:{because}", f"se={why}:{because}:{part}", f"n={size}", f"n={size}:{name}",
            f"n={size}:{because}", f"v={min(verbs, 3)}:{name}", f"v={min(verbs, 3)}:{frames}",
            f"v={min(verbs, 3)}:{because}", f"v={min(verbs, 3)}:n={size}", f"b={before}:{frames}",
            f"b={before}:{word}", f"b={before}:{because}", f"in={inside}:{because}", f"gap={gap}",
            f"gap={gap}:{frames}", *_hangs(tagged, cue, content),
        ]  # fmt: skip
        if that >= 0 and order == "after":
            lies = "before" if that < start else "inside" if that < stop else "behind"
            told += [f"that={lies}:{frames}", f"that={lies}"]
        name_here = tagged.name_at(start)
        if name_here is not None and tagged.cover(name_here.span) == (start, stop):
            told += [f"only={name_here.kind}", f"only={name_here.kind}:{order}", f"only={name_here.kind}:{frames}"]
        if (order, start) not in starts:
            starts[order, start] = [f"{order[0]}{f}" for f in _start(tagged, contents, start, marks)]
        if (order, stop, inside) not in stops:
            stops[order, stop, inside] = [f"{order[0]}{f}:{inside}" for f in _stop(tagged, contents, stop)]
        found.append((told, starts[order, start], stops[order, stop, inside]))
    return found


def _hangs(tagged: Tagged, cue: Cue, content: Content) -> list[str]:
    """Return how a content hangs on its cue in the parse, and how what follows it hangs on both."""
    parse = tagged.parse
    (start, _), (last, stop) = content.parts[0], content.parts[-1]

    def top(k: int, low: int, high: int) -> int:
        while low <= parse.head(k) < high and parse.head(k) != k:
            k = parse.head(k)
        return k

    def on(k: int) -> str:
        head = parse.head(k)
        if head == k:
            return "root"
        if cue.first <= head < cue.last:
            return "cue"
        if start <= head < stop and not cue.first <= head < cue.last:
            return "content"
        return "subject" if head < start else "behind"

    first, end = top(start, start, stop), top(stop - 1, start, stop)
    one = "one" if first == end else "two"
    told = [
        f"root={content.order}:{parse.relation(first)}:{on(first)}",
        f"root={content.order}:{parse.relation(end)}:{on(end)}:{one}",
        f"root={one}:{content.stop}",
    ]
    sentence = tagged.bounds[tagged.words[last].sentence][1]
    follows = stop
    while follows < sentence and not tagged.low(follows)[0].isalnum():
        follows += 1
    if follows < sentence:
        rest = top(follows, stop, sentence)
        hang = f"{parse.relation(rest)}:{on(rest)}"
        told += [
            f"rest={hang}", f"rest={hang}:{content.stop}", f"rest={hang}:{tagged.low(follows)}",
            f"rest={on(rest)}:{tagged.low(stop)}:{tagged.low(follows)}", f"rest={hang}:{content.order}:{one}",
        ]  # fmt: skip
    return told


def _start(tagged: Tagged, contents: Contents, start: int, marks: dict[int, str]) -> list[str]:
    parse = tagged.parse
    tag = parse.tag(start)
    quote = contents.quoted[start]
    name = tagged.name_at(start)
    kind = "none" if name is None else name.kind
    if name is not None and tagged.low(tagged.cover(name.span)[1]) == "'s":
        kind += "'s"
    where = "no" if quote < 0 else "first" if contents.quotes[quote][0] == start else "in"
    return [
        f"sw={tagged.low(start)}",
        f"stag={tag}",
        f"sb={marks[start - 1]}",
        f"sb={marks[start - 1]}:{tag}",
        f"sq={where}",
        f"srel={parse.relation(start)}",
        f"srel={parse.relation(start)}:{marks[start - 1]}",
        f"sname={kind}",
        f"sname={kind}:{marks[start - 1]}",
    ]


def _stop(tagged: Tagged, contents: Contents, stop: int) -> list[str]:
    parse = tagged.parse
    if stop >= len(tagged.words) or tagged.words[stop].sentence != tagged.words[stop - 1].sentence:
        word, nexts, tag, relation = "$", "$", "$", "$"
    else:
        word, nexts = tagged.low(stop), tagged.low(stop + 1)
        k = (
            stop + 1
            if word in (",", '"', "-", ";") and stop + 1 < tagged.bounds[tagged.words[stop].sentence][1]
            else stop
        )
        relation, tag = parse.relation(k), parse.tag(k)
        if word[0].isalnum():
            nexts = parse.tag(stop)
    quote = contents.quoted[stop - 1]
    where = "no" if quote < 0 else "last" if contents.quotes[quote][1] == stop else "in"
    return [
        f"ew={word}",
        f"ew={word}:{nexts}",
        f"etag={word if not word[0].isalnum() else ''}:{tag}",
        f"erel={relation}",
        f"eq={where}",
        f"eq={where}:{word}",
        f"elast={parse.tag(stop - 1)}",
    ]


def quote_features(tagged: Tagged, contents: Contents, i: int, j: int) -> list[str]:
    """Return what speaks for the quotation of words ``[i, j)`` being a statement that no cue reports."""
    parse = tagged.parse
    first, _ = tagged.bounds[tagged.words[i].sentence]
    before = tagged.low(i - 2) if tagged.low(i - 1) == '"' else tagged.low(i - 1)
    opens = "first" if i - first <= 1 else "inside"
    after = next((tagged.low(k) for k in range(j, min(j + 3, len(tagged.words))) if tagged.low(k) != '"'), "$")
    end = tagged.low(j - 1)
    number = contents.quoted[i]
    near = "none"
    if number > 0:
        gap = i - contents.quotes[number - 1][1]
        near = bucket(gap)
    paragraph = tagged.document.paragraph_at(tagged.words[i].start)
    heads = "paragraph" if paragraph is not None and tagged.words[i].start - paragraph.start <= 1 else "middle"
    shut = "end" if not after[:1].isalnum() and after != "," else "on"
    size = bucket(j - i)
    verb = any(parse.tag(k) in ("VERB", "AUX") for k in range(i, min(j, i + 30)))
    cap = tagged.words[i].cap
    return [
        f"open={opens}", f"open={opens}:{heads}", f"open={opens}:{before}", f"before={before}", f"after={after}",
        f"end={end}", f"end={end}:{opens}", f"near={near}", f"near={near}:{opens}", f"size={size}",
        f"size={size}:{opens}", f"verb={verb}:{opens}", f"cap={cap}:{opens}", f"shut={shut}:{opens}",
        f"heads={heads}", f"open={opens}:{end}:{shut}:{cap}:{heads}",
    ]  # fmt: skip
