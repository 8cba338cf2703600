"""Parsing in a process of its own, with limits of time and memory: what comes from strangers brings down nothing here.

Run as ``python -m graph.sources.isolate FORM URL``: reads bytes from standard input, writes a JSON array.
"""

import json
import resource
import subprocess
import sys
from typing import Any

from graph.errors import InputError
from graph.sources.item import Form

__all__ = ["parse_isolated"]

_SECONDS = 30
_MEMORY = 1_000_000_000
_OUTPUT = 50_000_000


def parse_isolated(form: Form, raw: bytes, url: str) -> list[dict[str, Any]]:
    """Return the entries of a feed or sitemap, as :func:`graph.sources.feeds.parse_feed` and its like give them.

    :raises InputError: if it cannot be parsed, or not within the limits.
    """
    remedy = "look at it with a feed reader or XML checker, and tell its publisher"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "graph.sources.isolate", form, url.encode("utf-8", "backslashreplace")],
            input=raw, capture_output=True, timeout=_SECONDS + 10, check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        answer = None
    if isinstance(answer, dict):
        raise InputError(str(answer["cause"]), str(answer["remedy"]))
    if not isinstance(answer, list):
        raise InputError(f"the {form} cannot be parsed within {_SECONDS} seconds and {_MEMORY:,} bytes", remedy)
    return answer


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    from graph.sources.feeds import parse_feed
    from graph.sources.sitemaps import parse_sitemap

    form, url = sys.argv[1:3]
    raw = sys.stdin.buffer.read()
    try:
        answer: object = parse_feed(raw, url) if form == Form.FEED else parse_sitemap(raw)
    except InputError as error:
        answer = {"cause": error.cause, "remedy": error.remedy}
    written = json.dumps(answer)
    if len(written) > _OUTPUT:
        written = json.dumps({"cause": f"the {form} is too large", "remedy": "give a part of it"})
    sys.stdout.write(written)


if __name__ == "__main__":
    _main()
