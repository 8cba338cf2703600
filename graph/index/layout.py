"""What writers and readers of the index agree on."""

import json
from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "CERTAINTIES", "FACETS", "FOLDER", "RENEWED", "STATUSES", "VERSION", "read_description", "write_description",
]  # fmt: skip

#: Another number for another form of the files: an index of another version is made anew.
VERSION = 5
#: The same, but that documents of the full text have numbers of their own; what knows only the other must not read it.
RENEWED = 6
_DESCRIPTION = "index.json"
#: Name of the folder, in that of the generation.
FOLDER = "index"
#: The facets, in the order that they are shown.
FACETS = ("person", "place", "type", "source", "organization", "speaker", "article", "status")
#: How events are drawn: by status, and by how well their time is known.
STATUSES = ("occurred", "planned", "cancelled", "unreal")
CERTAINTIES = ("certain", "uncertain", "open")


def write_description(folder: Path, version: int, events: int, dated: int, single: Sequence[str]) -> None:
    """Write the last file of an index: one without it is none.

    :param events: how many there are.
    :param dated: how many of them have a time.
    :param single: the facets of which each event has one value.
    :raises OSError: if it cannot be written.
    """
    description = {"version": version, "events": events, "dated": dated, "single": single}
    (folder / _DESCRIPTION).write_text(json.dumps(description) + "\n", "utf-8")


def read_description(folder: Path) -> tuple[int, int, Sequence[str]]:
    """Return how many events an index has, how many of them have a time, and the facets of one value each.

    :raises OSError: if there is none, or it is of another version.
    :raises ValueError: if it is damaged.
    """
    found = json.loads((folder / _DESCRIPTION).read_text("utf-8"))
    if found.get("version") not in (VERSION, RENEWED):
        raise OSError(f"{folder}: an index of another version")
    return found["events"], found["dated"], found["single"]
