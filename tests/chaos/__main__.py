"""``python -m tests.chaos --rounds 200 --seed 1``: kills again and again, and says what it saw."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.rounds import Chaos

__all__ = ["main"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep everything here, to look at it afterwards")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-chaos-") as temporary:
        start = time.monotonic()
        with Chaos(given.folder or Path(temporary), given.seed) as chaos:
            for number in range(given.rounds):
                chaos.round(number, after=number % 3)
                if (number + 1) % 20 == 0:
                    sys.stdout.write(f"{number + 1} rounds, {time.monotonic() - start:.0f} s\n")
                    sys.stdout.flush()
    for what, counts in (("killed during", chaos.killed), ("acknowledged", chaos.acknowledged)):
        sys.stdout.write(f"{what}: {', '.join(f'{name} {count}' for name, count in sorted(counts.items()))}\n")
    sys.stdout.write(f"{given.rounds} rounds: all verified, nothing acknowledged was lost\n")


if __name__ == "__main__":
    main()
