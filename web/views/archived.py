"""Where an article is in the archive: what was read, when, and which bytes."""

from pathlib import Path

from graph.archive.archive import Archive, ArchivedItem
from graph.errors import DatasetError
from web.views.shared import Json, View

__all__ = ["archived", "item_of"]


def item_of(folder: Path, key: str) -> ArchivedItem | None:
    """Return what the archive has of an article.

    The archive is beside the dataset and may be elsewhere or broken (``parley verify`` tells): the page goes without.

    :param folder: of the dataset.
    """
    try:
        return Archive(folder / "archive").item(key)
    except DatasetError:
        return None


def archived(view: View, item: ArchivedItem | None) -> Json | None:
    """Return hash, media type and readings of an article up to this generation; None if the archive has none of it."""
    if item is None:
        return None
    # What was read after the publication of an older generation is none of its business.
    until = view.snapshot.published_at.timestamp() + 1
    readings = [
        {"sha256": sha256, "read_at": at.replace(microsecond=0).isoformat(), "day": at.date()}
        for sha256, at in item.versions
        if at.timestamp() <= until
    ]
    if not readings:
        return None
    return {"sha256": readings[-1]["sha256"], "media_type": item.media_type, "readings": readings}
