"""What writers and readers of the index agree on."""

__all__ = ["CERTAINTIES", "FACETS", "FOLDER", "STATUSES", "VERSION"]

#: Another number for another form of the files: an index of another version is made anew.
VERSION = 5
#: Name of the folder, in that of the generation.
FOLDER = "index"
#: The facets, in the order that they are shown.
FACETS = ("person", "place", "type", "source", "organization", "speaker", "article", "status")
#: How events are drawn: by status, and by how well their time is known.
STATUSES = ("occurred", "planned", "cancelled", "unreal")
CERTAINTIES = ("certain", "uncertain", "open")
