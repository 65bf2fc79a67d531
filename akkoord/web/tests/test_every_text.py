"""Both languages are complete: every text in code and templates has its Dutch."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import polib
import pytest
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from akkoord.web.build_translations import PACKAGE, sources

Text = tuple[str, str]  # context or "", the English

# Where the texts of a call stand: its context, the text, the plural.
_CALLS = {
    "gettext": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "pgettext": (0, 1),
    "npgettext": (0, 1),
}
_IN_TEMPLATES: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def dutch() -> set[Text]:
    """Every English text that some room has a Dutch for; Django joins the rooms."""
    return {
        (entry.msgctxt or "", entry.msgid)
        for source in sources()
        if source.parts[-3] == "nl"
        for entry in polib.pofile(str(source))
    }


def texts_of_code(source: str) -> Iterator[Text]:
    """What a module hands to gettext, by whichever names it was imported."""
    tree = ast.parse(source)
    names = {
        each.asname or each.name: each.name.removesuffix("_lazy")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if (call := _CALLS.get(names.get(node.func.id, ""))) is None:
            continue
        context, text = ("" if at is None else _said(node.args[at]) for at in call)
        if text:
            yield context, text


def _said(argument: ast.expr) -> str:
    """What stands there; nothing where it is a name: then the text is handed over elsewhere."""
    return str(argument.value) if isinstance(argument, ast.Constant) else ""


def texts_of_template(source: str) -> Iterator[Text]:
    """What a template hands to gettext, `_("...")` in the arguments of a tag too."""
    code = BytesIO(templatize(source).encode())
    for _line, found, _comments, context in extract("python", code, _IN_TEMPLATES):
        yield context or "", found if isinstance(found, str) else found[0]


def files(ending: str) -> list[Path]:
    return sorted(
        each
        for each in PACKAGE.rglob(f"*.{ending}")
        if not {"tests", "migrations", "node_modules"} & set(each.relative_to(PACKAGE).parts)
        and (ending == "py" or "templates" in each.parts)
    )


@pytest.mark.parametrize("ending", ["py", "html", "txt"])
def test_every_text_has_its_dutch(ending: str) -> None:
    known, read = dutch(), texts_of_code if ending == "py" else texts_of_template
    found = [(text, each) for each in files(ending) for text in read(each.read_text())]
    missing = [f"{each.relative_to(PACKAGE)}: {text}" for text, each in found if text not in known]
    assert missing == []
    assert len(found) > {"py": 1000, "html": 1000, "txt": 0}[ending]


def test_texts_are_found_by_any_name_and_in_any_tag() -> None:
    code = (
        "from django.utils.translation import gettext as now, pgettext_lazy as said\n"
        "x = [now('One ' 'two'), said('act', 'Three'), other('Four')]\n"
    )
    assert list(texts_of_code(code)) == [("", "One two"), ("act", "Three")]
    page = '{% load i18n %}{% translate "One" context "two" %}{% button _("Three") %}'
    assert set(texts_of_template(page)) == {("two", "One"), ("", "Three")}
