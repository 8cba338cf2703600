"""What a host lets programs read: its robots.txt (RFC 9309), read once a day."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from graph.errors import FetchError, LaterError

__all__ = ["Robots"]

#: How long a file counts: a day (RFC 9309, section 2.4).
_KEPT = 86_400.0
#: Longest Crawl-delay that is kept to: more would be a ban in other words.
_LONGEST_DELAY = 60.0


class Robots:
    """The robots.txt of each host.

    :param read: fetches a URL and returns its text.
    :param agent: the name that the rules are looked up for.
    """

    def __init__(self, read: Callable[[str], str], agent: str) -> None:
        self._read = read
        self._agent = agent
        self._known: dict[str, tuple[float, Protego]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def delay(self, url: str) -> float:
        """Return the seconds that the host wants between two requests; 0 if it does not say.

        :raises FetchError: if the rules forbid this URL.
        :raises LaterError: if they cannot be read now; then nothing may be (RFC 9309, section 2.3.1.4).
        """
        parts = urlsplit(url)
        rules = self._rules(f"{parts.scheme}://{parts.netloc}")
        if not rules.can_fetch(url, self._agent):
            raise FetchError(
                f"{url}: robots.txt of {parts.hostname} does not let programs read it",
                "ask its publisher, or save the page and read the file",
            )
        return min(float(rules.crawl_delay(self._agent) or 0), _LONGEST_DELAY)

    def _rules(self, site: str) -> Protego:
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:
            known = self._known.get(site)
            if known is None or known[0] < time.monotonic():
                try:
                    text = self._read(f"{site}/robots.txt")
                except LaterError:
                    raise
                except FetchError:
                    text = ""  # no file, no rules (section 2.3.1.3)
                known = self._known[site] = (time.monotonic() + _KEPT, Protego.parse(text))
            return known[1]
