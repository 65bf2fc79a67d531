"""How a letter on paper looks to somebody: with a code and a link that stop nobody."""

import html
import textwrap
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

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
    """The PDF as this person would get it; of nobody with sample values.

    Raises CompileError, and TypesettingFailed when it cannot be set on paper.
    """
    compiled = compile_letter_for(campaign.purpose, letter_source_of(campaign))
    address, values, by_interest = _SAMPLE, sample_values(compiled.slots), True
    if point is not None:
        extra = address_values()
        values = values_for(
            [point.id],
            [*compiled.slots, *extra],
            language=campaign.language,
            own_values=extra,
            topics=(campaign.purpose,),
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


def not_set_sentence() -> str:
    """What stands in the place of a letter that cannot be set, and what to do."""
    return _(
        "This letter cannot be set on paper now, so there is no example. Look whether a table or a "
        "picture in it is very large, and try again. No letter is made until it works."
    )


def sheet_that_says(sentence: str) -> str:
    """A sheet of the size of a letter with a sentence on it, as a picture (SVG)."""
    lines = "".join(
        f'<tspan x="70" dy="1.5em">{html.escape(line)}</tspan>'
        for line in textwrap.wrap(sentence, 52)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="909" height="1286" viewBox="0 0 909 1286">'
        '<rect width="909" height="1286" fill="#fff"/>'
        f'<text x="70" y="160" font-family="sans-serif" font-size="30" fill="#111">{lines}</text>'
        "</svg>"
    )
