"""The quoted words in which a search found what it looked for, each with the article that has them."""

from graph.index import Question
from web.views.shared import Json, View

__all__ = ["highlights_of"]

#: Signs shown before and after what was found; longer passages are cut there.
_AROUND = 160


def highlights_of(view: View, key: str, question: Question) -> list[Json]:
    """Return passages about an event with something of what is looked for, those with most of it first."""
    found = []
    for highlight in view.timeline.highlights(key, question):
        article = highlight.article
        found.append(
            {
                "source": view.link(highlight.thing) if highlight.thing else None,
                "article": view.link(article) if article else None,
                "pieces": _shortened([{"text": text, "found": hit} for text, hit in highlight.pieces]),
            }
        )
    return found


def _shortened(pieces: list[Json]) -> list[Json]:
    """Cut what stands far from anything found."""
    for number, piece in enumerate(pieces):
        text = piece["text"]
        before, after = number > 0, number < len(pieces) - 1
        if piece["found"] or len(text) <= _AROUND * (before + after) + 3:
            continue
        start = text[:_AROUND].rpartition(" ")[0] if before else ""
        end = text[-_AROUND:].partition(" ")[2] if after else ""
        piece["text"] = f"{start} … {end}".strip() if before and after else f"{start} …" if before else f"… {end}"
    return pieces
