"""Parsing in a process of its own, with limits of time and memory: what comes from strangers brings down nothing here.

One process does it all, for all threads in turn: it loads the parsers once, and is replaced when it has ended.
Run as ``python -m graph.sources.isolate SECONDS MEMORY IDLE``; over standard input come questions, over standard output
go answers (four bytes of length, then JSON).
"""

import atexit
import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from typing import Any, BinaryIO

from graph.errors import InputError
from graph.sources.item import Form

__all__ = ["Parser", "parse_isolated", "parse_page"]

#: So many times the seconds of computing are waited for, on a machine with other things to do.
_PATIENCE = 4
_OUTPUT = 50_000_000


class Parser:
    """A process that parses, for all threads in turn; started when it is needed, and anew when something has ended it.

    :param seconds: of computing that one document may take.
    :param memory: largest address space in bytes.
    :param idle: seconds without a question after which the process ends.
    """

    def __init__(self, seconds: float = 30.0, memory: int = 1_000_000_000, idle: float = 60.0) -> None:
        self._seconds, self._memory, self._idle = seconds, memory, idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = self._asked = 0

    def entries(self, form: Form, raw: bytes, url: str) -> list[dict[str, Any]]:
        """Return the entries of a feed or sitemap, as :func:`graph.sources.feeds.parse_feed` and its like give them.

        :raises InputError: if it cannot be parsed, or not within the limits.
        """
        # Each byte as the character of its number: JSON has no bytes.
        answer = self._ask({"form": str(form), "url": url, "text": raw.decode("latin-1")})
        if not isinstance(answer, list):
            remedy = "look at it with a feed reader or XML checker, and tell its publisher"
            raise InputError(f"the {form} cannot be parsed {self._limits}", remedy)
        return answer

    def page(self, page: str, url: str | None) -> tuple[dict[str, Any], str]:
        """Find the article on a web page, as :func:`graph.sources.html.parse_html` does.

        :raises InputError: if there is none, or it cannot be found within the limits.
        """
        answer = self._ask({"form": "page", "url": url, "text": page})
        if not isinstance(answer, list):
            remedy = "save the article's text to a .txt or .md file and read that"
            raise InputError(f"the page cannot be taken apart {self._limits}", remedy)
        metadata, text = answer
        for name in {"authors", "keywords"} & metadata.keys():
            metadata[name] = tuple(metadata[name])
        if "published" in metadata:
            metadata["published"] = date.fromisoformat(metadata["published"])
        return metadata, text

    @property
    def pid(self) -> int | None:
        """The process id; None while there is no process."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the process; the next document starts another."""
        with self._lock:
            self._end()

    @property
    def _limits(self) -> str:
        return f"within {self._seconds:g} seconds and {self._memory:,} bytes"

    def _ask(self, question: dict[str, Any]) -> object:
        """Return the answer to a question; None if the process did not live to give one.

        :raises InputError: as the parser there does.
        """
        body = json.dumps(question).encode()
        with self._lock:
            found = None
            while found is None:
                process = self._start()
                self._asked += 1
                found = self._exchange(process, body)
                if found is None:
                    self._end()
                    # What one that was new has failed at, another would fail at, too.
                    if self._asked == 1:
                        return None
        answer: object = json.loads(found)
        if isinstance(answer, dict):
            raise InputError(str(answer["cause"]), str(answer["remedy"]))
        return answer

    def _start(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._owner != os.getpid():  # not the process of a parent that was forked
            limits = [str(self._seconds), str(self._memory), str(self._idle)]
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "graph.sources.isolate", *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner, self._asked = os.getpid(), 0
        return self._process

    def _exchange(self, process: "subprocess.Popen[bytes]", question: bytes) -> bytes | None:
        late = time.monotonic() + _PATIENCE * self._seconds
        if process.stdin is None or process.stdout is None:
            raise AssertionError("it was started with pipes")
        try:
            process.stdin.write(_framed(question))
            process.stdin.flush()
            head = _take(process.stdout, 4, late)
            return None if head is None else _take(process.stdout, int.from_bytes(head, "big"), late)
        except OSError:
            return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


_parser = Parser()
atexit.register(_parser.close)


def parse_isolated(form: Form, raw: bytes, url: str) -> list[dict[str, Any]]:
    """Return the entries of a feed or sitemap, from a process that is there for all of this one.

    :raises InputError: if it cannot be parsed, or not within the limits.
    """
    return _parser.entries(form, raw, url)


def parse_page(page: str, url: str | None) -> tuple[dict[str, Any], str]:
    """Find the article on a web page, in a process that is there for all of this one.

    :raises InputError: if there is none, or it cannot be found within the limits.
    """
    return _parser.page(page, url)


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def _take(pipe: Any, size: int, late: float) -> bytes | None:
    """Read so many bytes; None if they do not come in time."""
    parts = bytearray()
    while len(parts) < size:
        if not select.select([pipe], [], [], max(0.0, late - time.monotonic()))[0]:
            return None
        part = os.read(pipe.fileno(), size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _answer(question: dict[str, Any]) -> bytes:
    from graph.sources.feeds import parse_feed
    from graph.sources.html import parse_html
    from graph.sources.sitemaps import parse_sitemap

    form, url, text = question["form"], question["url"], question["text"]
    try:
        answer: object
        if form == "page":
            answer = parse_html(text, url)
        else:
            raw = text.encode("latin-1")
            answer = parse_feed(raw, url) if form == Form.FEED else parse_sitemap(raw)
    except InputError as error:
        answer = {"cause": error.cause, "remedy": error.remedy}
    written = json.dumps(answer, default=date.isoformat).encode()
    if len(written) > _OUTPUT:
        written = json.dumps({"cause": f"the {form} is too large", "remedy": "give a part of it"}).encode()
    return written


def _main() -> None:
    seconds, memory, idle = float(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, not a Ctrl-C at the terminal
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    into: BinaryIO = sys.stdin.buffer
    out: BinaryIO = sys.stdout.buffer
    while (head := _take(into, 4, time.monotonic() + idle)) is not None:
        question = _take(into, int.from_bytes(head, "big"), time.monotonic() + idle)
        if question is None:
            return
        # Native code cannot be asked to stop: the kernel ends the process.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer(json.loads(question))
        signal.setitimer(signal.ITIMER_PROF, 0)
        out.write(_framed(answer))
        out.flush()


if __name__ == "__main__":
    _main()
