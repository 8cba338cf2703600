"""What becomes of a quotation when one of its claims is rejected: the others are one quotation still."""

import pyoxigraph as ox

from graph.curation.draft import Draft, Subject
from graph.store.change import Triple
from graph.vocabulary import PLY, PROV, SCHEMA

__all__ = ["let_go"]

_REPEATS, _APPEARANCE = ox.NamedNode(str(PLY.repeats)), ox.NamedNode(str(SCHEMA.appearance))
_QUOTED, _PUBLISHED = ox.NamedNode(str(PROV.wasQuotedFrom)), ox.NamedNode(str(SCHEMA.datePublished))


def let_go(draft: Draft, claim: Subject) -> None:
    """Take a claim out of its quotation, before it goes: another stands for it then, or it has one appearance less."""
    later = sorted(draft.subjects(_REPEATS, claim), key=lambda other: _order(draft, other))
    if later:
        first, *rest = later
        draft.remove([Triple(other, _REPEATS, claim) for other in later], draft.events)
        draft.add([Triple(other, _REPEATS, first) for other in rest], draft.events)
        articles = {article for other in rest for article in draft.nodes(other, _QUOTED)}
        own = set(draft.nodes(first, _QUOTED))
        draft.add([Triple(first, _APPEARANCE, article) for article in articles - own], draft.events)
    for first in draft.nodes(claim, _REPEATS):
        left = {first, *draft.subjects(_REPEATS, first)} - {claim}
        printed = {article for other in left for article in draft.nodes(other, _QUOTED)}
        gone = set(draft.nodes(claim, _QUOTED)) - printed
        draft.remove([Triple(first, _APPEARANCE, article) for article in gone], draft.events)


def _order(draft: Draft, claim: Subject) -> tuple[str, str, int]:
    """Return what resolution orders the claims of a quotation by: day of publication, article, place in the text."""
    days = [day.value for article in draft.nodes(claim, _QUOTED) for day in draft.values(article, _PUBLISHED)]
    article, _, number = claim.value.partition("/claim/")
    return (min(days, default="9999"), article, int(number) if number.isdecimal() else 0)
