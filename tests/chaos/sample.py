"""Articles in many versions: what is stored can be told from what was acknowledged."""

from pathlib import Path

from graph.article import Article
from graph.sources import read

__all__ = ["COUNT", "article_of", "digest", "source", "text"]

#: How many articles there are.
COUNT = 8
_PEOPLE = ("Ana Petrova", "Tom Harding", "Ngozi Okoro", "Ivo Novak")
_PLACES = ("Geneva", "Vienna", "Helsinki", "Oslo", "Paris")


def text(number: int, version: int) -> str:
    """Return the file of an article in one of its versions."""
    host, guest = _PEOPLE[number % 4], _PEOPLE[(number + 1 + version) % 4]
    host, guest = (host, guest) if host != guest else (host, _PEOPLE[(number + 2) % 4])
    place, day = _PLACES[(number + version) % 5], 1 + (number + version) % 27
    return (
        f"---\ntitle: Talks {number}\npublished: 2025-05-28\npublisher: The Daily Zubrowkan\n"
        f"url: https://news.example/talks/{number}\n---\n\n"
        f"President {host} met Prime Minister {guest} in {place} on May {day}, 2025. They signed a trade agreement.\n\n"
        f'{host.split()[-1]} said: "This is round {version} of our talks." {guest.split()[-1]} will visit Zubrowka.\n'
    )


def source(folder: Path, number: int, version: int) -> Path:
    """Write an article in one of its versions to a file; return that."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}-{version}.md"
    path.write_text(text(number, version), "utf-8")
    return path


def article_of(folder: Path, number: int, version: int) -> Article:
    """Return an article as it is read in one of its versions."""
    return read(str(source(folder, number, version))).article


def digest(folder: Path, number: int, version: int) -> str:
    """Return the digest by which the graph knows an article in one of its versions."""
    return article_of(folder, number, version).digest
