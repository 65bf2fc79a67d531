"""The public notice of a leak (art. 34(3)(c)): one page, without a script of ours."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from akkoord.breaches.models import Breach


@require_safe
def notice(request: HttpRequest, reference: str) -> HttpResponse:
    """The notice, while it stands on line; a drill has none."""
    found = Breach.objects.filter(
        reference__iexact=reference, is_drill=False, public_at__isnull=False
    ).first()
    if found is None:
        raise Http404
    page = {"breach": found, "paragraphs": found.public_text.split("\n\n")}
    return render(request, "breaches/public/notice.html", page)
