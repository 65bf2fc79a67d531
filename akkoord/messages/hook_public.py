"""The public addresses to which providers of mail report: proved, done, and answered at once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from akkoord.delivery.hooks.told import HookRefused, HookUnreadable, Post
from akkoord.messages.hook_events import HookLater, HookUnknown, receive_post
from akkoord.messages.hook_logins import login_fits

LARGEST = 2_000_000  # bytes; the largest batch of any of them is under one million
# Of those that refuse for good: Mailgun tries again after every other answer.
REFUSED = {"mailgun": 406}


@csrf_exempt
@require_POST
def hook(request: HttpRequest, provider: str, secret: str) -> HttpResponse:
    """What a provider has to tell; it hears nothing back but that it came in."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not login_fits(headers.get("authorization", ""), secret):
        return HttpResponse(status=403)
    try:
        receive_post(provider, secret, Post(request.body, headers, timezone.now()))
    except HookUnknown:
        raise Http404 from None
    except HookRefused:
        return HttpResponse(status=REFUSED.get(provider, 403))
    except HookUnreadable:
        return HttpResponse(status=400)
    except HookLater:
        return HttpResponse(status=503)
    return HttpResponse(status=204)
