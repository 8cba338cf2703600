"""Reference facts: official records of who travelled where, when, in which office, and whom they met.

The facts are in ``data/facts/travel.csv``; :mod:`graph.facts.compile` makes that file from its source,
:mod:`graph.facts.records` reads it and describes it as RDF.
"""
