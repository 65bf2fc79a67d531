"""The built-in mailbox for staff: what would have been sent, had there been a mail server."""

from collections.abc import Collection
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from akkoord.delivery.queries import OpenedMail, mailbox_page, opened_mail

# A mail is a stranger's page: nothing runs, nothing is fetched from elsewhere, nothing is posted.
# Links open in a tab of their own, which is free of the sandbox.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
TABS = ("html", "text", "source", "headers")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The mails, newest first; search by address or subject."""
    text = request.GET.get("q", "").strip()[:200]
    page = mailbox_page(
        text=text,
        before=_key(request.GET.get("voor")),
        after=_key(request.GET.get("na")),
        only_for=_only_for(request),
    )
    return render(
        request,
        "delivery/mailbox.html",
        {
            "page": page,
            "text": text,
            "newer_url": _page_url("na", page.newer, text),
            "older_url": _page_url("voor", page.older, text),
        },
    )


@require_safe
def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail: as it looks, its text, its source, its headers."""
    opened = _opened(request, mail_id)
    first = "html" if opened.html else "text"
    tab = request.GET.get("toon", first)
    if tab not in TABS:
        raise Http404
    names = {
        "html": _("As it looks"),
        "text": _("Text"),
        "source": _("Source"),
        "headers": _("Headers"),
    }
    tabs = [
        {"label": names[each], "url": f"?toon={each}", "is_current": each == tab}
        for each in TABS
        if each != "html" or opened.html
    ]
    return render(request, "delivery/mail.html", {"mail": opened, "tab": tab, "tabs": tabs})


@require_safe
def mail_document(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """The mail's own HTML as a sandboxed document with its own policy, for the frame."""
    return sandboxed_document(_opened(request, mail_id).html)


def sandboxed_document(html: str) -> HttpResponse:
    """HTML that we did not write, under a policy that lets it do nothing."""
    response = HttpResponse(
        html.replace("<head>", '<head><base target="_blank">', 1),
        content_type="text/html; charset=utf-8",
    )
    response["Content-Security-Policy"] = MAIL_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _only_for(request: HttpRequest) -> str | None:
    """None for the owner, who may read all of it."""
    may: Collection[str] = getattr(request, "may", ())
    return None if "change-settings" in may else str(getattr(request.user, "email", ""))


def _opened(request: HttpRequest, mail_id: UUID) -> OpenedMail:
    found = opened_mail(mail_id, only_for=_only_for(request))
    if found is None:
        raise Http404
    return found


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _page_url(name: str, key: UUID | None, text: str) -> str:
    if key is None:
        return ""
    query = {name: str(key), **({"q": text} if text else {})}
    return f"{reverse('delivery:index')}?{urlencode(query)}"
