"""What the build made: the names of the assets and the icons' shapes.

`build_assets` writes `manifest.json` and `icons.json` beside the bundles. A page that is made
before the build still renders: plain, without icons.
"""

import functools
import json
from pathlib import Path
from typing import Any

from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "static" / "dist"


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text())
    return found


def _table(name: str) -> dict[str, str]:
    path = DIST / name
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def asset_url(name: str) -> str:
    """The address of a bundle (`staff.css`), with the hash of its content in its name."""
    return static("dist/" + _table("manifest.json").get(name, name))


def built_text(name: str) -> str:
    """The content of a bundle, for what must have an address that never changes."""
    path = DIST / _table("manifest.json").get(name, name)
    return path.read_text() if path.exists() else ""


def icon_shape(name: str) -> str:
    """The inside of an icon's svg; empty when it is not in `assets/icons.txt`."""
    return _table("icons.json").get(name, "")


def built_files() -> dict[str, Any]:
    """Bundle name to file name, as built."""
    return dict(_table("manifest.json"))


def bundle_text(name: str) -> str:
    """What is in a bundle that must stand at an address of its own; empty before a build."""
    try:
        return (DIST / _table("manifest.json")[name]).read_text()
    except (KeyError, FileNotFoundError):
        return ""
