"""Untrusted input of the import pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent.grant_forms import ScanField
from akkoord.datamap.plain_words import plain_note
from akkoord.imports.evidence import Period
from akkoord.imports.known_layouts import LAYOUTS
from akkoord.imports.models import SensitiveDecision
from akkoord.imports.order import ImportOrder
from akkoord.imports.reader import ReadAs
from akkoord.register.queries import current_versions, letter_topics

MAX_UPLOAD = 60 * 1024 * 1024


class ReadingForm(forms.Form):
    """How a file is to be read, when what we found out is wrong."""

    encoding = forms.ChoiceField(
        label=_("Characters"),
        required=False,
        choices=[
            ("", _("Found out by us")),
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows-1252"),
            ("utf-16", "UTF-16"),
        ],
    )
    delimiter = forms.ChoiceField(
        label=_("Between the columns stands"),
        required=False,
        choices=[
            ("", _("Found out by us")),
            (",", _("a comma")),
            (";", _("a semicolon")),
            ("tab", _("a tab")),
            ("|", _("an upright line")),
        ],
    )
    has_header = forms.ChoiceField(
        label=_("The first row"),
        required=False,
        choices=[
            ("", _("Found out by us")),
            ("yes", _("names the columns")),
            ("no", _("is a person already")),
        ],
    )

    def read_as(self) -> ReadAs:
        """What staff said."""
        data = self.cleaned_data
        delimiter = "\t" if data["delimiter"] == "tab" else data["delimiter"]
        header = {"yes": True, "no": False}.get(data["has_header"])
        return ReadAs(data["encoding"], delimiter, header)


class FileForm(forms.Form):
    """A file, of a size that the screen takes; the command takes any size."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel (.xlsx), or a ZIP of those. At most 60 MB."),
    )

    def clean_file(self) -> object:
        """Refuse a file that is too big."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(
                _("This file is bigger than 60 MB. Use the command “akkoord import” for it.")
            )
        return upload


SYSTEMS = [
    ("", _("Choose a system")),
    *((layout.name, layout.title) for layout in LAYOUTS.values() if layout.title),
    ("other", _("Another system")),
]


class UploadForm(FileForm, ReadingForm):
    """A file, and what staff say of it."""

    source = forms.ChoiceField(
        label=_("Where does this file come from?"),
        widget=forms.RadioSelect,
        choices=[
            ("own-signup", _("Our own sign-up: people left their address for our letters")),
            ("customers", _("Our customers: people who bought from us")),
            ("other-system", _("Another system of ours, for example the program for newsletters")),
            ("bought", _("Bought, rented or copied")),
        ],
    )
    system = forms.ChoiceField(label=_("Which system?"), required=False, choices=SYSTEMS)
    topic = forms.ChoiceField(label=_("What did these people sign up for?"))
    wording = forms.CharField(
        label=_("Which words did they agree to?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_(
            "Copy the text that stood beside the box. You answer for it with your name. Without "
            "it nobody in the file may be mailed; you can also add it later."
        ),
    )
    first_day = forms.DateField(
        label=_("These words stood there from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last_day = forms.DateField(
        label=_("until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: the whole time. Who signed up on another day waits for other words."),
    )
    field_order = ("source", "system", "file", "topic", "wording", "first_day", "last_day")

    def __init__(self, *arguments: object, **named: object) -> None:
        """Offer the living topics."""
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        topics = list(letter_topics())
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            (version.purpose.slug, version.name) for version in current_versions(topics)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse another system without saying which, and a period that runs backwards."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("source") == "other-system" and not data.get("system"):
            self.add_error("system", _("Say which system the file comes from."))
        first, last = data.get("first_day"), data.get("last_day")
        if first and first > timezone.localdate():
            self.add_error("first_day", _("This day is still to come."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return data

    def order(self) -> ImportOrder:
        """What staff said of the file."""
        data = self.cleaned_data
        return ImportOrder(
            file_name=data["file"].name,
            layout=data["system"] if data["system"] in LAYOUTS else "auto",
            topic_slug=data["topic"],
            source=data["source"],
            system=data["system"],
            wording=data["wording"],
            period=Period(data["first_day"], data["last_day"]),
            read_as=self.read_as(),
            is_dry_run=True,
        )


class RereadForm(FileForm, ReadingForm):
    """The same file once more, read in another way."""


class DecisionForm(forms.Form):
    """What is decided of a column that was kept out."""

    kind = forms.ChoiceField(
        label=_("What happens with this column?"),
        widget=forms.RadioSelect,
        choices=[
            (each.value, each.label)
            for each in (SensitiveDecision.Kind.CELLS_OUT, SensitiveDecision.Kind.MISTAKEN)
        ],
        help_text=_("For a year. Then you decide anew."),
        initial=SensitiveDecision.Kind.CELLS_OUT,
    )
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class WordingForm(forms.Form):
    """The words of a group, afterwards."""

    wording = forms.CharField(
        label=_("Which words did they agree to?"), widget=forms.Textarea(attrs={"rows": 3})
    )


class EvidenceForm(forms.Form):
    """Other evidence for a group."""

    kind = forms.ChoiceField(
        label=_("What kind of proof?"),
        choices=[
            ("paper", _("A signed list or card")),
            ("counter", _("Said at the counter, written down")),
        ],
    )
    description = forms.CharField(
        validators=[plain_note],
        label=_("Where is it, and what is it?"),
        max_length=300,
        help_text=_("For example “signed cards, open day, folder 3”."),
    )
    scan = ScanField(
        label=_("Scan or photo of it"),
        required=False,
        help_text=_(
            "PDF, JPG or PNG, 10 MB at most. It is kept under lock and key, and goes with the last "
            "person whom it is about."
        ),
    )
    signed_on = forms.DateField(
        label=_("From which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    wording = forms.CharField(
        label=_("Which words did they agree to?"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_signed_on(self) -> object:
        """Refuse a day that is still to come."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day
