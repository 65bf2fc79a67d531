"""Who a message goes to: the place where the language of groups plugs in.

The language lives a floor higher; it registers its compiler here, from its `AppConfig.ready`. No
text is everybody with a living address.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from akkoord.register.models import Purpose


class GroupRefused(Exception):
    """The text of a group cannot be read, or uses a field outside the purpose.

    `place`: where in the text it goes wrong, counted from 0.
    """

    def __init__(self, code: str, place: int, sentence: str) -> None:
        super().__init__(f"{code} at {place}")
        self.code = code
        self.place = place
        self.sentence = sentence


GroupCompiler = Callable[[str, Purpose, datetime], Q]
_compilers: list[GroupCompiler] = []


def compile_groups_with(compiler: GroupCompiler) -> GroupCompiler:
    """Register what makes a condition over contact points of a group's text.

    It raises GroupRefused, or an exception of its own that is one.
    """
    _compilers[:] = [compiler]
    return compiler


GroupWriter = Callable[[str, Purpose], str]
_writers: list[GroupWriter] = []


def write_groups_with(writer: GroupWriter) -> GroupWriter:
    """Register what puts the rules of the saved groups of a topic into a text that names them."""
    _writers[:] = [writer]
    return writer


def written_out(text: str, purpose: Purpose) -> str:
    """The text with the rules of the topic's groups in it, for other topics to check."""
    return (
        text if is_named(text) or not text.strip() or not _writers else _writers[0](text, purpose)
    )


_named: dict[str, GroupCompiler] = {}


_again: dict[str, Callable[[str], str]] = {}


def name_groups(
    *names: str, again: Callable[[str], str] | None = None
) -> Callable[[GroupCompiler], GroupCompiler]:
    """Register who stands behind names that Akkoord itself gives to groups (`@name:detail`).

    `again`: the text of such a group that is asked once more when a letter leaves; without it
    none is, as nobody is in it any more once their row is written.
    """

    def register(compiler: GroupCompiler) -> GroupCompiler:
        _named.update(dict.fromkeys(names, compiler))
        if again is not None:
            _again.update(dict.fromkeys(names, again))
        return compiler

    return register


def is_named(text: str) -> bool:
    """Whether Akkoord itself gave this group its name."""
    return text.partition(":")[0] in _named


def asked_again(text: str) -> str:
    """What of a group is asked once more when a letter leaves: the whole of it, unless Akkoord
    gave it its name; empty: nothing."""
    if not is_named(text):
        return text
    again = _again.get(text.partition(":")[0])
    return again(text) if again else ""


def group_condition(text: str, purpose: Purpose, at: datetime) -> Q:
    """The condition over contact points that a text stands for. Raises GroupRefused."""
    if not text.strip():
        return Q()
    if (own := _named.get(text.partition(":")[0])) is not None:
        return own(text, purpose, at)
    if not _compilers:
        raise GroupRefused(
            "no-group-language", 0, _("Groups cannot be read yet. Send to everybody instead.")
        )
    return _compilers[0](text, purpose, at)
