"""Staff page: what people choose; each table as a file too."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from akkoord.consent.words import method_word, stop_reason_words
from akkoord.insight.advice import advice
from akkoord.insight.choices import SMALL, Choices, TopicFlow, choices
from akkoord.web.numbers import in_words

Rows = Iterator[list[Any]]


def page(request: HttpRequest) -> HttpResponse:
    """Topics, forms, where a no comes from, what goes together, and a sentence of advice."""
    figures = choices(at=timezone.now())
    reasons = dict(stop_reason_words())
    return render(
        request,
        "insight/choices.html",
        {
            "figures": figures,
            "few": _("fewer than five"),
            "chosen": [(each.name, each.share) for each in figures.topics if each.share],
            "chosen_sentence": _chosen(figures),
            "topics": [_topic(each) for each in figures.topics],
            "together": [(" + ".join(each.names), each.count) for each in figures.together],
            "letters": [(name, n) for _id, name, n in figures.stops.by_letter],
            "ways": [(method_word(way), n) for way, n in figures.stops.by_way],
            "reasons": [(reasons.get(reason, reason), n) for reason, n in figures.stops.by_reason],
            "advice": advice(figures),
        },
    )


def _topic(topic: TopicFlow) -> dict[str, Any]:
    """A topic with its two lines; a month with fewer than five stands as none."""
    labels = [formats.date_format(each.month, "b Y") for each in topic.months]
    left = topic.left or 0
    return {
        "flow": topic,
        "yes": [(label, each.yes or 0) for label, each in zip(labels, topic.months, strict=True)],
        "sentence": ngettext(
            "In a year %(yes)s people said yes and %(left)s person left.",
            "In a year %(yes)s people said yes and %(left)s people left.",
            left,
        )
        % {"yes": in_words(topic.yes or 0), "left": in_words(left)},
    }


def _chosen(figures: Choices) -> str:
    shown = [each for each in figures.topics if each.share]
    if not shown:
        return _("Too few people chose something to say more.")
    best = max(shown, key=lambda each: each.share)
    return _("“%(topic)s” is chosen by %(share)s%% of the people who chose something.") % {
        "topic": best.name,
        "share": best.share,
    }


def table_file(_request: HttpRequest, table: str) -> HttpResponse:
    """One of the page's tables as CSV; groups under five are left out here too."""
    make = _TABLES.get(table)
    if make is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="akkoord-{table}.csv"'
    response.write("\ufeff")  # so that spreadsheets read the accents
    writer = csv.writer(response)
    for row in make(choices(at=timezone.now())):
        writer.writerow([_cell(each) for each in row])
    return response


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; a small group is said to be one."""
    if value is None:
        return f"<{SMALL}"
    text = str(value)
    return f"'{text}" if text[:1] in "=+-@\t" else value


def _topic_rows(figures: Choices) -> Rows:
    yield [_("Topic"), _("Month"), _("Said yes"), _("Left")]
    for topic in figures.topics:
        for each in topic.months:
            yield [topic.name, each.month.strftime("%Y-%m"), each.yes, each.left]


def _form_rows(figures: Choices) -> Rows:
    yield [_("Form"), _("Shown"), _("Begun"), _("Filled in"), _("Confirmed")]
    for each in figures.forms:
        yield [each.form.name, each.views, each.starts, each.posts, each.confirmed]


def _stop_rows(figures: Choices) -> Rows:
    reasons = dict(stop_reason_words())
    yield [_("Where from"), _("What"), _("People")]
    for _id, name, n in figures.stops.by_letter:
        yield [_("Letter"), name, n]
    for way, n in figures.stops.by_way:
        yield [_("Way of stopping"), method_word(way), n]
    for reason, n in figures.stops.by_reason:
        yield [_("Reason"), reasons.get(reason, reason), n]


def _together_rows(figures: Choices) -> Rows:
    yield [_("Topics"), _("People")]
    for each in figures.together:
        yield [" + ".join(each.names), each.count]


_TABLES: dict[str, Callable[[Choices], Rows]] = {
    "onderwerpen": _topic_rows,
    "formulieren": _form_rows,
    "afmeldingen": _stop_rows,
    "combinaties": _together_rows,
}
