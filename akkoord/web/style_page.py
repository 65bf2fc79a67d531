"""What the style page shows: made-up values for every component, and a form with every field."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.web.context import Link
from akkoord.web.strips import Strip


class StyleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=gettext_lazy("First name"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        help_text=gettext_lazy("We send one mail to confirm it."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of business"),
        choices=[("shop", gettext_lazy("Shop")), ("practice", gettext_lazy("Practice"))],
    )
    note = forms.CharField(
        label=gettext_lazy("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What may we send?"),
        choices=[("news", gettext_lazy("Newsletter")), ("offers", gettext_lazy("Offers"))],
        widget=forms.CheckboxSelectMultiple,
    )
    pace = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[("all", gettext_lazy("Every time")), ("month", gettext_lazy("Once a month"))],
        widget=forms.RadioSelect,
    )
    terms = forms.BooleanField(label=gettext_lazy("I agree to the terms and conditions"))


def style_values() -> dict[str, Any]:
    """The values of the style page."""
    now = timezone.now()
    wrong = StyleForm({"wrong-email": "jansen@"}, prefix="wrong")
    wrong.is_valid()
    return {
        "form": StyleForm(initial={"topics": ["news"], "pace": "month"}),
        "wrong_form": wrong,
        "descriptions": {
            "news": _("Once a month: what is new in the workshop."),
            "offers": _("At most twice a month, only when there is something to win."),
        },
        "tabs": [
            Link(_("Overview"), "#", is_current=True),
            Link(_("People"), "#people"),
            Link(_("Proof"), "#proof"),
        ],
        "reasons": [
            {
                "label": _("withdrew their consent"),
                "count": 96,
                "way": _("Ask at the counter"),
                "way_url": "#",
            },
            {"label": _("did not confirm yet"), "count": 31, "way": _("Wait: they got a mail")},
            {
                "label": _("address does not work"),
                "count": 11,
                "way": _("Correct the address"),
                "way_url": "#",
            },
        ],
        "timeline": [
            {
                "at": now,
                "title": _("Confirmed the newsletter"),
                "detail": _("By the button in the confirmation mail."),
                "icon": "circle-check",
                "kind": "good",
                "proof_url": "#",
            },
            {
                "at": now - timedelta(hours=2),
                "title": _("Asked for the newsletter"),
                "detail": _("Form “In the shop”, box ticked by themselves."),
                "icon": "forms",
                "kind": "needs-you",
            },
            {
                "at": now - timedelta(days=40),
                "title": _("Bought something"),
                "detail": _("Invoice 2026-0412, city bicycle"),
                "icon": "receipt",
            },
        ],
        "strips": [
            Strip(_("Autumn newsletter"), 412, 1102, "#", "412 / 1.102 · 38/s"),
        ],
        "bars": [
            (_("Newsletter"), 1102),
            (_("Offers"), 640),
            (_("Workshop"), 318),
            (_("Get-togethers"), 77),
        ],
        "points": [
            (_("January"), 310),
            (_("February"), 360),
            (_("March"), 352),
            (_("April"), 470),
            (_("May"), 590),
            (_("June"), 640),
            (_("July"), 655),
            (_("August"), 790),
        ],
        "hash": "9f2c1a77b0de4c118aa3f0c2d5e6971b44e8c0f1a2b3c4d5e6f708192a3b4c5d",
        "people": [
            ("Sanne de Vries", "may", "12 okt 2026", 14),
            ("Bram Jansen", "waiting", "23 nov 2026", 2),
            ("Fatima El Idrissi", "may-not", "3 mrt 2026", 31),
        ],
        "step_labels": [_("Organisation"), _("Account"), _("Sender"), _("First topic")],
    }
