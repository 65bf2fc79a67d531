"""Components of the design system as template tags: `{% load akkoord %}`.

Each tag renders a partial of `web/components/`, where its parameters are described; the README
there has an example of each. Pages use these and write no markup of their own for what is here.
`/stijl/` shows all of them.
"""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from akkoord.web import built, plots

register = template.Library()

FLASH_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "ban"}
STRIP_ICONS = {"paused": "player-pause", "needs-you": "alert-triangle"}
CALLOUT_ICONS = {
    "info": "info-circle",
    "good": "circle-check",
    "needs-you": "alert-triangle",
    "not-allowed": "ban",
}
STANDINGS = {
    "may": ("check", gettext_lazy("allowed")),
    "may-not": ("minus", gettext_lazy("not allowed")),
    "waiting": ("clock", gettext_lazy("waiting for confirmation")),
}
_AVG = re.compile(r"\bAVG\b")  # and not the Dutch act beside it, the UAVG
_numbers = itertools.count(1)


def _id(prefix: str) -> str:
    """An id that no other element of a page has; pages are never joined from two processes."""
    return f"{prefix}-{next(_numbers) % 1_000_000}"


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """HTML attributes from keyword arguments: `hx_post` is written `hx-post`, True has no value."""
    pairs = [
        (name.rstrip("_").replace("_", "-"), value)
        for name, value in attributes.items()
        if value is not None and value is not False and value != ""
    ]
    bare = format_html_join("", " {}", ((name,) for name, value in pairs if value is True))
    full = format_html_join("", ' {}="{}"', (pair for pair in pairs if pair[1] is not True))
    return mark_safe(bare + full)  # noqa: S308  both parts were escaped


def _pick(row: Any, *names: str) -> dict[str, Any]:
    """The named values of a row, which is a mapping or an object."""
    if isinstance(row, Mapping):
        return {name: row.get(name, "") for name in names}
    return {name: getattr(row, name, "") for name in names}


# -- small things ------------------------------------------------------------------------------


@register.simple_tag
def asset(name: str) -> str:
    """The address of a bundle."""
    return built.asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon, in line. Without a label it is hidden from screen readers: a word stands beside."""
    shape = mark_safe(built.icon_shape(name))  # noqa: S308  our own build, no one's input
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            shape,
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shape)


@register.simple_tag
def crumb(label: Any, url: str) -> SafeString:
    """One step of the way to this page."""
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.filter
def initials(name: str) -> str:
    """At most two letters of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:])[: len(words)]).upper()


@register.filter
def number(value: Any) -> str:
    """A number as this language writes it: 1.102 in Dutch, 1,102 in English."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


@register.filter
def law(articles: Any) -> str:
    """Articles by the law's name in this language: AVG in Dutch, GDPR in English."""
    text = str(articles or "")
    return _AVG.sub("GDPR", text) if (get_language() or "").startswith("en") else text


@register.filter
def flash_icon(level: str) -> str:
    """The icon of a one-time notice."""
    return FLASH_ICONS.get(level, "info-circle")


@register.filter
def strip_icon(state: str) -> str:
    """The icon of running work."""
    return STRIP_ICONS.get(state, "loader-2")


@register.filter
def describe(option: Any, descriptions: Any) -> str:
    """The description of one choice: from a mapping by its value, else the choice's own."""
    value = option.data["value"]
    if isinstance(descriptions, Mapping):
        return str(descriptions.get(str(value), ""))
    return str(getattr(value, "description", "") or "")


# -- leaves ------------------------------------------------------------------------------------


@register.inclusion_tag("web/components/button.html")
def button(
    text: Any,
    url: str = "",
    icon: str = "",
    kind: str = "secondary",
    small: bool = False,
    opens: str = "",
    **attributes: Any,
) -> dict[str, Any]:
    """A button, or a link that looks like one. `opens` names a dialog or panel."""
    if not url:
        attributes.setdefault("type", "button" if opens else "submit")
    if opens:
        attributes["data_opens"] = opens
    return {
        "text": text,
        "url": url,
        "symbol": icon,
        "kind": kind,
        "small": small,
        "attrs": _attributes(attributes),
    }


