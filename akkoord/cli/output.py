"""What every command promises: one JSON document on stdout, messages on stderr, an honest status.

Status 0 is success only, 1 is refused or failed with the reason, 2 is an argument that cannot be
used.
"""

import dataclasses
import datetime
import decimal
import enum
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_AS_JSON = "akkoord.as_json"
_ANSWERED = "akkoord.answered"


class Refused(click.ClickException):
    """Refused or failed: the reason goes to stderr, the status is 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Write the reason, without a prefix: it is a sentence."""
        click.echo(self.message, file=file or sys.stderr)


def json_option(command: F) -> F:
    """Give a command `--json`; `answer` then writes the data as one JSON document."""

    def remember(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            context.find_root().meta[_AS_JSON] = True

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=remember,
        help="Answer with one JSON document.",
    )(command)


def wants_json() -> bool:
    """Whether this call asked for JSON; also before its arguments were read."""
    context = click.get_current_context(silent=True)
    if context is None or isinstance(context.command, click.Group):
        return "--json" in sys.argv[1:]
    return bool(context.find_root().meta.get(_AS_JSON))


def answer(data: Any, text: str | None = None) -> None:
    """The command's answer on stdout: JSON when asked for, else the text or a readable form."""
    if context := click.get_current_context(silent=True):
        context.find_root().meta[_ANSWERED] = True
    if wants_json():
        click.echo(json.dumps(data, default=_plain, ensure_ascii=False, indent=2))
    else:
        click.echo(readable(data) if text is None else text)


def answer_each(rows: Iterator[Any], text_of_row: Callable[[Any], str], otherwise: str) -> None:
    """An answer of many rows, written as they come, so that memory stays flat.

    With JSON one list of all; else the text of each that has one, or one sentence when none has.
    """
    first = next(rows, None)  # whatever is refused at once is refused before anything is answered
    if context := click.get_current_context(silent=True):
        context.find_root().meta[_ANSWERED] = True
    if first is not None:
        rows = chain([first], rows)
    if wants_json():
        before = "["
        for row in rows:
            click.echo(before + json.dumps(row, default=_plain, ensure_ascii=False), nl=False)
            before = ",\n"
        click.echo("]" if first is not None else "[]")
        return
    has_answered = False
    for row in rows:
        if text := text_of_row(row):
            has_answered = True
            click.echo(text)
    if not has_answered:
        click.echo(otherwise)


def say(text: str) -> None:
    """A message for the person at the keyboard: stderr, never in the answer."""
    click.echo(text, err=True)


def refuse(sentence: str, data: Any = None, *, reason: str = "refused") -> NoReturn:
    """End with status 1 and a sentence; with data, that is answered first (as in `verify`).

    Who asked for JSON always gets a document: without data, the reason and the sentence.
    """
    if data is not None:
        answer(data)
    elif wants_json() and not _has_answered():
        answer({"reason": reason, "message": sentence})
    raise Refused(sentence)


def _has_answered() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().meta.get(_ANSWERED))


def text_of(path: Path, option: str) -> str:
    """A text file that an option names; unusable (status 2) when it is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.BadParameter(
            f"{path.name} is no UTF-8 text. Save it as UTF-8 and try again.", param_hint=option
        ) from None


def readable(data: Any, indent: int = 0) -> str:
    """Data as indented lines for people."""
    space = "  " * indent
    if dataclasses.is_dataclass(data) and not isinstance(data, type):
        data = dataclasses.asdict(data)
    if isinstance(data, dict):
        lines = []
        for key, value in data.items():
            if isinstance(value, dict | list | tuple) and value:
                lines.append(f"{space}{key}:\n{readable(value, indent + 1)}")
            else:
                lines.append(f"{space}{key}: {_word(value)}")
        return "\n".join(lines)
    if isinstance(data, list | tuple):
        return "\n".join(
            readable(each, indent) if isinstance(each, dict) else f"{space}- {_word(each)}"
            for each in data
        )
    return f"{space}{_word(data)}"


def _word(value: Any) -> str:
    """One value for people."""
    if value is None or value == [] or value == {}:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_plain(value)) if not isinstance(value, str | int | float) else str(value)


def _plain(value: Any) -> Any:
    """A value that JSON does not know, in the form that it has everywhere in our answers."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, uuid.UUID | Path | decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value, key=str)
    return str(value)
