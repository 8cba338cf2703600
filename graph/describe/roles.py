"""The label of a role: one for all the ways in which articles write it."""

import re
from functools import cache

from graph.extract.lexicon import read_sections

__all__ = ["role_label"]

_DETERMINER = re.compile(r"(?:the|a|an|his|her|its|their|one|another)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")


def role_label(words: str) -> str:
    """Return the label of the role that words of an article state: without determiner, titles in lower case.

    >>> role_label("the Egyptian Foreign Minister"), role_label("Secretary of State"), role_label("U.S. President")
    ('Egyptian foreign minister', 'secretary of state', 'US president')
    """
    text = _DETERMINER.sub("", " ".join(words.split()), count=1)
    text = _DOTTED.sub(lambda m: m[0].replace(".", ""), text)
    return _WORD.sub(lambda m: m[0].casefold() if m[0].casefold() in _common() else m[0], text) or words


@cache
def _common() -> frozenset[str]:
    """Return the words of the lexicon of roles: titles of office, written with or without a capital."""
    sections = read_sections("roles.txt")
    entries = (*sections["title"], *sections["head"], *sections["modifier"])
    return frozenset(word.casefold() for entry in entries for word in _WORD.findall(entry))
