"""A sentence that says why a page asks something or is there, with its article and its pages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass(frozen=True, slots=True)
class Why:
    """Why a page is there: one plain sentence, the article, and whether the page asks anything.

    `sentence` is translated when it is shown; `article` is as the law writes it ("AVG 30(1)").
    """

    sentence: Any
    article: str
    asks: bool = True


Row = tuple[Why, tuple[str, ...]]


def _row(asks: bool, sentence: Any, article: str, *views: str) -> Row:
    return Why(sentence, article, asks), views


# A page that asks its reader something, and one that only shows.
asks: Callable[..., Row] = partial(_row, True)
shows: Callable[..., Row] = partial(_row, False)
