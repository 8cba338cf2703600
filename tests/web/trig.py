"""Datasets written by hand: what the pages make of a graph, whatever extraction and resolution make of a text."""

from pathlib import Path

import pyoxigraph as ox

from graph.store import Change, Dataset

__all__ = ["load"]


def load(path: Path, name: str, base: str) -> Dataset:
    """Make and publish a dataset of a TriG file beside this one, in which ``BASE`` stands for the base IRI."""
    dataset = Dataset.create(path / "dataset", base)
    source = (Path(__file__).parent / name).read_text("utf-8").replace("BASE", base)
    graphs: dict[str, set[ox.Triple]] = {}
    for quad in ox.parse(source, format=ox.RdfFormat.TRIG):
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs.setdefault(quad.graph_name.value, set()).add(quad.triple)
    with dataset.writer() as writer:
        writer.commit(Change(replace={name: frozenset(triples) for name, triples in graphs.items()}))
    dataset.publish()
    return dataset
