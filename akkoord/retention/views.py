"""Staff page: who is due, and the owner's yes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from akkoord.imports.models import Import
from akkoord.law.parameters import parameter
from akkoord.people.queries import to_judge_count
from akkoord.retention import actions, queries
from akkoord.trail.actions import Actor


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Files whose people are due, with the day on which they go."""
    today = timezone.localdate()
    return render(
        request,
        "retention/index.html",
        {
            "files": queries.waiting_files(today),
            "due": queries.may_go_now(today).count(),
            "left": queries.left_behind(today).count(),
            "to_judge": to_judge_count(),
            "review_days": parameter("import-review-term", today),
            "wait_days": parameter("import-owner-wait", today),
            "proof_years": parameter("consent-evidence-after-end", today),
        },
    )


@require_POST
def agree(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The owner's yes for one file."""
    found = get_object_or_404(Import, id=import_id)
    actions.agree_to_clear(
        import_id=found.id, at=timezone.now(), actor=Actor.staff(UUID(str(request.user.pk)))
    )
    messages.success(request, _("Tonight Akkoord forgets them."))
    return redirect("retention:index")
