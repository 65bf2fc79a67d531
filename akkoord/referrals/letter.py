"""The one letter on a customer's behalf, as its sender sees it and its friend gets it.

Says who initiated it and that it went through us; holds no reward, no picture and no link that
tells who opened it; and a way to get nothing more, in one press.
"""

from dataclasses import dataclass
from email.utils import formataddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from akkoord.referrals.models import Programme
from akkoord.referrals.queries import form_address
from akkoord.referrals.tokens import never_link
from akkoord.register.queries import organisation


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, whole."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]

    @property
    def whole(self) -> str:
        """All of it, for the mark that it was seen."""
        return "\0".join((self.subject, self.text, self.html))


def write_letter(
    offered: Programme, *, name: str, words: str, friend_hash: bytes, language: str
) -> Letter:
    """Write the letter in the sender's language, from the organisation's words and their own."""
    house = organisation()
    stop = never_link(friend_hash)
    with translation.override(language):
        path = form_address(offered)
        context = {
            "organisation": house,
            "name": name,
            "words": words,
            "recommendation": offered.mail_words,
            "form_url": f"{settings.BASE_URL}{path}" if path else "",
            "never_url": stop,
        }
        parts = {
            part: render_to_string(f"referrals/mail/tip/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if house is not None:
        headers["From"] = formataddr((house.sender_name, house.sender_email))
    return Letter(
        " ".join(parts["subject.txt"].split()),
        parts["body.txt"].strip(),
        parts["body.html"],
        headers,
    )
