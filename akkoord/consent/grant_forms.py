"""A yes that staff enter: untrusted input to typed values."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from akkoord.consent.evidence_files import LARGEST, BadFile, FileFault, clean_file
from akkoord.consent.words_shown import TYPED, words_to_choose
from akkoord.datamap.plain_words import plain_note
from akkoord.law.states import Channel
from akkoord.people.models import ContactPoint
from akkoord.people.points import AddressFacts
from akkoord.register.models import PurposeVersion

NOON = time(12)
ACCEPT = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
NEW = {"new-phone": Channel.PHONE, "new-sms": Channel.SMS, "new-post": Channel.POST}

FILE_SENTENCES = {
    FileFault.EMPTY: _("This file is empty."),
    FileFault.TOO_LARGE: _("This file is bigger than 10 MB. Scan it in grey, at 200 dpi."),
    FileFault.HEIC: _(
        "This is a photo in Apple's own format (HEIC), which not everybody can open. On the iPhone "
        "choose Settings, Camera, Formats, Most Compatible, and take it again. Or send a "
        "screenshot of it."
    ),
    FileFault.UNKNOWN: _("This is no PDF, JPEG or PNG. Scan the paper, or take a photo of it."),
    FileFault.DAMAGED: _("This file is damaged. Scan the paper again."),
    FileFault.TOO_MANY_PIXELS: _("This picture is too big. Scan it at 200 dpi."),
    FileFault.LOCKED: _("This PDF is locked. Save it without a password first."),
}


class ScanField(forms.FileField):
    """A scan or photo, judged by its content; its cleaned value is the content."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """The content of the upload; None when there is none and none is needed."""
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > LARGEST:
            raise forms.ValidationError(FILE_SENTENCES[FileFault.TOO_LARGE])
        content: bytes = upload.read()
        try:
            clean_file(content)
        except BadFile as bad:
            raise forms.ValidationError(FILE_SENTENCES[bad.fault]) from None
        return content


class GrantForm(forms.Form):
    """A yes with its evidence, entered by staff for one person.

    Which fields are needed follows from how the person agreed; the page shows only those, so the
    browser itself must not hold a hidden one against anybody.
    """

    use_required_attribute = False
    address = forms.ChoiceField(
        label=_("For which address or number?"),
        widget=forms.RadioSelect,
        help_text=_("A yes for one never counts for another."),
    )
    number = forms.CharField(
        validators=[plain_note], label=_("Number"), max_length=40, required=False
    )
    street = forms.CharField(label=_("Street"), max_length=160, required=False)
    house_number = forms.CharField(label=_("House number"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    topic = forms.ChoiceField(label=_("For which topic?"))
    happened_time = forms.TimeField(  # before the day, which it becomes part of
        label=_("At what time?"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Only if you know it: paper says a day."),
    )
    happened_on = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When the person agreed, not when you enter it."),
    )
    method = forms.ChoiceField(
        label=_("How did this person agree?"),
        choices=[
            ("paper", _("On paper, signed or ticked")),
            ("counter", _("At the counter, on a card")),
            ("phone", _("By telephone")),
            ("checkout", _("At a purchase")),
        ],
        widget=forms.RadioSelect,
    )
    scan = ScanField(
        label=_("Scan or photo"),
        required=False,
        help_text=_("PDF, JPEG or PNG, at most 10 MB. It is kept encrypted, and goes with them."),
    )
    caller = forms.CharField(label=_("Who called?"), max_length=120, required=False)
    recording = forms.CharField(
        validators=[plain_note],
        label=_("Where is the recording?"),
        max_length=200,
        required=False,
        help_text=_("For example: telephone exchange, 2026-11-24, number 1182."),
    )
    shows_number = forms.BooleanField(
        label=_("Our number was shown during the call"), required=False
    )
    receipt = forms.CharField(
        validators=[plain_note],
        label=_("Number of the receipt or order"),
        max_length=60,
        required=False,
    )
    offers_objection = forms.BooleanField(
        label=_("We said that they may object at any time, and that every call offers that"),
        required=False,
    )
    words = forms.ChoiceField(label=_("Which words did this person agree to?"))
    wording = forms.CharField(
        validators=[plain_note],
        label=_("The exact words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("As they stood on the paper or were said. You answer for them by name."),
    )
    where = forms.CharField(
        validators=[plain_note],
        label=_("Where did these words stand?"),
        max_length=200,
        required=False,
        help_text=_("For example: card on the counter, spring 2026."),
    )
    was_ticked = forms.BooleanField(
        label=_("The person ticked, signed or said yes; nothing was ticked beforehand"),
        error_messages={
            "required": _("A box that was ticked beforehand is no yes. Ask again, in the shop.")
        },
    )
    has_parent_consent = forms.BooleanField(
        label=_("A parent agreed too (under 16)"), required=False
    )

    def __init__(
        self,
        versions: list[PurposeVersion],
        points: list[ContactPoint],
        data: Any = None,
        files: Any = None,
        caller: str = "",
    ) -> None:
        words = [(each.key, each.label) for each in words_to_choose()]
        super().__init__(
            data,
            files,
            initial={
                "address": _key(points[0]) if points else "new-phone",
                "method": "paper",
                "caller": caller,
                "words": words[0][0] if words else TYPED,
            },
        )
        self._demand(data)
        self.choose("topic", [(str(each.purpose_id), each.name) for each in versions])
        self.choose("words", [*words, (TYPED, _("Other words: I type them below"))])
        self.choose(
            "address",
            [
                *((_key(each), f"{_CHANNELS[each.channel]}: {each.value}") for each in points),
                ("new-phone", _("Another number, for calls")),
                ("new-sms", _("Another number, for SMS")),
                ("new-post", _("Another postal address")),
            ],
        )

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_happened_on(self) -> datetime:
        """The moment; a day without a time is its noon, or now. Refuses what is still to come."""
        day, now = self.cleaned_data["happened_on"], timezone.now()
        at = self.cleaned_data.get("happened_time")
        moment = timezone.make_aware(datetime.combine(day, at or NOON))
        if moment > now and not at and day == timezone.localdate(now):
            return now
        if moment > now:
            raise forms.ValidationError(_("This moment is still to come."))
        return moment

    def _demand(self, data: Any) -> None:
        """Make needed what belongs to this way of agreeing, and to typed words."""
        method = data.get("method") if data else None
        for name, ways, sentence in _NEEDED:
            self.fields[name].required = method is None or method in ways
            self.fields[name].error_messages["required"] = sentence
        for name, sentence in _TYPED.items():
            self.fields[name].required = not data or data.get("words") == TYPED
            self.fields[name].error_messages["required"] = sentence

    def known_address(self) -> str:
        """The id of the known address that was chosen."""
        return str(self.cleaned_data["address"]).partition(":")[2]

    def new_address(self) -> AddressFacts | None:
        """The address that was typed; None when a known one was chosen."""
        data = self.cleaned_data
        channel = NEW.get(data["address"])
        if channel is None:
            return None
        return AddressFacts(
            channel=channel,
            value=data["number"],
            street=data["street"],
            house_number=data["house_number"],
            postcode=data["postcode"],
            city=data["city"],
        )


def _key(point: ContactPoint) -> str:
    """The value of a choice; it says the channel, so that the page can show what belongs to it."""
    return f"{point.channel}:{point.id}"


_CHANNELS = {
    "email": _("E-mail"),
    "phone": _("Calls"),
    "sms": _("SMS"),
    "post": _("Post"),
    "push": _("Push message"),
}
_NEEDED = (
    (
        "scan",
        ("paper", "counter"),
        _("Add the scan or photo: without it nobody can see that this person agreed."),
    ),
    ("caller", ("phone",), _("Say who called.")),
    ("recording", ("phone",), _("Say where the recording is: without it there is no evidence.")),
    (
        "shows_number",
        ("phone",),
        _("A call with a hidden number does not count. Call again with your number shown."),
    ),
    ("receipt", ("checkout",), _("Enter the number of the receipt or order.")),
)
_TYPED = {
    "wording": _("Enter the exact words that this person agreed to."),
    "where": _("Say where these words stood."),
}


class ScriptForm(forms.Form):
    """Words that are read out on the telephone."""

    text = forms.CharField(
        label=_("What do you read out?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Say who calls and for whom, what you want to send or call about, that they may stop "
            "at any time, and that the yes is recorded. Every change becomes a new version."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )
