"""Staff pages of saved groups: the list, the builder with its counts, versions, people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from akkoord.register.models import Purpose
from akkoord.register.queries import current_version, current_versions, letter_topics, topic_by_slug
from akkoord.segments import actions, queries
from akkoord.segments.actions import GroupRejected
from akkoord.segments.builder import NotInRows, Rules, rules_of
from akkoord.segments.builder_page import draw, first_field, pressed, read_rules
from akkoord.segments.language import parse
from akkoord.segments.models import Group
from akkoord.segments.refusals import SegmentError
from akkoord.segments.writing import in_words_of
from akkoord.trail.actions import actor_of, record_change
from akkoord.trail.seen import note_seen
from akkoord.web.typed import whole_number


def index(request: HttpRequest) -> HttpResponse:
    """Groups, newest first."""
    put_away = request.GET.get("toon") == "opgeborgen"
    page = queries.groups_page(after=request.GET.get("na", ""), put_away=put_away)
    language = get_language() or ""
    names = queries.topic_names(page.groups)
    rows = [
        (group, names[group.purpose_id], in_words_of(group.text, language)) for group in page.groups
    ]
    return render(
        request, "segments/index.html", {"page": page, "rows": rows, "put_away": put_away}
    )


def create(request: HttpRequest) -> HttpResponse:
    """A new group: first its topic, then its rules."""
    purpose = topic_by_slug(request.GET.get("onderwerp", ""))
    if purpose is None:
        topics = current_versions(list(letter_topics()))
        return render(request, "segments/topic.html", {"topics": topics})
    if request.method == "POST":
        return _edited(request, purpose, None)
    rules = pressed(Rules(), "rij", first_field(purpose))
    return _page(request, purpose, None, rules=rules)


def edit(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Change a group: rows and blocks, or its text."""
    group = _group(group_id)
    if request.method == "POST":
        return _edited(request, group.purpose, group)
    try:
        rules = rules_of(parse(group.text))
    except (NotInRows, SegmentError):
        return _page(request, group.purpose, group, text=group.text)
    return _page(request, group.purpose, group, rules=rules)


def _edited(request: HttpRequest, purpose: Purpose, group: Group | None) -> HttpResponse:
    """What a button of the builder asked; only "save" keeps anything."""
    button = request.POST.get("doe", "")
    if request.POST.get("vorm") == "tekst":
        text = request.POST.get("tekst", "")[:20_000]
        if button == "bewaar":
            return _saved(request, purpose, group, text=text)
        if button == "rijen":
            try:
                return _page(request, purpose, group, rules=rules_of(parse(text)))
            except SegmentError as problem:
                return _page(request, purpose, group, text=text, problem=problem.sentence)
            except NotInRows:
                deep = _("This text has blocks within blocks. Change it here, as text.")
                return _page(request, purpose, group, text=text, problem=deep)
        return _page(request, purpose, group, text=text)
    rules = pressed(read_rules(request.POST), button, first_field(purpose))
    if button == "bewaar":
        return _saved(request, purpose, group, rules=rules)
    if button == "tekst":
        return _page(request, purpose, group, text=draw(purpose, rules, at=timezone.now()).text)
    return _page(request, purpose, group, rules=rules)


def _saved(
    request: HttpRequest, purpose: Purpose, group: Group | None, **typed: Any
) -> HttpResponse:
    """Keep it, or say why not with everything that was typed."""
    now, name = timezone.now(), request.POST.get("naam", "")
    try:
        if "rules" in typed:
            built = draw(purpose, typed["rules"], at=now)
            if built.problem:
                raise GroupRejected("text", built.problem)
            if len(_conditions(built.text)) < len(typed["rules"].rows):
                raise GroupRejected("text", _("Fill in every rule, or take it away."))
            text = built.text
        else:
            text = typed["text"]
        if group is None:
            group = actions.create_group(
                purpose=purpose, name=name, text=text, at=now, actor=actor_of(request)
            )
        else:
            version = request.POST.get("versie", "")
            actions.revise_group(
                group_id=group.id,
                name=name,
                text=text,
                version=whole_number(version),
                at=now,
                actor=actor_of(request),
            )
    except GroupRejected as refusal:
        return _page(request, purpose, group, refusal=refusal, **typed)
    messages.success(request, _("The group is kept."))
    return redirect("segments:edit", group_id=group.id)


