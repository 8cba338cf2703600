"""A request on its way in: told from its bytes, as they come, whether all of it is there (RFC 9112)."""

import re

__all__ = ["HEAD", "LINE", "Arrival"]

#: Longest head in bytes, and longest first line.
HEAD = 100_000
LINE = 8190
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect(?=:[ \t]*100-continue[ \t]*\r\n)", re.IGNORECASE)
_ACCEPT = re.compile(rb"\r\naccept:[ \t]*([^\r\n]{1,300})", re.IGNORECASE)
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
# A line with the size of a chunk, or one behind the last chunk.
_CHUNK_LINE = 4096


class Arrival:
    r"""What has come of a request. Every byte is looked at once, however small the pieces are.

    :param body: longest body in bytes; one that is longer is refused.

    >>> arrival = Arrival(100)
    >>> arrival.feed(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nAS")
    >>> arrival.is_whole
    False
    >>> arrival.feed(b"K{")
    >>> arrival.is_whole
    True
    """

    def __init__(self, body: int) -> None:
        self.received = bytearray()
        #: Whether a thread can answer it without waiting for more.
        self.is_whole = False
        #: Status to refuse it with, if no more of it is worth reading.
        self.refusal: int | None = None
        self._body = body
        self._head = 0
        self._looked = 0
        self._needed: int | None = None
        self._next = 0

    @property
    def accept(self) -> str:
        """The beginning of its ``Accept``; empty if there is none."""
        found = _ACCEPT.search(self.received, 0, self._head or len(self.received))
        return found[1].decode("latin-1") if found else ""

    def feed(self, part: bytes) -> None:
        """Take in what has come."""
        self.received += part
        if not self._head and not self._read_head():
            return
        if self._needed is not None:
            self.is_whole = len(self.received) >= self._needed
        elif not self.is_whole:
            self._read_chunks()

    def take_expectation(self) -> bool:
        """Tell whether the client waits for a word before it sends the body (RFC 9110, section 10.1.1); once only."""
        if not self._head or self.is_whole:
            return False
        found = _EXPECT.search(self.received, 0, self._head)
        if found is None or b" HTTP/1.1\r\n" not in self.received[: self.received.find(b"\r\n") + 2]:
            return False
        # The server's parser would say that word again.
        self.received[found.start() : found.end()] = b"\r\nX-Told"
        return True

    def _read_head(self) -> bool:
        if self.received.startswith((b"\r", b"\n")):  # empty lines before a request (RFC 9112, section 2.2)
            self.received = bytearray(self.received.lstrip(b"\r\n"))
        end = self.received.find(_END, max(0, self._looked - len(_END)))
        self._looked = len(self.received)
        if end < 0:
            if len(self.received) > LINE + 2 and self.received.find(b"\n", 0, LINE + 2) < 0:
                self.refusal = 414
            elif len(self.received) > HEAD:
                self.refusal = 431
            return False
        self._head = self._next = end + len(_END)
        length = _LENGTH.search(self.received, 0, self._head)
        if _CODED.search(self.received, 0, self._head):
            # Only one coding is known; the parser refuses all others, and both lengths at once.
            self.is_whole = length is not None or not _CHUNKED.search(self.received, 0, self._head)
        else:
            size = int(length[1]) if length else 0
            if size > self._body:
                self.refusal = 413
            self._needed = self._head + size
        return True

    def _read_chunks(self) -> None:
        """Go from chunk to chunk (RFC 9112, section 7.1)."""
        while self.refusal is None and self._next <= len(self.received):
            end = self.received.find(b"\r\n", self._next, self._next + _CHUNK_LINE)
            if end < 0:
                if len(self.received) - self._next >= _CHUNK_LINE:
                    self.refusal = 400
                return
            size = _SIZE.match(self.received, self._next, end)
            if size is None:
                self.refusal = 400
            elif int(size[0], 16) == 0:
                # The last one: an empty line ends it, behind fields that may follow.
                closing = self.received.find(_END, end, end + _CHUNK_LINE)
                self.is_whole = closing >= 0
                if not self.is_whole and len(self.received) - end >= _CHUNK_LINE:
                    self.refusal = 400
                return
            else:
                self._next = end + 2 + int(size[0], 16) + 2
                if self._next - self._head > self._body:
                    self.refusal = 413
