"""Claims: what an article attributes to a source, with speaker, cue, content, manner, and the reports it is on."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from graph.extract.attribution import Attribution, Speaker
from graph.extract.content import LONGEST, clean, following, preceding
from graph.extract.cues import Cue, find_cues
from graph.extract.lexicon import role_heads
from graph.extract.model import Claim, Manner, Person, Report, Span
from graph.extract.quotes import Quote, find_quotes
from graph.extract.speech import Draft, find_speech
from graph.extract.tagging import Tagged, word_class

__all__ = ["find_claims"]

_HEARSAY = frozenset({"reportedly", "allegedly", "purportedly", "supposedly"})


def find_claims(tagged: Tagged, people: Sequence[Person] = (), reports: Sequence[Report] = ()) -> tuple[Claim, ...]:
    """Find the statements that an article attributes to a source, in order of their content; one per cue.

    :param people: to resolve nouns such as "the minister".
    :param reports: what the contents may be about.
    """
    document = tagged.document
    quotes = find_quotes(document)
    attribution = Attribution(tagged, people)
    drafts, used = find_speech(tagged, quotes, attribution)
    for number in range(len(tagged.bounds)):
        drafts += _sentence(tagged, number, quotes, used, attribution)
    found = _once(sorted([*drafts], key=lambda d: (d.content[0].start, -d.content[-1].end, d.cue or d.content[0])))
    mentions = sorted((m.start, m.end, r.key) for r in reports for m in r.mentions)
    return tuple(_claim(tagged, n, draft, mentions) for n, draft in enumerate(found, 1))


def _sentence(
    tagged: Tagged, number: int, quotes: Sequence[Quote], used: set[int], attribution: Attribution
) -> list[Draft]:
    first, end = tagged.bounds[number]
    if end - first < 3:
        return []
    found = _according(tagged, first, end, attribution)
    cues = find_cues(tagged, number)
    for cue in cues:
        if cue.first in used:
            continue
        content = following(tagged, cue, cues, quotes)
        speaker = None
        if content is None or len(content.text) < 4:
            content, speaker = _postposed(tagged, cue, first, end, attribution)
        if content is None:
            continue
        speaker = speaker or (Speaker() if cue.passive or "noun" in cue.frames else attribution.before(cue))
        if "noun" in cue.frames:
            speaker = _owner(tagged, cue, first, attribution)
        if not _may_speak(tagged, speaker):
            subject = attribution.subject(number, cue.first)
            if not subject.keys:
                if tagged.low(cue.last) != "that" and "bare" not in cue.frames:
                    continue
                subject = Speaker()
            speaker = subject
        attribution.remember(speaker, cue.span.start)
        sure = 0.75 if "that" in cue.frames and tagged.low(cue.last) == "that" else 0.6
        found.append(
            Draft(
                (content,), _manner(tagged, content), speaker, cue.span, sure - (0.15 if speaker.span is None else 0.0)
            )
        )
    for k in range(first, end):
        if tagged.low(k) in _HEARSAY and (content := clean(tagged, k + 1, min(end, k + LONGEST))):
            found.append(Draft((content,), Manner.INDIRECT, Speaker(), tagged.span(k, k + 1), 0.4))
    return found


def _may_speak(tagged: Tagged, speaker: Speaker) -> bool:
    """Tell whether a noun phrase without a name can be a source ("two officials", not "the visit")."""
    if speaker.keys or speaker.span is None:
        return True
    words = [tagged.low(k) for k in range(*tagged.cover(speaker.span))]
    return len(words) == 1 or any(w in word_class("source") or w in role_heads() for w in words)


def _according(tagged: Tagged, first: int, end: int, attribution: Attribution) -> list[Draft]:
    found = []
    for k in range(first, end - 2):
        if tagged.low(k) != "according" or tagged.low(k + 1) != "to":
            continue
        stop = _source_end(tagged, k + 2, end)
        speaker = attribution.after(k + 2, stop)
        attribution.remember(speaker, tagged.words[k].start)
        if speaker.span is not None:  # "according to the mayor, Ana Petrova, ..."
            stop = max(stop, tagged.cover(speaker.span)[1])
        before = clean(tagged, max(first, k - LONGEST), k) if k > first + 1 else None
        after = (
            clean(tagged, stop, min(end, stop + LONGEST)) if tagged.low(stop) in (",", "-") and stop + 3 < end else None
        )
        if k > first + 1 and before and len(before.text) < 25 and after:
            before = None
        parts = tuple(p for p in ((before, after) if before and tagged.low(k - 1) == "," else (before or after,)) if p)
        if parts:
            found.append(Draft(parts, _manner(tagged, *parts), speaker, tagged.span(k, k + 2), 0.8))
    return found


def _source_end(tagged: Tagged, start: int, end: int) -> int:
    """Return where the source of "according to" ends: at a comma that does not open an apposition, or the end."""
    for k in range(start, min(end, start + 40)):
        low = tagged.low(k)
        if tagged.words[k].text == "—":  # "according to two experts—Petrova and Novak—the plan ..."
            closing = (at for at in range(k + 1, min(end, k + 60)) if tagged.words[at].text == "—")
            return next(closing, k)
        if low in (";", ".", ":", '"', ")") and k > start:
            return k
        if low == ",":
            name = tagged.name_at(k + 1)
            if (
                name is not None
                and name.kind == "place"
                and tagged.name_at(k - 1) is not None
                and tagged.low(k + 2) == ","
            ):
                continue
            return k
    return min(end, start + 40)


def _postposed(
    tagged: Tagged, cue: Cue, first: int, end: int, attribution: Attribution
) -> tuple[Span | None, Speaker | None]:
    """Read "..., Petrova said." and "..., said Petrova"."""
    if "bare" not in cue.frames or cue.passive:
        return None, None
    if tagged.low(cue.first - 1) == "," and cue.last < end and tagged.low(cue.last) not in (",", "."):
        return clean(tagged, max(first, cue.first - LONGEST), cue.first - 1), attribution.after(cue.last, end)
    if end - cue.last > 8:
        return None, None
    speaker = attribution.before(cue)
    if speaker.span is None:
        return None, None
    start = tagged.cover(speaker.span)[0]
    return (preceding(tagged, cue, start), speaker) if first < start < cue.first else (None, None)


def _owner(tagged: Tagged, cue: Cue, first: int, attribution: Attribution) -> Speaker:
    """Return who owns a noun: "Petrova's claim that", "their belief that", "the claim by Petrova that"."""
    k = cue.first - 1
    while (
        k > first
        and cue.first - k < 4
        and tagged.low(k) != "'s"
        and tagged.low(k) not in ("his", "her", "their", "its")
    ):
        k -= 1
    if tagged.low(k) == "'s" and (name := tagged.name_at(k - 1)):
        return Speaker((name.key,), name.span)
    if tagged.low(k) in ("his", "her", "their", "its"):
        return Speaker(attribution.subject(cue.sentence, cue.first).keys, tagged.span(k, k + 1))
    return attribution.subject(cue.sentence, cue.first)


def _manner(tagged: Tagged, *content: Span) -> Manner:
    plain = tagged.document.plain
    quoted = any('"' in plain[s.start : s.end] for s in content)
    if quoted:
        return Manner.MIXED
    bare = all(plain[max(0, s.start - 1) : s.start] == '"' and '"' in plain[s.end : s.end + 2] for s in content)
    return Manner.DIRECT if bare else Manner.INDIRECT


def _once(drafts: Sequence[Draft]) -> list[Draft]:
    """Leave out what is there twice: the same words of the same source, as in a caption printed twice."""
    found: list[Draft] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    spans: set[tuple[Span, ...]] = set()
    for draft in drafts:
        words = " ".join(re.sub(r"\W+", " ", s.text).casefold().strip() for s in draft.content)
        identity = (words, draft.speaker.keys)
        if draft.content in spans or (len(words) > 12 and identity in seen):
            continue
        seen.add(identity)
        spans.add(draft.content)
        found.append(draft)
    return found


def _claim(tagged: Tagged, number: int, draft: Draft, mentions: Sequence[tuple[int, int, str]]) -> Claim:
    about = dict.fromkeys(
        key
        for start, end, key in _within(mentions, draft.content)
        if any(s.start <= start and end <= s.end for s in draft.content)
    )
    return Claim(
        f"{tagged.document.article.key}/claim/{number}", draft.content, draft.manner, draft.speaker.keys,
        draft.speaker.span, draft.cue, tuple(about), round(max(0.05, min(0.95, draft.confidence)), 2),
    )  # fmt: skip


def _within(mentions: Sequence[tuple[int, int, str]], content: Sequence[Span]) -> Sequence[tuple[int, int, str]]:
    low = bisect_left(mentions, (content[0].start, 0, ""))
    return mentions[low : bisect_left(mentions, (content[-1].end, 0, ""))]
