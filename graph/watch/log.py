"""Log lines of ``parley watch``: a JSON object each."""

import json
import sys
from datetime import UTC, datetime
from typing import IO

__all__ = ["Log"]


class Log:
    """Writes a line for each event.

    :param target: standard error if None.
    """

    def __init__(self, target: IO[str] | None = None) -> None:
        self._target = target

    def __call__(self, event: str, **values: object) -> None:
        """Write that something has happened.

        :param event: what, in one word.
        :param values: what there is to say of it; those that are None are left out.
        """
        said = {name: value for name, value in values.items() if value is not None}
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **said}
        target = self._target or sys.stderr
        target.write(json.dumps(line, ensure_ascii=False) + "\n")
        target.flush()
