"""How activities stand with art. 35: what is seen of each, what was answered, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from akkoord.checkup.models import Assessment, Risk, Screening
from akkoord.law.dpia_rules import (
    ActivityFacts,
    Consultation,
    Criterion,
    Decision,
    Part,
    Standing,
    missing_parts,
    seen_criteria,
    standing_of,
)
from akkoord.law.sensitive import classes_in
from akkoord.people.models import Person
from akkoord.people.queries import people_count
from akkoord.register.models import RegisterVersion
from akkoord.register.queries import measuring_purpose, organisation
from akkoord.register.records import Entry, entry_now, register_now


@dataclass(frozen=True, slots=True)
class Crowd:
    """What holds for everybody in Akkoord at once."""

    people: int
    has_children: bool
    follows_for: str  # the activity of keeping who opens what; empty: nobody is followed


@dataclass(frozen=True, slots=True)
class Looked:
    """One activity with how it stands."""

    entry: Entry
    seen: tuple[Criterion, ...]
    screening: Screening | None
    decided: Assessment | None
    draft: Assessment | None
    standing: Standing
    sees_more: bool  # than on the day of the screening: the criteria come first

    @property
    def is_kept(self) -> bool:
        """Whether its assessment is to be opened: needed, or decided against and not yet undone."""
        needed = self.screening is not None and self.screening.is_needed
        return needed or self.standing in (Standing.ASK, Standing.STOPPED)


def crowd() -> Crowd:
    """The people whom Akkoord knows."""
    measuring = measuring_purpose()
    return Crowd(
        people=people_count(),
        has_children=Person.objects.filter(is_known_child=True).exists(),
        follows_for=measuring.activity_key if measuring else "",
    )


def facts_of(entry: Entry, people: Crowd) -> ActivityFacts:
    """What is known of an activity. Of what happens outside Akkoord nobody here counts people."""
    record = entry.content
    fields = record.get("fields") or []
    said = [*(record.get("data_nl") or []), *(record.get("data_en") or [])]
    return ActivityFacts(
        has_special=any(each.get("is_special") for each in fields)
        or any(classes_in(str(each)) for each in said),
        people=people.people if fields else None,
        follows=bool(people.follows_for) and entry.key == people.follows_for,
        has_children=people.has_children and bool(record.get("topics")),
        subjects=frozenset(map(str, record.get("subjects") or [])),
    )


def outline_of(entry: Entry) -> list[str]:
    """Of whom, which data, who receives it: what an assessment is about (art. 35(11))."""
    record = entry.content
    found = {f"field:{each['key']}" for each in record.get("fields") or []}
    found |= {f"recipient:{each['key']}" for each in record.get("recipients") or []}
    for name in ("subjects", "data_nl", "receivers_nl"):
        found |= {f"{name}:{each}" for each in record.get(name) or []}
    return sorted(found)


def activities(on: date) -> list[Looked]:
    """Every activity that happens, in the order of the register; eight statements in all."""
    people = crowd()
    screenings = {each.activity_key: each for each in Screening.objects.filter(replaced_at=None)}
    living: dict[str, list[Assessment]] = {}
    for each in Assessment.objects.filter(replaced_at=None):
        living.setdefault(each.activity_key, []).append(each)
    return [
        _looked(entry, people, screenings.get(entry.key), living.get(entry.key, ()), on)
        for entry in register_now().running
    ]


def looked_at(key: str, on: date) -> Looked | None:
    """One activity as it stands; None when it never was."""
    entry = entry_now(key)
    if entry is None:
        return None
    screening = Screening.objects.filter(activity_key=key, replaced_at=None).first()
    living = list(Assessment.objects.filter(activity_key=key, replaced_at=None))
    return _looked(entry, crowd(), screening, living, on)


def _looked(
    entry: Entry,
    people: Crowd,
    screening: Screening | None,
    living: Sequence[Assessment],
    on: date,
) -> Looked:
    seen = seen_criteria(facts_of(entry, people), on)
    decided = next((each for each in living if each.decided_at), None)
    draft = next((each for each in living if not each.decided_at), None)
    more_seen = screening is not None and bool(set(seen) - set(screening.seen))
    needed = screening.is_needed if screening else None
    grown = (
        needed is True
        and decided is not None
        and bool(set(outline_of(entry)) - set(decided.outline))
    )
    return Looked(
        entry,
        seen,
        screening,
        decided,
        draft,
        standing_of(
            needed=needed,
            decision=decided.decision if decided else "",
            changed_since=more_seen or grown,
            review_on=decided.review_on if decided else None,
            on=on,
        ),
        more_seen,
    )


def versions_of_assessment(key: str) -> list[Assessment]:
    """Every decided version, the newest first, with its risks."""
    found = Assessment.objects.filter(activity_key=key).exclude(decided_at=None)
    return list(found.order_by("-version").prefetch_related("risks"))


def risks_of(assessment: Assessment) -> dict[str, Risk]:
    """The three risks by what is feared; those that were never written are not there."""
    return {each.feared: each for each in assessment.risks.all()}


def texts_of(assessment: Assessment) -> dict[str, str]:
    """The written parts by name."""
    names = (Part.DESCRIPTION, Part.NECESSITY, Part.RIGHTS, Part.OFFICER, Part.PEOPLE)
    return {each.value: getattr(assessment, each.value) for each in names}


def has_officer() -> bool:
    """Whether there is a data protection officer, whose advice is asked (art. 35(2))."""
    house = organisation()
    return bool(house and house.officer_name)


def asked_before(key: str) -> Consultation | None:
    """What the authority was asked, when the decision that holds is to ask it; else None."""
    last = Assessment.objects.filter(activity_key=key, replaced_at=None, decision=Decision.ASK)
    found = last.first()
    return found.consultation if found else None


def missing_in(assessment: Assessment) -> tuple[Part, ...]:
    """What is still to be filled in before it can be decided."""
    facts = [each.facts for each in risks_of(assessment).values()]
    return missing_parts(texts_of(assessment), facts, has_officer=has_officer())


def entry_of(assessment: Assessment) -> Entry | None:
    """The entry of the register that it is about: as it was decided, a draft's as it is now."""
    if not assessment.decided_at:
        return entry_now(assessment.activity_key)
    version = RegisterVersion.objects.filter(
        key=assessment.activity_key, number=assessment.entry_number
    ).first()
    now = entry_now(assessment.activity_key)
    if version is None:
        return now
    house = now.house if now else {}
    return Entry(version.key, version.content, version.number, version.made_at, house)
