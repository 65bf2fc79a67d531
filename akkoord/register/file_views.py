"""Staff pages: the register as a file, and a register from a file."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from akkoord.law.terms import law_day
from akkoord.register.bringing import bring_in
from akkoord.register.columns_known import JOINED
from akkoord.register.entry_forms import AsOfForm
from akkoord.register.exporting import FORMATS, export_register
from akkoord.register.judging import judge
from akkoord.register.models import language_now
from akkoord.register.reading import Sheet, read_register
from akkoord.register.records import register_now, register_on
from akkoord.register.refused import RegisterRefused
from akkoord.register.table import COLUMNS
from akkoord.trail.actions import actor_of, record_change


class FileForm(forms.Form):
    """A register in a file."""

    file = forms.FileField(
        label=gettext_lazy("Your register"),
        help_text=gettext_lazy("An Excel file or CSV of at most 5 MB. Nothing is kept of it yet."),
    )


@require_safe
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The register as it stands, or stood on a day, as a file."""
    if name not in FORMATS:
        raise Http404
    form = AsOfForm(request.GET)
    today = law_day(timezone.now())
    day = form.cleaned_data["op"] if form.is_valid() else today
    register = register_on(day) if day < today else register_now()
    response = HttpResponse(
        export_register(register, name, language_now()), content_type=FORMATS[name].content_type
    )
    response["Content-Disposition"] = f'attachment; filename="register-{register.on}.{name}"'
    record_change(
        actor=actor_of(request),
        action="register.export",
        object_kind="register",
        fields=(name,),
        at=timezone.now(),
    )
    return response


def bring(request: HttpRequest) -> HttpResponse:
    """A file is looked at, its columns are named, and only then something is written."""
    form = FileForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST":
        try:
            sheet = _sheet(request, form)
            if sheet is not None:
                return _judged(request, sheet, page)
        except RegisterRefused as refusal:
            form.add_error("file" if not form.errors.get("file") else None, refusal.sentence)
    return render(request, "register/bring.html", page)


def _sheet(request: HttpRequest, form: FileForm) -> Sheet | None:
    """What was uploaded, or what the page had read of it before."""
    if "rows" in request.POST:
        try:
            kept = json.loads(request.POST["rows"])
            sheet = Sheet(
                [str(each) for each in kept["heads"]],
                [],
                [(int(number), [str(cell) for cell in cells]) for number, cells in kept["rows"]],
            )
        except (ValueError, KeyError, TypeError):
            raise RegisterRefused("file", _("We cannot read this file.")) from None
        known = {each.key for each in COLUMNS}
        chosen = [request.POST.get(f"column_{n}", "") for n in range(len(sheet.heads))]
        doubles = [
            each for each in chosen if each and each not in JOINED and chosen.count(each) > 1
        ]
        targets = [each if each in known else "" for each in chosen]
        if doubles:
            raise RegisterRefused("file", _("Two columns were given the same meaning."))
        return Sheet(sheet.heads, targets, sheet.rows)
    if not form.is_valid():
        return None
    return read_register(form.cleaned_data["file"].read())


def _judged(request: HttpRequest, sheet: Sheet, page: dict[str, Any]) -> HttpResponse:
    outcome = judge(sheet)
    if "write" in request.POST:
        bring_in(outcome, at=timezone.now(), actor=actor_of(request))
        messages.success(
            request,
            _("%(new)s new, %(changed)s changed, %(refused)s left out.")
            % {name: outcome.count(name) for name in ("new", "changed", "refused")},
        )
        return redirect("register:index")
    page |= {
        "outcome": outcome,
        "counts": {
            name: outcome.count(name) for name in ("new", "changed", "unchanged", "kept", "refused")
        },
        "columns": [
            (place, head, target)
            for place, (head, target) in enumerate(zip(sheet.heads, sheet.targets, strict=True))
            if head or target
        ],
        "targets": COLUMNS,
        "rows": json.dumps({"heads": sheet.heads, "rows": sheet.rows}, ensure_ascii=False),
    }
    return render(request, "register/bring.html", page)
