"""What somebody says: which claims there are, by the index, and those that a page shows, from the store."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyoxigraph as ox

from graph.index.claims import Claim
from graph.vocabulary import PLY, PROV, SCHEMA
from web.queries import Row, Term
from web.views.shared import Json, View

__all__ = ["Said"]

_VARIABLES = {
    str(SCHEMA.text): "text",
    str(PLY.speakerText): "speakerText",
    str(PLY.cue): "cue",
    str(PLY.manner): "manner",
    str(PLY.confidence): "confidence",
    str(PROV.wasQuotedFrom): "article",
}
_SPEAKER, _EVENT = str(SCHEMA.author), str(SCHEMA.about)


class Said:
    """The claims of somebody that are sure enough, in order of article and text; of one quotation the first.

    :param speaker: key of who makes them.
    """

    def __init__(self, view: View, speaker: str) -> None:
        self._view, self._claims = view, view.timeline.index.claims
        found, least = self._claims.of(speaker), view.minimum.value
        # What has no confidence is below all there are.
        self._all = found if least is None else found[self._claims.confidence[found] >= least]
        self._quotations = self._claims.quotation[self._all]
        self._numbers = self._all[np.sort(np.unique(self._quotations, return_index=True)[1])]

    def __len__(self) -> int:
        return len(self._numbers)

    def having(self, test: Callable[[Claim], bool] | None = None) -> list[int]:
        """Return the numbers of those that pass a test; without one, of all of them."""
        found: list[int] = self._numbers.tolist()
        return found if test is None else [number for number in found if test(self._claims[number])]

    def about(self) -> Iterator[tuple[int, set[str]]]:
        """Yield the number of each with the keys of the events that it, or what repeats it, is about."""
        about: dict[int, set[str]] = {}
        for number, quotation in zip(self._all.tolist(), self._quotations.tolist(), strict=True):
            about.setdefault(quotation, set()).update(self._claims[number].about)
        for number in self._numbers.tolist():
            yield number, about[int(self._claims.quotation[number])]

    def shown(self, numbers: Sequence[int]) -> list[Json]:
        """Return some of them as pages show them."""
        # What repeats one of them tells more of what it is about.
        some = self._all[np.isin(self._quotations, self._claims.quotation[list(numbers)])]
        keys = {self._claims[number].key: int(self._claims.quotation[number]) for number in some.tolist()}
        claims = self._view.claims([row for key in keys for row in self._rows(key)])
        found = {keys[claim["key"]]: claim for claim in claims}
        return [found[int(self._claims.quotation[number])] for number in numbers]

    def _is_event(self, iri: str) -> bool:
        key = self._view.iris.key(iri)
        return key is not None and self._view.timeline.index.position(key) is not None

    def _rows(self, key: str) -> Sequence[Row]:
        """Return rows as the queries of claims have them, by one look-up for each claim."""
        node = ox.NamedNode(self._view.iris.thing(key))
        row: dict[str, Term] = {"claim": node}
        speakers, events = list[Term](), list[Term]()
        for quad in self._view.store.quads_for_pattern(node, None, None, ox.DefaultGraph()):
            name, value = quad.predicate.value, quad.object
            if not isinstance(value, ox.NamedNode | ox.Literal):
                continue
            if name in _VARIABLES:
                row.setdefault(_VARIABLES[name], value)
            elif name == _SPEAKER:
                speakers.append(value)
            elif name == _EVENT and self._is_event(value.value):
                events.append(value)
        return [row, *({**row, "speaker": one} for one in speakers), *({**row, "event": one} for one in events)]
