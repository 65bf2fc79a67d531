"""What the design promises about the code, and no linter of others checks."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "akkoord"
# What a room keeps to itself; the wiring may name them, and so may the room's own tests.
OWN = {"views", "public", "forms", "jobs", "urls", "public_urls"}
SHAPELESS = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}


def modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if not {"tests", "migrations", "node_modules"} & set(parts):
            yield path


MODULES = list(modules())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "it has no docstring"
    assert path.stem not in SHAPELESS, "a name that says nothing"


def test_rooms_keep_their_views_forms_and_jobs_to_themselves() -> None:
    graph = grimp.build_graph("akkoord", cache_dir=None)
    wrong = []
    for importer in graph.modules:
        room = importer.split(".")[1:2]
        if not room or room == ["config"]:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            parts = imported.split(".")
            if parts[1:2] != room and OWN & set(parts[2:]):
                wrong.append(f"{importer} -> {imported}")
    assert sorted(wrong) == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "law").glob("*.py")), ids=name)
def test_the_law_stands_on_the_standard_library_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        for each in names:
            root = each.split(".")[0]
            assert root in sys.stdlib_module_names or each.startswith("akkoord.law"), each


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_happens_behind_the_writers_back(path: Path) -> None:
    """No signals and no work in `save()`: an action says what it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert "signals" not in (node.module or ""), "a signal"
            assert node.module != "django.dispatch", "a signal"
        if isinstance(node, ast.FunctionDef) and path.stem == "models":
            assert node.name not in ("save", "delete"), f"work in {node.name}()"


PAGES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*.html")
    if not re.search(r"mail|message|letter|document", str(path.relative_to(PACKAGE)))
)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_keeps_to_the_strict_policy(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<[^>]*\sstyle\s*=", text), "an inline style"
    assert "<style" not in text, "a style element"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "an inline handler"
    assert "javascript:" not in text
    assert not re.search(r"<(script|link|img|iframe|source)[^>]*(src|href)=\"(https?:)?//", text), (
        "something from another site"
    )


def test_the_repository_names_no_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    ).stdout.split("\0")
    if tracked == [""]:
        pytest.skip("not a git checkout")
    wrong = []
    machine = re.compile(
        r"(?<![\w.])/(work|root)/|registry\.npmjs|files\.pythonhosted|pypi\.org/simple"
    )
    for each in filter(None, tracked):
        path = ROOT / each
        if path == Path(__file__) or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if machine.search(text):
            wrong.append(each)
    assert wrong == []
