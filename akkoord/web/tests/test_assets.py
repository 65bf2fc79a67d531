"""What the build makes: complete, small enough, and every icon that a template names is in it."""

import json
import re
from pathlib import Path

import pytest

from akkoord.web import build_assets, built

PACKAGE = build_assets.HERE.parent
LIMITS = {"public.css": 12_500, "staff.css": 40_000, "staff.js": 150_000, "theme.js": 400}


@pytest.fixture(scope="module", autouse=True)
def _assets() -> None:
    build_assets.build()


@pytest.mark.parametrize("name", LIMITS)
def test_a_bundle_exists_and_is_small(name: str) -> None:
    file = built.DIST / built.built_files()[name]
    assert 0 < file.stat().st_size <= LIMITS[name]
    assert re.search(r"-[0-9A-Z]{8}\.\w+$", file.name)
    assert file.with_name(file.name + ".br").exists()
    assert file.with_name(file.name + ".gz").exists()


def test_no_bundle_asks_another_site_for_anything() -> None:
    for file in built.DIST.glob("*.css"):
        assert "http" not in file.read_text()


def test_the_lock_names_no_address_of_a_package() -> None:
    lock = json.loads((build_assets.ASSETS / "package-lock.json").read_text())
    assert not [name for name, each in lock["packages"].items() if "resolved" in each]


def test_a_second_build_does_nothing() -> None:
    assert build_assets.build() is False


def test_the_build_knows_every_icon_that_is_named() -> None:
    listed = set((build_assets.ASSETS / "icons.txt").read_text().split()) | {"mark"}
    named = re.compile(r"""(?:\{% icon |icon=)["']([\w-]+)["']""")
    missing = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in Path(PACKAGE).glob("*/templates/**/*.html")
        for name in named.findall(path.read_text())
        if name not in listed
    }
    assert missing == set()
