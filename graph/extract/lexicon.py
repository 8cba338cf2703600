"""The word lists of ``data/lexicons``, read once and shared by everything that extracts.

Each file says its format and source in its first lines (``#``). The readers here are for formats, the cached
functions below them for lists that several modules use.
"""

from collections.abc import Iterator
from functools import cache

from graph.files import read_lines

__all__ = ["capitalised_stop_words", "family_first_names", "given_names", "name_particles", "public_figures",
           "read_sections", "read_table", "read_words", "reporting_verbs", "role_heads",
           "role_modifiers", "titles"]  # fmt: skip


@cache
def read_words(name: str) -> frozenset[str]:
    """Return the words of a lexicon whose entries are parted by white space."""
    return frozenset(word for line in read_lines(name) for word in line.split())


def read_table(name: str, columns: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a tab-separated lexicon; missing cells at the end of a row are empty.

    :param columns: how many columns the file has.
    """
    for line in read_lines(name):
        cells = [cell.strip() for cell in line.split("\t")]
        yield tuple(cells[:columns]) + ("",) * (columns - len(cells))


@cache
def read_sections(name: str) -> dict[str, tuple[str, ...]]:
    """Return the entries of a lexicon that is parted into ``[section]`` blocks, one entry a line."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in read_lines(name):
        entry = line.strip()
        if entry.startswith("[") and entry.endswith("]"):
            current = sections.setdefault(entry[1:-1], [])
        else:
            current.append(entry)
    return {key: tuple(entries) for key, entries in sections.items()}


@cache
def given_names() -> frozenset[str]:
    """Return given names, capitalised."""
    return read_words("given_names.txt")


@cache
def family_first_names() -> frozenset[str]:
    """Return family names that are written before the given name (Chinese, Korean, Vietnamese)."""
    return read_words("surnames_first.txt")


@cache
def name_particles() -> frozenset[str]:
    """Return the small words inside names of people (``von``, ``al``), lower case."""
    return read_words("name_particles.txt")


@cache
def capitalised_stop_words() -> frozenset[str]:
    """Return capitalised words that are no part of a name of a person or an unknown place."""
    return read_words("stop_words.txt")


@cache
def titles() -> frozenset[tuple[str, ...]]:
    """Return titles that stand before a name, as tuples of lower-case words (``prime``, ``minister``)."""
    return frozenset(tuple(t.casefold().split()) for t in read_sections("roles.txt")["title"])


@cache
def role_heads() -> frozenset[str]:
    """Return nouns that state a role (``minister``, ``envoy``), lower case."""
    return frozenset(read_sections("roles.txt")["head"])


@cache
def role_modifiers() -> frozenset[str]:
    """Return words that may stand within a title before its noun (``former``, ``deputy``), lower case."""
    return frozenset(read_sections("roles.txt")["modifier"])


@cache
def reporting_verbs() -> frozenset[str]:
    """Return verbs that follow the name of a speaker or actor, inflected."""
    return frozenset(read_sections("roles.txt")["reporting"])


@cache
def public_figures() -> dict[str, bool]:
    """Return family names of people of public life; True where the name alone is evidence enough for a person."""
    found: dict[str, bool] = {}
    for line in read_lines("leaders.txt"):
        words = line.replace("’", "'").split()
        family = words[0] if words[0] in family_first_names() and len(words) > 1 else words[-1]
        if len(family) > 3 and family[0].isupper():
            found[family] = False
    for line in read_lines("known_people.txt"):
        words = line.split()
        family = words[0] if words[0] in family_first_names() else words[-1].rpartition("_")[2]
        family = family.rpartition("-")[2]
        found[family] = True
    ambiguous = read_words("ambiguous_names.txt")
    return {
        family: sure and family not in ambiguous for family, sure in found.items() if sure or family not in ambiguous
    }
