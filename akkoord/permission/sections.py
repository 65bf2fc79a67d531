"""What the gate tells rooms below: which doors may get a letter, for a person's own page."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from akkoord.consent.post_choices import judge_letters_by
from akkoord.law.states import Channel
from akkoord.permission.queries import ask
from akkoord.register.models import Purpose


def _may_get_letters(points: Sequence[UUID], purpose: Purpose, at: datetime) -> Collection[UUID]:
    answers = ask(points, purpose, Channel.POST, at=at)
    return {point for point, answer in answers.items() if answer.allowed}


judge_letters_by(_may_get_letters)
