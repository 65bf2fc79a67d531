"""Staff page: whether a topic goes to business addresses that were published for it (INV-18)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from akkoord.register.actions import RegisterRefused
from akkoord.register.balancing import LONGEST
from akkoord.register.models import Purpose
from akkoord.register.published import allow_published, goes_to_published
from akkoord.register.queries import current_activity
from akkoord.trail.actions import actor_of

ANSWERS = (
    ("no", gettext_lazy("No, only to people who agreed or who are customers")),
    ("yes", gettext_lazy("Yes, when we can show where it stood")),
)


class PublishedForm(forms.Form):
    """Whether, and why it weighs little."""

    use_required_attribute = False
    allows = forms.ChoiceField(
        label=gettext_lazy("May this topic go to addresses that companies published for it?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=gettext_lazy("Why does this weigh little on who reads there?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "For example: a purchasing department asks on its site for offers of bicycles. We "
            "write about those alone, four times a year at most, and stop at the first no. It "
            "stands in the register."
        ),
    )


def topic_published(request: HttpRequest, slug: str) -> HttpResponse:
    """The choice of one topic, as it stands."""
    topic = get_object_or_404(Purpose, slug=slug, is_topic=True)
    activity = current_activity(topic.activity_key)
    allows = goes_to_published(topic)
    because = activity.published_why if activity else ""
    form = PublishedForm(
        request.POST or None, initial={"allows": "yes" if allows else "no", "because": because}
    )
    if request.method == "POST" and form.is_valid():
        try:
            allow_published(
                purpose_id=topic.id,
                allows=form.cleaned_data["allows"] == "yes",
                because=form.cleaned_data["because"],
                at=timezone.now(),
                actor=actor_of(request),
            )
        except RegisterRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("Saved. The register says so too."))
            return redirect("register:topic_detail", slug=slug)
    page = {
        "topic": topic,
        "form": form,
        "current": topic.versions.get(valid_to=None),
        "answer": dict(ANSWERS)["yes" if allows else "no"],
        "why": because,
    }
    return render(request, "register/topic_published.html", page)
