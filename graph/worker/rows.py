"""Rows of a table counted as its bytes go by."""

__all__ = ["Rows"]


class Rows:
    """Counts the rows of a table as its bytes go by: the engine writes the whole table in one call.

    :param media_type: one of SPARQL's four; of another type nothing is counted.
    """

    def __init__(self, media_type: str) -> None:
        self._count = {
            "application/sparql-results+json": self._json,
            "application/sparql-results+xml": self._xml,
            "text/csv": self._csv,
            "text/tab-separated-values": self._tsv,
        }.get(media_type, self._nothing)
        # CSV and TSV begin with a line of names.
        self._lines = -1 if media_type.startswith("text/") else 0
        self._first = 0
        self._tail = b""
        self._held = b""
        self._quoted = 0

    @property
    def number(self) -> int:
        """Rows so far."""
        return max(0, self._lines + self._first)

    def feed(self, data: bytes) -> None:
        """Take in the next bytes, in pieces of any size."""
        self._count(data)

    def _nothing(self, data: bytes) -> None:
        pass

    def _tsv(self, data: bytes) -> None:
        self._lines += data.count(b"\n")  # in values it is escaped

    def _csv(self, data: bytes) -> None:
        pieces = data.split(b'"')
        self._lines += sum(piece.count(b"\n") for piece in pieces[self._quoted :: 2])
        self._quoted = (self._quoted + len(pieces) - 1) % 2

    def _xml(self, data: bytes) -> None:
        text = self._tail + data
        self._lines += text.count(b"<result>")  # in values < is escaped
        self._tail = text[-7:]

    def _json(self, data: bytes) -> None:
        text = self._held + data
        self._held = b"\\" if (len(text) - len(text.rstrip(b"\\"))) % 2 else b""
        text = text.removesuffix(self._held) if self._held else text
        # Without escapes each quote opens or closes a string; outside of strings only rows are objects in an array.
        pieces = text.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = self._tail + (b'"' if self._quoted else b"") + b'"'.join(pieces[self._quoted :: 2])
        self._quoted = (self._quoted + len(pieces) - 1) % 2
        self._lines += outside.count(b"},{")
        self._first = self._first or int(b"[{" in outside)
        self._tail = outside[-2:]
