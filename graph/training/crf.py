"""Trains conditional random fields (:mod:`graph.extract.learned.crf`) by L1- and L2-penalised likelihood."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pycrfsuite

from graph.files import write_whole

__all__ = ["train_crf"]

Sequences = Iterable[tuple[Sequence[Sequence[str]], Sequence[str]]]


def train_crf(sequences: Sequences, path: Path, *, l1: float, l2: float, minfreq: int = 1, rounds: int = 150) -> None:
    """Train a model by L-BFGS (OWL-QN) and write it. The same sequences give the same bytes.

    :param sequences: the features of each word of a sentence, and its labels; repeat a sentence to weigh it more.
    :param l1: the L1 penalty: the larger, the fewer weights are kept and the smaller the file.
    :param l2: the L2 penalty.
    :param minfreq: a feature must occur so often to get a weight.
    :param rounds: most steps of the optimiser.
    """
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for features, labels in sequences:
        trainer.append(features, labels)
    trainer.set_params({"c1": l1, "c2": l2, "feature.minfreq": minfreq, "max_iterations": rounds})
    with TemporaryDirectory() as folder:
        made = Path(folder, "model.crfsuite")
        trainer.train(str(made))
        write_whole(path, made.read_bytes())
