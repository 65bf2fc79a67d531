"""How a letter on paper looks to somebody: with a code and a link that stop nobody."""

from datetime import datetime

from django.conf import settings

from akkoord.campaigns.models import Campaign
from akkoord.campaigns.source import letter_source_of
from akkoord.law.terms import law_day
from akkoord.messages.dispatch import compile_letter_for
from akkoord.messages.letter_making import address_values, lines_of
from akkoord.messages.letter_pdf import OneLetter, make_pdf
from akkoord.messages.values import sample_values, values_for
from akkoord.people.models import ContactPoint, Purchase

_NO_CODE = "XXXX-XXXX-XXXX"
_SAMPLE = ["Anna de Vries", "Voorbeeldstraat 1", "1234 AB  UTRECHT"]


def letter_for(campaign: Campaign, point: ContactPoint | None, *, at: datetime) -> bytes:
    """The PDF as this person would get it; of nobody with sample values. Raises CompileError."""
    compiled = compile_letter_for(campaign.purpose, letter_source_of(campaign))
    address, values, by_interest = _SAMPLE, sample_values(compiled.slots), True
    if point is not None:
        extra = address_values()
        values = values_for(
            [point.id],
            [*compiled.slots, *extra],
            language=campaign.language,
            own_values=extra,
        )[point.id]
        address = lines_of(values)
        by_interest = Purchase.objects.filter(person_id=point.person_id).exists()
    shown = OneLetter(
        address=address,
        values=values,
        code=_NO_CODE,
        stop_url=f"{settings.BASE_URL}/brief/",
        by_interest=by_interest,
        number="00000",
    )
    return make_pdf(compiled, [shown], on=law_day(at))
