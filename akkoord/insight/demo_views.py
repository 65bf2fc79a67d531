"""Loading the demo from the first page, and taking it out again."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from akkoord.accounts.models import Staff
from akkoord.insight.demo import load_demo
from akkoord.insight.demo_removal import DemoRefused, added_since, remove_demo
from akkoord.register.queries import organisation


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Load the demo and log its owner in; the password is shown once, on the next page."""
    if organisation() is not None:
        return redirect("/")
    try:
        report = load_demo(at=timezone.now())
    except DemoRefused:  # somebody else set it up meanwhile
        return redirect("/")
    owner = Staff.objects.get(email=report.email)
    login(request, owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    messages.success(
        request,
        _("The demo is ready. Log in again later with {email} and password {password}").format(
            email=report.email, password=report.password
        ),
    )
    return redirect("/")


@require_http_methods(["GET", "POST"])
def demo_remove(request: HttpRequest) -> HttpResponse:
    """Ask once more, then take the demo out; the first run begins again."""
    house = organisation()
    if house is None or not house.is_demo:
        return redirect("/")
    if request.method == "POST":
        try:
            remove_demo(including_added=True)  # the page said how many people go with it
        except DemoRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("/")
        logout(request)
        return redirect("register:begin")
    return render(request, "insight/demo_remove.html", {"added": added_since()})
