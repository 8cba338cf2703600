"""Remote stores: any store that speaks SPARQL 1.1 gets each published generation.

``address`` is where it is and what its kind wants, ``client`` asks it over HTTP, ``items`` is what differs between two
states and in which updates that goes, ``markers`` is what the store says of the generations that it has, ``kept``
keeps those, ``read`` reads what is there, and ``carry`` does all of it in order. ``query`` puts a reader's query;
``serving`` and ``worker`` have the store answer those of a server.
"""

from graph.remote.carry import Carried, carry, differing, state_of
from graph.remote.items import Item
from graph.remote.markers import Arriving, State, identity
from graph.remote.query import query_remote

__all__ = ["Arriving", "Carried", "Item", "State", "carry", "differing", "identity", "query_remote", "state_of"]
