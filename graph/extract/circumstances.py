"""What the words around a mention say of its event: who takes part, where and when, and whether it happened."""

from dataclasses import dataclass, field
from datetime import date

from graph.extract.dating import Moment, find_moment, find_status
from graph.extract.model import Status
from graph.extract.participants import actors_and_places
from graph.extract.tagging import Tagged
from graph.extract.triggers import Trigger

__all__ = ["Circumstances", "circumstances"]


@dataclass(slots=True)
class Circumstances:
    """What the words around one mention say of its event."""

    participants: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    #: Countries that are named near, whatever their part.
    lands: list[str] = field(default_factory=list)
    time: Moment | None = None
    status: Status = Status.OCCURRED


def circumstances(tagged: Tagged, trigger: Trigger, published: date | None, clear: tuple[int, int]) -> Circumstances:
    """Read who, where, when and whether from the sentence of a mention.

    :param published: the day that the section of the mention was published, if known.
    :param clear: the words around the mention up to the mentions next to it.
    """
    participants, places, lands = actors_and_places(tagged, trigger, clear)
    first, end = tagged.bounds[trigger.sentence]
    time = find_moment(tagged, trigger, alone=clear[0] <= first and end <= clear[1])
    return Circumstances(participants, places, lands, time, find_status(tagged, trigger, time, published))
