"""A client that asks one cheap query after another, each a new one, until its input ends (``python prober.py URL``)."""

import http.client
import json
import select
import sys
import time
from urllib.parse import quote, urlsplit

__all__ = ["main"]

#: The address that it gives: not that of the attackers.
CLIENT = "198.51.100.7"
_PAUSE = 0.01


def main() -> None:
    """Ask until the input ends, then print what was seen."""
    address = urlsplit(sys.argv[1])
    assert address.hostname
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    seconds: list[float] = []
    statuses: set[int] = set()
    for number in range(1_000_000):
        # A query that was not asked before is in no cache.
        query = quote(f"ASK {{ <urn:probe:{number}:{time.monotonic_ns()}> ?p ?o }}")
        started = time.monotonic()
        try:
            answer = _ask(connection, query)
        except OSError:
            # A server may close a connection that is idle (RFC 9112, section 9.5): once more on a new one.
            connection.close()
            answer = _ask(connection, query)
        answer.read()
        seconds.append(time.monotonic() - started)
        statuses.add(answer.status)
        if number == 0:
            sys.stdout.write("started\n")
            sys.stdout.flush()
        if select.select([sys.stdin], [], [], 0)[0]:
            break
        time.sleep(_PAUSE)  # cheap queries, not an attack of their own
    sys.stdout.write(json.dumps({"seconds": seconds[1:], "statuses": sorted(statuses)}))


def _ask(connection: http.client.HTTPConnection, query: str) -> http.client.HTTPResponse:
    connection.request("GET", f"/sparql?query={query}", headers={"X-Forwarded-For": CLIENT})
    return connection.getresponse()


if __name__ == "__main__":
    main()
