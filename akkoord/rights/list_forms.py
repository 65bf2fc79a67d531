"""A list of people to forget: untrusted input to lines."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from akkoord.rights.list_models import ErasureList
from akkoord.rights.list_reading import ListLine, ListRefused, read_file, read_pasted

MOST_BYTES = 10 * 1024 * 1024


class NewListForm(forms.Form):
    """A file or pasted lines, and why these people must go."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV or Excel (.xlsx), at most 10 MB. Name the column “e-mail”, “telephone”, “customer "
            "number” or “reference”. The file itself is not kept."
        ),
    )
    lines = forms.CharField(
        label=_("Or paste the list"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One address or number on each line."),
    )
    ground = forms.ChoiceField(
        label=_("Why must these people be forgotten?"),
        choices=ErasureList.Ground.choices,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, and a list that can be read; the fault stands at its field."""
        data = super().clean() or {}
        upload, pasted = data.get("file"), (data.get("lines") or "").strip()
        if {"file", "lines"} & self.errors.keys():
            return data
        if bool(upload) == bool(pasted):
            self.add_error("file", _("Choose a file or paste a list: one of the two."))
            return data
        field = "file" if upload else "lines"
        try:
            data["read"] = self._read(upload, pasted)
        except ListRefused as refused:
            self.add_error(field, refused.sentence)
        return data

    @staticmethod
    def _read(upload: Any, pasted: str) -> Iterable[ListLine]:
        if not upload:
            return read_pasted(pasted)
        if upload.size > MOST_BYTES:
            raise ListRefused(
                str(_("This file is bigger than 10 MB. Leave out columns that tell nothing."))
            )
        return read_file(upload)