@register.simple_tag
def field(bound: BoundField, descriptions: Any = None) -> SafeString:
    """One field of a form, with label, help and error. `descriptions`: per value of a choice."""
    return render_to_string("web/forms/field.html", {"field": bound, "descriptions": descriptions})


@register.inclusion_tag("web/components/standing.html")
def standing(
    state: str,
    reason: Any = "",
    proof_url: str = "",
    article: str = "",
    way: Any = "",
    way_url: str = "",
    open: bool = False,
) -> dict[str, Any]:
    """The standing badge: may, may-not or waiting, with the reason and the way to the proof."""
    symbol, word = STANDINGS[state]
    return {
        "state": state,
        "symbol": symbol,
        "word": word,
        "reason": reason,
        "article": article,
        "proof_url": proof_url,
        "way": way,
        "way_url": way_url,
        "open": open,
        "id": _id("why"),
    }


@register.inclusion_tag("web/components/pill.html")
def pill(text: Any, kind: str = "plain", icon: str = "") -> dict[str, Any]:
    """A state in a word: plain, good, needs-you or not-allowed."""
    return {"text": text, "kind": kind, "symbol": icon}


@register.inclusion_tag("web/components/stat.html")
def stat(
    value: Any, label: Any, note: Any = "", url: str = "", kind: str = "plain", icon: str = ""
) -> dict[str, Any]:
    """A number with its label."""
    return {
        "value": number(value),
        "label": label,
        "note": note,
        "url": url,
        "kind": kind,
        "symbol": icon,
    }


@register.inclusion_tag("web/components/nothing.html")
def nothing(
    sentence: Any, icon: str = "mood-empty", url: str = "", action: Any = "", more: Any = ""
) -> dict[str, Any]:
    """The empty state with the next step."""
    return {"sentence": sentence, "symbol": icon, "url": url, "action": action, "more": more}


