"""Where the links of a test letter lead: they say that it was a test, and stop nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # a mail program's own button posts here too (RFC 8058), as with a real letter
def test_link(request: HttpRequest) -> HttpResponse:
    """A link of a test: nothing is stopped, for nobody got a letter."""
    if request.method == "POST":  # a mail program reads nothing and takes no cookie
        return HttpResponse(_("This was a test"), content_type="text/plain; charset=utf-8")
    response = render(request, "campaigns/public/test_link.html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