def _conditions(text: str) -> list[str]:
    """One item per condition in a text."""
    if not text:
        return []
    rules = rules_of(parse(text))
    return [row.field for row in rules.rows]


def _page(
    request: HttpRequest,
    purpose: Purpose,
    group: Group | None,
    *,
    rules: Rules | None = None,
    text: str = "",
    problem: str = "",
    refusal: GroupRejected | None = None,
) -> HttpResponse:
    """The builder or the text, alone when htmx asks for it."""
    now = timezone.now()
    found = None
    if rules is None and text.strip() and not problem:
        try:
            found = queries.count_of(text, purpose, at=now)
        except SegmentError as wrong:
            problem = wrong.sentence
    is_part = bool(request.headers.get("HX-Request"))
    own = group.name if group else ""
    context = {
        "group": group,
        "purpose": purpose,
        "topic": current_version(purpose),
        "name": request.POST.get("naam", own),
        "builder": draw(purpose, rules, at=now, but=group.name if group else "")
        if rules is not None
        else None,
        "text": in_words_of(text, get_language() or ""),
        "found": found,
        "problem": problem,
        "refusal": refusal,
        "versions": queries.versions_of(group) if group and not is_part else [],
        "language": get_language() or "",
        # An answer to a change comes while one types on: what stands in the field stays.
        "keeps_typed": is_part and "doe" not in request.POST,
    }
    return render(request, "segments/_builder.html" if is_part else "segments/edit.html", context)


@require_POST
def people(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Ten people of the group; who looked stands in the trail (INV-45)."""
    group = _group(group_id)
    now = timezone.now()
    record_change(
        actor=actor_of(request),
        action="group.show-people",
        object_kind="group",
        object_id=group.id,
        at=now,
    )
    context: dict[str, Any] = {"group": group, "topic": current_version(group.purpose)}
    try:
        shown = queries.sample_of(group.text, group.purpose, at=now)
        note_seen(
            actor=actor_of(request),
            place="group.people",
            people=[each.person_id for each in shown],
            at=now,
        )
        context["people"] = shown
        context["found"] = queries.count_of(group.text, group.purpose, at=now)
    except SegmentError as problem:
        context["problem"] = problem.sentence
    return render(request, "segments/people.html", context)


@require_POST
def steer(request: HttpRequest, group_id: UUID, act: str) -> HttpResponse:
    """Copy, put away, take out again."""
    group, now, actor = _group(group_id), timezone.now(), actor_of(request)
    try:
        if act == "kopie":
            group = actions.copy_group(group_id=group.id, at=now, actor=actor)
        elif act == "opbergen":
            actions.end_group(group_id=group.id, at=now, actor=actor)
            return redirect("segments:index")
        else:
            actions.reopen_group(group_id=group.id, at=now, actor=actor)
    except GroupRejected as refusal:
        messages.error(request, refusal.sentence)
    return redirect("segments:edit", group_id=group.id)


@require_POST
def put_back(request: HttpRequest, group_id: UUID, number: int) -> HttpResponse:
    """An older version becomes the newest."""
    group = _group(group_id)
    if not group.versions.filter(number=number).exists():
        raise Http404
    try:
        actions.put_back(
            group_id=group.id, number=number, at=timezone.now(), actor=actor_of(request)
        )
    except GroupRejected as refusal:
        messages.error(request, refusal.sentence)
    return redirect("segments:edit", group_id=group.id)


def _group(group_id: UUID) -> Group:
    return get_object_or_404(Group.objects.select_related("purpose"), id=group_id)
