"""The page on which somebody stops letters by the code that stands on one. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from akkoord.consent.letter_codes import CodeAnswer, stop_by_code
from akkoord.consent.visitors import ip_of
from akkoord.law.ip import truncate_ip

STATUS = {CodeAnswer.MISSPELLED: 422, CodeAnswer.TOO_MANY: 429}


@csrf_exempt
def letter_code(request: HttpRequest) -> HttpResponse:
    """Type the code, press, and it has stopped: the same answer for every code that can be one."""
    typed = request.POST.get("code", "")
    if request.method != "POST":
        return render(request, "consent/public/letter_code.html", {"outcome": "ask"})
    answer = stop_by_code(typed, network=truncate_ip(ip_of(request)) or "", at=timezone.now())
    problems = {
        CodeAnswer.MISSPELLED: _("This is no code of a letter. Look once more at each sign."),
        CodeAnswer.TOO_MANY: _(
            "Too many wrong codes came from here. Try again in an hour, or scan the square code."
        ),
    }
    return render(
        request,
        "consent/public/letter_code.html",
        {
            "outcome": "stopped" if answer is CodeAnswer.STOPPED else "ask",
            "problem": problems.get(answer, ""),
            "typed": typed[:60],
        },
        status=STATUS.get(answer, 200),
    )
