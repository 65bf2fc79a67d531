"""The answer to a request: a link that says it is there, and one of an hour that gives it.

Whoever holds the first link can have a mail sent to the mailbox that we know, and no more.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from akkoord.rights import answers, tokens
from akkoord.rights.public_request import private


@csrf_exempt
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is ready: a press has the link of an hour mailed. GET changes nothing."""
    now = timezone.now()
    request_id = tokens.read_answer(token, at=now)
    waiting = answers.waiting_answer(request_id, at=now) if request_id else None
    if waiting is None or request_id is None:
        return private(render(request, "rights/public/answer_gone.html", status=410))
    if request.method != "POST":
        context = {"until": waiting.expires_at}
        return private(render(request, "rights/public/answer_ready.html", context))
    answers.mail_fetch_link(request_id=request_id, at=now)
    return private(render(request, "rights/public/answer_mailed.html"))


@csrf_exempt
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of an hour: the letter to read, and by a press the file."""
    now = timezone.now()
    request_id = tokens.read_fetch(token, at=now)
    waiting = answers.waiting_answer(request_id, at=now) if request_id else None
    if waiting is None:
        return private(render(request, "rights/public/answer_gone.html", status=410))
    if request.method != "POST":
        context = {"text": waiting.text, "until": waiting.expires_at}
        return private(render(request, "rights/public/answer.html", context))
    content = answers.fetch(waiting, at=now)
    if content is None:
        return private(render(request, "rights/public/answer_gone.html", status=410))
    response = HttpResponse(content, content_type="application/zip")
    name = waiting.request.reference
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return private(response)
