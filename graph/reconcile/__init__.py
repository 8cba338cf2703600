"""Reconciliation: asks a service which of its entities our people, organizations and places are.

``things`` is what a generation has that the service has no name for yet, ``schema`` makes questions of them, ``client``
puts these over HTTP, ``answer`` checks what comes back, ``cache`` keeps it, ``service`` is client and cache together,
``decide`` says which answers can be relied on, and ``write`` makes curations of them.
"""

from graph.reconcile.decide import Outcome, Rule, State, decide, settle
from graph.reconcile.schema import Schema
from graph.reconcile.service import Service
from graph.reconcile.things import Thing, open_things
from graph.reconcile.write import write

__all__ = ["Outcome", "Rule", "Schema", "Service", "State", "Thing", "decide", "open_things", "settle", "write"]
