"""What models are trained on: corpora of sentences and annotated whole articles, read from folders of the user's."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graph import sources
from graph.article import Article
from graph.errors import InputError

__all__ = ["Annotated", "Material", "read_annotated"]


@dataclass(frozen=True)
class Annotated:
    """An article with its annotation (``GUIDELINES.md``). Offsets of the annotation count in ``article.text``."""

    name: str
    article: Article
    gold: dict[str, Any]


@dataclass(frozen=True)
class Material:
    """Where training material lies.

    :param corpora: folder with ``ud/`` (CoNLL-U, gzip) and ``ner/`` (JSON Lines of words, spaces, BIO tags; gzip).
    :param gold: folder of annotated articles, ``NAME.md`` beside ``NAME.gold.json``.
    """

    corpora: Path
    gold: Path

    @cached_property
    def articles(self) -> list[Annotated]:
        """The annotated articles, ordered by name."""
        return read_annotated(self.gold)

    def corpus(self, name: str) -> Path:
        """Return the path of a corpus file (``ud/en_ewt-train.conllu.gz``).

        :raises InputError: it is not there.
        """
        path = self.corpora / name
        if not path.is_file():
            raise InputError(
                f"{path} is not there", "name the folder of the corpora with --corpora (see data/model/README.md)"
            )
        return path

    def sentences(self, name: str) -> Iterator[tuple[list[str], list[bool], list[str]]]:
        """Yield words, whether a space follows each, and BIO tags of each sentence of a ``ner/`` file."""
        with gzip.open(self.corpus(f"ner/{name}.jsonl.gz"), "rt", encoding="utf-8") as lines:
            for line in lines:
                words, spaces, tags = json.loads(line)
                yield words, [bool(s) for s in spaces], tags


def read_annotated(folder: Path) -> list[Annotated]:
    """Read the annotated articles of a folder, ordered by name.

    :raises InputError: there are none.
    """
    found = [
        Annotated(
            path.name.removesuffix(".gold.json"),
            sources.read(str(path.with_name(path.name.removesuffix(".gold.json") + ".md"))).article,
            json.loads(path.read_text(encoding="utf-8")),
        )
        for path in sorted(folder.glob("*.gold.json"))
    ]
    if not found:
        raise InputError(f"{folder} holds no *.gold.json", "name the folder of annotated articles with --gold")
    return found