@register.inclusion_tag("web/components/reasons.html")
def reasons(rows: Iterable[Any], total: int = 0) -> dict[str, Any]:
    """Counts per reason, each with the way onward; bars against the largest, or a total."""
    found = [_pick(row, "label", "count", "url", "way", "way_url") for row in rows]
    return {"rows": plots.with_percent(found, "count", total)}


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first."""
    names = ("at", "title", "detail", "icon", "kind", "url", "proof_url")
    return {"entries": [_pick(entry, *names) for entry in entries]}


@register.inclusion_tag("web/components/progress.html")
def progress(done: int, total: int, label: Any, note: Any = "") -> dict[str, Any]:
    """How far something is."""
    return {"done": done, "total": total, "label": label, "note": note}


@register.inclusion_tag("web/components/tabs.html")
def tabs(items: Iterable[Any], label: Any = "") -> dict[str, Any]:
    """The pages of one thing."""
    found = [_pick(item, "label", "url", "is_current", "count") for item in items]
    return {"items": found, "label": label or _("Parts of this page")}


@register.inclusion_tag("web/components/pages.html")
def pages(
    newer: str = "", older: str = "", note: Any = "", newer_text: Any = "", older_text: Any = ""
) -> dict[str, Any]:
    """Newer and older rows, by key."""
    return {
        "newer": newer,
        "older": older,
        "note": note,
        "newer_text": newer_text or _("Newer"),
        "older_text": older_text or _("Older"),
    }


@register.inclusion_tag("web/components/copy.html")
def copy(text: Any, label: Any = "") -> dict[str, Any]:
    """A text with a button that copies it."""
    return {"text": text, "label": label or _("Copy"), "id": _id("copy")}


@register.inclusion_tag("web/components/fingerprint.html")
def fingerprint(value: Any, label: Any = "") -> dict[str, Any]:
    """A hash, in groups of eight; bytes are written in hexadecimal."""
    text = bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
    groups = [text[start : start + 8] for start in range(0, len(text), 8)]
    return {"groups": groups, "label": label, "id": _id("hash")}


@register.inclusion_tag("web/components/steps.html")
def steps(
    labels: Iterable[Any], current: int, done: Collection[int] | None = None
) -> dict[str, Any]:
    """The steps of a wizard; `current` counts from 1. `done`: those that hold something; without
    it those before the current one."""
    items = []
    for place, label in enumerate(labels, start=1):
        is_done = place < current if done is None else place in done
        state = "now" if place == current else "done" if is_done else "later"
        items.append({"label": label, "state": state})
    return {"items": items}


@register.inclusion_tag("web/components/bars.html")
def bars(
    rows: Iterable[Any],
    sentence: Any,
    head: Any = "",
    value_head: Any = "",
    unit: str = "",
    most: int = 0,
) -> dict[str, Any]:
    """Bars from zero. A row is (label, value) or has label, value, kind, url."""
    found = [
        {"label": row[0], "value": row[1], "kind": "", "url": ""}
        if isinstance(row, tuple | list)
        else _pick(row, "label", "value", "kind", "url")
        for row in rows
    ]
    return {
        "rows": plots.with_percent(found, "value", most),
        "sentence": sentence,
        "unit": unit,
        "head": head or _("What"),
        "value_head": value_head or _("Number"),
    }


@register.inclusion_tag("web/components/trend.html")
def trend(
    points: Iterable[tuple[Any, int]], sentence: Any, head: Any = "", value_head: Any = ""
) -> dict[str, Any]:
    """A line over time, from zero, with its numbers beneath."""
    return {
        **plots.trend(list(points)),
        "sentence": sentence,
        "head": head or _("When"),
        "value_head": value_head or _("Number"),
    }


# -- wrappers ----------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endcallout")
def callout(
    content: str,
    kind: str = "info",
    title: Any = "",
    article: Any = "",
    url: str = "",
    action: Any = "",
) -> SafeString:
    """A notice: info, good, needs-you or not-allowed; the article in small print, a way on."""
    return render_to_string(
        "web/components/callout.html",
        {
            "content": content,
            "kind": kind,
            "title": title,
            "article": article,
            "url": url,
            "action": action,
            "symbol": CALLOUT_ICONS[kind],
        },
    )


@register.simple_block_tag(end_name="endcard")
def card(
    content: str, title: Any = "", note: Any = "", url: str = "", action: Any = "", level: int = 2
) -> SafeString:
    """Something that stands apart."""
    return render_to_string(
        "web/components/card.html",
        {
            "content": content,
            "title": title,
            "note": note,
            "url": url,
            "action": action,
            "level": level,
        },
    )


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, id: str, title: Any) -> SafeString:
    """A side panel for details, opened by a button with `opens=id`."""
    return render_to_string(
        "web/components/panel.html", {"content": content, "id": id, "title": title}
    )


@register.simple_block_tag(takes_context=True, end_name="enddialog")
def dialog(
    context: RequestContext,
    content: str,
    id: str,
    title: Any,
    url: str,
    action: Any,
    kind: str = "danger",
) -> SafeString:
    """A question before destructive work: says what will happen first, then posts."""
    return render_to_string(
        "web/components/dialog.html",
        {
            "content": content,
            "id": id,
            "title": title,
            "url": url,
            "action": action,
            "kind": kind,
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.simple_block_tag(end_name="endmenu")
def menu(content: str, label: Any = "", icon: str = "dots") -> SafeString:
    """The rest of what can be done."""
    symbol = "chevron-down" if label and icon == "dots" else icon
    return render_to_string(
        "web/components/menu.html",
        {"content": content, "label": label, "symbol": symbol, "spoken": _("More to do")},
    )


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: Any, stack: bool = False) -> SafeString:
    """A table: the block holds thead and tbody."""
    return render_to_string(
        "web/components/table.html", {"content": content, "caption": caption, "stack": stack}
    )


@register.simple_block_tag(end_name="endbulk")
def bulk(content: str) -> SafeString:
    """What can be done with the rows that are chosen."""
    return render_to_string("web/components/bulk.html", {"content": content})
