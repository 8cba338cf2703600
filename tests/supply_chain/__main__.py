"""``python -m tests.supply_chain``: prints package, version and licence of all that Parley needs to run."""

import sys

from tests.supply_chain.licences import allowed, needed

__all__ = ["main"]


def main() -> None:
    packages = needed()
    for package in packages:
        mark = "" if allowed(package.licence) else "\tNOT ALLOWED"
        sys.stdout.write(f"{package.name}\t{package.version}\t{package.licence}{mark}\n")
    sys.exit(any(not allowed(package.licence) for package in packages))


if __name__ == "__main__":
    main()
