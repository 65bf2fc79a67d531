"""Every page of staff says why it asks what it asks: a sentence, and the article."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from akkoord.config.access import rule_for
from akkoord.config.tests.test_access import Match
from akkoord.web.why import WHY, Why

FRAME = '{% extends "web/staff_page.html" %}'


def every_view(
    resolver: URLResolver, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, Callable[..., Any]]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from every_view(each, inner)
        elif isinstance(each, URLPattern):
            yield ":".join((*namespaces, each.name or "")), each.callback


def is_for_staff(view: str) -> bool:
    namespace, _, name = view.rpartition(":")
    rule = rule_for(Match(namespace, name))  # type: ignore[arg-type]
    return rule is not None and rule.is_staff


def shows_the_frame(name: str) -> bool:
    """Whether a template stands in the frame of staff."""
    try:
        origin = get_template(name).origin  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        return False
    return Path(origin.name).read_text().startswith(FRAME)


def words_in(code: CodeType) -> Iterator[str]:
    """Every text and every name in a function, those of the functions inside it too."""
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from words_in(each)
        elif isinstance(each, str):
            yield each


def templates_of(view: Any, seen: set[Any] | None = None) -> Iterator[str]:
    """The templates that a view, or what it calls in Akkoord, may show."""
    seen = set() if seen is None else seen
    if kind := getattr(view, "view_class", None):  # a page of the log-in's library
        yield kind.template_name
    call = inspect.unwrap(view)
    if not inspect.isfunction(call) or call in seen or not call.__module__.startswith("akkoord."):
        return
    seen.add(call)
    for word in words_in(call.__code__):
        if word.endswith(".html"):
            yield word
        found = call.__globals__.get(word)
        if inspect.isfunction(found):
            yield from templates_of(found, seen)
        elif isinstance(found, str | dict | tuple):
            yield from re.findall(r"[\w/]+\.html", repr(found))


PAGES = sorted(
    {
        view
        for view, call in every_view(get_resolver())
        if is_for_staff(view) and any(shows_the_frame(each) for each in templates_of(call))
    }
)


@pytest.mark.parametrize("view", PAGES)
def test_every_page_of_staff_says_why_it_is_there(view: str) -> None:
    assert view in WHY, f"{view} has no sentence in akkoord.web.why"


def test_the_table_names_pages_that_exist() -> None:
    assert sorted(set(WHY) - set(PAGES)) == []
    assert len(PAGES) > 180  # that they are found at all


@pytest.mark.parametrize("why", sorted(set(WHY.values()), key=str), ids=lambda each: each.article)
def test_a_reason_is_one_plain_sentence_with_its_article(why: Why) -> None:
    assert re.match(r"(AVG|UAVG|Tw|AWR|BW|eIDAS) \d", why.article), "no article"
    for language in ("en", "nl"):
        with translation.override(language):
            sentence = str(why.sentence)
        assert sentence.endswith("."), sentence
        assert sentence.count(".") <= 2, "more than a sentence or two"
        assert len(sentence.split()) <= 32, "too long to read in passing"
        assert not re.search(r"\b(art\.|AVG|GDPR|lid)\b", sentence), "the article stands beside it"
