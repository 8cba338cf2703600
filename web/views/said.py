"""What somebody says: which claims there are, by the index, and those that a page shows."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyoxigraph as ox

from graph.index.claims import Claim
from web.queries import Row, Term
from web.views.shared import Json, View

__all__ = ["Said"]


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
        claims = {self._claims[number]: int(self._claims.quotation[number]) for number in some.tolist()}
        quotations = {claim.key: quotation for claim, quotation in claims.items()}
        shown = self._view.claims([row for claim in claims for row in self._rows(claim)])
        found = {quotations[claim["key"]]: claim for claim in shown}
        return [found[int(self._claims.quotation[number])] for number in numbers]

    def _rows(self, claim: Claim) -> Iterator[Row]:
        """Yield rows as the queries of claims have them."""
        self._view.know_printed(claim.article, claim.published, claim.publisher, claim.genre)
        texts = {"text": claim.words[0], "speakerText": claim.spoken, "cue": claim.cue}
        row: dict[str, Term] = {"claim": self._node(claim.key)}
        row |= {name: ox.Literal(text) for name, text in texts.items() if text}
        if claim.manner:
            row["manner"] = ox.NamedNode(claim.manner)
        if claim.confidence is not None:
            row["confidence"] = ox.Literal(claim.confidence)
        if claim.article:
            row["article"] = self._node(claim.article)
        yield row
        for speaker in claim.speakers:
            yield {**row, "speaker": self._node(speaker)}
        for event in claim.about:
            if self._view.timeline.index.position(event) is not None:
                yield {**row, "event": self._node(event)}

    def _node(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self._view.iris.thing(key))
