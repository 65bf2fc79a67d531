"""A signed list: untrusted input to typed values."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent.grant_forms import ScanField
from akkoord.consent.lists import MOST_ROWS
from akkoord.consent.row_sources import TypedRow, row_choices, rows_from
from akkoord.consent.words_shown import TYPED, words_to_choose
from akkoord.register.models import PurposeVersion

_ADDRESS = re.compile(r"[^\s,;\t<>]+@[^\s,;\t<>]+")
LONGEST_CELL = 320


class ListForm(forms.Form):
    """The sheet, what stood on top of it, and its lines."""

    scan = ScanField(
        label=_("Scan of the list"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. It is kept encrypted."),
    )
    topic = forms.ChoiceField(label=_("For which topic?"))
    signed_on = forms.DateTimeField(
        label=_("When was it signed?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    words = forms.ChoiceField(label=_("Which words stood on the list?"))
    wording = forms.CharField(
        label=_("The exact words"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    source = forms.ChoiceField(
        label=_("Where do the lines come from?"),
        required=False,
        help_text=_("Type them, or take people of a file who wait for evidence."),
    )
    lines = forms.CharField(
        label=_("The lines on the sheet"),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        help_text=_("One line for each person: name, then mail address. At most 300."),
    )

    def __init__(self, versions: list[PurposeVersion], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        words = [(each.key, each.label) for each in words_to_choose()]
        choices: dict[str, list[tuple[str, Any]]] = {
            "topic": [(str(each.purpose_id), each.name) for each in versions],
            "words": [*words, (TYPED, _("Other words: I type them below"))],
            "source": [("", _("I type them below")), *row_choices()],
        }
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]

    def clean_signed_on(self) -> Any:
        """Refuse a moment that is still to come."""
        moment = self.cleaned_data["signed_on"]
        if moment > timezone.now():
            raise forms.ValidationError(_("This moment is still to come."))
        return moment

    def clean(self) -> dict[str, Any]:
        """There are lines, not too many, and words."""
        data = super().clean() or {}
        if data.get("words") == TYPED and not data.get("wording"):
            self.add_error("wording", _("Enter the exact words that this person agreed to."))
        source = data.get("source", "")
        data["rows"] = rows_from(source) if source else read_lines(data.get("lines", ""))
        if not data["rows"]:
            self.add_error("lines", _("Enter at least one line."))
        elif len(data["rows"]) > MOST_ROWS:
            self.add_error("lines", _("These are more than 300 lines. Enter the next sheet apart."))
        return data


def read_lines(text: str) -> list[TypedRow]:
    """Name and address of each line, numbered as they stand on the sheet; empty ones skipped."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _ADDRESS.search(line)
        address = found.group() if found else ""
        name = line.replace(address, " ") if address else line
        rows.append(
            TypedRow(number, " ".join(re.sub(r"[,;\t<>]", " ", name).split())[:280], address)
        )
    return rows


def posted_rows(data: Any) -> list[TypedRow]:
    """The lines that were ticked on the second page."""
    rows = []
    for value in data.getlist("ticked")[:MOST_ROWS]:
        if value.isdecimal() and len(value) < 6:
            name, address = data.get(f"name-{value}", ""), data.get(f"address-{value}", "")
            rows.append(TypedRow(int(value), name[:280], address[:LONGEST_CELL]))
    return rows
