"""What holds of every extraction, whatever made it of whatever text."""

from graph.extract.model import Extraction, Span


def spans(found: Extraction) -> list[Span]:
    held = [m for e in found.entities() for m in e.mentions]
    held += [r.span for p in found.people for r in p.roles]
    held += [t.span for t in found.times]
    held += [s for r in found.reports for s in (*r.mentions, *r.time_spans)]
    held += [s for c in found.claims for s in (*c.content, c.speaker_span, c.cue) if s]
    return held + [s.span for s in found.sections]


def check(found: Extraction) -> None:
    """Every span is a slice of the text, and whatever is named is there."""
    text = found.article.text
    for span in spans(found):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    entities = {e.key for e in found.entities()}
    reports = [r.key for r in found.reports]
    assert len(set(reports)) == len(reports)
    for report in found.reports:
        assert report.mentions
        assert report.label.strip()
        assert {*report.participants, *report.places} <= entities
        assert 0 <= report.confidence <= 1
    for n, claim in enumerate(found.claims, 1):
        assert claim.key == f"{found.article.key}/claim/{n}"
        assert claim.content
        assert set(claim.speakers) <= entities
        assert set(claim.about) <= set(reports)
        assert 0 <= claim.confidence <= 1
    starts = [c.content[0].start for c in found.claims]
    assert starts == sorted(starts)
