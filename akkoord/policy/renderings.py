"""The same policy as Markdown, as a snippet for another site, and as values for the PDF.

Everything is escaped here: words by hand are text, never markup (art. 12; no script of anybody).
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from akkoord.policy.content import Content, Fact
from akkoord.policy.models import PolicyVersion

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_markdown(content: Content, stamped: str) -> str:
    """The policy in Markdown (CommonMark), for a site of one's own."""
    lines = [f"# {_md(content.title)}", "", _md(content.lead), ""]
    lines += [f"- **{_md(fact.label)}**: {_md(fact.text)}" for fact in content.short]
    for section in content.sections:
        lines += ["", f"## {_md(section.heading)}", ""]
        lines += [line for text in section.paragraphs for line in (_md(text), "")]
        lines += [f"- {_md(point)}" for point in section.points]
        for entry in section.entries:
            lines += ["", f"### {_md(entry.name)}", "", _md(entry.text), ""]
            lines += [f"- **{_md(fact.label)}**: {_md(fact.text)}" for fact in entry.facts]
        lines += [line for text in section.own for line in ("", _md(text))]
    lines += ["", _md(stamped)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def as_snippet(content: Content, stamped: str) -> str:
    """The policy as HTML without style, script or picture, to put into a page of one's own."""
    parts = [
        f'<section lang="{content.language}">',
        f"<h1>{escape(content.title)}</h1>",
        f"<p>{escape(content.lead)}</p>",
        _list(content.short),
    ]
    for section in content.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
        if section.points:
            points = "".join(f"<li>{escape(point)}</li>" for point in section.points)
            parts.append(f"<ul>{points}</ul>")
        for entry in section.entries:
            parts += [f"<h3>{escape(entry.name)}</h3>", f"<p>{escape(entry.text)}</p>"]
            parts.append(_list(entry.facts))
        parts += [f"<p>{escape(text)}</p>" for text in section.own]
    parts += [f"<p>{escape(stamped)}</p>", "</section>"]
    return "\n".join(part for part in parts if part) + "\n"


def as_values(content: Content, stamped: str) -> Mapping[str, Any]:
    """The values that the PDF is set with."""
    return {
        **content.as_json(),
        "stamp": stamped,
    }


def stamp(version: PolicyVersion | None, language: str) -> str:
    """Which version this is and from when; without one it says that it is a draft."""
    with translation.override(language):
        if version is None:
            return _("Draft: not published yet.")
        day = date_format(timezone.localtime(version.published_at), "j F Y")
        return _("Version {number}, since {day}.").format(number=version.number, day=day)


def _list(facts: Iterable[Fact]) -> str:
    said = "".join(f"<dt>{escape(each.label)}</dt><dd>{escape(each.text)}</dd>" for each in facts)
    return f"<dl>{said}</dl>" if said else ""


def _md(text: str) -> str:
    """Text in which no sign is markup, on one line."""
    one = " ".join(text.split())
    escaped = _MARKUP.sub(r"\\\1", one)
    return re.sub(
        r"^(\d+)([.)])|^([-+])(?=\s)", r"\1\\\2\3" if one[:1].isdigit() else r"\\\3", escaped
    )
